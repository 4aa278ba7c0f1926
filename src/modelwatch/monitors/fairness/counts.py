"""What `Outcomes` say of each group, as arrays over groups [G], in effective rows.

Rows with inclusion weights w count as (sum w)^2 / sum w^2 of them (Kish, Survey sampling, 1965), in every cell of a
group alike; without weights these are the rows themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes import NONE, OTHER, Fact, Outcomes, Total
from modelwatch.profiles.outcomes.facts import A_AT, A_BITS, B_AT, B_BITS, C_BITS, CUT_AT, FACT_AT, FACT_BITS
from modelwatch.profiles.outcomes.grids import NO_SCORE, SCORE_BINS, SCORE_EDGES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CALIBRATION_BINS: Final = 10
LOWER: Final = np.concatenate(([0.0], SCORE_EDGES))
MIDDLES: Final = (LOWER + np.concatenate((SCORE_EDGES, [1.0]))) / 2
ROUNDING: Final = 1e-14
"""What is left of a variance when it is the difference of two sums, as a part of the squared mean."""
TENTHS: Final = np.minimum((LOWER * CALIBRATION_BINS + 1e-9).astype(np.int64), CALIBRATION_BINS - 1)
STARTS: Final = np.searchsorted(TENTHS, np.arange(CALIBRATION_BINS))


class Cells(NamedTuple):
    """The cells [n] of one fact of some groups; `group` is a place among them."""

    group: Ints
    a: Ints
    b: Ints
    c: Ints
    value: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The cells of G groups of `Outcomes`, apart by fact."""

    count: int
    group: Ints
    fact: Ints
    keys: Ints
    values: Floats

    def of(self, fact: Fact) -> Cells:
        """The cells of one fact."""
        mine = np.flatnonzero(self.fact == fact)
        keys = self.keys[mine]
        a, b, c = (keys >> A_AT) & mask(A_BITS), (keys >> B_AT) & mask(B_BITS), keys & mask(C_BITS)
        return Cells(self.group[mine], a, b, c, self.values[mine])

    def totals(self, fact: Fact) -> Floats:
        """Sums by `Total` [G, 64]."""
        answer = np.zeros((self.count, 64))
        cells = self.of(fact)
        answer[cells.group, cells.a] = cells.value
        return answer


def mask(bits: int) -> int:
    """So many ones."""
    return (1 << bits) - 1


def held(outcomes: Outcomes, groups: Sequence[str]) -> Held:
    """The cells of some groups (keys of cuts, each at most once); those that it has not have none."""
    place = np.full(len(outcomes.cuts), -1, np.int64)
    at = {key: i for i, key in enumerate(outcomes.cuts)}
    for i, key in enumerate(groups):
        if key in at:
            place[at[key]] = i
    group = place[outcomes.keys >> CUT_AT]
    mine = np.flatnonzero(group >= 0)
    keys = outcomes.keys[mine]
    return Held(len(groups), group[mine], (keys >> FACT_AT) & mask(FACT_BITS), keys, outcomes.values[mine])


@dataclass(frozen=True, slots=True)
class Confusion:
    """[G] each. `seen` and `selected` (the favourable label) are of all predictions, the others of labelled ones: the
    favourable label against all others, and `right`, the predictions of any label that came true."""

    seen: Floats
    selected: Floats
    tp: Floats
    fp: Floats
    fn: Floats
    tn: Floats
    right: Floats


@dataclass(frozen=True, slots=True)
class Moments:
    """[G] each: a mean with its standard deviation, over so many rows; NaN where there is none.

    `events` are how many of the rows make the mean what it is: all, or of a calibration those that came true or were
    expected to.
    """

    rows: Floats
    mean: Floats
    deviation: Floats
    events: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """`gap` is score - outcome, with its moments; `error` [G] the expected calibration error on ten equal bins."""

    gap: Moments
    score: Floats
    error: Floats


def scale_of(totals: Floats, effect: float) -> Floats:
    """Effective rows for each unit of weight [G]."""
    return divided(totals[:, Total.WEIGHT], totals[:, Total.WEIGHT_SQ] * effect, 0.0)


def divided(a: Floats, b: Floats, otherwise: float = float("nan")) -> Floats:
    """a / b where b is positive."""
    answer: Floats = np.divide(a, b, out=np.full(np.shape(a), otherwise), where=b > 0)
    return answer


def place_of(outcomes: Outcomes, label: str) -> int:
    """The code of a label, -1 when no row has it."""
    return outcomes.labels.index(label) if label in outcomes.labels else -1


