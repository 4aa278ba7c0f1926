"""Alerts and their history."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from modelwatch.alerts.episodes import Episode, Event
from modelwatch.alerts.life import CONDITIONS, ON, Evaluation, State, Status
from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level, worst
from modelwatch.core.measured import Family, Measured
from modelwatch.core.segment import from_key
from modelwatch.core.wire import Role
from modelwatch.errors import NotFound
from modelwatch.store.tables import alert_events, alerts


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Whether the newest window could be judged, since when it is so, and why not; wall time."""

    state: Evaluation = Evaluation.EVALUATED
    since_us: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert. `status` is that of `alerts.life`; times of its life are event times. `by_hand`: a person ended it.

    `channels` are those that a rule names, `changed_us` is the wall time of a change that no message was planned for.
    """

    id: int
    model_id: int
    deployment_id: int
    kind: str
    level: Level
    status: str
    title: str
    items: tuple[Item, ...]
    peak_level: Level
    peak_items: tuple[Item, ...]
    historic: bool
    opened_us: int
    resolved_us: int | None
    checked_us: int
    silenced_until_us: int | None
    by_hand: bool
    after_silence: str
    assigned_to: str
    rule_id: str | None
    channels: tuple[str, ...]
    changed_us: int | None
    evaluation: Evaluated

    @property
    def state(self) -> State:
        """Where it is in its life."""
        return State(Status(self.status), Status(self.after_silence or Status.FIRING), self.by_hand)

    def episode(self) -> Episode:
        """The alert as `alerts.episodes` continues it."""
        level, peak = (
            worst(item.level for item in items) if items else level  # a rule may have made the alert less severe
            for items, level in ((self.items, self.level), (self.peak_items, self.peak_level))
        )
        return Episode(self.opened_us, self.checked_us, level, self.items, peak, self.peak_items)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of an alert's history; `by` is the person, '' for the system."""

    at_us: int
    kind: str
    text: str
    by: str


def items_to_json(items: Sequence[Item]) -> str:
    """Items as stored."""
    return json.dumps(
        [
            {
                "role": item.column.role.value,
                "name": item.column.name,
                "level": item.level.value,
                "value": item.value,
                "chance": item.chance,
                "since_us": item.since_us,
                **({} if item.segment is None else {"segment": item.segment.key}),
                **({} if item.figure is None else {"figure": list(item.figure)}),
                **({} if item.crossed_us is None else {"crossed_us": item.crossed_us}),
                **({} if item.measured is None else {"rule": measured_said(item.measured)}),
                **({"how": item.how} if item.how else {}),
                **({"falls": True} if item.falls else {}),
            }
            for item in items
        ]
    )


def measured_said(measured: Measured) -> list[Any]:
    """What a rule watches, as stored."""
    column = None if measured.column is None else [measured.column.role.value, measured.column.name]
    return [measured.family.value, measured.metric, column, *measured[3:]]


def measured_from(said: Sequence[Any]) -> Measured:
    """The way back from `measured_said`."""
    family, metric, column, *rest = said
    return Measured(Family(family), metric, column and ColumnKey(Role(column[0]), column[1]), *rest)


def items_from_json(text: str) -> tuple[Item, ...]:
    """Items from what was stored."""
    return tuple(
        Item(
            ColumnKey(Role(row["role"]), row["name"]),
            Level(row["level"]),
            row["value"],
            row["chance"],
            row["since_us"],
            from_key(row["segment"]) if "segment" in row else None,
            row.get("crossed_us"),
            row.get("how", ""),
            Figure(Subject(row["figure"][0]), *row["figure"][1:]) if "figure" in row else None,
            measured_from(row["rule"]) if "rule" in row else None,
            row.get("falls", False),
        )
        for row in json.loads(text)
    )


def alert_row(row: Row[Any]) -> AlertRow:
    """A row of `alerts` as a value."""
    return AlertRow(
        row.id,
        row.model_id,
        row.deployment_id,
        row.kind,
        Level(row.level),
        row.status,
        row.title,
        items_from_json(row.items),
        Level(row.peak_level),
        items_from_json(row.peak_items),
        row.historic,
        row.opened_us,
        row.resolved_us,
        row.checked_us,
        row.silenced_until_us,
        row.by_hand,
        row.after_silence,
        row.assigned_to,
        row.rule_id,
        tuple(json.loads(row.channels)),
        row.changed_us,
        Evaluated(Evaluation(row.evaluation), row.evaluation_us, row.evaluation_text),
    )


