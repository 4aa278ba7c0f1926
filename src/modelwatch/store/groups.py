"""Groups of alerts: what each channel was told together, of which alerts, and when it is told next."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, exists, func, insert, or_, select, update

from modelwatch.alerts.life import Status
from modelwatch.alerts.stages.case import Case
from modelwatch.alerts.stages.group import FLEET, MOVED, Group, Member
from modelwatch.core.level import Level
from modelwatch.errors import NotFound
from modelwatch.store.cases import load_cases
from modelwatch.store.messages import SENT
from modelwatch.store.notify_tables import group_alerts, messages, notice_groups
from modelwatch.store.tables import alerts
from modelwatch.store.upsert import upsert

OPEN: Final = "open"
CLOSED: Final = "closed"
DIGEST: Final = "digest"
"""The group of a channel's digest: it never closes."""
CHUNK: Final = 500


def load_groups(
    connection: Connection, project: str, channel: str, alert_ids: Collection[int], now_us: int
) -> list[Group]:
    """The open groups of a channel that are due, hold one of the alerts, or are the newest of their scope; oldest
    first. Members of which nothing is left to tell are left out."""
    g = notice_groups.c
    rows = connection.execute(
        select(notice_groups)
        .where(g.project == project, g.channel == channel, g.state == OPEN)
        .order_by(g.opened_us, g.id)
    ).all()
    newest = {json.loads(row.body).get("scope", FLEET): row.id for row in rows}
    holding = groups_of(connection, alert_ids)
    wanted = [
        row
        for row in rows
        if row.id in holding or row.id in newest.values() or (row.next_us is not None and row.next_us <= now_us)
    ]
    members = load_members(connection, [row.id for row in wanted])
    return [group_row(row, members.get(row.id, ())) for row in wanted]


def groups_of(connection: Connection, alert_ids: Collection[int]) -> set[int]:
    """The ids of the groups that hold one of the alerts."""
    found: set[int] = set()
    ids = list(alert_ids)
    for i in range(0, len(ids), CHUNK):
        query = select(group_alerts.c.group_id).where(group_alerts.c.alert_id.in_(ids[i : i + CHUNK])).distinct()
        found.update(connection.execute(query).scalars())
    return found


def load_members(connection: Connection, group_ids: Sequence[int]) -> dict[int, tuple[Member, ...]]:
    """{group: its members} in the order in which they joined."""
    m = group_alerts.c
    rows: list[Row[Any]] = []
    for i in range(0, len(group_ids), CHUNK):
        query = (
            select(group_alerts)
            .join(alerts, alerts.c.id == m.alert_id)
            .where(m.group_id.in_(group_ids[i : i + CHUNK]))
            .where(or_(alerts.c.status != "resolved", m.told_status.in_(("", "firing", "acknowledged"))))
            .where(m.told_status != MOVED)
        )
        rows += connection.execute(query.order_by(m.joined_us, m.alert_id)).all()
    cases = {case.id: case for case in load_cases(connection, sorted({row.alert_id for row in rows}))}
    found: dict[int, list[Member]] = {}
    for row in rows:
        found.setdefault(row.group_id, []).append(member_row(row, cases[row.alert_id]))
    return {group_id: tuple(members) for group_id, members in found.items()}


def member_row(row: Row[Any], case: Case) -> Member:
    """A row of `group_alerts` as a value."""
    level = Level(row.told_level) if row.told_level else None
    return Member(case, row.joined_us, level, row.told_status, row.told_us)


def group_row(row: Row[Any], members: tuple[Member, ...]) -> Group:
    """A row of `notice_groups` as a value."""
    body = json.loads(row.body)
    return Group(
        row.id,
        row.project,
        row.channel,
        body.get("scope", FLEET),
        row.key,
        row.opened_us,
        members,
        row.sends,
        tuple(body.get("sent", ())),
        row.sent_us,
        body.get("interval_us", 0),
        body.get("news_us"),
        row.next_us,
        row.state == CLOSED,
    )


def save_group(connection: Connection, group: Group, before: Group | None) -> int:
    """Write what changed of a group; returns its id."""
    body = {"scope": group.scope, "sent": group.sent, "interval_us": group.interval_us, "news_us": group.news_us}
    values = {
        "state": CLOSED if group.closed else OPEN,
        "next_us": group.next_us,
        "sent_us": group.last_us,
        "sends": group.sends,
        "body": json.dumps(body),
    }
    group_id = group.id
    if not group_id:
        fixed = {"project": group.project, "channel": group.channel, "key": group.key, "opened_us": group.opened_us}
        key = connection.execute(insert(notice_groups).values(**fixed, **values)).inserted_primary_key
        assert key is not None
        group_id = int(key[0])
    else:
        connection.execute(update(notice_groups).where(notice_groups.c.id == group_id).values(**values))
    known = {} if before is None else {each.case.id: each for each in before.members}
    save_members(connection, group_id, [each for each in group.members if known.get(each.case.id) != each])
    return group_id


def save_members(connection: Connection, group_id: int, members: Sequence[Member]) -> None:
    """Write members of a group."""
    rows = [
        {
            "group_id": group_id,
            "alert_id": each.case.id,
            "joined_us": each.joined_us,
            "told_level": "" if each.told_level is None else each.told_level.value,
            "told_status": each.told_status,
            "told_us": each.told_us,
        }
        for each in members
    ]
    upsert(connection, group_alerts, rows, ["group_id", "alert_id"])


