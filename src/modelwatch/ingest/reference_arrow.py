"""A reference as an Arrow IPC stream, which says the roles of its columns itself."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import REFERENCE_ROLES, WIRE_VERSION, Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.arrow_bounds import Limits, bounded, check_wire
from modelwatch.ingest.arrow_rows import canonical, check_text
from modelwatch.ingest.part import Place, batch_of
from modelwatch.ingest.reference_columns import sent

LIMITS: Final = Limits(rows=100_000_000, batch_rows=10_000_000, messages=4_000_000)


def open_arrow(path: Path) -> tuple[tuple[ColumnKey, ...], Callable[[], Iterator[pa.RecordBatch]]]:
    """The columns of a stream, whose lengths are all checked here, and how to read its batches."""
    if not path.stat().st_size:
        raise InvalidRequest("the file is empty", hint="upload an Arrow IPC stream")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        stream = bounded(mapped, LIMITS)
    check_wire(stream.metadata, WIRE_VERSION)
    fields = stream.layout.fields
    if foreign := stream.layout.roles - REFERENCE_ROLES:
        raise InvalidRequest(
            f"role {min(foreign)} has no place in a reference",
            hint="a reference holds predictions and what came true of them",
        )
    keys = tuple(ColumnKey(field.role, field.name) for field in fields)

    def read() -> Iterator[pa.RecordBatch]:
        with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
            for batch in reader:
                batch.validate(full=True)
                check_text([batch.column(i) for i in stream.layout.dictionaries])
                columns: list[tuple[ColumnKey, Any]] = []
                for key, field, column in zip(keys, fields, batch.columns, strict=True):
                    raw = field.native or key.role in (Role.TIMESTAMP, Role.PREDICTION_ID)
                    columns.append((key, sent(key, column if raw else canonical(column, field))))
                yield batch_of(columns, Place("", "", ""))

    return keys, read
