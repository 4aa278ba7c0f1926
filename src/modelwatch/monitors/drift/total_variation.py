"""The total variation distance: the share of rows that would have to change group, between 0 and 1.

    TV = sum over groups of |p - q| / 2

(Levin, Peres and Wilmer, Markov chains and mixing times, chapter 4, 2009.) Against the exact value on the same groups
it is right to rounding, but for the floor of 1e-4 under a group's share. Groups only hide: on the raw rows it is at
least this large. Under no drift the differences are normal with the covariance of a multinomial; mean and variance of
their absolute sum are known (Nabeya, Absolute moments in 2-dimensional normal distribution, Annals of the Institute
of Statistical Mathematics 3, 1951), and a chi distribution that has both gives the 99 % point, within 5 % of a
simulation. Farther out that tail is too light, so there is no p-value: chi-square has one on the same groups.
Defaults .13 and .20: where a normal column has moved as far as at PSI .1 and .25, by .32 and .5 sd.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import chi_square_tail

Floats = NDArray[np.float64]

WARNING: Final = 0.13
CRITICAL: Final = 0.20


def total_variation(current: Floats, reference: Floats) -> Floats:
    """The distance [F] of shares [F, B]."""
    answer: Floats = np.abs(current - reference).sum(axis=1) / 2
    return answer


def total_variation_chance(shares: Floats, spread: Floats) -> Floats:
    """What the distance stays under in 99 % of windows without change.

    `shares` [F, B] are those of window and reference together, 0 for a group that takes no part; `spread` [F] is
    1/n + 1/m.
    """
    deviation = np.sqrt(shares * (1 - shares))
    mean = math.sqrt(2 / math.pi) * deviation.sum(axis=1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.sqrt(shares / (1 - shares))
        correlation = np.nan_to_num(-odds[:, :, None] * odds[:, None, :], nan=0.0, neginf=-1.0)
    correlation = np.clip(correlation, -1.0, 1.0)
    diagonal = np.arange(shares.shape[1])
    correlation[:, diagonal, diagonal] = 1.0
    shared = correlation * np.arcsin(correlation) + np.sqrt(1 - correlation**2) - 1
    variance = np.einsum("fi,fij,fj->f", deviation, shared, deviation) * 2 / math.pi / 4
    some = (mean > 0) & (variance > 0)
    ratio = np.where(some, mean**2 / np.where(some, variance, 1.0), 2.0)
    freedom = chi_freedom(ratio)
    # the second moment of a chi distribution is its degrees of freedom
    scale = np.sqrt((mean**2 + variance) / freedom)
    return np.where(some, scale * chi_points(freedom) * np.sqrt(spread), 0.0)


def chi_freedom(ratio: Floats) -> Floats:
    """The degrees of freedom of the chi distribution with that mean^2 / variance [F], to 2 %; at least 1."""
    ratio = np.maximum(ratio, 1.75)
    return np.maximum((ratio + 0.5 - np.where(ratio < 2.5, 0.44, 0.6) / ratio) / 2, 1.0)


def chi_points(freedom: Floats) -> Floats:
    """The 99 % points [F] of chi distributions."""
    low, high = np.zeros(len(freedom)), np.sqrt(freedom) + 10.0
    for _ in range(40):
        middle = (low + high) / 2
        above = chi_square_tail(middle**2, freedom) > 0.01
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high
