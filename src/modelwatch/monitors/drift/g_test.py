"""The G-test that two sets of rows fall into groups alike: the likelihood ratio beside Pearson's chi-square.

    G = 2 sum over both sides and all groups of observed ln(observed / expected)

(Wilks, The large-sample distribution of the likelihood ratio, Annals of Mathematical Statistics 9, 1938; Sokal and
Rohlf, Biometry, 1981.) Under no drift it is distributed like chi-square with one degree of freedom less than groups.
It stands on the values that are there, as the chi-square test does, and pools groups like it: under 5 expected rows
(Cochran, Biometrics 10, 1954), or left out where the pool expects fewer. On these groups it is exact. It says how
sure a change is, not how large: it has no thresholds. Where rows depend on each other it is divided by their design
effect (Rao and Scott, Annals of Statistics 12, 1984).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.chi_square import SMALLEST_EXPECTED

Floats = NDArray[np.float64]


def g_test(current: Floats, reference: Floats, n: Floats, m: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The statistic and its degrees of freedom [F] of weighted counts [F, B] that are worth n and m [F] rows."""
    p, q = (side / np.maximum(side.sum(axis=1, keepdims=True), 1e-300) for side in (current, reference))
    n, m = n[:, None], m[:, None]
    pooled = (p * n + q * m) / np.maximum(n + m, 1e-300)
    smaller = np.minimum(n, m)
    small = pooled * smaller < SMALLEST_EXPECTED
    p, q, pooled = (
        np.column_stack((np.where(small, 0.0, side), np.where(small, side, 0.0).sum(axis=1))) for side in (p, q, pooled)
    )
    held = pooled * smaller >= SMALLEST_EXPECTED
    total = np.where(held, pooled, 0.0).sum(axis=1, keepdims=True)
    # what is left out leaves both sides: each is a distribution over the groups that remain
    parts = n * gain(p, pooled, held, total) + m * gain(q, pooled, held, total)
    return np.maximum(2 * parts.sum(axis=1), 0.0), np.maximum(held.sum(axis=1) - 1, 0)


def gain(share: Floats, pooled: Floats, held: NDArray[np.bool_], total: Floats) -> Floats:
    """Each group's share [F, B] times the logarithm of how far it exceeds what both sides together have."""
    own = np.where(held, share, 0.0).sum(axis=1, keepdims=True)
    some = held & (share > 0)
    expected = np.where(some, pooled * own / np.maximum(total, 1e-300), 1.0)
    return np.where(some, share * np.log(np.where(some, share, 1.0) / expected), 0.0)
