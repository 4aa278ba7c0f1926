"""Where is a model worst? A search over all slices of one column and of two, with the search itself counted.

What is searched and how it is judged:

- Slices are the parts of each column (bands of numbers, the most frequent categories, nulls apart) and the crossings of
  two, as in Slice Finder (Chung et al., ICDE 2019) and SliceLine (Sagadeeva and Boehm, SIGMOD 2021).
- A slice is told when its mean loss is certainly higher than that of all other rows; a crossing when it is certainly
  higher, too, than in the rest of either of its parts. So no crossing is told that only repeats one column.
- **Certain** counts everything searched: Holm's correction keeps the chance that a search tells *any* false slice at
  1 %, however the slices overlap. Not the false-discovery rate: one real effect has hundreds of true echoes among
  overlapping slices, and for each of them it would allow its part of a false one.
- **How much worse** is biased upward by the choice of the worst (winner's curse). The interval is simultaneous over all
  slices searched (Bonferroni), so it holds 95 % of the time for whichever are chosen, and slices are ranked by its
  lower end. A held-out half would give a shorter interval, and cost half of the rows, of which small slices have none
  to spare.
- What repeats is left out: of a slice told earlier in the list the rows are taken out, and what is left must still be
  worse, by the floor and beyond chance, or it is an *echo*.

Evidence, not proof: a slice may be worse because of something that its rows share and no column says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.monitors.performance.coded import Coded
from modelwatch.monitors.performance.loss_sums import LossSums, added
from modelwatch.monitors.performance.slice_candidates import (
    MOST_CLUSTERS,
    Family,
    Rows,
    Smallest,
    pairs,
    singles,
    whole,
)
from modelwatch.monitors.performance.slice_tests import clustered, excess_interval, student_points, worse_p

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CERTAIN_P: Final = 0.01
"""How often a search tells any slice when losses follow no column."""
MISS: Final = 0.05
"""How often any of the intervals of a search misses."""
MIN_ROWS: Final = 50
MIN_EXPECTED: Final = 1.0
FLOOR: Final = 0.1
"""A slice that is worse by less than this part of the mean loss is not worth telling."""
MOST: Final = 20
EXAMINED: Final = 300
"""How many certain slices, the worst first, are held against those before them."""
ECHO_P: Final = 0.01
"""Without the rows of the slices before it a slice must be worse beyond chance: one look, at slices certain already."""
CAP: Final = 0.995
"""Losses above this quantile of those that are not 0 are tested as if they were it: one absurd row makes no slice."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of one column; `label` None are the rows without a value."""

    column: ColumnKey
    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows on which the model is certainly worse than on the others.

    `rows` counts them, `share` is their part of all weight. `loss` is their mean loss, `rest` that of all others;
    `low` and `high` bound the difference, the search counted. `p` is adjusted for the search. `beyond` is the
    difference once the rows of slices earlier in the list are taken out of both (of a crossing, not its own parts).
    """

    where: tuple[Condition, ...]
    rows: int
    share: float
    loss: float
    rest: float
    low: float
    high: float
    p: float
    beyond: float

    @property
    def excess(self) -> float:
        """How much higher its mean loss is than that of all other rows."""
        return self.loss - self.rest

    @property
    def cost(self) -> float:
        """What the mean loss of all rows would fall by if the slice were like the rest."""
        return self.share * self.excess

    @property
    def text(self) -> str:
        """How people write it."""
        return " and ".join(each.text for each in self.where)


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: `slices`, the worst first, and what it looked at.

    `searched` counts the slices tested, `rows` the rows with a usable loss, `left_out` the others; `loss` is the mean
    over all rows (nan without any). `certain` slices were certain and large; of those looked at until the list was full
    `echoes` repeat others.
    """

    slices: tuple[Slice, ...]
    rows: int
    left_out: int
    loss: float
    searched: int
    certain: int
    echoes: int


def worst_slices(
    loss: Floats,
    columns: Sequence[Coded],
    weight: Floats | None = None,
    cluster: Codes | None = None,
    *,
    min_rows: float = MIN_ROWS,
    min_expected: float = MIN_EXPECTED,
    floor: float = FLOOR,
    certain_p: float = CERTAIN_P,
    most: int = MOST,
) -> Search:
    """The slices with certainly higher loss among labelled rows [n].

    `loss` is 0 or more, smaller is better: 1 for an error and else 0, log loss, absolute error. Rows whose loss is not
    finite, or whose `weight` (of sampling) is not above 0, are left out. `cluster` numbers what shares its fate, a day
    or a customer; without it rows are independent. Raises `ValueError` on lengths that differ and on a loss under 0.
    """
    rows = usable(loss, columns, weight, cluster)
    raw, _ = whole(rows)
    mean = float(raw.mean[0]) if len(rows.loss) else math.nan
    smallest = Smallest(min_rows, min_expected)
    families = (singles(rows, smallest), pairs(rows, smallest)) if len(rows.loss) else ()
    searched = sum(len(each.own.weight) for each in families)
    found: list[Found] = []
    for family in families:
        found += certain(rows, family, floor * mean, certain_p, MISS / 2 / max(searched, 1))
    found.sort(key=lambda each: (-each.low, -each.excess, each.columns, each.codes))
    slices, echoes = told(rows, found, floor * mean, min_rows, most)
    return Search(tuple(slices), len(rows.loss), len(loss) - len(rows.loss), mean, searched, len(found), echoes)


