"""Columns as small whole numbers: what rows are cut by when slices are searched.

- `fit_bands(values) -> Bands` cuts numbers into about eight bands, `Bands.codes(values)` says which one each is in.
- `bands(values) -> (codes, labels)` does both at once.
- `capped(codes, labels) -> (codes, labels)` keeps the most frequent categories and puts the others together.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Labels = tuple[str | None, ...]
"""What the codes 0, 1, ... mean; None is the rows that have no value."""

MOST_BANDS: Final = 8
MOST_CATEGORIES: Final = 30
OTHER: Final = "other values"
LEEWAY: Final = 0.15
"""An edge may be moved to a shorter number when at most this part of a band's rows change sides."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One column cut into labelled parts: `codes` [n] are places in `labels`; `banded` when these are bands of numbers.

    Raises `ValueError` when a code has no label.
    """

    key: ColumnKey
    codes: Codes
    labels: Labels
    banded: bool = False

    def __post_init__(self) -> None:
        if len(self.codes) and not 0 <= int(self.codes.min()) <= int(self.codes.max()) < len(self.labels):
            raise ValueError(f"codes of {self.key.name!r} go beyond its {len(self.labels)} labels")

    def text(self, code: int) -> str:
        """How people write one part.

        >>> from modelwatch.core.wire import Role
        >>> temp = Coded(ColumnKey(Role.FEATURE, "temp"), np.array([0]), ("< 25", "[25, 45)", "80", None), banded=True)
        >>> [temp.text(code) for code in range(4)]
        ['temp < 25', 'temp in [25, 45)', 'temp=80', 'temp is null']
        """
        name, label = self.key.name or self.key.role.value, self.labels[code]
        if label is None:
            return f"{name} is null"
        if self.banded and label[:1] in "[<≥":
            return f"{name} in {label}" if label[:1] == "[" else f"{name} {label}"
        return f"{name}={label}"


@dataclass(frozen=True, slots=True)
class Bands:
    """How numbers are cut: a value is in band i when `edges[i - 1] <= value < edges[i]`; the last code is NaN."""

    edges: Floats
    labels: Labels

    def codes(self, values: Floats) -> Codes:
        """The band [n] of each value; infinite ones are in the outer bands."""
        found = np.searchsorted(self.edges, values, side="right")
        return np.where(np.isnan(values), len(self.labels) - 1, found).astype(np.int64)


def bands(values: Floats, most: int = MOST_BANDS) -> tuple[Codes, Labels]:
    """Numbers [n] as codes [n] and their labels.

    >>> bands(np.array([1.0, 2.0, 2.0, np.nan]))
    (array([0, 1, 1, 2]), ('1', '2', None))
    """
    fitted = fit_bands(values, most)
    return fitted.codes(values), fitted.labels


def fit_bands(values: Floats, most: int = MOST_BANDS) -> Bands:
    """Bands of about equally many of the values [n], a value that holds a band's worth of rows alone in its own.

    There are about `most` of them; a few more when frequent values stand between the others. Fit on all rows that are
    to be compared: a band of one value is labelled by it.
    """
    distinct, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    if len(distinct) == 0:
        return Bands(np.empty(0), ("infinite", None))
    starts = first_of_each(distinct, counts, most)
    before = np.concatenate(([0], np.cumsum(counts)))
    room = LEEWAY * float(before[-1]) / most
    bounds = [*starts, len(distinct)]
    edges = np.array([cut(distinct, before, bounds[i - 1 : i + 2], room) for i in range(1, len(starts))])
    place = np.searchsorted(distinct, edges, side="left")
    held = np.diff(np.concatenate(([0], place, [len(distinct)])))
    first = distinct[np.concatenate(([0], place))]
    labels = [label(edges, i, float(first[i]) if held[i] == 1 else None) for i in range(len(held))]
    return Bands(edges, (*labels, None))


def first_of_each(distinct: Floats, counts: NDArray[np.int64], most: int) -> list[int]:
    """Where in the distinct values each band begins."""
    if len(distinct) <= most:
        return list(range(len(distinct)))
    share = counts.sum() / most
    heavy = np.flatnonzero(counts >= share)
    bounds = sorted({0, *heavy.tolist(), *(heavy + 1).tolist()} - {len(distinct)})
    starts: list[int] = []
    for begin, end in zip(bounds, [*bounds[1:], len(distinct)], strict=True):
        pieces = max(round(float(counts[begin:end].sum()) / share), 1) if begin not in heavy else 1
        within = np.cumsum(counts[begin:end])
        targets = within[-1] * np.arange(1, pieces) / pieces
        starts += [begin, *(begin + np.searchsorted(within, targets, side="left") + 1).tolist()]
    return sorted(set(starts) - {len(distinct)})


def cut(distinct: Floats, before: NDArray[np.int64], bounds: Sequence[int], room: float) -> float:
    """The edge between two bands, which begin and end at three `bounds`: a number of few digits near the middle one.

    `before` [len + 1] counts the rows under each distinct value. At most `room` rows change sides; a band keeps its
    first value, and one of a single value gets no other.
    """
    begin, at, end = bounds
    low = int(np.searchsorted(before, before[at] - room, side="left"))
    high = int(np.searchsorted(before, before[at] + room, side="right")) - 1
    low = at if end == at + 1 else max(low, begin + 1)
    high = at if at == begin + 1 else min(high, end - 1)
    whole = bool(np.all(distinct[low - 1 : high + 1] % 1 == 0))
    return shortest(float(distinct[low - 1]), float(distinct[high]), whole)


def shortest(above: float, up_to: float, whole: bool = False) -> float:
    """A number of few digits in (above, up_to]; a whole one on demand, if both are whole.

    >>> shortest(24.31, 26.9), shortest(0.0, 1.0), shortest(-3.2, -2.9), shortest(11.0, 13.0, whole=True)
    (25.0, 1.0, -3.0, 13.0)
    """
    if above < 0.0 <= up_to:
        return 0.0
    largest = min(math.floor(math.log10(max(abs(above), abs(up_to)))) + 1, sys.float_info.max_10_exp)
    for power in range(largest, largest - 18, -1):
        for step in (1.0, 0.5, 0.25):
            size = step * 10.0**power
            if size == 0 or (whole and size % 1):
                continue
            found = float(f"{math.floor(up_to / size) * size:.15g}")
            if above < found <= up_to:
                return found
    return up_to


def label(edges: Floats, i: int, only: float | None) -> str:
    """The name of band `i`; `only` is its value where it holds one."""
    if only is not None:
        return plain(only)
    if i == 0:
        return f"< {plain(float(edges[0]))}" if len(edges) else "any number"
    if i == len(edges):
        return f"≥ {plain(float(edges[-1]))}"
    return f"[{plain(float(edges[i - 1]))}, {plain(float(edges[i]))})"


def plain(value: float) -> str:
    """A number with the digits that it has."""
    return f"{value + 0.0:.15g}"


def capped(codes: Codes, labels: Sequence[str], most: int = MOST_CATEGORIES) -> tuple[Codes, Labels]:
    """Categories [n] with the `most` frequent kept, the others together as `OTHER` and nulls (code -1) apart.

    Only labels that some row has are kept, the most frequent first; equally frequent ones in the order of `labels`.

    >>> capped(np.array([2, 2, -1, 0, 1, 2, 1]), ["a", "b", "c"], most=2)
    (array([0, 0, 3, 2, 1, 0, 1]), ('c', 'b', 'other values', None))
    """
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    ranked = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
    kept = ranked[:most]
    names: list[str | None] = [labels[i] for i in kept]
    place = np.full(len(labels) + 1, len(kept), dtype=np.int64)
    place[kept] = np.arange(len(kept))
    if len(ranked) > len(kept):
        names.append(OTHER)
    place[-1] = len(names)
    answer: Codes = place[codes]
    return answer, (*names, None)
