"""Messages to channels: what waits, what was sent, what never arrived.

A message is waiting, sent, dead (given up, and shown as a fault of its channel) or dropped (its channel was switched
off or deleted). Its `key` is the same on every try. Within a group the order is kept: a message waits for those of
its group that were queued before it and still wait.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from modelwatch.alerts.episodes import Event
from modelwatch.alerts.notification import Notification, from_json
from modelwatch.errors import Conflict, CorruptData, NotFound
from modelwatch.store.notify_tables import channel_states, messages, notice_groups
from modelwatch.store.tables import alert_events, alerts
from modelwatch.store.upsert import upsert

WAITING: Final = "waiting"
SENT: Final = "sent"
DEAD: Final = "dead"
DROPPED: Final = "dropped"
MOST_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one channel. `attempts` counts the tries that were begun, `next_us` is when the next is due,
    `done_us` when it was sent or given up, `error` how the last try went."""

    id: int
    project: str
    channel: str
    group_id: int | None
    key: str
    event: str
    body: str
    state: str
    attempts: int
    created_us: int
    next_us: int
    done_us: int | None
    error: str

    @property
    def notification(self) -> Notification:
        """What is to be told; raises `CorruptData` for what another version stored and this one cannot read."""
        try:
            return from_json(self.body)
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptData("what is stored of the message cannot be read by this version") from error

    @property
    def named(self) -> list[int]:
        """The alerts that it names; none when it cannot be read."""
        try:
            return sorted({line.alert_id for line in self.notification.lines})
        except CorruptData:
            return []


def queue_message(
    connection: Connection, told: Notification, group_id: int | None, now_us: int, due_us: int | None = None
) -> None:
    """Let a notification wait for its channel, in the transaction that decides it; once per key."""
    values = {
        "project": told.project,
        "channel": told.channel,
        "group_id": group_id,
        "key": told.key,
        "event": told.told.value,
        "body": told.to_json(),
        "state": WAITING,
        "created_us": now_us,
        "next_us": now_us if due_us is None else due_us,
    }
    upsert(connection, messages, [values], ["key"], keep=[name for name in values if name != "key"])


def channels_due(connection: Connection, now_us: int) -> list[tuple[str, str]]:
    """(project, channel) of the channels that have something to send now and are not held back."""
    query = (
        select(messages.c.project, messages.c.channel)
        .distinct()
        .outerjoin(
            channel_states,
            (channel_states.c.project == messages.c.project) & (channel_states.c.channel == messages.c.channel),
        )
        .where(
            messages.c.state == WAITING,
            messages.c.next_us <= now_us,
            or_(channel_states.c.held_us.is_(None), channel_states.c.held_us <= now_us),
        )
        .order_by(messages.c.project, messages.c.channel)
    )
    return [(row.project, row.channel) for row in connection.execute(query)]


def oldest_due(connection: Connection, now_us: int) -> int | None:
    """Since when the message could be tried that could be for longest, None when none can. What waits behind another of
    its group or for a channel that is held back is not late: its channel is what fails."""
    held = func.coalesce(channel_states.c.held_us, 0)
    since = case((held > messages.c.next_us, held), else_=messages.c.next_us)
    mine = of_channel(channel_states, messages.c.project, messages.c.channel)
    query = select(func.min(since)).select_from(messages.outerjoin(channel_states, and_(*mine)))
    return connection.execute(query.where(messages.c.state == WAITING, since <= now_us, first_of_group())).scalar()


def first_of_group() -> ColumnElement[bool]:
    """The condition that a message waits for none of its group."""
    before = messages.alias("before")
    return ~exists().where(
        before.c.group_id == messages.c.group_id, before.c.state == WAITING, before.c.id < messages.c.id
    )


