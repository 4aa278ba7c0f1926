"""Intervals and p-values against scipy and the tables of the papers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from modelwatch.monitors.fairness.compared import Compared, compared
from modelwatch.monitors.fairness.counts import Moments
from modelwatch.monitors.fairness.figures import made

GROUP, AGAINST = np.array([0]), np.array([1])


def rates(a: float, n: float, b: float, m: float) -> Compared:
    found = made({"rate": (np.array([a, b]), np.array([n, m]))}, 2, {})
    return compared(found, GROUP, AGAINST, 0, 0)


def means(*sides: np.ndarray) -> Compared:
    parts = (np.array(each) for each in zip(*((len(x), x.mean(), x.std(), len(x)) for x in sides), strict=True))
    return compared(made({}, 2, {"mean": Moments(*(part.astype(float) for part in parts))}), GROUP, AGAINST, 0, 0)


def test_the_share_of_one_group() -> None:
    found = made({"rate": (np.array([7.0, 0.0]), np.array([50.0, 0.0]))}, 2, {})
    exact = stats.binomtest(7, 50).proportion_ci(method="wilson")
    assert (found.interval.low[0, 0], found.interval.high[0, 0]) == pytest.approx((exact.low, exact.high))
    assert np.isnan([each[0, 1] for each in found.interval]).all()


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090), ((10, 10, 0, 10), 0.6075, 1.0)],
)
def test_differences_are_newcombes(counts: tuple[float, ...], low: float, high: float) -> None:
    """Table II, method 10."""
    found = rates(*counts).difference
    assert (found.low[0, 0], found.high[0, 0]) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("counts", [(12, 100, 30, 90), (30, 90, 12, 100), (90, 90, 45, 90)])
def test_ratios_are_katzs(counts: tuple[int, int, int, int]) -> None:
    a, n, b, m = counts
    smaller = (a, n, b, m) if a * m < b * n else (b, m, a, n)
    risk = stats.contingency.relative_risk(*smaller)
    interval = risk.confidence_interval()
    found = rates(*counts).ratio
    assert [each[0, 0] for each in found] == pytest.approx([risk.relative_risk, interval.low, interval.high])


def test_ratios_of_nothing() -> None:
    assert [rates(0, 50, 20, 50).ratio.value[0, 0], rates(20, 50, 0, 50).ratio.value[0, 0]] == [0.0, 0.0]
    assert 0 < rates(0, 50, 20, 50).ratio.high[0, 0] < 0.4
    assert np.isnan(rates(0, 50, 0, 50).ratio.value[0, 0])


@pytest.mark.parametrize("counts", [(1, 30, 20, 60), (29, 30, 20, 60), (5, 40, 50, 400), (0, 9, 0, 9)])
def test_equal_rates_are_tested_exactly(counts: tuple[int, int, int, int]) -> None:
    a, n, b, m = counts
    sides = [stats.fisher_exact([[a, n - a], [b, m - b]], alternative=side)[1] for side in ("less", "greater")]
    assert rates(*counts).p[0, 0] == pytest.approx(min(1.0, 2 * min(sides)))


def test_means_are_welchs_or_students_whichever_is_less_sure() -> None:
    random = np.random.default_rng(0)
    for spread in (0.3, 1.0, 4.0):
        a, b = random.normal(0, 1, 80), random.normal(0.4, spread, 30)
        welch, student = (stats.ttest_ind(a, b, equal_var=equal) for equal in (False, True))
        found = means(a, b)
        assert found.p[0, 0] == pytest.approx(max(welch.pvalue, student.pvalue), rel=1e-6)
        assert found.difference.value[0, 0] == pytest.approx(a.mean() - b.mean())
        assert found.difference.low[0, 0] == pytest.approx(welch.confidence_interval().low, abs=0.05 * spread)


def test_too_few_rows_are_no_evidence() -> None:
    assert means(np.array([1.0]), np.array([2.0, 3.0])).p[0, 0] == 1.0
    assert rates(0, 0, 5, 10).p[0, 0] == 1.0
