"""Windows whose rows share a shift of their own, as days do: false alarms stay rare, and what is real is seen."""

from __future__ import annotations

import numpy as np
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.dependence import estimate, estimate_within
from modelwatch.profiles import NumericValues, Profile, fit, merge, profile

COLUMNS, ROWS, WEEKS = 40, 1_500, 8
KEYS = [ColumnKey(Role.FEATURE, f"x{i}") for i in range(COLUMNS)]


def days(rng: np.random.Generator, count: int, noise: float) -> tuple[list[Profile], list[float]]:
    """Days whose columns have weekdays and a mean of their own; and a p-value for each day and column."""
    weekday = rng.normal(0, 0.5, (7, COLUMNS))
    binning = fit({key: NumericValues(rng.normal(0, 1.2, 5_000)) for key in KEYS})
    seen: list[Profile] = []
    found: list[float] = []
    for day in range(count):
        mean = weekday[day % 7] + rng.normal(0, noise, COLUMNS)
        values = {key: NumericValues(rng.normal(mean[i], 1, ROWS)) for i, key in enumerate(KEYS)}
        seen.append(profile(binning, values))
        if day >= 7 * WEEKS + 7:
            twins = [seen[day - 7 * week] for week in range(1, WEEKS + 1)]
            reference = twins[0]
            for twin in twins[1:]:
                reference = merge(reference, twin)
            groups = [[seen[day - 1 - slot - 7 * week] for week in range(WEEKS)] for slot in range(7)]
            effects = estimate_within(groups, binning)
            found += check(seen[day], reference, binning, dependence=effects).test_p.tolist()
    return seen, found


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_days_that_differ_by_themselves_raise_no_more_than_their_share(noise: float) -> None:
    _, p = days(np.random.default_rng(4), 63 + 40, noise)
    n = len(p)
    for level in (0.01, 0.001):
        rejected = sum(value < level for value in p)
        # twice the nominal share, and three standard deviations of a count
        assert rejected <= 2 * level * n + 3 * np.sqrt(2 * level * n), (level, rejected, n)


def test_weekdays_that_differ_are_no_variance_within_weekdays() -> None:
    rng = np.random.default_rng(5)
    binning = fit({KEYS[0]: NumericValues(rng.normal(0, 1.2, 5_000))})
    groups = [
        [profile(binning, {KEYS[0]: NumericValues(rng.normal(slot / 5, 1, ROWS))}) for _ in range(WEEKS)]
        for slot in range(7)
    ]
    assert estimate_within(groups, binning).largest.tolist() == [1.0]
    every = [block for group in groups for block in group]
    assert estimate(every, binning, neighbours=None).largest[0] > 20
    assert estimate(every, binning).largest[0] < 5  # nor is what changes slowly


def test_few_blocks_tell_nothing() -> None:
    rng = np.random.default_rng(6)
    binning = fit({KEYS[0]: NumericValues(rng.normal(size=5_000))})
    groups = [[profile(binning, {KEYS[0]: NumericValues(rng.normal(i, 1, 300))}) for i in range(3)] for _ in range(2)]
    assert estimate_within(groups, binning).largest.tolist() == [1.0]
    assert estimate_within([], binning).largest.tolist() == [1.0]
