"""What channels were and will be told: groups of alerts, and the next digest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.alerts.notification import Line, Notification
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.server.queries.alerts import Alert, read_alerts
from modelwatch.store import groups
from modelwatch.store.alert_list import AlertFilter

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts that a channel was told together. `state` is open, closed or digest; `next_at` is when it is looked at
    again, `count` how many alerts it holds, of which `alerts` are the first."""

    id: int
    channel: str
    state: str
    scope: str
    opened_at: int
    told_at: int | None
    next_at: int | None
    messages: int
    count: int
    alerts: list[Alert]


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One alert of a digest; `news` is opened, resolved, or '' for what goes on."""

    alert_id: int
    model: str
    version: str
    environment: str
    kind: str
    level: Level
    status: str
    title: str
    since: int
    news: str
    facts: list[str]


@dataclass(frozen=True, slots=True)
class DigestPreview:
    """What the next digest of a channel would say now; one that is `empty` is not sent."""

    channel: str
    empty: bool
    title: str
    lines: list[DigestLine]
    more: int
    notes: list[str]


def read_group(connection: Connection, group_id: int, project: str = DEFAULT_PROJECT) -> AlertGroup:
    """One group with its alerts, those that go on first; raises `NotFound`."""
    found = groups.find_group(connection, project, group_id)
    wanted = AlertFilter(project, group=group_id)
    return AlertGroup(
        found.id,
        found.channel,
        found.state,
        found.scope,
        found.opened_us,
        found.sent_us,
        found.next_us,
        found.sends,
        found.alerts,
        read_alerts(connection, wanted, MOST_SHOWN),
    )


def shown_digest(channel: str, told: Notification | None) -> DigestPreview:
    """A digest as people see it."""
    if told is None:
        return DigestPreview(channel, True, "", [], 0, [])
    return DigestPreview(channel, False, told.title, [shown(each) for each in told.lines], told.more, list(told.notes))


def shown(line: Line) -> DigestLine:
    """One line of it."""
    return DigestLine(
        line.alert_id,
        line.model,
        line.version,
        line.environment,
        line.kind,
        line.level,
        line.status,
        line.title,
        int(line.since * 1e6),
        line.news,
        list(line.facts),
    )
