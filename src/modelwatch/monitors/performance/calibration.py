"""Calibration: whether what is called 70 % happens in 70 % of cases.

Expected calibration error over ten equal bins of the score (Naeini, Cooper and Hauskrecht, AAAI 2015): the mean of
|share that came true - mean score|. Every tenth is an edge of the score bins and sums of scores are kept, so it equals
that of the rows. It is never 0 by chance alone; its interval takes that off (`bias`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.estimate import Estimate, Z, nothing, share
from modelwatch.monitors.performance.scores import Scores
from modelwatch.profiles.outcomes.grids import SCORE_STARTS

Floats = NDArray[np.float64]

TENTHS: Final = 10
TENTH: Final = np.floor(SCORE_STARTS * TENTHS + 1e-9).astype(np.int64)
"""The tenth in which each score bin lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """A point for each tenth of the score that holds rows: mean score, share that came true with its 95 % interval."""

    score: Floats
    share: Floats
    low: Floats
    high: Floats
    weight: Floats


def tenths(values: Floats) -> Floats:
    """Sums over each tenth [10] of values by score bin."""
    return np.bincount(TENTH, values, TENTHS).astype(np.float64)


def expected_calibration_error(scores: Scores) -> Estimate:
    """The error with its interval."""
    weight, rows = scores.weight, scores.weight / scores.unit
    if weight <= 0:
        return nothing(rows)
    gap = tenths(scores.hits - scores.hit_scores - scores.miss_scores)
    squares = tenths(squared(1.0, scores.hits, scores.hit_scores) + squared(0.0, scores.misses, scores.miss_scores))
    value = float(np.abs(gap).sum()) / weight
    error = math.sqrt(max(float(squares.sum()) / weight - value**2, 0.0) / rows)
    held = tenths(scores.hits + scores.misses)
    per_row = np.divide(gap, held, out=np.zeros(TENTHS), where=held > 0)
    spread = np.sqrt(np.maximum(squares - held * per_row**2, 0.0) * scores.unit)
    # what chance adds lies between that at the gaps as they are and that at gaps freed of what it adds to their squares
    size = np.abs(gap)
    least, most = (bias(each, spread) / weight for each in (size, np.sqrt(np.maximum(size**2 - spread**2, 0.0))))
    low, high = value - most - Z * error, max(value - least, 0.0) + Z * error
    return Estimate(value, error, min(max(low, 0.0), value), max(high, value), rows)


def squared(outcome: float, count: Floats, total: Floats) -> Floats:
    """Sums of (outcome - score)^2 by score bin, each score taken as the mean of its bin."""
    middle = np.divide(total, count, out=np.zeros_like(count), where=count > 0)
    return count * (outcome - middle) ** 2


def bias(gap: Floats, spread: Floats) -> float:
    """How much the sum of |gap| exceeds the true one by chance: the mean of the folded normal less its centre."""
    held = spread > 0
    ratio = gap[held] / spread[held]
    tail = np.array([math.erfc(each / math.sqrt(2)) for each in ratio.tolist()])
    folded = math.sqrt(2 / math.pi) * np.exp(-(ratio**2) / 2) - ratio * tail
    return float(spread[held] @ folded)


def reliability(scores: Scores) -> Reliability:
    """The points of the reliability curve."""
    hits, held = tenths(scores.hits), tenths(scores.hits + scores.misses)
    total = tenths(scores.hit_scores + scores.miss_scores)
    there = np.flatnonzero(held > 0)
    points = [share(float(hits[i]), float(held[i]), scores.unit) for i in there]
    value, low, high = (np.array([getattr(each, name) for each in points]) for name in ("value", "low", "high"))
    return Reliability(total[there] / held[there], value, low, high, held[there])
