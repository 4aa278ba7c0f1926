import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from modelwatch.core.level import ORDER, Level
from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.chi_square import chi_square_p
from modelwatch.monitors.drift.rates import rate_p
from modelwatch.profiles import CategoryValues, fit, profile
from tests.monitors.drift.frames import X, pair


@pytest.mark.parametrize(
    ("a", "n", "b", "m"),
    [(0, 1000, 0, 1000), (1, 1000, 0, 100_000), (30, 2000, 100, 100_000), (5, 300, 200, 20_000), (0, 500, 900, 9000)],
)
def test_rare_rates_agree_with_fisher(a, n, b, m):
    found = rate_p(*(np.array([float(x)]) for x in (a / n, b / m, n, m)))[0]
    exact = stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue
    assert exact / 2.5 <= found <= min(exact * 2.5, 1.0) + 1e-9


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60), st.integers(60, 5_000), st.integers(0, 60), st.integers(60, 50_000))
def test_of_rare_rows_it_is_the_exact_binomial_test(a, n, b, m):
    found = rate_p(*(np.array([float(x)]) for x in (a / n, b / m, n, m)))[0]
    if a + b == 0 or (a == n and b == m):
        assert found == 1.0
    elif (a + b) / (n + m) <= 0.5:
        low, high = stats.binom.cdf(a, a + b, n / (n + m)), stats.binom.sf(a - 1, a + b, n / (n + m))
        assert found == pytest.approx(min(2 * min(low, high), 1.0), rel=1e-6)


def test_rows_beyond_the_reference_come_as_often_as_order_statistics_say():
    """The share beyond the extremes of m rows is Beta(2, m - 1): the test keeps its level whatever the column."""
    rng = np.random.default_rng(13)
    n, m, rounds = 1_000, 1_000, 20_000
    outside = rng.binomial(n, rng.beta(2, m - 1, rounds))
    p = rate_p(outside / n, np.zeros(rounds), np.full(rounds, float(n)), np.full(rounds, float(m)), 1.0)
    for level in (0.05, 0.01, 0.001):
        assert np.mean(p <= level) <= level + 3 * np.sqrt(level / rounds)
    assert np.mean(p <= 0.05) > 0.005


@pytest.mark.parametrize(
    ("kind", "now", "before"),
    [
        ("nans", [float("nan")] * 40, []),
        ("infinite", [float("inf")] * 40, []),
        ("outside", [99.0] * 40, []),
        ("nulls", [None] * 40, []),
        ("nans", [float("nan")] * 40, [None] * 800),
    ],
)
def test_each_kind_is_seen_by_its_own_name(kind, now, before):
    base = [float(i % 977) / 977 for i in range(20_000)]
    table = check(*pair(now + base[: 1_000 - len(now)], before + base))
    assert getattr(table, kind)[0] == pytest.approx(0.04)
    assert ORDER[getattr(table, f"{kind}_levels")[0]] is Level.WARNING
    assert ORDER[table.levels[0]].raised


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_common_rates_are_never_surer_than_the_exact_test(share):
    n, m = 1000, 5000
    for points in (-0.08, -0.03, 0.0, 0.03, 0.08):
        a, b = round((share + points) * n), round(share * m)
        found = rate_p(*(np.array([float(x)]) for x in (a / n, b / m, n, m)))[0]
        assert found >= stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue * 0.9


def test_chi_square_is_scipys_where_all_groups_are_large():
    now, before = np.array([[50.0, 70, 80, 0]]), np.array([[400.0, 300, 300, 0]])
    found = chi_square_p(now, before, np.array([200.0]), np.array([1000.0]))[0]
    expected = stats.chi2_contingency(np.array([now[0, :3], before[0, :3]]), correction=False).pvalue
    assert found == pytest.approx(expected)


