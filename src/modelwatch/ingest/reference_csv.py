"""A reference as a CSV file with a header.

The first 8 MB settle what a column holds. All numbers are float64, since 3 may be followed by 3.5; dates and times stay
text, as a client would log them; empty cells and the usual spellings of missing are null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.types as pt

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest

BLOCK_BYTES: Final = 8 << 20
TEXT: Final = pa.utf8()


def open_csv(path: Path) -> tuple[pa.Schema, Callable[[Mapping[str, ColumnKey]], Iterator[pa.RecordBatch]]]:
    """The schema, and how to read some of its columns."""
    with reader(path, pc.ConvertOptions(strings_can_be_null=True)) as first:
        schema = pa.schema([pa.field(field.name, settled(field)) for field in first.schema])

    def read(keys: Mapping[str, ColumnKey]) -> Iterator[pa.RecordBatch]:
        types = {name: column_type(key, schema.field(name).type) for name, key in keys.items()}
        options = pc.ConvertOptions(strings_can_be_null=True, column_types=types, include_columns=list(keys))
        with reader(path, options) as rows:
            yield from rows

    return schema, read


def reader(path: Path, options: pc.ConvertOptions) -> Any:
    """A reader that holds one block at a time."""
    return pc.open_csv(
        str(path),
        read_options=pc.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )


def settled(field: pa.Field) -> Any:
    """What the first block says of a column: a number, a boolean or text."""
    if pt.is_binary(field.type):
        raise InvalidRequest(f"column {field.name[:64]!r} is not UTF-8", hint="encode the file as UTF-8")
    if pt.is_null(field.type):
        return pa.float64()
    return field.type if pt.is_integer(field.type) or pt.is_floating(field.type) or pt.is_boolean(field.type) else TEXT


def column_type(key: ColumnKey, inferred: Any) -> Any:
    """The type that a column is read with: ids are text, digits or not."""
    if key.role in (Role.PREDICTION_ID, Role.GROUP_ID):
        return TEXT
    return pa.float64() if pt.is_integer(inferred) else inferred
