"""What the fields about alerts do: list and count them, find one, write what a person decides."""

from __future__ import annotations

from typing import Annotated

import strawberry

from modelwatch.alerts.life import Verb
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.server.graph.alert_types import AlertCount, AlertsWanted
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import AlertStatus, AlertVerb
from modelwatch.server.permission import require
from modelwatch.server.queries.alerts import Alert, read_alert, read_alerts
from modelwatch.server.queries.decide import DecidedAlerts, Decision, decide, decide_many, signed
from modelwatch.server.queries.model import ModelDetail
from modelwatch.store.alert_list import AlertFilter, count_statuses

MAX_ALERTS = 500
LARGEST_ID = 2**63 - 1
AlertId = Annotated[strawberry.ID, strawberry.argument(name="id")]
Wanted = Annotated[AlertsWanted | None, strawberry.argument(description="what narrows the list")]


def alerts(
    info: Info,
    model_id: str | None = None,
    environment: str | None = None,
    where: Wanted = None,
    after: strawberry.ID | None = None,
    limit: int = 100,
) -> list[Alert]:
    """Alerts, those that go on first; `after` is the id of the last one of the page before."""
    wanted = filter_of(where, model_id, environment, None if after is None else alert_number(after))
    return read_alerts(info.context.connection, wanted, within(limit))


def alert_counts(
    info: Info, model_id: str | None = None, environment: str | None = None, where: Wanted = None
) -> list[AlertCount]:
    """How many there are of each status; a status in `where` does not narrow."""
    found = count_statuses(info.context.connection, filter_of(where, model_id, environment))
    return [AlertCount(status=AlertStatus(status.value), count=count) for status, count in found.items()]


def filter_of(
    where: AlertsWanted | None, model_id: str | None, environment: str | None, after: int | None = None
) -> AlertFilter:
    """What is wanted, as the query takes it."""
    if where is None:
        return AlertFilter(DEFAULT_PROJECT, model_id, environment, after=after)
    return AlertFilter(
        DEFAULT_PROJECT,
        model_id,
        environment,
        where.version,
        where.status,
        where.level,
        where.kind,
        where.assigned_to,
        None if where.group is None else alert_number(where.group),
        where.text,
        after,
    )


def alert(info: Info, alert_id: AlertId) -> Alert | None:
    """One alert, or null."""
    try:
        return read_alert(info.context.connection, alert_number(alert_id))
    except NotFound:
        return None


def model_alerts(root: strawberry.Parent[ModelDetail], info: Info, limit: int = 50) -> list[Alert]:
    """The alerts of the model in this environment, all versions."""
    wanted = AlertFilter(DEFAULT_PROJECT, model=root.id, environment=root.environment)
    return read_alerts(info.context.connection, wanted, within(limit))


def within(limit: int) -> int:
    """A limit that makes sense."""
    if not 0 < limit <= MAX_ALERTS:
        raise InvalidRequest(f"a limit of {limit}", hint=f"1 to {MAX_ALERTS}")
    return limit


def alert_number(text: str) -> int:
    """An alert's id as a number; raises `NotFound` for what can be none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19 or int(text) > LARGEST_ID:
        raise NotFound(f"there is no alert {text[:40]!r}", hint="alert ids are numbers")
    return int(text)


def acknowledge_alert(info: Info, alert_id: AlertId, by: str = "", comment: str = "") -> Alert:
    """A person has seen it."""
    return decided(info, alert_id, Decision(Verb.ACKNOWLEDGE, by, comment))


def unacknowledge_alert(info: Info, alert_id: AlertId, by: str = "", comment: str = "") -> Alert:
    """It fires again, and is repeated."""
    return decided(info, alert_id, Decision(Verb.UNACKNOWLEDGE, by, comment))


def silence_alert(info: Info, alert_id: AlertId, hours: float, by: str = "", comment: str = "") -> Alert:
    """Nothing is sent about it for some hours."""
    return decided(info, alert_id, Decision(Verb.SILENCE, by, comment, hours))


def unsilence_alert(info: Info, alert_id: AlertId, by: str = "", comment: str = "") -> Alert:
    """It is again what it was before the silence."""
    return decided(info, alert_id, Decision(Verb.UNSILENCE, by, comment))


def resolve_alert(info: Info, alert_id: AlertId, by: str = "", comment: str = "") -> Alert:
    """A person says that it is over."""
    return decided(info, alert_id, Decision(Verb.RESOLVE, by, comment))


def reopen_alert(info: Info, alert_id: AlertId, by: str = "", comment: str = "") -> Alert:
    """Takes back that a person resolved it."""
    return decided(info, alert_id, Decision(Verb.REOPEN, by, comment))


def assign_alert(info: Info, alert_id: AlertId, to: str, by: str = "", comment: str = "") -> Alert:
    """Whose it is; '' is nobody's."""
    return decided(info, alert_id, Decision(Verb.ASSIGN, by, comment, to=to))


def comment_on_alert(info: Info, alert_id: AlertId, comment: str, by: str = "") -> Alert:
    """A line in its history."""
    return decided(info, alert_id, Decision(Verb.COMMENT, by, comment))


def decide_alerts(
    info: Info,
    ids: list[strawberry.ID],
    verb: AlertVerb,
    by: str = "",
    comment: str = "",
    hours: float = 0.0,
    to: str = "",
) -> DecidedAlerts:
    """One decision about many alerts; those that it does not fit are told apart."""
    context = info.context
    require(context.permissions, "write")
    decision = signed(Decision(Verb(verb.value), by, comment, hours, to), context.who)
    return decide_many(context.services.engine, [alert_number(each) for each in ids], decision, context.wall_us)


def decided(info: Info, alert_id: str, decision: Decision) -> Alert:
    """Writes a decision; needs the permission to write."""
    context = info.context
    require(context.permissions, "write")
    return decide(context.services.engine, alert_number(alert_id), signed(decision, context.who), context.wall_us)
