"""Live models that have fallen silent: the one state that only the wall clock can tell."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.store import models
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, spans

MARGIN = 1.5
"""Silence is longer than usual when it is half as long again as the longest gap of the two weeks before."""


def longest_gap(connection: Connection, series: Series, now_us: int) -> int:
    """The longest stretch without events in the two weeks before the newest one, in microseconds."""
    seen = spans(connection, series, now_us - 14 * DAY_US, now_us + 1)
    ends = [start + span for start, span, _ in seen]
    starts = [start for start, _, _ in seen[1:]]
    return max((start - end for end, start in zip(ends, starts, strict=False)), default=0)


def silent(connection: Connection, deployment: models.DeploymentRow, wall_us: int) -> bool:
    """True when a live deployment has been without events for longer than it ever was."""
    if deployment.live_us is None or deployment.last_event_us is None:
        return False
    usual = longest_gap(connection, Series(deployment.id), deployment.last_event_us)
    return wall_us - deployment.last_event_us > max(HOUR_US, int(usual * MARGIN))


def mark_silent(engine: Engine, wall_us: int) -> int:
    """Set the newest deployment of every silent model to `no_data`; returns how many are new. Data sets it back."""
    with reading(engine) as connection:
        groups: dict[tuple[int, str], list[models.DeploymentRow]] = {}
        for row in models.list_deployments(connection):
            groups.setdefault((row.model_id, row.environment), []).append(row)
        found = [row for row in map(models.newest, groups.values()) if row.level is not Level.NO_DATA]
        fallen = [row for row in found if silent(connection, row, wall_us)]
    if fallen:
        with writing(engine) as connection:
            values = {"level": Level.NO_DATA.value}
            models.update_deployments(
                connection, [{"id": row.id, "level_since_us": row.last_event_us, **values} for row in fallen]
            )
    return len(fallen)
