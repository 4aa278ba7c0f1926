"""Everything that one row per model and environment needs, in a handful of queries that no model is asked alone for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select

from modelwatch.core.level import Level
from modelwatch.store.tables import checks, deployments, models, traffic

AT_ONCE = 5_000
"""Ids in one `IN`; SQLite takes 32,766 parameters."""


class Seen(NamedTuple):
    """A deployment with the name of its model, without its schema."""

    id: int
    model_id: int
    model: str
    task: str
    environment: str
    version: str
    first_event_us: int | None
    last_event_us: int | None
    live_us: int | None
    length_us: int | None
    level: str
    level_since_us: int | None
    binning: str | None
    headline: str | None

    def now_us(self, wall_us: int) -> int:
        """The deployment's own now: the wall clock once it is live, else its newest event."""
        return wall_us if self.live_us is not None or self.last_event_us is None else self.last_event_us


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checked window of a deployment, without its metrics."""

    end_us: int
    rows: float
    level: Level
    drifted: int
    columns: int
    largest: float | None
    raised: list[dict[str, Any]]


def list_seen(connection: Connection, project: str) -> list[Seen]:
    """All deployments of a project, by model name, first seen first."""
    d, m = deployments.c, models.c
    query: Select[Any] = (
        select(
            d.id,
            d.model_id,
            m.name,
            m.task,
            d.environment,
            d.version,
            d.first_event_us,
            d.last_event_us,
            d.live_us,
            d.length_us,
            d.level,
            d.level_since_us,
            m.binning_id,
            d.headline,
        )
        .join(models, m.id == d.model_id)
        .where(m.project == project)
        .order_by(m.name, d.seen_us, d.id)
    )
    return [Seen(*row) for row in connection.execute(query)]


def newest_checks(connection: Connection, deployment_ids: Sequence[int]) -> dict[int, Newest]:
    """{deployment: its newest checked window of the length that it uses now}."""
    found: dict[int, Newest] = {}
    for ids in batches(deployment_ids):
        end = (
            select(func.max(checks.c.end_us))
            .where(
                checks.c.deployment_id == deployments.c.id,
                checks.c.segment == "",
                checks.c.length_us == deployments.c.length_us,
            )
            .correlate(deployments)
            .scalar_subquery()
        )
        c = checks.c
        query: Select[Any] = (
            select(c.deployment_id, c.end_us, c.rows, c.level, c.drifted, func.length(c.levels), c.largest, c.raised)
            .join(deployments, deployments.c.id == c.deployment_id)
            .where(deployments.c.id.in_(ids), c.segment == "", c.length_us == deployments.c.length_us, c.end_us == end)
        )
        for row in connection.execute(query):
            found[row[0]] = newest(row)
    return found


def newest(row: Row[Any]) -> Newest:
    """A row of the query above as a value."""
    _, end_us, rows, level, drifted, columns, largest, raised = tuple(row)
    return Newest(end_us, rows, Level(level), drifted, columns, largest, json.loads(raised))


def largest_at(
    connection: Connection, deployment_ids: Sequence[int], length_us: int, ends: Iterable[int]
) -> Iterator[tuple[int, int, float]]:
    """(deployment, end, largest PSI) of the windows of one length that end exactly at `ends`."""
    wanted = list(ends)
    for ids in batches(deployment_ids):
        query = select(checks.c.deployment_id, checks.c.end_us, checks.c.largest).where(
            checks.c.deployment_id.in_(ids),
            checks.c.segment == "",
            checks.c.length_us == length_us,
            checks.c.end_us.in_(wanted),
            checks.c.largest.is_not(None),
        )
        for row in connection.execute(query):
            yield row[0], row[1], row[2]


def traffic_since(connection: Connection, since_us: int) -> dict[int, dict[int, int]]:
    """{deployment: {day start: predictions}} from a day on."""
    query = select(traffic.c.deployment_id, traffic.c.day_us, traffic.c.predictions).where(traffic.c.day_us >= since_us)
    found: dict[int, dict[int, int]] = {}
    for deployment_id, day, count in connection.execute(query):
        found.setdefault(deployment_id, {})[day] = count
    return found


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in groups that fit into one query."""
    return (ids[i : i + AT_ONCE] for i in range(0, len(ids), AT_ONCE))
