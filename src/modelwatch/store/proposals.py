"""What actions look at and leave behind: alerts as they see them, proposals, and lines in the history of alerts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from modelwatch.alerts.episodes import Event
from modelwatch.alerts.life import Status
from modelwatch.alerts.remediation.action import Action
from modelwatch.alerts.remediation.decide import Past, Proposal, Sighting
from modelwatch.alerts.remediation.request import Trigger, shown
from modelwatch.core.figure import Subject
from modelwatch.core.level import Level
from modelwatch.store import action_runs
from modelwatch.store.action_runs import RunRow, Step
from modelwatch.store.actions import ActionRow
from modelwatch.store.alert_list import NamedAlert
from modelwatch.store.alerts import add_events
from modelwatch.store.tables import alerts, deployments, models

SAID = {
    "proposed": "proposed, waits for approval",
    "approved": "approved",
    "running": "runs",
    "done": "done",
    "failed": "failed",
    "rejected": "rejected",
    "expired": "not done",
    "dry_run": "would be done (dry run)",
}
"""How the history of an alert tells a run's state."""


def seen() -> Select[Any]:
    """The columns of an alert that actions look at."""
    a = alerts.c
    return (
        select(
            a.id,
            a.model_id,
            models.c.name,
            a.kind,
            a.level,
            a.status,
            a.historic,
            a.opened_us,
            a.checked_us,
            deployments.c.last_event_us,
        )
        .join(models, models.c.id == a.model_id)
        .join(deployments, deployments.c.id == a.deployment_id)
        .where(a.status != Status.PENDING)
    )


def sighting(row: Row[Any]) -> Sighting:
    """An alert as actions see it. Concept drift is found on single labels, so that no window tells that it goes on:
    it does while predictions come and no label says that it is over."""
    until = row.checked_us
    if row.kind == Subject.CONCEPT and row.status != Status.RESOLVED:
        until = max(until, row.last_event_us or until)
    return Sighting(row.id, row.name, row.kind, Level(row.level), row.status, row.historic, row.opened_us, until)


def sightings_of(connection: Connection, model_id: int) -> list[Sighting]:
    """All alerts of a model, in order of opening."""
    query = seen().where(alerts.c.model_id == model_id).order_by(alerts.c.opened_us, alerts.c.id)
    return [sighting(row) for row in connection.execute(query)]


def sightings_since(connection: Connection, project: str, from_us: int) -> dict[int, list[Sighting]]:
    """{model: its alerts that opened then or later} of a whole project, in order of opening."""
    query = seen().where(models.c.project == project, alerts.c.opened_us >= from_us)
    found: dict[int, list[Sighting]] = defaultdict(list)
    for row in connection.execute(query.order_by(alerts.c.opened_us, alerts.c.id)):
        found[row.model_id].append(sighting(row))
    return found


def going_on(connection: Connection, project: str) -> list[tuple[Sighting, int]]:
    """(alert, model) of the alerts of a project that are not over, in order of opening."""
    query = seen().where(models.c.project == project, alerts.c.status != Status.RESOLVED)
    return [
        (sighting(row), row.model_id) for row in connection.execute(query.order_by(alerts.c.opened_us, alerts.c.id))
    ]


def past_of(connection: Connection, row: ActionRow) -> list[Past]:
    """All runs of an action, as far as they matter to the next."""
    return action_runs.past_runs(connection, row.project, row.action.name)


def key_of(project: str, action: Action, alert_id: int) -> str:
    """The key of the one run of an action for an alert: it is the same on every try, and plain in any header."""
    said = json.dumps([project, action.name, alert_id, action.dry_run])
    return f"action-{sha256(said.encode()).hexdigest()[:32]}"


def trigger_of(project: str, named: NamedAlert, why: str, url: str, now_us: int) -> Trigger:
    """The alert as a request tells it; `url` is where the dashboard is."""
    alert = named.alert
    return Trigger(
        project=project,
        model_id=named.model,
        model_version=named.version,
        environment=named.environment,
        alert_id=alert.id,
        kind=alert.kind,
        level=alert.level.value,
        title=alert.title,
        since=alert.opened_us / 1e6,
        at=now_us / 1e6,
        why=why,
        url=f"{url}/alerts/{alert.id}",
    )


def propose(connection: Connection, row: ActionRow, named: NamedAlert, found: Proposal, url: str, now_us: int) -> bool:
    """Record that an action is due for an alert, once; False when it is on record already."""
    action, alert = row.action, named.alert
    key = key_of(row.project, action, alert.id)
    trigger = trigger_of(row.project, named, found.why, url, now_us)
    said = {"action": action.to_json(), "trigger": asdict(trigger), "request": shown(action, trigger, key)}
    at_once = found.state == "dry_run"
    values = {
        "project": row.project,
        "action": action.name,
        "alert_id": alert.id,
        "model_id": alert.model_id,
        "key": key,
        "state": found.state,
        "dry_run": action.dry_run,
        "body": json.dumps(said),
        "created_us": now_us,
        "started_us": now_us if at_once else None,
        "next_us": now_us if found.state == "approved" else None,
        "done_us": now_us if at_once else None,
    }
    text = f"{found.why}; no approval is asked for" if found.state == "approved" else found.why
    step = Step(now_us, found.state, text[:1].upper() + text[1:])
    recorded = action_runs.insert_run(connection, values, step)
    if recorded:
        add_events(connection, alert.id, [Event(now_us, "action", line(action.name, step))])
    return recorded


def move_run(connection: Connection, run: RunRow, step: Step, word: str = "", **values: Any) -> None:
    """Take a run to the state of a step, and tell it in the alert's history, there with another `word` if need be."""
    action_runs.move(connection, run, step, **values)
    add_events(connection, run.alert_id, [Event(step.at_us, "action", line(run.action, step, word))], step.by)


def line(action: str, step: Step, word: str = "") -> str:
    """A step as the alert's history has it."""
    return f"Action “{action}” {word or SAID[step.state]}: {step.text}"


def unmoved(connection: Connection, action: str, alert_id: int, reason: str, now_us: int) -> None:
    """Tell in the alert's history why an action is not due."""
    add_events(connection, alert_id, [Event(now_us, "not_acted", f"Action “{action}” not due: {reason}")])
