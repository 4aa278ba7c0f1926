"""Rows -> `Outcomes` of each of their time slots, whole and by cut, without a loop over rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.profiles.outcomes.facts import MAX_LABELS, Fact, Total, cell
from modelwatch.profiles.outcomes.grids import NO_SCORE, delay_bins, error_bins, score_bins
from modelwatch.profiles.outcomes.outcomes import EMPTY, Outcomes, summed
from modelwatch.profiles.outcomes.tally import (
    Cells,
    Found,
    Scored,
    Sums,
    Weighed,
    grouping,
    label_places,
    losses,
    pair_places,
    radix,
    tallied,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Part = Cells | Scored | Weighed | Sums

LOG_FLOOR: Final = float(np.finfo(np.float64).eps)
"""Probabilities are kept this far from 0 and 1 in the log loss, as scikit-learn does."""


class Cuts(NamedTuple):
    """One way of cutting rows: `codes` [n] are places in `keys` (keys of groups), -1 for rows of none of them."""

    codes: Ints
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Predictions [n], and what came true of them where that is known.

    Classification: `predicted` and `actual` are codes of `labels`, -1 for none; `score` is the probability of the
    class `positive`, or in a model of many classes that of the predicted one, NaN for none. `class_scores`
    [n, labels] are the probabilities of all classes. Regression: `value` and `truth`, NaN for none. `actual` and
    `truth` None: nothing is known yet.
    """

    weight: Floats | None = None
    labels: tuple[str, ...] = ()
    predicted: Ints | None = None
    actual: Ints | None = None
    score: Floats | None = None
    positive: int = -1
    class_scores: Floats | None = None
    value: Floats | None = None
    truth: Floats | None = None
    delay_us: Ints | None = None
    cuts: Sequence[Cuts] = field(default=())

    @property
    def n(self) -> int:
        """How many rows there are."""
        held = next(x for x in (self.predicted, self.score, self.value, self.actual, self.truth) if x is not None)
        return len(held)


def count_seen(rows: Rows, slots: Ints, k: int) -> list[Outcomes]:
    """What predictions say, labelled or not, in each of `k` slots [n]: to be counted once for every prediction."""
    return gathered(rows, list(seen_cells(rows)), slots, k)


def count_labelled(rows: Rows, slots: Ints, k: int) -> list[Outcomes]:
    """What came true of predictions, in each of `k` slots [n]: once for every labelled prediction."""
    return gathered(rows, list(labelled_cells(rows)), slots, k)


def weights_of(rows: Rows) -> Floats:
    """Inclusion weights [n]."""
    return np.ones(rows.n) if rows.weight is None else rows.weight


def seen_cells(rows: Rows) -> Iterator[Part]:
    """The cells of every prediction."""
    weight = weights_of(rows)
    if rows.value is not None:
        known = np.flatnonzero(np.isfinite(rows.value))
        value, w = rows.value[known], weight[known]
        yield Sums(Fact.SEEN, {Total.ROWS: np.ones(len(known)), Total.WEIGHT_SQ: w**2, **moments(value, w)}, known)
        return
    bins, labels = bins_of(rows), radix(rows.labels)
    at = label_places(bins, codes_of(rows.predicted, rows.n), labels)
    values = {Fact.PREDICTED: weight}
    if rows.score is not None:
        values[Fact.PREDICTED_SCORE] = weight * np.where(bins < NO_SCORE, rows.score, 0.0)
    yield Scored(at, labels, values)
    yield Weighed(Fact.SEEN, at, weight)


def codes_of(codes: Ints | None, n: int) -> Ints:
    """Codes of labels, -1 where there are none."""
    return np.full(n, -1, np.int64) if codes is None else np.ascontiguousarray(codes, np.int64)


def bins_of(rows: Rows) -> Ints:
    """The score bin of each row."""
    return np.full(rows.n, NO_SCORE, np.int64) if rows.score is None else score_bins(rows.score)


def labelled_cells(rows: Rows) -> Iterator[Part]:
    """The cells of labelled predictions."""
    if rows.value is not None:
        yield from regression_cells(rows)
    else:
        yield from classification_cells(rows)


def classification_cells(rows: Rows) -> Iterator[Part]:
    """The cells of rows whose actual class is known."""
    assert rows.actual is not None
    actual, predicted, weight = codes_of(rows.actual, rows.n), codes_of(rows.predicted, rows.n), weights_of(rows)
    bins, labels = bins_of(rows), radix(rows.labels)
    at = pair_places(bins, predicted, actual, labels)
    values = {Fact.LABELLED: weight}
    if rows.score is None:
        yield Weighed(Fact.TOTAL, at, weight)
    else:
        values[Fact.LABELLED_SCORE] = weight * np.where(bins < NO_SCORE, rows.score, 0.0)
        yield Weighed(Fact.TOTAL, at, weight, *scores_lost(rows, bins, actual, predicted))
    yield Scored(at, labels, values)
    known = np.flatnonzero(actual >= 0)
    yield from delays_of(rows, known)
    if rows.class_scores is not None:
        for label in range(min(rows.class_scores.shape[1], MAX_LABELS)):
            true = (actual[known] == label).astype(np.int64)
            keys = cell(Fact(0), score_bins(rows.class_scores[known, label]), label, true)
            yield Cells(keys, {Fact.CLASS_SCORE: weight[known]}, known)


