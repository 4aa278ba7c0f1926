"""Alerts of a whole project, page by page, with the names of what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from modelwatch.alerts.life import ON, Status
from modelwatch.core.wire import DEFAULT_PROJECT, SYSTEM_PROJECT
from modelwatch.errors import NotFound
from modelwatch.store.alerts import AlertRow, EventRow, alert_row
from modelwatch.store.notify_tables import group_alerts
from modelwatch.store.tables import alert_events, alerts, deployments, models


@dataclass(frozen=True, slots=True)
class NamedAlert:
    """An alert with the model, environment and version that it is about; `own` is modelwatch's about itself."""

    alert: AlertRow
    model: str
    environment: str
    version: str
    own: bool


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What to list; None does not narrow, but what is pending shows only when `statuses` names it.

    `assigned_to` may be '' for nobody; `group` is the id of a group of alerts that were told together; `text` is part
    of the title or of a name, in any case; `after` is the id of the last alert of the page before.
    """

    project: str
    model: str | None = None
    environment: str | None = None
    version: str | None = None
    statuses: Sequence[str] | None = None
    levels: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    assigned_to: str | None = None
    group: int | None = None
    text: str | None = None
    after: int | None = None


def shown_in(project: str) -> tuple[str, ...]:
    """The projects whose alerts a project's inbox holds: what modelwatch tells of itself is in the default one's."""
    return (project, SYSTEM_PROJECT) if project == DEFAULT_PROJECT else (project,)


def named(project: str) -> Select[Any]:
    """The query that all others narrow."""
    return (
        select(alerts, models.c.project, models.c.name.label("model"), deployments.c.environment, deployments.c.version)
        .join(models, models.c.id == alerts.c.model_id)
        .join(deployments, deployments.c.id == alerts.c.deployment_id)
        .where(models.c.project.in_(shown_in(project)))
    )


def named_alert(row: Row[Any]) -> NamedAlert:
    """A row of that query as a value."""
    return NamedAlert(alert_row(row), row.model, row.environment, row.version, row.project == SYSTEM_PROJECT)


def find_alert(connection: Connection, project: str, alert_id: int) -> NamedAlert:
    """One alert of the project; raises `NotFound`."""
    row = connection.execute(named(project).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", hint="GET /api/v1/alerts lists them")
    return named_alert(row)


def named_alerts(connection: Connection, alert_ids: Sequence[int]) -> list[NamedAlert]:
    """Alerts of any project by their ids."""
    query = (
        select(alerts, models.c.project, models.c.name.label("model"), deployments.c.environment, deployments.c.version)
        .join(models, models.c.id == alerts.c.model_id)
        .join(deployments, deployments.c.id == alerts.c.deployment_id)
    )
    chunks = [alert_ids[i : i + 500] for i in range(0, len(alert_ids), 500)]
    return [named_alert(row) for ids in chunks for row in connection.execute(query.where(alerts.c.id.in_(ids)))]


def narrowed(wanted: AlertFilter) -> Select[Any]:
    """The alerts that are wanted, of every status."""
    query = named(wanted.project)
    for column, value in (
        (models.c.name, wanted.model),
        (deployments.c.environment, wanted.environment),
        (deployments.c.version, wanted.version),
        (alerts.c.assigned_to, wanted.assigned_to),
    ):
        if value is not None:
            query = query.where(column == value)
    for column, values in ((alerts.c.level, wanted.levels), (alerts.c.kind, wanted.kinds)):
        if values is not None:
            query = query.where(column.in_(values))
    if wanted.group is not None:
        members = select(group_alerts.c.alert_id).where(group_alerts.c.group_id == wanted.group)
        query = query.where(alerts.c.id.in_(members))
    if wanted.text:
        places = (alerts.c.title, models.c.name, alerts.c.kind, alerts.c.assigned_to)
        query = query.where(or_(*(place.icontains(wanted.text, autoescape=True) for place in places)))
    return query


def list_named(connection: Connection, wanted: AlertFilter, limit: int) -> list[NamedAlert]:
    """Alerts that go on first, then the newest."""
    query = narrowed(wanted)
    if wanted.statuses is None:
        query = query.where(alerts.c.status != Status.PENDING)
    else:
        query = query.where(alerts.c.status.in_(wanted.statuses))
    over = alerts.c.resolved_us.is_not(None)
    if wanted.after is not None:
        last = find_alert(connection, wanted.project, wanted.after).alert
        older = or_(
            alerts.c.opened_us < last.opened_us, and_(alerts.c.opened_us == last.opened_us, alerts.c.id < last.id)
        )
        query = query.where(and_(over, older) if last.resolved_us is not None else or_(over, older))
    query = query.order_by(over, alerts.c.opened_us.desc(), alerts.c.id.desc()).limit(limit)
    return [named_alert(row) for row in connection.execute(query)]


def count_statuses(connection: Connection, wanted: AlertFilter) -> dict[Status, int]:
    """{status: the alerts that are wanted}, whichever statuses and page were asked for."""
    found = narrowed(wanted).subquery()
    query = select(found.c.status, func.count()).group_by(found.c.status)
    counts = {Status(row[0]): row[1] for row in connection.execute(query)}
    return {status: counts.get(status, 0) for status in Status}


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
    """Alerts of a project that go on."""
    query = (
        select(func.count())
        .select_from(alerts)
        .join(models, models.c.id == alerts.c.model_id)
        .where(models.c.project.in_(shown_in(project)), alerts.c.status.in_(ON))
    )
    return int(connection.execute(query).scalar_one())
