"""The lake in a local folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
from deltalake import DeltaTable

from modelwatch.errors import InvalidSettings
from modelwatch.lake import delta, rewrite
from modelwatch.lake.clock import wall_us
from modelwatch.lake.columns import align, fit, place
from modelwatch.lake.contract import COMPACT_ROWS, DataFile, Find, TableKey, Wanted
from modelwatch.lake.lookup import look_into, look_up
from modelwatch.lake.mend import mend
from modelwatch.lake.naming import table_folder
from modelwatch.lake.parquet import write_days
from modelwatch.lake.scan import between, scan_files
from modelwatch.lake.snapshots import Snapshot, Snapshots

TAG: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


class LocalLake:
    """Delta tables below one folder; `now_us` is the clock that dates its commits. See `contract.Lake`."""

    def __init__(self, root: Path, now_us: Callable[[], int] = wall_us) -> None:
        if re.search("%[0-9A-Fa-f]{2}", str(root)):
            raise InvalidSettings(f"the lake cannot live in {root}", hint="delta-rs reads %XX in a path as one letter")
        self._root = root
        self._now_us = now_us
        self._mended: set[Path] = set()
        self._snapshots = Snapshots()

    def write(self, table: TableKey, rows: pa.Table, tag: str) -> list[DataFile]:
        """See `Lake.write`."""
        if not TAG.fullmatch(tag):
            raise ValueError(f"tag {tag!r} cannot be part of a file's name")
        handle = self._prepare(table, rows.schema)
        placed = place(rows, delta.table_schema(handle))
        return write_days(self._folder(table), self._root, placed, tag)

    def commit(self, table: TableKey, schema: pa.Schema, files: Sequence[DataFile], sequence: int) -> bool:
        """See `Lake.commit`."""
        handle = self._prepare(table, schema)
        if delta.committed(handle) >= sequence:
            return False
        delta.commit(self._folder(table), handle, files, (), self._now_us(), sequence=sequence)
        return True

    def committed(self, table: TableKey) -> int:
        """See `Lake.committed`."""
        handle = self._open_to_write(table)
        return -1 if handle is None else delta.committed(handle)

    def schema(self, table: TableKey) -> pa.Schema | None:
        """See `Lake.schema`."""
        snapshot = self._snapshot(table)
        return None if snapshot is None else snapshot.schema

    def scan(
        self,
        table: TableKey,
        columns: Sequence[str] | None,
        start_us: int,
        end_us: int,
        waiting: Sequence[pa.Table] = (),
    ) -> pa.RecordBatchReader:
        """See `Lake.scan`."""
        snapshot = self._snapshot(table)
        known = None if snapshot is None else snapshot.schema
        unflushed = [place(rows, known) for rows in waiting]
        schema = _chosen([*([] if known is None else [known]), *(rows.schema for rows in unflushed)], columns)
        files = [] if snapshot is None else [held.file for held in snapshot.files]

        def batches() -> Iterator[pa.RecordBatch]:
            yield from scan_files(self._folder(table), files, schema, start_us, end_us)
            for rows in unflushed:
                yield from align(between(rows, start_us, end_us), schema).to_batches()

        return pa.RecordBatchReader.from_batches(schema, batches())

    def lookup(
        self, table: TableKey, find: Find, columns: Sequence[str], wanted: Wanted, waiting: Sequence[pa.Table] = ()
    ) -> Iterator[pa.Table]:
        """See `Lake.lookup`."""
        snapshot = self._snapshot(table)
        known = None if snapshot is None else snapshot.schema
        unflushed = [place(rows, known) for rows in waiting]
        schema = _chosen([*([] if known is None else [known]), *(rows.schema for rows in unflushed)], columns)
        held = () if snapshot is None else snapshot.files
        files = [each.file for each in held if wanted(each.file, each.received_us)]
        yield from look_up(self._folder(table), files, schema, find)
        for rows in unflushed:
            yield from look_into(rows, schema, find)

    def compact(self, table: TableKey, before_us: int | None = None, rows: int = COMPACT_ROWS) -> int:
        """See `Lake.compact`."""
        handle = self._open_to_write(table)
        if handle is None:
            return 0
        return rewrite.compact(self._folder(table), self._root, handle, before_us, rows, self._now_us())

    def expire(self, table: TableKey, before_us: int) -> int:
        """See `Lake.expire`."""
        handle = self._open_to_write(table)
        return 0 if handle is None else rewrite.expire(self._folder(table), handle, before_us, self._now_us())

    def erase(self, table: TableKey, prediction_ids: Iterable[str]) -> int:
        """See `Lake.erase`."""
        handle = self._open_to_write(table)
        if handle is None:
            return 0
        return rewrite.erase(self._folder(table), self._root, handle, prediction_ids, self._now_us())

    def _folder(self, table: TableKey) -> Path:
        return self._root / table_folder(table)

    def _snapshot(self, table: TableKey) -> Snapshot | None:
        return self._snapshots.of(self._folder(table), table)

    def _open_to_write(self, table: TableKey) -> DeltaTable | None:
        folder = self._folder(table)
        if folder not in self._mended:
            mend(folder / delta.LOG)
            self._mended.add(folder)
        handle = delta.open_table(folder)
        if handle is not None:
            delta.check_names(handle, table)
        return handle

    def _prepare(self, table: TableKey, schema: pa.Schema) -> DeltaTable:
        """The table, made if it is not there, with at least the columns that rows of `schema` need."""
        handle = self._open_to_write(table)
        if handle is None:
            return delta.create(self._folder(table), self._root, table, pa.schema(fit(schema, None)))
        known = delta.table_schema(handle)
        new = [field for field in fit(schema, known) if field.name not in known.names]
        if new:
            delta.add_columns(self._folder(table), handle, new)
        return handle


def _chosen(schemas: Sequence[pa.Schema], columns: Sequence[str] | None) -> pa.Schema:
    fields = {field.name: field for schema in reversed(schemas) for field in schema}
    order = dict.fromkeys(name for schema in schemas for name in schema.names)
    return pa.schema([fields[name] for name in order if columns is None or name in columns])
