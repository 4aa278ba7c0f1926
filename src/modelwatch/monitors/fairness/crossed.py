"""Rows in the groups of several attributes at once: women over 45, men under 25."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import Group, group_of, intersection
from modelwatch.core.segment import Segment
from modelwatch.profiles.outcomes import Cuts

Ints = NDArray[np.int64]

DENSE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Crossed:
    """`cuts` of n rows by group. `left_out` rows have a group that found no place among the most, `groups_left_out` of
    them different ones."""

    cuts: Cuts
    left_out: int
    groups_left_out: int


def grouped(column: ColumnKey, codes: Ints, values: Sequence[str | None]) -> Cuts:
    """The groups of one attribute: `codes` [n] are places in `values`, which are names or labels of bands; rows without
    a value (None, or -1) are in none.

    >>> from modelwatch.core.wire import Role
    >>> grouped(ColumnKey(Role.TAG, "sex"), np.array([0, 1, 2]), ["F", None, "M"])
    Cuts(codes=array([ 0, -1,  1]), keys=('["tag","sex","F"]', '["tag","sex","M"]'))
    """
    place = np.full(len(values) + 1, -1, np.int64)
    keys: list[str] = []
    for i, value in enumerate(values):
        if value is not None:
            place[i] = len(keys)
            keys.append(Group((Segment(column, value),)).key)
    return Cuts(place[codes], tuple(keys))


def crossed(ways: Sequence[Cuts], most: int, known: Iterable[str] = ()) -> Crossed:
    """Rows by their groups in all of the ways at once; in none where one of the ways has none for them.

    At most `most` groups have a place: the `known` ones (their keys), in their order, then those with the most rows.
    """
    n = len(ways[0].codes)
    code, inside = np.zeros(n, np.int64), np.ones(n, np.bool_)
    for way in ways:
        inside &= way.codes >= 0
        code = code * len(way.keys) + np.maximum(way.codes, 0)
    held, counts = tally(code[inside], int(np.prod([len(way.keys) for way in ways], dtype=object)))
    keys = [key_of(ways, each) for each in held.tolist()]
    places = {key: i for i, key in enumerate(list(known)[:most])}
    for i in np.argsort(-counts, kind="stable").tolist():
        if keys[i] not in places and len(places) < most:
            places[keys[i]] = len(places)
    found = np.array([places.get(key, -1) for key in keys], np.int64)
    codes = np.full(n, -1, np.int64)
    if len(held):
        codes[inside] = found[np.searchsorted(held, code[inside])]
    return Crossed(Cuts(codes, tuple(places)), int(counts[found < 0].sum()), int((found < 0).sum()))


def tally(code: Ints, width: int) -> tuple[Ints, Ints]:
    """The codes that occur, ascending, and how often."""
    if width <= DENSE:
        counts = np.bincount(code, minlength=width)
        held = np.flatnonzero(counts).astype(np.int64)
        return held, counts[held]
    held, counts = np.unique(code, return_counts=True)
    return held, counts


def key_of(ways: Sequence[Cuts], code: int) -> str:
    """The key of the group that a combined code stands for."""
    parts: list[Segment] = []
    for way in reversed(ways):
        code, own = divmod(code, len(way.keys))
        parts += group_of(way.keys[own]).parts
    return intersection(parts).key


def crossings(count: int, order: int) -> Iterator[tuple[int, ...]]:
    """Which of so many attributes are crossed, up to `order` at once.

    >>> list(crossings(3, 2)), list(crossings(3, 1))
    ([(0, 1), (0, 2), (1, 2)], [])
    """
    for size in range(2, order + 1):
        yield from combinations(range(count), size)
