"""Rows without a usable value (null, NaN, infinite, mistyped) or with a category that was never seen.

The test is the conditional one of two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940): of all such
rows of window and reference together, those of the window are a binomial count. It is exact where such rows are rare
and errs on the quiet side where they are not. Defaults: +1 point warns, +5 points are critical, since a rate that
small already costs a model accuracy, and smaller ones are for the notice.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import binomial_tails

Floats = NDArray[np.float64]

WARNING: Final = 0.01
CRITICAL: Final = 0.05
NORMAL_99: Final = 2.3263478740408408


def rate_p(now: Floats, before: Floats, n: Floats, m: Floats) -> Floats:
    """The two-sided p-value [F] that shares `now` of n rows and `before` of m rows are one rate; 1 where rows lack."""
    answer = np.ones(len(now))
    some = np.flatnonzero((n > 0) & (m > 0) & (np.maximum(now, before) > 0) & (np.minimum(now, before) < 1))
    if len(some):  # most columns have no such rows, and the tails are what costs
        now, before, n, m = now[some], before[some], n[some], m[some]
        common = (now * n + before * m) / (n + m) > 0.5
        a = np.where(common, 1 - now, now) * n  # count what is rarer
        b = np.where(common, 1 - before, before) * m
        low, high = binomial_tails(a, a + b, n / (n + m))
        answer[some] = np.minimum(2 * np.minimum(low, high), 1.0)
    return answer


def rate_chance(before: Floats, n: Floats, m: Floats) -> Floats:
    """What the window's share stays under in 99 % of windows in which nothing has changed, about."""
    n, m = np.maximum(n, 1.0), np.maximum(m, 1.0)
    p = (before * m + 0.5) / (m + 1)
    return np.minimum(before + NORMAL_99 * np.sqrt(p * (1 - p) * (1 / n + 1 / m)), 1.0)
