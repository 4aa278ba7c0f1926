"""Checked JSON rows of one model version -> one record batch.

A feature column has the narrowest type that holds all of its values exactly: bool, int64, float64, else text. A frozen
schema decides later what the text of a mixed column means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.ingest.json_row import Cell, Row
from modelwatch.ingest.part import ID_TYPE, TIME_TYPE, VECTOR_TYPE, Place, batch_of
from modelwatch.ingest.scalar_text import scalar_text

TEXT_ROLES = frozenset({Role.PREDICTION_LABEL, Role.ACTUAL_LABEL, Role.GROUP_ID})


def to_batch(rows: Sequence[Row], place: Place) -> pa.RecordBatch:
    """The rows as canonical columns, in the order in which their names came."""
    columns: list[tuple[ColumnKey, Any]] = [
        (ColumnKey(Role.PREDICTION_ID, ""), pa.array([row.prediction_id for row in rows], ID_TYPE)),
        (ColumnKey(Role.TIMESTAMP, ""), pa.array([row.time_us for row in rows], TIME_TYPE)),
    ]
    for role in dict.fromkeys(role for row in rows for role in row.single):
        cells = [row.single.get(role) for row in rows]
        columns.append((ColumnKey(role, ""), pa.array(cells, single_type(role))))
    for role in dict.fromkeys(role for row in rows for role in row.named):
        maps = [row.named.get(role, {}) for row in rows]
        columns += [
            (ColumnKey(role, name), column(role, [values.get(name) for values in maps])) for name in names_of(maps)
        ]
    return batch_of(columns, place)


def single_type(role: Role) -> pa.DataType:
    """The type of a role that has one column."""
    if role is Role.PREDICTION_TIMESTAMP:
        return TIME_TYPE
    return pa.utf8() if role in TEXT_ROLES else pa.float64()


def names_of(maps: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """Every name once, in the order in which they came."""
    names: dict[str, Any] = {}
    for values in maps:
        names.update(values)
    return names


def column(role: Role, values: list[Any]) -> Any:
    """The values of one named column."""
    match role:
        case Role.FEATURE:
            return feature(values)
        case Role.TAG:
            return text(values)
        case Role.EMBEDDING:
            return pa.array(values, VECTOR_TYPE)
        case _:
            return pa.array([None if value is None else as_float(value) for value in values], pa.float64())


def feature(values: list[Cell]) -> Any:
    """A feature in the narrowest type; one that is all null is float64, which `conform` takes for not yet known."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {float}:
        return pa.array(values, pa.float64())
    if kinds == {str}:
        return pa.array(values, pa.utf8())
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int}:
        if all(value is None or -(2**63) <= value < 2**63 for value in values):  # type: ignore[operator]
            return pa.array(values, pa.int64())
        return text(values)
    if kinds <= {int, float} and (int not in kinds or all(map(is_exact, values))):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return text(values)


def text(values: list[Cell]) -> Any:
    """Values as text."""
    return pa.array([None if value is None else scalar_text(value) for value in values], pa.utf8())


def is_exact(value: Any) -> bool:
    """True unless the value is an integer that no float64 equals."""
    return type(value) is not int or (abs(value) <= 2**1023 and int(float(value)) == value)


def as_float(value: int | float) -> float:
    """The nearest float64; infinity for an integer of over 308 digits."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
