"""The two-sample Kolmogorov-Smirnov test: the largest distance of two distribution functions.

(Smirnov, Estimate of deviation between empirical distribution functions, Bull. Moscow Univ. 2, 1939.) On bins, the
distance is known exactly at every edge. Inside a bin of several values it can be larger, by no more than the
reference's share in that bin. What is given is the smallest distance that is within 1/256 of all that the rows can
have, so the error is at most 1/256 whenever no such bin holds more than 2/256 of the reference; the binning sees to
that (references of 255 to 507 distinct rows can miss it by 0.00003). Equal profiles have distance 0 where no bin of
several values holds more than 1/256, and at most 1/256 otherwise.

The p-value is that of the limit distribution with n m / (n + m) rows, a little too large for few rows and for
values that repeat: it never cries wolf.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import KOLMOGOROV_99, kolmogorov_tail

Floats = NDArray[np.float64]

ERROR: Final = 1 / 256


def kolmogorov_smirnov(current: Floats, reference: Floats, single: NDArray[np.bool_]) -> Floats:
    """The distance [F] of counts on bins [F, 256]; `single` [F, 256] is true where a bin holds one number only.

    nan where either side has no finite value.
    """
    n, m = current.sum(axis=1, keepdims=True), reference.sum(axis=1, keepdims=True)
    judged = ((n > 0) & (m > 0))[:, 0]
    p, q = current / np.where(n > 0, n, 1.0), reference / np.where(m > 0, m, 1.0)
    right = np.cumsum(q - p, axis=1)
    left = right - (q - p)
    sure = np.abs(right).max(axis=1, initial=0.0)
    possible = np.where(single, 0.0, np.maximum(left + q, p - left)).max(axis=1, initial=0.0)
    return np.where(judged, np.minimum(np.maximum(sure, possible - ERROR), 1.0), np.nan)


def kolmogorov_smirnov_p(distance: Floats, rows: Floats) -> Floats:
    """The p-value [F]; `rows` [F] is n m / (n + m). 1 where the distance is nan."""
    return kolmogorov_tail(np.sqrt(rows) * np.nan_to_num(distance))


def kolmogorov_smirnov_chance(rows: Floats) -> Floats:
    """What the distance stays under in 99 % of windows in which nothing has changed; at most 1."""
    return np.minimum(KOLMOGOROV_99 / np.sqrt(np.maximum(rows, 1e-300)), 1.0)