def confusion(cells: Held, favourable: int, effect: float = 1.0) -> Confusion:
    """Counts of G groups; a prediction without a label is none of the model's decisions and is left out."""
    seen, n = cells.of(Fact.PREDICTED), cells.count
    scale = scale_of(cells.totals(Fact.SEEN), effect)
    decided = np.bincount(seen.group, seen.value * (seen.b != NONE), n) * scale
    selected = np.bincount(seen.group, seen.value * (seen.b == favourable), n) * scale
    known = cells.of(Fact.LABELLED)
    chosen, true = known.b == favourable, known.c == favourable
    kind = np.where(chosen, np.where(true, 0, 1), np.where(true, 2, 3))
    scale = scale_of(cells.totals(Fact.TOTAL), effect)
    kinds = np.bincount(kind * n + known.group, known.value * (known.b != NONE), 4 * n).reshape(4, n) * scale
    right = np.bincount(known.group, known.value * ((known.b == known.c) & (known.b < OTHER)), n) * scale
    tp, fp, fn, tn = np.maximum(kinds, 0.0)
    return Confusion(np.maximum(decided, 0.0), np.maximum(selected, 0.0), tp, fp, fn, tn, np.maximum(right, 0.0))


def calibration(cells: Held, outcomes: Outcomes, favourable: str, positive: str, effect: float = 1.0) -> Calibration:
    """How scores of the favourable label compare with what came true, from the scores of labelled predictions.

    Where `positive` names the class that the score is of, exact sums are used; of two classes the other one has the
    rest of the score. In a model of many classes the scores of one class are known by their bins, to .0025.
    """
    totals = cells.totals(Fact.TOTAL)
    if positive and (favourable == positive or len(outcomes.labels) <= 2):
        weight, score, true = of_positive(cells, place_of(outcomes, positive))
        square = totals[:, Total.BRIER]
        if favourable != positive:
            weight, score, true = weight[:, ::-1], (weight - score)[:, ::-1], (weight - true)[:, ::-1]
    else:
        weight, score, true = of_class(cells, place_of(outcomes, favourable))
        square = true @ (1 - MIDDLES) ** 2 + (weight - true) @ MIDDLES**2
    total = weight.sum(axis=1)
    rows = total * scale_of(totals, effect)
    mean, observed = divided(score.sum(axis=1), total), divided(true.sum(axis=1), total)
    gap = mean - observed
    error = divided(np.abs(np.add.reduceat(score - true, STARTS, axis=1)).sum(axis=1), total)
    events = np.nan_to_num(rows * np.maximum(mean, observed))
    return Calibration(Moments(rows, gap, deviation(divided(square, total), gap), events), mean, error)


def of_positive(cells: Held, place: int) -> tuple[Floats, Floats, Floats]:
    """(weight, sum of scores, weight of what came true) [G, score bin] of a binary score."""
    known, scores = cells.of(Fact.LABELLED), cells.of(Fact.LABELLED_SCORE)
    scored = known.value * (known.a < NO_SCORE)
    return (
        by_bin(known, scored, cells.count),
        by_bin(scores, scores.value, cells.count),
        by_bin(known, scored * (known.c == place), cells.count),
    )


def of_class(cells: Held, place: int) -> tuple[Floats, Floats, Floats]:
    """The same of one class of many, its scores taken to be the middles of their bins."""
    found = cells.of(Fact.CLASS_SCORE)
    scored = found.value * ((found.b == place) & (found.a < NO_SCORE))
    weight = by_bin(found, scored, cells.count)
    return weight, weight * MIDDLES, by_bin(found, scored * (found.c == 1), cells.count)


def by_bin(cells: Cells, values: Floats, count: int) -> Floats:
    """Values of cells [n] added up by group and score bin [G, SCORE_BINS]."""
    place = cells.group * SCORE_BINS + np.minimum(cells.a, SCORE_BINS - 1)
    sums: Floats = np.bincount(place, values, count * SCORE_BINS).astype(np.float64)
    return sums.reshape(count, SCORE_BINS)


def moments(cells: Held, fact: Fact, of: Total, effect: float = 1.0) -> Moments:
    """The mean of a value whose sum is `of` and whose sum of squares is the total after it."""
    totals = cells.totals(fact)
    weight = totals[:, Total.WEIGHT]
    rows = weight * scale_of(totals, effect)
    mean = divided(totals[:, of], weight)
    return Moments(rows, mean, deviation(divided(totals[:, of + 1], weight), mean), rows)


def deviation(square: Floats, mean: Floats) -> Floats:
    """The standard deviations that means of squares say, never under what rounding makes of them."""
    answer: Floats = np.sqrt(np.maximum(square - mean**2, ROUNDING * mean**2))
    return answer
