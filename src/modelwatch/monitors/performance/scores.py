"""Scores of rows of a class and of the others, counted by bin: what ranking metrics are computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.estimate import unit_of
from modelwatch.profiles.outcomes import Fact, Outcomes
from modelwatch.profiles.outcomes.grids import NO_SCORE, SCORE_BINS, SCORE_STARTS, SCORE_WIDTHS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Weights by score bin, lowest first [SCORE_BINS]: `hits` of rows of the class, `misses` of the others.

    `hit_scores` and `miss_scores` are the sums of their scores; `unit` is what one row weighs.
    """

    hits: Floats
    misses: Floats
    hit_scores: Floats
    miss_scores: Floats
    unit: float = 1.0

    @property
    def weight(self) -> float:
        """Of all rows."""
        return float(self.hits.sum() + self.misses.sum())


def code_of(outcomes: Outcomes, label: str) -> int:
    """The code of a label, -1 where it never came."""
    return outcomes.labels.index(label) if label in outcomes.labels else -1


def scores_of(outcomes: Outcomes, positive: str, cut: str = WHOLE) -> Scores:
    """The scores of labelled rows by whether they came true as `positive`."""
    code = code_of(outcomes, positive)
    counts = []
    for fact in (Fact.LABELLED, Fact.LABELLED_SCORE):
        bins, _, actual, values = outcomes.cells(fact, cut)
        counts.append(split_bins(bins, actual == code, values))
    return Scores(*counts[0], *counts[1], unit_of(outcomes.totals(cut)))


def top_label_scores(outcomes: Outcomes, cut: str = WHOLE) -> Scores:
    """The scores of the predicted class by whether it came true, in a model of many classes."""
    counts = []
    for fact in (Fact.LABELLED, Fact.LABELLED_SCORE):
        bins, predicted, actual, values = outcomes.cells(fact, cut)
        counts.append(split_bins(bins, predicted == actual, values))
    return Scores(*counts[0], *counts[1], unit_of(outcomes.totals(cut)))


def class_scores(outcomes: Outcomes, label: str, cut: str = WHOLE) -> Scores:
    """The scores of one class of many against the rest, for ranking only: sums are not kept, each score is taken
    as the middle of its bin."""
    bins, of, true, values = outcomes.cells(Fact.CLASS_SCORE, cut)
    mine = of == code_of(outcomes, label)
    hits, misses = split_bins(bins[mine], true[mine] == 1, values[mine])
    middle = SCORE_STARTS + SCORE_WIDTHS / 2
    return Scores(hits, misses, hits * middle, misses * middle, unit_of(outcomes.totals(cut)))


def split_bins(bins: NDArray[np.int64], hit: NDArray[np.bool_], values: Floats) -> tuple[Floats, Floats]:
    """Sums by score bin of the cells that hit, and of the others; rows without a score are left out."""
    scored = bins < NO_SCORE
    sums = [np.bincount(bins[each], values[each], SCORE_BINS) for each in (scored & hit, scored & ~hit)]
    hits, misses = (np.maximum(each.astype(np.float64), 0.0) for each in sums)
    return hits, misses
