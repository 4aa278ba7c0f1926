"""Have the vectors of a column changed? The maximum mean discrepancy of their features, calibrated.

    MMD^2 = |mean feature of the window - mean feature of the reference|^2

(Gretton et al., A kernel two-sample test, JMLR 13, 2012.) Two kernels, on the same sums:

- `mmd`: the features are whitened by their leading k components in the reference, so that each varies by 1 there
  (kernel Fisher discriminant: Harchaoui, Bach and Moulines, NIPS 2007; normalised characteristic functions:
  Chwialkowski et al., NIPS 2015). Its root is how far the mean of the one direction that has changed most among them
  has moved, in standard deviations. Under no drift, nm/(n+m) MMD^2 is Hotelling's T^2 with k and N - 1 degrees of
  freedom, N rows having told the whitening (Annals of Mathematical Statistics 2, 1931).
- `gaussian`: the plain Gaussian kernel by random Fourier features, without bias, for comparison with other tools. It
  errs from the exact MMD^2 by at most 8 sqrt(ln(2/d) / 2D) with probability 1 - d for D waves (Hoeffding), by some
  0.5 / sqrt(D) of the sum of both spreads in practice.

For a shift of a normal distribution, whitened MMD^2 **is** PSI (Jeffreys' divergence of two normal distributions is
the squared Mahalanobis distance), and for small changes of any kind both are the chi-square distance, of which MMD^2
sees the part that its k components span. So PSI's floors are its floors: from .1 on, less its mean under no drift, some
direction has moved by .32 standard deviations, from .25 on by .5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.tails import beta_below
from modelwatch.profiles import VectorBinning
from modelwatch.profiles.vector import UNIT

Floats = NDArray[np.float64]

TAIL: Final = 0.01


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """`mmd` is the whitened MMD^2, `mean` what it is on average under no drift, `chance` what it stays under in 99 % of
    windows then; `p` is the p-value, `gaussian` MMD^2 of the plain kernel less its mean under no drift."""

    mmd: float
    mean: float
    chance: float
    p: float
    gaussian: float


NOTHING: Final = Discrepancy(float("nan"), float("nan"), float("nan"), 1.0, float("nan"))


def discrepancy(
    now: Floats, before: Floats, bins: VectorBinning, n: float, m: float, scale: float = 1.0, thinning: float = 1.0
) -> Discrepancy:
    """MMD of sums now and before [WIDTH] that are worth n and m vectors; `scale` and `thinning` are design effects."""
    if not (n > 0 and m > 0 and now[bins.rows] > 0 and before[bins.rows] > 0):
        return NOTHING
    difference = mean_features(now, bins) - mean_features(before, bins)
    spread = 1 / n + 1 / m
    waves = difference[: bins.waves] / UNIT
    gaussian = 8 / bins.waves * (float(waves @ waves) - bins.variance / UNIT**2 * spread)
    k, freedom = len(bins.whitening), bins.fitted - 1
    if k == 0 or freedom <= k + 1:
        return Discrepancy(0.0, 0.0, 0.0, 1.0, gaussian)
    moved = bins.whitening @ difference
    mmd = float(moved @ moved)
    return Discrepancy(
        mmd,
        spread * scale / thinning * k * freedom / (freedom - k - 1),
        spread * scale * hotelling_point(TAIL, k / thinning, freedom),
        hotelling_tail(mmd / spread / scale, k / thinning, freedom),
        gaussian,
    )


def mean_features(sums: Floats, bins: VectorBinning) -> Floats:
    """The mean of each feature, in units of its slot."""
    answer: Floats = sums[: bins.features] / sums[bins.rows]
    return answer


def hotelling_tail(x: float, k: float, freedom: float) -> float:
    """P(T^2 > x) of Hotelling's distribution with k and `freedom` degrees of freedom, k < freedom + 1."""
    return float(beta_below((freedom - k + 1) / 2, k / 2, 1 / (1 + max(x, 0.0) / freedom)))


@lru_cache(maxsize=1024)
def hotelling_point(tail: float, k: float, freedom: float) -> float:
    """The x with P(T^2 > x) = tail."""
    low, high = 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if hotelling_tail(middle, k, freedom) > tail else (low, middle)
    return high
