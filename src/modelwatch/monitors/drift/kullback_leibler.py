"""The Kullback-Leibler divergence of the window from the reference, in nats.

    KL = sum over groups of p ln(p / q),   p: shares of the window, q: of the reference

(Kullback and Leibler, On information and sufficiency, Annals of Mathematical Statistics 22, 1951.) It is half of what
PSI measures, on the same groups, so it never decides a level: it is shown beside PSI. Under no drift it is
distributed like (1/n + 1/m) / 2 chi-square(B - 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import chi_square_points

Floats = NDArray[np.float64]


def kullback_leibler(current: Floats, reference: Floats) -> Floats:
    """KL [F] of floored shares [F, B]."""
    answer: Floats = np.sum(np.where(current == reference, 0.0, current * np.log(current / reference)), axis=1)
    return answer


def kullback_leibler_chance(spread: Floats, freedom: NDArray[np.int64]) -> Floats:
    """What KL stays under in 99 % of windows without change; `spread` [F] is 1/n + 1/m, `freedom` [F] is B - 1."""
    return spread / 2 * chi_square_points(0.01, freedom)
