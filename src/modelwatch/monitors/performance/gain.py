"""Cumulative gain and lift: how much of a class is among the rows of highest score.

Gain at 10 %: the share of the class that the top tenth of rows holds. Lift: that over a tenth, so what the scores are
worth against picking at random. Standard error by the delta method; the cut-off is a quantile of the scores and moves
with them (Woodruff, J. Amer. Statist. Assoc. 47, 1952).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from modelwatch.monitors.performance.estimate import Estimate, nothing, within_01
from modelwatch.monitors.performance.scores import Scores

TOP: Final = 0.1


def gain(scores: Scores, top: float = TOP) -> Estimate:
    """The share of the class in the `top` share of rows; a bin that the limit cuts is shared evenly."""
    positives, rows = float(scores.hits.sum()), scores.weight / scores.unit
    if positives <= 0:
        return nothing(rows)
    hits, all_rows = scores.hits[::-1], (scores.hits + scores.misses)[::-1]
    wanted = top * scores.weight
    before = np.cumsum(all_rows) - all_rows
    inside = np.clip(np.divide(wanted - before, all_rows, out=np.zeros(len(hits)), where=all_rows > 0), 0.0, 1.0)
    value = float(hits @ inside) / positives
    last = int(np.flatnonzero(inside > 0)[-1])
    local = float(hits[last] / all_rows[last])
    misses = all_rows - hits
    variance = 0.0
    for taken, part in ((1.0, inside), (0.0, 1 - inside)):
        of_hit = taken - value - local * (taken - top)
        of_miss = -local * (taken - top)
        variance += float((hits @ part) * of_hit**2 + (misses @ part) * of_miss**2)
    error = math.sqrt(variance * scores.unit) / positives
    return within_01(value, error, rows, positives / scores.unit)


def lift(scores: Scores, top: float = TOP) -> Estimate:
    """Gain over what picking at random would gain."""
    found = gain(scores, top)
    return Estimate(found.value / top, found.error / top, found.low / top, found.high / top, found.rows)