def get_alert(connection: Connection, alert_id: int) -> AlertRow:
    """The alert with that id; raises `NotFound`."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", hint="GET /api/v1/alerts lists them")
    return alert_row(row)


def list_alerts(
    connection: Connection,
    *,
    model_id: int | None = None,
    deployment_ids: Sequence[int] | None = None,
    kind: str | None = None,
    statuses: Sequence[str] | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[AlertRow]:
    """Alerts, those that go on first, then the newest; `before` is the id of the last one of the page before.

    What is pending is among them only when `statuses` names it.
    """
    query = select(alerts).order_by(alerts.c.resolved_us.is_not(None), alerts.c.opened_us.desc(), alerts.c.id.desc())
    if model_id is not None:
        query = query.where(alerts.c.model_id == model_id)
    if deployment_ids is not None:
        query = query.where(alerts.c.deployment_id.in_(deployment_ids))
    if kind is not None:
        query = query.where(alerts.c.kind == kind)
    if statuses is None:
        query = query.where(alerts.c.status != Status.PENDING)
    else:
        query = query.where(alerts.c.status.in_(statuses))
    if before is not None:
        query = query.where(alerts.c.id < before)
    return [alert_row(row) for row in connection.execute(query.limit(limit))]


def open_counts(connection: Connection) -> dict[int, int]:
    """{deployment: alerts that are not resolved}."""
    query = select(alerts.c.deployment_id, func.count()).where(alerts.c.status.in_(ON)).group_by(alerts.c.deployment_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def alerts_from(connection: Connection, deployment_id: int, kind: str, from_us: int) -> list[AlertRow]:
    """The alerts of one deployment and kind that go on at `from_us` or open later, in order of opening.

    Those that a person resolved are left out: they are over.
    """
    return alerts_of(connection, deployment_id, (kind,), from_us).get(kind, [])


def alerts_of(
    connection: Connection, deployment_id: int, kinds: Collection[str], from_us: int
) -> dict[str, list[AlertRow]]:
    """{kind: what `alerts_from` gives}, of the kinds that have any."""
    query = (
        select(alerts)
        .where(
            alerts.c.deployment_id == deployment_id,
            alerts.c.kind.in_(list(kinds)),
            alerts.c.resolved_us.is_(None) | (alerts.c.resolved_us >= from_us),
            ~alerts.c.by_hand,
            alerts.c.status != Status.PENDING,
        )
        .order_by(alerts.c.opened_us, alerts.c.id)
    )
    found: dict[str, list[AlertRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.kind, []).append(alert_row(row))
    return found


def pending_alert(connection: Connection, deployment_id: int, kind: str) -> AlertRow | None:
    """What is pending of a deployment and kind: one at most."""
    query = select(alerts).where(
        alerts.c.deployment_id == deployment_id, alerts.c.kind == kind, alerts.c.status == Status.PENDING
    )
    row = connection.execute(query.order_by(alerts.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else alert_row(row)


def open_alert(connection: Connection, deployment_id: int, kind: str) -> AlertRow | None:
    """The alert of a deployment and kind that goes on."""
    query = select(alerts).where(
        alerts.c.deployment_id == deployment_id, alerts.c.kind == kind, alerts.c.status.in_(ON)
    )
    row = connection.execute(query.order_by(alerts.c.opened_us.desc()).limit(1)).one_or_none()
    return None if row is None else alert_row(row)


def unfinished(connection: Connection, kind: str) -> list[AlertRow]:
    """Every alert of a kind that goes on, is pending, or was resolved by hand and is not known to be over."""
    wanted = alerts.c.status.in_((*ON, Status.PENDING)) | alerts.c.by_hand
    query = select(alerts).where(alerts.c.kind == kind, wanted).order_by(alerts.c.id)
    return [alert_row(row) for row in connection.execute(query)]


def settled_alert(connection: Connection, deployment_id: int, kind: str) -> AlertRow | None:
    """The newest alert of a deployment and kind, when a person resolved it and it has not been over since."""
    query = select(alerts).where(
        alerts.c.deployment_id == deployment_id, alerts.c.kind == kind, alerts.c.status != Status.PENDING
    )
    row = connection.execute(query.order_by(alerts.c.opened_us.desc(), alerts.c.id.desc()).limit(1)).one_or_none()
    return alert_row(row) if row is not None and row.by_hand else None


def unsettle(connection: Connection, deployment_id: int, kind: str) -> None:
    """Take note that what people resolved by hand is over by itself, too."""
    mine = (alerts.c.deployment_id == deployment_id, alerts.c.kind == kind, alerts.c.by_hand)
    connection.execute(update(alerts).where(*mine).values(by_hand=False))


def evaluate_again(connection: Connection, deployment_id: int, state: Evaluation, now_us: int) -> None:
    """What kept a deployment's alerts from being judged is over."""
    mine = (alerts.c.deployment_id == deployment_id, alerts.c.evaluation == state)
    values = {"evaluation": Evaluation.EVALUATED, "evaluation_us": now_us, "evaluation_text": ""}
    connection.execute(update(alerts).where(*mine).values(**values))


