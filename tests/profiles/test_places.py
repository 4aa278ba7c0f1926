"""Slots row by row are the slots that a profile counts."""

from __future__ import annotations

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles import CategoryValues, NumericValues, fit, profile
from modelwatch.profiles.binning import WIDTH
from modelwatch.profiles.places import placeable, places


def test_places_are_what_a_profile_counts() -> None:
    random = np.random.default_rng(1)
    n = 2_000
    numbers = random.normal(size=n)
    numbers[:5] = [np.nan, np.inf, -np.inf, 1e300, -1e300]
    a, b, c, d = (ColumnKey(Role.FEATURE, name) for name in "abcd")
    columns = {
        a: NumericValues(numbers, random.random(n) < 0.1, random.random(n) < 0.05),
        b: NumericValues(random.integers(0, 4, n).astype(float)),
        c: CategoryValues(random.integers(-1, 3, n).astype(np.int32), ["x", "y", "z"]),
        d: NumericValues(random.normal(size=n)),
    }
    binning = fit(columns)
    now = {
        a: columns[a],
        b: columns[c],
        c: CategoryValues(random.integers(-1, 4, n).astype(np.int32), ["y", "new", "x", "z"]),
    }
    counts = profile(binning, now).counts
    found = places(binning, now, n)
    assert placeable(binning).tolist() == [0, 1, 2, 3]
    for g, f in enumerate(placeable(binning)):
        assert np.bincount(found[:, g], minlength=WIDTH).tolist() == counts[f].tolist()
