"""/api/v1/channels: where people are told, how each is doing, and a test message."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Request, Response

from modelwatch.server import channel_body
from modelwatch.server.body import read_object
from modelwatch.server.fields import only
from modelwatch.server.paths import decoded
from modelwatch.server.permission import permission
from modelwatch.server.queries import channel_changes
from modelwatch.server.queries.channels import ShownChannel, kinds, read_channel, read_channels
from modelwatch.server.rest.alert_verbs import body
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

Severity = Literal["info", "warning", "critical"]
router = APIRouter(prefix="/api/v1", tags=["channels"])


class ChannelField(Shape):
    """One thing that channels of a kind must be told."""

    name: str
    title: str
    secret: bool
    required: bool
    default: str
    hint: str


class ChannelKind(Shape):
    """One kind of channel."""

    kind: str
    title: str
    fields: list[ChannelField]


class ChannelKinds(Shape):
    """The kinds of channels."""

    kinds: list[ChannelKind]


class Channel(Shape):
    """One channel. `secrets` says which secrets are set; they are never shown. `fault` is what is wrong with it now,
    '' when nothing is; `error` how the last try went, '' when it was delivered. `built_in` is set by the operator."""

    name: str
    kind: str
    title: str
    fields: dict[str, str]
    secrets: dict[str, bool]
    min_level: Severity
    models: list[str]
    enabled: bool
    built_in: bool
    fault: str
    waiting: int
    dead: int
    sent: int
    delivered_at: Moment | None
    failed_at: Moment | None
    error: str
    held_until: Moment | None


class Channels(Shape):
    """The channels by name, the operator's first."""

    channels: list[Channel]


class Tested(Shape):
    """How a test message went, in the receiver's words; `permanent` when another try would do no better."""

    delivered: bool
    permanent: bool
    error: str
    seconds: float


async def name_in_path(name: Annotated[str, Path(description="the channel's name, percent-encoded")]) -> str:
    """The channel's name of the path."""
    return decoded(name)


ChannelName = Annotated[str, Depends(name_in_path)]


@router.get(
    "/channel-kinds", summary="Kinds of channels", response_model=ChannelKinds, dependencies=[permission("read")]
)
def list_channel_kinds() -> dict[str, Any]:
    """What channels there can be, and what each must be told."""
    return {"kinds": kinds()}


@router.get("/channels", summary="List channels", response_model=Channels, dependencies=[permission("read")])
def list_channels(services: Given) -> dict[str, Any]:
    """Where people are told, and how each is doing."""
    with reading(services.engine) as connection:
        return {"channels": read_channels(connection, services)}


@router.post(
    "/channels",
    summary="Make a channel",
    response_model=Channel,
    status_code=201,
    dependencies=[permission("write")],
    openapi_extra=body(["name", "kind"], channel_body.CHANNEL),
)
async def create_channel(request: Request, services: Given) -> ShownChannel:
    """Secrets are encrypted, and never shown again."""
    said = await read_object(request)
    return await anyio.to_thread.run_sync(channel_changes.create_channel, services, said)


@router.get("/channels/{name}", summary="One channel", response_model=Channel, dependencies=[permission("read")])
def get_channel(name: ChannelName, services: Given) -> ShownChannel:
    """One channel, and how it is doing."""
    with reading(services.engine) as connection:
        return read_channel(connection, services, name)


@router.patch(
    "/channels/{name}",
    summary="Change a channel",
    response_model=Channel,
    dependencies=[permission("write")],
    openapi_extra=body([], channel_body.CHANGES),
)
async def change_channel(name: ChannelName, request: Request, services: Given) -> ShownChannel:
    """What is left out stays, secrets too; what waits is tried again at once."""
    said = await read_object(request)
    return await anyio.to_thread.run_sync(channel_changes.change_channel, services, name, said)


@router.delete(
    "/channels/{name}",
    summary="Delete a channel",
    status_code=204,
    response_class=Response,
    dependencies=[permission("write")],
)
def delete_channel(name: ChannelName, services: Given) -> Response:
    """Forgets it with its secrets; what waits for it is dropped."""
    channel_changes.delete_channel(services, name)
    return Response(status_code=204)


@router.post(
    "/channels/{name}/test",
    summary="Send a test message",
    response_model=Tested,
    dependencies=[permission("write")],
    openapi_extra=body([], {}),
)
async def test_channel(name: ChannelName, request: Request, services: Given) -> channel_changes.Tested:
    """Sends it at once, and tells how it went; takes ten seconds at most."""
    only(await read_object(request), ())
    return await anyio.to_thread.run_sync(channel_changes.test_channel, services, name)
