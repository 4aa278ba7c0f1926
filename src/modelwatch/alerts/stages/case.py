"""What the stages see: an alert, a channel, what holds for all of them, and why something is held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from modelwatch.alerts.life import ON
from modelwatch.alerts.matcher import About, Matcher
from modelwatch.alerts.mute_time import MuteTime
from modelwatch.core.level import Level


@dataclass(frozen=True, slots=True)
class Case:
    """One alert. `wanted` are the channels that its rule names, () leaves it to the channels. `openings` counts the
    alerts of the same kind that its deployment had within a day. `opened_us` is event time."""

    id: int
    project: str
    model_id: int
    deployment_id: int
    about: About
    status: str
    opened_us: int
    historic: bool = False
    wanted: tuple[str, ...] = ()
    silenced_until_us: int | None = None
    openings: int = 1

    @property
    def on(self) -> bool:
        """True while it goes on."""
        return self.status in ON


@dataclass(frozen=True, slots=True)
class Route:
    """One channel: what it takes, and whether it must be told again and again (`resends`)."""

    project: str
    name: str
    min_level: Level = Level.WARNING
    models: tuple[str, ...] = ("*",)
    resends: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence that is active: what it means, whose it is and when it ends."""

    matcher: Matcher
    until_us: int
    by: str


@dataclass(frozen=True, slots=True)
class World:
    """What holds for all alerts at this moment. `outages` are alerts that go on and may inhibit others, by kind and
    deployment (0 for the monitor's own). `told` says when a model was last told of to a channel: {(channel, model id):
    wall time}."""

    now_us: int
    zone: str = "UTC"
    silences: tuple[Quiet, ...] = ()
    mutes: tuple[MuteTime, ...] = ()
    outages: Mapping[tuple[str, int], Case] = field(default_factory=dict)
    told: Mapping[tuple[str, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """Why an alert is not told to a channel; `until_us` is when to look again, None when something must change.
    `elsewhere` says that the channel is not for it."""

    reason: str
    until_us: int | None = None
    elsewhere: bool = False


def moment(at_us: int, world: World) -> str:
    """A time as it is written into reasons: the date only where it is another day.

    >>> moment(7_200_000_000, World(0)), moment(90_000_000_000, World(0))
    ('02:00 UTC', '2 Jan 01:00 UTC')
    """
    zone = ZoneInfo(world.zone)
    at, now = (datetime.fromtimestamp(each / 1e6, UTC).astimezone(zone) for each in (at_us, world.now_us))
    day = "" if at.date() == now.date() else f"{at.day} {at:%b} "
    return f"{day}{at:%H:%M %Z}"
