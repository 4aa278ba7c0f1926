"""Days of a model that does not drift: overlapping windows, persistence, and the alerts that come of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.trust.draw import World, world
from bench.trust.effort import Effort
from bench.trust.figure import Figure, at_most
from bench.trust.verdict import RAISED
from bench.workload import w1
from modelwatch.alerts.persistence import Judged, Persistence, Point, raised_items
from modelwatch.core.column import ColumnKey
from modelwatch.core.window import DAY_US, HOUR_US, grid
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import Thresholds, check
from modelwatch.monitors.drift.thresholds import thresholds_for
from modelwatch.profiles import Binning, Profile

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

SECTION: Final = "No drift: model-days with any alert, windows overlapping on their grid, 2 of 3 disjoint windows"
CELLS: Final = 12
"""Steps of the grid in a window of an hour or a day."""
AT_ONCE: Final = 8
"""Windows that are checked as one with eight times the columns: half the time, the same levels."""

CASES: Final = (("a day", DAY_US, 2_000), ("a day", DAY_US, 300), ("an hour", HOUR_US, 2_000))


def model_days(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Windows of an hour (288 looks a day) and of a day (12 looks a day), W1 with nulls."""
    columns = w1(nulls=True)
    days = effort.model_days // effort.models
    for word, length, rows in CASES:
        alone = alerting = 0
        for _ in range(effort.models):
            levels = look(world(columns, random), random, days, length, rows)
            alone += raised_days(levels, length)
            alerting += alert_days(levels, length)
        total = days * effort.models
        note = f"days on which any single look was raised: {alone} of {total:,}"
        name = f"windows of {word}, {rows:,} rows, {DAY_US // grid(length)} looks a day"
        yield at_most(SECTION, name, alerting, total, 0.001, note)


def look(held: World, random: np.random.Generator, days: int, length: int, rows: int) -> Codes:
    """The levels [ends, F] of every window that ends within so many days."""
    ends = days * DAY_US // grid(length)
    thresholds = thresholds_for({}, length)
    many = side_by_side(held, AT_ONCE)
    cells = [held.window(random, rows // CELLS).counts for _ in range(CELLS)]
    total = np.sum(cells, axis=0)
    answer = np.empty((ends, len(held.binning)), dtype=np.uint8)
    waiting: list[Floats] = []
    for end in range(ends):
        cell = held.window(random, rows // CELLS).counts
        total = total + (cell - cells[end % CELLS])
        cells[end % CELLS] = cell
        waiting.append(total)
        if len(waiting) == AT_ONCE or end == ends - 1:
            answer[end + 1 - len(waiting) : end + 1] = judged(many, waiting, thresholds)
            waiting = []
    return answer


def side_by_side(held: World, times: int) -> World:
    """The columns of a world so many times over."""
    binning = Binning(held.binning.columns * times)
    one = held.reference
    counts, moments, extremes = (np.tile(each, (times, 1)) for each in (one.counts, one.moments, one.extremes))
    reference = Profile(binning.id, counts, moments, extremes, one.rows, one.weight, one.weight_sq)
    return World(binning, reference, held.cumulative, held.guide)


def judged(many: World, windows: list[Floats], thresholds: Thresholds) -> Codes:
    """The levels [windows, F] of up to `AT_ONCE` windows; each column keeps the allowance that it has in a check of
    its own window."""
    wide = windows + [windows[-1]] * (AT_ONCE - len(windows))
    rows = float(windows[0][0].sum())
    wider = replace(
        thresholds,
        notice_p=thresholds.notice_p * AT_ONCE,
        alerts_per_1000_days=thresholds.alerts_per_1000_days * AT_ONCE,
    )
    table = check(many.profile(np.concatenate(wide), rows), many.reference, many.binning, wider)
    return table.levels.reshape(AT_ONCE, -1)[: len(windows)]


def raised_days(levels: Codes, length: int) -> int:
    """On how many days any of the looks [ends, F] was raised."""
    raised = np.isin(levels, RAISED).reshape(-1, DAY_US // grid(length) * levels.shape[1])
    return int(raised.any(axis=1).sum())


def alert_days(levels: Codes, length: int) -> int:
    """On how many days an alert opens: a column becomes raised after persistence.

    Columns that are never raised by a single look cannot be, and are left out.
    """
    step = grid(length)
    columns = np.flatnonzero(np.isin(levels, RAISED).any(axis=0))
    if not len(columns):
        return 0
    ends = [(i + 1) * step for i in range(len(levels))]
    keys = [ColumnKey(Role.FEATURE, str(f)) for f in columns.tolist()]
    points = {
        end: Point(end, dict(zip(keys, row[columns].tolist(), strict=True)), {})
        for end, row in zip(ends, levels, strict=True)
    }
    found = raised_items(ends, length, points, Persistence(), {})
    before: set[Judged] = set()
    days: set[int] = set()
    for end in ends:
        now = set(found[end])
        if now - before:
            days.add((end - 1) // DAY_US)
        before = now
    return len(days)
