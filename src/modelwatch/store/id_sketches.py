"""Sketches of prediction ids: one row per deployment and stretch of event time, on the stretches of its profiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, tuple_

from modelwatch.store.tables import id_sketches
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class SketchRow:
    """One stored sketch."""

    start_us: int
    span_us: int
    body: bytes


def load_sketches(connection: Connection, deployment_id: int, start_us: int, end_us: int) -> list[SketchRow]:
    """The sketches that begin in `[start_us, end_us)`, in order of time."""
    query = (
        select(id_sketches.c.start_us, id_sketches.c.span_us, id_sketches.c.body)
        .where(
            id_sketches.c.deployment_id == deployment_id,
            id_sketches.c.start_us >= start_us,
            id_sketches.c.start_us < end_us,
        )
        .order_by(id_sketches.c.start_us)
    )
    return [SketchRow(*row) for row in connection.execute(query)]


def save_sketches(connection: Connection, deployment_id: int, rows: Iterable[SketchRow]) -> None:
    """Write sketches, replacing those that begin at the same time with the same span."""
    values = [
        {"deployment_id": deployment_id, "start_us": row.start_us, "span_us": row.span_us, "body": row.body}
        for row in rows
    ]
    upsert(connection, id_sketches, values, ["deployment_id", "start_us", "span_us"])


def drop_sketches(connection: Connection, deployment_id: int, rows: Iterable[SketchRow]) -> None:
    """Delete sketches by where they begin and how long they are."""
    keys = [(row.start_us, row.span_us) for row in rows]
    for i in range(0, len(keys), 400):
        connection.execute(
            delete(id_sketches).where(
                id_sketches.c.deployment_id == deployment_id,
                tuple_(id_sketches.c.start_us, id_sketches.c.span_us).in_(keys[i : i + 400]),
            )
        )
