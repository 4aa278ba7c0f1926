"""Rows that have no usable value, or one that the reference never had: exact tests of how often.

    nulls      null, NaN, infinite or of another type: no usable value at all
    nans, infinite, mistyped      the same, each kind by itself (mistyped: the column's type has changed)
    outside    numbers beyond the smallest and largest one of the reference, vectors farther out than any of it
    unseen     categories that the reference never had

The test is the conditional one of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940): of all such rows
of window and reference together, those of the window are a binomial count. Its tail is exact; where such rows are
common the binomial is wider than the truth, so it errs on the quiet side.

Some are bound to come although nothing has changed. A new row lies beyond the extremes of m rows with probability
2 / (m + 1) (Wilks, Ann. Math. Statistics 12, 1941), and the share that does is Beta(2, m - 1): as many rows outside as
if the reference had one more. Categories that occur once in the reference foretell as many unseen ones (Good,
Biometrika 40, 1953); fewer than that, as when the same customers come again, are no change.

Defaults: +1 point warns, +5 points are critical, since a rate that small already costs a model accuracy, and smaller
ones are for the notice. Rows outside the range are often harmless and drift of the distribution has its own measure:
they are critical from +5 points on too, and warn from +1 point on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.groups import novelty
from modelwatch.monitors.tails import binomial_tails
from modelwatch.profiles import INFINITE, MISTYPED, NAN, NULL, Binning

Floats = NDArray[np.float64]

WARNING: Final = 0.01
CRITICAL: Final = 0.05
NORMAL_99: Final = 2.3263478740408408


@dataclass(frozen=True, slots=True)
class Rate:
    """One kind of row: its metric, what people call it, and what share of a column's allowance its test has."""

    metric: str
    label: str
    words: str
    numbers: float
    categories: float


NULLS: Final = Rate("nulls", "Rows without a value", "rows without a value", 0.01, 0.015)
NANS: Final = Rate("nans", "NaN", "rows with NaN", 0.005, 0.0)
INFINITES: Final = Rate("infinite", "Infinite", "rows with an infinite number", 0.005, 0.0)
MISTYPES: Final = Rate("mistyped", "Another type", "rows of another type", 0.005, 0.01)
OUTSIDE: Final = Rate("outside", "Outside the reference's range", "rows outside the reference's range", 0.015, 0.0)
NEW: Final = Rate("unseen", "Unseen categories", "rows with an unseen category", 0.0, 0.015)
RATES: Final = (NULLS, NANS, INFINITES, MISTYPES, OUTSIDE, NEW)
RATE_METRICS: Final = tuple(rate.metric for rate in RATES)


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Shares of rows [R, F] in window and reference in the order of `RATES`, what chance makes of them, the p-values of
    their differences; nan (p: 1) where a kind has no meaning for a column."""

    now: Floats
    before: Floats
    chance: Floats
    p: Floats


def rates(now: Floats, before: Floats, n: Floats, m: Floats, binning: Binning, thinned: Floats) -> Rates:
    """All rates of `plain` counts [F, WIDTH] worth n and m [F] rows; `thinned` [R, F] is how often a row counts."""
    a, b = shares_of(now, binning), shares_of(before, binning)
    unseen = len(RATES) - 1
    foretold = b.copy()
    foretold[unseen] = np.maximum(b[unseen], novelty(binning))
    b[unseen] = np.minimum(foretold[unseen], np.maximum(a[unseen], b[unseen]))  # fewer than foretold is no change
    pseudo = np.zeros((len(RATES), 1))
    pseudo[RATES.index(OUTSIDE)] = 1.0
    n, m = n / thinned, m / thinned
    p = np.ones(a.shape)
    known = ~np.isnan(a)
    p[known] = rate_p(a[known], b[known], n[known], m[known], np.broadcast_to(pseudo, a.shape)[known])
    return Rates(a, b, np.where(known, rate_chance(foretold, n, m, pseudo), np.nan), p)


def shares_of(counts: Floats, binning: Binning) -> Floats:
    """The share of rows [R, F] of each kind; 0 where a column has no rows, nan where the kind has no meaning."""
    rows = np.arange(len(binning))
    last = binning.size - 1
    numeric = binning.numeric | binning.vector
    ends = np.where(binning.size > 1, counts[:, 0] + counts[rows, last], 0.0)
    kinds = np.stack(
        (
            counts[:, NULL:].sum(axis=1),
            np.where(numeric, counts[:, NAN], np.nan),
            np.where(numeric, counts[:, INFINITE], np.nan),
            counts[:, MISTYPED],
            np.where(numeric, ends, np.nan),
            np.where(numeric, np.nan, counts[rows, last]),
        )
    )
    total = counts.sum(axis=1)
    answer: Floats = kinds / np.where(total > 0, total, 1.0)
    return answer


def rate_p(now: Floats, before: Floats, n: Floats, m: Floats, pseudo: Floats | float = 0.0) -> Floats:
    """The two-sided p-value that shares `now` of n rows and `before` of m rows (and `pseudo` rows more) are one rate.

    1 where rows lack. All arrays have one shape.
    """
    answer = np.ones(now.shape)
    pseudo = np.broadcast_to(np.asarray(pseudo, np.float64), now.shape)
    some = (n > 0) & (m > 0) & (np.maximum(now, before) > 0) & (np.minimum(now, before) < 1)
    if some.any():  # most columns have no such rows, and the tails are what costs
        now, before, n, m, pseudo = now[some], before[some], n[some], m[some], pseudo[some]
        common = (now * n + before * m) / (n + m) > 0.5
        a = np.where(common, 1 - now, now) * n  # count what is rarer
        b = np.where(common, 1 - before, before) * m + np.where(common, 0.0, pseudo)
        low, high = binomial_tails(a, a + b, n / (n + m))
        answer[some] = np.minimum(2 * np.minimum(low, high), 1.0)
    return answer


def rate_chance(before: Floats, n: Floats, m: Floats, pseudo: Floats | float = 0.0) -> Floats:
    """What the window's share stays under in 99 % of windows in which nothing has changed, about."""
    n, m = np.maximum(n, 1.0), np.maximum(m, 1.0)
    p = np.minimum((before * m + 0.5 + pseudo) / (m + 1), 1.0)
    answer: Floats = np.minimum(p + NORMAL_99 * np.sqrt(p * (1 - p) * (1 / n + 1 / m)), 1.0)
    return answer
