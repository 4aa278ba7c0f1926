"""Labelled rows as Arrow -> the columns and arrays that a custom metric sees."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.lake.columns import column_key
from modelwatch.lake.naming import DATE, ENVIRONMENT, EXTRA, LOG_POSITION, RECEIVED_AT, VERSION
from modelwatch.monitors.custom.columns import (
    ALWAYS,
    BARE,
    FEATURE,
    OWN,
    SCOPES,
    SHORT,
    ColumnInfo,
    short_names,
)
from modelwatch.monitors.custom.compute import Rows
from modelwatch.monitors.custom.values import Floats, Kind, Values, numbers, truths

TIME = pa.timestamp("us", "UTC")
WEIGHT = next(info for info in ALWAYS if info.name == Role.WEIGHT.value)
TIMESTAMP = next(info for info in ALWAYS if info.name == Role.TIMESTAMP.value)
BESIDE = "~"
"""Stands between the name and the kind of a column of which the table holds a second one of another kind."""
TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
HIDDEN = frozenset({DATE, EXTRA, LOG_POSITION, RECEIVED_AT})
NAMES = frozenset({role.value for role in Role if role not in SCOPES} | SHORT | {VERSION, ENVIRONMENT})
"""What a column without a role may be called to be modelwatch's own in a table in which no column has a role."""


def columns_of(schema: pa.Schema) -> list[ColumnInfo]:
    """The columns that an expression may read, those that every model has included.

    A field says its role and the user's name in its metadata, as in the lake; one that says nothing is known by its own
    name. In a table where none says anything, it is a feature unless the name is one of modelwatch's.
    """
    found = {(info.scope, info.name): info for info in ALWAYS}
    found |= {(info.scope, info.name): info for info, _ in placed(schema)}
    return list(found.values())


def placed(schema: pa.Schema) -> list[tuple[ColumnInfo, int]]:
    """The columns that the table has, with their place; the second of one name is called `name~kind`."""
    keys = [column_key(field) for field in schema]
    plain = all(key is None for key in keys)
    found: dict[tuple[str, str], tuple[ColumnInfo, int]] = {}
    for place, (field, key) in enumerate(zip(schema, keys, strict=True)):
        kind = _kind(field.type)
        where = _scope_and_name(field.name, key, plain)
        if kind is None or where is None:
            continue
        scope, name = where if where not in found else (where[0], where[1] + BESIDE + kind.value)
        found.setdefault((scope, name), (ColumnInfo(scope, name, kind), place))
    return list(found.values())


def _scope_and_name(field: str, key: ColumnKey | None, plain: bool) -> tuple[str, str] | None:
    if key is not None:
        if key.role in (Role.EMBEDDING, Role.TEXT):
            return None
        return (SCOPES[key.role], key.name) if key.role in SCOPES else (OWN, key.role.value)
    if plain:
        return (OWN if field in NAMES else FEATURE, field)
    return None if field in HIDDEN else (OWN, field)


def _kind(dtype: pa.DataType) -> Kind | None:
    dtype = dtype.value_type if pa.types.is_dictionary(dtype) else dtype
    if pa.types.is_timestamp(dtype) or pa.types.is_date(dtype):
        return Kind.TIME
    if pa.types.is_boolean(dtype):
        return Kind.BOOLEAN
    if pa.types.is_floating(dtype) or pa.types.is_integer(dtype) or pa.types.is_decimal(dtype):
        return Kind.NUMBER
    if pa.types.is_null(dtype):
        return Kind.NULL
    return Kind.TEXT if any(is_text(dtype) for is_text in TEXTS) else None


def rows_of(table: pa.Table, reads: Iterable[ColumnInfo], order: NDArray[np.int64] | None = None) -> Rows:
    """The columns that are read, and the weights, in that order; a column that the table lacks is null."""
    places = dict(placed(table.schema))
    columns: dict[ColumnInfo, Values] = {}
    for info in {*reads, WEIGHT}:
        beside = ColumnInfo(info.scope, info.name + BESIDE + info.kind.value, info.kind)
        place = places.get(info, places.get(beside))
        columns[info] = _null(info.kind, table.num_rows) if place is None else _values(table.column(place), info.kind)
    if order is not None:
        columns = {
            info: Values(column.kind, column.values[order], column.valid[order], column.words)
            for info, column in columns.items()
        }
    return Rows(columns, _weights(columns[WEIGHT]), table.num_rows)


def times_of(table: pa.Table) -> NDArray[np.int64] | None:
    """The rows' event times in microseconds, None when they have none; a row without one lies before all others."""
    if TIMESTAMP not in dict(placed(table.schema)):
        return None
    column = rows_of(table, [TIMESTAMP]).columns[TIMESTAMP]
    return np.where(column.valid, column.values, np.iinfo(np.int64).min)


def _weights(column: Values) -> Floats | None:
    """The weights, 1 where there is none that makes sense; None when all are 1."""
    usable = column.valid & np.isfinite(column.values) & (column.values >= 0)
    weights = np.where(usable, column.values, 1.0)
    return None if (weights == 1.0).all() else weights


def _null(kind: Kind, rows: int) -> Values:
    dtype = {Kind.BOOLEAN: np.bool_, Kind.TEXT: np.int32, Kind.TIME: np.int64}.get(kind, np.float64)
    return Values(kind, np.zeros(rows, dtype), np.zeros(rows, bool))


def _values(column: pa.ChunkedArray, kind: Kind) -> Values:
    """A column as arrays."""
    if kind is Kind.TEXT:
        return _texts(column)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    valid = pc.is_valid(column).to_numpy()
    match kind:
        case Kind.BOOLEAN:
            return truths(pc.fill_null(column, False).to_numpy(), valid)
        case Kind.TIME:
            return Values(kind, pc.fill_null(column.cast(TIME, safe=False).cast(pa.int64()), 0).to_numpy(), valid)
        case _:
            return numbers(pc.fill_null(column.cast(pa.float64(), safe=False), 0.0).to_numpy(), valid)


def _texts(column: pa.ChunkedArray) -> Values:
    encoded = column if pa.types.is_dictionary(column.type) else column.cast(pa.large_string()).dictionary_encode()
    array = encoded.unify_dictionaries().combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], encoded.type)
    if array.dictionary.null_count:
        array = array.cast(array.type.value_type).dictionary_encode()
    codes = pc.fill_null(array.indices, 0).to_numpy(zero_copy_only=False).astype(np.int32)
    return Values(Kind.TEXT, codes, pc.is_valid(array).to_numpy(zero_copy_only=False), array.dictionary.to_pylist())


def named(table: pa.Table) -> pa.Table:
    """The same rows under the names that users gave: what a registered function gets.

    `prediction`, `actual` and `score` as in an expression, features and tags by their names, each with its scope where
    another column has that name.
    """
    found = placed(table.schema)
    own = {info.name: place for info, place in found if info.scope == OWN}
    names: dict[str, int] = {}
    for scope in BARE:
        for info, place in found:
            if info.scope == scope:
                names.setdefault(info.name if info.name not in names else f"{scope}.{info.name}", place)
        if scope == OWN:
            for short, name in short_names(own).items():
                names.setdefault(short, own[name])
    for info, place in found:
        if info.scope not in BARE:
            names.setdefault(f"{info.scope}.{info.name}", place)
    return pa.table({name: table.column(place) for name, place in names.items()})
