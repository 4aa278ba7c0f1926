"""Which part of a column has moved: the groups that add most to its PSI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.groups import GROUPS, OTHER, SPECIAL, TOP, UNSEEN, grouped
from modelwatch.monitors.drift.words import number
from modelwatch.profiles import INFINITE, MISTYPED, NAN, NULL, Binning, CategoryBinning, NumericBinning, Profile

SPECIAL_LABELS: Final = {NULL: "null", NAN: "NaN", INFINITE: "infinite", MISTYPED: "mistyped"}


@dataclass(frozen=True, slots=True)
class Moved:
    """A group of values with its share of the rows of reference and window, and its part of PSI."""

    label: str
    reference: float
    window: float
    part: float


def moved(current: Profile, reference: Profile, binning: Binning, f: int, limit: int = 5) -> tuple[Moved, ...]:
    """The groups of column `f` with the largest parts of its PSI, largest first; all parts add up to it.

    Vectors have no groups: nothing is listed for them.
    """
    if binning.vector[f]:
        return ()
    one = Binning((binning.columns[f],))
    groups = grouped(np.maximum(current.counts[f : f + 1], 0.0), np.maximum(reference.counts[f : f + 1], 0.0), one)
    now, before = (shares[0] for shares in groups.shares())
    parts = (now - before) * np.log(now / before)
    labels = group_labels(one, groups.group[0])
    totals = groups.reference[0].sum(), groups.current[0].sum()
    if min(totals) <= 0:
        return ()
    largest = np.argsort(-parts, kind="stable")[:limit]
    return tuple(
        Moved(
            labels[g],
            float(groups.reference[0, g] / totals[0]),
            float(groups.current[0, g] / totals[1]),
            float(parts[g]),
        )
        for g in largest.tolist()
        if groups.present[0, g] and parts[g] > 0
    )


def group_labels(one: Binning, group: NDArray[np.intp]) -> list[str]:
    """What each group [GROUPS] of the only column of a binning is called."""
    labels = [""] * GROUPS
    for slot, place in SPECIAL.items():
        labels[place] = SPECIAL_LABELS[slot]
    match one.columns[0].bins:
        case CategoryBinning() as bins:
            labels[: min(TOP, len(bins.categories))] = bins.categories[:TOP]
            labels[OTHER], labels[UNSEEN] = "other", "unseen"
        case NumericBinning() as bins:
            used = group[: bins.bins]
            for g in np.unique(used).tolist():
                members = np.flatnonzero(used == g)
                labels[g] = range_label(bins, int(members[0]), int(members[-1]))
    return labels


def range_label(bins: NumericBinning, first: int, last: int) -> str:
    """The values of neighbouring bins in words.

    >>> range_label(NumericBinning(np.array([1.0, 2.0, 3.0])), 1, 2)
    '1 to 3'
    >>> range_label(NumericBinning(np.array([1.0, 2.0, 3.0])), 0, 1)
    'under 2'
    """
    low = None if first == 0 else float(bins.edges[first - 1])
    high = None if last == bins.bins - 1 else float(bins.edges[last])
    match low, high:
        case None, None:
            return "any number"
        case None, float(high):
            return f"under {number(high)}"
        case float(low), None:
            return f"{number(low)} and above"
        case float(low), float(high):
            return number(low) if number(low) == number(high) else f"{number(low)} to {number(high)}"
    return ""
