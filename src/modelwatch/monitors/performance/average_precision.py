"""Average precision, the area under the precision-recall curve, from counts by score bin.

Within a bin the classes are taken as evenly mixed, so precision changes along it by Davis and Goadrich (ICML 2006);
that is the mean over all orders of its rows. `average_precision_bound` is from the worst order and the best ties.
Standard error: the delta method over the cells (infinitesimal jackknife). Interval: even on the logit scale, as Boyd,
Eng and Page advise (ECML PKDD 2013).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.estimate import Estimate, nothing, within_01
from modelwatch.monitors.performance.scores import Scores

Floats = NDArray[np.float64]


def average_precision(scores: Scores) -> Estimate:
    """The area with its interval; NaN unless the class is there."""
    hits, misses, above, below = downwards(scores)
    positives = float(hits.sum())
    rows = scores.weight / scores.unit
    if positives <= 0:
        return nothing(rows)
    gained = mixed(hits, misses, above, below, scores.unit)
    value = float(gained.sum()) / positives
    # each cell's influence: its own precision, and what it does to the precision of the bins below it
    true, false = above + hits / 2, below + misses / 2
    called = np.where(true + false > 0, true + false, 1.0)
    later_hit = from_here(hits * false / called**2)
    later_miss = from_here(hits * true / called**2)
    own = np.divide(gained, hits, out=np.zeros_like(hits), where=hits > 0)
    variance = float(hits @ (own - value + later_hit) ** 2 + misses @ later_miss**2) / positives**2
    return within_01(min(max(value, 0.0), 1.0), math.sqrt(variance * scores.unit), rows, positives / scores.unit)


def average_precision_bound(scores: Scores) -> float:
    """How far the average precision of the rows, with whatever ties, may be from that of the bins, at most."""
    hits, misses, above, below = downwards(scores)
    positives = float(hits.sum())
    if positives <= 0:
        return math.nan
    held = hits > 0
    hits, misses, above, below = hits[held], misses[held], above[held], below[held]
    value = float(mixed(hits, misses, above, below, scores.unit).sum())
    start = above + below + misses
    scale = np.where(start > 0, start, 1.0)
    worst = np.where(start > 0, hits + (above - start) * np.log1p(hits / scale), hits)
    best = hits * (above + hits) / (above + below + hits)
    return max(float(best.sum()) - value, value - float(worst.sum())) / positives


def downwards(scores: Scores) -> tuple[Floats, Floats, Floats, Floats]:
    """(hits, misses, hits above, misses above) of each bin, the highest score first."""
    hits, misses = scores.hits[::-1], scores.misses[::-1]
    return hits, misses, np.cumsum(hits) - hits, np.cumsum(misses) - misses


def mixed(hits: Floats, misses: Floats, above: Floats, below: Floats, unit: float) -> Floats:
    """The sum of the precisions at each hit of a bin: the integral of (above + x) / (above + below + r x) over x.

    `r` is by how many rows the count of those above grows with each hit; limits half a row in from either end.
    """
    r = 1 + misses / (hits + unit)
    start = above + below
    return np.where(hits > 0, (hits + (above - start / r) * np.log1p(r * hits / (start + r * unit / 2))) / r, 0.0)


def from_here(values: Floats) -> Floats:
    """Sums of each value and all after it, the value itself by half."""
    later: Floats = np.cumsum(values[::-1])[::-1] - values / 2
    return later
