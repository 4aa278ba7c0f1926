"""Alerts with the names of their models, their columns and their history."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.alerts.episodes import figures_title, name
from modelwatch.alerts.life import PAST, Evaluation, Status, Verb, verbs
from modelwatch.alerts.persistence import Item
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.group import group_of
from modelwatch.core.level import Level
from modelwatch.core.measured import Measured
from modelwatch.core.wire import DEFAULT_PROJECT, Role
from modelwatch.monitors.drift import SIZES, size_metric
from modelwatch.monitors.performance import METRICS
from modelwatch.store import alert_list
from modelwatch.store.alert_list import AlertFilter, NamedAlert
from modelwatch.store.alerts import EventRow


@dataclass(frozen=True, slots=True)
class AlertFigure:
    """A figure of the outcomes that an alert is about: a metric of `subject` (performance, estimated_performance,
    fairness, target_drift, ...), of a group of people held `against` another, or of a class."""

    subject: str
    metric: str
    title: str
    group: str | None
    group_key: str | None
    against: str | None
    class_label: str | None


@dataclass(frozen=True, slots=True)
class AlertItem:
    """One column inside an alert, with a sentence for it; with a segment, the column that moved most in it. With a
    `figure` it is about that; its value is then by how much the figure is worse."""

    column: str
    role: Role
    metric: str
    level: Level
    value: float
    chance: float | None
    since: int
    text: str
    segment: str | None
    figure: AlertFigure | None = None


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One line of an alert's history; `by` is '' for the system itself."""

    at: int
    kind: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class AlertEvaluation:
    """Whether the newest window under an alert could be judged, since when it is so (wall time), and why not."""

    state: Evaluation
    since: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; times are event times. `historic` alerts came from replayed data and woke nobody.

    `system` alerts are modelwatch's about itself. `verbs` is what a person may do with it now. `acknowledged_by` is ''
    while nobody has acknowledged it, or where nobody said who.
    """

    id: int
    number: int
    model_id: str
    environment: str
    version: str
    kind: str
    level: Level
    status: str
    title: str
    historic: bool
    opened_at: int
    resolved_at: int | None
    checked_at: int
    items: list[AlertItem]
    events: list[AlertEvent]
    silenced_until: int | None
    assigned_to: str
    acknowledged_by: str
    evaluation: AlertEvaluation
    rule_id: str | None
    channels: list[str]
    system: bool
    verbs: list[Verb]


def read_alerts(connection: Connection, wanted: AlertFilter, limit: int = 100) -> list[Alert]:
    """Alerts, those that go on first, then the newest."""
    rows = alert_list.list_named(connection, wanted, limit)
    events = alert_list.histories(connection, [row.alert.id for row in rows])
    return [whole(row, events.get(row.alert.id, [])) for row in rows]


def read_alert(connection: Connection, alert_id: int, project: str = DEFAULT_PROJECT) -> Alert:
    """One alert; raises `NotFound`."""
    row = alert_list.find_alert(connection, project, alert_id)
    return whole(row, alert_list.histories(connection, [alert_id]).get(alert_id, []))


def whole(row: NamedAlert, events: Sequence[EventRow]) -> Alert:
    """The alert with everything that a page shows of it."""
    alert = row.alert
    return Alert(
        id=alert.id,
        number=alert.id,
        model_id=row.model,
        environment=row.environment,
        version=row.version,
        kind=alert.kind,
        level=alert.level,
        status=alert.status,
        title=alert.title,
        historic=alert.historic,
        opened_at=alert.opened_us,
        resolved_at=alert.resolved_us,
        checked_at=alert.checked_us,
        items=[shown(item) for item in alert.items or alert.peak_items],
        events=[AlertEvent(event.at_us, event.kind, event.text, event.by) for event in events],
        silenced_until=alert.silenced_until_us,
        assigned_to=alert.assigned_to,
        acknowledged_by=acknowledged_by(alert.status, events),
        evaluation=AlertEvaluation(alert.evaluation.state, alert.evaluation.since_us, alert.evaluation.text),
        rule_id=alert.rule_id,
        channels=list(alert.channels),
        system=row.own,
        verbs=list(verbs(alert.state)),
    )


def acknowledged_by(status: str, events: Sequence[EventRow]) -> str:
    """Who has said last that they look after it; `events` come the newest first."""
    if status != Status.ACKNOWLEDGED:
        return ""
    return next((event.by for event in events if event.kind == PAST[Verb.ACKNOWLEDGE]), "")


def shown(item: Item) -> AlertItem:
    """A column, segment or figure of an alert with its sentence."""
    if item.measured is not None:
        return shown_measured(item, item.measured)
    if item.figure is not None:
        return shown_figure(item, item.figure)
    where = "" if item.segment is None else f"{item.segment.label}, "
    metric = size_metric(item.column.role)
    chance = f"; chance alone gives at most {item.chance:.2g}" if item.chance is not None else ""
    return AlertItem(
        column=item.column.name or item.column.role.value,
        role=item.column.role,
        metric=metric,
        level=item.level,
        value=item.value if math.isfinite(item.value) else 0.0,
        chance=item.chance if item.chance is not None and math.isfinite(item.chance) else None,
        since=item.since_us,
        text=f"{where}{name(item.column)}: {SIZES[metric]} {item.value:.2f}{chance}",
        segment=None if item.segment is None else item.segment.label,
    )


def shown_measured(item: Item, of: Measured) -> AlertItem:
    """What a rule raised, in the rule's words."""
    return AlertItem(
        column=item.column.name or item.column.role.value,
        role=item.column.role,
        metric=of.metric,
        level=item.level,
        value=item.value if math.isfinite(item.value) else 0.0,
        chance=None,
        since=item.since_us,
        text=item.how,
        segment=None if item.segment is None else item.segment.label,
    )


def shown_figure(item: Item, of: Figure) -> AlertItem:
    """A figure of an alert with its sentence."""
    return AlertItem(
        column=item.column.name or item.column.role.value,
        role=item.column.role,
        metric=of.metric,
        level=item.level,
        value=item.value if math.isfinite(item.value) else 0.0,
        chance=None,
        since=item.since_us,
        text=figures_title(of, item.value, 1),
        segment=None,
        figure=alert_figure(of),
    )


def alert_figure(of: Figure) -> AlertFigure:
    """What a figure is of, in words."""
    fair = of.subject is Subject.FAIRNESS
    title = METRICS[of.metric].title if of.metric in METRICS else of.metric.replace("_", " ").capitalize()
    return AlertFigure(
        of.subject.value,
        of.metric,
        title,
        group_of(of.cut).label if of.cut else None,
        of.cut or None,
        group_of(of.label).label if fair and of.label else None,
        None if fair else of.label or None,
    )
