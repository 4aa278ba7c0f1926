"""Segments that drift while the model as a whole does not say so: one alert per deployment, which names them.

Segments are checked apart, on windows of their own lengths; at any time each is as its newest window says. What the
whole raises too is left to the alert of the whole: one message, not twenty-one.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.alerts.episodes import Key
from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import ORDER
from modelwatch.core.segment import WHOLE, Segment, from_key
from modelwatch.core.window import LONGEST_US
from modelwatch.jobs.raise_alerts import align, going_on
from modelwatch.monitors.drift import DriftTable
from modelwatch.store import alerts
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import LevelRow, load_body, load_levels, newest_check
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.profiles import Series

SEGMENT_DRIFT = "segment_drift"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The checked windows of one series, ascending by end; `waits` when later ones are still to be checked."""

    rows: Sequence[LevelRow]
    waits: bool

    def at(self, end: int) -> LevelRow | None:
        """The newest window by then; None when it ended longer ago than it lasted and nothing is to follow."""
        i = bisect.bisect_right(self.rows, end, key=lambda row: row.end_us) - 1
        if i < 0:
            return None
        row, newest = self.rows[i], i == len(self.rows) - 1
        return row if end - row.end_us <= row.length_us or (newest and self.waits) else None


def raise_segment_alerts(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    watched: Collection[str],
    waiting: Collection[str],
    from_us: int,
    wall_us: int,
) -> None:
    """Bring the segment alert of a deployment in line with the windows checked since `from_us`.

    What is still to be checked of the series `waiting` may change it again; until then they are as they were.
    """
    known = alerts.alerts_from(connection, deployment.id, SEGMENT_DRIFT, from_us)
    if not watched and not known:
        return
    lines: dict[str, list[LevelRow]] = {WHOLE: []}
    for segment, row in load_levels(connection, deployment.id, from_us - LONGEST_US):
        if segment == WHOLE or segment in watched:
            lines.setdefault(segment, []).append(row)
    for segment in set(waiting) & set(watched) - set(lines):
        newest = newest_check(connection, Series(deployment.id, segment))
        if newest is not None:
            row = LevelRow(newest.length_us, newest.end_us, newest.level, newest.levels, newest.binning)
            lines[segment] = [row]
    times = {segment: Timeline(rows, segment in waiting) for segment, rows in lines.items()}
    current = going_on(known, from_us)
    since: dict[Key, int] = {item.key: item.since_us for item in current.items} if current else {}
    raised: dict[int, dict[Key, Item]] = {}
    for end in sorted({row.end_us for rows in lines.values() for row in rows if row.end_us >= from_us}):
        found = items_at(connection, model.id, deployment.id, times, end)
        raised[end] = {item.key: dated(item, since, end) for item in found}
        since = {key: item.since_us for key, item in raised[end].items()}
    if raised:
        length = max(row.length_us for rows in lines.values() for row in rows)
        align(connection, model, deployment, SEGMENT_DRIFT, length, raised, wall_us)


def dated(item: Item, since: Mapping[Key, int], end: int) -> Item:
    """The item with the time since which its segment has been raised."""
    return Item(item.column, item.level, item.value, item.chance, since.get(item.key, end), item.segment)


def items_at(
    connection: Connection, model_id: int, deployment_id: int, times: Mapping[str, Timeline], end: int
) -> Iterator[Item]:
    """One item for each segment in which something is raised that the whole does not raise."""
    whole = times[WHOLE].at(end)
    said = {} if whole is None else raised_columns(connection, model_id, whole)
    for segment, line in times.items():
        row = line.at(end) if segment != WHOLE else None
        if row is None or not row.level.raised:
            continue
        own = {key: i for key, i in raised_columns(connection, model_id, row).items() if key not in said}
        if own:
            yield worst_of(connection, deployment_id, from_key(segment), row, own)


def raised_columns(connection: Connection, model_id: int, row: LevelRow) -> dict[ColumnKey, int]:
    """The raised columns of a window, with their places in it."""
    if not row.level.raised:
        return {}
    columns = load_binning(connection, model_id, row.binning).columns
    return {columns[i].key: i for i, code in enumerate(row.levels) if ORDER[code].raised}


def worst_of(
    connection: Connection, deployment_id: int, segment: Segment, row: LevelRow, columns: Mapping[ColumnKey, int]
) -> Item:
    """What to say of a segment: the worst of the columns."""
    table = DriftTable.from_bytes(load_body(connection, deployment_id, segment.key, row.length_us, row.end_us))
    key = min(columns, key=lambda each: (row.levels[columns[each]], -table.size(columns[each]).value))
    size = table.size(columns[key])
    return Item(key, ORDER[row.levels[columns[key]]], size.value, size.chance, row.end_us, segment)
