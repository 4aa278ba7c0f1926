"""Parquet, CSV and Arrow files (IPC file or stream) as tables that are read batch by batch, never whole.

What a file is, its first bytes say: Parquet begins with PAR1, an Arrow file with ARROW1, an Arrow stream with a marker;
anything else that is text is CSV with a header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.frame import open_frame
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.reference_csv import open_csv
from modelwatch.ingest.reference_parquet import open_parquet

if TYPE_CHECKING:
    import narwhals as nw

PARQUET: Final = b"PAR1"
ARROW_FILE: Final = b"ARROW1"
ARROW_STREAM: Final = b"\xff\xff\xff\xff"

Reader = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file; each pass over it reads it anew."""

    path: Path
    schema: pa.Schema
    read: Reader

    @property
    def names(self) -> Sequence[Any]:
        """The columns."""
        return list(self.schema.names)

    def batches(self, columns: Sequence[object]) -> Iterator[nw.DataFrame[Any]]:
        """The rows of some columns; a file without rows is one batch of none."""
        wanted = list(dict.fromkeys(map(str, columns)))
        empty = True
        for batch in guarded(self.path, self.read(wanted)):
            empty = False
            yield open_frame(pa.Table.from_batches([batch]))
        if empty:
            yield open_frame(pa.schema([self.schema.field(name) for name in wanted]).empty_table())


def open_file(path: Path) -> FileTable:
    """The table in a file; raises `InvalidRequest` when it is none."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise InvalidRequest(
            f"{path} cannot be read: {error.strerror}", hint="give a Parquet, CSV or Arrow file"
        ) from error
    if not start:
        raise InvalidRequest(f"{path} is empty", hint="give a Parquet, CSV or Arrow file")
    try:
        schema, read = opened(path, start)
    except (pa.ArrowException, OSError, EOFError) as error:
        raise unreadable(path, error) from error
    if len(set(schema.names)) != len(schema.names):
        twice = next(name for name in schema.names if schema.names.count(name) > 1)
        raise InvalidRequest(f"{path} has two columns called {twice[:64]!r}", hint="rename one of them")
    return FileTable(path, schema, read)


def opened(path: Path, start: bytes) -> tuple[pa.Schema, Reader]:
    """Schema and reader of a file by its first bytes."""
    if start.startswith(PARQUET):
        schema, rows = open_parquet(path)
        return schema, keyed(rows)
    if start.startswith(ARROW_FILE):
        return open_arrow_file(path)
    if start.startswith(ARROW_STREAM):
        return open_arrow_stream(path)
    if b"\x00" in start:
        raise InvalidRequest(f"{path} is neither Parquet, CSV nor Arrow", hint="give a Parquet, CSV or Arrow file")
    schema, rows = open_csv(path)
    return schema, keyed(rows)


def keyed(read: Callable[[dict[str, ColumnKey]], Iterator[pa.RecordBatch]]) -> Reader:
    """A reader of features by name."""
    return lambda names: read({name: ColumnKey(Role.FEATURE, name) for name in names})


def open_arrow_file(path: Path) -> tuple[pa.Schema, Reader]:
    """An Arrow IPC file, mapped into memory and paged in as it is read."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
        schema = file.schema

    def read(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
            for i in range(file.num_record_batches):
                yield checked(file.get_batch(i), names)

    return schema, read


def open_arrow_stream(path: Path) -> tuple[pa.Schema, Reader]:
    """An Arrow IPC stream."""
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as stream:
        schema = stream.schema

    def read(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                yield checked(batch, names)

    return schema, read


def checked(batch: pa.RecordBatch, names: Sequence[str]) -> pa.RecordBatch:
    """Some columns of a batch, whose offsets are known to be right before anything follows them."""
    chosen = batch.select(list(names))
    chosen.validate(full=True)
    return chosen


def guarded(path: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches; a fault that is found on the way is an `InvalidRequest` too."""
    while True:
        try:
            batch = next(batches)
        except StopIteration:
            return
        except (pa.ArrowException, OSError, EOFError) as error:
            raise unreadable(path, error) from error
        yield batch


def unreadable(path: Path, error: Exception) -> InvalidRequest:
    """The error for a file that cannot be read."""
    return InvalidRequest(f"{path} cannot be read: {str(error).splitlines()[0][:300]}", hint="is the file whole?")
