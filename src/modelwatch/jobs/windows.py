"""Stored profile blocks -> the profile of each window that is to be checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.window import DAY_US, grid
from modelwatch.profiles import Binning, Profile, decode, empty, merge, merge_blocks
from modelwatch.store.profiles import Series, Stretch, load_stretches, spans

CHUNK_CELLS = 600
"""Cells of the grid that are held in memory at once: 600 cells of 50 columns are 62 MB."""


def realign(profile: Profile, old: Binning, new: Binning) -> Profile:
    """A profile on another binning of the same model: columns whose bins are equal keep their counts.

    A column that is new, or binned otherwise, has no counts for that stretch: it is shown as not judged, never as null.
    """
    if old.id == new.id:
        return profile
    known = {column.key: i for i, column in enumerate(old.columns)}
    counts = np.zeros((len(new.columns), profile.counts.shape[1]))
    fresh = empty(new)
    moments, extremes = fresh.moments.copy(), fresh.extremes.copy()
    for i, column in enumerate(new.columns):
        j = known.get(column.key)
        if j is not None and old.columns[j] == column:
            counts[i], moments[i], extremes[i] = profile.counts[j], profile.moments[j], profile.extremes[j]
    return Profile(new.id, counts, moments, extremes, profile.rows, profile.weight, profile.weight_sq)


def total(stretches: Sequence[Stretch], binning: Binning, binning_of: Callable[[str], Binning]) -> Profile:
    """All rows of the stretches in one profile on `binning`."""
    result = merge_blocks([each.body for each in stretches if each.binning == binning.id], binning)
    for stretch in stretches:
        if stretch.binning != binning.id:
            own = binning_of(stretch.binning)
            result = merge(result, realign(decode(stretch.body, own), own, binning))
    return result


def window_profiles(
    connection: Connection,
    series: Series,
    length: int,
    ends: Sequence[int],
    binning: Binning,
    binning_of: Callable[[str], Binning],
) -> Iterator[tuple[int, Profile]]:
    """(end, profile) of each window; ends ascending. Each stored block is read once per run of neighbouring windows."""
    step = grid(length)
    for run in runs(ends, length, step):
        cells: dict[int, Profile] = {}
        groups: dict[int, list[Stretch]] = {}
        for stretch in load_stretches(connection, series, run[0] - length, run[-1]):
            groups.setdefault(stretch.start_us - stretch.start_us % step, []).append(stretch)
        for cell, stretches in groups.items():
            cells[cell] = total(stretches, binning, binning_of)
        for end in run:
            result = empty(binning)
            for cell in range(end - length, end, step):
                if cell in cells:
                    result = merge(result, cells[cell])
            yield end, result


def runs(ends: Sequence[int], length: int, step: int) -> Iterator[list[int]]:
    """Ends in groups of neighbours, none spanning more than `CHUNK_CELLS` cells.

    >>> list(runs([1, 2, 3, 50], 2, 1))
    [[1, 2, 3], [50]]
    """
    run: list[int] = []
    for end in ends:
        if run and (end - run[-1] > length or (end - run[0]) // step > CHUNK_CELLS):
            yield run
            run = []
        run.append(end)
    if run:
        yield run


def rows_per_day(connection: Connection, series: Series, now_us: int) -> float:
    """How many rows a day the series has had over the last week before `now_us` (events, not arrivals)."""
    seen = spans(connection, series, now_us - 7 * DAY_US, now_us + DAY_US)
    if not seen:
        return 0.0
    first, last = seen[0][0], seen[-1][0] + seen[-1][1]
    return sum(rows for _, _, rows in seen) / max(last - first, 1) * DAY_US
