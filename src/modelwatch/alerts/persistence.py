"""Which columns are raised at the end of each window: pure, from what each window says by itself.

Windows overlap on their grid, and overlapping windows would confirm each other with the same rows; so only windows
that do not overlap count. A column is raised when `k` of its last `n` disjoint windows are, and stays raised until no
window at all has been raised for `k` lengths: one odd window raises nothing, one good window inside a drift ends
nothing, and a column at the edge does not flap with the phase of the grid. A window that could not be judged (too few
rows, no data, failed) decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure
from modelwatch.core.level import CODE, ORDER, Level, worst
from modelwatch.core.measured import Measured
from modelwatch.core.segment import Segment
from modelwatch.core.window import disjoint, grid
from modelwatch.core.wire import Role

Judged = ColumnKey | Figure
"""What a window says something of: a column, or a figure of its outcomes."""
OUTPUT = ColumnKey(Role.PREDICTION_LABEL, "")
UNJUDGED = frozenset({CODE[Level.INSUFFICIENT_DATA], CODE[Level.NO_DATA], CODE[Level.ERROR]})


@dataclass(frozen=True, slots=True)
class Persistence:
    """`k` of the last `n` disjoint windows must agree."""

    k: int = 2
    n: int = 3


def persistence_of(settings: Mapping[str, Any]) -> Persistence:
    """A model's own `k` of `n`, else the default."""
    default = Persistence()
    return Persistence(int(settings.get("k", default.k)), int(settings.get("n", default.n)))


@dataclass(frozen=True, slots=True)
class Point:
    """What one window says by itself of every column: a code of `core.level`, the metric, and what chance allows."""

    end_us: int
    levels: Mapping[Judged, int]
    values: Mapping[Judged, tuple[float, float | None]]


@dataclass(frozen=True, slots=True)
class Item:
    """A column that is raised: its level, its largest value in the windows that raise it, and since when.

    With a `segment` it stands for that segment, in which `column` is what has moved most; with a `figure` for that
    figure of the outcomes. `crossed_us` is when the sequential test raised it, None where windows did; `how` says so.
    `measured` is what a rule raised, `how` then says it, and small values are bad where it `falls`.
    """

    column: ColumnKey
    level: Level
    value: float
    chance: float | None
    since_us: int
    segment: Segment | None = None
    crossed_us: int | None = None
    how: str = ""
    figure: Figure | None = None
    measured: Measured | None = None
    falls: bool = False

    @property
    def key(self) -> ColumnKey | Segment | Figure | Measured:
        """What the item is about."""
        if self.measured is not None:
            return self.measured
        if self.figure is not None:
            return self.figure
        return self.column if self.segment is None else self.segment


@dataclass(frozen=True, slots=True)
class Crossed:
    """A column that the sequential test of a critical model raised at a time, and how, in words."""

    at_us: int
    column: ColumnKey
    level: Level
    value: float
    how: str


def raised_items(
    ends: Sequence[int],
    length: int,
    points: Mapping[int, Point],
    rule: Persistence,
    before: Mapping[Judged, Item],
    crossings: Sequence[Crossed] = (),
) -> dict[int, dict[Judged, Item]]:
    """For each window end and each crossing (ascending) the raised columns; `before` are those raised just before.

    `points` also holds the earlier windows that persistence looks back on. A crossing takes the place of persistence:
    it raises its column at once, and windows can end that only when they have had the time to see it.
    """
    found: dict[int, dict[Judged, Item]] = {}
    state = dict(before)
    for at in sorted({*ends, *(each.at_us for each in crossings)}):
        if at in points:
            state = at_window(at, length, points, rule, state)
        state |= {each.column: crossed(each, state.get(each.column)) for each in crossings if each.at_us == at}
        found[at] = state
        state = dict(state)
    return found


def at_window(
    end: int, length: int, points: Mapping[int, Point], rule: Persistence, state: Mapping[Judged, Item]
) -> dict[Judged, Item]:
    """The raised columns after one more window."""
    now: dict[Judged, Item] = {}
    for column, code in points[end].levels.items():
        old = state.get(column)
        item = old if code in UNJUDGED else judged(column, end, length, points, rule, old)
        if item is not None:
            now[column] = item
    return now


def crossed(found: Crossed, old: Item | None) -> Item:
    """The column's item after a crossing: the worse of its levels, since it was first raised."""
    level = worst((found.level, old.level)) if old is not None else found.level
    since = found.at_us if old is None else old.since_us
    return Item(found.column, level, found.value, None, since, crossed_us=found.at_us, how=found.how)


def judged(
    column: Judged, end: int, length: int, points: Mapping[int, Point], rule: Persistence, old: Item | None
) -> Item | None:
    """The column's item at a window that could be judged, None when it is not raised."""
    recent = [points[e] for e in disjoint(end, length, rule.n) if e in points]
    codes = [point.levels.get(column, CODE[Level.OK]) for point in recent]
    behind = [point for point, code in zip(recent, codes, strict=True) if ORDER[code].raised]
    if len(behind) >= rule.k:
        critical = sum(code == CODE[Level.CRITICAL] for code in codes) >= rule.k
        level = Level.CRITICAL if critical else Level.WARNING
        largest = max(behind, key=lambda point: point.values.get(column, (0.0, None))[0])
        value, chance = largest.values.get(column, (float("nan"), None))
        since = min(point.end_us for point in behind)
        if old is None:
            return new_item(column, level, value, chance, since)
        return replace(old, level=level, value=value, chance=chance)
    if old is not None and old.crossed_us is not None and end < old.crossed_us + rule.k * length:
        return old
    return old if old is not None and not clear(column, end, length, points, rule) else None


def new_item(key: Judged, level: Level, value: float, chance: float | None, since_us: int) -> Item:
    """An item of a column or a figure."""
    if isinstance(key, Figure):
        return Item(OUTPUT, level, value, chance, since_us, figure=key)
    return Item(key, level, value, chance, since_us)


def clear(column: Judged, end: int, length: int, points: Mapping[int, Point], rule: Persistence) -> bool:
    """True when no window that ended within the last `k` lengths says by itself that the column is raised."""
    recent = (points[e] for e in range(end, end - rule.k * length, -grid(length)) if e in points)
    return not any(ORDER[point.levels.get(column, CODE[Level.OK])].raised for point in recent)
