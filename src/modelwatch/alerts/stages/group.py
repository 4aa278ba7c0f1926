"""Groups: alerts that are told together, as one thread or incident of a channel.

A wave is a group over the fleet: what fires within an hour of the first alert joins it. Once people have taken all of
a group in hand, what is new opens another. What a group has to say it says at once or after a short wait, then at
intervals that double while there is more to say, so that a storm costs a handful of messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from modelwatch.alerts.stages.case import Case, Route, World
from modelwatch.alerts.stages.silence import silence
from modelwatch.core.level import Level
from modelwatch.core.window import HOUR_US, MINUTE_US

FLEET: Final = "fleet"
WAVE_US: Final = HOUR_US
"""So long a group takes in what is new."""
LONGEST_US: Final = HOUR_US
"""Intervals double up to this."""
AT_ONCE: Final = 3
"""Messages within an hour that may go out for a critical alert without waiting for the interval."""
RESEND_US: Final = MINUTE_US
MOVED: Final = "moved"
"""The told status of an alert that has gone on in another group."""
MISSED: Final = "missed"
"""That of an alert that was over before it was told."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long groups wait, in microseconds, and what they are made of: the fleet, a model or a kind."""

    wait_us: int = 30_000_000
    interval_us: int = 5 * MINUTE_US
    repeat_us: int = 4 * HOUR_US
    by: str = FLEET


@dataclass(frozen=True, slots=True)
class Member:
    """One alert of a group and what the channel was last told of it: level and status, '' and None before that."""

    case: Case
    joined_us: int
    told_level: Level | None = None
    told_status: str = ""
    told_us: int | None = None

    @property
    def told_on(self) -> bool:
        """True when the channel believes that it goes on."""
        return self.told_status in ("firing", "acknowledged")

    @property
    def done(self) -> bool:
        """True when nothing is left to be told of it."""
        return self.told_status == MOVED or (not self.case.on and not self.told_on)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a channel. `id` is 0 until it is stored; `sent` are the times of its messages with news within the
    longest interval, `last_us` that of its last message of any sort, `news_us` since when news waits."""

    id: int
    project: str
    channel: str
    scope: str
    key: str
    opened_us: int
    members: tuple[Member, ...] = ()
    sends: int = 0
    sent: tuple[int, ...] = ()
    last_us: int | None = None
    interval_us: int = 0
    news_us: int | None = None
    next_us: int | None = None
    closed: bool = False


def scope_of(case: Case, by: str) -> str:
    """What a group that takes the alert is made of."""
    match by:
        case "model":
            return f"model {case.about.model}"
        case "kind":
            return f"kind {case.about.kind}"
        case _:
            return FLEET


def new_group(case: Case, route: Route, world: World, timing: Timing) -> Group:
    """A group that the alert opens; its key names the thread or incident, so it is short and never used again."""
    scope = scope_of(case, timing.by)
    words = "\0".join((route.project, route.name, scope, str(world.now_us), str(case.id)))
    return Group(0, route.project, route.name, scope, blake2b(words.encode(), digest_size=12).hexdigest(), world.now_us)


def joinable(group: Group, case: Case, route: Route, world: World, timing: Timing) -> bool:
    """True when what is new belongs to the group."""
    if group.closed or group.scope != scope_of(case, timing.by):
        return False
    young = world.now_us - group.opened_us < WAVE_US
    return route.resends or (young and not in_hand(group, route, world))


def in_hand(group: Group, route: Route, world: World) -> bool:
    """True when people have acknowledged or silenced all that goes on in the group."""
    going_on = [each.case for each in group.members if each.case.on and each.told_status != MOVED]
    return bool(going_on) and all(taken(case, route, world) for case in going_on)


def taken(case: Case, route: Route, world: World) -> bool:
    """True when somebody has said that they know."""
    return case.status == "acknowledged" or silence(case, route, world) is not None


def pause_us(sent_in_hour: int, interval_us: int) -> int:
    """The shortest wait after that many messages within an hour, however the news comes.

    >>> [pause_us(n, 5) for n in range(1, 5)]
    [5, 10, 20, 40]
    """
    return int(min(interval_us * 2 ** max(sent_in_hour - 1, 0), max(LONGEST_US, interval_us)))


def due_us(group: Group, route: Route, urgent: bool, world: World, timing: Timing) -> int:
    """When the group may tell its news."""
    if route.resends:
        return world.now_us
    if not group.sends:
        return world.now_us if urgent else group.opened_us + timing.wait_us
    if not group.sent:
        return world.now_us
    recent = sum(at > world.now_us - HOUR_US for at in group.sent)
    if urgent and recent < AT_ONCE:
        return world.now_us
    return group.sent[-1] + max(group.interval_us, pause_us(recent, timing.interval_us))


def next_interval(group: Group, timing: Timing) -> int:
    """The interval after one more message with news: twice as long while there is no end of news."""
    if not group.sent:
        return timing.interval_us
    busy = group.news_us is not None and group.news_us < group.sent[-1] + group.interval_us
    longest = max(LONGEST_US, timing.interval_us)
    return min(2 * group.interval_us, longest) if busy else timing.interval_us