def scores_lost(rows: Rows, bins: Ints, actual: Ints, predicted: Ints) -> tuple[Floats, Floats]:
    """(log loss, Brier score) of each row, NaN without a score; of no meaning where nothing came true yet.

    Binary: -log of the probability of what came true, and (score - outcome)^2. With the scores of all classes the
    same over all of them (Brier 1950: summed over classes). Else of the predicted class, as true or false.
    """
    assert rows.score is not None
    if rows.class_scores is not None:
        chance = rows.class_scores
        inside = (actual >= 0) & (actual < chance.shape[1])
        true = np.where(inside, chance[np.arange(len(actual)), np.where(inside, actual, 0)], 0.0)
        unknown = bins >= NO_SCORE
        brier = (chance**2).sum(axis=1) - 2 * true + 1
        return np.where(unknown, np.nan, -np.log(np.clip(true, LOG_FLOOR, 1.0))), brier
    loss, brier = np.empty(len(actual)), np.empty(len(actual))
    wanted = np.array([rows.positive]) if rows.positive >= 0 else predicted
    losses(np.ascontiguousarray(rows.score, np.float64), bins, actual, wanted, LOG_FLOOR, loss, brier)
    return loss, brier


def regression_cells(rows: Rows) -> Iterator[Part]:
    """The cells of rows whose true value is known."""
    assert rows.value is not None
    assert rows.truth is not None
    known = np.flatnonzero(np.isfinite(rows.value) & np.isfinite(rows.truth))
    weight, value, truth = weights_of(rows)[known], rows.value[known], rows.truth[known]
    error = value - truth
    size = np.abs(error)
    share = np.divide(size, np.abs(truth), out=np.zeros_like(size), where=truth != 0)
    both = np.abs(truth) + np.abs(value)
    symmetric = np.divide(2 * size, both, out=np.zeros_like(size), where=both != 0)
    yield Sums(
        Fact.TOTAL,
        {
            Total.ROWS: np.ones(len(known)),
            Total.WEIGHT_SQ: weight**2,
            Total.ERROR: weight * error,
            Total.ERROR_SQ: weight * error**2,
            Total.ERROR_4: weight * error**4,
            Total.ABSOLUTE: weight * size,
            Total.PERCENT: weight * share,
            Total.PERCENT_SQ: weight * share**2,
            Total.PERCENT_WEIGHT: weight * (truth != 0),
            Total.SYMMETRIC: weight * symmetric,
            Total.SYMMETRIC_SQ: weight * symmetric**2,
            Total.ACTUAL: weight * truth,
            Total.ACTUAL_SQ: weight * truth**2,
            Total.ACTUAL_3: weight * truth**3,
            Total.ACTUAL_4: weight * truth**4,
            Total.ERROR_SQ_ACTUAL: weight * error**2 * truth,
            Total.ERROR_SQ_ACTUAL_SQ: weight * error**2 * truth**2,
            **moments(value, weight),
        },
        known,
    )
    yield Cells(cell(Fact(0), error_bins(error)), {Fact.ERROR: weight}, known)
    yield Cells(cell(Fact(0), error_bins(truth)), {Fact.ACTUAL: weight}, known)
    yield from delays_of(rows, known)


def moments(value: Floats, weight: Floats) -> dict[Total, Floats]:
    """Weight, and the first two moments of the predicted value."""
    return {Total.WEIGHT: weight, Total.VALUE: weight * value, Total.VALUE_SQ: weight * value**2}


def delays_of(rows: Rows, known: Ints) -> Iterator[Part]:
    """How long labels took to come."""
    if rows.delay_us is not None:
        yield Cells(cell(Fact(0), delay_bins(rows.delay_us[known])), {Fact.DELAY: np.ones(len(known))}, known)


def gathered(rows: Rows, parts: Sequence[Part], slots: Ints, k: int) -> list[Outcomes]:
    """The cells of everything and of each cut, added up slot by slot; what the first cut adds up is everything, too."""
    if rows.n == 0 or not parts:
        return [EMPTY] * k
    ways = rows.cuts or [Cuts(np.full(rows.n, -1, np.int64), ())]
    cuts = tuple(dict.fromkeys((WHOLE, *(key for way in ways for key in way.keys))))
    place = {key: i for i, key in enumerate(cuts)}
    sums: list[Found] = []
    for i, way in enumerate(ways):
        by = grouping(way.codes, np.array([place[key] for key in way.keys], np.int64), slots, k, whole=i == 0)
        for part in parts:
            sums += tallied(part, by)
    return split(rows.labels[:MAX_LABELS], cuts, sums, k)


def split(labels: tuple[str, ...], cuts: tuple[str, ...], sums: Sequence[Found], k: int) -> list[Outcomes]:
    """The sums of each slot as `Outcomes`."""
    slot = np.concatenate([each[0] for each in sums])
    keys = np.concatenate([each[1] for each in sums])
    values = np.concatenate([each[2] for each in sums])
    order = np.argsort(slot, kind="stable")
    ends = np.searchsorted(slot[order], np.arange(k + 1))
    found = []
    for i in range(k):
        mine = order[ends[i] : ends[i + 1]]
        found.append(summed(labels, cuts, keys[mine], values[mine]) if len(mine) else EMPTY)
    return found
