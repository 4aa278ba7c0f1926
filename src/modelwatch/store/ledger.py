"""What came in: log offsets, counts of accepted and rejected rows, traffic by day, and the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select

from modelwatch.store.tables import offsets, quarantine, tallies, traffic
from modelwatch.store.upsert import upsert

LAKE: Final = "lake"
"""The consumer of the log that stands where rows may not be in the lake yet."""


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A rejected row, why, and as much of it as was kept."""

    id: int
    model: str
    received_us: int
    row: int
    reason: str
    detail: str
    record: str


def load_offset(connection: Connection, consumer: str) -> int | None:
    """Where a consumer of the log goes on, or None when it never committed."""
    return connection.execute(select(offsets.c.position).where(offsets.c.consumer == consumer)).scalar_one_or_none()


def save_offset(connection: Connection, consumer: str, position: int, now_us: int) -> None:
    """Commit a consumer's place in the log, in the transaction of what it did up to there."""
    upsert(connection, offsets, [{"consumer": consumer, "position": position, "updated_us": now_us}], ["consumer"])


def add_tallies(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add to the counts of (project, model, kind)."""
    upsert(connection, tallies, rows, ["project", "model", "kind"], add=["accepted", "rejected"])


def total_tallies(connection: Connection, project: str, kind: str | None = None) -> tuple[int, int]:
    """(accepted, rejected) of a project, of one kind of rows or of all."""
    query = select(
        func.coalesce(func.sum(tallies.c.accepted), 0), func.coalesce(func.sum(tallies.c.rejected), 0)
    ).where(tallies.c.project == project)
    if kind is not None:
        query = query.where(tallies.c.kind == kind)
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def add_traffic(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add to the predictions of (deployment, day of event time)."""
    upsert(connection, traffic, rows, ["deployment_id", "day_us"], add=["predictions"])


def traffic_days(connection: Connection, deployment_id: int) -> list[int]:
    """The days on which a deployment made predictions."""
    query = select(traffic.c.day_us).where(traffic.c.deployment_id == deployment_id).order_by(traffic.c.day_us)
    return list(connection.execute(query).scalars())


def load_traffic(connection: Connection, since_us: int) -> dict[int, dict[int, int]]:
    """{deployment: {day start: predictions}} of all days from `since_us` on."""
    found: dict[int, dict[int, int]] = {}
    for row in connection.execute(select(traffic).where(traffic.c.day_us >= since_us)):
        found.setdefault(row.deployment_id, {})[row.day_us] = row.predictions
    return found


def add_quarantine(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep rejected rows."""
    if rows:
        connection.execute(insert(quarantine), list(rows))


def count_quarantine(connection: Connection, project: str) -> int:
    """How many rejected rows are kept."""
    return int(connection.execute(select(func.count()).where(quarantine.c.project == project)).scalar_one())


def list_quarantine(
    connection: Connection, project: str, model: str | None, before: int | None, limit: int
) -> list[QuarantineRow]:
    """Rejected rows, the newest first; `before` is the id of the last one of the page before."""
    query = select(quarantine).where(quarantine.c.project == project).order_by(quarantine.c.id.desc()).limit(limit)
    if model is not None:
        query = query.where(quarantine.c.model == model)
    if before is not None:
        query = query.where(quarantine.c.id < before)
    return [
        QuarantineRow(row.id, row.model, row.received_us, row.row, row.reason, row.detail, row.record)
        for row in connection.execute(query)
    ]


def expire_quarantine(connection: Connection, before_us: int, keep: int) -> int:
    """Drop rejected rows that are older than `before_us` or beyond the newest `keep`; returns how many went."""
    limit = connection.execute(select(quarantine.c.id).order_by(quarantine.c.id.desc()).offset(keep).limit(1)).scalar()
    gone = (quarantine.c.received_us < before_us) | (quarantine.c.id <= (limit if limit is not None else -1))
    return connection.execute(delete(quarantine).where(gone)).rowcount
