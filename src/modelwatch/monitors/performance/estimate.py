"""A figure with its standard error and 95 % interval, and the ways to such an interval.

`unit` is what one row weighs, effectively: the sum of squared weights over the sum of weights (Kish, Survey sampling,
1965), so that weight / unit are the effective rows; 1 where rows are not weighted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.profiles.outcomes import Total

Floats = NDArray[np.float64]

Z: Final = 1.959963984540054
"""Half of a 95 % interval in standard errors."""


class Estimate(NamedTuple):
    """A figure, its standard error, its 95 % interval and the effective rows behind it; NaN for what is not known."""

    value: float
    error: float
    low: float
    high: float
    rows: float

    def named(self, metric: str, cut: str = WHOLE, label: str = "") -> Measure:
        """As the measure of a metric."""
        return Measure(metric, *self, cut=cut, label=label)


def nothing(rows: float = 0.0) -> Estimate:
    """What is said where a figure does not exist."""
    return Estimate(math.nan, math.nan, math.nan, math.nan, rows)


def unit_of(totals: Floats) -> float:
    """What one row weighs, from sums by `Total`; 1 where there are no rows."""
    weight, squares = float(totals[Total.WEIGHT]), float(totals[Total.WEIGHT_SQ])
    return squares / weight if weight > 0 and squares > 0 else 1.0


def share(hits: float, of: float, unit: float = 1.0) -> Estimate:
    """A proportion with Wilson's score interval (J. Amer. Statist. Assoc. 22, 1927).

    The standard error is the interval's half width over `Z`: unlike Wald's it is never 0, so that a rate of 0 % of a
    few rows does not pass for certain.

    >>> low_to_high = share(8, 10)
    >>> round(low_to_high.low, 3), round(low_to_high.high, 3)
    (0.49, 0.943)
    """
    if of <= 0:
        return nothing()
    rows = of / unit
    p = min(max(hits / of, 0.0), 1.0)
    shrink = 1 + Z**2 / rows
    middle = (p + Z**2 / (2 * rows)) / shrink
    half = Z * math.sqrt(p * (1 - p) / rows + Z**2 / (4 * rows**2)) / shrink
    return Estimate(p, half / Z, min(max(middle - half, 0.0), p), max(min(middle + half, 1.0), p), rows)


def mean(total: float, squares: float, weight: float, unit: float, low: float = -math.inf) -> Estimate:
    """A weighted mean from the sums of values and of their squares; the normal interval, cut off at `low`."""
    rows = weight / unit
    if weight <= 0 or rows <= 1:
        return nothing(max(rows, 0.0))
    value = total / weight
    error = math.sqrt(max(squares / weight - value**2, 0.0) / (rows - 1))
    return Estimate(value, error, max(value - Z * error, low), value + Z * error, rows)


def within_01(value: float, error: float, rows: float, fewest: float) -> Estimate:
    """A figure between 0 and 1 with an interval that is even on the logit scale.

    At 0 or 1, where that scale ends, the interval is Wilson's for the `fewest` effective rows that the figure rests on.
    """
    if math.isnan(value):
        return nothing(rows)
    if error <= 0 or not 0 < value < 1:
        edge = share(value, 1.0, 1.0 / max(fewest, 1.0))
        return Estimate(value, max(error, edge.error), edge.low, edge.high, rows)
    middle, half = math.log(value / (1 - value)), Z * error / (value * (1 - value))
    return Estimate(value, error, logistic(middle - half), logistic(middle + half), rows)


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), for any x."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def above_0(value: float, error: float, rows: float) -> Estimate:
    """A figure above 0 with an interval that is even on the logarithmic scale."""
    if math.isnan(value) or value <= 0:
        return Estimate(value, error, value, value, rows)
    stretch = math.exp(min(Z * error / value, 700.0))
    return Estimate(value, error, value / stretch, value * stretch, rows)


def average(parts: Sequence[Estimate]) -> Estimate:
    """The mean of independent figures; limits by the square-and-add method (Newcombe, Statist. Med. 17, 1998)."""
    if not parts or any(math.isnan(part.value) for part in parts):
        return nothing()
    k = len(parts)
    value = sum(part.value for part in parts) / k
    below = math.sqrt(sum((part.value - part.low) ** 2 for part in parts)) / k
    above = math.sqrt(sum((part.high - part.value) ** 2 for part in parts)) / k
    error = math.sqrt(sum(part.error**2 for part in parts)) / k
    return Estimate(value, error, value - below, value + above, sum(part.rows for part in parts))
