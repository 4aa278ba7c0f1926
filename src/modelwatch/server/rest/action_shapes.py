"""The answers that tell of actions and their runs; no secret is in any of them."""

from __future__ import annotations

from typing import Any

from modelwatch.server.rest.shapes import Moment, Number, Shape


class ActionAtLeast(Shape):
    """So many alerts within some hours, of the action's kinds or of any kind."""

    alerts: int
    within_hours: float
    any_kind: bool


class ActionWebhook(Shape):
    """A request to one address; of secrets only the names are told, and whether the body is signed."""

    url: str
    method: str
    headers: dict[str, str]
    secret_headers: list[str]
    signed: bool
    fields: dict[str, Any]
    body: str


class ActionPython(Shape):
    """A function that an installed package registers under that name."""

    entry: str
    fields: dict[str, Any]


class ActionReason(Shape):
    """Why an action is not due for an alert that goes on."""

    alert_id: int
    model_id: str
    reason: str
    at: Moment


class Action(Shape):
    """One action with its guard rails, and why it is not due for the alerts that it is for."""

    name: str
    on: list[str]
    models: list[str]
    min_level: str
    at_least: ActionAtLeast | None
    lasting_hours: float | None
    webhook: ActionWebhook | None
    python: ActionPython | None
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
    created_at: Moment
    updated_at: Moment
    reasons: list[ActionReason]


class Actions(Shape):
    """Every action, by name; `entries` are the functions that installed packages register."""

    actions: list[Action]
    entries: list[str]


class ActionTrial(Shape):
    """What an action would do about an alert; nothing was done and nothing recorded."""

    due: bool
    reason: str
    request: dict[str, Any]


class ActionStep(Shape):
    """One line of a run's history; `by` is '' for the system."""

    at: Moment
    state: str
    text: str
    by: str


class ActionHelped(Shape):
    """Whether a run helped: helped, did_not_help or unknown, with the figures before and after."""

    verdict: str
    text: str
    metric: str
    before: Number
    after: Number
    windows: int
    version: str
    at: Moment


class ActionRun(Shape):
    """One run: why, what was or would be sent, every step, and whether it helped. `state` is proposed, approved,
    running, done, failed, rejected, expired or dry_run; times are wall times."""

    id: int
    action: str
    alert_id: int
    model_id: str
    key: str
    state: str
    dry_run: bool
    why: str
    request: dict[str, Any]
    history: list[ActionStep]
    helped: ActionHelped | None
    attempts: int
    created_at: Moment
    started_at: Moment | None
    next_at: Moment | None
    expires_at: Moment | None
    done_at: Moment | None


class ActionRuns(Shape):
    """A page of runs, the newest first; `next` is the cursor of the following page, null on the last."""

    runs: list[ActionRun]
    next: int | None
