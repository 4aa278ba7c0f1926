"""Rows of models without a reference, held back until they become it, and what is recorded of schemas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select

from modelwatch.core.column import SchemaChange
from modelwatch.store.tables import held, schema_changes
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class HeldRows:
    """One batch that waits, as it lies in the log."""

    deployment_id: int
    rows: int
    body: bytes


def load_held(connection: Connection, model_id: int) -> list[HeldRows]:
    """The batches of a model that wait, in log order."""
    rows = connection.execute(select(held).where(held.c.model_id == model_id).order_by(held.c.id))
    return [HeldRows(row.deployment_id, row.rows, row.body) for row in rows]


def add_held(connection: Connection, model_id: int, batches: Sequence[HeldRows]) -> None:
    """Keep batches of a model."""
    if batches:
        connection.execute(
            insert(held),
            [
                {"model_id": model_id, "deployment_id": each.deployment_id, "rows": each.rows, "body": each.body}
                for each in batches
            ],
        )


def drop_held(connection: Connection, model_id: int) -> None:
    """Let go of a model's batches: they are in its profiles now."""
    connection.execute(delete(held).where(held.c.model_id == model_id))


def count_held(connection: Connection) -> dict[int, int]:
    """{model: rows held back}."""
    rows = connection.execute(select(held.c.model_id, func.sum(held.c.rows)).group_by(held.c.model_id))
    return {row[0]: int(row[1]) for row in rows}


def add_changes(connection: Connection, deployment_id: int, at_us: int, changes: Iterable[SchemaChange]) -> None:
    """Record schema changes; the same change of the same column is recorded once, when it was first seen."""
    rows = [
        {
            "deployment_id": deployment_id,
            "at_us": at_us,
            "role": change.key.role.value,
            "name": change.key.name,
            "change": change.change.value,
            "before": change.before,
            "after": change.after,
        }
        for change in changes
    ]
    keys = ["deployment_id", "role", "name", "change", "before", "after"]
    upsert(connection, schema_changes, rows, keys, keep=["at_us"])


def list_changes(
    connection: Connection, deployment_ids: Sequence[int], limit: int = 50
) -> list[Row[tuple[object, ...]]]:
    """Recorded schema changes, the newest first; columns as in the table."""
    query = select(schema_changes).where(schema_changes.c.deployment_id.in_(deployment_ids))
    return list(connection.execute(query.order_by(schema_changes.c.at_us.desc()).limit(limit)))
