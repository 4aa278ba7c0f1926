"""Whether an action is due for an alert: one list of stages, each of which may say why not.

A stage is a pure function; the first reason wins and is kept. What follows holds whatever the times of approval are:
a run that waits counts as one that is about to start, and one that started counts from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from modelwatch.alerts.remediation.action import Action
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US

WEEK_US: Final = 7 * DAY_US
STALE_US: Final = 3 * DAY_US
"""An alert whose newest window is older than this tells of the past; ends of windows of four weeks lie 56 h apart."""
WAITING: Final = frozenset({"proposed", "approved"})
UNDER_WAY: Final = WAITING | {"running"}


@dataclass(frozen=True, slots=True)
class Sighting:
    """An alert as actions see it; times of its life are event times. It is known to go on until `until_us`."""

    id: int
    model: str
    kind: str
    level: Level
    status: str
    historic: bool
    opened_us: int
    until_us: int


@dataclass(frozen=True, slots=True)
class Past:
    """A run of the action. `started_us` is the wall time of its first try, None while it waits."""

    model: str
    alert_id: int
    state: str
    dry_run: bool
    started_us: int | None

    def counts(self, since_us: int) -> bool:
        """True when it waits, or started after that time."""
        return self.state in WAITING or (self.started_us is not None and self.started_us > since_us)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The action is due; `why` says what made it so. `state` is where its run begins: proposed (it waits for a person),
    approved (it is done at once) or dry_run (it is only recorded)."""

    why: str
    state: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The action is not due, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a stage looks at: `alerts` are those of the model, `runs` all of the action."""

    action: Action
    alert: Sighting
    alerts: Sequence[Sighting]
    runs: Sequence[Past]
    now_us: int

    def own(self) -> list[Past]:
        """The runs that count with this one: recorded ones where it only records, real ones where it is real."""
        return [run for run in self.runs if run.dry_run == self.action.dry_run]


Stage = Callable[[Case], str | None]


def historic(case: Case) -> str | None:
    """Replayed history sets nothing in motion."""
    if case.alert.historic or case.now_us - case.alert.until_us > STALE_US:
        return "historic: its newest window is in the past"
    return None


def not_firing(case: Case) -> str | None:
    """Only what fires, seen by a person or not, is acted upon."""
    status = case.alert.status
    return None if status in ("firing", "acknowledged") else f"the alert is {status}"


def done_already(case: Case) -> str | None:
    """Once per alert: what did not help the first time needs a person."""
    run = done_already_in(case.runs, case.action, case.alert)
    return None if run is None else f"done already for this alert ({run.state.replace('_', ' ')})"


def done_already_in(runs: Sequence[Past], action: Action, alert: Sighting) -> Past | None:
    """The run of the action for the alert, if there is one."""
    return next((run for run in runs if run.alert_id == alert.id and run.dry_run == action.dry_run), None)


def not_sustained(case: Case) -> str | None:
    """An alert that may be over soon is waited for."""
    return None if sustained(case) else "; ".join(lacking(case))


def waiting(case: Case) -> str | None:
    """While one waits for a person, or is tried, no other is begun for the model."""
    if any(run.state in UNDER_WAY and run.model == case.alert.model for run in case.own()):
        return "another run for this model waits or is under way"
    return None


def cooling(case: Case) -> str | None:
    """What was done needs time to work."""
    cooldown = int(case.action.cooldown_hours * HOUR_US)
    times = [run.started_us for run in case.own() if run.model == case.alert.model and run.started_us is not None]
    until = max(times, default=case.now_us - cooldown) + cooldown
    return f"cool-down until {moment(until)}" if case.now_us < until else None


def often_for_model(case: Case) -> str | None:
    """So many times per week and model."""
    most = case.action.max_per_week
    since = case.now_us - WEEK_US
    count = sum(run.counts(since) for run in case.own() if run.model == case.alert.model)
    return f"maximum {most} per week reached" if count >= most else None


def often_in_all(case: Case) -> str | None:
    """A fleet that drifts as a whole does not start as many runs as it has models."""
    most = case.action.max_per_week_all
    count = sum(run.counts(case.now_us - WEEK_US) for run in case.own())
    return f"maximum {most} per week of all models together reached" if count >= most else None


STAGES: Final[tuple[Stage, ...]] = (
    historic,
    not_firing,
    done_already,
    not_sustained,
    waiting,
    cooling,
    often_for_model,
    often_in_all,
)


def decide(
    action: Action, alert: Sighting, alerts: Sequence[Sighting], runs: Sequence[Past], now_us: int
) -> Proposal | Refusal:
    """Whether the action is due for the alert, given the model's alerts and all runs of the action; `now_us` is wall
    time. The caller has made sure that the action is for such alerts."""
    case = Case(action, alert, alerts, runs, now_us)
    reason = next((reason for stage in STAGES if (reason := stage(case)) is not None), None)
    if reason is not None:
        return Refusal(reason)
    state = "dry_run" if action.dry_run else "proposed" if action.approval else "approved"
    return Proposal(" and ".join(grounds(case)) or "the alert fires", state)


def counted(case: Case) -> int:
    """The model's alerts that opened within the hours before the newest window of the one in question."""
    rule = case.action.at_least
    assert rule is not None
    end = case.alert.until_us
    start = end - int(rule.within_hours * HOUR_US)
    return sum(
        start < each.opened_us <= end and not each.historic and (rule.any_kind or case.action.is_of(each.kind))
        for each in case.alerts
    )


def lasted(case: Case) -> bool:
    """Whether the alert has gone on for long enough, as its windows tell."""
    hours = case.action.lasting_hours
    return hours is not None and case.alert.until_us - case.alert.opened_us >= int(hours * HOUR_US)


def sustained(case: Case) -> bool:
    """Whether one of the two measures says so; without any, every alert is."""
    action = case.action
    if action.at_least is None and action.lasting_hours is None:
        return True
    return lasted(case) or (action.at_least is not None and counted(case) >= action.at_least.alerts)


def lacking(case: Case) -> list[str]:
    """What is missing, in words that stay the same until something happens."""
    action, said = case.action, []
    if action.at_least is not None:
        rule = action.at_least
        said.append(f"{counted(case)} of {rule.alerts} alerts in {rule.within_hours:g} h")
    if action.lasting_hours is not None:
        said.append(f"goes on since {moment(case.alert.opened_us)}, not yet for {action.lasting_hours:g} h")
    return said


def grounds(case: Case) -> list[str]:
    """What made it due, in words."""
    action, said = case.action, []
    if action.at_least is not None and (count := counted(case)) >= action.at_least.alerts:
        said.append(f"{count} alerts within {action.at_least.within_hours:g} h")
    if lasted(case):
        said.append(f"it has gone on for {action.lasting_hours:g} h or longer")
    return said


def moment(at_us: int) -> str:
    """A time as people read it, in UTC.

    >>> moment(1_763_000_000_000_000)
    '2025-11-13 02:13 UTC'
    """
    return f"{datetime.fromtimestamp(at_us / 1e6, UTC):%Y-%m-%d %H:%M} UTC"
