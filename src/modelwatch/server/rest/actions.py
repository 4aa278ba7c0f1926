"""/api/v1/actions and /api/v1/action-runs: what is done about alerts that last, and what people decide about it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from modelwatch.alerts.remediation.action import GROUP
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.metrics.functions import entries
from modelwatch.server import fields
from modelwatch.server.action_body import EXAMPLE, PROPERTIES, TEXT
from modelwatch.server.body import read_object
from modelwatch.server.paths import decoded
from modelwatch.server.permission import permission
from modelwatch.server.queries import actions as queries
from modelwatch.server.queries.actions import url_of
from modelwatch.server.rest import action_shapes as shapes
from modelwatch.server.rest.alert_verbs import body
from modelwatch.server.rest.alerts import LARGEST
from modelwatch.server.services import Given, Services
from modelwatch.store.action_runs import RunFilter
from modelwatch.store.engine import reading

State = Literal["proposed", "approved", "running", "done", "failed", "rejected", "expired", "dry_run"]
RunId = Annotated[int, Path(ge=0, le=LARGEST)]
router = APIRouter(prefix="/api/v1", tags=["actions"])
NAME = {"type": "string", "minLength": 1, "maxLength": 100}
CREATE = body(["name", "on"], {"name": NAME, **PROPERTIES})
CREATE["requestBody"]["content"]["application/json"]["schema"]["example"] = EXAMPLE
VERDICT = body(["by"], {"by": TEXT, "comment": TEXT})


async def action_in_path(name: Annotated[str, Path(description="the action's name, percent-encoded")]) -> str:
    """The action's name in the path."""
    return decoded(name)


ActionName = Annotated[str, Depends(action_in_path)]


@router.get("/actions", summary="List actions", response_model=shapes.Actions, dependencies=[permission("read")])
def list_actions(services: Given) -> dict[str, Any]:
    """All actions, and the functions that one may name."""
    with reading(services.engine) as connection:
        return {"actions": queries.read_actions(connection), "entries": sorted(entries(GROUP))}


@router.post(
    "/actions",
    summary="Create an action",
    response_model=shapes.Action,
    status_code=201,
    dependencies=[permission("write")],
    openapi_extra=CREATE,
)
async def create_action(request: Request, services: Given) -> queries.ActionView:
    """A new action only records what it would do (`dry_run`) and asks before it acts (`approval`), unless told else."""
    return await saved(services, await read_object(request), "create")


@router.get("/actions/{name}", summary="One action", response_model=shapes.Action, dependencies=[permission("read")])
def get_action(name: ActionName, services: Given) -> queries.ActionView:
    """One action with why it is not due for the alerts that go on."""
    with reading(services.engine) as connection:
        return queries.read_action(connection, name)


@router.patch(
    "/actions/{name}",
    summary="Change an action",
    response_model=shapes.Action,
    dependencies=[permission("write")],
    openapi_extra=body([], PROPERTIES),
)
async def change_action(name: ActionName, request: Request, services: Given) -> queries.ActionView:
    """Changes the fields that are named; runs that wait expire, since another thing would be done."""
    said = await read_object(request)
    if said.get("name", name) != name:
        raise fields.refused("name", "cannot be changed", "make a new action and delete this one")
    return await saved(services, {**said, "name": name}, "change")


@router.delete("/actions/{name}", summary="Delete an action", status_code=204, dependencies=[permission("write")])
def delete_action(name: ActionName, services: Given) -> Response:
    """Forgets the action and its secrets; what it did stays on record."""
    queries.delete_action(services.engine, name, services.clock())
    return Response(status_code=204)


@router.post(
    "/actions/{name}/try",
    summary="Try an action on an alert",
    response_model=shapes.ActionTrial,
    dependencies=[permission("read")],
    openapi_extra=body(["alert_id"], {"alert_id": {"type": "integer", "minimum": 0}}),
)
async def try_action(name: ActionName, request: Request, services: Given) -> queries.Trial:
    """Exactly what would be sent about the alert, and whether it is due; nothing is sent and nothing recorded."""
    said = await read_object(request)
    fields.only(said, ("alert_id",))
    alert_id = fields.whole(said, "alert_id", 0, 2**53)

    def look() -> queries.Trial:
        with reading(services.engine) as connection:
            return queries.try_action(connection, name, alert_id, services.clock(), url_of(services))

    return await anyio.to_thread.run_sync(look)


@router.get(
    "/action-runs", summary="List runs of actions", response_model=shapes.ActionRuns, dependencies=[permission("read")]
)
def list_runs(
    services: Given,
    action: str | None = None,
    model_id: str | None = None,
    alert_id: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    state: Annotated[list[State] | None, Query(description="may be given more than once")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int | None, Query(description="`next` of the page before", ge=0, le=LARGEST)] = None,
) -> dict[str, Any]:
    """What actions did, do, and would do; the newest first."""
    wanted = RunFilter(DEFAULT_PROJECT, action, model_id, alert_id, state, cursor)
    with reading(services.engine) as connection:
        found = queries.read_runs(connection, wanted, limit + 1)
    page = found[:limit]
    return {"runs": page, "next": page[-1].id if len(found) > limit else None}


@router.post(
    "/action-runs/{run_id}/approve",
    summary="Approve a run",
    response_model=shapes.ActionRun,
    dependencies=[permission("write")],
    openapi_extra=VERDICT,
)
async def approve_run(run_id: RunId, request: Request, services: Given) -> queries.Run:
    """Lets a proposed run go ahead: what was shown is done within seconds."""
    return await decided(services, run_id, "approve", await read_object(request))


@router.post(
    "/action-runs/{run_id}/reject",
    summary="Reject a run",
    response_model=shapes.ActionRun,
    dependencies=[permission("write")],
    openapi_extra=VERDICT,
)
async def reject_run(run_id: RunId, request: Request, services: Given) -> queries.Run:
    """Ends a proposed run; the action is not proposed again for the same alert."""
    return await decided(services, run_id, "reject", await read_object(request))


async def saved(services: Services, said: dict[str, Any], mode: Literal["create", "change"]) -> queries.ActionView:
    """Writes an action beside the event loop."""
    return await anyio.to_thread.run_sync(
        queries.save_action, services.engine, services.vault, said, services.clock(), mode
    )


async def decided(
    services: Services, run_id: int, verb: Literal["approve", "reject"], said: dict[str, Any]
) -> queries.Run:
    """Writes a decision beside the event loop."""
    fields.only(said, ("by", "comment"))
    verdict = queries.Verdict(verb, fields.text(said, "by"), fields.text(said, "comment"))
    return await anyio.to_thread.run_sync(queries.decide_run, services.engine, run_id, verdict, services.clock())
