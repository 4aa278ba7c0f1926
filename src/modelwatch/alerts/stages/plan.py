"""The list of stages, from alerts that changed to what each group of a channel says now and when it speaks next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
    scope_of,
)
from modelwatch.alerts.stages.historic import historic
from modelwatch.alerts.stages.repeat import repeat, repeat_us
from modelwatch.core.level import Level
from modelwatch.core.window import HOUR_US

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
    waves, held = place(route, changed, groups, world, timing)
    planned = [plan_group(each, route, world, timing) for each in waves]
    for each in planned:
        held.update(each.held)
    return planned, held


def place(
    route: Route, changed: Sequence[Case], groups: Sequence[Group], world: World, timing: Timing
) -> tuple[list[Group], dict[int, Held | None]]:
    """The groups with what is new in one of them, and for each alert what keeps it out of all."""
    waves, held = list(groups), {}
    members = {m.case.id: (i, m) for i, g in enumerate(waves) for m in g.members if m.told_status != MOVED}
    takes: dict[str, int] = {}
    joins: defaultdict[int, list[Member]] = defaultdict(list)
    leaves: defaultdict[int, set[int]] = defaultdict(set)
    for case in changed:
        home, before = members.get(case.id, (None, None))
        held[case.id] = kept_out(case, before, route, world)
        if held[case.id] is not None or not fresh(case, before):
            continue
        scope = scope_of(case, timing.by)
        if scope not in takes:
            found = (i for i in reversed(range(len(waves))) if joinable(waves[i], case, route, world, timing))
            takes[scope] = next(found, len(waves))
            waves += [new_group(case, route, world, timing)] if takes[scope] == len(waves) else []
        if takes[scope] != home:
            joins[takes[scope]].append(Member(case, world.now_us))
            leaves[-1 if home is None else home].add(case.id)
    return [moved(each, joins[i], leaves[i]) for i, each in enumerate(waves)], held


def fresh(case: Case, before: Member | None) -> bool:
    """True when the alert goes on and the channel does not know it, or believes that it is over."""
    return case.on and (before is None or not (before.told_on or not before.told_status))


def kept_out(case: Case, before: Member | None, route: Route, world: World) -> Held | None:
    """What keeps an alert out of all groups; one that is in a group already is judged there."""
    if fresh(case, before):
        return held_back(case, route, world, GATES)
    return historic(case, route, world) if before is None else None


def moved(group: Group, joins: Sequence[Member], leaves: Collection[int]) -> Group:
    """The group with those that join; those that leave for another group stay as a record."""
    new = {each.case.id for each in joins}
    kept = (each for each in group.members if each.case.id not in new)
    left = tuple(replace(each, told_status=MOVED) if each.case.id in leaves else each for each in kept)
    return replace(group, members=(*left, *joins)) if joins or leaves else group


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
    at = due_us(group, route, urgent(group, news, world.now_us), world, timing)
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


def urgent(group: Group, news: Mapping[int, str], now_us: int) -> bool:
    """True when something is critical of a model of which the channel was not told so within the hour: one model in
    trouble of several kinds must not use up what goes out at once."""
    known = {
        m.case.about.model
        for m in group.members
        if m.told_level is Level.CRITICAL and m.told_us is not None and m.told_us > now_us - HOUR_US
    }
    return any(
        m.case.about.level is Level.CRITICAL
        and news.get(m.case.id) in (OPENED, WORSE)
        and m.case.about.model not in known
        for m in group.members
    )


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
