"""Every model with its state, from a fixed number of queries: no block is decoded, no model asked alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US, grid
from modelwatch.core.wire import DEFAULT_PROJECT, Role
from modelwatch.monitors.performance import METRICS
from modelwatch.server.queries.reason import Checked, Standing, reason
from modelwatch.store import alerts, fleet, headlines
from modelwatch.store.fleet import Newest, Seen
from modelwatch.store.held import count_held

DAYS = 30
RECENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Raised:
    """One of the columns that a person should hear of first."""

    column: str
    role: Role
    metric: str
    value: float
    level: Level


@dataclass(frozen=True, slots=True)
class Headline:
    """How good a model was in its newest window whose labels have come, which ended at `end`; the worst metric that is
    raised, else the first of its task."""

    metric: str
    title: str
    unit: str
    value: float
    baseline: float | None
    level: Level
    end: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One model in one environment, as the fleet shows it. `traffic` and `drift` are the last 30 days, oldest first."""

    id: str
    environment: str
    version: str
    task: str
    level: Level
    since: int | None
    reason: str
    raised: list[Raised]
    drifted: int
    columns: int
    now: int
    live: bool
    predictions_per_day: float
    traffic: list[float]
    drift: list[float | None]
    open_alerts: int
    headline: Headline | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read for all models at once, by deployment (held rows: by model)."""

    newest: Mapping[int, Newest]
    traffic: Mapping[int, Mapping[int, int]]
    drift: Mapping[int, Mapping[int, float]]
    open_alerts: Mapping[int, int]
    held: Mapping[int, int]
    hold_rows: int


def read_fleet(connection: Connection, wall_us: int, hold_rows: int, project: str = DEFAULT_PROJECT) -> list[Summary]:
    """All models of a project, the worst first, then by name; `hold_rows` become a reference where none was given."""
    groups: dict[tuple[int, str], list[Seen]] = defaultdict(list)
    for seen in fleet.list_seen(connection, project):
        groups[seen.model_id, seen.environment].append(seen)
    if not groups:
        return []
    current = {key: newest_version(rows) for key, rows in groups.items()}
    nows = {row.id: row.now_us(wall_us) for row in current.values()}
    first_day = min(map(day_of, nows.values())) - (DAYS - 1) * DAY_US
    facts = Facts(
        fleet.newest_checks(connection, list(nows)),
        fleet.traffic_since(connection, first_day),
        drift_at_day_ends(connection, list(current.values()), nows),
        alerts.open_counts(connection),
        count_held(connection),
        hold_rows,
    )
    found = [summary(current[key], rows, nows[current[key].id], facts) for key, rows in groups.items()]
    return sorted(found, key=lambda each: (CODE[each.level], each.id, each.environment))


def newest_version(rows: Sequence[Seen]) -> Seen:
    """Of a model's versions in one environment the one whose first event is the latest."""
    return max(rows, key=lambda row: (row.first_event_us is not None, row.first_event_us or 0, row.id))


def day_of(time_us: int) -> int:
    """The start of the UTC day."""
    return time_us - time_us % DAY_US


def last_days(now_us: int) -> list[int]:
    """The starts of the last 30 days, oldest first, today last."""
    today = day_of(now_us)
    return [today - i * DAY_US for i in reversed(range(DAYS))]


def drift_at_day_ends(
    connection: Connection, rows: Sequence[Seen], nows: Mapping[int, int]
) -> dict[int, dict[int, float]]:
    """{deployment: {day start: largest PSI of the window that ends with the day}}; today's is the newest window's.

    The ends are computed, so that each value is one look at the key; models that share length and day share a query.
    """
    groups: dict[tuple[int, int], list[Seen]] = defaultdict(list)
    for row in rows:
        if row.length_us:
            groups[row.length_us, day_of(nows[row.id])].append(row)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for (length, today), members in groups.items():
        step = grid(length)
        days = {(day + DAY_US) - (day + DAY_US) % step: day for day in last_days(today)}
        for deployment_id, end, value in fleet.largest_at(connection, [row.id for row in members], length, days):
            found[deployment_id][days[end]] = value
    return found


def summary(row: Seen, versions: Sequence[Seen], now_us: int, facts: Facts) -> Summary:
    """One line of the fleet."""
    newest = facts.newest.get(row.id)
    raised = [raised_column(each) for each in newest.raised] if newest else []
    level = Level(row.level)
    names = [each.column for each in raised]
    checked = Checked(newest.rows, newest.columns, newest.drifted, names) if newest else None
    target = 0 if row.binning else facts.hold_rows
    standing = Standing(level, row.first_event_us is not None, facts.held.get(row.model_id, 0), target, checked)
    days = last_days(now_us)
    counts = [sum(facts.traffic.get(version.id, {}).get(day, 0) for version in versions) for day in days]
    drift = dict(facts.drift.get(row.id, {}))
    if newest is not None and newest.largest is not None and newest.end_us > days[-1]:
        drift[days[-1]] = newest.largest
    return Summary(
        id=row.model,
        environment=row.environment,
        version=row.version,
        task=row.task,
        level=level,
        since=row.level_since_us,
        reason=reason(standing),
        raised=raised,
        drifted=newest.drifted if newest else 0,
        columns=newest.columns if newest else 0,
        now=now_us,
        live=row.live_us is not None,
        predictions_per_day=per_day(counts),
        traffic=[float(count) for count in counts],
        drift=[drift.get(day) for day in days],
        open_alerts=sum(facts.open_alerts.get(version.id, 0) for version in versions),
        headline=headline_of(row),
    )


def headline_of(row: Seen) -> Headline | None:
    """The figure that was kept of a version's newest window whose labels have come."""
    if row.headline is None:
        return None
    said = headlines.Headline.from_json(row.headline)
    metric = METRICS[said.metric]
    return Headline(said.metric, metric.title, metric.unit, said.value, said.baseline, said.level, said.end_us)


def per_day(counts: Sequence[int]) -> float:
    """Predictions a day over the last week, without today, which is not over; young models count from their start.

    >>> per_day([0] * 25 + [100, 200, 300, 400, 50])
    250.0
    >>> per_day([0] * 29 + [50])
    50.0
    """
    whole = list(counts[-RECENT_DAYS - 1 : -1])
    while whole and not whole[0]:
        whole.pop(0)
    return sum(whole) / len(whole) if whole else float(counts[-1])


def raised_column(value: Mapping[str, object]) -> Raised:
    """A column as the check stored it."""
    role, size = Role(str(value["role"])), float(str(value["value"]))
    return Raised(
        str(value["name"]) or role.value,
        role,
        str(value["metric"]),
        size if math.isfinite(size) else 0.0,
        Level(str(value["level"])),
    )
