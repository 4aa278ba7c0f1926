"""Actions as people set them, and why each has not acted yet on alerts that it is for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from modelwatch.alerts.remediation.action import Action
from modelwatch.alerts.remediation.reading import action_from
from modelwatch.errors import NotFound
from modelwatch.store.channels import opens
from modelwatch.store.notify_tables import action_reasons, actions
from modelwatch.store.tables import alerts, models
from modelwatch.store.upsert import upsert
from modelwatch.store.vault import Vault


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action with its secrets as they are stored: sealed."""

    id: int
    project: str
    action: Action
    enabled: bool
    sealed: bytes
    created_us: int
    updated_us: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why an action is not due for an alert that goes on."""

    action: str
    alert_id: int
    model: str
    text: str
    at_us: int


def action_row(row: Row[Any]) -> ActionRow:
    """A row of `actions` as a value."""
    action = action_from(json.loads(row.body))
    return ActionRow(row.id, row.project, action, row.enabled, row.secrets, row.created_us, row.updated_us)


def list_actions(connection: Connection, project: str | None = None) -> list[ActionRow]:
    """The actions of a project, or of all, by name."""
    query = select(actions).order_by(actions.c.project, actions.c.name)
    if project is not None:
        query = query.where(actions.c.project == project)
    return [action_row(row) for row in connection.execute(query)]


def seek_action(connection: Connection, project: str, name: str) -> ActionRow | None:
    """The action of that name, or None."""
    query = select(actions).where(actions.c.project == project, actions.c.name == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else action_row(row)


def find_action(connection: Connection, project: str, name: str) -> ActionRow:
    """The action of that name; raises `NotFound`."""
    found = seek_action(connection, project, name)
    if found is None:
        raise NotFound(f"there is no action {name[:100]!r}", hint="GET /api/v1/actions lists them")
    return found


def save_action(
    connection: Connection, project: str, action: Action, sealed: bytes, enabled: bool, now_us: int
) -> None:
    """Write an action, over the one of its name when there is one."""
    values = {
        "project": project,
        "name": action.name,
        "body": json.dumps(action.to_json()),
        "secrets": sealed,
        "enabled": enabled,
        "created_us": now_us,
        "updated_us": now_us,
    }
    upsert(connection, actions, [values], ["project", "name"], keep=["created_us"])


def delete_action(connection: Connection, project: str, name: str) -> None:
    """Forget an action and its reasons; what it did stays on record."""
    connection.execute(delete(actions).where(actions.c.project == project, actions.c.name == name))
    drop_reasons(connection, project, name)


def reseal_actions(connection: Connection, vault: Vault) -> int:
    """Seal with the first key what an older one sealed; returns how many actions were."""
    changed = 0
    for row in connection.execute(select(actions.c.id, actions.c.secrets)).all():
        if opens(vault, row.secrets) and vault.outdated(row.secrets):
            anew = vault.seal(vault.unseal(row.secrets))
            connection.execute(update(actions).where(actions.c.id == row.id).values(secrets=anew))
            changed += 1
    return changed


def list_reasons(connection: Connection, project: str) -> list[ReasonRow]:
    """The reasons of a project's actions, the newest first."""
    r = action_reasons.c
    query = (
        select(r.action, r.alert_id, models.c.name, r.text, r.at_us)
        .join(alerts, alerts.c.id == r.alert_id)
        .join(models, models.c.id == alerts.c.model_id)
        .where(r.project == project)
        .order_by(r.at_us.desc(), r.alert_id.desc(), r.action)
    )
    return [ReasonRow(*row) for row in connection.execute(query)]


def save_reasons(connection: Connection, project: str, action: str, reasons: Mapping[int, str], now_us: int) -> None:
    """Write {alert: why the action is not due}."""
    rows = [
        {"project": project, "action": action, "alert_id": alert_id, "text": text, "at_us": now_us}
        for alert_id, text in reasons.items()
    ]
    upsert(connection, action_reasons, rows, ["project", "action", "alert_id"])


def drop_reasons(connection: Connection, project: str, action: str, alert_ids: Sequence[int] | None = None) -> None:
    """Forget the reasons of an action, for some alerts or for all."""
    r = action_reasons.c
    query = delete(action_reasons).where(r.project == project, r.action == action)
    for some in [None] if alert_ids is None else [alert_ids[i : i + 500] for i in range(0, len(alert_ids), 500)]:
        connection.execute(query if some is None else query.where(r.alert_id.in_(some)))
