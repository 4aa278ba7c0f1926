import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.wire import Role
from modelwatch.monitors.quality.cardinality import cardinality, spread
from modelwatch.profiles import CategoryValues, NumericValues, fit, profile

C, X = ColumnKey(Role.FEATURE, "c"), ColumnKey(Role.FEATURE, "x")
NAMES = [f"c{i}" for i in range(150)]
ZIPF = 1 / np.arange(1, 151) ** 1.3 / np.sum(1 / np.arange(1, 151) ** 1.3)


def world(rng, n, shares=ZIPF):
    codes = rng.choice(len(shares), p=shares, size=n).astype(np.int32)
    return {C: CategoryValues(codes, NAMES), X: NumericValues(rng.normal(size=n))}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9), st.integers(0, 9))
def test_the_number_of_unequal_coins_has_its_exact_distribution(missing, distinct):
    exact = np.zeros(len(missing) + 1)
    for bits in range(2 ** len(missing)):
        there = [bits >> i & 1 for i in range(len(missing))]
        exact[sum(there)] += math.prod(1 - m if seen else m for m, seen in zip(missing, there, strict=True))
    low, high, below, above = spread(np.array([missing]), np.array([distinct]))
    assert below[0] == pytest.approx(exact[: distinct + 1].sum(), abs=1e-9)
    assert above[0] == pytest.approx(exact[distinct:].sum(), abs=1e-9)
    assert exact[: int(low[0])].sum() < 0.005 + 1e-9
    assert exact[: int(high[0])].sum() < 0.995 + 1e-9
    assert exact[: int(high[0]) + 1].sum() >= 0.995 - 1e-9


def test_what_is_expected_is_what_samples_of_all_rows_have():
    """Window and reference are shuffled together and split again: the mean of what the windows then have."""
    rng = np.random.default_rng(1)
    n, m = 400, 3_000
    rows = rng.choice(len(ZIPF), p=ZIPF, size=n + m).astype(np.int32)
    expected, found = [], []
    for _ in range(200):
        rng.shuffle(rows)
        before = {C: CategoryValues(rows[n:].copy(), NAMES)}
        binning = fit(before)
        now = profile(binning, {C: CategoryValues(rows[:n].copy(), NAMES)})
        each = cardinality(now, profile(binning, before), binning)
        expected.append(each.expected[0])
        found.append(each.distinct[0])
        assert each.reference[0] == len(np.unique(rows[n:]))
        assert each.distinct[0] == len(np.intersect1d(rows[:n], rows[n:]))
    assert np.mean(found) == pytest.approx(np.mean(expected), abs=4 * np.std(found) / 14)


@pytest.mark.parametrize(("n", "m"), [(300, 1_000), (1_000, 10_000), (2_000, 2_000)])
def test_no_drift_is_certain_no_more_often_than_it_says(n, m):
    rng = np.random.default_rng(2)
    p, inside = [], []
    for _ in range(250):
        before = world(rng, m)
        binning = fit(before)
        found = cardinality(profile(binning, world(rng, n)), profile(binning, before), binning)
        p.append(found.p)
        inside.append((found.low <= found.distinct) & (found.distinct <= found.high))
    assert np.mean(np.array(p) < 0.05, axis=0).max() <= 0.085
    assert np.mean(np.array(p) < 0.01, axis=0).max() <= 0.027
    assert np.mean(inside, axis=0).min() >= 0.97


def test_a_collapse_is_a_warning_and_a_burst_of_rare_names_is_seen():
    rng = np.random.default_rng(3)
    before = world(rng, 20_000)
    binning = fit(before)
    reference = profile(binning, before)
    few = {C: CategoryValues(rng.integers(0, 5, 2_000).astype(np.int32), NAMES), X: NumericValues(np.full(2_000, 0.5))}
    found = cardinality(profile(binning, few), reference, binning)
    assert found.distinct.tolist() == [5, 1]
    assert set(found.levels) == {CODE[Level.WARNING]}
    many = {
        C: CategoryValues(rng.integers(0, 150, 2_000).astype(np.int32), NAMES),
        X: NumericValues(rng.normal(size=2_000)),
    }
    found = cardinality(profile(binning, many), reference, binning)
    assert found.distinct[0] > found.high[0]
    assert found.levels[0] == CODE[Level.NOTICE]


def test_weights_and_dependence_make_rows_worth_less():
    rng = np.random.default_rng(4)
    before = world(rng, 20_000)
    binning = fit(before)
    reference, rows = profile(binning, before), world(rng, 2_000)
    plain = cardinality(profile(binning, rows), reference, binning)
    heavy = cardinality(profile(binning, rows, np.full(2_000, 7.0)), reference, binning)
    np.testing.assert_allclose(heavy.expected, plain.expected)
    clumped = cardinality(profile(binning, rows), reference, binning, effect=np.array([5.0, 5.0]))
    assert np.all(clumped.expected < plain.expected)


def test_few_rows_are_not_judged_and_none_are_nan():
    rng = np.random.default_rng(5)
    before = world(rng, 2_000)
    binning = fit(before)
    reference = profile(binning, before)
    few = cardinality(profile(binning, world(rng, 50)), reference, binning)
    assert set(few.levels) == {CODE[Level.INSUFFICIENT_DATA]}
    assert np.isfinite(few.expected).all()
    assert np.isnan(cardinality(profile(binning, {}), reference, binning).p).all()
    with pytest.raises(ValueError, match="cannot be compared"):
        cardinality(reference, reference, fit(world(rng, 10)))
