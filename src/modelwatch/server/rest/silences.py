"""/api/v1/silences and /api/v1/mute-times: what is kept quiet, for how long, and what that means now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request, Response

from modelwatch.core.level import Level
from modelwatch.server import silence_body
from modelwatch.server.body import read_object
from modelwatch.server.fields import only
from modelwatch.server.paths import decoded
from modelwatch.server.permission import permission
from modelwatch.server.queries import silences as queries
from modelwatch.server.rest.alert_verbs import body
from modelwatch.server.rest.alerts import LARGEST
from modelwatch.server.rest.shapes import Alert, Moment, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

T = TypeVar("T")
router = APIRouter(prefix="/api/v1", tags=["alerts"])
SilenceId = Annotated[int, Path(ge=0, le=LARGEST)]
END = {"hours": silence_body.HOURS, "ends_at": silence_body.TIME}


class Matcher(Shape):
    """Words that an alert must fit; '' and null fit everything, `*` stands for any text in model, kind and feature."""

    model: str
    environment: str
    version: str
    kind: str
    feature: str
    at_least: Level | None
    at_most: Level | None


class Silence(Shape):
    """Nothing is sent about alerts that fit while it is active; `alerts` counts those that fit now and go on."""

    id: int
    matcher: Matcher
    starts_at: Moment
    ends_at: Moment
    by: str
    comment: str
    created_at: Moment
    state: Literal["pending", "active", "ended"]
    alerts: int


class Silences(Shape):
    """The silences, the soonest end first."""

    silences: list[Silence]


class MuteSpan(Shape):
    """Hours on some weekdays; what ends before it begins ends on the next day."""

    weekdays: list[str]
    start: str
    end: str


class MuteTime(Shape):
    """Times of the week at which alerts that fit wait; `until` is when the mute that goes on ends."""

    name: str
    zone: str
    spans: list[MuteSpan]
    matcher: Matcher
    until: Moment | None


class MuteTimes(Shape):
    """The mute times by name."""

    mute_times: list[MuteTime]


class Meant(Shape):
    """What a matcher means now: `count` alerts that go on, of `models` models; at most 100 are listed."""

    count: int
    models: int
    alerts: list[Alert]


@router.get("/silences", summary="List silences", response_model=Silences, dependencies=[permission("read")])
def list_silences(
    services: Given,
    ended: Annotated[bool, Query(description="those that are over instead, the newest first")] = False,
) -> dict[str, Any]:
    """Silences that go on or are to come."""
    with reading(services.engine) as connection:
        return {"silences": queries.read_silences(connection, services.clock(), ended=ended)}


@router.post(
    "/silences",
    summary="Silence what fits",
    response_model=Silence,
    dependencies=[permission("write")],
    openapi_extra=body(["matcher"], silence_body.SILENCE),
)
async def create_silence(request: Request, services: Given) -> queries.Silence:
    """Nothing is sent about alerts that fit, for `hours` or until `ends_at`."""
    now = services.clock()
    wanted = silence_body.silence(await read_object(request), now)
    return await beside(lambda: queries.create_silence(services.engine, wanted, now))


@router.post(
    "/silences/preview",
    summary="What a silence would mean now",
    response_model=Meant,
    dependencies=[permission("read")],
    openapi_extra=body(["matcher"], {"matcher": silence_body.MATCHER}),
)
async def preview_silence(request: Request, services: Given) -> queries.Meant:
    """Alerts that go on and fit a matcher; nothing is saved."""
    said = await read_object(request)
    only(said, ("matcher",))
    matcher = silence_body.matcher(said.get("matcher"))

    def look() -> queries.Meant:
        with reading(services.engine) as connection:
            return queries.preview(connection, matcher)

    return await beside(look)


@router.get("/silences/{silence_id}", summary="One silence", response_model=Silence, dependencies=[permission("read")])
def get_silence(silence_id: SilenceId, services: Given) -> queries.Silence:
    """One silence, over or not."""
    with reading(services.engine) as connection:
        return queries.read_silence(connection, silence_id, services.clock())


@router.post(
    "/silences/{silence_id}/extend",
    summary="Move the end of a silence",
    response_model=Silence,
    dependencies=[permission("write")],
    openapi_extra=body([], END),
)
async def extend_silence(silence_id: SilenceId, request: Request, services: Given) -> queries.Silence:
    """Adds `hours` to its end, or sets `ends_at`."""
    said = await read_object(request)
    only(said, END)
    now = services.clock()
    return await beside(
        lambda: queries.move_end(services.engine, silence_id, lambda before: silence_body.end(said, before), now)
    )


@router.post(
    "/silences/{silence_id}/expire",
    summary="End a silence now",
    response_model=Silence,
    dependencies=[permission("write")],
    openapi_extra=body([], {}),
)
async def expire_silence(silence_id: SilenceId, request: Request, services: Given) -> queries.Silence:
    """What still fires is told."""
    only(await read_object(request), ())
    now = services.clock()
    return await beside(lambda: queries.move_end(services.engine, silence_id, lambda _: now, now))


@router.get("/mute-times", summary="List mute times", response_model=MuteTimes, dependencies=[permission("read")])
def list_mute_times(services: Given) -> dict[str, Any]:
    """Times of the week at which some alerts wait."""
    with reading(services.engine) as connection:
        return {"mute_times": queries.read_mute_times(connection, services.clock())}


@router.put(
    "/mute-times/{name}",
    summary="Set a mute time",
    response_model=MuteTime,
    dependencies=[permission("write")],
    openapi_extra=body(["spans", "matcher"], silence_body.MUTE_TIME),
)
async def set_mute_time(name: str, request: Request, services: Given) -> queries.Mute:
    """Makes a mute time, or replaces the one of that name; when one ends, what still fires is told."""
    mute = silence_body.mute_time(decoded(name), await read_object(request))
    return await beside(lambda: queries.save_mute_time(services.engine, mute, services.clock()))


@router.delete("/mute-times/{name}", summary="Remove a mute time", status_code=204, dependencies=[permission("write")])
async def remove_mute_time(name: str, services: Given) -> Response:
    """What it held back is told."""
    await beside(lambda: queries.drop_mute_time(services.engine, decoded(name), services.clock()))
    return Response(status_code=204)


async def beside(work: Callable[[], T]) -> T:
    """Does the work beside the event loop."""
    return await anyio.to_thread.run_sync(work)
