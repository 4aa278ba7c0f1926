"""The Arrow columns of a lake table, and how rows are fitted to the columns that a table already has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import META_ROLE, Role
from modelwatch.lake.naming import ENVIRONMENT, EXTRA, LOG_POSITION, RECEIVED_AT, VERSION, lake_name

META_NAME: Final = "modelwatch.name"
"""Key of the field metadata that keeps the user's own name of a column."""

TIME: Final = pa.timestamp("us", "UTC")
CATEGORY: Final = pa.dictionary(pa.int32(), pa.string())
ARROW: Final[Mapping[ColumnType, pa.DataType]] = {
    ColumnType.NUMERIC: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.CATEGORY: CATEGORY,
    ColumnType.VECTOR: pa.list_(pa.float32()),
}
TEXT: Final = frozenset({Role.PREDICTION_ID.value, Role.GROUP_ID.value, EXTRA})
"""Columns whose strings hardly repeat: plain utf8. All other strings are categories."""
OWN: Final = (
    pa.field(RECEIVED_AT, TIME),
    pa.field(VERSION, CATEGORY),
    pa.field(ENVIRONMENT, CATEGORY),
    pa.field(EXTRA, pa.string()),
    pa.field(LOG_POSITION, pa.float64()),
)
"""Columns that no user sent: time of arrival, version, environment, the JSON text of values that did not fit, and the
place in the log, which stays a whole number as a float64 up to 9 PB."""


def lake_field(key: ColumnKey, kind: ColumnType) -> pa.Field:
    """The column of the lake for a column of a schema; its metadata keeps the role and the user's name."""
    name = lake_name(key)
    if key.role in (Role.TIMESTAMP, Role.PREDICTION_TIMESTAMP):
        dtype = TIME
    elif name in TEXT:
        dtype = pa.string()
    else:
        dtype = ARROW[kind]
    return pa.field(name, dtype, metadata={META_ROLE: key.role.value, META_NAME: key.name})


def column_key(field: pa.Field) -> ColumnKey | None:
    """The role and the user's name of a lake column, None for one of `OWN`."""
    metadata = field.metadata or {}
    role = metadata.get(META_ROLE.encode())
    if role is None:
        return None
    return ColumnKey(Role(role.decode()), metadata.get(META_NAME.encode(), b"").decode("utf-8"))


def as_wire(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows of the lake under the names and roles that they had on the wire; columns that are null here are left out."""
    arrays, fields = [], []
    for column, field in zip(batch.columns, batch.schema, strict=True):
        key = column_key(field)
        if key is not None and column.null_count < len(column):
            arrays.append(column)
            fields.append(pa.field(key.name or key.role.value, column.type, metadata={META_ROLE: key.role.value}))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def canonical(field: pa.Field) -> pa.Field:
    """The same column with the type that `scan` gives it; raises TypeError for a type that the lake does not hold."""
    return field.with_type(_canonical_type(field.name, field.type)).with_nullable(True)


def _canonical_type(name: str, dtype: pa.DataType) -> pa.DataType:
    if pa.types.is_timestamp(dtype):
        return TIME
    if pa.types.is_boolean(dtype):
        return dtype
    if pa.types.is_floating(dtype) or pa.types.is_integer(dtype):
        return pa.float64()
    if pa.types.is_list(dtype) or pa.types.is_large_list(dtype) or pa.types.is_fixed_size_list(dtype):
        return ARROW[ColumnType.VECTOR]
    value = dtype.value_type if pa.types.is_dictionary(dtype) else dtype
    if pa.types.is_string(value) or pa.types.is_large_string(value):
        return pa.string() if name.partition("~")[0] in TEXT else CATEGORY
    raise TypeError(f"column {name}: the lake holds no {dtype}")


def fit(schema: pa.Schema, known: pa.Schema | None) -> list[pa.Field]:
    """Where each column of `schema` goes in a table that has the columns `known`; same order and length.

    A column keeps its name, unless the table holds another type under it (two versions of a model may disagree on
    what `zip` is): then it goes to `<name>~<type>`, which no lake name can be.
    """
    held = {} if known is None else {field.name: field.type for field in known}
    placed: list[pa.Field] = []
    for field in map(canonical, schema):
        suffix = f"~{_word(field.type)}"
        name = field.name.removesuffix(suffix)
        if held.get(name, field.type) != field.type:
            name += suffix
        held[name] = field.type
        placed.append(field.with_name(name))
    return placed


def _word(dtype: pa.DataType) -> str:
    return next((kind.value for kind, arrow in ARROW.items() if arrow == dtype), "text")


def place(rows: pa.Table, known: pa.Schema | None) -> pa.Table:
    """The rows under the names and types that `fit` gives their columns."""
    fields = fit(rows.schema, known)
    arrays = [_cast(column, field.type) for column, field in zip(rows.columns, fields, strict=True)]
    return pa.table(arrays, schema=pa.schema(fields))


def tight(rows: pa.Table) -> pa.Table:
    """The same rows with one dictionary per category that holds no value that no row has.

    What is in a file's dictionary is in the file: neither erased rows nor other days may leave theirs there.
    """
    rows = rows.unify_dictionaries()
    for place, field in enumerate(rows.schema):
        if field.type == CATEGORY:
            rows = rows.set_column(place, field, _tight_column(rows.column(place)))
    return rows


def _tight_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.num_chunks == 0:
        return column
    words = column.chunk(0).dictionary
    codes = [chunk.indices for chunk in column.chunks]
    used = np.zeros(len(words), bool)
    for chunk in codes:
        used[chunk.drop_null().to_numpy()] = True
    if used.all():
        return column
    moved = pa.array((np.cumsum(used) - 1).astype(np.int32))
    kept = words.filter(pa.array(used))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(moved.take(chunk), kept) for chunk in codes], type=CATEGORY)


def _cast(column: pa.ChunkedArray, dtype: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == dtype else column.cast(dtype)


def align(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """The rows with exactly the columns of `schema`: what they lack is null, what is too much is left out."""
    arrays = [
        _cast(rows.column(field.name), field.type)
        if field.name in rows.column_names
        else pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
        for field in schema
    ]
    return pa.table(arrays, schema=schema)
