"""A reference file on the disk -> record batches of the form that predictions have on the wire.

The file came from a stranger, too: it is bounded and validated like a body, but read batch by batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import ARROW_STREAM, Role
from modelwatch.errors import InvalidRequest, ModelwatchError, TooLarge, UnsupportedWire
from modelwatch.ingest.part import Place, batch_of
from modelwatch.ingest.reference_arrow import open_arrow
from modelwatch.ingest.reference_columns import sent, suited
from modelwatch.ingest.reference_csv import open_csv
from modelwatch.ingest.reference_parquet import open_parquet
from modelwatch.ingest.reference_roles import Roles, assign

PARQUET: Final = "application/vnd.apache.parquet"
CSV: Final = "text/csv"
ENDINGS: Final = {ARROW_STREAM: ".arrow", PARQUET: ".parquet", CSV: ".csv"}
"""What the name of a kept file ends in."""
TYPES: Final = {ending: kind for kind, ending in ENDINGS.items()}
"""What a kept file is, by the ending of its name."""
MAX_REFERENCE_ROWS: Final = 100_000_000
NOBODY: Final = Place("", "", "")


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """A reference: the columns that are read, and the names of those that are not (nested, or of no role)."""

    columns: tuple[ColumnKey, ...]
    left_out: tuple[str, ...]
    read: Callable[[], Iterator[pa.RecordBatch]]

    @property
    def timed(self) -> bool:
        """True when the rows say when they happened."""
        return ColumnKey(Role.TIMESTAMP, "") in self.columns

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in canonical columns with their roles, ids and times only where the file has them.

        Raises `InvalidRequest` at the first batch that is broken: this is the boundary to what strangers upload.
        """
        rows = 0
        try:
            for batch in self.read():
                rows += batch.num_rows
                if rows > MAX_REFERENCE_ROWS:
                    raise TooLarge(f"the file has over {MAX_REFERENCE_ROWS} rows", hint="a sample is enough")
                if batch.num_rows:
                    yield batch
        except ModelwatchError:
            raise
        except Exception as error:
            raise InvalidRequest(f"the file is broken after row {rows}: {error}", hint="upload it again") from error

    def count(self) -> int:
        """Reads the file through to its end, which shows that it is whole; gives the number of its rows."""
        return sum(batch.num_rows for batch in self.batches())


def open_reference(path: Path, content_type: str, roles: Roles) -> ReferenceFile:
    """Open a reference file; `roles` names the columns of a Parquet or CSV file, an Arrow stream says its own.

    Only the head of the file is read here. Raises `UnsupportedWire` for another type of file and `InvalidRequest` for
    a file that is not what its type says.
    """
    media = content_type.partition(";")[0].strip().lower()
    try:
        if media == ARROW_STREAM:
            columns, read = open_arrow(path)
            return ReferenceFile(columns, (), read)
        if media == PARQUET:
            return plain_table(*open_parquet(path), roles)
        if media == CSV:
            return plain_table(*open_csv(path), roles)
    except ModelwatchError:
        raise
    except Exception as error:
        raise InvalidRequest(f"the file is no {media}: {error}", hint="is it what its type says?") from error
    raise UnsupportedWire(
        f"content type {media[:64]!r} is not taken for a reference", hint=f"send {ARROW_STREAM}, {PARQUET} or {CSV}"
    )


def plain_table(
    schema: pa.Schema, read: Callable[[Mapping[str, ColumnKey]], Iterator[pa.RecordBatch]], roles: Roles
) -> ReferenceFile:
    """A table without roles of its own; columns of a type that is not taken are left out."""
    assigned = assign(schema.names, roles)
    keys = {
        name: key for name, said in assigned.keys.items() if (key := suited(said, schema.field(name).type)) is not None
    }
    if not keys:
        raise InvalidRequest("the file has no column that can be read", hint="features are numbers, text or booleans")
    left_out = tuple(name for name in schema.names if name not in keys)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in read(keys):
            batch.validate(full=True)
            columns: list[tuple[ColumnKey, Any]] = [(key, sent(key, batch.column(name))) for name, key in keys.items()]
            yield batch_of(columns, NOBODY)

    return ReferenceFile(tuple(keys.values()), left_out, batches)
