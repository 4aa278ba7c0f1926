"""Rules that people write, change, switch and delete: each in one transaction with the alerts that end by it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.default_rules import DEFAULT_RULES
from modelwatch.alerts.rule import ANY_MODEL, DEFAULT_PREFIX, Override, Rule, Written, conditions_of
from modelwatch.alerts.rule_json import rule_from_json, rule_to_json
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import Conflict
from modelwatch.monitors.custom.watched import watched_metrics
from modelwatch.server.queries.rules import AlertRule, known_model, read_rule
from modelwatch.store import models, rules
from modelwatch.store.engine import reading, writing
from modelwatch.store.metric_names import check_metric
from modelwatch.store.rules import RuleRow

FORMULA: Final = ("condition", "all", "any")


@dataclass(frozen=True, slots=True)
class Writer:
    """Where rules are written, by whom, when."""

    engine: Engine
    by: str
    now_us: int
    project: str = DEFAULT_PROJECT


def create(writer: Writer, said: object, model: str | None = None) -> AlertRule:
    """A new rule; what changes one that exists anyway takes the place of an earlier such change."""
    rule = rule_from_json(said, model)
    with writing(writer.engine) as connection:
        known_model(connection, rule.model, writer.project)
        check_metrics(connection, writer.project, rule)
        if isinstance(rule, Rule) and rules.named(connection, writer.project, (rule.model,), rule.name):
            raise Conflict(f"{rule.model} has a rule {rule.name[:60]!r} already", hint="change it, or choose a name")
        row = put(connection, writer, rule)
        ended(connection, writer, how(rule))
        return read_rule(connection, row.id, writer.project)


def change(writer: Writer, rule_id: str, said: dict[str, Any], model: str | None = None) -> AlertRule:
    """Another rule in the place of one that there is."""
    with writing(writer.engine) as connection:
        before = found(connection, writer, rule_id, model)
        rule = rule_from_json({"model_id": before.rule.model, **said})
        check_metrics(connection, writer.project, rule)
        row = replaced(connection, writer, before, rule)
        ended(connection, writer, how(rule))
        return read_rule(connection, row.id, writer.project)


def patch(writer: Writer, rule_id: str, said: dict[str, Any], model: str | None = None) -> AlertRule:
    """A rule with other values of some keys; a null takes a key away. Another formula takes the place of the one."""
    with reading(writer.engine) as connection:
        before = rule_to_json(found(connection, writer, rule_id, model).rule)
    if any(said.get(key) is not None for key in FORMULA):
        before = {key: value for key, value in before.items() if key not in FORMULA}
    return change(writer, rule_id, {key: value for key, value in {**before, **said}.items() if value is not None})


def switch(writer: Writer, rule_id: str, enabled: bool) -> AlertRule:
    """A rule on or off; what goes on of it ends when it is switched off."""
    with writing(writer.engine) as connection:
        kind = rule_id.removeprefix(DEFAULT_PREFIX)
        if kind != rule_id and kind in DEFAULT_RULES:
            row = rules.override_for(connection, writer.project, ANY_MODEL, kind)
            before: Written = Override(kind, ANY_MODEL) if row is None else row.rule
        else:
            before = rules.find_rule(connection, writer.project, rule_id).rule
        row = put(connection, writer, replace(before, enabled=enabled))
        ended(connection, writer, how(row.rule))
        return read_rule(connection, row.id, writer.project)


def remove(writer: Writer, rule_id: str, model: str | None = None) -> str:
    """Deletes a rule, or what was changed about one that exists anyway; its alerts end. Returns its name."""
    with writing(writer.engine) as connection:
        row = found(connection, writer, rule_id, model)
        rules.drop_rule(connection, row.id)
        ended(connection, writer, f"The rule {row.rule.name} was deleted")
        return row.rule.name


def found(connection: Connection, writer: Writer, rule_id: str, model: str | None) -> RuleRow:
    """A stored rule, of that model if one is named; raises `NotFound`."""
    row = rules.find_rule(connection, writer.project, rule_id)
    if model is not None and row.rule.model not in (model, ANY_MODEL):
        known_model(connection, model, writer.project)
        return rules.find_rule(connection, writer.project, "")
    return row


def put(connection: Connection, writer: Writer, rule: Written) -> RuleRow:
    """A rule by its name: over the one of that name of the same model, or as a new one."""
    there = rules.named(connection, writer.project, (rule.model,), rule.name)
    if not there:
        rule_id = rules.new_rule_id(os.urandom)
        return rules.add_rule(connection, writer.project, rule_id, rule, writer.by, writer.now_us)
    return replaced(connection, writer, there[0], rule)


def replaced(connection: Connection, writer: Writer, before: RuleRow, rule: Written) -> RuleRow:
    """A rule over one that there is; one that is the same is left as it is."""
    if before.rule == rule:
        return before
    return rules.change_rule(connection, before, rule, writer.by, writer.now_us)


def ended(connection: Connection, writer: Writer, how: str) -> None:
    """Resolves what goes on by rules that hold no more."""
    by = f" by {writer.by}" if writer.by else ""
    rules.end_alerts(connection, writer.project, f"{how}{by}", writer.now_us)


def how(rule: Written) -> str:
    """What happened to a rule that was written."""
    return f"The rule {rule.name} was {'changed' if rule.enabled else 'switched off'}"


def check_metrics(connection: Connection, project: str, rule: Written) -> None:
    """Raises `InvalidRequest` for a metric that nothing stores."""
    if isinstance(rule, Override):
        return
    rows = models.list_models(connection, project)
    chosen = [row for row in rows if rule.model in (row.name, ANY_MODEL)]
    custom = {each.metric.name for row in chosen for each in watched_metrics(row.settings.get("metrics"))}
    for condition in conditions_of(rule.formula):
        if condition.level is None:
            check_metric(condition.metric, custom)
