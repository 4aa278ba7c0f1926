"""A conformed column -> the arrays that the profiler counts."""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np

from modelwatch.core.column import ColumnType
from modelwatch.ingest.conform import ConformedColumn
from modelwatch.ingest.fit import Mask
from modelwatch.profiles.values import CategoryValues, NumericValues, Values, VectorValues


def to_values(column: ConformedColumn, kind: ColumnType, dimension: int = 0) -> Values:
    """The values without copying numbers; `dimension` is that of a vector column's schema."""
    values = column.values
    match kind:
        case ColumnType.NUMERIC:
            return NumericValues(floats(values), null_mask(values), column.mistyped)
        case ColumnType.CATEGORY:
            codes = values.indices.fill_null(-1) if values.null_count else values.indices
            return CategoryValues(codes.to_numpy(zero_copy_only=False), values.dictionary.to_pylist(), column.mistyped)
        case ColumnType.BOOLEAN:
            truth = values.fill_null(False).to_numpy(zero_copy_only=False)
            return CategoryValues.of_booleans(truth, null_mask(values), column.mistyped)
        case ColumnType.VECTOR:
            held = values.is_valid().to_numpy(zero_copy_only=False)
            return VectorValues(singles(values.flatten()).reshape(int(held.sum()), dimension), held, column.mistyped)
        case _:
            assert_never(kind)


def floats(column: Any) -> Any:
    """float64 [rows]; what stands at a null is anything."""
    if not len(column):
        return np.zeros(0)
    data = column.buffers()[1]
    return np.frombuffer(data, np.float64, count=len(column), offset=8 * column.offset)


def singles(column: Any) -> Any:
    """float32 [numbers] of a column without nulls."""
    if not len(column):
        return np.zeros(0, np.float32)
    return np.frombuffer(column.buffers()[1], np.float32, count=len(column), offset=4 * column.offset)


def null_mask(column: Any) -> Mask | None:
    """Which rows are null; None when none is."""
    if not column.null_count:
        return None
    mask: Mask = column.is_null().to_numpy(zero_copy_only=False)
    return mask
