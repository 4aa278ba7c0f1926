"""What a lake is: a few tables per model that take files, commit them once, and are read by time and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.core.wire import Kind

COMPACT_ROWS: Final = 500_000
"""Rows of a compacted file: with 50 features 200 MB in memory; a million would save 2 % more."""


@dataclass(frozen=True, slots=True)
class TableKey:
    """One table of the lake: the predictions, actuals or joined labels of one model. The names are the user's own."""

    project: str
    model: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file with rows of one UTC day.

    `path` is relative to the table and uses `/`; `min_us` and `max_us` are the event times of its first and last row;
    `stats` is the statistics JSON of a Delta `add` action; `partition` is the day as `YYYY-MM-DD`.
    """

    path: str
    rows: int
    bytes: int
    min_us: int
    max_us: int
    stats: str
    partition: str

    def to_json(self) -> dict[str, str | int]:
        """Plain values for storing: `DataFile.from_json` is the way back."""
        return {
            "path": self.path,
            "rows": self.rows,
            "bytes": self.bytes,
            "min_us": self.min_us,
            "max_us": self.max_us,
            "stats": self.stats,
            "partition": self.partition,
        }

    @staticmethod
    def from_json(values: dict[str, str | int]) -> DataFile:
        """The file that `to_json` wrote."""
        return DataFile(
            path=str(values["path"]),
            rows=int(values["rows"]),
            bytes=int(values["bytes"]),
            min_us=int(values["min_us"]),
            max_us=int(values["max_us"]),
            stats=str(values["stats"]),
            partition=str(values["partition"]),
        )


Find = Callable[[pa.Array], NDArray[np.int64]]
"""Prediction ids [n] -> the places of those that are looked for, ascending."""
Wanted = Callable[[DataFile, int], bool]
"""A file and the latest arrival among its rows (the least integer when not known) -> whether to look into it."""


class Lake(Protocol):
    """Tables of rows in an open format. One process writes a table at a time; any number may read it."""

    def write(self, table: TableKey, rows: pa.Table, tag: str) -> list[DataFile]:
        """Durable files that hold `rows`, one or more per day, that no reader sees before `commit`.

        The columns are those of `columns.lake_field`. The table and the columns that it lacks are made first, so that
        a column whose type differs from the table's gets its place (see `columns.fit`). Files are named by `tag`
        (letters, digits, `-`, `_`) and day: writing the same rows again under the same tag replaces them.
        """
        ...

    def commit(self, table: TableKey, schema: pa.Schema, files: Sequence[DataFile], sequence: int) -> bool:
        """Make files part of the table, all or none; False when `sequence` or a later one was committed before.

        `schema` is that of the rows written. It is durable when this returns.
        """
        ...

    def committed(self, table: TableKey) -> int:
        """The last sequence that was committed, -1 when there is none; a question of the process that writes."""
        ...

    def schema(self, table: TableKey) -> pa.Schema | None:
        """The columns of the table as `scan` gives them, None when there is no table."""
        ...

    def scan(
        self,
        table: TableKey,
        columns: Sequence[str] | None,
        start_us: int,
        end_us: int,
        waiting: Sequence[pa.Table] = (),
    ) -> pa.RecordBatchReader:
        """Rows with start <= timestamp < end, committed ones and those of `waiting`, in no particular order.

        `columns` are lake names, None for all of them; names that no row has are left out. Categories come as
        dictionary<int32, utf8>.
        """
        ...

    def lookup(
        self, table: TableKey, find: Find, columns: Sequence[str], wanted: Wanted, waiting: Sequence[pa.Table] = ()
    ) -> Iterator[pa.Table]:
        """The rows whose prediction id `find` finds, with `columns` as in `scan`, from files that are `wanted`.

        Other columns than the ids are only read where something was found. Raises `Conflict` when the table was
        rewritten meanwhile: look again.
        """
        ...

    def compact(self, table: TableKey, before_us: int | None = None, rows: int = COMPACT_ROWS) -> int:
        """Merge the small files of days that end by `before_us` into files of about `rows`; the number replaced."""
        ...

    def expire(self, table: TableKey, before_us: int) -> int:
        """Remove the files whose day and last arrival both lie before `before_us`; the number of rows removed."""
        ...

    def erase(self, table: TableKey, prediction_ids: Iterable[str]) -> int:
        """Remove the rows of those ids, from the disk too; the number of rows removed.

        Call it when every written file is committed: files that belong to no commit are deleted, since they may hold
        the same rows.
        """
        ...
