"""The interval holds the true value about as often as it says, and is not given where it could not."""

from __future__ import annotations

import numpy as np
import pytest

from modelwatch.monitors.custom.check import plan
from modelwatch.monitors.custom.columns import ColumnInfo
from modelwatch.monitors.custom.compute import Rows
from modelwatch.monitors.custom.measure import Estimate, measure
from modelwatch.monitors.custom.values import Floats, Kind, Values

X, Y = ColumnInfo("feature", "x", Kind.NUMBER), ColumnInfo("feature", "y", Kind.NUMBER)
RUNS, ROWS = 500, 1_000


def of(expression: str, x: Floats, y: Floats, weights: Floats | None = None, size: int | None = None) -> list[Estimate]:
    """The metric of each `size` rows, of all if None."""
    columns = {info: Values(Kind.NUMBER, values, ~np.isnan(values)) for info, values in ((X, x), (Y, y))}
    size = size or len(x)
    windows = [slice(start, start + size) for start in range(0, len(x), size)]
    return measure(plan(expression, [X, Y]), Rows(columns, weights, len(x)), windows)


def samples() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(11)
    x = rng.gamma(4.0, 1.0, RUNS * ROWS)
    return x, np.where(rng.random(len(x)) < 0.1, np.nan, 2 * x + rng.normal(0, 2, len(x)))


TRUE = {
    "median(x)": 3.672061,
    "quantile_cont(x, 0.1)": 1.744770,
    "quantile_cont(x, 0.9)": 6.680783,
    "quantile_cont(x, 0.97) / median(x)": None,
    "avg(x)": 4.0,
    "var_pop(x)": 4.0,
    "stddev(x)": 2.0,
    "corr(x, y)": 4 / np.sqrt(20),
    "avg(y) / avg(x)": 2.0,
    "sum(x) filter (where y > 8) / sum(x)": None,
    "count(*) filter (where x > 4) / count(*)": None,
    "sqrt(avg(x * x)) - ln(avg(x))": np.sqrt(20) - np.log(4),
}


@pytest.mark.parametrize("expression", TRUE)
def test_it_holds_the_truth_as_often_as_it_says(expression: str) -> None:
    x, y = samples()
    truth = TRUE[expression]
    if truth is None:
        truth = of(expression, x, y)[0].value
    found = [one.interval for one in of(expression, x, y, size=ROWS) if one.interval is not None]
    assert len(found) > 0.85 * RUNS
    held = np.mean([low <= truth <= high for low, high in found])
    assert 0.92 <= held <= 0.975


def test_that_of_a_sum_counts_the_rows_as_chance_too() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(RUNS):
        x = rng.gamma(4.0, 1.0, rng.poisson(ROWS))
        interval = of("sum(x)", x, x)[0].interval
        assert interval is not None
        held += interval[0] <= 4.0 * ROWS <= interval[1]
    assert 0.92 <= held / RUNS <= 0.975


@pytest.mark.parametrize(("expression", "truth"), [("avg(x)", 4.0), ("median(x)", 3.672061)])
def test_it_is_wider_for_a_weighted_sample_and_still_holds_the_truth(expression: str, truth: float) -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(RUNS):
        x = rng.gamma(4.0, 1.0, 2_000)
        share = np.where(x > 6, 1.0, 0.1)
        taken = rng.random(len(x)) < share
        (estimate,) = of(expression, x[taken], x[taken], 1 / share[taken])
        assert estimate.interval is not None
        held += estimate.interval[0] <= truth <= estimate.interval[1]
    assert 0.92 <= held / RUNS <= 0.975


@pytest.mark.parametrize(
    "expression",
    [
        "max(x)",
        "median(floor(x))",
        "count(distinct x)",
        "avg(x) + min(x)",
        "avg(1)",
        "count(*) filter (where x > 1000)",
        "avg(case when x > 9999999 then 1 else 0 end)",
        "round(avg(x) / 1000)",
    ],
)
def test_none_is_given_where_it_could_not_hold(expression: str) -> None:
    x, y = samples()
    (estimate,) = of(expression, x[:ROWS], y[:ROWS])
    assert estimate.value is not None
    assert estimate.interval is None


def test_none_is_given_for_a_few_rows_or_when_a_few_carry_it() -> None:
    x = np.ones(500)
    x[:3] = 1e6
    assert of("sum(x)", x, x)[0].interval is None
    assert of("avg(x)", np.arange(9.0), np.arange(9.0))[0].interval is None
    assert of("quantile_cont(x, 0)", x, x)[0].interval is None
    assert of("quantile_cont(x, 0.99)", np.arange(500.0), x)[0].interval is None
    assert of("avg(x)", np.arange(40.0), np.arange(40.0))[0].interval is not None
