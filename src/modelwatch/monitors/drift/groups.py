"""The few groups on which PSI and KL stand: with 256 bins, chance alone would look like drift.

Numbers: at most 10 groups of neighbouring bins, each near a tenth of the reference, the open ends joined to their
neighbours. Categories: the 30 most frequent, all others, unseen. Both: null, NaN, infinite, mistyped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles import INFINITE, MISTYPED, NAN, NULL, WIDTH, Binning, CategoryBinning

Floats = NDArray[np.float64]

QUANTILES: Final = 10
TOP: Final = 30
OTHER: Final = 30
UNSEEN: Final = 31
GROUPS: Final = 36
SPECIAL: Final = {NULL: 32, NAN: 33, INFINITE: 34, MISTYPED: 35}
CLEAR: Final = 3.0
LEAST: Final = 30.0
DEALT: Final = 8
MAX_DEALT_NOVELTY: Final = 0.001
FLOOR: Final = 1e-4
"""The smallest share of a group: what neither an empty window group nor an empty reference group goes below."""


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Weighted rows per group of window and reference, each float64 [F, GROUPS], and the slots' groups [F, WIDTH].

    Groups 0..9 are quantile groups (numbers) or 0..29 categories, then other, unseen, null, NaN, infinite, mistyped.
    `present` [F, GROUPS] is true where either side has rows; other groups take no part.
    """

    current: Floats
    reference: Floats
    group: NDArray[np.intp]
    present: NDArray[np.bool_]

    def shares(self) -> tuple[Floats, Floats]:
        """Shares of window and reference: floored at 1e-4 and renormalised; 1 on both sides where a group is absent."""
        return floored(self.current, self.present), floored(self.reference, self.present)

    @property
    def freedom(self) -> NDArray[np.int64]:
        """Degrees of freedom [F]: groups that are present, less one."""
        answer: NDArray[np.int64] = np.maximum(self.present.sum(axis=1) - 1, 0)
        return answer


def grouped(current: Floats, reference: Floats, binning: Binning) -> Grouped:
    """Counts [F, WIDTH] of window and reference, added up in groups.

    Where the reference has categories that occur once, some of those of an unchanged window are bound to be unseen:
    their expected share (`CategoryBinning.novelty`) is moved from the reference's others, and named ones that occur
    once, to its unseen, up to the share that the window has, since the same ones may come again.
    """
    group = slot_groups(reference, binning)
    now, before = add_up(current, group), add_up(reference, group)
    share = now[:, UNSEEN] / np.maximum(now.sum(axis=1), 1e-300)
    wanted = np.minimum(novelty(binning), share) * before.sum(axis=1)
    rare = np.where(before[:, : OTHER + 1] <= 1.0, before[:, : OTHER + 1], 0.0)
    rare[:, OTHER] = before[:, OTHER]
    held = rare.sum(axis=1)
    part = np.minimum(wanted / np.maximum(held, 1e-300), 1.0)
    before[:, : OTHER + 1] -= rare * part[:, None]
    before[:, UNSEEN] += held * part
    return Grouped(now, before, group, (now > 0) | (before > 0))


def novelty(binning: Binning) -> Floats:
    """The share of rows [F] that is expected to be unseen although nothing has changed; 0 for numbers."""
    return np.array([c.bins.novelty if isinstance(c.bins, CategoryBinning) else 0.0 for c in binning.columns])


def slot_groups(reference: Floats, binning: Binning) -> NDArray[np.intp]:
    """The group [F, WIDTH] of each slot."""
    numeric = binning.numeric
    slot = np.arange(WIDTH)
    answer = np.empty((len(binning), WIDTH), dtype=np.intp)
    answer[numeric, :NULL] = quantile_groups(reference[numeric, :NULL])
    size = binning.size[~numeric, None]
    by_name = np.where((slot < TOP) & (slot < size - 2), slot, OTHER)
    answer[~numeric] = np.where(slot == size - 1, UNSEEN, by_name)
    for special, place in SPECIAL.items():
        answer[:, special] = place
    return answer


def told_apart(reference: Floats, binning: Binning) -> dict[int, NDArray[np.intp]]:
    """{column: group [WIDTH] of each slot} for a test of categories of which not all have a name of their own.

    Which 30 are the most frequent is chosen by the same reference that then says what to expect of them. Near the
    thirtieth that is mostly luck, and luck does not come again: a window without drift would have fewer of them. So
    only those are told apart by name that have 30 rows or more and are three standard deviations above the first one
    that is not: few names are near such a line, so few are there by luck. The others
    are one group; where all of them are known by name they are dealt out to eight groups, which no count chooses.
    Where some are bound to be unseen these are no group either: they have a test of their own.
    """
    answer = {}
    for f, column in enumerate(binning.columns):
        bins = column.bins
        if not isinstance(bins, CategoryBinning) or len(bins.categories) <= TOP:
            continue
        k = len(bins.categories)
        counts = reference[f, : TOP + 1]
        clear = counts[:TOP] > np.maximum(counts[TOP] + CLEAR * np.sqrt(counts[TOP]), LEAST)
        kept = TOP if clear.all() else int(np.argmin(clear))
        group = np.full(WIDTH, OTHER, dtype=np.intp)
        group[:kept] = np.arange(kept)
        known = not len(bins.others) and not bins.forgetful and bins.novelty <= MAX_DEALT_NOVELTY
        if known and kept < OTHER:
            group[kept:k] = kept + np.arange(k - kept) % min(DEALT, OTHER - kept)
            group[bins.unseen] = SPECIAL[NULL]
        for special, place in SPECIAL.items():
            group[special] = place
        answer[f] = group
    return answer


def quantile_groups(counts: Floats) -> NDArray[np.intp]:
    """The tenth of the reference in which the middle of each bin [F, 256] lies.

    A bin without reference rows (an open end, a gap between frequent values) joins the group of the nearest bin
    before it that has some, or of the first one.
    """
    cumulative = np.cumsum(counts, axis=1)
    total = np.maximum(cumulative[:, -1:], 1e-300)
    tenth = np.minimum((cumulative - counts / 2) / total * QUANTILES, QUANTILES - 1).astype(np.intp)
    held = counts > 0
    index = np.where(held, np.arange(counts.shape[1]), -1)
    before = np.maximum.accumulate(index, axis=1)
    first = np.argmax(held, axis=1)[:, None]
    return np.take_along_axis(tenth, np.where(before < 0, first, before), axis=1)


def add_up(counts: Floats, group: NDArray[np.intp]) -> Floats:
    """Counts [F, WIDTH] summed in their groups [F, GROUPS]."""
    rows = len(counts)
    flat = (group + np.arange(rows)[:, None] * GROUPS).ravel()
    answer = np.bincount(flat, weights=counts.ravel(), minlength=rows * GROUPS).reshape(rows, GROUPS)
    return answer.astype(np.float64, copy=False)


def floored(counts: Floats, present: NDArray[np.bool_]) -> Floats:
    """Counts [F, GROUPS] as shares of the groups that are present, none under the floor, summing to 1."""
    total = counts.sum(axis=1, keepdims=True)
    shares = np.where(present, np.maximum(counts / np.where(total > 0, total, 1.0), FLOOR), 0.0)
    held = shares.sum(axis=1, keepdims=True)
    return np.where(present, shares / np.where(held > 0, held, 1.0), 1.0)
