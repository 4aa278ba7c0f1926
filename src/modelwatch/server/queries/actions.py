"""Actions and their runs: as people see, change, try and decide them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine

from modelwatch.alerts.remediation.action import AtLeast, Python, Secrets, Webhook, secrets_of
from modelwatch.alerts.remediation.decide import Proposal, decide
from modelwatch.alerts.remediation.request import shown
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import Conflict, InvalidRequest, NotFound
from modelwatch.server.action_body import changed
from modelwatch.server.services import Services
from modelwatch.server.state import address
from modelwatch.store import action_runs, actions
from modelwatch.store.action_runs import RunFilter, RunRow, Step
from modelwatch.store.actions import ActionRow, ReasonRow
from modelwatch.store.alert_list import find_alert
from modelwatch.store.engine import writing
from modelwatch.store.proposals import key_of, move_run, past_of, sightings_of, trigger_of
from modelwatch.store.vault import Vault

MOST_NAME: Final = 200
MOST_COMMENT: Final = 2_000
MOST_ACTIONS: Final = 200


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an action is not due for an alert that goes on."""

    alert_id: int
    model_id: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action with why it is not due for the alerts that it is for."""

    name: str
    on: list[str]
    models: list[str]
    min_level: str
    at_least: AtLeast | None
    lasting_hours: float | None
    webhook: Webhook | None
    python: Python | None
    tell: list[str]
    message: str
    dry_run: bool
    approval: bool
    expires_hours: float
    cooldown_hours: float
    max_per_week: int
    max_per_week_all: int
    timeout_seconds: float
    enabled: bool
    created_at: int
    updated_at: int
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class RunStep:
    """One line of a run's history."""

    at: int
    state: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class RunHelped:
    """Whether a run helped, with what was compared before and after it."""

    verdict: str
    text: str
    metric: str
    before: float | None
    after: float | None
    windows: int
    version: str
    at: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an action: why, what was or would be sent, every step, and whether it helped."""

    id: int
    number: int
    action: str
    alert_id: int
    model_id: str
    key: str
    state: str
    dry_run: bool
    why: str
    request: dict[str, Any]
    history: list[RunStep]
    helped: RunHelped | None
    attempts: int
    created_at: int
    started_at: int | None
    next_at: int | None
    expires_at: int | None
    done_at: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What an action would do about an alert; nothing is done and nothing recorded. `due` with `why`, or the reason
    why it is not."""

    due: bool
    reason: str
    request: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person decides about a run that waits. Raises `InvalidRequest`."""

    verb: Literal["approve", "reject"]
    by: str
    comment: str = ""

    def __post_init__(self) -> None:
        if not self.by.strip():
            raise InvalidRequest("by is empty", hint="say who decides: it is kept with the run")
        if len(self.by) > MOST_NAME or len(self.comment) > MOST_COMMENT or not self.by.isprintable():
            raise InvalidRequest("a name or comment is too long or holds control characters")


def url_of(services: Services) -> str:
    """Where people find the dashboard."""
    settings = services.settings
    return settings.public_url.rstrip("/") or address(settings.host, settings.port)


def read_actions(connection: Connection, project: str = DEFAULT_PROJECT) -> list[ActionView]:
    """All actions of a project, by name."""
    reasons = actions.list_reasons(connection, project)
    return [view(row, reasons) for row in actions.list_actions(connection, project)]


def read_action(connection: Connection, name: str, project: str = DEFAULT_PROJECT) -> ActionView:
    """One action; raises `NotFound`."""
    return view(actions.find_action(connection, project, name), actions.list_reasons(connection, project))


def view(row: ActionRow, reasons: list[ReasonRow]) -> ActionView:
    """An action as it is shown."""
    action, do = row.action, row.action.do
    return ActionView(
        name=action.name,
        on=list(action.on),
        models=list(action.models),
        min_level=action.min_level.value,
        at_least=action.at_least,
        lasting_hours=action.lasting_hours,
        webhook=do if isinstance(do, Webhook) else None,
        python=do if isinstance(do, Python) else None,
        tell=list(action.tell),
        message=action.message,
        dry_run=action.dry_run,
        approval=action.approval,
        expires_hours=action.expires_hours,
        cooldown_hours=action.cooldown_hours,
        max_per_week=action.max_per_week,
        max_per_week_all=action.max_per_week_all,
        timeout_seconds=action.timeout_seconds,
        enabled=row.enabled,
        created_at=row.created_us,
        updated_at=row.updated_us,
        reasons=[Reason(r.alert_id, r.model, r.text, r.at_us) for r in reasons if r.action == action.name],
    )


def save_action(
    engine: Engine,
    vault: Vault,
    said: Mapping[str, Any],
    now_us: int,
    mode: Literal["create", "change", "either"] = "either",
    project: str = DEFAULT_PROJECT,
) -> ActionView:
    """Creates or changes the action of the name in `said`; raises what is wrong with it, `Conflict` or `NotFound`.

    What waits for approval or another try expires when what would be done is changed.
    """
    name = said.get("name")
    if not isinstance(name, str):
        raise InvalidRequest("name must be a text", hint="it is how an action is known")
    with writing(engine) as connection:
        before = actions.seek_action(connection, project, name)
        if before is None and mode == "change":
            raise NotFound(f"there is no action {name[:100]!r}", hint="GET /api/v1/actions lists them")
        if before is not None and mode == "create":
            raise Conflict(f"there is an action {name[:100]!r} already", hint="PATCH changes it")
        if before is None and len(actions.list_actions(connection, project)) >= MOST_ACTIONS:
            raise Conflict(f"there are {MOST_ACTIONS} actions already", hint="delete one that is not needed")
        held = Secrets() if before is None else secrets_of(vault.unseal(before.sealed))
        action, secrets = changed(said, None if before is None else before.action, held)
        enabled = said.get("enabled", True if before is None else before.enabled)
        if not isinstance(enabled, bool):
            raise InvalidRequest("enabled must be true or false")
        same = before is not None and before.action == action and held == secrets and before.enabled == enabled
        if not same:
            sealed = vault.seal(secrets.flat())
            actions.save_action(connection, project, action, sealed, enabled, now_us)
            actions.drop_reasons(connection, project, name)
            expire_waiting(connection, project, name, "the action was changed", now_us)
        return read_action(connection, name, project)


def delete_action(engine: Engine, name: str, now_us: int, project: str = DEFAULT_PROJECT) -> None:
    """Forgets an action and its secrets; what it did stays on record. Raises `NotFound`."""
    with writing(engine) as connection:
        actions.find_action(connection, project, name)
        expire_waiting(connection, project, name, "the action was deleted", now_us)
        actions.delete_action(connection, project, name)


def expire_waiting(connection: Connection, project: str, name: str, why: str, now_us: int) -> None:
    """Ends the runs that wait: what a person was shown is no longer what would be done."""
    waiting = action_runs.list_runs(connection, RunFilter(project, name, states=("proposed", "approved")), 1_000)
    for run in waiting:
        state = "failed" if run.attempts else "expired"
        move_run(connection, run, Step(now_us, state, f"{why.capitalize()}"), next_us=None, done_us=now_us)


def try_action(
    connection: Connection, name: str, alert_id: int, now_us: int, url: str, project: str = DEFAULT_PROJECT
) -> Trial:
    """What the action would do about an alert; raises `NotFound`."""
    row = actions.find_action(connection, project, name)
    named = find_alert(connection, project, alert_id)
    action, alert = row.action, named.alert
    mine = next(each for each in sightings_of(connection, alert.model_id) if each.id == alert_id)
    if action.is_for(mine.kind, mine.model, mine.level):
        runs = past_of(connection, row)
        found = decide(action, mine, sightings_of(connection, alert.model_id), runs, now_us)
        due, reason = isinstance(found, Proposal), found.why if isinstance(found, Proposal) else found.reason
    else:
        due, reason = False, "the action is not for alerts of this kind, model or level"
    if due and not row.enabled:
        due, reason = False, f"the action is switched off ({reason})"
    trigger = trigger_of(project, named, reason if due else "it was tried by hand", url, now_us)
    return Trial(due, reason, shown(action, trigger, key_of(project, action, alert_id)))


def read_runs(connection: Connection, wanted: RunFilter, limit: int) -> list[Run]:
    """Runs, the newest first."""
    return [run_view(row) for row in action_runs.list_runs(connection, wanted, limit)]


def run_view(row: RunRow) -> Run:
    """A run as it is shown."""
    expires = row.created_us + int(row.said["action"]["expires_hours"] * HOUR_US)
    return Run(
        id=row.id,
        number=row.id,
        action=row.action,
        alert_id=row.alert_id,
        model_id=row.model,
        key=row.key,
        state=row.state,
        dry_run=row.dry_run,
        why=row.said["trigger"]["why"],
        request=row.said["request"],
        history=[RunStep(step.at_us, step.state, step.text, step.by) for step in row.history],
        helped=helped_view(row.helped),
        attempts=row.attempts,
        created_at=row.created_us,
        started_at=row.started_us,
        next_at=row.next_us,
        expires_at=expires if row.state == "proposed" else None,
        done_at=row.done_us,
    )


def helped_view(said: dict[str, Any] | None) -> RunHelped | None:
    """What came of a run, as it is shown."""
    return None if said is None else RunHelped(**{name: said[name] for name in RunHelped.__slots__})


def decide_run(engine: Engine, run_id: int, verdict: Verdict, now_us: int, project: str = DEFAULT_PROJECT) -> Run:
    """Writes what a person decided about a run that waits; raises `NotFound` or `Conflict`."""
    with writing(engine) as connection:
        run = action_runs.find_run(connection, project, run_id)
        if run.state != "proposed":
            raise Conflict(f"run {run_id} is {run.state}", hint="only what is proposed waits for a decision")
        comment = f": “{verdict.comment}”" if verdict.comment else ""
        if verdict.verb == "reject":
            step = Step(now_us, "rejected", f"Rejected{comment}", verdict.by)
            move_run(connection, run, step, next_us=None, done_us=now_us)
        elif now_us >= run.created_us + int(run.said["action"]["expires_hours"] * HOUR_US):
            raise Conflict(f"run {run_id} waited for too long", hint="it expires; the next alert makes a new one")
        else:
            move_run(connection, run, Step(now_us, "approved", f"Approved{comment}", verdict.by), next_us=now_us)
        return run_view(action_runs.find_run(connection, project, run_id))
