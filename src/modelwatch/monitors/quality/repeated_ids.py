"""The share of a window's rows whose prediction_id was seen before in it: retries that got new batches, loops, replays.

The sketch is a random sample of the distinct ids with the exact number of rows of each. With e rows too many per id in
the mean, the share of rows that repeat is e / (1 + e). Its 99 % interval comes from the number of ids in the sample
that repeat at all, a binomial count (Clopper and Pearson, Biometrika 26, 1934): each of them stands for at least one
row too many. Where 30 or more repeat, the mean's standard error narrows the lower end. The upper end takes repeated
ids elsewhere to come as often as those in the sample. A window of fewer than 256 ids is counted exactly.

A few ids that come thousands of times are missed by a sample of ids. They show in the number of distinct ids, which
the 256th smallest hash tells (Beyer et al., SIGMOD 2007): where that is too few for the rows but once in a million
windows, it is what counts. Such a loop is seen from about a third of the rows on.

A share that is certainly above 1 % is a notice, above 5 % a warning: nothing repeats by chance, so the floor is what
an occasional retry makes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from modelwatch.core.level import Level
from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.tails import binomial_tails, chi_square_point
from modelwatch.profiles.id_sketch import IdSketch

NOTICE: Final = 0.01
WARNING: Final = 0.05
TAIL: Final = 0.005
NEVER: Final = 1e-6
NORMAL: Final = 2.5758293035489004
ENOUGH: Final = 30


@dataclass(frozen=True, slots=True)
class RepeatedIds:
    """The share of `rows` with an id that was seen before, its 99 % interval, and whether it was counted exactly."""

    rows: int
    share: float
    low: float
    high: float
    exact: bool
    level: Level


def repeated_ids(sketch: IdSketch, min_rows: float = MIN_ROWS) -> RepeatedIds:
    """What the sketch of a window says; all zero, and insufficient, without rows."""
    share, low, high = interval(sketch)
    if sketch.rows < min_rows:
        level = Level.INSUFFICIENT_DATA
    elif low >= WARNING:
        level = Level.WARNING
    else:
        level = Level.NOTICE if low >= NOTICE else Level.OK
    return RepeatedIds(sketch.rows, share, low, high, sketch.whole, level)


def interval(sketch: IdSketch) -> tuple[float, float, float]:
    """The share with the ends of its 99 % interval."""
    if not sketch.rows:
        return 0.0, 0.0, 0.0
    if sketch.whole:
        share = 1 - len(sketch.hashes) / sketch.rows
        return share, share, share
    size = len(sketch.counts)
    extra = sketch.counts - 1.0
    repeat = int((extra > 0).sum())
    mean = float(extra.mean())
    wide = NORMAL * float(extra.std(ddof=1)) / math.sqrt(size)
    fewest, most = clopper_pearson(repeat, size)
    low = max(fewest, mean - wide) if repeat >= ENOUGH else fewest
    each = mean * size / repeat if repeat else 1.0
    sampled = of_excess(mean), of_excess(min(low, mean)), of_excess(max(most * each, mean + wide))
    certainly = by_distinct(sketch, NEVER)[1]
    return by_distinct(sketch, TAIL) if certainly > sampled[2] else sampled


def by_distinct(sketch: IdSketch, tail: float) -> tuple[float, float, float]:
    """The share with its interval from the number of distinct ids: the k-th of D even hashes is near k / D."""
    size = len(sketch.hashes)
    reached = float(sketch.hashes[-1]) / 2.0**64
    fewest, most = (chi_square_point(each, 2 * size) / 2 / reached for each in (1 - tail, tail))
    distinct = (size - 1) / reached
    share, low, high = (max(1 - ids / sketch.rows, 0.0) for ids in (distinct, most, fewest))
    return share, low, high


def of_excess(excess: float) -> float:
    """Rows too many per id -> the share of rows that they are."""
    return excess / (1 + excess)


def clopper_pearson(count: int, size: int) -> tuple[float, float]:
    """The exact 99 % interval of a binomial share."""
    ends = []
    for wanted, side in ((count, 1), (count, 0)):
        if (side and not count) or (not side and count == size):
            ends.append(0.0 if side else 1.0)
            continue
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            tail = binomial_tails(np.array([float(wanted)]), np.array([float(size)]), np.array([middle]))[side][0]
            # P(X >= count) grows with the share, P(X <= count) falls
            if (tail < TAIL) == bool(side):
                low = middle
            else:
                high = middle
        ends.append((low + high) / 2)
    return ends[0], ends[1]
