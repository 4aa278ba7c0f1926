"""How much windows of a model's own past differ from each other when nothing has changed: the yardstick for a window.

Rows of one customer, bursts, days that are not like others: windows vary more than independent rows would, and a test
that ignores it raises false alarms. For a fixed or moving reference the stored windows of its days are compared with
each other; for a seasonal one the same time of different weeks, pooled over times of the week, so that night and day
count as no variance and there are enough of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.reference import Past, Seasonal, Span, spans, text
from modelwatch.core.window import DAY_US, HOUR_US, grid
from modelwatch.jobs.windows import cells_at_once, timeline_of
from modelwatch.monitors.drift.dependence import MIN_BLOCKS, Dependence, estimate_within
from modelwatch.profiles import Binning, Profile
from modelwatch.store.profiles import Series, load_all, rows_between

BLOCKS = 256
KEPT = 4_096
"""Yardsticks of 50 columns are 2 kB each."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """The design effects of blocks that hold `rows` rows on average; with 0 they hold for windows of any size."""

    dependence: Dependence
    rows: float

    def for_window(self, rows: float) -> Dependence:
        """The design effects of a window: what all its rows share weighs the more, the more rows there are.

        With a share rho of variance between blocks of b rows the effect is 1 + (b - 1) rho (Kish, 1965). Of smaller
        windows it is taken as it was seen.
        """
        factor = rows / self.rows if self.rows > 0 else 1.0
        return self.dependence if factor <= 1.0 else self.dependence.scaled(factor)


def blocks_wanted(rule: Past, length: int, end: int, most: int) -> list[list[Span]]:
    """Groups of stretches that would be alike if nothing but chance were at work: windows, each with its twins.

    They end at midnight UTC before the window that ends at `end` at the latest, so that all windows of a day share
    them.
    """
    last = end - end % DAY_US
    if isinstance(rule, Seasonal):
        step = min(max(length, HOUR_US), DAY_US)
        ends = [last - i * step for i in range(7 * DAY_US // step)]
        chosen = ends[:: stride(len(ends) * rule.weeks, most)]
        return [list(spans(rule, at, step)) for at in chosen]
    (whole,) = spans(rule, last, length)
    step = max(length, HOUR_US)
    if (whole.end - whole.start) // step < 3 * MIN_BLOCKS:
        step = min(step, DAY_US)
    ends = list(range(whole.start + step, whole.end + 1, step))
    return [[Span(at - step, at) for at in ends[:: stride(len(ends), most)]]]


def stride(count: int, most: int) -> int:
    """The step that leaves about `most` of `count`: odd and no multiple of three, so that no hour of the day is missed.

    >>> [stride(672, 256), stride(1344, 256), stride(100, 256)]
    [5, 7, 1]
    """
    step = max(1, -(-count // most))
    while step > 1 and (step % 2 == 0 or step % 3 == 0):
        step += 1
    return step


def past_yardstick(
    connection: Connection,
    sources: Sequence[Series],
    rule: Past,
    end: int,
    length: int,
    binning: Binning,
    binning_of: Callable[[str], Binning],
) -> Yardstick:
    """The yardstick for windows that end on the UTC day of `end`."""
    groups = blocks_wanted(rule, length, end, min(BLOCKS, cells_at_once(binning)))
    held = [list(profiles_at(connection, sources, group, binning, binning_of)) for group in groups]
    rows = [each.rows for group in held for each in group if each.rows]
    return Yardstick(estimate_within(held, binning), float(np.mean(rows)) if rows else 0.0)


def profiles_at(
    connection: Connection,
    sources: Sequence[Series],
    group: Sequence[Span],
    binning: Binning,
    binning_of: Callable[[str], Binning],
) -> Iterator[Profile]:
    """The profile of each stretch; neighbouring ones are loaded together, a day at a time."""
    step = min(grid(group[0].end - group[0].start), HOUR_US)
    for run in neighbours(group):
        stretches = load_all(connection, sources, run[0].start, run[-1].end)
        timeline = timeline_of(stretches, step, binning, binning_of)
        yield from (timeline.between(*each) for each in run)


def neighbours(group: Sequence[Span]) -> Iterator[list[Span]]:
    """Stretches in groups that span at most a day."""
    run: list[Span] = []
    for each in sorted(group):
        if run and each.end - run[0].start > DAY_US:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


class Yardsticks:
    """The last `kept` yardsticks, each made once for all windows of a day, and anew when rows came late."""

    def __init__(self, kept: int = KEPT) -> None:
        self.kept = kept
        self.found: OrderedDict[tuple[object, ...], Yardstick] = OrderedDict()
        self.lock = threading.Lock()

    def get(
        self,
        connection: Connection,
        sources: Sequence[Series],
        rule: Past,
        end: int,
        length: int,
        binning: Binning,
        binning_of: Callable[[str], Binning],
    ) -> Yardstick:
        """The yardstick for a window, from memory or else from what is stored."""
        last = end - end % DAY_US
        first = min(each.start for each in spans(rule, last, max(length, 7 * DAY_US)))
        rows = sum(rows_between(connection, series, first, last) for series in sources)
        key = (str(connection.engine.url), tuple(sources), text(rule), length, binning.id, last, rows)
        with self.lock:
            known = self.found.get(key)
            if known is not None:
                self.found.move_to_end(key)
                return known
        made = past_yardstick(connection, sources, rule, end, length, binning, binning_of)
        with self.lock:
            self.found[key] = made
            while len(self.found) > self.kept:
                self.found.popitem(last=False)
        return made


yardstick = Yardsticks().get
"""What all checks of this process share."""
