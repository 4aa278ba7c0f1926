"""Rows that wait in memory for the lake, per table, with the log positions that they came from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from modelwatch.lake.clock import wall_us
from modelwatch.lake.columns import align, place
from modelwatch.lake.contract import TableKey


@dataclass(frozen=True, slots=True)
class Taken:
    """What waited for one table: its rows, the position of the first record and the one behind the last."""

    rows: pa.Table
    first: int
    next: int


@dataclass(slots=True)
class Waiting:
    """The rows of one table, in the order in which they came; `since_us` is when the first one did."""

    first: int
    next: int
    since_us: int
    bytes: int = 0
    rows: int = 0
    parts: list[pa.Table] = field(default_factory=list)


class Buffer:
    """Rows per table, with the bytes that they hold always known. Its owner flushes while it is `full`."""

    def __init__(self, limit_bytes: int, clock: Callable[[], int] = wall_us) -> None:
        self.limit_bytes = limit_bytes
        self.bytes = 0
        self.flushing = threading.RLock()
        """Held from taking rows out until the lake has them: who holds it sees each row here or there."""
        self._clock = clock
        self._waiting: dict[TableKey, Waiting] = {}

    @property
    def full(self) -> bool:
        """True when more waits than the limit."""
        return self.bytes > self.limit_bytes

    def add(self, table: TableKey, rows: pa.Table, position: int, next: int) -> None:  # noqa: A002 the log's word
        """Keep the rows of the log record that begins at `position`; the following one begins at `next`."""
        waiting = self._waiting.get(table)
        if waiting is None:
            waiting = self._waiting[table] = Waiting(position, next, self._clock())
        waiting.first, waiting.next = min(waiting.first, position), max(waiting.next, next)
        waiting.parts.append(rows)
        waiting.rows += rows.num_rows
        waiting.bytes += rows.nbytes
        self.bytes += rows.nbytes

    def rows(self, table: TableKey) -> Sequence[pa.Table]:
        """The rows that wait for a table, for a scan that must see them; empty when there are none."""
        waiting = self._waiting.get(table)
        return () if waiting is None else tuple(waiting.parts)

    def tables(self) -> list[TableKey]:
        """All tables for which rows wait, the one that waits longest first."""
        return sorted(self._waiting, key=lambda table: self._waiting[table].since_us)

    def due(self, before_us: int, rows: int) -> list[TableKey]:
        """The tables whose first row came by `before_us`, or for which that many rows wait."""
        return [
            table
            for table in self.tables()
            if self._waiting[table].since_us <= before_us or self._waiting[table].rows >= rows
        ]

    def largest(self) -> TableKey | None:
        """The table for which most bytes wait, None when nothing waits."""
        return max(self._waiting, key=lambda table: self._waiting[table].bytes, default=None)

    def first_position(self, default: int) -> int:
        """The oldest log position that rows here came from; `default` when nothing waits."""
        return min((waiting.first for waiting in self._waiting.values()), default=default)

    def take(self, table: TableKey) -> Taken | None:
        """Remove and return what waits for a table as one, None when nothing does."""
        waiting = self._waiting.pop(table, None)
        if waiting is None:
            return None
        self.bytes -= waiting.bytes
        return Taken(unify(waiting.parts), waiting.first, waiting.next)

    def clear(self) -> None:
        """Forget everything: the log still has it."""
        self._waiting.clear()
        self.bytes = 0


def unify(parts: Sequence[pa.Table]) -> pa.Table:
    """All rows in one table: columns by name, null where a part lacks one, one dictionary per category.

    A column whose type differs from that of the parts before it is placed as `columns.fit` says. Parts of one schema
    come to stand together.
    """
    alike: dict[pa.Schema, list[pa.Table]] = {}
    for part in parts:
        alike.setdefault(part.schema, []).append(part)
    schema = pa.schema([])
    placed = []
    for same in alike.values():
        fitted = place(pa.concat_tables(same), schema)
        schema = pa.schema([*schema, *(field for field in fitted.schema if field.name not in schema.names)])
        placed.append(fitted)
    return pa.concat_tables([align(part, schema) for part in placed]).unify_dictionaries()
