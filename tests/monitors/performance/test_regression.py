"""Metrics of numbers are those of scikit-learn on the rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_predict

from modelwatch.monitors.performance import METRICS, error_histogram, metrics_of, regression
from modelwatch.profiles.outcomes import Rows, merge
from tests.monitors.performance.rows import by_name, outcomes_of


def drawn(seed: int, n: int, centre: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = centre + random.normal(0, 2, n)
    return truth + random.standard_t(6, n), truth


def found_of(value: np.ndarray, truth: np.ndarray, weight: np.ndarray | None = None) -> dict:
    return by_name(regression(outcomes_of(Rows(weight=weight, value=value, truth=truth))))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_equal_to_scikit_learn(seed: int, weighted: bool) -> None:
    value, truth = drawn(seed, 3_000)
    weight = np.random.default_rng(seed).integers(1, 5, 3_000).astype(float) if weighted else None
    found = found_of(value, truth, weight)
    assert tuple(found) == tuple(fact.name for fact in metrics_of("regression"))
    w = {"sample_weight": weight}
    exact = {
        "mae": sk.mean_absolute_error(truth, value, **w),
        "rmse": sk.root_mean_squared_error(truth, value, **w),
        "mape": sk.mean_absolute_percentage_error(truth, value, **w),
        "r2": sk.r2_score(truth, value, **w),
        "bias": np.average(value - truth, weights=weight),
        "smape": np.average(2 * abs(value - truth) / (abs(value) + abs(truth)), weights=weight),
    }
    for name, each in exact.items():
        assert found[name].value == pytest.approx(each, rel=1e-10), name
        assert found[name].low < each < found[name].high
        assert METRICS[name].low <= found[name].low
    repeated = (value - truth) if weight is None else np.repeat(value - truth, weight.astype(int))
    for percent in (5, 25, 50, 75, 95):
        each = np.quantile(repeated, percent / 100, method="inverted_cdf")
        assert found[f"error_p{percent:02}"].value == pytest.approx(each, rel=0.0101)
    for percent in (50, 90):
        each = np.quantile(abs(repeated), percent / 100, method="inverted_cdf")
        assert found[f"absolute_error_p{percent}"].value == pytest.approx(each, rel=0.0101)


def test_diabetes_held_out() -> None:
    data = load_diabetes()
    value = cross_val_predict(LinearRegression(), data.data, data.target)
    found = found_of(value, data.target)
    assert found["r2"].value == pytest.approx(sk.r2_score(data.target, value))
    assert found["mae"].value == pytest.approx(sk.mean_absolute_error(data.target, value))
    assert found["absolute_error_p50"].value == pytest.approx(sk.median_absolute_error(data.target, value), rel=0.02)


@given(st.integers(0, 10**6), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_two_halves_together_are_the_whole(seed: int, n: int) -> None:
    value, truth = drawn(seed, n)
    half = n // 2
    parts = [outcomes_of(Rows(value=value[s], truth=truth[s])) for s in (slice(0, half), slice(half, n))]
    for one, other in zip(
        regression(merge(parts)), regression(outcomes_of(Rows(value=value, truth=truth))), strict=True
    ):
        for name in ("value", "error", "low", "high", "rows"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True, abs=1e-7, rel=1e-6)


def test_actuals_of_zero_leave_the_percentage_alone() -> None:
    found = found_of(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0]))
    assert found["mape"].value == pytest.approx(0.75)
    assert found["mape"].rows == 2
    found = found_of(np.zeros(5), np.zeros(5))
    assert math.isnan(found["mape"].value)
    assert found["mae"].value == found["smape"].value == found["rmse"].value == 0.0
    assert math.isnan(found["r2"].value)


def test_actuals_far_from_zero_keep_r2_and_its_error() -> None:
    near, far = (found_of(*drawn(1, 4_000, centre))["r2"] for centre in (0.0, 20_000.0))
    assert far.value == pytest.approx(near.value, abs=1e-6)
    assert far.error == pytest.approx(near.error, rel=0.5)
    assert math.isnan(found_of(*drawn(1, 4_000, 1e9))["r2"].value)


def test_not_a_number_is_left_out() -> None:
    value, truth = drawn(2, 100)
    value[:10], truth[10:30] = np.nan, np.nan
    assert found_of(value, truth)["mae"].rows == 70


def test_the_histogram_of_errors_holds_every_row() -> None:
    value, truth = drawn(3, 5_000)
    held = error_histogram(outcomes_of(Rows(value=value, truth=truth)))
    assert held.weight.sum() + held.below + held.above == 5_000
    assert 20 < held.below < 80
    assert (np.diff(held.edges) > 0).all()
    assert len(held.weight) == len(held.edges) - 1
    assert error_histogram(outcomes_of(Rows(value=truth, truth=truth))).weight.sum() == 5_000
    assert len(error_histogram(outcomes_of(Rows(value=truth[:0], truth=truth[:0]))).weight) == 0
