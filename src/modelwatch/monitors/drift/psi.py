"""The population stability index: how much a distribution has moved, in shares of rows.

    PSI = sum over groups of (p - q) ln(p / q),   p: shares of the window, q: of the reference

It is the sum of the two Kullback-Leibler divergences (Jeffreys, Proc. Royal Society A 186, 1946). Under no drift
it is distributed like (1/n + 1/m) chi-square(B - 1) for n and m rows in B groups (Yurdakul and Naranjo, Statistical
properties of the population stability index, J. Risk Model Validation 14, 2020), here within 5 % from 200 rows on
while groups expect 5 rows or more. Defaults .1 and .25 are the industry's old rule of thumb (Siddiqi, Credit risk
scorecards, 2006); they are compared with PSI less its mean under no drift.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import chi_square_points

Floats = NDArray[np.float64]

WARNING: Final = 0.1
CRITICAL: Final = 0.25


def psi(current: Floats, reference: Floats) -> Floats:
    """PSI [F] of floored shares [F, B]."""
    answer: Floats = np.sum((current - reference) * np.log(current / reference), axis=1)
    return answer


def psi_mean(spread: Floats, freedom: NDArray[np.int64]) -> Floats:
    """What PSI is on average when nothing has changed; `spread` [F] is 1/n + 1/m, `freedom` [F] is B - 1."""
    return spread * freedom


def psi_chance(spread: Floats, freedom: NDArray[np.int64]) -> Floats:
    """What PSI stays under in 99 % of windows in which nothing has changed."""
    return spread * chi_square_points(0.01, freedom)
