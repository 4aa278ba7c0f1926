"""The fixed bins of scores, errors and delays: the same for every model, so that their counts always add up.

Scores of 0 to 1: 200 bins of width .005, the first and the last of them split into 29 by 28 edges that are spaced
evenly in the logarithm down to 1e-6 from either end, since rare classes live there. Every multiple of .1 is an edge,
so that a calibration error on ten equal bins is exact.

Errors: the buckets of DDSketch (Masson, Rim, Lee: 'DDSketch', VLDB 2019) with relative accuracy 1 %, both signs.
Delays: 4 bins per doubling from one second on.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

STEPS: Final = 200
TAIL: Final = 28
LOWEST: Final = 1e-6


def score_edges() -> Floats:
    """The inner edges of the score bins, ascending [255]."""
    tail = np.geomspace(LOWEST, 1 / STEPS, TAIL + 1)[:-1]
    return np.concatenate((tail, np.arange(1, STEPS) / STEPS, 1.0 - tail[::-1]))


SCORE_EDGES: Final = score_edges()
SCORE_BINS: Final = len(SCORE_EDGES) + 1
SCORE_STARTS: Final = np.concatenate(([0.0], SCORE_EDGES))
"""The lowest score of each bin."""
SCORE_WIDTHS: Final = np.diff(SCORE_STARTS, append=1.0)
NO_SCORE: Final = SCORE_BINS
"""The bin of rows without a score, or with one that is no probability."""

ACCURACY: Final = 0.01
GAMMA: Final = (1 + ACCURACY) / (1 - ACCURACY)
LEAST_ERROR: Final = 1e-9
"""Errors closer to zero than this count as none."""
ERROR_REACH: Final = 4_000
"""Bins on either side of zero: errors up to 1e-9 x gamma^4000 = 5e25; larger ones count in the last bin."""
ERROR_ZERO: Final = ERROR_REACH

DELAY_STEPS: Final = 4
DELAY_BINS: Final = 1 + DELAY_STEPS * 27
"""The last bin begins at 2^27 seconds, 4.25 years."""


def score_bins(scores: Floats) -> Ints:
    """The bin of each score; `NO_SCORE` for NaN and for what lies outside 0 to 1.

    >>> score_bins(np.array([0.0, 0.5, 1.0, np.nan, 3.0])).tolist()
    [0, 128, 255, 256, 256]
    """
    return binned(np.ascontiguousarray(scores, np.float64))


@compiled
def binned(scores: Floats) -> Ints:
    """`score_bins`: of the evenly spaced edges it is known between which two a score can be."""
    bins = np.empty(len(scores), np.int64)
    for i in range(len(scores)):
        score = scores[i]
        if not 0.0 <= score <= 1.0:
            bins[i] = NO_SCORE
            continue
        step = int(score * STEPS)
        low = TAIL + step - 1 if step > 0 else 0
        high = TAIL + step + 1 if step < STEPS - 1 else SCORE_BINS - 1
        while low < high:
            middle = (low + high) // 2
            if SCORE_EDGES[middle] <= score:
                low = middle + 1
            else:
                high = middle
        bins[i] = low
    return bins


def error_bins(errors: Floats) -> Ints:
    """The bin of each signed error, `ERROR_ZERO` in the middle; NaN must not be among them."""
    size = np.maximum(np.abs(errors), LEAST_ERROR)
    place = np.ceil(np.log(size / LEAST_ERROR) / np.log(GAMMA))
    steps: Ints = np.minimum(place, ERROR_REACH).astype(np.int64)
    return np.where(errors < 0, ERROR_ZERO - steps, ERROR_ZERO + steps)


def error_values(bins: Ints) -> Floats:
    """The value that stands for each error bin, at most 1 % from any error in it."""
    place = np.abs(bins - ERROR_ZERO)
    size = LEAST_ERROR * GAMMA ** place.astype(np.float64) * 2 / (1 + GAMMA)
    return np.where(place == 0, 0.0, np.sign(bins - ERROR_ZERO) * size)


def delay_bins(delay_us: Ints) -> Ints:
    """The bin of each delay; labels that come before their prediction count with those that come at once."""
    seconds = np.maximum(delay_us / 1e6, 1.0)
    found = 1 + np.floor(np.log2(seconds) * DELAY_STEPS).astype(np.int64)
    return np.where(delay_us < 1_000_000, 0, np.minimum(found, DELAY_BINS - 1))


def delay_ends_s() -> Floats:
    """Where each delay bin ends, in seconds [DELAY_BINS]; the last one never does."""
    ends = 2.0 ** (np.arange(DELAY_BINS) / DELAY_STEPS)
    ends[-1] = np.inf
    return ends
