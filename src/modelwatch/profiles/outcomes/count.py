"""Rows -> `Outcomes` of each of their time slots, whole and by cut, without a loop over rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.profiles.outcomes.facts import CUT_AT, MAX_LABELS, NONE, OTHER, Fact, Total, cell
from modelwatch.profiles.outcomes.grids import NO_SCORE, delay_bins, error_bins, score_bins
from modelwatch.profiles.outcomes.outcomes import EMPTY, Outcomes, summed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

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


class Cells(NamedTuple):
    """Some rows' contributions to one fact: a key of cut 0 each; `rows` are their places, None for all rows."""

    keys: Ints
    values: Floats
    rows: Ints | None = None


def count_seen(rows: Rows, slots: Ints, k: int) -> list[Outcomes]:
    """What predictions say, labelled or not, in each of `k` slots [n]: to be counted once for every prediction."""
    return gathered(rows, list(seen_cells(rows)), slots, k)


def count_labelled(rows: Rows, slots: Ints, k: int) -> list[Outcomes]:
    """What came true of predictions, in each of `k` slots [n]: once for every labelled prediction."""
    return gathered(rows, list(labelled_cells(rows)), slots, k)


def weights_of(rows: Rows) -> Floats:
    """Inclusion weights [n]."""
    return np.ones(rows.n) if rows.weight is None else rows.weight


def label_codes(codes: Ints | None, n: int) -> Ints:
    """Codes as cells hold them: -1 is `NONE`, those beyond `MAX_LABELS` are `OTHER`."""
    if codes is None:
        return np.full(n, NONE, np.int64)
    return np.where(codes < 0, NONE, np.where(codes >= MAX_LABELS, OTHER, codes))


def seen_cells(rows: Rows) -> Iterator[Cells]:
    """The cells of every prediction."""
    weight = weights_of(rows)
    if rows.value is not None:
        known = np.flatnonzero(np.isfinite(rows.value))
        value, w = rows.value[known], weight[known]
        sums = {Total.ROWS: np.ones(len(known)), Total.WEIGHT_SQ: w**2, **moments(value, w)}
        yield from totals_of(Fact.SEEN, known, sums)
        return
    bins = bins_of(rows)
    predicted = label_codes(rows.predicted, rows.n)
    yield Cells(cell(Fact.PREDICTED, bins, predicted), weight)
    if rows.score is not None:
        scored = np.flatnonzero(bins < NO_SCORE)
        yield Cells(cell(Fact.PREDICTED_SCORE, bins[scored], predicted[scored]), (weight * rows.score)[scored], scored)
    sums = {Total.ROWS: np.ones(rows.n), Total.WEIGHT: weight, Total.WEIGHT_SQ: weight**2}
    yield from totals_of(Fact.SEEN, None, sums)


def bins_of(rows: Rows) -> Ints:
    """The score bin of each row."""
    return np.full(rows.n, NO_SCORE, np.int64) if rows.score is None else score_bins(rows.score)


def labelled_cells(rows: Rows) -> Iterator[Cells]:
    """The cells of labelled predictions."""
    if rows.value is not None:
        yield from regression_cells(rows)
    else:
        yield from classification_cells(rows)


def classification_cells(rows: Rows) -> Iterator[Cells]:
    """The cells of rows whose actual class is known."""
    assert rows.actual is not None
    known = np.flatnonzero(rows.actual >= 0)
    weight = weights_of(rows)[known]
    actual, predicted = label_codes(rows.actual, rows.n)[known], label_codes(rows.predicted, rows.n)[known]
    bins = bins_of(rows)[known]
    yield Cells(cell(Fact.LABELLED, bins, predicted, actual), weight, known)
    sums = {Total.ROWS: np.ones(len(known)), Total.WEIGHT: weight, Total.WEIGHT_SQ: weight**2}
    if rows.score is not None:
        scored = bins < NO_SCORE
        score = np.where(scored, rows.score[known], 0.0)
        yield Cells(cell(Fact.LABELLED_SCORE, bins, predicted, actual)[scored], (weight * score)[scored], known[scored])
        loss, brier = scores_lost(rows, known, score)
        sums |= {Total.SCORED: weight * scored}
        sums |= {Total.LOG_LOSS: weight * loss * scored, Total.LOG_LOSS_SQ: weight * loss**2 * scored}
        sums |= {Total.BRIER: weight * brier * scored, Total.BRIER_SQ: weight * brier**2 * scored}
    yield from totals_of(Fact.TOTAL, known, sums)
    yield from delays_of(rows, known)
    if rows.class_scores is not None:
        for label in range(min(rows.class_scores.shape[1], MAX_LABELS)):
            true = (actual == label).astype(np.int64)
            yield Cells(cell(Fact.CLASS_SCORE, score_bins(rows.class_scores[known, label]), label, true), weight, known)


