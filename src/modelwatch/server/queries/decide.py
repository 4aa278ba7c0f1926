"""What people decide about one alert or many: checked, written, and answered with the alert as it is then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import Verb
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import Conflict, InvalidRequest, NotFound
from modelwatch.server.queries.alerts import Alert, read_alert
from modelwatch.store import alert_list, decisions
from modelwatch.store.engine import writing

MAX_HOURS = 24.0 * 366
MAX_TEXT = 2_000
MAX_NAME = 200
MAX_IDS = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """A verb, who says so, and what they say. `hours` is how long a silence lasts, `to` whom an alert is assigned to.

    Raises `InvalidRequest`.
    """

    verb: Verb
    by: str = ""
    comment: str = ""
    hours: float = 0.0
    to: str = ""

    def __post_init__(self) -> None:
        if self.verb is Verb.SILENCE and not 0 < self.hours <= MAX_HOURS:
            raise InvalidRequest(f"a silence of {self.hours} hours", hint="between 0 and 8,784 hours, a year")
        if self.verb is Verb.COMMENT and not self.comment.strip():
            raise InvalidRequest("a comment without words", hint="say it in `comment`")
        if not readable(self.comment, MAX_TEXT, "\n\t") or not all(
            readable(name, MAX_NAME) for name in (self.by, self.to)
        ):
            raise InvalidRequest("a name or comment is too long or holds control characters")


def readable(text: str, limit: int, blanks: str = "") -> bool:
    """True for a text of that length without control characters."""
    return len(text) <= limit and not any((each < " " or each == "\x7f") and each not in blanks for each in text)


@dataclass(frozen=True, slots=True)
class RefusedAlert:
    """An alert that was left as it is, and why."""

    id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DecidedAlerts:
    """The alerts that were changed, as they are now, and those that were not."""

    alerts: list[Alert]
    refused: list[RefusedAlert]


def signed(decision: Decision, who: str) -> Decision:
    """The decision with a name: its own, else that of the request."""
    return decision if decision.by else replace(decision, by=who)


def decide(engine: Engine, alert_id: int, decision: Decision, wall_us: int, project: str = DEFAULT_PROJECT) -> Alert:
    """Writes what a person decided about an alert; raises `NotFound` or `Conflict`."""
    with writing(engine) as connection:
        return decide_one(connection, alert_id, decision, wall_us, project)


def decide_one(connection: Connection, alert_id: int, decision: Decision, wall_us: int, project: str) -> Alert:
    """The same inside a transaction."""
    alert_list.find_alert(connection, project, alert_id)
    until = wall_us + int(decision.hours * HOUR_US)
    said = decisions.Decided(decision.verb, decision.by, decision.comment, decision.to, until)
    decisions.decide(connection, alert_id, said, wall_us)
    return read_alert(connection, alert_id, project)


def decide_many(
    engine: Engine, ids: Sequence[int], decision: Decision, wall_us: int, project: str = DEFAULT_PROJECT
) -> DecidedAlerts:
    """Writes one decision about many alerts in one transaction; those that it does not fit are told apart."""
    if not 0 < len(ids) <= MAX_IDS:
        raise InvalidRequest(f"{len(ids)} alerts at once", hint=f"1 to {MAX_IDS}")
    changed: list[Alert] = []
    refused: list[RefusedAlert] = []
    with writing(engine) as connection:
        for alert_id in dict.fromkeys(ids):
            try:
                changed.append(decide_one(connection, alert_id, decision, wall_us, project))
            except (NotFound, Conflict) as error:
                refused.append(RefusedAlert(alert_id, error.message))
    return DecidedAlerts(changed, refused)
