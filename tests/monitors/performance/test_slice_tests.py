"""Every test and interval against scipy or its own definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelwatch.monitors.performance.loss_sums import LossSums, joined, loss_sums
from modelwatch.monitors.performance.slice_tests import (
    clustered,
    excess_interval,
    pooled_p,
    student_points,
    welch_p,
    worse_p,
)
from modelwatch.monitors.tails import student_tail


def sums(*groups, weights=None) -> LossSums:
    """The sums of some groups of rows."""
    codes = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
    return loss_sums(np.concatenate(groups).astype(float), codes, len(groups), weights)


def test_student():
    t = np.linspace(-6, 40, 300)
    for df in (1.0, 2.5, 10.0, 1e3, 1e6):
        np.testing.assert_allclose(student_tail(t, np.full(len(t), df)), stats.t.sf(t, df), rtol=1e-7, atol=1e-300)
    df = np.array([1.0, 3.0, 30.5, 1e5])
    for tail in (0.2, 0.025, 1e-6):
        np.testing.assert_allclose(student_points(tail, df), stats.t.isf(tail, df), rtol=1e-6)
    assert student_tail(np.array([np.inf, -np.inf, 0.0]), np.ones(3)).tolist() == [0.0, 1.0, 0.5]


def test_a_slice_that_is_much_better_is_no_worse():
    slice_, others = (sums(np.repeat([1.0, 0.0], counts)) for counts in ([2_000, 48_000], [18_000, 132_000]))
    assert worse_p(slice_, others, binary=True).tolist() == [1.0]


@pytest.mark.parametrize("seed", range(5))
def test_means_against_scipy(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.gamma(2, 1.3, 80), rng.gamma(1, 2, 400)
    both = sums(a, b)
    one, other = both[np.array([0])], both[np.array([1])]
    assert welch_p(one, other)[0] == pytest.approx(stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue)
    z = stats.ttest_ind(a, b, alternative="greater").statistic
    n = len(a) + len(b)
    # the pooled variance of all rows about their common mean instead of each side's own
    z *= np.sqrt((n - 1) / (n - 2 + z * z))
    assert pooled_p(one, other)[0] == pytest.approx(stats.norm.sf(z))
    assert worse_p(one, other, binary=False)[0] == max(welch_p(one, other)[0], pooled_p(one, other)[0])


def test_errors_against_fisher():
    rng = np.random.default_rng(3)
    a, b = rng.random(60) < 0.4, rng.random(900) < 0.2
    both = sums(a, b)
    table = [[a.sum(), (~a).sum()], [b.sum(), (~b).sum()]]
    got = worse_p(both[np.array([0])], both[np.array([1])], binary=True)[0]
    assert got == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue)


def test_newcombes_example():
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 is between .0524 and .3339."""
    a, b = np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32])
    both = sums(a, b)
    low, high = excess_interval(both[np.array([0])], both[np.array([1])], binary=True, miss=0.025)
    assert (low[0], high[0]) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_welchs_interval_against_scipy():
    rng = np.random.default_rng(4)
    a, b = rng.normal(2, 1, 40), rng.normal(1.5, 3, 90)
    both = sums(a - a.min() + 1, b - a.min() + 1)
    low, high = excess_interval(both[np.array([0])], both[np.array([1])], binary=False, miss=0.025)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), rel=1e-6)


def test_a_cluster_of_one_row_is_a_row():
    rng = np.random.default_rng(5)
    a, b = rng.gamma(2, 1, 300), rng.gamma(2, 0.8, 500)
    rows = np.zeros((2, 800)), np.zeros((2, 800))
    rows[0][:, :300] = np.ones(300), a
    rows[1][:, 300:] = np.ones(500), b
    p, error, df = clustered(*rows)
    assert error == pytest.approx(np.sqrt(a.var() / 300 + b.var() / 500), rel=2e-3)
    assert df == 299
    welch = stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue
    assert 0.9 * welch < p < 2 * welch


def test_what_a_cluster_does_to_both_sides_cancels():
    rng = np.random.default_rng(6)
    level = rng.normal(10, 5, 50)
    rows, others = np.stack([np.full(50, 20.0), 20 * level + 1]), np.stack([np.full(50, 80.0), 80 * level])
    p, error, _ = clustered(rows, others)
    assert error == pytest.approx(0.0, abs=1e-9)
    alone = np.stack([np.full(50, 20.0), 20 * rng.permutation(level) + 1])
    assert clustered(alone, others)[1] > 0.5
    assert p < clustered(alone, others)[0]


@pytest.mark.parametrize("rows", [np.zeros((2, 4)), np.array([[9.0, 0, 0, 0], [5.0, 0, 0, 0]])])
def test_under_two_clusters_nothing_is_certain(rows):
    assert clustered(rows, np.ones((2, 4)))[0] == 1.0


def test_scale_of_weights_is_nothing_and_uneven_ones_cost():
    rng = np.random.default_rng(7)
    a, b = rng.gamma(2, 1, 100), rng.gamma(2, 0.8, 300)
    one, other = np.array([0]), np.array([1])
    plain = sums(a, b)
    for weights in (np.ones(400), np.full(400, 7.0)):
        weighted = sums(a, b, weights=weights)
        assert welch_p(weighted[one], weighted[other])[0] == pytest.approx(welch_p(plain[one], plain[other])[0])
    uneven = sums(a, b, weights=rng.choice([1.0, 9.0], 400))
    assert uneven.rows[0] < 80


def test_sums_add_up():
    rng = np.random.default_rng(8)
    loss, codes, weight = rng.gamma(2, 1, 200), rng.integers(0, 3, 200), rng.uniform(1, 3, 200)
    first, second, every = (
        loss_sums(loss[part], codes[part], 3, weight[part]) for part in (slice(90), slice(90, 200), slice(200))
    )
    for name in ("weight", "weight_sq", "loss", "loss_sq"):
        np.testing.assert_allclose(getattr(first + second, name), getattr(every, name))
        np.testing.assert_allclose(getattr(every - second, name), getattr(first, name))
        assert len(getattr(joined([first, second]), name)) == 6
    assert len(joined([]).weight) == 0
    constant = sums(np.full(9, 0.1), np.full(1, 5.0))
    assert constant.variance.tolist() == [0.0, 0.0]
