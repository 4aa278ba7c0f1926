"""The types of the GraphQL schema that tell of rules, and what the fields do."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from modelwatch.alerts.rule import ANY_MODEL
from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime, Level
from modelwatch.server.permission import require
from modelwatch.server.queries import backtest as tests
from modelwatch.server.queries import rule_metrics, rules, write_rules
from modelwatch.server.queries.write_rules import Writer

RuleId = Annotated[strawberry.ID, strawberry.argument(name="id")]
Said = Annotated[JSON, strawberry.argument(description="a rule as in a POST to /api/v1/alert-rules")]


@strawberry.type(description="What was last said of a rule for one version of a model.")
class RuleState:
    model_id: str
    environment: str
    version: str
    state: str = strawberry.field(
        description="ok, pending, firing, no_data, insufficient_data, error or off_schedule; the last four are neither "
        "silence nor health"
    )
    text: str = strawberry.field(description="why, in words")
    at: DateTime = strawberry.field(description="the end of the window that was judged")
    checked_at: DateTime


@strawberry.type
class AlertRule:
    id: strawberry.ID
    name: str
    model_id: str = strawberry.field(description="__any__ is each model of the project")
    built_in: bool = strawberry.field(description="true for a rule that exists without anyone writing it")
    changed: bool = strawberry.field(description="true for a built-in rule that is not as it was")
    title: str
    words: str = strawberry.field(description="what it watches, in words")
    why: str = strawberry.field(description="why a built-in rule is there, else ''")
    description: str
    enabled: bool
    severity: str = strawberry.field(description="info, warning, critical or by_level")
    channels: list[str] = strawberry.field(description="none: the channels that take everything of that severity")
    body: JSON = strawberry.field(description="what saveRule takes")
    by: str
    created_at: DateTime | None
    updated_at: DateTime | None
    state: str | None = strawberry.field(description="the worst of its states, null before it was evaluated")
    states: list[RuleState]
    open_alerts: int


@strawberry.type(description="An alert that there would have been.")
class TestedEpisode:
    opened_at: DateTime
    resolved_at: DateTime | None
    seconds: float
    level: Level
    title: str


@strawberry.type(description="What a rule would have done for one version of a model.")
class Tested:
    model_id: str
    environment: str
    version: str
    fired: int
    windows: int
    unjudged: int = strawberry.field(description="windows that could not be judged")
    reasons: list[str] = strawberry.field(description="why they could not")
    fault: str = strawberry.field(description="why none ever can, else ''")
    episodes: list[TestedEpisode]


@strawberry.type(description="What a rule would have done in the last days; nothing is saved.")
class BackTest:
    words: str
    days: int
    fired: int
    fired_models: int
    windows: int
    unjudged: int
    looked_at: int = strawberry.field(description="models that were tried before the time was over")
    models: int
    complete: bool
    text: str = strawberry.field(description="in a sentence: 'This rule would have fired 14 times in the last 90 days'")
    tested: list[Tested]


@strawberry.type(description="A metric that a rule may name.")
class RuleMetric:
    name: str
    title: str
    family: str
    unit: str = strawberry.field(description="share, number, times, target, or a unit of the user's own")
    of: list[str] = strawberry.field(description="what it may be narrowed to: feature, segment, group, class")
    up_is_good: bool | None
    has_baseline: bool = strawberry.field(description="a change against the baseline may be asked for")
    has_chance: bool = strawberry.field(description="outside_chance may be asked for")


@strawberry.type(description="A subject of decisions by level.")
class RuleSubject:
    name: str
    title: str
    what: str


@strawberry.type(description="What a rule may be about, for a form.")
class RuleMetrics:
    metrics: list[RuleMetric]
    subjects: list[RuleSubject]
    operators: list[str]
    features: list[str]
    segments: list[str]
    groups: list[str]
    classes: list[str]
    environments: list[str]
    versions: list[str]


def back_test(info: Info, rule: Said, days: int = 90) -> tests.BackTest:
    """What a rule would have done, from stored figures, before it is saved."""
    found = rule_from_json({"rule_name": "back-test", "model_id": ANY_MODEL, **body(rule)})
    return tests.back_test(info.context.connection, found, days, info.context.services.clock)


def read_rule_metrics(info: Info, model_id: str | None = None) -> rule_metrics.RuleMetrics:
    """What a rule of a model, or of all, may be about."""
    return rule_metrics.rule_metrics(info.context.connection, model_id)


def read_rules(info: Info, model_id: str | None = None) -> list[rules.AlertRule]:
    """The rules of the project, or those that concern one model; built-in ones come last."""
    return rules.read_rules(info.context.connection, model_id)


def read_rule(info: Info, rule_id: RuleId) -> rules.AlertRule | None:
    """One rule, or null."""
    try:
        return rules.read_rule(info.context.connection, rule_id)
    except NotFound:
        return None


def save_rule(info: Info, rule: Said, rule_id: RuleId | None = None, by: str = "") -> rules.AlertRule:
    """A new rule, or with an id another one in its place. A built-in rule is changed by its name, without an id."""
    said = body(rule)
    return (
        write_rules.create(writer(info, by), {"model_id": "__any__", **said})
        if rule_id is None
        else write_rules.change(writer(info, by), rule_id, said)
    )


def delete_rule(info: Info, rule_id: RuleId, by: str = "") -> str:
    """Deletes a rule, or what was changed about a built-in one; returns its name."""
    return write_rules.remove(writer(info, by), rule_id)


def set_rule_enabled(info: Info, rule_id: RuleId, enabled: bool, by: str = "") -> rules.AlertRule:
    """Switches a rule on or off."""
    return write_rules.switch(writer(info, by), rule_id, enabled)


def writer(info: Info, by: str) -> Writer:
    """Who writes, and when; needs the permission to write."""
    require(info.context.permissions, "write")
    if len(by) > 200:
        raise InvalidRequest("a name has at most 200 characters")
    return Writer(info.context.services.engine, by or info.context.who, info.context.wall_us)


def body(said: object) -> dict[str, Any]:
    """A rule as the object that it must be."""
    if not isinstance(said, dict):
        raise InvalidRequest("a rule must be an object", hint='{"rule_name": "High PSI", "condition": {...}}')
    return said
