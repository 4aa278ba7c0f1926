"""What actions did, do and would do: one row per action and alert, with every step on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from modelwatch.alerts.life import Status
from modelwatch.alerts.remediation.decide import UNDER_WAY, Past
from modelwatch.errors import Conflict, NotFound
from modelwatch.store.notify_tables import action_runs
from modelwatch.store.tables import alerts, models
from modelwatch.store.upsert import upserting


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a run's history, in wall time; `by` is the person, '' for the system."""

    at_us: int
    state: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `state` is proposed, approved, running, done, failed, rejected, expired or dry_run; `said` holds the
    action, the trigger and the request as they were decided, without secrets; `helped` what came of it."""

    id: int
    project: str
    action: str
    alert_id: int
    model_id: int
    model: str
    key: str
    state: str
    dry_run: bool
    said: dict[str, Any]
    history: tuple[Step, ...]
    helped: dict[str, Any] | None
    attempts: int
    interrupted: int
    created_us: int
    started_us: int | None
    next_us: int | None
    done_us: int | None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What to list; None does not narrow. `before` is the id of the last run of the page before."""

    project: str
    action: str | None = None
    model: str | None = None
    alert_id: int | None = None
    states: Sequence[str] | None = None
    before: int | None = None


def run_row(row: Row[Any]) -> RunRow:
    """A row of `action_runs` as a value."""
    return RunRow(
        row.id,
        row.project,
        row.action,
        row.alert_id,
        row.model_id,
        row.model,
        row.key,
        row.state,
        row.dry_run,
        json.loads(row.body),
        tuple(Step(**each) for each in json.loads(row.history)),
        json.loads(row.helped) if row.helped else None,
        row.attempts,
        row.interrupted,
        row.created_us,
        row.started_us,
        row.next_us,
        row.done_us,
    )


def named() -> Select[Any]:
    """The query that all others narrow."""
    return select(action_runs, models.c.name.label("model")).join(models, models.c.id == action_runs.c.model_id)


def insert_run(connection: Connection, values: dict[str, Any], step: Step) -> bool:
    """Record a run, once per key; False when it is there already."""
    row = {**values, "history": json.dumps([asdict(step)])}
    statement = upserting(connection.dialect.name, action_runs, tuple(row), ("key",), (), tuple(row))
    return bool(connection.execute(statement, row).rowcount)


def find_run(connection: Connection, project: str, run_id: int) -> RunRow:
    """One run; raises `NotFound`."""
    query = named().where(action_runs.c.id == run_id, action_runs.c.project == project)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no run {run_id}", hint="GET /api/v1/action-runs lists them")
    return run_row(row)


def list_runs(connection: Connection, wanted: RunFilter, limit: int) -> list[RunRow]:
    """Runs, the newest first."""
    c = action_runs.c
    query = named().where(c.project == wanted.project)
    if wanted.action is not None:
        query = query.where(c.action == wanted.action)
    if wanted.model is not None:
        query = query.where(models.c.name == wanted.model)
    if wanted.alert_id is not None:
        query = query.where(c.alert_id == wanted.alert_id)
    if wanted.states is not None:
        query = query.where(c.state.in_(wanted.states))
    if wanted.before is not None:
        query = query.where(c.id < wanted.before)
    return [run_row(row) for row in connection.execute(query.order_by(c.id.desc()).limit(limit))]


def runs_in(connection: Connection, states: Sequence[str]) -> list[RunRow]:
    """The runs of all projects that are in one of some states, the oldest first."""
    query = named().where(action_runs.c.state.in_(states)).order_by(action_runs.c.id)
    return [run_row(row) for row in connection.execute(query)]


def done_since(connection: Connection, from_us: int) -> list[RunRow]:
    """The runs of all projects that were done then or later, not those that were only recorded."""
    query = named().where(action_runs.c.state == "done", action_runs.c.done_us >= from_us).order_by(action_runs.c.id)
    return [run_row(row) for row in connection.execute(query)]


def past_runs(connection: Connection, project: str, action: str) -> list[Past]:
    """All runs of an action, as far as they matter to the next."""
    c = action_runs.c
    query = (
        select(models.c.name, c.alert_id, c.state, c.dry_run, c.started_us)
        .join(models, models.c.id == c.model_id)
        .where(c.project == project, c.action == action)
    )
    return [Past(*row) for row in connection.execute(query)]


def move(connection: Connection, run: RunRow, step: Step, **values: Any) -> None:
    """Take a run from the state in which it was read to that of the step; raises `Conflict` when it has moved on."""
    history = json.dumps([asdict(each) for each in (*run.history, step)])
    c = action_runs.c
    changed = connection.execute(
        update(action_runs)
        .where(c.id == run.id, c.state == run.state, c.attempts == run.attempts)
        .values(state=step.state, history=history, **values)
    )
    if changed.rowcount != 1:
        raise Conflict(f"run {run.id} is {run.state} no longer", hint="look at it again")


def save_helped(connection: Connection, run_id: int, helped: dict[str, Any]) -> None:
    """Write what came of a run."""
    connection.execute(update(action_runs).where(action_runs.c.id == run_id).values(helped=json.dumps(helped)))


def forget_runs(connection: Connection, before_us: int) -> int:
    """Delete the runs that ended before then; returns how many. What an action did about an alert that goes on stays,
    since it is done once per alert."""
    c = action_runs.c
    over = select(alerts.c.id).where(alerts.c.status == Status.RESOLVED)
    ended = (c.state.not_in(UNDER_WAY), func.coalesce(c.done_us, c.created_us) < before_us, c.alert_id.in_(over))
    return connection.execute(delete(action_runs).where(*ended)).rowcount