def next_message(connection: Connection, project: str, channel: str, now_us: int) -> Message | None:
    """The message of a channel to try now, of those that are due and wait for none of their group: what was tried
    least, then what is oldest, so that one that always fails holds up no other. None while the channel is held."""
    held = select(channel_states.c.held_us).where(*of_channel(channel_states, project, channel))
    until = connection.execute(held).scalar()
    if until is not None and until > now_us:
        return None
    query = (
        select(messages)
        .where(*of_channel(messages, project, channel), messages.c.state == WAITING)
        .where(messages.c.next_us <= now_us, first_of_group())
        .order_by(messages.c.attempts, messages.c.id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else message_of(row)


def of_channel(
    table: Table, project: str | Column[str], channel: str | Column[str]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that narrow a table to one channel."""
    return table.c.project == project, table.c.channel == channel


def message_of(row: Row[Any]) -> Message:
    """A row of `messages` as a value."""
    return Message(
        row.id,
        row.project,
        row.channel,
        row.group_id,
        row.key,
        row.event,
        row.body,
        row.state,
        row.attempts,
        row.created_us,
        row.next_us,
        row.done_us,
        row.error,
    )


def begin_try(connection: Connection, message: Message, again_us: int) -> bool:
    """Record that a try begins, before anything goes out; should the process die now, the next is due at `again_us`.

    False when the message no longer waits.
    """
    began = connection.execute(
        update(messages)
        .where(messages.c.id == message.id, messages.c.state == WAITING)
        .values(attempts=messages.c.attempts + 1, next_us=again_us)
    )
    return began.rowcount == 1


def thread_of(connection: Connection, message: Message) -> dict[str, str]:
    """What the channel keeps for the message's group: the thread that it goes on in."""
    query = select(notice_groups.c.thread).where(notice_groups.c.id == message.group_id)
    text = connection.execute(query).scalar()
    thread: dict[str, str] = json.loads(text or "{}")
    return thread


def record_sent(
    connection: Connection, message: Message, thread: Mapping[str, str], kind: str, now_us: int, lacks: str = ""
) -> None:
    """The message arrived, up to what it `lacks`: keep its thread, and say so in the histories of its alerts."""
    done = {"state": SENT, "done_us": now_us, "error": lacks[:MOST_ERROR]}
    connection.execute(update(messages).where(messages.c.id == message.id).values(**done))
    if message.group_id is not None and thread:
        group = update(notice_groups).where(notice_groups.c.id == message.group_id)
        connection.execute(group.values(thread=json.dumps(dict(thread))))
    state = {"delivered_us": now_us, "held_us": None, "error": "", "sent": channel_states.c.sent + 1}
    note(connection, message, kind, state)
    seconds = (now_us - message.created_us) / 1e6
    text = f"Sent to {message.channel}; {seconds:.1f} s after it was due{f'; {lacks[:MOST_ERROR]}' if lacks else ''}"
    tell(connection, message, Event(now_us, "sent", text))


def make_due(connection: Connection, project: str, channel: str, now_us: int) -> None:
    """Let everything that waits for another try of a channel go on now."""
    failed = (messages.c.state == WAITING, messages.c.attempts > 0, messages.c.next_us > now_us)
    connection.execute(update(messages).where(*of_channel(messages, project, channel), *failed).values(next_us=now_us))


def record_failed(
    connection: Connection, message: Message, error: str, kind: str, now_us: int, next_us: int, held_us: int
) -> None:
    """The try failed: another is due at `next_us`, and the channel is held back until `held_us`."""
    short = error[:MOST_ERROR]
    connection.execute(update(messages).where(messages.c.id == message.id).values(next_us=next_us, error=short))
    state = {"failed_us": now_us, "held_us": held_us, "error": short, "failed": channel_states.c.failed + 1}
    note(connection, message, kind, state)


def record_dead(connection: Connection, message: Message, error: str, kind: str, now_us: int) -> None:
    """The message is given up."""
    short = error[:MOST_ERROR]
    done = {"state": DEAD, "done_us": now_us, "error": short}
    connection.execute(update(messages).where(messages.c.id == message.id).values(**done))
    counts = {"failed": channel_states.c.failed + 1, "dead": channel_states.c.dead + 1}
    note(connection, message, kind, {"failed_us": now_us, "error": short, **counts})
    tell(connection, message, Event(now_us, "not_delivered", f"Not delivered to {message.channel}: {short}"))


def note(connection: Connection, message: Message, kind: str, values: Mapping[str, Any]) -> None:
    """Change the state of the message's channel."""
    key = {"project": message.project, "channel": message.channel}
    upsert(connection, channel_states, [{**key, "kind": kind}], ["project", "channel"])
    mine = of_channel(channel_states, message.project, message.channel)
    connection.execute(update(channel_states).where(*mine).values(**values))


def tell(connection: Connection, message: Message, event: Event) -> None:
    """Write a line into the history of each alert that the message names."""
    query = select(alerts.c.id).where(alerts.c.id.in_(message.named)).order_by(alerts.c.id)
    rows = connection.execute(query)
    lines = [{"alert_id": row.id, "at_us": event.at_us, "kind": event.kind, "text": event.text} for row in rows]
    if lines:
        connection.execute(insert(alert_events), lines)


def get_message(connection: Connection, project: str, message_id: int) -> Message:
    """The message of that id; raises `NotFound`."""
    row = connection.execute(
        select(messages).where(messages.c.id == message_id, messages.c.project == project)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no message {message_id}", hint="GET /api/v1/messages lists them")
    return message_of(row)


def list_messages(
    connection: Connection,
    project: str,
    *,
    states: Sequence[str] | None = None,
    channel: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Message]:
    """Messages, the newest first; `before` is the id of the last one of the page before."""
    query = select(messages).where(messages.c.project == project)
    if states is not None:
        query = query.where(messages.c.state.in_(states))
    if channel is not None:
        query = query.where(messages.c.channel == channel)
    if before is not None:
        query = query.where(messages.c.id < before)
    return [message_of(row) for row in connection.execute(query.order_by(messages.c.id.desc()).limit(limit))]


def retry_message(connection: Connection, project: str, message_id: int, now_us: int) -> Message:
    """Let a message that was given up wait again, with all its tries before it; raises `NotFound` or `Conflict`."""
    found = get_message(connection, project, message_id)
    if found.state not in (DEAD, DROPPED):
        raise Conflict(f"message {message_id} is {found.state}", hint="only what was given up is sent again by hand")
    again = {"state": WAITING, "attempts": 0, "next_us": now_us, "done_us": None}
    connection.execute(update(messages).where(messages.c.id == message_id).values(**again))
    mine = of_channel(channel_states, project, found.channel)
    connection.execute(update(channel_states).where(*mine).values(held_us=None))
    return get_message(connection, project, message_id)


def drop_message(connection: Connection, project: str, message_id: int, now_us: int) -> Message:
    """A person no longer wants a message that was given up; raises `NotFound` or `Conflict`."""
    found = get_message(connection, project, message_id)
    if found.state not in (DEAD, DROPPED):
        raise Conflict(f"message {message_id} is {found.state}", hint="only what was given up can be dropped")
    connection.execute(update(messages).where(messages.c.id == message_id).values(state=DROPPED, done_us=now_us))
    return get_message(connection, project, message_id)


def drop_waiting(connection: Connection, project: str, channel: str, reason: str, now_us: int) -> int:
    """Drop what waits for a channel that is no more; returns how many messages."""
    mine = (*of_channel(messages, project, channel), messages.c.state == WAITING)
    waiting = [message_of(row) for row in connection.execute(select(messages).where(*mine))]
    for message in waiting:
        tell(connection, message, Event(now_us, "not_delivered", f"Not delivered to {channel}: {reason}"))
    done = {"state": DROPPED, "done_us": now_us, "error": reason}
    connection.execute(update(messages).where(*mine).values(**done))
    return len(waiting)


def forget_messages(connection: Connection, before_us: int) -> int:
    """Delete what was done with before `before_us`; returns how many messages."""
    old = delete(messages).where(messages.c.state != WAITING, messages.c.done_us < before_us)
    return connection.execute(old).rowcount
