"""What people decide about alerts, written together with who did it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

from sqlalchemy import Connection, Engine, select

from modelwatch.alerts.episodes import Event
from modelwatch.alerts.life import ON, PAST, TOLD, Status, Verb, after, allowed
from modelwatch.core.window import HOUR_US
from modelwatch.errors import Conflict
from modelwatch.store.alerts import AlertRow, add_events, alert_row, get_alert, update_alert
from modelwatch.store.engine import reading, writing
from modelwatch.store.tables import alerts


@dataclass(frozen=True, slots=True)
class Decided:
    """A verb, who says so and what they say; `to` is whom it is assigned to, `until_us` when a silence ends."""

    verb: Verb
    by: str = ""
    comment: str = ""
    to: str = ""
    until_us: int = 0


def decide(connection: Connection, alert_id: int, decided: Decided, now_us: int) -> AlertRow:
    """Change an alert as a person says, and write it into its history; raises `Conflict` where the state forbids it."""
    row = get_alert(connection, alert_id)
    if not allowed(row.state, decided.verb):
        raise refusal(row, decided.verb)
    if decided.verb is Verb.REOPEN:
        check_reopening(connection, row)
    state = after(row.state, decided.verb)
    values: dict[str, Any] = {"status": state.status, "by_hand": state.by_hand}
    values["after_silence"] = state.after_silence if state.status is Status.SILENCED else ""
    if state.status is not row.state.status:
        values["silenced_until_us"] = None
    if decided.verb in TOLD:
        values["changed_us"] = now_us
    match decided.verb:
        case Verb.SILENCE:
            values["silenced_until_us"] = decided.until_us
        case Verb.RESOLVE:
            values["resolved_us"] = row.checked_us
        case Verb.REOPEN:
            values["resolved_us"] = None
        case Verb.ASSIGN:
            values["assigned_to"] = decided.to
        case Verb.ACKNOWLEDGE | Verb.UNACKNOWLEDGE | Verb.UNSILENCE | Verb.COMMENT:
            pass
        case never:
            assert_never(never)
    update_alert(connection, alert_id, values)
    add_events(connection, alert_id, [Event(now_us, PAST[decided.verb], in_words(decided, now_us))], decided.by)
    return get_alert(connection, alert_id)


def in_words(decided: Decided, now_us: int) -> str:
    """The line in the history."""
    said = f"“{decided.comment}”" if decided.comment else ""
    match decided.verb:
        case Verb.COMMENT:
            return decided.comment
        case Verb.SILENCE:
            text = f"Silenced for {(decided.until_us - now_us) / HOUR_US:.3g} h"
        case Verb.RESOLVE:
            text = "Resolved by hand"
        case Verb.ASSIGN:
            text = f"Assigned to {decided.to}" if decided.to else "Assigned to nobody"
        case Verb.ACKNOWLEDGE | Verb.UNACKNOWLEDGE | Verb.UNSILENCE | Verb.REOPEN:
            text = PAST[decided.verb].capitalize()
        case never:
            assert_never(never)
    return f"{text}: {said}" if said else text


def refusal(row: AlertRow, verb: Verb) -> Conflict:
    """Why a verb is not possible now."""
    match row.state.status:
        case Status.PENDING:
            why, hint = "is pending", "it is no alert yet: it passes or fires by itself"
        case Status.RESOLVED if verb is Verb.REOPEN:
            why, hint = "was resolved by its windows", "it opens again when they say so"
        case Status.RESOLVED:
            why, hint = "is resolved already", "nothing is left to do about it"
        case status:
            why, hint = f"is {status}", f"{verb} does not fit that"
    return Conflict(f"alert {row.id} {why}", hint=hint)


def check_reopening(connection: Connection, row: AlertRow) -> None:
    """Raises `Conflict` when a newer alert of the same deployment and kind has taken this one's place."""
    query = select(alerts).where(
        alerts.c.deployment_id == row.deployment_id,
        alerts.c.kind == row.kind,
        alerts.c.rule_id.is_not_distinct_from(row.rule_id),
        alerts.c.id != row.id,
        alerts.c.status.in_(ON) | (alerts.c.opened_us > row.opened_us),
        alerts.c.status != Status.PENDING,
    )
    other = connection.execute(query.order_by(alerts.c.opened_us.desc()).limit(1)).one_or_none()
    if other is not None:
        newer = alert_row(other)
        raise Conflict(f"alert {newer.id} has followed alert {row.id}", hint=f"see alert {newer.id}")


def end_silences(engine: Engine, now_us: int) -> int:
    """Let the alerts whose silence has ended be again what they were before it; returns how many."""
    over = (alerts.c.status == Status.SILENCED, alerts.c.silenced_until_us <= now_us)
    with reading(engine) as connection:
        found = list(connection.execute(select(alerts.c.id).where(*over)).scalars())
    for alert_id in found:
        with writing(engine) as connection:
            row = get_alert(connection, alert_id)
            if row.state.status is Status.SILENCED and (row.silenced_until_us or 0) <= now_us:
                status = after(row.state, Verb.UNSILENCE).status
                values = {"status": status, "after_silence": "", "silenced_until_us": None, "changed_us": now_us}
                update_alert(connection, alert_id, values)
                add_events(connection, alert_id, [Event(now_us, "unsilenced", "The silence has ended")])
    return len(found)
