"""Live models that have fallen silent: the one state that only the wall clock can tell."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import NO_DATA, Evaluation
from modelwatch.core.level import Level
from modelwatch.core.moment import moment
from modelwatch.core.span import span
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs import conditions
from modelwatch.store import alerts, models
from modelwatch.store.alerts import Evaluated
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


def silent(connection: Connection, deployment: models.DeploymentRow, wall_us: int) -> int | None:
    """The gap that was usual, when a live deployment has been without events for longer; None when it has not."""
    if deployment.live_us is None or deployment.last_event_us is None:
        return None
    gap = wall_us - deployment.last_event_us
    if gap <= HOUR_US:
        return None
    usual = longest_gap(connection, Series(deployment.id), deployment.last_event_us)
    return usual if gap > max(HOUR_US, int(usual * MARGIN)) else None


def mark_silent(engine: Engine, wall_us: int) -> int:
    """Set the newest deployment of every silent model to `no_data` and open an alert; returns how many are new.

    Data sets the level back and ends the alert; so does a newer version that takes the place of a silent one.
    """
    with reading(engine) as connection:
        groups: dict[tuple[int, str], list[models.DeploymentRow]] = {}
        for row in models.list_deployments(connection):
            groups.setdefault((row.model_id, row.environment), []).append(row)
        newest = {row.id: row for row in map(models.newest, groups.values())}
        found = {row.id: silent(connection, row, wall_us) for row in newest.values()}
        told = {row.deployment_id: row for row in alerts.unfinished(connection, NO_DATA)}
    quiet = {each: usual for each, usual in found.items() if usual is not None}
    fallen = 0
    for deployment_id, usual in quiet.items():
        row = newest[deployment_id]
        if deployment_id not in told or row.level is not Level.NO_DATA:
            with writing(engine) as connection:  # one each: a fleet that falls silent must not hold up the fold
                fallen += fall_silent(connection, row, usual, wall_us)
    for deployment_id in (each for each in told if each not in quiet):
        why = "Data have come again" if deployment_id in newest else "A newer version has taken its place"
        with writing(engine) as connection:
            conditions.clear(connection, deployment_id, NO_DATA, why, wall_us)
            alerts.evaluate_again(connection, deployment_id, Evaluation.NO_DATA, wall_us)
    return fallen


def fall_silent(connection: Connection, seen: models.DeploymentRow, usual_us: int, wall_us: int) -> bool:
    """Set a deployment to `no_data` and open its alert, unless data have come since it was `seen`; True when its level
    is new."""
    row = models.get_deployment(connection, seen.id)
    if row.last_event_us != seen.last_event_us:
        return False
    fresh = row.level is not Level.NO_DATA
    if fresh:
        values = {"id": row.id, "level": Level.NO_DATA.value, "level_since_us": row.last_event_us}
        models.update_deployments(connection, [values])
    tell(connection, row, usual_us, wall_us)
    return fresh


def tell(connection: Connection, deployment: models.DeploymentRow, usual_us: int, wall_us: int) -> None:
    """Open the alert of a silent deployment, and say in its others why they cannot be judged."""
    since = deployment.last_event_us or wall_us
    title = f"No predictions since {moment(since)}; the longest usual gap is {span(max(usual_us, BUCKET_US) / 1e6)}"
    text = f"silent for {span((wall_us - since) / 1e6)}, longer than in the two weeks before"
    found = conditions.Condition(NO_DATA, Level.WARNING, title, text)
    conditions.hold(connection, deployment.model_id, deployment.id, found, wall_us)
    alerts.note_evaluation(connection, deployment.id, Evaluated(Evaluation.NO_DATA, wall_us, title))
