"""Rows that senders had to drop before they could send them, as they say themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from modelwatch.store.notify_tables import client_drops
from modelwatch.store.upsert import upsert


def save_drops(connection: Connection, said: Mapping[tuple[str, str, str], int], now_us: int) -> None:
    """Keep the largest count of each (project, model, producer): batches may come in any order."""
    c = client_drops.c
    for (project, model, producer), rows in said.items():
        mine = (c.project == project, c.model == model, c.producer == producer)
        known = connection.execute(select(c.dropped).where(*mine)).scalar_one_or_none() or 0
        if rows > known:
            row = {"project": project, "model": model, "producer": producer, "dropped": rows, "at_us": now_us}
            upsert(connection, client_drops, [row], ["project", "model", "producer"])


def total_drops(connection: Connection, project: str, model: str | None = None) -> int:
    """All rows that senders dropped, of a project or of one of its models."""
    query = select(func.coalesce(func.sum(client_drops.c.dropped), 0)).where(client_drops.c.project == project)
    if model is not None:
        query = query.where(client_drops.c.model == model)
    return int(connection.execute(query).scalar_one())


def drops_by_model(connection: Connection, project: str) -> dict[str, int]:
    """{model: rows that senders dropped}."""
    c = client_drops.c
    query = select(c.model, func.sum(c.dropped)).where(c.project == project).group_by(c.model)
    return {row[0]: int(row[1]) for row in connection.execute(query)}