def drop_pending(connection: Connection, alert_id: int) -> None:
    """Forget what was pending and has passed: it was no alert, and leaves nothing."""
    connection.execute(delete(alert_events).where(alert_events.c.alert_id == alert_id))
    connection.execute(delete(alerts).where(alerts.c.id == alert_id, alerts.c.status == Status.PENDING))


def note_evaluation(
    connection: Connection, deployment_id: int, found: Evaluated, kinds: Collection[str] | None = None
) -> None:
    """Say of the deployment's open alerts (of some kinds, or all) whether the newest window could be judged.

    `since_us` stays what it was while the state does.
    """
    c = alerts.c
    since = case((c.evaluation == found.state, func.coalesce(c.evaluation_us, found.since_us)), else_=found.since_us)
    same = (c.evaluation == found.state) & (c.evaluation_text == found.text)
    mine = c.kind.not_in(CONDITIONS) if kinds is None else c.kind.in_(kinds)
    query = update(alerts).where(c.deployment_id == deployment_id, c.status.in_(ON), mine, ~same)
    values = {"evaluation": found.state, "evaluation_us": since, "evaluation_text": found.text}
    connection.execute(query.values(**values))


def insert_alert(connection: Connection, values: dict[str, Any]) -> int:
    """Store a new alert; returns its id."""
    key = connection.execute(insert(alerts).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def update_alert(connection: Connection, alert_id: int, values: dict[str, Any]) -> None:
    """Change columns of an alert."""
    connection.execute(update(alerts).where(alerts.c.id == alert_id).values(**values))


def resolve_alert(connection: Connection, alert_id: int, at_us: int, text: str, wall_us: int) -> None:
    """An alert is over since `at_us`, and whatever kept it quiet with it; the line in its history says why."""
    quiet = {"silenced_until_us": None, "after_silence": ""}
    times = {"resolved_us": at_us, "checked_us": at_us, "changed_us": wall_us}
    update_alert(connection, alert_id, {"status": Status.RESOLVED, **times, **quiet})
    add_events(connection, alert_id, [Event(at_us, "resolved", text)])


def newest_line(connection: Connection, alert_id: int) -> tuple[int, str, str] | None:
    """The (id, kind, facts) of what was written last into an alert's history."""
    query = select(alert_events.c.id, alert_events.c.kind, alert_events.c.facts).where(
        alert_events.c.alert_id == alert_id
    )
    row = connection.execute(query.order_by(alert_events.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else (row.id, row.kind, row.facts)


def write_line(connection: Connection, alert_id: int, event: Event, facts: str, over: int | None) -> None:
    """Add a line that a later one may take up again by its `facts`; `over` is the line that it replaces."""
    if over is not None:
        connection.execute(delete(alert_events).where(alert_events.c.id == over))
    values = {"alert_id": alert_id, "at_us": event.at_us, "kind": event.kind, "text": event.text, "facts": facts}
    connection.execute(insert(alert_events).values(**values))


def add_events(connection: Connection, alert_id: int, events: Sequence[Event], by: str = "") -> None:
    """Add lines to an alert's history."""
    if events:
        rows = [{"alert_id": alert_id, "at_us": e.at_us, "kind": e.kind, "text": e.text, "by": by} for e in events]
        connection.execute(insert(alert_events), rows)


def list_events(connection: Connection, alert_id: int) -> list[EventRow]:
    """An alert's history, the newest line first."""
    query = select(alert_events).where(alert_events.c.alert_id == alert_id)
    rows = connection.execute(query.order_by(alert_events.c.at_us.desc(), alert_events.c.id.desc()))
    return [EventRow(row.at_us, row.kind, row.text, row.by) for row in rows]


def settled_items(connection: Connection, deployment_id: int, kind: str) -> tuple[Item, ...]:
    """What was still raised in the newest alert, when a person resolved that one; else nothing."""
    row = settled_alert(connection, deployment_id, kind)
    return () if row is None else row.items
