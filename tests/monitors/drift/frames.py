"""Columns and profiles for the drift tests."""

from __future__ import annotations

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import Binning, CategoryValues, NumericValues, Profile, fit, profile

X = ColumnKey(Role.FEATURE, "x")


def column(values: object) -> NumericValues | CategoryValues:
    """Numbers as they are (None is null), texts as categories."""
    rows = list(values)  # type: ignore[call-overload]
    if any(isinstance(row, str) for row in rows):
        names = sorted({row for row in rows if row is not None})
        code = {name: i for i, name in enumerate(names)}
        return CategoryValues(np.array([code.get(row, -1) for row in rows], dtype=np.int32), names)
    null = np.array([row is None for row in rows], dtype=np.bool_)
    return NumericValues(np.array([0.0 if row is None else row for row in rows], dtype=np.float64), null)


def pair(current: object, reference: object) -> tuple[Profile, Profile, Binning]:
    """Window and reference of one column, on the reference's bins."""
    before, now = {X: column(reference)}, {X: column(current)}
    binning = fit(before)
    return profile(binning, now), profile(binning, before), binning