def test_small_groups_are_pooled():
    now = np.array([[100.0, 90, 3, 3, 4]])
    before = np.array([[1000.0, 900, 40, 30, 30]])
    found = chi_square_p(now, before, np.array([200.0]), np.array([2000.0]))[0]
    table = np.array([[100, 90, 10], [1000, 900, 100]])
    assert found == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_groups_that_cannot_be_told_say_nothing():
    assert chi_square_p(np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1), np.zeros(1))[0] == 1.0
    assert chi_square_p(np.array([[5.0, 0]]), np.array([[9.0, 0]]), np.array([5.0]), np.array([9.0]))[0] == 1.0


@pytest.mark.parametrize(("share", "level"), [(0.03, Level.OK), (0.05, Level.WARNING), (0.12, Level.CRITICAL)])
def test_nulls_are_raised_by_points(share, level):
    reference = [None if i % 100 < 3 else float(i % 977) for i in range(20_000)]
    current = [None if i / 10_000 < share else float(i * 7 % 977) for i in range(10_000)]
    table = check(*pair(current, reference))
    assert table.nulls[0] == pytest.approx(share)
    assert table.nulls_before[0] == pytest.approx(0.03)
    assert ORDER[table.nulls_levels[0]] is level
    assert ORDER[table.levels[0]] is level


def test_unseen_categories_are_raised_by_points():
    reference = ["a", "b", "c", "d"] * 2_500
    table = check(*pair(["a", "b", "c", "d"] * 480 + ["new"] * 80, reference))
    assert table.unseen[0] == pytest.approx(0.04)
    assert ORDER[table.unseen_levels[0]] is Level.WARNING


def test_names_that_are_always_new_are_no_drift():
    """Of a column in which most names occur once, a fresh sample is mostly unseen: nothing has changed."""
    rng = np.random.default_rng(12)
    reference = [f"user {i}" for i in rng.integers(0, 50_000, 20_000)]
    current = [f"user {i}" for i in rng.integers(0, 50_000, 3_000)]
    table = check(*pair(current, reference))
    assert table.unseen[0] > 0.6
    assert table.unseen_before[0] == pytest.approx(table.unseen[0], abs=0.03)
    assert ORDER[table.levels[0]] in (Level.OK, Level.NOTICE)


@pytest.mark.parametrize(
    ("names", "exponent", "m", "n"),
    [(5_000, 0.0, 20_000, 2_000), (1_000, 1.0, 1_000, 10_000), (1_000, 1.5, 1_000, 2_000), (100, 0.0, 20_000, 2_000)],
)
def test_the_most_frequent_of_many_names_are_not_taken_at_their_luck(names, exponent, m, n):
    """The largest counts of a reference are partly luck: a window without drift has fewer of those names."""
    rng = np.random.default_rng(14)
    shares = np.arange(1, names + 1) ** -exponent
    shares /= shares.sum()
    words = [f"w{i}" for i in range(names)]
    found = 0
    for _ in range(6):
        reference = {X: CategoryValues(rng.choice(names, m, p=shares).astype(np.int32), words)}
        binning = fit(reference)
        before = profile(binning, reference)
        for _ in range(20):
            now = profile(binning, {X: CategoryValues(rng.choice(names, n, p=shares).astype(np.int32), words)})
            found += check(now, before, binning).test_p[0] < 0.01
    assert found <= stats.binom.isf(1e-3, 120, 0.01)


def test_a_shift_among_many_even_names_is_seen():
    rng = np.random.default_rng(15)
    words = [f"w{i}" for i in range(100)]
    reference = {X: CategoryValues(rng.integers(0, 100, 20_000).astype(np.int32), words)}
    binning = fit(reference)
    weights = np.where(np.arange(100) % 2 == 0, 1.5, 0.5) / 100
    order = [words.index(name) for name in binning.columns[0].bins.categories]
    drawn = np.array(order)[rng.choice(100, 2_000, p=weights)].astype(np.int32)
    table = check(profile(binning, {X: CategoryValues(drawn, words)}), profile(binning, reference), binning)
    assert table.test_p[0] < 1e-6
