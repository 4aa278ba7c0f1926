"""/api/v1/alerts: list them, and say what was decided about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.server import fields
from modelwatch.server.body import read_object
from modelwatch.server.permission import permission
from modelwatch.server.queries.alerts import MAX_HOURS, Alert, Decision, decide, read_alert, read_alerts
from modelwatch.server.rest import shapes
from modelwatch.server.services import Given, Services
from modelwatch.store.alert_list import AlertFilter
from modelwatch.store.engine import reading

Status = Literal["pending", "firing", "acknowledged", "silenced", "resolved"]
LARGEST = 2**63 - 1
AlertId = Annotated[int, Path(ge=0, le=LARGEST)]
router = APIRouter(prefix="/api/v1", tags=["alerts"])
TEXT = {"type": "string", "maxLength": 2_000}
SAID = {"by": TEXT, "comment": TEXT}


def body(required: list[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI of a small body."""
    schema = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"requestBody": {"required": bool(required), "content": {"application/json": {"schema": schema}}}}


@router.get("/alerts", summary="List alerts", response_model=shapes.Alerts, dependencies=[permission("read")])
def list_alerts(
    services: Given,
    model_id: str | None = None,
    environment: str | None = None,
    version: str | None = None,
    status: Annotated[list[Status] | None, Query(description="may be given more than once")] = None,
    level: Annotated[list[Level] | None, Query(description="may be given more than once")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int | None, Query(description="`next` of the page before", ge=0, le=LARGEST)] = None,
) -> dict[str, Any]:
    """Alerts that go on first, then the newest."""
    levels = None if level is None else [each.value for each in level]
    wanted = AlertFilter(DEFAULT_PROJECT, model_id, environment, version, status, levels, cursor)
    with reading(services.engine) as connection:
        found = read_alerts(connection, wanted, limit + 1)
    page = found[:limit]
    return {"alerts": page, "next": page[-1].id if len(found) > limit else None}


@router.get("/alerts/{alert_id}", summary="One alert", response_model=shapes.Alert, dependencies=[permission("read")])
def get_alert(alert_id: AlertId, services: Given) -> Alert:
    """One alert with its columns and its history."""
    with reading(services.engine) as connection:
        return read_alert(connection, alert_id)


@router.post(
    "/alerts/{alert_id}/acknowledge",
    summary="Acknowledge an alert",
    response_model=shapes.Alert,
    dependencies=[permission("write")],
    openapi_extra=body([], SAID),
)
async def acknowledge(alert_id: AlertId, request: Request, services: Given) -> Alert:
    """A person has seen it."""
    said = await taken(request, ("by", "comment"))
    return await decided(services, alert_id, Decision("acknowledge", *said_by(said)))


@router.post(
    "/alerts/{alert_id}/silence",
    summary="Silence an alert",
    response_model=shapes.Alert,
    dependencies=[permission("write")],
    openapi_extra=body(["hours"], {**SAID, "hours": {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_HOURS}}),
)
async def silence(alert_id: AlertId, request: Request, services: Given) -> Alert:
    """Nothing is sent about it for some hours."""
    said = await taken(request, ("by", "comment", "hours"))
    hours = fields.number(said, "hours", 0.0, MAX_HOURS)
    return await decided(services, alert_id, Decision("silence", *said_by(said), hours))


@router.post(
    "/alerts/{alert_id}/resolve",
    summary="Resolve an alert",
    response_model=shapes.Alert,
    dependencies=[permission("write")],
    openapi_extra=body([], SAID),
)
async def resolve(alert_id: AlertId, request: Request, services: Given) -> Alert:
    """A person says that it is over."""
    said = await taken(request, ("by", "comment"))
    return await decided(services, alert_id, Decision("resolve", *said_by(said)))


async def taken(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """The body, which may be absent, with known fields only."""
    said = await read_object(request)
    fields.only(said, known)
    return said


def said_by(said: Mapping[str, Any]) -> tuple[str, str]:
    """Who, and what they said about it."""
    return fields.text(said, "by"), fields.text(said, "comment")


async def decided(services: Services, alert_id: int, decision: Decision) -> Alert:
    """Writes the decision beside the event loop."""
    return await anyio.to_thread.run_sync(decide, services.engine, alert_id, decision, services.clock())
