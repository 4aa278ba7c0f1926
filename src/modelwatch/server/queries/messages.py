"""Messages as they are shown, and what people do to those that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT
from modelwatch.errors import CorruptData
from modelwatch.store import messages as stored
from modelwatch.store.engine import writing


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message to one channel; times are wall time, `alerts` are those that it names."""

    id: int
    channel: str
    event: str
    level: Level
    title: str
    key: str
    state: str
    attempts: int
    created_at: int
    next_at: int | None
    done_at: int | None
    error: str
    alerts: list[int]


def read_messages(
    connection: Connection,
    states: Sequence[str] | None,
    channel: str | None,
    before: int | None,
    limit: int,
    project: str = DEFAULT_PROJECT,
) -> list[ShownMessage]:
    """Messages, the newest first."""
    found = stored.list_messages(connection, project, states=states, channel=channel, before=before, limit=limit)
    return [shown(each) for each in found]


def shown(row: stored.Message) -> ShownMessage:
    """A message as it is shown."""
    try:
        level, title = row.notification.level, row.notification.title
    except CorruptData as error:
        level, title = Level.ERROR, error.message
    return ShownMessage(
        id=row.id,
        channel=row.channel,
        event=row.event,
        level=level,
        title=title,
        key=row.key,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_us,
        next_at=row.next_us if row.state == stored.WAITING else None,
        done_at=row.done_us,
        error=row.error,
        alerts=row.named,
    )


def retry(engine: Engine, message_id: int, now_us: int) -> ShownMessage:
    """Let a message that was given up wait again; raises `NotFound` or `Conflict`."""
    with writing(engine) as connection:
        return shown(stored.retry_message(connection, DEFAULT_PROJECT, message_id, now_us))


def drop(engine: Engine, message_id: int, now_us: int) -> ShownMessage:
    """Let a message that was given up be; raises `NotFound` or `Conflict`."""
    with writing(engine) as connection:
        return shown(stored.drop_message(connection, DEFAULT_PROJECT, message_id, now_us))
