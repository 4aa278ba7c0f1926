"""Stored profile blocks -> the profile of each window that is to be checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.window import DAY_US, grid
from modelwatch.monitors.drift.dependence import Dependence, independent
from modelwatch.profiles import WIDTH, Binning, Profile, decode, empty, merge, merge_blocks
from modelwatch.profiles.timeline import Piece, Timeline
from modelwatch.store.profiles import Series, Stretch, load_overlapping, spans

CHUNK_BYTES = 64 * 1024 * 1024
"""What the cells of the grid that are held in memory at once may take: 600 cells of 50 columns."""


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


def realign_dependence(stored: bytes | None, old: Binning, new: Binning) -> Dependence:
    """Stored design effects on another binning: columns whose bins are equal keep theirs, others have none."""
    if stored is None:
        return independent(len(new))
    found = Dependence.from_bytes(stored)
    if old.id == new.id:
        return found
    known = {column.key: i for i, column in enumerate(old.columns)}
    places = [known.get(column.key, -1) for column in new.columns]
    same = np.array(
        [j >= 0 and old.columns[j] == column for j, column in zip(places, new.columns, strict=True)], np.bool_
    )

    def moved(values: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
        answer = other.copy()
        answer[same] = values[np.array(places)[same]]
        return answer

    alone = independent(len(new))
    return Dependence(
        found.blocks,
        moved(found.scores, alone.scores),
        moved(found.scale, alone.scale),
        moved(found.thinning, alone.thinning),
        moved(found.rate, alone.rate),
    )


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
    for run in runs(ends, length, step, cells_at_once(binning)):
        stretches = load_overlapping(connection, series, run[0] - length, run[-1])
        timeline = timeline_of(stretches, step, binning, binning_of)
        for end in run:
            yield end, timeline.between(end - length, end)


def timeline_of(
    stretches: Sequence[Stretch], step: int, binning: Binning, binning_of: Callable[[str], Binning]
) -> Timeline:
    """The stretches on one binning; those that lie inside one cell of a grid of `step` are merged into it."""
    cells: dict[tuple[int, int], list[Stretch]] = {}
    for stretch in stretches:
        cell = stretch.start_us - stretch.start_us % step
        whole = stretch.start_us + stretch.span_us <= cell + step
        cells.setdefault((cell, step) if whole else (stretch.start_us, stretch.span_us), []).append(stretch)
    return Timeline((Piece(*place, total(held, binning, binning_of)) for place, held in cells.items()), binning)


def cells_at_once(binning: Binning) -> int:
    """How many cells of a binning are held in memory at once."""
    return max(CHUNK_BYTES // (max(len(binning), 1) * WIDTH * 8), 24)


def runs(ends: Sequence[int], length: int, step: int, most: int) -> Iterator[list[int]]:
    """Ends in groups of neighbours, none spanning more than `most` steps.

    >>> list(runs([1, 2, 3, 50], 2, 1, 600))
    [[1, 2, 3], [50]]
    """
    run: list[int] = []
    for end in ends:
        if run and (end - run[-1] > length or (end - run[0]) // step > most):
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