def models_told(connection: Connection, since_us: int) -> dict[tuple[str, int], int]:
    """{(channel, model): when it was last told of the model} since then, digests aside."""
    told = func.max(group_alerts.c.told_us)
    query = (
        select(notice_groups.c.channel, alerts.c.model_id, told)
        .join(notice_groups, notice_groups.c.id == group_alerts.c.group_id)
        .join(alerts, alerts.c.id == group_alerts.c.alert_id)
        .where(group_alerts.c.told_us > since_us, notice_groups.c.state != DIGEST)
        .group_by(notice_groups.c.channel, alerts.c.model_id)
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}


def due(connection: Connection, now_us: int) -> bool:
    """True when an alert changed, or a group or digest has come due."""
    changed = select(alerts.c.id).where(alerts.c.changed_us <= now_us).limit(1)
    waiting = select(notice_groups.c.id).where(notice_groups.c.next_us <= now_us).limit(1)
    return connection.execute(changed).first() is not None or connection.execute(waiting).first() is not None


def channels_due(connection: Connection, now_us: int) -> set[tuple[str, str]]:
    """(project, channel) of the groups and digests that have come due."""
    g = notice_groups.c
    query = select(g.project, g.channel).where(g.next_us <= now_us).distinct()
    return {(row.project, row.channel) for row in connection.execute(query)}


def close_groups(connection: Connection, project: str, channel: str) -> None:
    """Close what is open for a channel that is no more."""
    g = notice_groups.c
    mine = update(notice_groups).where(g.project == project, g.channel == channel, g.next_us.is_not(None))
    connection.execute(mine.values(state=CLOSED, next_us=None))


def forget_groups(connection: Connection, before_us: int) -> int:
    """Delete of what channels were told for the last time before then and is over: members of which nothing is left to
    tell, and closed groups without a message; returns how many groups."""
    m, g = group_alerts.c, notice_groups.c
    over = select(alerts.c.id).where(alerts.c.status == Status.RESOLVED)
    done = (m.told_us < before_us, m.told_status.in_((Status.RESOLVED, MOVED)), m.alert_id.in_(over))
    connection.execute(delete(group_alerts).where(*done))
    spoken = exists().where(messages.c.group_id == g.id)
    closed = select(g.id).where(g.state == CLOSED, func.coalesce(g.sent_us, g.opened_us) < before_us, ~spoken)
    old = list(connection.execute(closed).scalars())
    for i in range(0, len(old), CHUNK):
        some = old[i : i + CHUNK]
        connection.execute(delete(group_alerts).where(m.group_id.in_(some)))
        connection.execute(delete(notice_groups).where(g.id.in_(some)))
    return len(old)


def forget_resends(connection: Connection, group_id: int) -> bool:
    """Drop what was sent again and arrived; False while an earlier one still waits, which says the same."""
    mine = (messages.c.group_id == group_id, messages.c.event == "repeated")
    connection.execute(delete(messages).where(*mine, messages.c.state == SENT))
    return connection.execute(select(messages.c.id).where(*mine, messages.c.state == "waiting")).first() is None


@dataclass(frozen=True, slots=True)
class DigestState:
    """The digest of a channel: when the next is due and which long-held notices were told."""

    group_id: int
    project: str
    channel: str
    key: str
    next_us: int
    sends: int
    told: frozenset[str]


def digest_states(connection: Connection) -> dict[tuple[str, str], DigestState]:
    """{(project, channel): its digest}."""
    rows = connection.execute(select(notice_groups).where(notice_groups.c.state == DIGEST))
    return {
        (r.project, r.channel): DigestState(
            r.id, r.project, r.channel, r.key, r.next_us or 0, r.sends, frozenset(json.loads(r.body).get("told", ()))
        )
        for r in rows
    }


def open_digest(connection: Connection, project: str, channel: str, key: str, now_us: int, next_us: int) -> None:
    """Begin the digest of a channel, or go on with the one that it had."""
    values = {
        "project": project,
        "channel": channel,
        "key": key,
        "state": DIGEST,
        "opened_us": now_us,
        "next_us": next_us,
    }
    upsert(connection, notice_groups, [values], ["key"], keep=["project", "channel", "opened_us"])


def save_digest(connection: Connection, group_id: int, values: Mapping[str, Any], told: Collection[str]) -> None:
    """Write when a digest is due next and what it told."""
    body = json.dumps({"told": sorted(told)})
    connection.execute(update(notice_groups).where(notice_groups.c.id == group_id).values(**values, body=body))


@dataclass(frozen=True, slots=True)
class GroupState:
    """A group as people see it; times are wall time."""

    id: int
    project: str
    channel: str
    state: str
    scope: str
    opened_us: int
    sent_us: int | None
    next_us: int | None
    sends: int
    alerts: int


def find_group(connection: Connection, project: str, group_id: int) -> GroupState:
    """One group; raises `NotFound`."""
    g = notice_groups.c
    row = connection.execute(select(notice_groups).where(g.id == group_id, g.project == project)).one_or_none()
    if row is None:
        raise NotFound(f"there is no group of alerts {group_id}", hint="messages link to the groups that there are")
    count = select(func.count()).where(group_alerts.c.group_id == group_id)
    held = int(connection.execute(count).scalar_one())
    scope = json.loads(row.body).get("scope", FLEET)
    return GroupState(
        row.id, row.project, row.channel, row.state, scope, row.opened_us, row.sent_us, row.next_us, row.sends, held
    )
