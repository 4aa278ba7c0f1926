"""Rules as code: all rules of a project as a list, held against those that are there, and put in their place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection

from modelwatch.alerts.rule import ANY_MODEL, Written
from modelwatch.alerts.rule_json import rule_from_json, rule_to_json
from modelwatch.errors import InvalidRequest
from modelwatch.server.queries.subject import meant
from modelwatch.server.queries.write_rules import Writer, check_metrics, ended, put
from modelwatch.store import models, rules
from modelwatch.store.engine import reading, writing

MOST_RULES: Final = 2_000
Action = Literal["added", "changed", "removed", "unchanged"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a rule, before and after as JSON; None where there is none."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What happens to one rule."""

    action: Action
    rule_name: str
    model_id: str
    fields: list[FieldChange]


@dataclass(frozen=True, slots=True)
class Applied:
    """What changes, or changed when `applied`; `notes` say what looks wrong and is no error."""

    applied: bool
    changes: list[RuleChange]
    added: int
    changed: int
    removed: int
    unchanged: int
    notes: list[str]


def apply_rules(writer: Writer, said: object, dry_run: bool, prune: bool) -> Applied:
    """Bring the rules of a project in line with a list, all in one transaction; `prune` removes those not in it."""
    wanted = read_list(said)
    if dry_run:
        with reading(writer.engine) as connection:
            return planned(connection, writer, wanted, prune, dry_run)
    with writing(writer.engine) as connection:
        plan = planned(connection, writer, wanted, prune, dry_run)
        for rule in wanted.values():
            put(connection, writer, rule)
        if prune:
            for row in rules.list_rules(connection, writer.project):
                if (row.rule.model, row.rule.name) not in wanted:
                    rules.drop_rule(connection, row.id)
        ended(connection, writer, "The rules were applied from a file")
        return plan


def read_list(said: object) -> dict[tuple[str, str], Written]:
    """The rules of a list by model and name; raises `InvalidRequest`, which names the rule."""
    if not isinstance(said, list) or len(said) > MOST_RULES:
        raise InvalidRequest(f"rules must be a list of at most {MOST_RULES:,}", hint='{"rules": [{...}, ...]}')
    found: dict[tuple[str, str], Written] = {}
    for place, each in enumerate(said):
        try:
            rule = rule_from_json(each)
        except InvalidRequest as error:
            name = each.get("rule_name") if isinstance(each, dict) else None
            raise InvalidRequest(f"rules[{place}] {name!r:.70}: {error.message}", hint=error.hint) from error
        if (rule.model, rule.name) in found:
            raise InvalidRequest(f"rules[{place}] {rule.name!r:.70} is there twice", hint="names are unique per model")
        found[rule.model, rule.name] = rule
    return found


def planned(
    connection: Connection, writer: Writer, wanted: Mapping[tuple[str, str], Written], prune: bool, dry_run: bool
) -> Applied:
    """What would change."""
    there = {(row.rule.model, row.rule.name): row.rule for row in rules.list_rules(connection, writer.project)}
    changes = [change(there.get(key), rule) for key, rule in wanted.items()]
    changes += [
        RuleChange("removed", name, model, []) for model, name in there if prune and (model, name) not in wanted
    ]
    for rule in wanted.values():
        try:
            check_metrics(connection, writer.project, rule)
        except InvalidRequest as error:
            raise InvalidRequest(f"rule {rule.name!r:.70}: {error.message}", hint=error.hint) from error
    count = {action: sum(each.action == action for each in changes) for action in ("added", "changed", "removed")}
    names = [row.name for row in models.list_models(connection, writer.project)]
    strange = sorted({rule.model for rule in wanted.values()} - {*names, ANY_MODEL})
    notes = [f"model {name!r} has sent nothing yet; {meant(name, names)}" for name in strange]
    left = len(changes) - sum(count.values())
    return Applied(not dry_run, changes, count["added"], count["changed"], count["removed"], left, notes)


def change(before: Written | None, after: Written) -> RuleChange:
    """What happens to a rule, field by field."""
    if before == after:
        return RuleChange("unchanged", after.name, after.model, [])
    old = {} if before is None else flat(rule_to_json(before))
    new = flat(rule_to_json(after))
    fields = [
        FieldChange(name, old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if before is not None and old.get(name) != new.get(name)
    ]
    return RuleChange("added" if before is None else "changed", after.name, after.model, fields)


def flat(said: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A rule as one level of fields; lists stay as JSON.

    >>> flat({"for": {"k": 2}, "channels": ["slack"]})
    {'for.k': 2, 'channels': '["slack"]'}
    """
    found: dict[str, Any] = {}
    for key, value in said.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = json.dumps(value) if isinstance(value, list) else value
    return found
