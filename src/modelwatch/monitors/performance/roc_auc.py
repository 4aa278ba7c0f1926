"""Area under the ROC curve, from counts by score bin: the chance that a row of the class outscores another one.

Two rows of one bin are taken as drawn from densities that are straight lines over it, with the means that the sums of
scores give: then the first wins with a chance of .5 + (difference of the means) / (width of the bin), and tied scores
count half. `roc_auc_bound` is how far that may be from the area of the rows. Standard error: DeLong, DeLong and
Clarke-Pearson (Biometrics 44, 1988) on the bins. Interval: even on the logit scale (Pepe, The statistical evaluation of
medical tests, 2003, 5.2).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.estimate import Estimate, nothing, within_01
from modelwatch.monitors.performance.scores import Scores
from modelwatch.profiles.outcomes.grids import SCORE_WIDTHS

Floats = NDArray[np.float64]


def roc_auc(scores: Scores) -> Estimate:
    """The area with its interval; NaN unless both classes are there."""
    positives, negatives = float(scores.hits.sum()), float(scores.misses.sum())
    rows = (positives + negatives) / scores.unit
    if positives <= 0 or negatives <= 0:
        return nothing(rows)
    wins = chance_to_win(scores)
    outscored = (np.cumsum(scores.misses) - scores.misses * (1 - wins)) / negatives
    outscoring = 1 - (np.cumsum(scores.hits) - scores.hits * wins) / positives
    value = float(scores.hits @ outscored) / positives
    spread = float(scores.hits @ (outscored - value) ** 2) / positives
    other = float(scores.misses @ (outscoring - value) ** 2) / negatives
    m, n = positives / scores.unit, negatives / scores.unit
    error = math.sqrt(spread / max(m - 1, 1.0) + other / max(n - 1, 1.0))
    return within_01(min(max(value, 0.0), 1.0), error, rows, min(m, n))


def chance_to_win(scores: Scores) -> Floats:
    """The chance that a hit outscores a miss of the same bin [SCORE_BINS]."""
    both = (scores.hits > 0) & (scores.misses > 0)
    hits, misses = np.where(both, scores.hits, 1.0), np.where(both, scores.misses, 1.0)
    apart = scores.hit_scores / hits - scores.miss_scores / misses
    chance: Floats = np.where(both, np.clip(0.5 + apart / SCORE_WIDTHS, 0.0, 1.0), 0.5)
    return chance


def roc_auc_bound(scores: Scores) -> float:
    """How far the area of the rows may be from that of the bins, at most: the pairs that share a bin, each by what it
    counts too little or too much if all of them are won or lost."""
    pairs = float(scores.hits.sum() * scores.misses.sum())
    wins = chance_to_win(scores)
    return float((scores.hits * scores.misses) @ np.maximum(wins, 1 - wins)) / pairs if pairs > 0 else math.nan
