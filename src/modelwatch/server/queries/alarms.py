"""How many false alarms a model's settings make: now, with a change that is not saved yet, and for the whole fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from modelwatch.alerts.persistence import Persistence
from modelwatch.core.reference import from_json
from modelwatch.core.window import MIN_ROWS, TARGET_ROWS
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.monitors.drift import expected, thresholds_for
from modelwatch.monitors.drift.budget import MONTH_DAYS
from modelwatch.monitors.drift.thresholds import ALERTS_PER_1000_DAYS
from modelwatch.server.queries.choose_reference import possible
from modelwatch.server.queries.model import window_length
from modelwatch.server.queries.reference import Reference, would_be
from modelwatch.server.queries.settings import changed_settings
from modelwatch.server.queries.subject import Subject
from modelwatch.store import models, references
from modelwatch.store.checks import newest_check


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """What to expect in a month of 30 days in which nothing changes.

    `alerts_at_most` needs no assumption, `alerts_about` counts that disjoint windows must agree; `notices` are
    windows that show a notice, which nobody is sent. Reckoned for `columns` columns, windows of `rows` rows and
    `looks_per_day` looks.
    """

    alerts_per_1000_days: float
    alerts_at_most: float
    alerts_about: float
    notices: float
    looks_per_day: float
    columns: int
    rows: float


@dataclass(frozen=True, slots=True)
class Preview:
    """Expected false alarms before and after a change of settings, and what windows would be compared with."""

    current: FalseAlarms
    changed: FalseAlarms
    reference: Reference | None


def false_alarms(connection: Connection, subject: Subject, settings: Mapping[str, Any] | None = None) -> FalseAlarms:
    """What the model's settings, or the given ones in their place, make of its newest window."""
    held = subject.model.settings if settings is None else settings
    length = int(held["window_seconds"]) * 1_000_000 if held.get("window_seconds") else window_length(subject)
    newest = newest_check(connection, subject.series)
    where = (subject.model.id, subject.deployment.environment, subject.deployment.version)
    reference = references.find_reference(connection, *where)
    rows = TARGET_ROWS if newest is None else max(newest.rows * length / newest.length_us, MIN_ROWS)
    columns = max(len(newest.levels) if newest is not None else 0, 1)
    default = Persistence()
    limits = thresholds_for(held, length, 1 + len(subject.watched))
    k, n = int(held.get("k", default.k)), int(held.get("n", default.n))
    found = expected(limits, columns, rows, TARGET_ROWS if reference is None else reference.rows, k, n)
    sequential = limits.alerts_per_1000_days * (1 - limits.part) * MONTH_DAYS / 1000
    return FalseAlarms(
        limits.alerts_per_1000_days,
        found.alerts_at_most + sequential,
        found.alerts_about + sequential,
        found.notices,
        limits.looks,
        columns,
        float(rows),
    )


def preview(connection: Connection, subject: Subject, changes: Mapping[str, Any]) -> Preview:
    """The same before and after checked changes; raises `InvalidRequest` when what results makes no sense."""
    after = changed_settings(subject.model.settings, changes)
    if "reference" in changes:
        possible(connection, subject.model, from_json(after.get("reference")))
    model = replace(subject.model, settings=after)
    reference = would_be(connection, model, subject.deployment, subject.now_us)
    return Preview(false_alarms(connection, subject), false_alarms(connection, subject, after), reference)


def fleet_bound(connection: Connection, project: str = DEFAULT_PROJECT) -> float:
    """False alerts a month of all models together at most: the sum of their budgets."""
    budgets = [
        float(row.settings.get("alerts_per_1000_days", ALERTS_PER_1000_DAYS))
        for row in models.list_models(connection, project)
    ]
    return sum(budgets) * MONTH_DAYS / 1000
