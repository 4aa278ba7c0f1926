"""What no test can exceed: the power of the likelihood-ratio test that knows the change beforehand.

(Neyman and Pearson, Phil. Trans. Royal Society A 231, 1933.) It knows both distributions on the bins exactly, so a
real test, which must look in every direction with a sampled reference, stays below.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]

SMALLEST = 1e-12


def best_power(before: Floats, after: Floats, n: int, level: float) -> float:
    """The power at a level of shares `after` against `before` [B] with n rows; 1 % of it is the error at most.

    Both tails of the log-likelihood ratio are Lugannani and Rice's saddlepoint approximation (Adv. Applied
    Probability 12, 1980). A slot that is new has a share of its own kind: one row there is proof, so the level plays
    no part.
    """
    fresh = float(after[before <= SMALLEST].sum())
    if fresh > SMALLEST:
        return 1 - (1 - fresh) ** n
    held = (before > SMALLEST) & (after > SMALLEST)
    p, q = before[held] / before[held].sum(), after[held] / after[held].sum()
    ratio = np.log(q / p)
    mean = float(p @ ratio)
    limit = optimize.brentq(lambda x: tail(p, ratio, n, x) - level, mean + 1e-9, float(ratio.max()) - 1e-9)
    return tail(q, ratio, n, limit)


def tail(p: Floats, ratio: Floats, n: int, x: float) -> float:
    """P(mean of n ratios > x) under shares p."""

    def slope(t: float) -> float:
        weight = p * np.exp(t * ratio - (t * ratio).max())
        return float(weight @ ratio / weight.sum()) - x

    t = optimize.brentq(slope, -500.0, 500.0)
    top = float((t * ratio).max())
    weight = p * np.exp(t * ratio - top)
    cgf = math.log(float(weight.sum())) + top
    weight /= weight.sum()
    variance = float(weight @ ratio**2 - (weight @ ratio) ** 2)
    r = math.copysign(math.sqrt(max(2 * n * (t * x - cgf), 0.0)), t)
    u = t * math.sqrt(n * variance)
    if abs(r) < 1e-4:
        return 0.5
    return float(stats.norm.sf(r) + stats.norm.pdf(r) * (1 / u - 1 / r))
