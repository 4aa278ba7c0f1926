"""The functions that make one number of many rows, weighted, and the influence that each row has on it.

The influence function of a statistic (Hampel 1974) is its derivative to a row's weight. A row of weight w counts as w
rows: it stands for those that a sampler left out. With weights that are all 1, the values are those of plain SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from modelwatch.monitors.custom.values import Floats, Kind

NORMAL_95: Final = 1.959964
MIN_VALUES: Final = 10
"""Different values that there have to be around a quantile."""

Value = Callable[[Floats, Floats, Floats | None, float], float]
Influence = Callable[[Floats, Floats, Floats | None, float, float], Floats]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A statistic of the rows for which all arguments have a value and the filter is true.

    `value(x, y, w, q)` and `influence(x, y, w, q, value)`: float64 arrays [rows], at least one row; y is x unless it
    `takes` two, w is None where all weights are 1, q is the fraction of a quantile. NaN is null. `influence` is None
    where a normal interval would be wrong.
    """

    name: str
    takes: int
    value: Value
    influence: Influence | None
    quantile: bool = False
    empty: float | None = None


def _total(w: Floats | None, rows: int) -> float:
    return float(rows) if w is None else float(w.sum())


def _mean(x: Floats, w: Floats | None) -> float:
    return float(x.mean()) if w is None else float(w @ x / w.sum())


def _weighted(influence: Floats, w: Floats | None) -> Floats:
    return influence if w is None else influence * w


def count(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """How many rows."""
    return _total(w, len(x))


def total(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """The sum."""
    return float(x.sum()) if w is None else float(w @ x)


def mean(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """The mean."""
    return _mean(x, w)


def variance(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """The population's variance."""
    return _mean((x - _mean(x, w)) ** 2, w)


def sample_variance(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """The variance, divided by the rows less one; NaN for one row."""
    return variance(x, y, w, q) * len(x) / (len(x) - 1) if len(x) > 1 else np.nan


def correlation(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """Pearson's correlation; NaN when one of them does not vary."""
    dx, dy = x - _mean(x, w), y - _mean(y, w)
    spread = np.sqrt(_mean(dx**2, w) * _mean(dy**2, w))
    return _mean(dx * dy, w) / float(spread) if spread > 0 else np.nan


def quantile(x: Floats, y: Floats, w: Floats | None, q: float) -> float:
    """The quantile, between two values by their distance; with weights the least value at which they reach q."""
    if w is None:
        return float(np.quantile(x, q))
    order = np.argsort(x, kind="stable")
    reached = np.cumsum(w[order])
    return float(x[order][min(int(np.searchsorted(reached, q * reached[-1] * (1 - 1e-12))), len(x) - 1)])


def _count_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    return _weighted(np.ones(len(x)), w)


def _sum_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    return _weighted(x, w)


def _mean_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    return _weighted(x - value, w) / _total(w, len(x))


def _variance_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    return _weighted((x - _mean(x, w)) ** 2 - value, w) / _total(w, len(x))


def _deviation_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    if value <= 0:
        return np.zeros(len(x))
    return _variance_influence(x, y, w, q, value**2) / (2 * value)


def _correlation_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    dx, dy = x - _mean(x, w), y - _mean(y, w)
    zx, zy = dx / np.sqrt(_mean(dx**2, w)), dy / np.sqrt(_mean(dy**2, w))
    return _weighted(zx * zy - value * (zx**2 + zy**2) / 2, w) / _total(w, len(x))


def _quantile_influence(x: Floats, y: Floats, w: Floats | None, q: float, value: float) -> Floats:
    """By the slope of the quantiles around q (Siddiqui 1960), over the share of rows of Hall and Sheather (1988).

    0 for numbers of few values, whose quantiles jump.
    """
    nothing = np.zeros(len(x))
    rows = float(len(x)) if w is None else float(w.sum() ** 2 / (w @ w))
    if not (0 < q < 1 and rows >= 1):
        return nothing
    near = _near(q, rows)
    low, high = max(q - near, 0.0), min(q + near, 1.0)
    first, last = quantile(x, y, w, low), quantile(x, y, w, high)
    if len(np.unique(x[(x >= first) & (x <= last)])) < MIN_VALUES:
        return nothing
    slope = (last - first) / (high - low)
    return _weighted(np.where(x <= value, q - 1.0, q) * slope, w) / _total(w, len(x))


def _near(q: float, rows: float) -> float:
    """The share of rows to each side of a quantile, best for an interval of 95 %."""
    normal = NormalDist()
    z = normal.inv_cdf(q)
    return float((1.5 * NORMAL_95**2 * normal.pdf(z) ** 2 / (2 * z**2 + 1) / rows) ** (1 / 3))


def _root(of: Value) -> Value:
    return lambda x, y, w, q: float(np.sqrt(of(x, y, w, q)))


AGGREGATES: Final = {
    aggregate.name: aggregate
    for aggregate in (
        Aggregate("count", 1, count, _count_influence, empty=0.0),
        Aggregate("sum", 1, total, _sum_influence),
        Aggregate("avg", 1, mean, _mean_influence),
        Aggregate("mean", 1, mean, _mean_influence),
        Aggregate("min", 1, lambda x, y, w, q: float(x.min()), None),
        Aggregate("max", 1, lambda x, y, w, q: float(x.max()), None),
        Aggregate("median", 1, lambda x, y, w, q: quantile(x, y, w, 0.5), _quantile_influence),
        Aggregate("quantile_cont", 1, quantile, _quantile_influence, quantile=True),
        Aggregate("stddev", 1, _root(sample_variance), _deviation_influence),
        Aggregate("stddev_samp", 1, _root(sample_variance), _deviation_influence),
        Aggregate("stddev_pop", 1, _root(variance), _deviation_influence),
        Aggregate("variance", 1, sample_variance, _variance_influence),
        Aggregate("var_samp", 1, sample_variance, _variance_influence),
        Aggregate("var_pop", 1, variance, _variance_influence),
        Aggregate("corr", 2, correlation, _correlation_influence),
    )
}
DISTINCT: Final = Aggregate("count distinct", 1, lambda x, y, w, q: float(len(np.unique(x))), None, empty=0.0)
"""How many different values; weights do not matter."""
KINDS: Final = {
    "count": frozenset(Kind),
    "count distinct": frozenset(Kind),
    "sum": frozenset({Kind.NUMBER, Kind.BOOLEAN}),
    "avg": frozenset({Kind.NUMBER, Kind.BOOLEAN}),
    "mean": frozenset({Kind.NUMBER, Kind.BOOLEAN}),
}
"""What an aggregate can be taken of; all others of numbers only."""
