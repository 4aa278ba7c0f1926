"""Mute times, by their names."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, select

from modelwatch.alerts.mute_time import MuteTime, mute_time_from
from modelwatch.errors import NotFound
from modelwatch.store.notify_tables import mute_times
from modelwatch.store.silences import look_again
from modelwatch.store.upsert import upsert


def save_mute_time(connection: Connection, project: str, mute: MuteTime, now_us: int) -> None:
    """Store a mute time, or replace the one of that name; alerts that go on are looked at again."""
    row = {"project": project, "name": mute.name, "body": json.dumps(mute.to_json())}
    upsert(connection, mute_times, [row], ["project", "name"])
    look_again(connection, project, now_us)


def list_mute_times(connection: Connection, project: str) -> list[MuteTime]:
    """The mute times of a project, by name."""
    query = select(mute_times).where(mute_times.c.project == project).order_by(mute_times.c.name)
    return [mute_time_from(row.name, json.loads(row.body)) for row in connection.execute(query)]


def drop_mute_time(connection: Connection, project: str, name: str, now_us: int) -> None:
    """Remove a mute time; what it held back is told. Raises `NotFound`."""
    named = (mute_times.c.project == project, mute_times.c.name == name)
    if connection.execute(delete(mute_times).where(*named)).rowcount == 0:
        raise NotFound(f"there is no mute time {name!r}", hint="GET /api/v1/mute-times lists them")
    look_again(connection, project, now_us)
