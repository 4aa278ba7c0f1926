"""Which actions are due, for which alerts, and why not: looked at first, and written only where something is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import Status
from modelwatch.alerts.remediation.decide import Past, Proposal, Refusal, Sighting, decide, done_already_in
from modelwatch.core.window import HOUR_US
from modelwatch.store import action_runs, actions
from modelwatch.store.action_runs import RunRow, Step
from modelwatch.store.actions import ActionRow
from modelwatch.store.alert_list import find_alert
from modelwatch.store.alerts import get_alert
from modelwatch.store.cases import load_cases
from modelwatch.store.engine import reading, writing
from modelwatch.store.proposals import going_on, move_run, past_of, propose, sightings_since, unmoved
from modelwatch.store.silences import list_silences


@dataclass(frozen=True, slots=True)
class News:
    """What is new of one action: alerts for which it is due, reasons that are new or another, reasons that are over."""

    row: ActionRow
    due: dict[int, Proposal] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    over: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.due or self.reasons or self.over)


class Alerts:
    """The alerts of each project, read once; what a silence means is silenced, too. `hours` is how far back actions
    count them."""

    def __init__(self, connection: Connection, hours: float, now_us: int) -> None:
        self.connection, self.hours, self.now_us = connection, hours, now_us
        self.open: dict[str, list[tuple[Sighting, int]]] = {}
        self.counted: dict[str, dict[int, list[Sighting]]] = {}

    def of_project(self, project: str) -> list[tuple[Sighting, int]]:
        """(alert, model) of those that go on."""
        if project not in self.open:
            found = going_on(self.connection, project)
            quiet = silenced(self.connection, project, [alert.id for alert, _ in found], self.now_us)
            self.open[project] = [
                (replace(alert, status=Status.SILENCED) if alert.id in quiet else alert, model_id)
                for alert, model_id in found
            ]
        return self.open[project]

    def of_models(self, project: str) -> dict[int, list[Sighting]]:
        """{model: the alerts that may count with one that goes on}."""
        if project not in self.counted:
            oldest = min((alert.until_us for alert, _ in self.of_project(project)), default=self.now_us)
            from_us = oldest - int(self.hours * HOUR_US)
            self.counted[project] = sightings_since(self.connection, project, from_us) if self.hours else {}
        return self.counted[project]


def silenced(connection: Connection, project: str, alert_ids: list[int], now_us: int) -> set[int]:
    """Which of the alerts a silence means now."""
    active = [each for each in list_silences(connection, project, now_us) if each.starts_us <= now_us]
    if not active:
        return set()
    cases = load_cases(connection, alert_ids)
    return {case.id for case in cases if any(each.matcher.fits(case.about) for each in active)}


def propose_due(engine: Engine, url: str, now_us: int) -> int:
    """Record which actions are due, and why others are not; returns how many became due."""
    with reading(engine) as connection:
        if not any(news.any for news in look(connection, now_us)):
            return 0
    with writing(engine) as connection:  # looked at again: what people set may have changed in between
        return sum(write(connection, news, url, now_us) for news in look(connection, now_us))


def look(connection: Connection, now_us: int) -> Iterable[News]:
    """What is new of every action that is switched on."""
    rows = [row for row in actions.list_actions(connection) if row.enabled]
    hours = max((row.action.at_least.within_hours for row in rows if row.action.at_least is not None), default=0.0)
    seen = Alerts(connection, hours, now_us)
    known: dict[str, dict[str, dict[int, str]]] = {}
    for row in rows:
        if row.project not in known:
            known[row.project] = reasons_of(connection, row.project)
        yield news_of(row, seen, past_of(connection, row), known[row.project].get(row.action.name, {}), now_us)


def reasons_of(connection: Connection, project: str) -> dict[str, dict[int, str]]:
    """{action: {alert: why it is not due}} as it is on record."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for reason in actions.list_reasons(connection, project):
        found[reason.action][reason.alert_id] = reason.text
    return found


def news_of(row: ActionRow, seen: Alerts, runs: list[Past], known: dict[int, str], now_us: int) -> News:
    """What is new of one action; each run that is proposed counts for those after it."""
    news, kept, counted = News(row), set(), seen.of_models(row.project)
    for alert, model_id in seen.of_project(row.project):
        if not row.action.is_for(alert.kind, alert.model, alert.level) or done_already_in(runs, row.action, alert):
            continue
        found = decide(row.action, alert, counted.get(model_id, []), runs, now_us)
        match found:
            case Proposal():
                news.due[alert.id] = found
                started = now_us if found.state == "dry_run" else None
                runs.append(Past(alert.model, alert.id, found.state, row.action.dry_run, started))
            case Refusal():
                kept.add(alert.id)
                if known.get(alert.id) != found.reason:
                    news.reasons[alert.id] = found.reason
    news.over.extend(alert_id for alert_id in known if alert_id not in kept)
    return news


def write(connection: Connection, news: News, url: str, now_us: int) -> int:
    """Record what is new; returns how many runs were proposed."""
    project, name = news.row.project, news.row.action.name
    actions.save_reasons(connection, project, name, news.reasons, now_us)
    for alert_id, reason in news.reasons.items():
        unmoved(connection, name, alert_id, reason, now_us)
    if news.over:
        actions.drop_reasons(connection, project, name, news.over)
    made = [
        propose(connection, news.row, find_alert(connection, project, alert_id), found, url, now_us)
        for alert_id, found in news.due.items()
    ]
    return sum(made)


def expire(engine: Engine, now_us: int) -> int:
    """End what nobody decided about in time, and what was proposed about an alert that is over; returns how many."""
    with reading(engine) as connection:
        if not any(outlived(connection, run, now_us) for run in action_runs.runs_in(connection, ("proposed",))):
            return 0
    with writing(engine) as connection:
        ended = 0
        for run in action_runs.runs_in(connection, ("proposed",)):
            why = outlived(connection, run, now_us)
            if why:
                move_run(connection, run, Step(now_us, "expired", why), next_us=None, done_us=now_us)
                ended += 1
        return ended


def outlived(connection: Connection, run: RunRow, now_us: int) -> str:
    """Why a proposal needs no decision any more, '' while it does."""
    if get_alert(connection, run.alert_id).status == Status.RESOLVED:
        return "The alert is over"
    hours = run.said["action"]["expires_hours"]
    return f"Nobody decided within {hours:g} h" if now_us >= run.created_us + int(hours * HOUR_US) else ""
