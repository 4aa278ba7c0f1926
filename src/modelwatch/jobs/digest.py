"""The daily digest of a channel: alerts of level notice, and notices that have held for a week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from modelwatch.alerts.matcher import like
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.persistence import UNJUDGED
from modelwatch.alerts.stages.case import Case, Route, World
from modelwatch.alerts.stages.dedup import news_of
from modelwatch.alerts.stages.digest import next_digest
from modelwatch.alerts.stages.gates import AGAIN, held_back
from modelwatch.alerts.stages.group import Group, Member
from modelwatch.alerts.stages.plan import after
from modelwatch.core.level import ORDER, Level
from modelwatch.core.segment import WHOLE
from modelwatch.core.window import DAY_US
from modelwatch.jobs.compose import NAMED, line, load_facts, ordered
from modelwatch.store import groups, models
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import load_levels
from modelwatch.store.messages import queue_message

HELD_US: Final = 7 * DAY_US
SLACK_US: Final = DAY_US // 2
MOST_NOTES: Final = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """A column that has been at notice or above in every window of a week, and no alert tells of it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What the next digest says, None when it would be empty; its members after it, and the notices it knows."""

    notification: Notification | None
    members: tuple[Member, ...]
    told: frozenset[str]


def digest_key(project: str, channel: str) -> str:
    """The key of a channel's digest: a thread of its own."""
    words = repr((project, channel))
    return f"digest-{blake2b(words.encode(), digest_size=8).hexdigest()}"


def join_digest(connection: Connection, state: groups.DigestState, cases: Sequence[Case], now_us: int) -> None:
    """Let alerts wait for the digest; those that wait already stay as they are."""
    known = {each.case.id for each in groups.load_members(connection, [state.group_id]).get(state.group_id, ())}
    fresh = [Member(case, now_us) for case in cases if case.id not in known]
    groups.save_members(connection, state.group_id, fresh)


def tell_digest(
    connection: Connection, state: groups.DigestState, route: Route, world: World, hour: int, url: str
) -> int:
    """Queue the digest that is due, unless it is empty; returns how many messages that were."""
    found = next_one(connection, state, route, world, url)
    values = {"next_us": next_digest(world.now_us, hour, world.zone)}
    if found.notification is not None:
        values |= {"sends": state.sends + 1, "sent_us": world.now_us}
        queue_message(connection, found.notification, state.group_id, world.now_us)
        groups.save_members(connection, state.group_id, found.members)
    told = found.told if found.notification is not None else found.told & state.told
    groups.save_digest(connection, state.group_id, values, told)
    return int(found.notification is not None)


def next_one(connection: Connection, state: groups.DigestState, route: Route, world: World, url: str) -> Digest:
    """The digest as it would be now."""
    members = groups.load_members(connection, [state.group_id]).get(state.group_id, ())
    members = tuple(each for each in members if held_back(each.case, route, world, AGAIN) is None)
    news = {each.case.id: word for each in members if (word := news_of(each)) and belongs(each)}
    notices = held_notices(connection, route, world.now_us)
    fresh = [each for each in notices if each.key not in state.told]
    told = frozenset(each.key for each in notices)
    if not news and not fresh:
        return Digest(None, members, told)
    group = Group(state.group_id, state.project, state.channel, "digest", state.key, 0, members)
    still = [each.case.id for each in members if each.case.id not in news and each.case.on and belongs(each)]
    named = [*ordered(group, news), *ordered(group, still)]
    shown = named[:NAMED]
    facts = load_facts(connection, shown, url, world.now_us)
    lines = tuple(line(facts, i, news.get(i, "")) for i in shown if i in facts.alerts)
    day = datetime.fromtimestamp(world.now_us / 1e6, UTC).astimezone(ZoneInfo(world.zone)).date()
    notification = Notification(
        key=f"{state.key}-{day.isoformat()}",
        group=state.key,
        project=state.project,
        channel=state.channel,
        told=Told.DIGEST,
        level=Level.NOTICE,
        title=summary(news.values(), len(still), len(fresh)),
        at=world.now_us / 1e6,
        url=f"{url}/alerts?group={state.group_id}",
        lines=lines,
        more=len(named) - len(lines),
        models=len({each.case.model_id for each in members if each.case.id in named}),
        notes=noted(fresh),
    )
    return Digest(notification, tuple(after(each, news.get(each.case.id, ""), world.now_us) for each in members), told)


def belongs(member: Member) -> bool:
    """True for what is told in the digest: what became worse than a notice is told by itself."""
    return not member.case.on or member.case.about.level is Level.NOTICE


def summary(news: Collection[str], still: int, notices: int) -> str:
    """The digest in one line.

    >>> summary(["opened", "opened", "resolved"], 1, 2)
    '2 new, 1 over, 1 goes on, 2 notices have held for a week'
    """
    opened, over = (sum(each == word for each in news) for word in ("opened", "resolved"))
    parts = [f"{opened} new" if opened else "", f"{over} over" if over else ""]
    parts.append(f"{still} {'goes' if still == 1 else 'go'} on" if still else "")
    parts.append(f"{notices} {'notice has' if notices == 1 else 'notices have'} held for a week" if notices else "")
    return ", ".join(part for part in parts if part) or "changed levels"


def noted(notices: Sequence[Notice]) -> tuple[str, ...]:
    """The notices as lines of a message."""
    lines = [each.text for each in notices[:MOST_NOTES]]
    left = len(notices) - len(lines)
    return (*lines, f"{left:,} more columns are at notice") if left else tuple(lines)


def held_notices(connection: Connection, route: Route, wall_us: int) -> list[Notice]:
    """The columns of live models that have been at notice in every window of the last week."""
    names = {row.id: row.name for row in models.list_models(connection, route.project)}
    found: list[Notice] = []
    for row in models.list_deployments(connection):
        name = names.get(row.model_id)
        fresh = row.last_event_us is not None and row.last_event_us > wall_us - DAY_US
        if name is None or row.level is not Level.NOTICE or not fresh or not any(like(name, m) for m in route.models):
            continue
        for column in week_long(connection, row, wall_us):
            where = f"{name} {row.version} ({row.environment})"
            found.append(Notice(f"{row.id}/{column}", f"{where}: {column} has been at notice for a week"))
    return found


def week_long(connection: Connection, row: models.DeploymentRow, wall_us: int) -> list[str]:
    """The columns of a deployment that were at notice or above in each window of the week that could be judged."""
    since = wall_us - HELD_US
    windows = [each for segment, each in load_levels(connection, row.id, since) if segment == WHOLE]
    judged = [each for each in windows if any(code not in UNJUDGED for code in each.levels)]
    if not judged or judged[0].end_us > since + SLACK_US or len({each.binning for each in judged}) != 1:
        return []
    columns = load_binning(connection, row.model_id, judged[0].binning).columns
    return [
        column.key.name or column.key.role.value
        for i, column in enumerate(columns)
        if all(each.levels[i] in UNJUDGED or loud(ORDER[each.levels[i]]) for each in judged)
    ]


def loud(level: Level) -> bool:
    """True from notice on."""
    return level.raised or level is Level.NOTICE