def scores_lost(rows: Rows, known: Ints, score: Floats) -> tuple[Floats, Floats]:
    """(log loss, Brier score) of each known row.

    Binary: -log of the probability of what came true, and (score - outcome)^2. With the scores of all classes the
    same over all of them (Brier 1950: summed over classes). Else of the predicted class, as true or false.
    """
    assert rows.actual is not None
    actual = rows.actual[known]
    if rows.class_scores is not None:
        chance = rows.class_scores[known]
        inside = actual < chance.shape[1]
        true = np.where(inside, chance[np.arange(len(known)), np.where(inside, actual, 0)], 0.0)
        brier = (chance**2).sum(axis=1) - 2 * true + 1
        return -np.log(np.clip(true, LOG_FLOOR, 1.0)), brier
    if rows.positive >= 0:
        hit = actual == rows.positive
    else:
        assert rows.predicted is not None
        hit = actual == rows.predicted[known]
    chance = np.clip(np.where(hit, score, 1 - score), LOG_FLOOR, 1 - LOG_FLOOR)
    return -np.log(chance), (score - hit) ** 2


def regression_cells(rows: Rows) -> Iterator[Cells]:
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
    yield from totals_of(
        Fact.TOTAL,
        known,
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
    )
    yield Cells(cell(Fact.ERROR, error_bins(error)), weight, known)
    yield from delays_of(rows, known)


def moments(value: Floats, weight: Floats) -> dict[Total, Floats]:
    """Weight, and the first two moments of the predicted value."""
    return {Total.WEIGHT: weight, Total.VALUE: weight * value, Total.VALUE_SQ: weight * value**2}


def totals_of(fact: Fact, rows: Ints | None, sums: dict[Total, Floats]) -> Iterator[Cells]:
    """One cell for each sum."""
    for total, values in sums.items():
        yield Cells(cell(fact, np.full(len(values), int(total), np.int64)), values, rows)


def delays_of(rows: Rows, known: Ints) -> Iterator[Cells]:
    """How long labels took to come."""
    if rows.delay_us is not None:
        yield Cells(cell(Fact.DELAY, delay_bins(rows.delay_us[known])), np.ones(len(known)), known)


def gathered(rows: Rows, cells: Sequence[Cells], slots: Ints, k: int) -> list[Outcomes]:
    """The cells of everything and of each cut, added up slot by slot."""
    n = rows.n
    if n == 0 or not cells:
        return [EMPTY] * k
    ways = [Cuts(np.zeros(n, np.int64), (WHOLE,)), *rows.cuts]
    cuts = tuple(dict.fromkeys(key for way in ways for key in way.keys))
    place = {key: i for i, key in enumerate(cuts)}
    sums: list[tuple[Ints, Ints, Floats]] = []
    for fact in cells:
        base, at = np.unique(fact.keys, return_inverse=True)
        for way in ways:
            codes = way.codes if fact.rows is None else way.codes[fact.rows]
            where = slots if fact.rows is None else slots[fact.rows]
            named = np.array([place[key] for key in way.keys], np.int64)
            sums.append(tallied(base, at.reshape(-1), codes, named, where, fact.values, k))
    return split(rows.labels[:MAX_LABELS], cuts, sums, k)


def tallied(
    base: Ints, at: Ints, codes: Ints, named: Ints, slots: Ints, values: Floats, k: int
) -> tuple[Ints, Ints, Floats]:
    """(slot, key, sum) of the cells of one fact and one way of cutting."""
    width, depth = len(base), len(named)
    if depth == 0 or width == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    inside = codes >= 0
    if not inside.all():
        at, codes, slots, values = at[inside], codes[inside], slots[inside], values[inside]
    flat = (slots.astype(np.int64) * depth + codes) * width + at
    if k * depth * width <= max(4 * len(flat), 4096):
        sums = np.bincount(flat, values, minlength=k * depth * width).astype(np.float64)
        held: Ints = np.flatnonzero(sums).astype(np.int64)
        sums = sums[held]
    else:
        held, back = np.unique(flat, return_inverse=True)
        sums = np.bincount(back.reshape(-1), values, minlength=len(held)).astype(np.float64)
    rest, cells = np.divmod(held, width)
    slot, code = np.divmod(rest, depth)
    return slot, base[cells] + (named[code] << CUT_AT), sums


def split(
    labels: tuple[str, ...], cuts: tuple[str, ...], sums: Sequence[tuple[Ints, Ints, Floats]], k: int
) -> list[Outcomes]:
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
