"""Alerts about what holds or does not, by the clock: a silent model, failing checks, modelwatch itself.

They have one column less than others: no windows stand behind them, so what makes them last is told by who looks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from modelwatch.alerts.episodes import Event, worse
from modelwatch.alerts.life import ON, Status
from modelwatch.core.level import SEVERITIES, Level
from modelwatch.store import alerts, rules
from modelwatch.store.alerts import AlertRow
from modelwatch.store.models import get_model


@dataclass(frozen=True, slots=True)
class Condition:
    """What holds. `title` stays while it lasts at that level, `text` says more; unconfirmed, it is pending."""

    kind: str
    level: Level
    title: str
    text: str
    confirmed: bool = True


def hold(connection: Connection, model_id: int, deployment_id: int, found: Condition, wall_us: int) -> None:
    """Open the alert, or bring it in line. What a person resolved stays so until it was over once or gets worse; what
    people changed about the rule that exists anyway holds."""
    model = get_model(connection, model_id)
    rule = rules.override_for(connection, model.project, model.name, found.kind)
    if rule is not None:
        if not rule.rule.enabled:
            return
        found = replace(found, level=SEVERITIES.get(rule.rule.severity, found.level))
    open_now = alerts.open_alert(connection, deployment_id, found.kind)
    if open_now is not None:
        keep(connection, open_now, found, wall_us)
        return
    settled = alerts.settled_alert(connection, deployment_id, found.kind)
    if settled is not None and not worse(found.level, settled.level):
        return
    waited = alerts.pending_alert(connection, deployment_id, found.kind)
    values: dict[str, object] = {
        "level": found.level.value,
        "title": found.title,
        "peak_level": found.level.value,
        "checked_us": wall_us,
        "rule_id": None if rule is None else rule.id,
        "channels": json.dumps([] if rule is None else rule.rule.channels),
    }
    if waited is not None and not found.confirmed:
        alerts.update_alert(connection, waited.id, values)
        return
    status = Status.FIRING if found.confirmed else Status.PENDING
    values |= {"status": status, "opened_us": wall_us, "changed_us": wall_us if found.confirmed else None}
    if waited is None:
        fixed = {"model_id": model_id, "deployment_id": deployment_id, "kind": found.kind, "by_hand": False}
        alert_id = alerts.insert_alert(
            connection, {**values, **fixed, "items": "[]", "peak_items": "[]", "historic": False, "resolved_us": None}
        )
    else:
        alert_id = waited.id
        alerts.update_alert(connection, alert_id, values)
    word = "Firing" if found.confirmed else "Pending"
    line = Event(wall_us, status.value, f"{word}: {found.level.value}; {found.text}")
    alerts.add_events(connection, alert_id, [line])


def keep(connection: Connection, row: AlertRow, found: Condition, wall_us: int) -> None:
    """The alert goes on; its level follows, and getting worse takes back that somebody has seen it."""
    values: dict[str, object] = {"checked_us": wall_us}
    if row.level is not found.level:
        values |= {"level": found.level.value, "title": found.title, "changed_us": wall_us}
        said = f"{row.level.value.capitalize()} before, now {found.level.value}; {found.text}"
        alerts.add_events(connection, row.id, [Event(wall_us, "level", said)])
        if worse(found.level, row.level):
            values |= {"peak_level": found.level.value} if worse(found.level, row.peak_level) else {}
            values |= {"status": Status.FIRING} if row.state.status is Status.ACKNOWLEDGED else {}
    alerts.update_alert(connection, row.id, values)


def clear(connection: Connection, deployment_id: int, kind: str, text: str, wall_us: int) -> bool:
    """What held is over, and so is its alert; True when there was one."""
    waited = alerts.pending_alert(connection, deployment_id, kind)
    if waited is not None:
        alerts.drop_pending(connection, waited.id)
    alerts.unsettle(connection, deployment_id, kind)
    row = alerts.open_alert(connection, deployment_id, kind)
    if row is None or row.state.status not in ON:
        return False
    alerts.resolve_alert(connection, row.id, wall_us, text, wall_us)
    return True
