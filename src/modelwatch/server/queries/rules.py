"""Rules as people see them: those that were written, those that exist anyway, and what was last said of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection

from modelwatch.alerts.default_rules import DEFAULT_RULES, DefaultRule
from modelwatch.alerts.rule import ANY_MODEL, Override, Rule, Severity
from modelwatch.alerts.rule_json import rule_to_json
from modelwatch.alerts.rule_words import in_words
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import NotFound
from modelwatch.server.queries.subject import meant
from modelwatch.store import models, rules
from modelwatch.store.rules import NamedState, RuleRow

State = Literal["ok", "pending", "firing", "no_data", "insufficient_data", "error", "off_schedule"]
WORST: Final = ("firing", "error", "no_data", "pending", "insufficient_data", "off_schedule", "ok")


@dataclass(frozen=True, slots=True)
class RuleState:
    """What was last said of a rule for one version of a model; `at` is the end of the window that was judged."""

    model_id: str
    environment: str
    version: str
    state: State
    text: str
    at: int
    checked_at: int


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule. `body` is what may be written again; `words` say it. One that is `built_in` exists without anyone
    writing it: `why` says what for, and its severity, channels and whether it is on may be changed, which makes it
    `changed`. `state` is the worst of `states`, None before it was evaluated."""

    id: str
    name: str
    model_id: str
    built_in: bool
    changed: bool
    title: str
    words: str
    why: str
    description: str
    enabled: bool
    severity: Severity
    channels: list[str]
    body: dict[str, Any]
    by: str
    created_at: int | None
    updated_at: int | None
    state: State | None
    states: list[RuleState]
    open_alerts: int


def read_rules(
    connection: Connection, model_id: str | None = None, project: str = DEFAULT_PROJECT, built_in: bool = True
) -> list[AlertRule]:
    """The rules of a project, or those that concern one model; then the ones that exist anyway."""
    found = rules.list_rules(connection, project, model_id)
    written = [row for row in found if isinstance(row.rule, Rule)]
    states = rules.load_states(connection, [row.id for row in written])
    count = rules.count_open(connection, [*(row.kind for row in written), *DEFAULT_RULES])
    shown = [shown_rule(row, states.get(row.id, []), count.get(row.kind, 0)) for row in written]
    if not built_in:
        return shown
    changed = [row for row in found if isinstance(row.rule, Override)]
    return shown + defaults(changed, model_id, count)


def defaults(changed: Sequence[RuleRow], model_id: str | None, count: Mapping[str, int]) -> list[AlertRule]:
    """The rules that exist anyway: for all models, and where they were changed for one."""
    answer = []
    for kind, facts in DEFAULT_RULES.items():
        mine = {row.rule.model: row for row in changed if isinstance(row.rule, Override) and row.rule.kind == kind}
        if model_id is not None:
            answer.append(default_rule(facts, mine.get(model_id) or mine.get(ANY_MODEL), count.get(kind, 0)))
            continue
        answer.append(default_rule(facts, mine.pop(ANY_MODEL, None), count.get(kind, 0)))
        answer += [default_rule(facts, row, 0) for row in mine.values()]
    return answer


def default_rule(facts: DefaultRule, row: RuleRow | None, open_alerts: int) -> AlertRule:
    """One of the rules that exist anyway, as it is or as it was changed."""
    found = Override(facts.kind, ANY_MODEL) if row is None else row.rule
    return AlertRule(
        id=found.name if row is None else row.id,
        name=found.name,
        model_id=found.model,
        built_in=True,
        changed=row is not None,
        title=facts.title,
        words=facts.what,
        why=facts.why,
        description="",
        enabled=found.enabled,
        severity=found.severity,
        channels=list(found.channels),
        body=rule_to_json(found),
        by="" if row is None else row.by,
        created_at=None if row is None else row.created_us,
        updated_at=None if row is None else row.updated_us,
        state=None,
        states=[],
        open_alerts=open_alerts,
    )


def shown_rule(row: RuleRow, states: Sequence[NamedState], open_alerts: int) -> AlertRule:
    """A rule that was written, with what was last said of it."""
    rule = row.rule
    assert isinstance(rule, Rule)
    told = [state_of(each) for each in states]
    return AlertRule(
        id=row.id,
        name=rule.name,
        model_id=rule.model,
        built_in=False,
        changed=False,
        title=rule.name,
        words=in_words(rule),
        why="",
        description=rule.description,
        enabled=rule.enabled,
        severity=rule.severity,
        channels=list(rule.channels),
        body=rule_to_json(rule),
        by=row.by,
        created_at=row.created_us,
        updated_at=row.updated_us,
        state=min((each.state for each in told), key=WORST.index, default=None),
        states=told,
        open_alerts=open_alerts,
    )


def state_of(named: NamedState) -> RuleState:
    """A state with names."""
    said = named.state
    state: State = said.state  # type: ignore[assignment]
    return RuleState(named.model, named.environment, named.version, state, said.text, said.at_us, said.checked_us)


def read_rule(connection: Connection, rule_id: str, project: str = DEFAULT_PROJECT) -> AlertRule:
    """One rule; raises `NotFound`."""
    kind = rule_id.removeprefix("default.")
    if kind != rule_id and kind in DEFAULT_RULES:
        row = rules.override_for(connection, project, ANY_MODEL, kind)
        return default_rule(DEFAULT_RULES[kind], row, rules.count_open(connection, [kind]).get(kind, 0))
    row = rules.find_rule(connection, project, rule_id)
    count = rules.count_open(connection, [row.kind]).get(row.kind, 0)
    if isinstance(row.rule, Override):
        return default_rule(DEFAULT_RULES[row.rule.kind], row, count)
    return shown_rule(row, rules.load_states(connection, [row.id]).get(row.id, []), count)


def known_model(connection: Connection, model_id: str, project: str = DEFAULT_PROJECT) -> None:
    """Raises `NotFound` for a model that has sent nothing, with the names that come near."""
    if model_id != ANY_MODEL and models.find_model(connection, project, model_id) is None:
        names = [row.name for row in models.list_models(connection, project)]
        raise NotFound(f"there is no model {model_id!r}", hint=meant(model_id, names))
