"""Vectors for the tests."""

from __future__ import annotations

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import VectorValues

IMG = ColumnKey(Role.EMBEDDING, "img")


def vectors(rows: object, held: object = None, mistyped: object = None) -> VectorValues:
    """Vectors [n, d] as values; all rows hold one unless told."""
    numbers = np.ascontiguousarray(rows, dtype=np.float32)
    mask = np.ones(len(numbers), np.bool_) if held is None else np.asarray(held, np.bool_)
    return VectorValues(numbers, mask, None if mistyped is None else np.asarray(mistyped, np.bool_))
