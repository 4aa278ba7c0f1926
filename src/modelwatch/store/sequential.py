"""The running evidence of critical models, and the columns that it raised (crossings)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.store.tables import crossings, sequential_states
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class StateRow:
    """The state of one deployment's sequential test, as of the fold's position in the log."""

    updated_us: int
    body: bytes


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """One column that the sequential test raised, at event time `at_us`, seen at `seen_us` of the wall clock.

    `rows` is how many rows of its epoch that took, which are rows `first_row` to `last_row` since the state began.
    """

    at_us: int
    column: ColumnKey
    level: Level
    value: float
    cause: str
    text: str
    rows: float
    first_row: float
    last_row: float
    evidence: float
    asked: float
    seen_us: int


def load_state(connection: Connection, deployment_id: int) -> StateRow | None:
    """The state of a deployment, or None."""
    query = select(sequential_states.c.updated_us, sequential_states.c.body)
    row = connection.execute(query.where(sequential_states.c.deployment_id == deployment_id)).one_or_none()
    return None if row is None else StateRow(row.updated_us, row.body)


def save_state(connection: Connection, deployment_id: int, now_us: int, body: bytes) -> None:
    """Store the state of a deployment, in the transaction of the log offset that it stands for."""
    values = {"deployment_id": deployment_id, "updated_us": now_us, "body": body}
    upsert(connection, sequential_states, [values], ["deployment_id"])


def drop_state(connection: Connection, deployment_id: int) -> None:
    """Forget the state of a deployment whose model is critical no more."""
    connection.execute(delete(sequential_states).where(sequential_states.c.deployment_id == deployment_id))


def add_crossing(connection: Connection, deployment_id: int, row: CrossingRow) -> None:
    """Store what the test found."""
    connection.execute(
        insert(crossings).values(
            deployment_id=deployment_id,
            at_us=row.at_us,
            role=row.column.role.value,
            name=row.column.name,
            level=row.level.value,
            value=row.value,
            cause=row.cause,
            text=row.text,
            rows=row.rows,
            first_row=row.first_row,
            last_row=row.last_row,
            evidence=row.evidence,
            asked=row.asked,
            seen_us=row.seen_us,
        )
    )


def load_crossings(connection: Connection, deployment_id: int, from_us: int) -> list[CrossingRow]:
    """What the test found at `from_us` and later, in order of time."""
    query = (
        select(crossings)
        .where(crossings.c.deployment_id == deployment_id, crossings.c.at_us >= from_us)
        .order_by(crossings.c.at_us, crossings.c.id)
    )
    return [
        CrossingRow(
            row.at_us,
            ColumnKey(Role(row.role), row.name),
            Level(row.level),
            row.value,
            row.cause,
            row.text,
            row.rows,
            row.first_row,
            row.last_row,
            row.evidence,
            row.asked,
            row.seen_us,
        )
        for row in connection.execute(query)
    ]
