"""Joined labels as rows of the lake: one for each time that the truth of a prediction was said or changed.

A table of its own, by the day of the prediction, so that who asks what came true of a day reads that day alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.lake.columns import CATEGORY, OWN, TIME, lake_field
from modelwatch.lake.ids import table_of
from modelwatch.lake.naming import ENVIRONMENT, LOG_POSITION, RECEIVED_AT, VERSION

Ints = NDArray[np.int64]

ID: Final = Role.PREDICTION_ID.value
TIMESTAMP: Final = Role.TIMESTAMP.value
FIRST_AT: Final = "first_labelled_at"
ACTUAL: Final = Role.ACTUAL_LABEL.value
NUMBER: Final = Role.ACTUAL_VALUE.value
FIELDS: Final = {field.name: field for field in OWN}
SCHEMA: Final = pa.schema(
    [
        lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY),
        lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC),
        FIELDS[RECEIVED_AT],
        FIELDS[VERSION],
        FIELDS[ENVIRONMENT],
        FIELDS[LOG_POSITION],
        pa.field(FIRST_AT, TIME),
        lake_field(ColumnKey(Role.ACTUAL_LABEL, ""), ColumnType.CATEGORY),
        lake_field(ColumnKey(Role.ACTUAL_VALUE, ""), ColumnType.NUMERIC),
    ]
)
"""`timestamp` is the prediction's, `first_labelled_at` when its truth was first known, `log_position` the label's own
place in the log: of several rows of one prediction the one with the greatest counts."""


def newest(rows: pa.Table) -> pa.Table:
    """Of the labels of each prediction the one that was said last."""
    if not rows.num_rows:
        return rows
    rows = rows.unify_dictionaries().combine_chunks()
    ids = rows.column(ID).combine_chunks().dictionary_encode().indices.to_numpy()
    where = rows.column(LOG_POSITION).to_numpy()
    order = np.lexsort((where, ids))
    last = np.concatenate((np.diff(ids[order]) != 0, [True]))
    return rows.take(pa.array(np.sort(order[last])))


def labels_table(
    predictions: pa.Table, received_us: Ints, order: Ints, first_us: Ints, labels: pa.Array, values: pa.Array
) -> pa.Table:
    """Rows for the lake: what came true of each of the predictions [n]."""
    n = predictions.num_rows
    return pa.Table.from_arrays(
        [
            predictions.column(ID),
            predictions.column(TIMESTAMP).cast(TIME),
            pa.array(received_us).cast(TIME),
            predictions.column(VERSION).cast(CATEGORY),
            predictions.column(ENVIRONMENT).cast(CATEGORY),
            pa.array(order.astype(np.float64)),
            pa.array(first_us).cast(TIME),
            pa.nulls(n, CATEGORY) if labels.null_count == n else labels.dictionary_encode().cast(CATEGORY),
            values,
        ],
        schema=SCHEMA,
    )


def together(parts: Sequence[pa.Table]) -> pa.Table:
    """Labels from several places as one table with all columns."""
    return pa.concat_tables([SCHEMA.empty_table(), *(part.select(SCHEMA.names) for part in parts)])


def positions_of(rows: pa.Table) -> Ints:
    """The log position of each row; 0 for rows that were written before positions were kept."""
    if LOG_POSITION not in rows.column_names:
        return np.zeros(rows.num_rows, np.int64)
    held = rows.column(LOG_POSITION).combine_chunks().fill_null(0.0)
    return np.asarray(held.to_numpy(zero_copy_only=False)).astype(np.int64)


def stored(bodies: Sequence[bytes]) -> pa.Table:
    """Joined labels that wait for the lake, each batch one Arrow stream, as one table."""
    return together([pa.ipc.open_stream(pa.py_buffer(body)).read_all() for body in bodies])


def labels_of(rows: pa.Table, said: pa.Table) -> Ints:
    """For each of the predictions [n] the place in `said` of what came true of it, -1 for none.

    `said` has one row for each prediction, see `newest`. Of several predictions of one id the label is that of the
    first of its time.
    """
    ids = rows.column(ID).combine_chunks()
    own = table_of(said.column(ID).combine_chunks())
    places, numbers = own.places(ids)
    times = rows.column(TIMESTAMP).cast(pa.int64()).to_numpy()
    told = said.column(TIMESTAMP).cast(pa.int64()).to_numpy()
    order = np.lexsort((places, positions_of(rows)[places], numbers))
    order = order[times[places[order]] == told[own.first[numbers[order]]]]
    first = order[np.flatnonzero(np.diff(numbers[order], prepend=-1))] if len(order) else order
    found = np.full(rows.num_rows, -1, np.int64)
    found[places[first]] = own.first[numbers[first]]
    return found
