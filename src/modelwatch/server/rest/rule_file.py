"""PUT /api/v1/alert-rules: the rules of a project as one list, as code is applied."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from modelwatch.server.body import read_object
from modelwatch.server.fields import only
from modelwatch.server.permission import permission
from modelwatch.server.queries.apply_rules import Applied as Plan
from modelwatch.server.queries.apply_rules import apply_rules
from modelwatch.server.rest.rules import RULE, Who, writer
from modelwatch.server.rest.shapes import Shape
from modelwatch.server.services import Given

router = APIRouter(prefix="/api/v1", tags=["alert rules"])
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rules"],
    "properties": {"rules": {"type": "array", "items": RULE}},
}
BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": SCHEMA}}}}


class FieldChange(Shape):
    """One field, before and after."""

    field: str
    before: Any
    after: Any


class RuleChange(Shape):
    """What happens to one rule."""

    action: Literal["added", "changed", "removed", "unchanged"]
    rule_name: str
    model_id: str
    fields: list[FieldChange]


class Applied(Shape):
    """What would change, or has changed when `applied`; `notes` say what looks wrong and is no error."""

    applied: bool
    changes: list[RuleChange]
    added: int
    changed: int
    removed: int
    unchanged: int
    notes: list[str]


@router.put(
    "/alert-rules",
    summary="Apply rules as code",
    response_model=Applied,
    dependencies=[permission("write")],
    openapi_extra=BODY,
)
async def put_rules(
    request: Request,
    services: Given,
    dry_run: Annotated[bool, Query(description="say what would change, and change nothing")] = False,
    prune: Annotated[bool, Query(description="remove the rules that are not in the list")] = False,
    by: Who = "",
) -> Plan:
    """Every rule of the list is added or takes the place of the one of its name and model, in one transaction."""
    said = await read_object(request)
    only(said, ("rules",))
    whose = writer(services, request, by)
    return await anyio.to_thread.run_sync(apply_rules, whose, said.get("rules"), dry_run, prune)
