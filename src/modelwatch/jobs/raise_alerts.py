"""Writes what `alerts.episodes` tells: alerts that open, change and resolve, their history, and messages to send."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from modelwatch.alerts.episodes import Episode, Event, Key, episodes, title
from modelwatch.alerts.life import ON
from modelwatch.alerts.persistence import Item, Judged
from modelwatch.alerts.stages.historic import history
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Subject
from modelwatch.core.level import SEVERITIES, Level
from modelwatch.core.window import grid
from modelwatch.core.wire import Role
from modelwatch.jobs.looked import NOTHING, Looked, note_looked
from modelwatch.store import alerts, rules
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.rules import RuleRow

KINDS = ("data_drift", "prediction_drift")
WENT_ON = "Evaluated again with what came late: it went on"
NO_SILENCE = {"silenced_until_us": None, "after_silence": ""}
"""What is over is quiet by itself."""


def kind_of(column: ColumnKey) -> str:
    """Which alert a column belongs to: drift of the inputs or of the outputs."""
    return "data_drift" if column.role is Role.FEATURE else "prediction_drift"


def open_items(connection: Connection, deployment_id: int, from_us: int) -> dict[Judged, Item]:
    """The columns of the deployment's alerts that were open before `from_us` and are not over by then."""
    found: dict[Judged, Item] = {}
    for kind in KINDS:
        current = going_on(alerts.alerts_from(connection, deployment_id, kind, from_us), from_us)
        if current is not None:
            found |= {item.column: item for item in current.items}
    return found


def going_on(stored: Sequence[alerts.AlertRow], from_us: int) -> alerts.AlertRow | None:
    """Of the alerts that are not over at `from_us` the one that opened before."""
    return next((row for row in stored if row.opened_us < from_us), None)


def open_figures(connection: Connection, deployment_id: int, subject: Subject, from_us: int) -> dict[Judged, Item]:
    """The figures of a subject whose alert was open before `from_us` and is not over by then."""
    current = going_on(alerts.alerts_from(connection, deployment_id, subject.value, from_us), from_us)
    return {item.figure: item for item in current.items if item.figure is not None} if current else {}


def raise_alerts(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    length: int,
    raised: Mapping[int, Mapping[Judged, Item]],
    wall_us: int,
    looked: Looked = NOTHING,
) -> None:
    """Bring the alerts of a deployment in line with the columns that are raised at each window's end."""
    for kind in KINDS:
        mine: dict[int, dict[Key, Item]] = {
            end: {c: i for c, i in items.items() if kind_of(i.column) == kind} for end, items in raised.items()
        }
        align(connection, model, deployment, kind, length, mine, wall_us, looked.of(kind, kind_of))


def align(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    kind: str,
    length: int,
    raised: Mapping[int, Mapping[Key, Item]],
    wall_us: int,
    looked: Looked = NOTHING,
    rule: RuleRow | None = None,
) -> None:
    """Bring the alerts of one kind in line with what is raised at each window's end, by a rule that people wrote or by
    what they changed about the one that exists anyway.

    Late data reach a few old windows: an alert that opened after these, or was followed beyond them, is left alone.
    """
    first, last = min(raised), max(raised)
    newest = deployment.last_event_us is None or last + grid(length) > deployment.last_event_us
    stored = alerts.alerts_from(connection, deployment.id, kind, first)
    stored = [row for row in stored if newest or row.opened_us <= last]
    current = going_on(stored, first)
    settled = {item.key: item.level for item in alerts.settled_items(connection, deployment.id, kind)}
    told = episodes(raised, current.episode() if current else None, settled)
    if rule is None and (told or any(looked.pending.values())):
        rule = rules.override_for(connection, model.project, model.name, kind)
        if rule is not None and not rule.rule.enabled:
            told, looked = [], replace(looked, pending={})
    known = ([current] if current else []) + [row for row in stored if row is not current]
    before = next((row for row in known if row.resolved_us is None), None)
    beyond = None if newest else next((row for row in known if row.checked_us > last), None)
    if beyond is not None:
        known.remove(beyond)
        told = told[1:] if beyond is current else told
        told = told[:-1] if told and told[-1].resolved_us is None else told
    waited = alerts.pending_alert(connection, deployment.id, kind)
    for i, episode in enumerate(told):
        row = known[i] if i < len(known) else None
        if row is None:
            row, waited = waited, None
            episode = episode if row is not None else looked.after_waiting(episode)
        write(connection, model, deployment, kind, length, row, episode, wall_us, rule)
    for row in known[len(told) :]:
        withdraw(connection, row, last, wall_us)
    note_looked(connection, model, deployment, kind, waited, looked, before, wall_us)


