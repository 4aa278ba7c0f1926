"""The chi-square test that two sets of rows fall into groups alike.

(Pearson, On the criterion that a given system of deviations ..., Philosophical Magazine 50, 1900.) Groups in which
the smaller side expects fewer than 8 rows are pooled; a pool that still expects fewer is left out, since its tail
would be far from chi-square. (Cochran, Biometrics 10, 1954, asks for 5, for tests at 5 %; these are at 1 in 5,000.)
Where rows depend on each other the statistic is divided by their design effect (Rao and Scott, Annals of Statistics
12, 1984).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import chi_square_tail

Floats = NDArray[np.float64]

SMALLEST_EXPECTED: Final = 8.0


def chi_square(current: Floats, reference: Floats, n: Floats, m: Floats) -> tuple[Floats, Floats]:
    """The statistic and its degrees of freedom [F] of weighted counts [F, B] that are worth n and m [F] rows."""
    p = current / np.maximum(current.sum(axis=1, keepdims=True), 1e-300)
    q = reference / np.maximum(reference.sum(axis=1, keepdims=True), 1e-300)
    total = np.maximum(n + m, 1e-300)
    pooled = (p * n[:, None] + q * m[:, None]) / total[:, None]
    expected = pooled * np.minimum(n, m)[:, None]
    small = expected < SMALLEST_EXPECTED
    rest = np.where(small, pooled, 0.0).sum(axis=1)
    rest_expected = rest * np.minimum(n, m)
    rest_distance = np.where(small, p - q, 0.0).sum(axis=1)
    scale = n * m / total
    parts = np.where(small, 0.0, (p - q) ** 2 / np.where(small, 1.0, pooled)).sum(axis=1)
    with_rest = rest_expected >= SMALLEST_EXPECTED
    parts = parts + np.where(with_rest, rest_distance**2 / np.where(with_rest, rest, 1.0), 0.0)
    groups = (~small).sum(axis=1) + with_rest
    return scale * parts, np.maximum(groups - 1, 0).astype(np.float64)


def chi_square_p(current: Floats, reference: Floats, n: Floats, m: Floats) -> Floats:
    """The p-value [F] of independent rows; 1 where nothing can be told."""
    return chi_square_tail(*chi_square(current, reference, n, m))