def usable(loss: Floats, columns: Sequence[Coded], weight: Floats | None, cluster: Codes | None) -> Rows:
    """The rows that can be judged."""
    beside = [each.codes for each in columns] + [each for each in (weight, cluster) if each is not None]
    if any(len(each) != len(loss) for each in beside):
        raise ValueError("losses, columns, weights and clusters must be of the same rows")
    kept = np.isfinite(loss) if weight is None else np.isfinite(loss) & (weight > 0) & np.isfinite(weight)
    if not kept.all():
        columns = [Coded(each.key, each.codes[kept], each.labels, each.banded) for each in columns]
        weight = None if weight is None else weight[kept]
        cluster = None if cluster is None else cluster[kept]
        loss = loss[kept]
    if len(loss) and float(loss.min()) < 0:
        raise ValueError("a loss is under 0")
    binary = bool(np.all((loss == 0) | (loss == 1)))
    clusters = 0
    if cluster is not None:
        names, cluster = np.unique(cluster, return_inverse=True)
        clusters = min(len(names), MOST_CLUSTERS)
        cluster = cluster * clusters // max(len(names), 1)
    return Rows(loss, loss if binary else capped_losses(loss), weight, cluster, clusters, binary, tuple(columns))


def capped_losses(loss: Floats) -> Floats:
    """Losses with the largest few brought down."""
    some = loss[loss > 0]
    return np.minimum(loss, np.quantile(some, CAP)) if len(some) else loss


@dataclass(frozen=True, slots=True)
class Found:
    """One certain and large slice, before it is held against the others."""

    columns: tuple[int, ...]
    codes: tuple[int, ...]
    loss: float
    excess: float
    low: float
    high: float
    p: float


def certain(rows: Rows, family: Family, least: float, certain_p: float, miss: float) -> list[Found]:
    """The slices of a family that are certainly worse, by `least` or more; intervals miss on a side with `miss`."""
    if not len(family.own.weight):
        return []
    p, error, df = family.p(rows, certain_p)
    own, rest = family.raw
    chosen = np.flatnonzero((p < certain_p) & (own.mean - rest.mean >= max(least, 1e-300)))
    own, rest = own[chosen], rest[chosen]
    if rows.cluster is None:
        low, high = excess_interval(own, rest, rows.binary, miss)
    else:
        width = student_points(miss, df[chosen]) * error[chosen]
        low, high = own.mean - rest.mean - width, own.mean - rest.mean + width
    excess = own.mean - rest.mean
    return [
        Found(
            tuple(family.columns[i].tolist()),
            tuple(family.codes[i].tolist()),
            float(own.mean[j]),
            float(excess[j]),
            float(low[j]),
            float(high[j]),
            float(p[i]),
        )
        for j, i in enumerate(chosen)
    ]


def told(rows: Rows, found: Sequence[Found], least: float, min_rows: float, most: int) -> tuple[list[Slice], int]:
    """The slices that say something new, in the order given, and how many of those looked at do not."""
    listed: list[Slice] = []
    held: list[tuple[Found, NDArray[np.bool_]]] = []
    echoes = 0
    for each in found[:EXAMINED]:
        if len(listed) == most:
            break
        inside = members(rows, each)
        free = np.ones(len(inside), dtype=bool)
        for earlier, mask in held:
            if not part_of(each, earlier):
                free &= ~mask
        own, rest = (sums_of(rows, mask) for mask in (inside & free, ~inside & free))
        beyond = float(own.mean[0] - rest.mean[0])
        enough = min(own.rows[0], rest.rows[0]) >= min_rows and beyond >= max(least, 1e-300)
        if held and not (enough and left_p(rows, inside, free, own, rest) < ECHO_P):
            echoes += 1
            continue
        held.append((each, inside))
        listed.append(as_slice(rows, each, inside, beyond))
    return listed, echoes


def left_p(rows: Rows, inside: NDArray[np.bool_], free: NDArray[np.bool_], own: LossSums, rest: LossSums) -> float:
    """The p-value that the free rows of a slice are no worse than those of all others; the sums are theirs."""
    if rows.cluster is None:
        return float(worse_p(own, rest, rows.binary)[0])
    weight = np.ones(len(free)) if rows.weight is None else rows.weight
    sides = [
        np.stack([added(rows.cluster[m], each[m], rows.clusters) for each in (weight, weight * rows.loss)])
        for m in (inside & free, ~inside & free)
    ]
    return clustered(sides[0], sides[1])[0]


def members(rows: Rows, found: Found) -> NDArray[np.bool_]:
    """Which rows [n] are in it."""
    inside = np.ones(len(rows.loss), dtype=bool)
    for c, code in zip(found.columns, found.codes, strict=True):
        inside &= rows.columns[c].codes == code
    return inside


def part_of(inner: Found, outer: Found) -> bool:
    """Whether a crossing has the other as one of its parts."""
    parts = set(zip(inner.columns, inner.codes, strict=True))
    return len(parts) > 1 and set(zip(outer.columns, outer.codes, strict=True)) < parts


def sums_of(rows: Rows, mask: NDArray[np.bool_]) -> LossSums:
    """The sums [1] of the chosen rows."""
    loss = rows.loss[mask]
    weight = np.ones(len(loss)) if rows.weight is None else rows.weight[mask]
    sums = weight.sum(), (weight**2).sum(), (weight * loss).sum(), (weight * loss**2).sum()
    return LossSums(*(np.array([each]) for each in sums))


def as_slice(rows: Rows, found: Found, inside: NDArray[np.bool_], beyond: float) -> Slice:
    """What there is to say of one."""
    where = tuple(
        Condition(rows.columns[c].key, rows.columns[c].labels[code], rows.columns[c].text(code))
        for c, code in zip(found.columns, found.codes, strict=True)
    )
    share = inside.mean() if rows.weight is None else rows.weight[inside].sum() / rows.weight.sum()
    return Slice(
        where,
        int(inside.sum()),
        float(share),
        found.loss,
        found.loss - found.excess,
        found.low,
        found.high,
        found.p,
        beyond,
    )
