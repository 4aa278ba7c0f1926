"""Log loss against that of the base rate: what is left of the uncertainty when the scores are known.

The log loss of always saying how often each class comes is the entropy of the classes; the ratio to it is 1 for scores
that know nothing and 0 for perfect ones (He et al., 'Practical lessons from predicting clicks on ads at Facebook',
ADKDD 2014, as normalized entropy). Log loss itself rises and falls with the base rate; this hardly does. Standard error
of a ratio of means (Cochran, Sampling techniques, 1977, 2.11).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.estimate import Estimate, above_0, nothing, unit_of
from modelwatch.monitors.performance.scores import Scores, class_scores
from modelwatch.profiles.outcomes import Fact, Outcomes, Total
from modelwatch.profiles.outcomes.count import LOG_FLOOR

Floats = NDArray[np.float64]


def binary_log_loss_ratio(outcomes: Outcomes, scores: Scores, cut: str = WHOLE) -> Estimate:
    """The ratio in a model of two classes."""
    lost = (
        lost_in(scores.hits, scores.hit_scores),
        lost_in(scores.misses, scores.misses - scores.miss_scores),
    )
    return ratio(outcomes.totals(cut), np.array([scores.hits.sum(), scores.misses.sum()]), np.array(lost))


def multiclass_log_loss_ratio(outcomes: Outcomes, cut: str = WHOLE) -> Estimate:
    """The ratio in a model of many classes; NaN unless the scores of all classes are known."""
    _, of, _, _ = outcomes.cells(Fact.CLASS_SCORE, cut)
    names = [outcomes.labels[code] for code in np.unique(of).tolist() if code < len(outcomes.labels)]
    each = [class_scores(outcomes, name, cut) for name in names]
    came = np.array([scores.hits.sum() for scores in each])
    lost = np.array([lost_in(scores.hits, scores.hit_scores) for scores in each])
    return ratio(outcomes.totals(cut), came, lost)


def lost_in(weight: Floats, chance: Floats) -> float:
    """The sum of -log of the chances given to what came true, each taken as the mean of its bin."""
    held = weight > 0
    return float(weight[held] @ -np.log(np.clip(chance[held] / weight[held], LOG_FLOOR, 1.0)))


def ratio(totals: Floats, came: Floats, lost: Floats) -> Estimate:
    """The ratio from sums by `Total`, how often each class came [k] and about what its rows lost [k]."""
    scored, unit = float(totals[Total.SCORED]), unit_of(totals)
    rows = scored / unit
    lost, came = lost[came > 0], came[came > 0]
    if scored <= 0 or len(came) < 2:
        return nothing(max(rows, 0.0))
    shares = came / came.sum()
    base = -np.log(shares)
    entropy = float(shares @ base)
    value = float(totals[Total.LOG_LOSS]) / scored / entropy
    together = float(lost @ base) / float(came.sum())
    spread = float(totals[Total.LOG_LOSS_SQ]) / scored - 2 * value * together + value**2 * float(shares @ base**2)
    return above_0(value, math.sqrt(max(spread, 0.0) / max(rows - 1, 1.0)) / entropy, rows)
