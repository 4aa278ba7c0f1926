"""What was predicted against what came true, as a table of weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance.estimate import Estimate, share, unit_of
from modelwatch.monitors.performance.scores import code_of
from modelwatch.profiles.outcomes import NONE, OTHER, Fact, Outcomes

Floats = NDArray[np.float64]

THE_REST: Final = "(other)"
"""How the labels beyond those that are told apart are shown; they count as one."""


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts` [actual, predicted] of the labels that were predicted or came true; `unit` is what one row weighs.

    Rows without a predicted label are left out.
    """

    labels: tuple[str, ...]
    counts: Floats
    unit: float = 1.0

    @property
    def weight(self) -> float:
        """Of all rows."""
        return float(self.counts.sum())


@dataclass(frozen=True, slots=True)
class Table:
    """The four cells of one class against the rest."""

    tp: float
    fp: float
    fn: float
    tn: float
    unit: float = 1.0

    def accuracy(self) -> Estimate:
        """The share of rows that were predicted right."""
        return share(self.tp + self.tn, self.tp + self.fp + self.fn + self.tn, self.unit)

    def precision(self) -> Estimate:
        """Of the rows predicted to be of the class, the share that were."""
        return share(self.tp, self.tp + self.fp, self.unit)

    def recall(self) -> Estimate:
        """Of the rows of the class, the share predicted to be."""
        return share(self.tp, self.tp + self.fn, self.unit)

    def specificity(self) -> Estimate:
        """Of the rows of other classes, the share predicted to be."""
        return share(self.tn, self.tn + self.fp, self.unit)

    def f1(self) -> Estimate:
        """The harmonic mean of precision and recall.

        It is 2 J / (1 + J) of J = tp / (tp + fp + fn), which is a proportion: J's interval maps to that of F1, and its
        error by the slope 2 / (1 + J)^2.
        """
        jaccard = share(self.tp, self.tp + self.fp + self.fn, self.unit)
        value, low, high = (2 * each / (1 + each) for each in (jaccard.value, jaccard.low, jaccard.high))
        return Estimate(value, jaccard.error * 2 / (1 + jaccard.value) ** 2, low, high, jaccard.rows)


def confusion(outcomes: Outcomes, cut: str = WHOLE) -> Confusion:
    """The table of all labels."""
    _, predicted, actual, weights = outcomes.cells(Fact.LABELLED, cut)
    known = predicted != NONE
    predicted, actual, weights = predicted[known], actual[known], np.maximum(weights[known], 0.0)
    held = np.union1d(predicted, actual)
    names = [THE_REST if code == OTHER else outcomes.labels[code] for code in held.tolist()]
    counts = np.zeros((len(held), len(held)))
    np.add.at(counts, (np.searchsorted(held, actual), np.searchsorted(held, predicted)), weights)
    return Confusion(tuple(names), counts, unit_of(outcomes.totals(cut)))


def table_of(outcomes: Outcomes, positive: str, cut: str = WHOLE) -> Table:
    """The four cells of the class `positive`; any other label is the other class."""
    code = code_of(outcomes, positive)
    _, predicted, actual, weights = outcomes.cells(Fact.LABELLED, cut)
    known = predicted != NONE
    place = 2 * (actual == code)[known] + (predicted == code)[known]
    tn, fp, fn, tp = np.maximum(np.bincount(place, weights[known], 4), 0.0).tolist()
    return Table(tp, fp, fn, tn, unit_of(outcomes.totals(cut)))


def against_rest(table: Confusion, i: int) -> Table:
    """The four cells of the label at place `i`."""
    tp = float(table.counts[i, i])
    fn, fp = float(table.counts[i].sum()) - tp, float(table.counts[:, i].sum()) - tp
    return Table(tp, fp, fn, max(table.weight - tp - fn - fp, 0.0), table.unit)
