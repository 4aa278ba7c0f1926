"""/api/v1/alert-rules and /api/v1/models/{model_id}/alert-rules: write, list, change, switch and delete rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request

from modelwatch.alerts.rule import Severity
from modelwatch.alerts.rule_json import CONDITION_KEYS, KINDS
from modelwatch.server.body import read_object
from modelwatch.server.paths import ModelId, decoded
from modelwatch.server.permission import permission
from modelwatch.server.queries import write_rules
from modelwatch.server.queries.rules import AlertRule, State, known_model, read_rule, read_rules
from modelwatch.server.queries.write_rules import Writer
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given, Services
from modelwatch.server.who import who
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["alert rules"])
BY = Query(description="who does this, for the history", max_length=200)
Who = Annotated[str, BY]
CONDITION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{key: {"type": "string"} for key in CONDITION_KEYS},
        "subject": {"enum": list(KINDS), "description": "by decision level, in the place of a metric"},
        "threshold": {"type": "number"},
        "change": {"enum": ["absolute", "percent"]},
        "against": {"const": "baseline"},
        "windows_ago": {"type": "integer", "minimum": 1},
        "level": {"enum": ["warning", "critical"]},
    },
}
CONDITIONS = {"type": "array", "items": {"type": "object"}, "description": "conditions, or one list more of them"}
RULE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rule_name"],
    "properties": {
        "rule_name": {"type": "string"},
        "model_id": {"type": "string", "description": "__any__ is each model of the project"},
        "condition": CONDITION,
        "all": CONDITIONS,
        "any": CONDITIONS,
        "for": {"type": "object", "properties": {"k": {"type": "integer"}, "n": {"type": "integer"}}},
        "min_rows": {"type": "integer", "default": 200},
        "environment": {"type": "string"},
        "version": {"type": "string"},
        "severity": {"enum": [each.value for each in Severity]},
        "channels": {"type": "array", "items": {"type": "string"}},
        "schedule": {"type": "object", "description": "days, from, to, zone"},
        "enabled": {"type": "boolean", "default": True},
        "description": {"type": "string"},
    },
    "example": {
        "rule_name": "High PSI Alert",
        "condition": {
            "metric": "psi",
            "feature": "transaction_amount",
            "operator": "greater_than",
            "threshold": 0.25,
        },
        "severity": "critical",
        "channels": ["slack", "email"],
        "enabled": True,
    },
}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": RULE}}}}
READ, WRITE = permission("read"), permission("write")


class RuleStateShape(Shape):
    """What was last said of a rule for one version of a model."""

    model_id: str
    environment: str
    version: str
    state: State
    text: str
    at: Moment
    checked_at: Moment


class RuleShape(Shape):
    """A rule: `body` is what may be sent again, `words` say it; `status` is active or disabled."""

    rule_id: str
    rule_name: str
    model_id: str
    status: Literal["active", "disabled"]
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
    created_at: Moment | None
    updated_at: Moment | None
    state: State | None
    states: list[RuleStateShape]
    open_alerts: int


class RuleShapes(Shape):
    """Rules: those that were written, then those that exist without anyone writing them."""

    rules: list[RuleShape]


class Deleted(Shape):
    """What was deleted."""

    rule_id: str
    rule_name: str


async def rule_in_path(rule_id: Annotated[str, Path(description="the id of a rule")]) -> str:
    """The rule id of the path."""
    return decoded(rule_id)


RuleId = Annotated[str, Depends(rule_in_path)]


def shape(rule: AlertRule) -> RuleShape:
    """A rule as REST names it."""
    said = {name: getattr(rule, name) for name in RuleShape.model_fields if hasattr(rule, name)}
    states = [RuleStateShape.model_validate(each) for each in rule.states]
    status = "active" if rule.enabled else "disabled"
    return RuleShape(**{**said, "states": states, "rule_id": rule.id, "rule_name": rule.name, "status": status})


def listed(found: list[AlertRule]) -> RuleShapes:
    """A list of rules."""
    return RuleShapes(rules=[shape(each) for each in found])


@router.get("/alert-rules", summary="All rules", response_model=RuleShapes, dependencies=[READ])
def list_rules(services: Given) -> RuleShapes:
    """Every rule of the project, those for all models (`__any__`) included."""
    with reading(services.engine) as connection:
        return listed(read_rules(connection))


@router.get("/models/{model_id}/alert-rules", summary="A model's rules", response_model=RuleShapes, dependencies=[READ])
def list_model_rules(model_id: ModelId, services: Given) -> RuleShapes:
    """The rules that were written for a model or for all, and those that exist anyway."""
    with reading(services.engine) as connection:
        known_model(connection, model_id)
        return listed(read_rules(connection, model_id))


@router.get("/alert-rules/{rule_id}", summary="One rule", response_model=RuleShape, dependencies=[READ])
def get_rule(rule_id: RuleId, services: Given) -> RuleShape:
    """One rule, whatever it is for."""
    with reading(services.engine) as connection:
        return shape(read_rule(connection, rule_id))


@router.get(
    "/models/{model_id}/alert-rules/{rule_id}",
    summary="One rule of a model",
    response_model=RuleShape,
    dependencies=[READ],
)
def get_model_rule(model_id: ModelId, rule_id: RuleId, services: Given) -> RuleShape:
    """One rule with what was last said of it."""
    with reading(services.engine) as connection:
        known_model(connection, model_id)
        return shape(read_rule(connection, rule_id))


@router.post(
    "/alert-rules",
    summary="Write a rule for all models, or for the one that it names",
    response_model=RuleShape,
    status_code=201,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def write_rule(request: Request, services: Given, by: Who = "") -> RuleShape:
    """A new rule; without a `model_id` it is for every model."""
    said = {"model_id": "__any__", **await read_object(request)}
    return shape(await anyio.to_thread.run_sync(write_rules.create, writer(services, request, by), said))


@router.post(
    "/models/{model_id}/alert-rules",
    summary="Write a rule",
    response_model=RuleShape,
    status_code=201,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def write_model_rule(model_id: ModelId, request: Request, services: Given, by: Who = "") -> RuleShape:
    """A new rule for a model: from now on, and on its newest window."""
    said = await read_object(request)
    return shape(await anyio.to_thread.run_sync(write_rules.create, writer(services, request, by), said, model_id))


@router.put(
    "/models/{model_id}/alert-rules/{rule_id}",
    summary="Replace a rule",
    response_model=RuleShape,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def replace_rule(
    model_id: ModelId, rule_id: RuleId, request: Request, services: Given, by: Who = ""
) -> RuleShape:
    """The whole rule anew; it is evaluated on the newest window and on what comes."""
    said = await read_object(request)
    return shape(
        await anyio.to_thread.run_sync(write_rules.change, writer(services, request, by), rule_id, said, model_id)
    )


@router.patch(
    "/models/{model_id}/alert-rules/{rule_id}",
    summary="Change parts of a rule",
    response_model=RuleShape,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def change_rule(model_id: ModelId, rule_id: RuleId, request: Request, services: Given, by: Who = "") -> RuleShape:
    """The keys that are named take their new values; null takes one away."""
    said = await read_object(request)
    return shape(
        await anyio.to_thread.run_sync(write_rules.patch, writer(services, request, by), rule_id, said, model_id)
    )


@router.delete(
    "/models/{model_id}/alert-rules/{rule_id}",
    summary="Delete a rule",
    response_model=Deleted,
    dependencies=[WRITE],
)
async def delete_rule(model_id: ModelId, rule_id: RuleId, request: Request, services: Given, by: Who = "") -> Deleted:
    """Its alerts end and stay in the history; a rule that exists anyway becomes as it was."""
    name = await anyio.to_thread.run_sync(write_rules.remove, writer(services, request, by), rule_id, model_id)
    return Deleted(rule_id=rule_id, rule_name=name)


@router.put(
    "/alert-rules/{rule_id}",
    summary="Replace a rule, whatever it is for",
    response_model=RuleShape,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def replace_any_rule(rule_id: RuleId, request: Request, services: Given, by: Who = "") -> RuleShape:
    """The whole rule anew; it is evaluated on the newest windows and on what comes."""
    said = await read_object(request)
    return shape(await anyio.to_thread.run_sync(write_rules.change, writer(services, request, by), rule_id, said))


@router.patch(
    "/alert-rules/{rule_id}",
    summary="Change parts of a rule, whatever it is for",
    response_model=RuleShape,
    dependencies=[WRITE],
    openapi_extra=BODY,
)
async def change_any_rule(rule_id: RuleId, request: Request, services: Given, by: Who = "") -> RuleShape:
    """The keys that are named take their new values; null takes one away."""
    said = await read_object(request)
    return shape(await anyio.to_thread.run_sync(write_rules.patch, writer(services, request, by), rule_id, said))


@router.delete(
    "/alert-rules/{rule_id}", summary="Delete a rule, whatever it is for", response_model=Deleted, dependencies=[WRITE]
)
async def delete_any_rule(rule_id: RuleId, request: Request, services: Given, by: Who = "") -> Deleted:
    """Its alerts end and stay in the history; a rule that exists anyway becomes as it was."""
    name = await anyio.to_thread.run_sync(write_rules.remove, writer(services, request, by), rule_id)
    return Deleted(rule_id=rule_id, rule_name=name)


def writer(services: Services, request: Request, by: str) -> Writer:
    """Who writes, and when."""
    return Writer(services.engine, by or who(request.headers), services.clock())
