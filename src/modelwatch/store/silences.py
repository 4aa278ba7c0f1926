"""Silences: who wants nothing sent about which alerts, from when until when, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from modelwatch.alerts.life import ON
from modelwatch.alerts.matcher import Matcher, matcher_from
from modelwatch.errors import Conflict, NotFound
from modelwatch.store.alert_list import shown_in
from modelwatch.store.notify_tables import silences
from modelwatch.store.tables import alerts, models

MOST: Final = 5_000
"""Silences that are held against alerts."""


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence; times are wall time. One that is over stays as a record."""

    id: int
    project: str
    matcher: Matcher
    starts_us: int
    ends_us: int
    by: str
    comment: str
    created_us: int

    def state(self, now_us: int) -> str:
        """Whether it is pending, active or ended."""
        if now_us < self.starts_us:
            return "pending"
        return "active" if now_us < self.ends_us else "ended"


def silence_row(row: Row[Any]) -> Silence:
    """A row of `silences` as a value."""
    matcher = matcher_from(json.loads(row.matcher))
    return Silence(row.id, row.project, matcher, row.starts_us, row.ends_us, row.by, row.comment, row.created_us)


def add_silence(
    connection: Connection,
    project: str,
    matcher: Matcher,
    starts_us: int,
    ends_us: int,
    by: str,
    comment: str,
    now_us: int,
) -> Silence:
    """Store a new silence; alerts that go on are looked at again."""
    values = {
        "project": project,
        "matcher": json.dumps(matcher.to_json()),
        "starts_us": starts_us,
        "ends_us": ends_us,
        "by": by,
        "comment": comment,
        "created_us": now_us,
    }
    key = connection.execute(insert(silences).values(**values)).inserted_primary_key
    assert key is not None
    look_again(connection, project, now_us)
    return get_silence(connection, project, int(key[0]))


def get_silence(connection: Connection, project: str, silence_id: int) -> Silence:
    """One silence; raises `NotFound`."""
    query = select(silences).where(silences.c.id == silence_id, silences.c.project == project)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no silence {silence_id}", hint="GET /api/v1/silences lists them")
    return silence_row(row)


def list_silences(
    connection: Connection, project: str | None, now_us: int, *, ended: bool = False, limit: int = MOST
) -> list[Silence]:
    """Silences that go on or are to come, the soonest end first; with `ended` those that are over, the newest first."""
    query = select(silences).limit(limit)
    if project is not None:
        query = query.where(silences.c.project == project)
    if ended:
        query = query.where(silences.c.ends_us <= now_us).order_by(silences.c.ends_us.desc(), silences.c.id.desc())
    else:
        query = query.where(silences.c.ends_us > now_us).order_by(silences.c.ends_us, silences.c.id)
    return [silence_row(row) for row in connection.execute(query)]


def change_end(connection: Connection, project: str, silence_id: int, ends_us: int, now_us: int) -> Silence:
    """Move the end of a silence that is not over, or end it now; raises `NotFound` or `Conflict`."""
    found = get_silence(connection, project, silence_id)
    if found.state(now_us) == "ended":
        raise Conflict(f"silence {silence_id} is over already", hint="make a new one")
    values = {"ends_us": max(ends_us, now_us), "starts_us": min(found.starts_us, max(ends_us, now_us))}
    connection.execute(update(silences).where(silences.c.id == silence_id).values(**values))
    look_again(connection, project, now_us)
    return get_silence(connection, project, silence_id)


def look_again(connection: Connection, project: str, now_us: int) -> None:
    """Have the alerts of a project that go on planned again."""
    mine = select(models.c.id).where(models.c.project.in_(shown_in(project)))
    goes_on = alerts.c.status.in_(ON)
    connection.execute(update(alerts).where(goes_on, alerts.c.model_id.in_(mine)).values(changed_us=now_us))
