"""Adding rows up by cell, group and slot, in one pass over them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.outcomes.facts import CUT_AT, FACT_AT, MAX_LABELS, NONE, OTHER, Fact, Total, cell
from modelwatch.profiles.outcomes.grids import SCORE_BINS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BINS: Final = SCORE_BINS + 1
ROOMY: Final = 4
"""A table of all cells is kept where it has at most so many for each row; else only those that occur."""
SMALL: Final = 4_096
EVERY: Final = (
    Total.ROWS,
    Total.WEIGHT,
    Total.WEIGHT_SQ,
    Total.SCORED,
    Total.LOG_LOSS,
    Total.LOG_LOSS_SQ,
    Total.BRIER,
    Total.BRIER_SQ,
)


class Cells(NamedTuple):
    """Some rows' contributions to facts that have the same cells: the keys [m] of the fact 0 and of cut 0, what is
    added to each of the facts, and the places of the rows, None for all rows."""

    keys: Ints
    values: Mapping[Fact, Floats]
    rows: Ints | None = None


class Scored(NamedTuple):
    """The same by score bin and labels: `at` [n] are places of cells that `label_places` or `pair_places` gave, of so
    many labels; -1 adds nothing."""

    at: Ints
    labels: int
    values: Mapping[Fact, Floats]


class Weighed(NamedTuple):
    """The same of the totals that every row has: rows [n] with `at` under 0 add nothing, nor do those whose loss is NaN
    to the totals of scores; without losses there are none of these."""

    fact: Fact
    at: Ints
    weight: Floats
    loss: Floats | None = None
    brier: Floats | None = None


class Sums(NamedTuple):
    """Some rows' contributions to totals."""

    fact: Fact
    values: Mapping[Total, Floats]
    rows: Ints | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows by slot and group at once: `code` [n] is slot x depth + group, where the last group is that of the rows of
    none. `cuts` [depth - 1] are the groups' places among all cuts; `whole` where all rows count for cut 0, too."""

    code: Ints
    slots: int
    cuts: Ints
    whole: bool

    @property
    def depth(self) -> int:
        """Groups, that of no group included."""
        return len(self.cuts) + 1


Found = tuple[Ints, Ints, Floats]
"""(slot, key, sum) of cells; a key may come more than once."""


def grouping(codes: Ints, cuts: Ints, slots: Ints, k: int, whole: bool) -> Grouping:
    """Rows [n] by their slot, 0 to k - 1, and group, -1 for none; raises `ValueError` for slots beyond that."""
    if len(slots) and not 0 <= int(slots.min()) <= int(slots.max()) < k:
        raise ValueError(f"rows lie in slots {slots.min()} to {slots.max()}, not in 0 to {k - 1}")
    depth = len(cuts) + 1
    inside = (codes >= 0) & (codes < depth - 1)
    return Grouping(slots.astype(np.int64) * depth + np.where(inside, codes, depth - 1), k, cuts, whole)


def tallied(part: Cells | Scored | Weighed | Sums, by: Grouping) -> Iterator[Found]:
    """What the rows add to each cell of each group in each slot."""
    match part:
        case Cells(keys, values, rows):
            base, at = np.unique(keys, return_inverse=True)
            code = by.code if rows is None else by.code[rows]
            yield from added(code, at.reshape(-1).astype(np.int64), len(base), values, by, base)
        case Scored(at, labels, values):
            yield from added(by.code, at, BINS * labels * labels, values, by, labels)
        case Weighed(fact, at, weight, loss, brier):
            sums = np.zeros((len(EVERY), by.slots * by.depth))
            add_weights(by.code, at, weight, sums)
            if loss is not None and brier is not None:
                add_losses(by.code, at, weight, loss, brier, sums)
            yield from totals(fact, EVERY, sums, by)
        case Sums(fact, values, rows):
            code = by.code if rows is None else by.code[rows]
            sums = np.array([np.bincount(code, each, by.slots * by.depth) for each in values.values()])
            yield from totals(fact, tuple(values), sums, by)


def totals(fact: Fact, of: tuple[Total, ...], sums: Floats, by: Grouping) -> Iterator[Found]:
    """Sums [totals, slots x groups] under their keys."""
    rows, groups = np.nonzero(sums)
    keys = cell(fact, np.array([int(total) for total in of], np.int64))
    yield from named(groups.astype(np.int64), keys[rows], sums[rows, groups], by)


