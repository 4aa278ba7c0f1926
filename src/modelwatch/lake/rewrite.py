"""What changes the files of a table but adds no rows: compact, expire, erase, and sweeping up after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable

from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Role
from modelwatch.lake import delta
from modelwatch.lake.contract import DataFile
from modelwatch.lake.delta import Held, day_of
from modelwatch.lake.durable import sync
from modelwatch.lake.naming import DATE
from modelwatch.lake.parquet import write_days
from modelwatch.lake.scan import read_file

IDS: Final = Role.PREDICTION_ID.value
READERS_US: Final = HOUR_US
"""How long a file stays on the disk after compaction, for readers that opened the table before it."""
REWRITTEN: Final = re.compile(r"r\.\d+\.\d+\.parquet|\..*\.part")


def compact(folder: Path, root: Path, table: DeltaTable, before_us: int | None, rows: int, now_us: int) -> int:
    """See `Lake.compact`. One commit per new file, so that little is lost when it is stopped midway."""
    replaced = 0
    schema = delta.table_schema(table)
    for group in small_groups(delta.files(table), before_us, rows):
        merged = pa.concat_tables([part for file in group for part in read_file(folder / file.path, schema)])
        name = rewritten_name(table, 0)
        delta.commit(folder, table, write_days(folder, root, merged, name), group, now_us, changes=False)
        replaced += len(group)
    sweep(folder, table, READERS_US)
    table.cleanup_metadata()
    return replaced


def small_groups(held: Sequence[Held], before_us: int | None, rows: int) -> list[list[DataFile]]:
    """Files of one day that make one file of about `rows` rows; files of half of that stay as they are."""
    closed = None if before_us is None else str(day_of(before_us))
    small = [item.file for item in held if 2 * item.file.rows <= rows]
    groups: list[list[DataFile]] = []
    for day, files in groupby(small, key=lambda file: file.partition):
        if closed is not None and day >= closed:
            continue
        group: list[DataFile] = []
        total = 0
        for file in files:
            if group and total + file.rows > rows:
                groups.append(group)
                group, total = [], 0
            group.append(file)
            total += file.rows
        groups.append(group)
    return [group for group in groups if len(group) > 1]


def expire(folder: Path, table: DeltaTable, before_us: int, now_us: int) -> int:
    """See `Lake.expire`."""
    last = str(day_of(before_us))
    gone = [item.file for item in delta.files(table) if item.file.partition < last and item.received_us < before_us]
    if gone:
        delta.commit(folder, table, (), gone, now_us)
        unlink(folder, [file.path for file in gone])
    sweep(folder, table, READERS_US)
    return sum(file.rows for file in gone)


def erase(folder: Path, root: Path, table: DeltaTable, prediction_ids: Iterable[str], now_us: int) -> int:
    """See `Lake.erase`. One commit for all files, then everything that the table does not hold leaves the disk."""
    wanted = pa.array(sorted(set(prediction_ids)), pa.string())
    schema = delta.table_schema(table)
    gone: list[DataFile] = []
    kept: list[DataFile] = []
    erased = 0
    for item in delta.files(table):
        if not may_hold(folder / item.file.path, wanted):
            continue
        rows = pa.concat_tables(read_file(folder / item.file.path, schema))
        left = rows.filter(pc.invert(pc.is_in(rows.column(IDS), wanted)))
        if left.num_rows < rows.num_rows:
            erased += rows.num_rows - left.num_rows
            gone.append(item.file)
            kept += write_days(folder, root, left, rewritten_name(table, len(gone)))
    if gone:
        delta.commit(folder, table, kept, gone, now_us)
    held = {item.file.path for item in delta.files(table)}
    unlink(folder, [path for path in on_disk(folder) if path not in held])
    return erased


def may_hold(path: Path, ids: pa.Array) -> bool:
    """False when a file has none of those ids for certain; reads the id column only where its range fits."""
    with pq.ParquetFile(path) as parquet:
        if IDS not in parquet.schema_arrow.names or len(ids) == 0:
            return False
        column = parquet.schema_arrow.names.index(IDS)
        least, greatest = ids[0].as_py(), ids[-1].as_py()
        for group in range(parquet.metadata.num_row_groups):
            span = parquet.metadata.row_group(group).column(column).statistics
            if span is not None and span.has_min_max and (span.min > greatest or span.max < least):
                continue
            if pc.any(pc.is_in(parquet.read_row_group(group, columns=[IDS]).column(IDS), ids)).as_py():
                return True
    return False


def sweep(folder: Path, table: DeltaTable, keep_us: int) -> None:
    """Delete files that left the table more than `keep_us` ago, and new versions of files that never got into it."""
    left = set(table.vacuum(retention_hours=0, dry_run=True, enforce_retention_duration=False))
    old = table.vacuum(retention_hours=keep_us // HOUR_US, dry_run=True, enforce_retention_duration=False)
    held = {item.file.path for item in delta.files(table)}
    stray = [path for path in on_disk(folder) if REWRITTEN.fullmatch(path.rpartition("/")[2])]
    unlink(folder, [*old, *(path for path in stray if path not in left and path not in held)])


def on_disk(folder: Path) -> list[str]:
    """The data files below a table's folder, committed or not, relative to it."""
    return [path.relative_to(folder).as_posix() for path in folder.glob(f"{DATE}=*/*") if path.is_file()]


def unlink(folder: Path, paths: Iterable[str]) -> None:
    """Delete files durably, and the folders of days that nothing is left of."""
    days = set()
    for path in paths:
        (folder / path).unlink(missing_ok=True)
        days.add((folder / path).parent)
    for day in days:
        if not day.exists():
            continue
        if any(day.iterdir()):
            sync(day)
        else:
            day.rmdir()
            sync(folder)


def rewritten_name(table: DeltaTable, number: int) -> str:
    """A name that no tag can be (it has dots) and no other commit of the table uses."""
    return f"r.{table.version() + 1}.{number}"
