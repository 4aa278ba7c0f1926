"""How often a score comes true: probabilities calibrated on the score bins of a reference.

First the logistic curve through all bins (Platt, 'Probabilistic outputs for support vector machines', 1999), shrunk
towards scores that mean what they say. Then, on each stratum of predictions, isotonic regression by pooling adjacent
violators (Barlow, Bartholomew, Bremner, Brunk: 'Statistical inference under order restrictions', 1972; for
calibration Zadrozny and Elkan, 'Transforming classifier scores into accurate multiclass probability estimates', KDD
2002), in which the logistic curve counts as one row of each bin. With few rows the curve decides, with many the rows
do; there is no choice to be made between calibrating and not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes.grids import LOWEST, SCORE_BINS, SCORE_EDGES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PRIOR_ROWS: Final = 1.0
"""How many rows of each bin the logistic curve is worth."""
PRECISION: Final = 0.25
"""Of the prior that draws the logistic curve to the scores: two units of log odds are one standard deviation."""
STEPS: Final = 50
LARGEST_STEP: Final = 2.0
CLOSE: Final = 1e-10


def log_odds_of_bins() -> Floats:
    """The log odds of the middle of each score bin [256]."""
    middle = np.convolve(np.concatenate(([0.0], SCORE_EDGES, [1.0])), (0.5, 0.5), "valid")
    middle = np.clip(middle, LOWEST, 1 - LOWEST)
    return np.asarray(np.log(middle / (1 - middle)))


LOG_ODDS: Final = log_odds_of_bins()


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Probabilities by stratum and score bin: `chance` [S, 256], ascending in each stratum.

    `pool` [S, 256] numbers the stretches of bins that share a probability, over all strata; `variance` [pools] is
    the sampling variance of each.
    """

    chance: Floats
    pool: Ints
    variance: Floats

    def spread(self, slope: Floats) -> float:
        """The variance that the curve's own error gives to a figure whose derivative by `chance` is `slope`."""
        sums = np.bincount(self.pool.reshape(-1), slope.reshape(-1), len(self.variance))
        return float(sums @ (sums * self.variance))


def calibrate(hits: Floats, rows: Floats) -> Curve:
    """The curve of a reference with `hits` of `rows` (effective ones, both [S, 256]) by stratum and score bin."""
    prior = logistic(hits.sum(axis=0), rows.sum(axis=0))
    weight = rows + PRIOR_ROWS
    rate = (hits + PRIOR_ROWS * prior) / weight
    chance, pool = np.empty_like(rate), np.empty(rate.shape, np.int64)
    variance, pools = [np.empty(0)], 0
    for s in range(len(rate)):
        lengths, levels, weights = pooled(rate[s], weight[s])
        chance[s] = np.repeat(levels, lengths)
        pool[s] = np.repeat(np.arange(len(lengths)) + pools, lengths)
        pools += len(lengths)
        kept = (levels * weights + 0.5) / (weights + 1)  # a pool without a hit is not certain to have none
        variance.append(kept * (1 - kept) / weights)
    return Curve(chance, pool, np.concatenate(variance))


def logistic(hits: Floats, rows: Floats) -> Floats:
    """The probabilities [256] of the logistic curve in the log odds of the score that fits best."""
    design = np.column_stack((np.ones(SCORE_BINS), LOG_ODDS))
    asked = np.array([0.0, 1.0])
    found = asked.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (hits - rows * chance) - PRECISION * (found - asked)
        curvature = (design * (rows * chance * (1 - chance))[:, None]).T @ design + PRECISION * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        size = float(np.abs(step).max())
        found = found + step * min(1.0, LARGEST_STEP / max(size, CLOSE))
        if size < CLOSE:
            break
    found[1] = max(found[1], 0.0)
    return np.asarray(1 / (1 + np.exp(-design @ found)))


def pooled(rate: Floats, weight: Floats) -> tuple[Ints, Floats, Floats]:
    """(lengths, levels, weights) of the pools of the isotonic regression of `rate` [n], in order.

    >>> [x.tolist() for x in pooled(np.array([0.1, 0.4, 0.2, 0.5]), np.array([1.0, 1.0, 3.0, 1.0]))]
    [[1, 2, 1], [0.1, 0.25, 0.5], [1.0, 4.0, 1.0]]
    """
    lengths: list[int] = []
    levels: list[float] = []
    weights: list[float] = []
    for level, mass in zip(rate.tolist(), weight.tolist(), strict=True):
        length = 1
        while levels and levels[-1] >= level:
            before = weights.pop()
            level = (levels.pop() * before + level * mass) / (before + mass)
            mass += before
            length += lengths.pop()
        lengths.append(length)
        levels.append(level)
        weights.append(mass)
    return np.array(lengths, np.int64), np.array(levels), np.array(weights)
