"""Rules and what was last said of each: for a model, or for every model of a project."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from modelwatch.alerts.life import ON, Status
from modelwatch.alerts.rule import ANY_MODEL, Override, Rule, Written
from modelwatch.alerts.rule_json import rule_from_json, rule_to_json
from modelwatch.errors import Conflict, NotFound
from modelwatch.store.alerts import drop_pending, resolve_alert
from modelwatch.store.notify_tables import rule_states, rules
from modelwatch.store.tables import alerts, deployments, models
from modelwatch.store.upsert import upsert

KIND_PREFIX: Final = "rule:"
"""The kind of a rule's alerts is this and its id."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A stored rule; `by` is who wrote it, as the key or the browser says. Times are wall time."""

    id: str
    project: str
    rule: Written
    by: str
    created_us: int
    updated_us: int

    @property
    def kind(self) -> str:
        """The kind of its alerts."""
        return self.rule.kind if isinstance(self.rule, Override) else KIND_PREFIX + self.id


@dataclass(frozen=True, slots=True)
class RuleState:
    """What was last said of a rule for one deployment: ok, pending, firing, no_data, insufficient_data, error or
    off_schedule, and why; `at_us` is the end of the window, `checked_us` wall time."""

    rule_id: str
    deployment_id: int
    state: str
    text: str
    at_us: int
    checked_us: int


@dataclass(frozen=True, slots=True)
class NamedState:
    """The state of a rule, with the names of what it is about."""

    state: RuleState
    model: str
    environment: str
    version: str


def new_rule_id(random: Callable[[int], bytes]) -> str:
    """An id for a rule.

    >>> new_rule_id(lambda count: bytes(range(count)))
    'rule_000102030405'
    """
    return "rule_" + random(6).hex()


def rule_row(row: Row[Any]) -> RuleRow:
    """A row of `rules` as a value."""
    return RuleRow(row.id, row.project, rule_from_json(json.loads(row.body)), row.by, row.created_us, row.updated_us)


def list_rules(connection: Connection, project: str, model: str | None = None) -> list[RuleRow]:
    """The rules of a project, or those written for one model and for all, by model and name."""
    query = select(rules).where(rules.c.project == project)
    if model is not None:
        query = query.where(rules.c.model.in_([model, ANY_MODEL]))
    rows = connection.execute(query.order_by(rules.c.model, rules.c.name))
    return [rule_row(row) for row in rows]


def nearest(found: Iterable[RuleRow], model: str) -> list[RuleRow]:
    """Of rules those that are about a model: one that was written for it takes the place of one of the same name that
    was written for all."""
    answer: dict[str, RuleRow] = {}
    for row in found:
        if row.rule.model == model or (row.rule.model == ANY_MODEL and row.rule.name not in answer):
            answer[row.rule.name] = row
    return list(answer.values())


def is_about(rule: Rule, environment: str, version: str) -> bool:
    """True when a rule is about a version in an environment."""
    return rule.environment in ("", environment) and rule.version in ("", version)


def rules_for(connection: Connection, project: str, model: str, environment: str, version: str) -> list[RuleRow]:
    """The rules that are evaluated for a version of a model."""
    held = nearest(list_rules(connection, project, model), model)
    return [
        row
        for row in held
        if row.rule.enabled and isinstance(row.rule, Rule) and is_about(row.rule, environment, version)
    ]


def override_for(connection: Connection, project: str, model: str, kind: str) -> RuleRow | None:
    """What was changed about the rule of a kind that exists without anyone writing it, for the model or for all."""
    found = named(connection, project, (model, ANY_MODEL), Override(kind, model).name)
    return min(found, key=lambda row: row.rule.model == ANY_MODEL, default=None)


def named(connection: Connection, project: str, of: Collection[str], name: str) -> list[RuleRow]:
    """The rules of one name, of any of these models."""
    query = select(rules).where(rules.c.project == project, rules.c.model.in_(list(of)), rules.c.name == name)
    return [rule_row(row) for row in connection.execute(query)]


