"""What the charts of a model's performance are drawn from: small arrays, one point a bin at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.scores import Scores
from modelwatch.profiles.outcomes import Fact, Outcomes
from modelwatch.profiles.outcomes.grids import SCORE_BINS, SCORE_STARTS, error_values

Floats = NDArray[np.float64]

BARS: Final = 20
"""Bars of a histogram of scores: each is .05 wide."""
ERROR_BARS: Final = 40
MIDDLE: Final = 0.98
"""The share of errors that a histogram spreads over its bars; the rest is counted at its ends."""


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """Shares of the other class and of the class at or above each threshold, the highest threshold first, from (0, 0)
    to (1, 1)."""

    false_positive_rate: Floats
    true_positive_rate: Floats
    threshold: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PrCurve:
    """Precision and recall of calling positive what lies at or above each threshold, the highest threshold first."""

    recall: Floats
    precision: Floats
    threshold: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ScoreHistogram:
    """Weights of rows by score: `edges` [bars + 1], what came true as the class and what did not [bars]."""

    edges: Floats
    hits: Floats
    misses: Floats


@dataclass(frozen=True, slots=True, eq=False)
class ErrorHistogram:
    """Weights of rows by error: `edges` [bars + 1], ascending; what lies beyond them is `below` and `above`."""

    edges: Floats
    weight: Floats
    below: float
    above: float


def roc_curve(scores: Scores) -> RocCurve:
    """The curve; empty unless both classes are there."""
    positives, negatives = float(scores.hits.sum()), float(scores.misses.sum())
    if positives <= 0 or negatives <= 0:
        return RocCurve(np.empty(0), np.empty(0), np.empty(0))
    hits, misses, threshold = from_above(scores)
    first = np.zeros(1)
    return RocCurve(
        np.concatenate((first, misses / negatives)),
        np.concatenate((first, hits / positives)),
        np.concatenate((np.ones(1), threshold)),
    )


def pr_curve(scores: Scores) -> PrCurve:
    """The curve; empty unless the class is there."""
    positives = float(scores.hits.sum())
    if positives <= 0:
        return PrCurve(np.empty(0), np.empty(0), np.empty(0))
    hits, misses, threshold = from_above(scores)
    return PrCurve(hits / positives, hits / (hits + misses), threshold)


def from_above(scores: Scores) -> tuple[Floats, Floats, Floats]:
    """(hits, misses, threshold) at or above each bin that holds rows, the highest first."""
    held = np.flatnonzero(scores.hits + scores.misses > 0)[::-1]
    return np.cumsum(scores.hits[held]), np.cumsum(scores.misses[held]), SCORE_STARTS[held]


def score_histogram(scores: Scores, bars: int = BARS) -> ScoreHistogram:
    """Counts by score on `bars` bars of equal width, a divisor of 200."""
    place = np.minimum((SCORE_STARTS * bars + 1e-9).astype(np.int64), bars - 1)
    hits, misses = (np.bincount(place, each, bars).astype(np.float64) for each in (scores.hits, scores.misses))
    return ScoreHistogram(np.arange(bars + 1) / bars, hits, misses)


def predicted_histogram(outcomes: Outcomes, cut: str = WHOLE, bars: int = BARS) -> ScoreHistogram:
    """The scores of all predictions, labelled or not; none of them is a hit."""
    bins, _, _, weights = outcomes.cells(Fact.PREDICTED, cut)
    scored = bins < SCORE_BINS
    held = np.bincount(bins[scored], weights[scored], SCORE_BINS).astype(np.float64)
    empty = np.zeros(SCORE_BINS)
    return score_histogram(Scores(empty, held, empty, empty), bars)


def error_histogram(outcomes: Outcomes, cut: str = WHOLE, bars: int = ERROR_BARS) -> ErrorHistogram:
    """Counts by signed error on `bars` bars of equal width over the middle of the errors."""
    bins, _, _, weights = outcomes.cells(Fact.ERROR, cut)
    values, total = error_values(bins), float(weights.sum())
    if total <= 0:
        return ErrorHistogram(np.empty(0), np.empty(0), 0.0, 0.0)
    rising = np.cumsum(weights) / total
    tail = (1 - MIDDLE) / 2
    low = float(values[np.searchsorted(rising, tail)])
    high = float(values[min(int(np.searchsorted(rising, 1 - tail)), len(values) - 1)])
    if low == high:
        low, high = low - abs(low) / 2 - 0.5, high + abs(high) / 2 + 0.5
    edges = np.linspace(low, high, bars + 1)
    inside = (values >= low) & (values <= high)
    place = np.clip(np.searchsorted(edges, values[inside], side="right") - 1, 0, bars - 1)
    held = np.bincount(place, weights[inside], bars).astype(np.float64)
    return ErrorHistogram(edges, held, float(weights[values < low].sum()), float(weights[values > high].sum()))
