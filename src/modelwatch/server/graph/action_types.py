"""The types and fields of the GraphQL schema that tell of actions: the same as /api/v1/actions and /action-runs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.server.graph.alert_resolvers import AlertId, alert_number, within
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime
from modelwatch.server.permission import require
from modelwatch.server.queries import actions as queries
from modelwatch.store.action_runs import RunFilter

RunNumber = Annotated[strawberry.ID, strawberry.argument(name="id")]


@strawberry.enum
class RunState(StrEnum):
    """Where a run of an action is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DRY_RUN = "dry_run"


@strawberry.enum
class HelpedVerdict(StrEnum):
    """Whether a run helped; unknown while too few rows have come."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    UNKNOWN = "unknown"


@strawberry.type
class ActionAtLeast:
    alerts: int
    within_hours: float
    any_kind: bool = strawberry.field(description="alerts of other kinds count, too")


@strawberry.type
class ActionWebhook:
    url: str
    method: str
    headers: JSON
    secret_headers: list[str] = strawberry.field(description="names alone; the values are never shown")
    signed: bool
    fields: JSON
    body: str


@strawberry.type
class ActionPython:
    entry: str
    fields: JSON


@strawberry.type
class ActionReason:
    alert_id: strawberry.ID
    model_id: str
    reason: str
    at: DateTime


@strawberry.type
class Action:
    name: str
    on: list[str]
    models: list[str]
    min_level: str
    at_least: ActionAtLeast | None
    lasting_hours: float | None
    webhook: ActionWebhook | None
    python: ActionPython | None
    tell: list[str] = strawberry.field(description="channels that are told when it was done")
    message: str
    dry_run: bool
    approval: bool
    expires_hours: float
    cooldown_hours: float
    max_per_week: int = strawberry.field(description="per model")
    max_per_week_all: int = strawberry.field(description="all models together")
    timeout_seconds: float
    enabled: bool
    created_at: DateTime
    updated_at: DateTime
    reasons: list[ActionReason] = strawberry.field(description="why it is not due for the alerts that go on")


@strawberry.type
class ActionStep:
    at: DateTime
    state: RunState
    text: str
    by: str


@strawberry.type
class ActionHelped:
    verdict: HelpedVerdict
    text: str
    metric: str
    before: float | None
    after: float | None
    windows: int = strawberry.field(description="windows after the run that could be judged")
    version: str
    at: DateTime


@strawberry.type
class ActionRun:
    id: strawberry.ID
    number: int
    action: str
    alert_id: strawberry.ID
    model_id: str
    key: str = strawberry.field(description="the idempotency key, the same on every try")
    state: RunState
    dry_run: bool
    why: str
    request: JSON = strawberry.field(description="what was or would be sent, without secrets")
    history: list[ActionStep]
    helped: ActionHelped | None
    attempts: int
    created_at: DateTime
    started_at: DateTime | None
    next_at: DateTime | None
    expires_at: DateTime | None = strawberry.field(description="until when it waits for a decision")
    done_at: DateTime | None


@strawberry.type
class ActionTrial:
    due: bool
    reason: str
    request: JSON


def read_actions(info: Info) -> list[queries.ActionView]:
    """All actions, by name."""
    return queries.read_actions(info.context.connection)


def read_runs(
    info: Info,
    action: str | None = None,
    model_id: str | None = None,
    alert_id: strawberry.ID | None = None,
    states: list[RunState] | None = None,
    limit: int = 100,
) -> list[queries.Run]:
    """Runs, the newest first."""
    alert = None if alert_id is None else alert_number(alert_id)
    chosen = None if states is None else [state.value for state in states]
    wanted = RunFilter(DEFAULT_PROJECT, action, model_id, alert, chosen)
    return queries.read_runs(info.context.connection, wanted, within(limit))


def save_action(info: Info, action: JSON) -> queries.ActionView:
    """Creates or changes the action of that name; the argument is the body of POST or PATCH with its `name`."""
    require(info.context.permissions, "write")
    if not isinstance(action, dict):
        raise InvalidRequest("an action must be an object", hint='for example {"name": "retrain", "dry_run": false}')
    services = info.context.services
    return queries.save_action(services.engine, services.vault, action, info.context.wall_us)


def delete_action(info: Info, name: str) -> bool:
    """Forgets an action; what it did stays on record."""
    require(info.context.permissions, "write")
    queries.delete_action(info.context.services.engine, name, info.context.wall_us)
    return True


def try_action(info: Info, name: str, alert_id: AlertId) -> queries.Trial | None:
    """What an action would do about an alert, or null when there is no such action or alert."""
    context, url = info.context, queries.url_of(info.context.services)
    try:
        return queries.try_action(context.connection, name, alert_number(alert_id), context.wall_us, url)
    except NotFound:
        return None


def approve_run(info: Info, run_id: RunNumber, by: str, comment: str = "") -> queries.Run:
    """Lets a proposed run go ahead."""
    return decided(info, run_id, queries.Verdict("approve", by, comment))


def reject_run(info: Info, run_id: RunNumber, by: str, comment: str = "") -> queries.Run:
    """Ends a proposed run."""
    return decided(info, run_id, queries.Verdict("reject", by, comment))


def decided(info: Info, run_id: str, verdict: queries.Verdict) -> queries.Run:
    """Writes a decision; needs the permission to write."""
    require(info.context.permissions, "write")
    try:
        number = alert_number(run_id)
    except NotFound:
        raise NotFound(f"there is no run {run_id[:40]!r}", hint="run ids are numbers") from None
    return queries.decide_run(info.context.services.engine, number, verdict, info.context.wall_us)
