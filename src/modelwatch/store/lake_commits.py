"""How far each lake table has come, and the commits that were decided but may not be in the lake yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from modelwatch.store.tables import lake_commits, lake_tables
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class PendingCommit:
    """Files that are on disk and counted in `through`, whose Delta commit is still to be made (or made again)."""

    model_id: int
    kind: str
    sequence: int
    schema: bytes
    files: str


def load_progress(connection: Connection) -> dict[tuple[int, str], tuple[int, int]]:
    """{(model id, kind): (log position up to which rows are in files, last commit sequence)}."""
    return {(row.model_id, row.kind): (row.through, row.sequence) for row in connection.execute(select(lake_tables))}


def record(connection: Connection, commit: PendingCommit, through: int) -> None:
    """Decide a commit: from here on its files belong to the table."""
    upsert(
        connection,
        lake_tables,
        [{"model_id": commit.model_id, "kind": commit.kind, "through": through, "sequence": commit.sequence}],
        ["model_id", "kind"],
    )
    connection.execute(
        insert(lake_commits).values(
            model_id=commit.model_id,
            kind=commit.kind,
            sequence=commit.sequence,
            schema=commit.schema,
            files=commit.files,
        )
    )


def pending(connection: Connection) -> list[PendingCommit]:
    """Commits that were decided and not yet marked as made, in order."""
    query = select(lake_commits).order_by(lake_commits.c.model_id, lake_commits.c.kind, lake_commits.c.sequence)
    return [
        PendingCommit(row.model_id, row.kind, row.sequence, row.schema, row.files) for row in connection.execute(query)
    ]


def done(connection: Connection, commit: PendingCommit) -> None:
    """Mark a commit as made."""
    connection.execute(
        delete(lake_commits).where(
            lake_commits.c.model_id == commit.model_id,
            lake_commits.c.kind == commit.kind,
            lake_commits.c.sequence == commit.sequence,
        )
    )
