"""The list of stages, from alerts that changed to what each group of a channel says now and when it speaks next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from modelwatch.alerts.notification import Told
from modelwatch.alerts.stages.case import Case, Held, Route, World, moment
from modelwatch.alerts.stages.dedup import BETTER, OPENED, RESOLVED, SPEAKS, WORSE, news_of
from modelwatch.alerts.stages.gates import AGAIN, GATES, OVER, Gate, held_back
from modelwatch.alerts.stages.group import (
    LONGEST_US,
    MISSED,
    MOVED,
    Group,
    Member,
    Timing,
    due_us,
    in_hand,
    joinable,
    new_group,
    next_interval,
)
from modelwatch.alerts.stages.historic import historic
from modelwatch.alerts.stages.repeat import repeat, repeat_us
from modelwatch.core.level import Level

AGAIN_BY_NEWS: Mapping[str, tuple[Gate, ...]] = {
    OPENED: (historic, *AGAIN),
    WORSE: AGAIN,
    BETTER: AGAIN,
    RESOLVED: OVER,
}
"""The gates that news of a member passes; it passed all of them when it joined."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One message that a group decides to send: what is new of which alert, and which others still fire and are not
    taken in hand. The group holds what was told after."""

    told: Told
    news: Mapping[int, str]
    still: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """A group after planning, what it says now (or None), and what holds its members back."""

    group: Group
    saying: Saying | None = None
    held: Mapping[int, Held | None] = field(default_factory=dict)


def plan(
    route: Route, changed: Sequence[Case], groups: Sequence[Group], world: World, timing: Timing
) -> tuple[list[Planned], dict[int, Held | None]]:
    """What one channel is told: every group after planning, and for each alert that was looked at what holds it back
    there, None for nothing."""
    held: dict[int, Held | None] = {}
    waves = list(groups)
    for case in changed:
        waves, held[case.id] = place(case, route, waves, world, timing)
    planned = [plan_group(each, route, world, timing) for each in waves]
    for each in planned:
        held.update(each.held)
    return planned, held


def place(
    case: Case, route: Route, groups: list[Group], world: World, timing: Timing
) -> tuple[list[Group], Held | None]:
    """The groups with the alert in one of them, or what keeps it out of all."""
    home = next((g for g in reversed(groups) if any(known(m, case) for m in g.members)), None)
    before = None if home is None else next(m for m in home.members if known(m, case))
    if before is not None and (not case.on or before.told_on or not before.told_status):
        return groups, None
    if not case.on:
        return groups, historic(case, route, world)
    held = held_back(case, route, world, GATES)
    if held is not None:
        return groups, held
    chosen = next((g for g in reversed(groups) if joinable(g, case, route, world, timing)), None)
    if chosen is None:
        chosen = new_group(case, route, world, timing)
        groups = [*groups, chosen]
    if chosen is home:
        return groups, None
    joined = replace(chosen, members=(*others(chosen, case), Member(case, world.now_us)))
    groups = [joined if each is chosen else each for each in groups]
    if home is not None:
        left = tuple(replace(m, told_status=MOVED) if known(m, case) else m for m in home.members)
        groups = [replace(home, members=left) if each is home else each for each in groups]
    return groups, None


def known(member: Member, case: Case) -> bool:
    """True when the member is that alert and has not gone on elsewhere."""
    return member.case.id == case.id and member.told_status != MOVED


def others(group: Group, case: Case) -> tuple[Member, ...]:
    """The members that are not that alert."""
    return tuple(each for each in group.members if each.case.id != case.id)


def plan_group(group: Group, route: Route, world: World, timing: Timing) -> Planned:
    """What the group says now, and when it is to be looked at again."""
    missed = {m.case.id for m in group.members if not m.case.on and not m.told_status}
    members = tuple(replace(m, told_status=MISSED) if m.case.id in missed else m for m in group.members)
    group = replace(group, members=members)
    found = {m.case.id: (m, word) for m in group.members if (word := news_of(m))}
    held: dict[int, Held | None] = dict.fromkeys(missed, Held("Not sent: over before it was told"))
    held |= {i: held_back(m.case, route, world, AGAIN_BY_NEWS[word]) for i, (m, word) in found.items()}
    news = {i: word for i, (_, word) in found.items() if held[i] is None}
    wakes = [each.until_us for each in held.values() if each is not None and each.until_us is not None]
    if SPEAKS & set(news.values()):
        return plan_news(group, route, world, timing, news, held, wakes)
    group = replace(group, news_us=None)
    if fresh_hands(group) and in_hand(group, route, world) and not route.resends:
        return said(group, Told.ACKNOWLEDGED, news, held, wakes, world, route, timing)
    return plan_repeat(group, route, world, timing, news, held, wakes)


def plan_news(
    group: Group,
    route: Route,
    world: World,
    timing: Timing,
    news: Mapping[int, str],
    held: dict[int, Held | None],
    wakes: list[int],
) -> Planned:
    """The group has something to say: now, or when its wait or interval is over."""
    group = replace(group, news_us=world.now_us if group.news_us is None else group.news_us)
    urgent = any(m.case.about.level is Level.CRITICAL and news.get(m.case.id) in (OPENED, WORSE) for m in group.members)
    at = due_us(group, route, urgent, world, timing)
    if at > world.now_us:
        waits = Held(f"To {route.name}: waits for the group until {moment(at, world)}")
        held |= {i: waits for i, word in news.items() if word in SPEAKS}
        return Planned(replace(group, next_us=min([at, *wakes])), None, held)
    if not group.sends:
        told = Told.OPENED
    else:
        going_on = any(m.case.on and m.told_status != MOVED for m in group.members)
        told = Told.CHANGED if going_on else Told.RESOLVED
    longest = max(LONGEST_US, timing.interval_us)
    spoken = replace(
        group,
        sent=(*(each for each in group.sent if each > world.now_us - longest), world.now_us),
        interval_us=next_interval(group, timing),
        news_us=None,
    )
    return said(spoken, told, news, held, wakes, world, route, timing)


def fresh_hands(group: Group) -> bool:
    """True when the channel was told that something fires which somebody has acknowledged since."""
    return any(m.told_status == "firing" and m.case.status == "acknowledged" for m in group.members)


def plan_repeat(
    group: Group,
    route: Route,
    world: World,
    timing: Timing,
    news: Mapping[int, str],
    held: dict[int, Held | None],
    wakes: list[int],
) -> Planned:
    """The group has nothing new: it repeats what still fires, or waits, or is over."""
    if all(each.done for each in group.members):
        return Planned(replace(group, next_us=None, closed=True), None, held)
    at = repeat_us(group, route, timing)
    again = {m.case.id: repeat(m, route, world) for m in group.members if m.told_on and m.case.on}
    wakes = [*wakes, *(each.until_us for each in again.values() if each is not None and each.until_us is not None)]
    if at is None or not again:
        return Planned(replace(group, next_us=min(wakes, default=None)), None, held)
    if world.now_us < at:
        return Planned(replace(group, next_us=min([at, *wakes])), None, held)
    held = {**held, **again}
    if any(each is None for each in again.values()):
        return said(group, Told.REPEATED, news, held, wakes, world, route, timing)
    return Planned(replace(group, next_us=min(wakes, default=None)), None, held)


def said(
    group: Group,
    told: Told,
    news: Mapping[int, str],
    held: dict[int, Held | None],
    wakes: Sequence[int],
    world: World,
    route: Route,
    timing: Timing,
) -> Planned:
    """The group after it has spoken."""
    members = tuple(after(m, news.get(m.case.id, ""), world.now_us) for m in group.members)
    spoken = replace(group, members=members, sends=group.sends + 1, last_us=world.now_us)
    still = tuple(
        m.case.id
        for m in members
        if m.told_on and m.case.on and m.case.id not in news and repeat(m, route, world) is None
    )
    over = all(each.done for each in members)
    repeats = repeat_us(spoken, route, timing) if any(each.told_on for each in members) else None
    next_us = None if over else min([*wakes, *([] if repeats is None else [repeats])], default=None)
    return Planned(replace(spoken, next_us=next_us, closed=over), Saying(told, news, still), held)


def after(member: Member, news: str, now_us: int) -> Member:
    """What the channel knows of an alert after a message."""
    case = member.case
    status = "acknowledged" if case.status == "acknowledged" else "firing"
    if news:
        return replace(member, told_level=case.about.level, told_status=status if case.on else RESOLVED, told_us=now_us)
    return replace(member, told_status=status) if member.told_on and case.on else member
