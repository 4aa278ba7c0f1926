"""The metrics of a model that predicts a number. Errors are prediction - actual.

Standard errors from the sums of squares and fourth powers (delta method). Quantiles of the error come from DDSketch
bins, 1 % of the error exact (Masson, Rim and Lee, VLDB 2019), with order-statistic limits (Woodruff, J. Amer. Statist.
Assoc. 47, 1952).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.estimate import Estimate, Z, above_0, mean, nothing, unit_of
from modelwatch.profiles.outcomes import Fact, Outcomes, Total
from modelwatch.profiles.outcomes.grids import error_values

Floats = NDArray[np.float64]

SIGNED: Final = {"error_p05": 0.05, "error_p25": 0.25, "error_p50": 0.5, "error_p75": 0.75, "error_p95": 0.95}
ABSOLUTE: Final = {"absolute_error_p50": 0.5, "absolute_error_p90": 0.9}
FAR_FROM_0: Final = 1e4
"""From this ratio of squared mean to variance on, fourth moments of the actuals are lost to rounding."""
LOST: Final = 1e12
"""From this one on their variance is."""


def regression(outcomes: Outcomes, cut: str = WHOLE) -> list[Measure]:
    """Every metric, in the order of `metrics.METRICS`; NaN where there is nothing to say."""
    totals = outcomes.totals(cut)
    unit = unit_of(totals)
    found = {
        "mae": averaged(totals, Total.ABSOLUTE, Total.ERROR_SQ, unit),
        "rmse": root_mean_square(totals, unit),
        "mape": averaged(totals, Total.PERCENT, Total.PERCENT_SQ, unit, Total.PERCENT_WEIGHT),
        "smape": averaged(totals, Total.SYMMETRIC, Total.SYMMETRIC_SQ, unit),
        "r2": determination(totals, unit),
        "bias": averaged(totals, Total.ERROR, Total.ERROR_SQ, unit, low=-math.inf),
        **quantiles(outcomes, cut, unit),
    }
    return [estimate.named(metric, cut) for metric, estimate in found.items()]


def averaged(
    totals: Floats, value: Total, squares: Total, unit: float, weight: Total = Total.WEIGHT, low: float = 0.0
) -> Estimate:
    """The mean of one sum."""
    return mean(float(totals[value]), float(totals[squares]), float(totals[weight]), unit, low)


def root_mean_square(totals: Floats, unit: float) -> Estimate:
    """The root of the mean squared error; its limits are even on the scale of its reciprocal.

    Large errors make both the figure and its error large; that scale makes up for it best.
    """
    squared = averaged(totals, Total.ERROR_SQ, Total.ERROR_4, unit)
    if math.isnan(squared.value) or squared.value <= 0:
        return squared
    value = math.sqrt(squared.value)
    error = squared.error / (2 * value)
    stretch = Z * error / value
    return Estimate(
        value, error, value / (1 + stretch), value / (1 - stretch) if stretch < 1 else math.inf, squared.rows
    )


def determination(totals: Floats, unit: float) -> Estimate:
    """R2, the share of the actuals' variance that the predictions explain; below 0 when they are worse than a constant.

    Each row moves it by ((1 - R2) d^2 - e^2) / variance, with e its error and d its distance from the mean. NaN when
    the actuals are constant, or so far from 0 that their variance is lost to rounding.
    """
    weight = float(totals[Total.WEIGHT])
    rows = weight / unit
    if weight <= 0 or rows <= 1:
        return nothing(max(rows, 0.0))
    names = Total.ACTUAL, Total.ACTUAL_SQ, Total.ACTUAL_3, Total.ACTUAL_4
    first, second, third, fourth = (float(totals[name]) / weight for name in names)
    variance = second - first**2
    if variance <= 0 or second > LOST * variance:
        return nothing(rows)
    lost = float(totals[Total.ERROR_SQ]) / weight / variance
    if second <= FAR_FROM_0 * variance:
        with_first, with_second = (
            float(totals[name]) / weight for name in (Total.ERROR_SQ_ACTUAL, Total.ERROR_SQ_ACTUAL_SQ)
        )
        mixed = with_second - 2 * first * with_first + first**2 * float(totals[Total.ERROR_SQ]) / weight
        around = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
        spread = float(totals[Total.ERROR_4]) / weight - 2 * lost * mixed + lost**2 * around
        error = math.sqrt(max(spread, 0.0) / (rows - 1)) / variance
    else:  # as for normal errors and actuals (Olkin and Finn, Psychol. Bull. 118, 1995)
        error = 2 * lost * math.sqrt(max(1 - lost, 0.0) / rows)
    rest = above_0(lost, error, rows)
    return Estimate(1 - lost, error, 1 - rest.high, 1 - rest.low, rows)


def quantiles(outcomes: Outcomes, cut: str, unit: float) -> dict[str, Estimate]:
    """Quantiles of the error and of its size."""
    bins, _, _, weights = outcomes.cells(Fact.ERROR, cut)
    values = error_values(bins)
    order = np.argsort(np.abs(values), kind="stable")
    return {
        **{metric: quantile(values, weights, q, unit) for metric, q in SIGNED.items()},
        **{metric: quantile(np.abs(values)[order], weights[order], q, unit) for metric, q in ABSOLUTE.items()},
    }


def quantile(values: Floats, weights: Floats, q: float, unit: float) -> Estimate:
    """The `q` quantile of ascending values; its limits are the quantiles at q -+ 1.96 sqrt(q (1 - q) / n)."""
    total = float(weights.sum())
    if total <= 0:
        return nothing()
    rows = total / unit
    half = Z * math.sqrt(q * (1 - q) / rows)
    shares = np.clip(np.array([q, q - half, q + half]), 0.0, 1.0)
    places = np.searchsorted(np.cumsum(weights), shares * total * (1 - 1e-12), side="left")
    value, low, high = values[np.minimum(places, len(values) - 1)].tolist()
    return Estimate(value, (high - low) / (2 * Z), low, high, rows)
