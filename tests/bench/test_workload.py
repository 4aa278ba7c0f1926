"""Windows drawn as counts are those of rows; the bound on power bounds; intervals are those of the binomial."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bench.trust.bound import best_power
from bench.trust.draw import World, world
from bench.trust.figure import interval
from bench.trust.model_days import AT_ONCE, judged, side_by_side
from bench.workload import rows, w1
from modelwatch.monitors.drift import DEFAULT, check
from modelwatch.profiles import profile

ROWS = 20_000


@pytest.fixture(scope="module")
def held() -> World:
    """A reference of W1, some of whose columns lack values."""
    return world(w1(nulls=True), np.random.default_rng(5), ROWS)


def test_counts_that_are_drawn_are_like_counts_of_rows(held: World) -> None:
    random = np.random.default_rng(7)
    drawn = held.window(random, ROWS).counts
    counted = profile(held.binning, rows(w1(nulls=True), random, ROWS)).counts
    assert (drawn.sum(axis=1) == ROWS).all()
    p = []
    for a, b in zip(drawn, counted, strict=True):
        used = a + b >= 10
        pairs = np.stack((np.append(a[used], a[~used].sum()), np.append(b[used], b[~used].sum())))
        p.append(stats.chi2_contingency(pairs[:, pairs.sum(axis=0) > 0])[1])
    assert min(p) > 0.001 / len(p)
    assert stats.kstest(p, "uniform").pvalue > 0.001


def test_customers_that_do_not_depend_are_rows(held: World) -> None:
    random = np.random.default_rng(8)
    truth = np.diff(held.cumulative, axis=1, prepend=0.0)
    counts = held.customers(random, ROWS, each=10, correlation=0.0).counts
    z = (counts - ROWS * truth)[truth > 0.001] / np.sqrt(ROWS * truth[truth > 0.001])
    assert 0.9 < z.std() < 1.1


def test_customers_vary_as_their_correlation_says(held: World) -> None:
    random = np.random.default_rng(9)
    median = np.argmax(held.cumulative[0] > 0.5)
    share = held.cumulative[0, median]
    below = [held.customers(random, 500, each=50, correlation=0.3).counts[0, : median + 1].sum() for _ in range(300)]
    effect = np.var(below) / (500 * share * (1 - share))
    expected = 1 + 49 * 2 / np.pi * np.arcsin(0.3)  # correlation of two signs of a Gaussian pair
    assert effect == pytest.approx(expected, rel=0.35)


def test_windows_side_by_side_have_the_levels_of_each_alone(held: World) -> None:
    random = np.random.default_rng(10)
    windows = [held.window(random, 500).counts for _ in range(AT_ONCE - 1)]
    windows[2] = np.roll(windows[2], 3, axis=1)
    together = judged(side_by_side(held, AT_ONCE), windows, DEFAULT)
    for counts, levels in zip(windows, together, strict=True):
        alone = check(held.profile(counts, 500), held.reference, held.binning, DEFAULT).levels
        assert (alone == levels).all()


def test_the_best_power_is_that_of_the_normal_shift_known_beforehand() -> None:
    edges = stats.norm.ppf(np.arange(1, 256) / 256)
    before = np.full(256, 1 / 256)
    after = np.diff(np.concatenate(([0.0], stats.norm.cdf(edges - 0.1), [1.0])))
    expected = stats.norm.sf(stats.norm.isf(2e-4) - 0.1 * np.sqrt(2_000))
    assert best_power(before, after, 2_000, 2e-4) == pytest.approx(expected, abs=0.01)


def test_intervals_hold_the_share_as_often_as_they_say() -> None:
    chance, trials = 0.01, 500
    weights = stats.binom(trials, chance).pmf(np.arange(40))
    held = [low <= chance <= high for low, high in (interval(hits, trials) for hits in range(40))]
    assert 0.95 <= weights[held].sum() <= 1