def withdraw(
    connection: Connection,
    row: alerts.AlertRow,
    at_us: int,
    wall_us: int,
    text: str = "Evaluated again with late data: it no longer holds",
) -> None:
    """Close an alert that no longer holds on the data as it is known now; it stays in the history."""
    if row.status != "resolved":
        alerts.resolve_alert(connection, row.id, at_us, text, wall_us)


def write(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    kind: str,
    length: int,
    row: alerts.AlertRow | None,
    episode: Episode,
    wall_us: int,
    rule: RuleRow | None = None,
) -> None:
    """Store one episode as a new alert or over the one it continues; what changed is planned by `dispatch`."""
    values: dict[str, object] = {
        "level": leveled(episode.level, rule).value,
        "title": titled(kind, episode.items, rule),
        "items": alerts.items_to_json(episode.items),
        "peak_level": leveled(episode.peak_level, rule).value,
        "peak_items": alerts.items_to_json(episode.peak_items),
        "historic": history(episode.checked_us, length, wall_us),
        "opened_us": episode.opened_us,
        "checked_us": episode.checked_us,
        "resolved_us": episode.resolved_us,
        "status": status_of(row, episode),
        "rule_id": None if rule is None else rule.id,
        "channels": json.dumps([] if rule is None else rule.rule.channels),
    }
    if row is None or row.level is not leveled(episode.level, rule) or row.status != values["status"]:
        values["changed_us"] = wall_us
    if episode.resolved_us is not None:
        values |= NO_SILENCE
    if row is not None and got_worse(row, episode):
        values["after_silence"] = ""  # that somebody has seen it is over, whatever keeps it quiet now
    told = [*went_on(row, episode), *episode.events]
    known: set[tuple[int, str, str]] = set()
    if row is None:
        fixed = {"model_id": model.id, "deployment_id": deployment.id, "kind": kind, "by_hand": False}
        alert_id = alerts.insert_alert(connection, {**values, **fixed})
    else:
        alert_id = row.id
        alerts.update_alert(connection, alert_id, values)
        if told:  # most windows change nothing, and a history may be long
            known = {(e.at_us, e.kind, e.text) for e in alerts.list_events(connection, alert_id)}
    fresh = [event for event in told if (event.at_us, event.kind, event.text) not in known]
    steady = rule is not None and rule.rule.severity in SEVERITIES
    alerts.add_events(connection, alert_id, [event for event in fresh if event.kind != "level" or not steady])


def went_on(row: alerts.AlertRow | None, episode: Episode) -> list[Event]:
    """What to say of an alert that was over and, with the data as it is known now, was not."""
    if row is None or row.resolved_us is None:
        return []
    over = episode.resolved_us
    return [Event(row.resolved_us, "reopened", WENT_ON)] if over is None or over > row.resolved_us else []


def leveled(level: Level, rule: RuleRow | None) -> Level:
    """The level of an alert: that of what is raised, unless a rule has a severity of its own."""
    return level if rule is None else SEVERITIES.get(rule.rule.severity, level)


def titled(kind: str, items: Sequence[Item], rule: RuleRow | None) -> str:
    """One line that says what happened, and by which rule that people wrote."""
    words = title(kind, items)
    return words if rule is None or not kind.startswith(rules.KIND_PREFIX) else f"{words} ({rule.rule.name})"


def status_of(row: alerts.AlertRow | None, episode: Episode) -> str:
    """The status after an evaluation: what a person decided stays until the alert is over or gets worse."""
    if episode.resolved_us is not None:
        return "resolved"
    if row is None or row.state.status not in ON:
        return "firing"
    return "firing" if got_worse(row, episode) and row.status == "acknowledged" else row.status


def got_worse(row: alerts.AlertRow, episode: Episode) -> bool:
    """True when an alert becomes critical."""
    return episode.level is Level.CRITICAL and row.level is not Level.CRITICAL
