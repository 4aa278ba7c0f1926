"""The logarithm of the gamma function for arrays, without scipy."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HALF_LOG_TAU: Final = 0.5 * math.log(2 * math.pi)
SHIFT: Final = 7.0
"""Below this the argument is moved up by the recurrence gamma(x + 1) = x gamma(x), above it the series is exact."""


def log_gamma(x: Floats) -> Floats:
    """ln gamma(x) of positive numbers, to 1e-14 of it or of 1: Stirling's series (Abramowitz and Stegun 6.1.41)."""
    small = x < SHIFT
    with np.errstate(over="ignore"):
        product = x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5) * (x + 6)
    moved = np.where(small, x + SHIFT, x)
    inverse = 1 / moved
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
    answer: Floats = (moved - 0.5) * np.log(moved) - moved + HALF_LOG_TAU + series
    return np.where(small, answer - np.log(np.where(small, product, 1.0)), answer)
