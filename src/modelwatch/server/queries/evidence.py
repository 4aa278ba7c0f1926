"""The running evidence of a critical model: what its sequential test has seen, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from modelwatch.core import reference
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import ORDER, Level
from modelwatch.core.wire import Role
from modelwatch.monitors.sequential import State, from_bytes, odds
from modelwatch.profiles import Binning
from modelwatch.server.queries.subject import Subject
from modelwatch.store import references, sequential

OFF = "The model is not critical: only whole windows are looked at"
WAITING = "The test begins with the next rows"
NO_REFERENCE = "The test begins when a reference stands"
MOVING = "Windows are compared with the model's own past: rows have no one distribution to be tested against"


@dataclass(frozen=True, slots=True)
class ColumnEvidence:
    """The epoch and cause of one column that come nearest to an alarm; logarithms are natural.

    `margin` is how much is lacking, 0 and above when the change is certain.
    """

    column: str
    role: Role
    level: Level
    evidence: str
    asked: str
    margin: float
    rows: float
    since: int
    told: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """`state` is off, waiting or running; `since` and `rows` are those of the whole test, the nearest column first."""

    state: str
    reason: str
    since: int | None
    updated: int | None
    rows: float
    false_alerts_per_1000_days: float
    columns: list[ColumnEvidence]


def read_evidence(connection: Connection, subject: Subject) -> Evidence:
    """What the sequential test of a version has committed."""
    budget = subject.thresholds(1).alerts_per_1000_days
    reason = why_not(connection, subject)
    stored = None if reason else sequential.load_state(connection, subject.deployment.id)
    if reason or stored is None:
        state = "off" if reason in (OFF, MOVING) else "waiting"
        return Evidence(state, reason or WAITING, None, None, 0.0, budget, [])
    running = from_bytes(stored.body)
    found = references.load_binning(connection, subject.model.id, running.key.partition("-")[0])
    keys = [column.key for column in Binning.from_bytes(found.body).columns]
    columns = [column_evidence(running, f, key) for f, key in enumerate(keys) if running.asked[f] < float("inf")]
    columns.sort(key=lambda each: (-each.margin, each.column))
    said = running.reason[:1].upper() + running.reason[1:]
    return Evidence("running", said, running.began_us, stored.updated_us, running.rows, budget, columns)


def why_not(connection: Connection, subject: Subject) -> str:
    """Why there is no test, '' when there is or will be one."""
    settings: dict[str, Any] = subject.model.settings
    rule = reference.from_json(settings.get("reference"))
    if not settings.get("critical"):
        return OFF
    if not isinstance(rule, reference.Standing):
        return MOVING
    own = subject.deployment
    stands = references.find_reference(connection, subject.model.id, own.environment, own.version, rule.kind)
    return "" if stands is not None else NO_REFERENCE


def column_evidence(state: State, f: int, key: ColumnKey) -> ColumnEvidence:
    """One column of a state."""
    have, want, rows = float(state.evidence[f]), float(state.asked[f]), float(state.seen[f])
    shown, asked = odds(have), odds(want)
    told = f"evidence {shown}, asked for {asked}; {rows:,.0f} rows"
    name = key.name or key.role.value
    level, since = ORDER[int(state.level[f])], int(state.since_us[f])
    return ColumnEvidence(name, key.role, level, shown, asked, have - want, rows, since, told)
