"""Rows -> counts: the profile of each bucket, and the stored blocks of each watched segment in each of its buckets.

A segment's buckets are counted and encoded at once: there may be many, each with few rows, and a profile in memory
takes 2 kB a column however few rows it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import BUCKET_US
from modelwatch.ingest.coded import coded
from modelwatch.ingest.conform import Conformed
from modelwatch.jobs.buckets import buckets_of
from modelwatch.jobs.profiled import profiled_values, taken
from modelwatch.jobs.watched import Watched
from modelwatch.profiles import WIDTH, Binning, Profile, Values, encode, merge, profile_buckets

CELL_BYTES: Final = 64 * 1024 * 1024
"""Memory for the profiles that are counted at once."""
MAX_TABLE: Final = 4_000_000
"""Cells that are looked up in a table; more are sorted."""


@dataclass(frozen=True, slots=True)
class Block:
    """What rows of one segment add to one of its buckets."""

    segment: str
    start_us: int
    span_us: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Counted:
    """What rows add: `whole` by bucket, `segments` in blocks."""

    whole: dict[int, Profile] = field(default_factory=dict)
    segments: list[Block] = field(default_factory=list)


def count(binning: Binning, rows: Conformed, watched: Watched, span_us: int = BUCKET_US) -> Counted:
    """All rows in 5-minute buckets, those of each watched segment in buckets of `span_us`."""
    values = profiled_values(rows, binning)
    starts, slots = buckets_of(rows.timestamp)
    counted = profile_buckets(binning, values, slots, len(starts), rows.weight)
    found = list(segment_blocks(binning, rows, values, watched, span_us)) if watched.columns else []
    return Counted(dict(zip(starts, counted, strict=True)), found)


def segment_blocks(
    binning: Binning,
    rows: Conformed,
    values: Mapping[ColumnKey, Values],
    watched: Watched,
    span_us: int,
    only: frozenset[str] | None = None,
) -> Iterator[Block]:
    """The rows of each watched segment (of `only` some keys) in each bucket."""
    starts, slots = buckets_of(rows.timestamp, span_us)
    for column in watched.columns:
        place = watched.places_of(column, coded(rows, column))
        keys = watched.keys
        if only is not None:
            chosen = np.array([key in only for key in keys] + [False])
            place = np.where(chosen[place], place, -1)
        width = len(keys) + 1
        cells, at = present(slots.astype(np.int64) * width + place + 1, len(starts) * width)
        for first, profiles in counted_cells(binning, values, at, cells % width > 0, rows.weight):
            for i, profile in enumerate(profiles, first):
                bucket, its = divmod(int(cells[i]), width)
                if its:
                    yield Block(keys[its - 1], starts[bucket], span_us, encode(profile, binning))


def present(cell: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells that have rows, ascending, and the place of each row's cell among them."""
    if most > MAX_TABLE:
        cells, at = np.unique(cell, return_inverse=True)
        return cells, at.reshape(-1)
    cells = np.flatnonzero(np.bincount(cell, minlength=most))
    table = np.zeros(most, dtype=np.int64)
    table[cells] = np.arange(len(cells))
    return cells, table[cell]


def counted_cells(
    binning: Binning,
    values: Mapping[ColumnKey, Values],
    at: NDArray[np.int64],
    wanted: NDArray[np.bool_],
    weight: NDArray[np.float64] | None,
) -> Iterator[tuple[int, list[Profile]]]:
    """(first cell, profiles from there on) of rows that lie in the cells `at` [n]; `wanted` [cells] says which matter.

    As many cells at once as `CELL_BYTES` hold; rows are only moved when that does not suffice.
    """
    k = len(wanted)
    most = max(CELL_BYTES // (max(len(binning), 1) * WIDTH * 8), 1)
    if k <= most:
        yield 0, profile_buckets(binning, values, at.astype(np.int32), k, weight)
        return
    order = np.argsort(at, kind="stable")
    ends = np.searchsorted(at[order], np.arange(k + 1))
    for first in range(0, k, most):
        last = min(first + most, k)
        if wanted[first:last].any():
            chosen = order[ends[first] : ends[last]]
            part = {key: taken(column, chosen) for key, column in values.items()}
            weights = None if weight is None else weight[chosen]
            yield first, profile_buckets(binning, part, (at[chosen] - first).astype(np.int32), last - first, weights)


def segment_totals(binning: Binning, batches: Iterable[Conformed], watched: Watched) -> dict[str, Profile]:
    """All rows of each watched segment that has some, whatever their times: what a reference looks like."""
    found: dict[str, Profile] = {}
    for rows in batches:
        values = profiled_values(rows, binning)
        for column in watched.columns:
            place = watched.places_of(column, coded(rows, column))
            keys = watched.keys
            cells, at = present(place + 1, len(keys) + 1)
            for first, profiles in counted_cells(binning, values, at, cells > 0, rows.weight):
                for cell, profile in zip(cells[first : first + len(profiles)].tolist(), profiles, strict=True):
                    if cell:
                        key = keys[cell - 1]
                        found[key] = merge(found[key], profile) if key in found else profile
    return found