def added(
    code: Ints, at: Ints, width: int, values: Mapping[Fact, Floats], by: Grouping, keys: Ints | int
) -> Iterator[Found]:
    """Rows added up by `code` and `at`; `keys` names the places of cells, or says how many labels they are made of."""
    flat = flat_places(code, at, width)
    size, held = by.slots * by.depth * width, None
    if size > max(ROOMY * len(code), SMALL):
        held, back = np.unique(flat, return_inverse=True)
        flat, size = back.reshape(-1).astype(np.int64), len(held)
        if size and held[0] < 0:
            held, flat, size = held[1:], flat - 1, size - 1
    for fact, each in values.items():
        sums = summed_by(flat, each, size)
        some = np.flatnonzero(sums)
        groups, cells = np.divmod(some if held is None else held[some], width)
        key = keys[cells] if isinstance(keys, np.ndarray) else label_keys(cells, keys)
        yield from named(groups, key + (np.int64(fact) << FACT_AT), sums[some], by)


def named(groups: Ints, keys: Ints, sums: Floats, by: Grouping) -> Iterator[Found]:
    """Sums of places of slot and group, under the keys of their cuts."""
    slot, group = np.divmod(groups, by.depth)
    if by.whole:
        yield slot, keys, sums
    mine = np.flatnonzero(group < by.depth - 1)
    yield slot[mine], keys[mine] + (by.cuts[group[mine]] << CUT_AT), sums[mine]


def radix(labels: tuple[str, ...]) -> int:
    """How many labels the places of cells tell apart: the known ones, others, none."""
    return min(len(labels), MAX_LABELS) + 2


def label_keys(at: Ints, labels: int) -> Ints:
    """The keys, fact 0, of places that `label_places` or `pair_places` gave."""
    rest, bins = np.divmod(at, BINS)
    c, b = np.divmod(rest, labels)
    name = np.arange(labels)
    name[-2:] = OTHER, NONE
    return cell(Fact(0), bins, name[b], np.where(c > 0, name[c - 1], 0))


@compiled
def local(code: int, labels: int) -> int:
    """A code among so many labels: the last is that of none, the one before that of others."""
    return labels - 1 if code < 0 else min(code, labels - 2)


@compiled
def label_places(bins: Ints, b: Ints, labels: int) -> Ints:
    """The place [n] of each row's cell by score bin and one label."""
    at = np.empty(len(bins), np.int64)
    for i in range(len(bins)):
        at[i] = local(b[i], labels) * BINS + bins[i]
    return at


@compiled
def pair_places(bins: Ints, b: Ints, c: Ints, labels: int) -> Ints:
    """The place [n] by score bin and two labels, -1 where there is no second one."""
    at = np.empty(len(bins), np.int64)
    for i in range(len(bins)):
        at[i] = -1 if c[i] < 0 else ((local(c[i], labels) + 1) * labels + local(b[i], labels)) * BINS + bins[i]
    return at


@compiled
def flat_places(code: Ints, at: Ints, width: int) -> Ints:
    """code x width + at, -1 where `at` is."""
    flat = np.empty(len(at), np.int64)
    for i in range(len(at)):
        flat[i] = -1 if at[i] < 0 else code[i] * width + at[i]
    return flat


@compiled
def summed_by(flat: Ints, values: Floats, size: int) -> Floats:
    """Values [n] added up by place [size]; -1 adds nothing."""
    sums = np.zeros(size)
    for i in range(len(flat)):
        if flat[i] >= 0:
            sums[flat[i]] += values[i]
    return sums


@compiled
def add_weights(code: Ints, at: Ints, weight: Floats, sums: Floats) -> None:
    """Rows, weights and their squares, by code: the first three rows of `sums`."""
    for i in range(len(code)):
        if at[i] >= 0:
            j, w = code[i], weight[i]
            sums[0, j] += 1.0
            sums[1, j] += w
            sums[2, j] += w * w


@compiled
def add_losses(code: Ints, at: Ints, weight: Floats, loss: Floats, brier: Floats, sums: Floats) -> None:
    """Weights of scored rows, log losses and Brier scores with their squares: the rows after them."""
    for i in range(len(code)):
        if at[i] >= 0 and not np.isnan(loss[i]):
            j, w = code[i], weight[i]
            sums[3, j] += w
            sums[4, j] += w * loss[i]
            sums[5, j] += w * loss[i] ** 2
            sums[6, j] += w * brier[i]
            sums[7, j] += w * brier[i] ** 2


@compiled
def losses(score: Floats, bins: Ints, actual: Ints, wanted: Ints, floor: float, loss: Floats, brier: Floats) -> None:
    """Log loss and Brier score of the probability that `actual` is `wanted` (one label, or one for each row); NaN for
    rows without a score."""
    for i in range(len(score)):
        if bins[i] >= SCORE_BINS:
            loss[i] = brier[i] = np.nan
            continue
        hit = actual[i] == wanted[i if len(wanted) > 1 else 0]
        chance = score[i] if hit else 1.0 - score[i]
        loss[i] = -math.log(min(max(chance, floor), 1.0 - floor))
        brier[i] = (1.0 - chance) ** 2