def find_rule(connection: Connection, project: str, rule_id: str) -> RuleRow:
    """The rule with that id; raises `NotFound`."""
    query = select(rules).where(rules.c.project == project, rules.c.id == rule_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no rule {rule_id[:60]!r}", hint="GET /api/v1/alert-rules lists them")
    return rule_row(row)


def add_rule(connection: Connection, project: str, rule_id: str, rule: Written, by: str, now_us: int) -> RuleRow:
    """Store a new rule of a name that its model has no rule of yet."""
    values = {"id": rule_id, "project": project, "created_us": now_us, **columns(rule, by, now_us)}
    connection.execute(insert(rules).values(**values))
    return RuleRow(rule_id, project, rule, by, now_us, now_us)


def change_rule(connection: Connection, before: RuleRow, rule: Written, by: str, now_us: int) -> RuleRow:
    """Store a rule over one that there is; it is evaluated anew on the newest windows."""
    others = named(connection, before.project, (rule.model,), rule.name)
    if any(row.id != before.id for row in others):
        raise Conflict(f"{rule.model} has another rule {rule.name[:60]!r}", hint="choose another name")
    connection.execute(update(rules).where(rules.c.id == before.id).values(**columns(rule, by, now_us)))
    forget_states(connection, before.id)
    return RuleRow(before.id, before.project, rule, by, before.created_us, now_us)


def columns(rule: Written, by: str, now_us: int) -> dict[str, Any]:
    """What is stored of a rule."""
    return {
        "model": rule.model,
        "name": rule.name,
        "body": json.dumps(rule_to_json(rule), separators=(",", ":")),
        "enabled": rule.enabled,
        "by": by,
        "updated_us": now_us,
        "evaluated_us": None,
    }


def drop_rule(connection: Connection, rule_id: str) -> None:
    """Delete a rule and what was said of it; its alerts stay as history."""
    forget_states(connection, rule_id)
    connection.execute(delete(rules).where(rules.c.id == rule_id))


def end_alerts(connection: Connection, project: str, text: str, now_us: int) -> int:
    """Resolve what goes on of rules that hold no more (deleted, switched off, narrowed), with the reason; how many."""
    c = alerts.c
    query = (
        select(c.id, c.kind, c.status, c.checked_us, models.c.name, deployments.c.environment, deployments.c.version)
        .join(models, models.c.id == c.model_id)
        .join(deployments, deployments.c.id == c.deployment_id)
        .where(models.c.project == project, c.status.in_((*ON, Status.PENDING)))
    )
    found = connection.execute(query).all()
    every = list_rules(connection, project)
    by_model = {name: nearest(every, name) for name in {row.name for row in found}}
    over = [row for row in found if not stands(by_model[row.name], row.kind, row.environment, row.version)]
    for row in over:
        if row.status == Status.PENDING:
            drop_pending(connection, row.id)
            continue
        resolve_alert(connection, row.id, row.checked_us, text, now_us)
    return len(over)


def stands(held: Collection[RuleRow], kind: str, environment: str, version: str) -> bool:
    """True when alerts of that kind are still raised by the rules that are nearest to a model."""
    row = next((each for each in held if each.kind == kind), None)
    if row is None:
        return not kind.startswith(KIND_PREFIX)
    return row.rule.enabled and (isinstance(row.rule, Override) or is_about(row.rule, environment, version))


def save_states(connection: Connection, states: Iterable[RuleState]) -> None:
    """Keep what was last said of rules."""
    rows = [
        {
            "rule_id": each.rule_id,
            "deployment_id": each.deployment_id,
            "segment": "",
            "state": each.state,
            "text": each.text,
            "at_us": each.at_us,
            "checked_us": each.checked_us,
        }
        for each in states
    ]
    upsert(connection, rule_states, rows, ["rule_id", "deployment_id", "segment"])


def forget_states(connection: Connection, rule_id: str) -> None:
    """Let go of what was said of a rule."""
    connection.execute(delete(rule_states).where(rule_states.c.rule_id == rule_id))


def forget_old_states(connection: Connection, before_us: int) -> int:
    """Let go of what was said for the last time before then; returns how much that was."""
    return connection.execute(delete(rule_states).where(rule_states.c.checked_us < before_us)).rowcount


def load_states(connection: Connection, rule_ids: Collection[str]) -> dict[str, list[NamedState]]:
    """{rule: what was last said of it, by model, environment and version}."""
    found: dict[str, list[NamedState]] = {}
    query = (
        select(rule_states, models.c.name, deployments.c.environment, deployments.c.version)
        .join(deployments, deployments.c.id == rule_states.c.deployment_id)
        .join(models, models.c.id == deployments.c.model_id)
        .where(rule_states.c.rule_id.in_(list(rule_ids)))
        .order_by(models.c.name, deployments.c.environment, deployments.c.version)
    )
    for row in connection.execute(query):
        state = RuleState(row.rule_id, row.deployment_id, row.state, row.text, row.at_us, row.checked_us)
        found.setdefault(row.rule_id, []).append(NamedState(state, row.name, row.environment, row.version))
    return found


def count_open(connection: Connection, kinds: Collection[str]) -> Mapping[str, int]:
    """{kind: alerts that go on}."""
    query = select(alerts.c.kind).where(alerts.c.kind.in_(list(kinds)), alerts.c.status.in_(ON))
    found: dict[str, int] = {}
    for kind in connection.execute(query).scalars():
        found[kind] = found.get(kind, 0) + 1
    return found


def unevaluated(connection: Connection) -> list[RuleRow]:
    """The rules that were written since they were last evaluated."""
    query = select(rules).where(rules.c.evaluated_us.is_(None)).order_by(rules.c.updated_us, rules.c.id)
    return [rule_row(row) for row in connection.execute(query)]


def mark_evaluated(connection: Connection, row: RuleRow, now_us: int) -> None:
    """Take note that a rule was evaluated as it is; not when it was written anew meanwhile."""
    where = (rules.c.id == row.id, rules.c.updated_us == row.updated_us)
    connection.execute(update(rules).where(*where).values(evaluated_us=now_us))
