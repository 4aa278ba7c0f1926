"""How far the middle of the vectors has moved, in units of the reference's spread.

    centroid = |mean z of the window - mean z of the reference| / sqrt(mean |z - mean z|^2 in the reference)

z are the standardised vectors. The squared distance is the sum along the principal axes, plus the mean square along
random directions of what the axes leave out, which is right on average and within sqrt(2/R) of it as a standard
deviation for R directions (Johnson and Lindenstrauss, 1984). Its mean under no drift is taken off. It says how much of
a vector's usual distance from the middle the whole cloud has moved, and decides nothing: a class that disappears
moves it little, a small change in a quiet direction not at all.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.mmd import mean_features
from modelwatch.monitors.tails import gamma_tail
from modelwatch.profiles import VectorBinning
from modelwatch.profiles.vector import REACH, UNIT

Floats = NDArray[np.float64]


def centroid(
    now: Floats, before: Floats, bins: VectorBinning, n: float, m: float, scale: float = 1.0
) -> tuple[float, float]:
    """The distance and what it stays under in 99 % of windows in which nothing has changed; nan without vectors."""
    if not (n > 0 and m > 0 and now[bins.rows] > 0 and before[bins.rows] > 0):
        return math.nan, math.nan
    if bins.spread <= 0:
        return 0.0, 0.0
    along = bins.deviations.astype(np.float64)
    difference = (mean_features(now, bins) - mean_features(before, bins))[bins.waves : bins.waves + len(along)]
    axes, rest = len(bins.axes), len(along) - len(bins.axes)
    part = np.repeat([1.0, 1 / max(rest, 1)], [axes, rest])
    square = float(part @ np.square(difference * (2 * REACH / UNIT) * along))
    noise = part * np.square(along) * (1 / n + 1 / m) * scale
    mean = float(noise.sum())
    # the sum of scaled squares as a gamma distribution with its mean and variance (Satterthwaite, Biometrics 2, 1946)
    unit = float(np.square(noise).sum()) / mean
    chance = max(unit * point(mean / unit) - mean, 0.0)
    return math.sqrt(max(square - mean, 0.0)) / bins.spread, math.sqrt(chance) / bins.spread


def point(freedom: float) -> float:
    """The x with P(chi-square > x) = 1 %, for any degrees of freedom."""
    low, high = 0.0, 100.0 + 10.0 * freedom
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if gamma_tail(freedom / 2, middle / 2) > 0.01 else (low, middle)
    return high
