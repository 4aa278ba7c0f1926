"""All slices of one and of two columns that are large enough, with what each has to be worse than."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.holm import adjusted
from modelwatch.monitors.performance.coded import Coded
from modelwatch.monitors.performance.loss_sums import LossSums, added, joined
from modelwatch.monitors.performance.slice_tests import clustered, worse_p

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

MOST_CLUSTERS: Final = 2_000
"""More clusters than these are put together with their neighbours, which costs a test next to nothing."""
FAMILIES: Final = 2
"""Slices of one column and of two share the chance of a false one equally, or the many would drown the few."""


@dataclass(frozen=True)
class Rows:
    """Labelled rows [n]: `loss` as it is, `tested` as it is tested (the largest capped), `cluster` 0, 1, ..."""

    loss: Floats
    tested: Floats
    weight: Floats | None
    cluster: Codes | None
    clusters: int
    binary: bool
    columns: tuple[Coded, ...]

    @cached_property
    def products(self) -> tuple[Floats | None, ...]:
        """What is summed: w, w^2, w loss, w loss^2, and the last two of the losses as tested."""
        own = [self.loss if self.weight is None else self.loss * self.weight, self.loss]
        capped = [self.tested if self.weight is None else self.tested * self.weight, self.tested]
        weights = (None, None) if self.weight is None else (self.weight, self.weight**2)
        return (*weights, own[0], own[0] * own[1], capped[0], capped[0] * capped[1])

    def sums(self, codes: Codes, segments: int) -> tuple[LossSums, LossSums]:
        """The sums [segments] of the losses as they are and as they are tested."""
        w, w_sq, loss, loss_sq, tested, tested_sq = self.products
        weight, total = added(codes, w, segments), added(codes, loss, segments)
        weight_sq = weight if w is None else added(codes, w_sq, segments)
        raw = LossSums(weight, weight_sq, total, total if self.binary else added(codes, loss_sq, segments))
        if self.tested is self.loss:
            return raw, raw
        return raw, LossSums(weight, weight_sq, added(codes, tested, segments), added(codes, tested_sq, segments))


@dataclass(frozen=True, slots=True)
class Family:
    """Slices [m] of one kind.

    `columns` [m, 1 or 2] are places in `Rows.columns`, `codes` [m, 1 or 2] the parts of these. `own` are a slice's
    losses as tested, `others` those that it has to be worse than: all other rows, then of each column's part the rows
    that are not in the slice. `raw` are its losses and all others' as they are.
    """

    columns: Codes
    codes: Codes
    own: LossSums
    others: tuple[LossSums, ...]
    raw: tuple[LossSums, LossSums]

    def p(self, rows: Rows, certain_p: float) -> tuple[Floats, Floats, Floats]:
        """Of each slice the p-value adjusted for the family, and error and degrees of freedom from clusters.

        Worse than several at once is as unlikely as the least certain of them (intersection-union test; Berger,
        Technometrics 24, 1982). Clusters are looked at where independent rows would be certain.
        """
        p = np.ones(len(self.own.weight))
        above = np.all([self.own.mean > each.mean for each in self.others], axis=0)
        p[above] = np.max([worse_p(self.own[above], each[above], rows.binary) for each in self.others], axis=0)
        error, df = np.full(len(p), np.inf), np.ones(len(p))
        if rows.cluster is None:
            return corrected(p), error, df
        for i, found in self.clustered(rows, np.flatnonzero(corrected(p) < certain_p)):
            p[i], error[i], df[i] = max(p[i], found[0]), found[1], found[2]
        return corrected(p), error, df

    def clustered(self, rows: Rows, chosen: Codes) -> Iterator[tuple[int, tuple[float, float, float]]]:
        """The comparisons of some slices by clusters: (place, (p, error, df)), the error of losses as they are."""
        for columns in np.unique(self.columns[chosen], axis=0):
            tested, raw = by_cluster(rows, rows.tested, columns), by_cluster(rows, rows.loss, columns)
            parts = tuple(range(1, 1 + len(columns)))
            for i in chosen[(self.columns[chosen] == columns).all(axis=1)]:
                at = (slice(None), *self.codes[i].tolist())
                besides = [tested[:, at[1]].sum(1), tested[:, :, at[2]].sum(1)] if len(parts) == 2 else []
                ps = [clustered(tested[at], each - tested[at])[0] for each in (tested.sum(parts), *besides)]
                _, error, df = clustered(raw[at], raw.sum(parts) - raw[at])
                yield int(i), (max(ps), error, df)


def corrected(p: Floats) -> Floats:
    """P-values adjusted for everything searched."""
    answer: Floats = np.minimum(np.array(adjusted(p)) * FAMILIES, 1.0)
    return answer


def by_cluster(rows: Rows, loss: Floats, columns: Sequence[int] | Codes) -> Floats:
    """The sums [2, parts of each column, G] of weights and of weighted losses."""
    assert rows.cluster is not None
    sizes = [len(rows.columns[c].labels) for c in columns]
    place = np.zeros(len(loss), dtype=np.int64)
    for c, size in zip(columns, sizes, strict=True):
        place = place * size + rows.columns[c].codes
    place = place * rows.clusters + rows.cluster
    total = int(np.prod(sizes)) * rows.clusters
    weighted = loss if rows.weight is None else loss * rows.weight
    found = np.stack([added(place, rows.weight, total), added(place, weighted, total)])
    answer: Floats = found.reshape(2, *sizes, rows.clusters)
    return answer


@dataclass(frozen=True, slots=True)
class Smallest:
    """What a slice needs to be looked at: rows in it and in all that it is compared with, and expected errors."""

    rows: float
    expected: float

    def large(self, own: LossSums, others: Sequence[LossSums], mean: float, binary: bool) -> NDArray[np.bool_]:
        """Which slices are; losses other than 0 and 1 count no errors."""
        enough = own.rows >= self.rows
        for each in others:
            enough = enough & (each.rows >= self.rows)
        return enough & (own.rows * mean >= self.expected) if binary else enough


def singles(rows: Rows, smallest: Smallest) -> Family:
    """The slices of one column."""
    raw, tested = whole(rows)
    found: list[Part] = []
    for c, column in enumerate(rows.columns):
        own_raw, own = rows.sums(column.codes, len(column.labels))
        rest = tested - own
        kept = np.flatnonzero(smallest.large(own, (rest,), raw.mean[0], rows.binary))
        found.append(Part((c,), kept[:, None], own[kept], (rest[kept],), (own_raw[kept], raw - own_raw[kept])))
    return gathered(found, 1)


def pairs(rows: Rows, smallest: Smallest) -> Family:
    """The slices of two columns."""
    raw, tested = whole(rows)
    found: list[Part] = []
    for a, b in combinations(range(len(rows.columns)), 2):
        one, two = rows.columns[a], rows.columns[b]
        shape = len(one.labels), len(two.labels)
        own_raw, own = rows.sums(one.codes * shape[1] + two.codes, shape[0] * shape[1])
        table = own.reshape(*shape)
        code_a, code_b = (each.ravel() for each in np.indices(shape))
        others = tested - own, table.over(1)[code_a] - own, table.over(0)[code_b] - own
        kept = np.flatnonzero(smallest.large(own, others, raw.mean[0], rows.binary))
        codes = np.stack([code_a[kept], code_b[kept]], axis=1)
        raws = own_raw[kept], raw - own_raw[kept]
        found.append(Part((a, b), codes, own[kept], tuple(each[kept] for each in others), raws))
    return gathered(found, 2)


def whole(rows: Rows) -> tuple[LossSums, LossSums]:
    """The sums [1] over all rows."""
    return rows.sums(np.zeros(len(rows.loss), dtype=np.int64), 1)


@dataclass(frozen=True, slots=True)
class Part:
    """The slices of one column, or of one pair of columns."""

    columns: tuple[int, ...]
    codes: Codes
    own: LossSums
    others: tuple[LossSums, ...]
    raw: tuple[LossSums, LossSums]


def gathered(parts: Sequence[Part], of: int) -> Family:
    """The parts as one family of slices of `of` columns."""
    comparisons = 1 if of == 1 else 3
    columns = [np.tile(np.array(each.columns, np.int64), (len(each.codes), 1)) for each in parts]
    empty = np.empty((0, of), np.int64)
    return Family(
        np.concatenate([empty, *columns]),
        np.concatenate([empty, *(each.codes for each in parts)]),
        joined([each.own for each in parts]),
        tuple(joined([each.others[i] for each in parts]) for i in range(comparisons)),
        (joined([each.raw[0] for each in parts]), joined([each.raw[1] for each in parts])),
    )
