"""A batch -> the columns of its model version's frozen schema, in log order.

The first batch makes the schema; later ones are brought to it, whatever they hold, and what has changed is said. The
way of a batch that is already as it should be touches no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from modelwatch.core.column import Change, Column, ColumnKey, ColumnType, Schema, SchemaChange
from modelwatch.core.wire import ACTUAL_ROLES, PREDICTION_ROLES, Kind, Role
from modelwatch.errors import CorruptData
from modelwatch.ingest.extra import Extra
from modelwatch.ingest.fit import TYPES, Mask, arriving_type, fit
from modelwatch.ingest.part import ID_TYPE, keyed_columns

ENVELOPE: Final = frozenset({Role.PREDICTION_ID, Role.TIMESTAMP, Role.WEIGHT, Role.PREDICTION_TIMESTAMP})
"""Roles that tell of the row rather than of the model; they are no columns of the schema."""
NUMERIC_ROLES: Final = frozenset(
    {
        Role.PREDICTION_SCORE,
        Role.PREDICTION_VALUE,
        Role.PREDICTION_SCORES,
        Role.RANK,
        Role.EXPLANATION,
        Role.ACTUAL_SCORE,
        Role.ACTUAL_VALUE,
        Role.RELEVANCE,
    }
)
CATEGORY_ROLES: Final = frozenset({Role.PREDICTION_LABEL, Role.ACTUAL_LABEL, Role.TAG, Role.GROUP_ID})
ROLES: Final = {Kind.PREDICTIONS: PREDICTION_ROLES, Kind.ACTUALS: ACTUAL_ROLES}


@dataclass(frozen=True, slots=True, eq=False)
class ConformedColumn:
    """A column as the schema says; `mistyped` marks rows whose value did not fit and is null here, None for none."""

    values: Any
    mistyped: Mask | None


@dataclass(frozen=True, slots=True, eq=False)
class Conformed:
    """The rows of a batch under their schema.

    `columns` holds every column of the schema in its order, all null where the batch has it not. `timestamp` is int64
    [rows] in microseconds, `weight` float64 [rows] or None for all 1. `extra` is utf8 [rows], one JSON object a row
    (see `extra`), or None when no row has anything extra. `prediction_time` says of actuals when their predictions
    were made, as far as their sender did.
    """

    schema: Schema
    changes: tuple[SchemaChange, ...]
    columns: Mapping[ColumnKey, ConformedColumn]
    prediction_id: Any
    timestamp: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64] | None
    extra: Any | None
    prediction_time: Any | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.timestamp)


def conform(batch: pa.RecordBatch, kind: Kind, schema: Schema | None) -> Conformed:
    """The batch under its schema, which is inferred when there is none yet.

    A column that is all null says nothing of its type: it stays out of an inferred schema, and is no change of a
    frozen one. A column that the frozen schema has not is a `Change.NEW` each time, and its values go to `extra`.
    """
    envelope: dict[Role, Any] = {}
    arrived: dict[ColumnKey, Any] = {}
    for key, column in keyed_columns(batch):
        if key.role in ENVELOPE:
            envelope[key.role] = column
        elif key.role in ROLES[kind]:
            arrived[key] = column
        else:
            raise CorruptData(f"a batch of {kind} has a column of role {key.role}")
    frozen = schema if schema is not None else infer(arrived)
    extra, changes = Extra(), list[SchemaChange]()
    columns: dict[ColumnKey, ConformedColumn] = {}
    for wanted in frozen.columns:
        came = arrived.pop(wanted.key, None)
        if came is None:
            changes.append(SchemaChange(wanted.key, Change.MISSING, wanted.type.value, ""))
        columns[wanted.key] = conformed(came, wanted, batch.num_rows, extra, changes)
    if schema is not None:
        for key, came in arrived.items():
            if came.null_count < len(came):
                changes.append(SchemaChange(key, Change.NEW, "", column_type(key, came).value))
                extra.add(key, {row: value for row, value in enumerate(came.to_pylist()) if value is not None})
    return Conformed(
        schema=frozen,
        changes=tuple(changes),
        columns=columns,
        prediction_id=envelope.get(Role.PREDICTION_ID, pa.nulls(batch.num_rows, ID_TYPE)),
        timestamp=times(envelope.get(Role.TIMESTAMP), batch.num_rows),
        weight=weights(envelope.get(Role.WEIGHT)),
        extra=extra.column(batch.num_rows),
        prediction_time=envelope.get(Role.PREDICTION_TIMESTAMP),
    )


def conformed(
    came: Any | None, wanted: Column, rows: int, extra: Extra, changes: list[SchemaChange]
) -> ConformedColumn:
    """One column of the frozen schema; what does not fit goes to `extra`, another type to `changes`."""
    if came is None:
        return ConformedColumn(pa.nulls(rows, TYPES[wanted.type]), None)
    canonical = TYPES[wanted.type]
    if wanted.type is not ColumnType.VECTOR and came.type.equals(canonical):
        return ConformedColumn(came, None)
    if came.null_count == rows:
        return ConformedColumn(pa.nulls(rows, canonical), None)
    fitted = fit(came, wanted)
    came_as = column_type(wanted.key, came)
    if came_as is not wanted.type:
        changes.append(SchemaChange(wanted.key, Change.TYPE, wanted.type.value, came_as.value))
    if fitted.exact:
        extra.add(wanted.key, fitted.exact)
    return ConformedColumn(fitted.values, fitted.mistyped)


def infer(columns: Mapping[ColumnKey, Any]) -> Schema:
    """The schema of the first batch of a model version."""
    return Schema(
        tuple(
            Column(key, column_type(key, column), dimension(column))
            for key, column in columns.items()
            if column.null_count < len(column)
        )
    )


def column_type(key: ColumnKey, column: Any) -> ColumnType:
    """The type by the role where the role has but one, else by the values."""
    if key.role in NUMERIC_ROLES:
        return ColumnType.NUMERIC
    if key.role in CATEGORY_ROLES:
        return ColumnType.CATEGORY
    return arriving_type(column)


def dimension(column: Any) -> int:
    """The length of the first vector, 0 for a column of anything else."""
    if not pa.types.is_list(column.type):
        return 0
    return int(pc.list_value_length(column).drop_null()[0].as_py())


def times(column: Any | None, rows: int) -> npt.NDArray[np.int64]:
    """Event times in microseconds; all 0 for a reference that does not say when its rows happened."""
    if column is None:
        return np.zeros(rows, np.int64)
    stamps: npt.NDArray[np.int64] = column.view(pa.int64()).to_numpy(zero_copy_only=False)
    return stamps


def weights(column: Any | None) -> npt.NDArray[np.float64] | None:
    """Inclusion weights, 1 where a row has none."""
    if column is None:
        return None
    numbers: npt.NDArray[np.float64] = column.cast(pa.float64()).fill_null(1.0).to_numpy(zero_copy_only=False)
    return numbers
