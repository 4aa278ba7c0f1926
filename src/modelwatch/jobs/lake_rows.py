"""Conformed rows -> rows of a lake table."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.ingest.conform import Conformed
from modelwatch.lake.columns import OWN, TIME, lake_field
from modelwatch.lake.naming import ENVIRONMENT, EXTRA, LOG_POSITION, RECEIVED_AT, VERSION

FIELDS = {field.name: field for field in OWN}
ID_FIELD = lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY)
WEIGHT_FIELD = lake_field(ColumnKey(Role.WEIGHT, ""), ColumnType.NUMERIC)
PREDICTED_FIELD = lake_field(ColumnKey(Role.PREDICTION_TIMESTAMP, ""), ColumnType.NUMERIC)
TIME_FIELD = lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC)


def lake_table(
    rows: Conformed, version: str, environment: str, received_us: NDArray[np.int64], positions: NDArray[np.int64]
) -> pa.Table:
    """The rows with the lake's columns, under their lake names; `received_us` and `positions` [n] say when each row
    came and with which record of the log."""
    n = len(rows.timestamp)
    arrays: list[pa.Array] = [rows.prediction_id, pa.array(rows.timestamp).cast(TIME)]
    fields: list[pa.Field] = [ID_FIELD, TIME_FIELD]
    own = {
        RECEIVED_AT: pa.array(received_us).cast(TIME),
        VERSION: repeated(version, n),
        ENVIRONMENT: repeated(environment, n),
        LOG_POSITION: pa.array(positions.astype(np.float64)),
    }
    if rows.extra is not None:
        own[EXTRA] = rows.extra
    for name, array in own.items():
        arrays.append(array)
        fields.append(FIELDS[name])
    if rows.weight is not None:
        arrays.append(pa.array(rows.weight))
        fields.append(WEIGHT_FIELD)
    if rows.prediction_time is not None:
        arrays.append(rows.prediction_time.cast(TIME))
        fields.append(PREDICTED_FIELD)
    for column in rows.schema.columns:
        arrays.append(rows.columns[column.key].values)
        fields.append(lake_field(column.key, column.type))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def repeated(text: str, n: int) -> pa.Array:
    """The same text `n` times."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int32)), pa.array([text]))
