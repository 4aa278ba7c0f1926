"""Alerts of a whole project, page by page, with the names of what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from modelwatch.errors import NotFound
from modelwatch.store.alerts import AlertRow, EventRow, alert_row
from modelwatch.store.tables import alert_events, alerts, deployments, models


@dataclass(frozen=True, slots=True)
class NamedAlert:
    """An alert with the model, environment and version that it is about."""

    alert: AlertRow
    model: str
    environment: str
    version: str


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What to list; None does not narrow. `after` is the id of the last alert of the page before."""

    project: str
    model: str | None = None
    environment: str | None = None
    version: str | None = None
    statuses: Sequence[str] | None = None
    levels: Sequence[str] | None = None
    after: int | None = None


def named(project: str) -> Select[Any]:
    """The query that all others narrow."""
    return (
        select(alerts, models.c.name.label("model"), deployments.c.environment, deployments.c.version)
        .join(models, models.c.id == alerts.c.model_id)
        .join(deployments, deployments.c.id == alerts.c.deployment_id)
        .where(models.c.project == project)
    )


def find_alert(connection: Connection, project: str, alert_id: int) -> NamedAlert:
    """One alert of the project; raises `NotFound`."""
    row = connection.execute(named(project).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", hint="GET /api/v1/alerts lists them")
    return NamedAlert(alert_row(row), row.model, row.environment, row.version)


def list_named(connection: Connection, wanted: AlertFilter, limit: int) -> list[NamedAlert]:
    """Alerts that go on first, then the newest."""
    query = named(wanted.project)
    if wanted.model is not None:
        query = query.where(models.c.name == wanted.model)
    if wanted.environment is not None:
        query = query.where(deployments.c.environment == wanted.environment)
    if wanted.version is not None:
        query = query.where(deployments.c.version == wanted.version)
    if wanted.statuses is not None:
        query = query.where(alerts.c.status.in_(wanted.statuses))
    if wanted.levels is not None:
        query = query.where(alerts.c.level.in_(wanted.levels))
    over = alerts.c.resolved_us.is_not(None)
    if wanted.after is not None:
        last = find_alert(connection, wanted.project, wanted.after).alert
        older = or_(
            alerts.c.opened_us < last.opened_us, and_(alerts.c.opened_us == last.opened_us, alerts.c.id < last.id)
        )
        query = query.where(and_(over, older) if last.resolved_us is not None else or_(over, older))
    query = query.order_by(over, alerts.c.opened_us.desc(), alerts.c.id.desc()).limit(limit)
    rows = connection.execute(query)
    return [NamedAlert(alert_row(row), row.model, row.environment, row.version) for row in rows]


def histories(connection: Connection, alert_ids: Sequence[int]) -> dict[int, list[EventRow]]:
    """{alert: its history, the newest line first}."""
    query = (
        select(alert_events)
        .where(alert_events.c.alert_id.in_(alert_ids))
        .order_by(alert_events.c.at_us.desc(), alert_events.c.id.desc())
    )
    found: dict[int, list[EventRow]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.alert_id].append(EventRow(row.at_us, row.kind, row.text, row.by))
    return found


def count_open(connection: Connection, project: str) -> int:
    """Alerts of a project that are not resolved."""
    query = (
        select(func.count())
        .select_from(alerts)
        .join(models, models.c.id == alerts.c.model_id)
        .where(models.c.project == project, alerts.c.status != "resolved")
    )
    return int(connection.execute(query).scalar_one())
