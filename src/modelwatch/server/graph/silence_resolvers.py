"""What the fields about silences and mute times do. Inputs are the bodies of REST, so that both faces take the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import strawberry

from modelwatch.server import silence_body
from modelwatch.server.graph.alert_resolvers import alert_number
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.silence_types import MatcherInput, MuteTimeInput, SilenceInput
from modelwatch.server.permission import require
from modelwatch.server.queries import silences as queries

SilenceId = Annotated[strawberry.ID, strawberry.argument(name="id")]


def silences(info: Info, ended: bool = False) -> list[queries.Silence]:
    """Silences that go on or are to come, or those that are over."""
    return queries.read_silences(info.context.connection, info.context.wall_us, ended=ended)


def silence_preview(info: Info, matcher: MatcherInput) -> queries.Meant:
    """What a silence would hold back now."""
    return queries.preview(info.context.connection, silence_body.matcher(said(matcher)))


def mute_times(info: Info) -> list[queries.Mute]:
    """The mute times by name."""
    return queries.read_mute_times(info.context.connection, info.context.wall_us)


def create_silence(info: Info, silence: SilenceInput) -> queries.Silence:
    """Nothing is sent about what fits, for a while."""
    require(info.context.permissions, "write")
    context = info.context
    wanted = silence_body.silence(said(silence), context.wall_us)
    return queries.create_silence(context.services.engine, wanted, context.wall_us)


def extend_silence(
    info: Info, silence_id: SilenceId, hours: float | None = None, ends_at: str | None = None
) -> queries.Silence:
    """Adds hours to its end, or sets the end."""
    require(info.context.permissions, "write")
    context, said = info.context, {"hours": hours, "ends_at": ends_at}
    return queries.move_end(
        context.services.engine,
        alert_number(silence_id),
        lambda before: silence_body.end(said, before),
        context.wall_us,
    )


def expire_silence(info: Info, silence_id: SilenceId) -> queries.Silence:
    """Ends a silence now; what still fires is told."""
    require(info.context.permissions, "write")
    context = info.context
    now = context.wall_us
    return queries.move_end(context.services.engine, alert_number(silence_id), lambda _: now, now)


def set_mute_time(info: Info, name: str, mute_time: MuteTimeInput) -> queries.Mute:
    """Makes a mute time, or replaces the one of that name."""
    require(info.context.permissions, "write")
    mute = silence_body.mute_time(name, said(mute_time))
    return queries.save_mute_time(info.context.services.engine, mute, info.context.wall_us)


def remove_mute_time(info: Info, name: str) -> bool:
    """Removes a mute time; what it held back is told."""
    require(info.context.permissions, "write")
    queries.drop_mute_time(info.context.services.engine, name, info.context.wall_us)
    return True


def said(given: MatcherInput | SilenceInput | MuteTimeInput) -> dict[str, Any]:
    """An input as the body that it stands for: what was left out is not in it."""
    return without_nulls(asdict(given))  # type: ignore[no-any-return]


def without_nulls(value: Any) -> Any:
    """The value with plain texts for levels and without the fields that were left out."""
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    return str(value.value) if hasattr(value, "value") else value
