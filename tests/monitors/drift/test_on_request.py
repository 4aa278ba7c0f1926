"""Methods on request against scipy, the laws of distances, and chance as a simulation without drift gives it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift.chi_square import SMALLEST_EXPECTED
from modelwatch.monitors.drift.dependence import Dependence
from modelwatch.monitors.drift.groups import FLOOR, grouped
from modelwatch.monitors.drift.on_request import FACTS, METHODS, compute
from modelwatch.monitors.drift.wasserstein import bridge_tail, wasserstein
from modelwatch.profiles import CategoryBinning, fit, profile
from tests.monitors.drift.frames import X, column, pair

DISTANCES = [name for name in METHODS if name != "g_test"]
UNITS = [name for name in DISTANCES if name != "wasserstein"]
laws = settings(max_examples=60, deadline=None)
words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", None]), min_size=1, max_size=200)
numbers = st.lists(
    st.one_of(st.none(), st.integers(-3, 3).map(float), st.floats(-10, 10), st.just(1e6)), min_size=1, max_size=200
)


def value(metric, current, reference):
    return float(compute(metric, *pair(current, reference)).values[0])


def floored_shares(current, reference):
    """Shares of each category of both lists, floored, with null as a category of its own."""
    names = {*current, *reference}
    sides = [np.array([max(rows.count(name) / len(rows), FLOOR) for name in names]) for rows in (current, reference)]
    return [side / side.sum() for side in sides]


def novelty_free(reference):
    """Reference rows of which none is the only one of its kind, so that nothing is expected to be unseen."""
    return [row for row in reference for _ in range(2)]


@laws
@given(words, words)
def test_on_categories_distances_are_those_of_scipy_and_the_formulas(current, reference):
    reference = novelty_free(reference)
    if not any(reference):
        return
    current = [row if row in reference or row is None else "new" for row in current]
    p, q = floored_shares(current, reference)
    expected = {
        "jensen_shannon": jensenshannon(p, q, base=2) ** 2,
        "jensen_shannon_distance": jensenshannon(p, q, base=2),
        "hellinger": math.sqrt(max(1 - np.sum(np.sqrt(p * q)), 0.0)),
        "total_variation": np.abs(p - q).sum() / 2,
    }
    for metric, exact in expected.items():
        assert value(metric, current, reference) == pytest.approx(np.nan_to_num(exact), abs=2e-7), metric


@laws
@given(st.lists(st.integers(20, 400), min_size=2, max_size=8), st.lists(st.integers(20, 400), min_size=2, max_size=8))
def test_the_g_test_is_scipys_where_all_groups_are_large(now, before):
    size = min(len(now), len(before))
    now, before = now[:size], before[:size]
    rows = [[f"c{i}" for i, count in enumerate(side) for _ in range(count)] for side in (now, before)]
    found = compute("g_test", *pair(*rows))
    pooled = np.add(now, before) / (sum(now) + sum(before)) * min(sum(now), sum(before))
    if pooled.min() < SMALLEST_EXPECTED:
        return
    exact = stats.chi2_contingency(np.array([now, before]), correction=False, lambda_="log-likelihood")
    assert found.values[0] == pytest.approx(exact.statistic, abs=1e-9)
    assert found.p[0] == pytest.approx(exact.pvalue, rel=1e-6, abs=1e-12)


def mid_ranks(values, reference):
    """Mid-ranks of values among the rows of the reference, from 0 to 1."""
    ordered = np.sort(reference)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2 / len(ordered)


@laws
@given(numbers, numbers)
def test_wasserstein_is_scipys_on_ranked_rows_within_its_bound(current, reference):
    a, b = ([row for row in side if row is not None] for side in (current, reference))
    if not a or not b:
        return
    now, before, binning = pair(current, reference)
    exact = stats.wasserstein_distance(mid_ranks(a, b), mid_ranks(b, b))
    p, q = (side.counts[0, :256] / side.counts[0, :256].sum() for side in (now, before))
    loose = ~binning.single[0]
    bound = (q * (p + q))[loose].sum() / 2
    assert abs(compute("wasserstein", now, before, binning).values[0] - exact) <= bound + 1e-9


@pytest.mark.parametrize("shift", [0.0, 0.2, 1.0])
def test_on_many_rows_the_wasserstein_bound_is_small(shift):
    rng = np.random.default_rng(2)
    reference, current = rng.lognormal(size=50_000), rng.lognormal(shift, size=5_000)
    exact = stats.wasserstein_distance(mid_ranks(current, reference), mid_ranks(reference, reference))
    assert value("wasserstein", current, reference) == pytest.approx(exact, abs=0.004)


@pytest.mark.parametrize("metric", list(METHODS))
@laws
@given(numbers, numbers)
def test_values_lie_in_their_range(metric, current, reference):
    found = compute(metric, *pair(current, reference))
    top = {"g_test": math.inf, "wasserstein": 0.5 + 1e-9}.get(metric, 1 + 1e-9)
    assert math.isnan(found.values[0]) or 0 <= found.values[0] <= top
    assert math.isnan(found.p[0]) or 0 <= found.p[0] <= 1
    assert math.isnan(found.chance[0]) or found.chance[0] >= 0


@pytest.mark.parametrize("metric", list(METHODS))
@laws
@given(numbers)
def test_a_window_that_is_the_reference_has_not_moved(metric, rows):
    found = compute(metric, *pair(rows, rows))
    assert math.isnan(found.values[0]) or found.values[0] == pytest.approx(0.0, abs=2e-7)


@pytest.mark.parametrize("metric", UNITS)
@laws
@given(words, words)
def test_distances_treat_both_sides_alike(metric, a, b):
    base = ["a", "b", "c", "d", "e"] * 2
    binning = fit({X: column(base)})
    p, q = (profile(binning, {X: column([*side, "a"])}) for side in (a, b))
    there, back = (compute(metric, *sides, binning).values[0] for sides in ((p, q), (q, p)))
    assert there == pytest.approx(back, abs=1e-9)


def test_one_outlier_neither_hides_nor_fakes_a_drift():
    rng = np.random.default_rng(3)
    reference, same, moved = rng.normal(size=20_000), rng.normal(size=2_000), rng.normal(0.5, 1, size=2_000)
    for metric in METHODS:
        for rows in (same, moved):
            plain, spoilt = (compute(metric, *pair(side, reference)) for side in (rows, [*rows, 1e6]))
            assert spoilt.values[0] == pytest.approx(plain.values[0], rel=0.05, abs=0.002 if metric != "g_test" else 1)
            if np.isfinite(plain.p[0]):
                assert (spoilt.p[0] < 1e-6) == (plain.p[0] < 1e-6) == (rows is moved)


@pytest.mark.parametrize("metric", [name for name in FACTS if FACTS[name].threshold_warning])
def test_thresholds_are_where_a_normal_column_has_psi_of_a_tenth_and_a_quarter(metric):
    normal = stats.norm()
    reference = normal.ppf((np.arange(200_000) + 0.5) / 200_000)
    facts = FACTS[metric]
    for shift, threshold in ((0.1**0.5, facts.threshold_warning), (0.5, facts.threshold_critical)):
        assert value(metric, reference + shift, reference) == pytest.approx(threshold, rel=0.12)


WORLDS = {
    "numbers": lambda rng, n: rng.normal(size=n),
    "counts": lambda rng, n: rng.poisson(1.5, size=n).astype(float),
    "nulls": lambda rng, n: np.where(rng.random(n) < 0.1, np.nan, rng.exponential(size=n)),
    "two": lambda rng, n: rng.choice(["a", "b"], p=[0.8, 0.2], size=n).tolist(),
    "five": lambda rng, n: rng.choice(list("abcde"), size=n).tolist(),
    "twenty": lambda rng, n: rng.choice([f"c{i}" for i in range(20)], p=np.arange(1, 21) / 210, size=n).tolist(),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_chance_is_what_99_of_100_windows_without_drift_stay_under(world):
    """1,000 windows of 1,000 rows against 20,000: one in 100 is above chance, three at most, and p is as uniform."""
    rng = np.random.default_rng(4)
    before = {X: column(world(rng, 20_000))}
    binning = fit(before)
    reference = profile(binning, before)
    windows = [profile(binning, {X: column(world(rng, 1_000))}) for _ in range(1_000)]
    for metric in METHODS:
        found = [compute(metric, window, reference, binning) for window in windows]
        values, chance, p = (np.array([getattr(each, name)[0] for each in found]) for name in ("values", "chance", "p"))
        if np.isnan(values).all():
            assert not binning.numeric[0]
            continue
        assert np.mean(values > chance) <= 0.02, metric
        assert np.mean(p[~np.isnan(p)] < 0.01) <= 0.02 if metric != "total_variation" else np.isnan(p).all(), metric
        if metric != "wasserstein" or len(set(np.flatnonzero(reference.counts[0]))) > 100:
            assert np.quantile(values, 0.99) >= 0.8 * np.median(chance), metric


def test_the_tail_of_the_bridge_is_that_of_simulated_ones():
    rng = np.random.default_rng(5)
    steps = 256
    walks = np.cumsum(rng.normal(size=(40_000, steps)) / math.sqrt(steps), axis=1)
    bridges = walks - np.arange(1, steps + 1) / steps * walks[:, -1:]
    found = np.abs(bridges).mean(axis=1)
    for share in (0.9, 0.5, 0.1, 0.01, 0.002):
        at = np.quantile(found, 1 - share)
        assert bridge_tail(np.array([at]))[0] == pytest.approx(share, rel=0.04 + 3 / math.sqrt(40_000 * share))


def test_dependent_rows_widen_chance():
    rng = np.random.default_rng(6)
    now, before, binning = pair(rng.normal(0.1, 1, size=2_000), rng.normal(size=20_000))
    four = np.array([4.0])
    effect = Dependence(40, np.array([[4.0, 0.0, 4.0]]), four, four, four)
    for metric in METHODS:
        plain, wide = compute(metric, now, before, binning), compute(metric, now, before, binning, effect)
        if metric == "g_test":
            assert wide.values[0] == pytest.approx(plain.values[0] / 4)
        else:
            assert wide.chance[0] > plain.chance[0] * 1.9
        assert math.isnan(plain.p[0]) or wide.p[0] > plain.p[0]


def test_columns_are_computed_at_once_and_empty_ones_are_nan():
    empty = pair([1.0, 2.0], [3.0, 4.0])
    nothing = profile(empty[2], {})
    for metric in METHODS:
        assert np.isnan(compute(metric, nothing, empty[1], empty[2]).values).all()
    now, before, binning = pair(["a"] * 50, ["a", "b"] * 50)
    assert isinstance(binning.columns[0].bins, CategoryBinning)
    assert np.isnan(compute("wasserstein", now, before, binning).values[0])
    assert grouped(now.counts, before.counts, binning).freedom[0] == 1
    assert wasserstein(np.zeros((1, 256)), np.ones((1, 256)))[0] == 0.0


def test_an_unknown_method_is_refused_with_what_comes_near():
    with pytest.raises(InvalidRequest, match="did you mean jensen_shannon"):
        compute("jensen_shanon", *pair([1.0], [1.0]))
    with pytest.raises(ValueError, match="cannot be compared"):
        compute("hellinger", pair([1.0], [1.0])[0], *pair([2.0], [2.0])[1:])


def test_every_method_says_what_it_is():
    assert set(FACTS) == set(METHODS)
    assert all(facts.citation and facts.groups and facts.label for facts in FACTS.values())
