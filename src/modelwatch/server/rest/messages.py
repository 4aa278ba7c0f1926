"""/api/v1/messages: what was sent to channels, what waits, and what never arrived."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request

from modelwatch.server.body import read_object
from modelwatch.server.fields import only
from modelwatch.server.permission import permission
from modelwatch.server.queries import messages as queries
from modelwatch.server.rest.alert_verbs import body
from modelwatch.server.rest.alerts import LARGEST
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

State = Literal["waiting", "sent", "dead", "dropped"]
MessageId = Annotated[int, Path(ge=0, le=LARGEST)]
router = APIRouter(prefix="/api/v1", tags=["channels"])


class Message(Shape):
    """One message to one channel. `key` is the same on every try. A dead one was given up; a dropped one was given up
    with its channel or by a person. `next_at` is when a waiting one is tried next."""

    id: int
    channel: str
    event: str
    level: str
    title: str
    key: str
    state: State
    attempts: int
    created_at: Moment
    next_at: Moment | None
    done_at: Moment | None
    error: str
    alerts: list[int]


class Messages(Shape):
    """A page of messages; `next` is the cursor of the next one."""

    messages: list[Message]
    next: int | None


@router.get("/messages", summary="List messages", response_model=Messages, dependencies=[permission("read")])
def list_messages(
    services: Given,
    state: Annotated[list[State] | None, Query(description="may be given more than once; dead letters: dead")] = None,
    channel: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[int | None, Query(description="`next` of the page before", ge=0, le=LARGEST)] = None,
) -> dict[str, Any]:
    """Messages, the newest first; what was done with 30 days ago is forgotten."""
    with reading(services.engine) as connection:
        found = queries.read_messages(connection, state, channel, cursor, limit + 1)
    page = found[:limit]
    return {"messages": page, "next": page[-1].id if len(found) > limit else None}


@router.post(
    "/messages/{message_id}/retry",
    summary="Send a message again",
    response_model=Message,
    dependencies=[permission("write")],
    openapi_extra=body([], {}),
)
async def retry_message(message_id: MessageId, request: Request, services: Given) -> queries.ShownMessage:
    """What was given up waits again, with all its tries before it and the same key."""
    only(await read_object(request), ())
    return await anyio.to_thread.run_sync(queries.retry, services.engine, message_id, services.clock())


@router.post(
    "/messages/{message_id}/drop",
    summary="Let a dead message be",
    response_model=Message,
    dependencies=[permission("write")],
    openapi_extra=body([], {}),
)
async def drop_message(message_id: MessageId, request: Request, services: Given) -> queries.ShownMessage:
    """What was given up is no longer shown as a fault of its channel."""
    only(await read_object(request), ())
    return await anyio.to_thread.run_sync(queries.drop, services.engine, message_id, services.clock())
