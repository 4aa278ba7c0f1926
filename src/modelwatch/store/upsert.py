"""Insert rows, or update those whose key is there already: the one statement that the dialects spell differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    *,
    add: Sequence[str] = (),
    keep: Sequence[str] = (),
) -> None:
    """Writes `rows`; where `keys` exist, the other columns take the new values, `add` columns grow, `keep` stay."""
    if not rows:
        return
    statement = upserting(connection.dialect.name, table, tuple(rows[0]), tuple(keys), tuple(add), tuple(keep))
    connection.execute(statement, list(rows))


@lru_cache(maxsize=256)
def upserting(
    dialect: str,
    table: Table,
    names: tuple[str, ...],
    keys: tuple[str, ...],
    add: tuple[str, ...],
    keep: tuple[str, ...],
) -> Any:
    """The statement of `upsert` for rows with columns of those names; making it costs more than running it."""
    insert: Any = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    changed = {
        name: table.c[name] + insert.excluded[name] if name in add else insert.excluded[name]
        for name in names
        if name not in keys and name not in keep
    }
    if not changed:
        return insert.on_conflict_do_nothing(index_elements=list(keys))
    return insert.on_conflict_do_update(index_elements=list(keys), set_=changed)
