"""Cumulative gain and lift: how much of a class is among the rows of highest score.

Gain at 10 %: the share of the class that the top tenth of rows holds. Lift: that over a tenth, so what the scores are
worth against picking at random. Standard error by the delta method; the cut-off is a quantile of the scores and moves
with them (Woodruff, J. Amer. Statist. Assoc. 47, 1952); the share of the class at the cut-off is read from the rows
between half of the top share and one and a half of it.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.estimate import Estimate, nothing, within_01
from modelwatch.monitors.performance.scores import Scores

Floats = NDArray[np.float64]

TOP: Final = 0.1


def gain(scores: Scores, top: float = TOP) -> Estimate:
    """The share of the class in the `top` share of rows; a bin that the limit cuts is shared evenly."""
    positives, rows = float(scores.hits.sum()), scores.weight / scores.unit
    if positives <= 0:
        return nothing(rows)
    hits, all_rows = scores.hits[::-1], (scores.hits + scores.misses)[::-1]
    inside = part_above(all_rows, top)
    value = float(hits @ inside) / positives
    around = part_above(all_rows, 1.5 * top) - part_above(all_rows, 0.5 * top)
    local = float(hits @ around) / float(all_rows @ around)
    misses = all_rows - hits
    variance = 0.0
    for taken, part in ((1.0, inside), (0.0, 1 - inside)):
        of_hit = taken - value - local * (taken - top)
        of_miss = -local * (taken - top)
        variance += float((hits @ part) * of_hit**2 + (misses @ part) * of_miss**2)
    error = math.sqrt(variance * scores.unit) / positives
    return within_01(value, error, rows, positives / scores.unit)


def part_above(rows: Floats, top: float) -> Floats:
    """Which part of each bin, the highest score first, belongs to the `top` share of rows."""
    wanted = top * rows.sum() - (np.cumsum(rows) - rows)
    part: Floats = np.clip(np.divide(wanted, rows, out=np.zeros_like(rows), where=rows > 0), 0.0, 1.0)
    return part


def lift(scores: Scores, top: float = TOP) -> Estimate:
    """Gain over what picking at random would gain."""
    found = gain(scores, top)
    return Estimate(found.value / top, found.error / top, found.low / top, found.high / top, found.rows)
