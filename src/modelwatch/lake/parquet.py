"""Rows to Parquet files of one day each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.lake.contract import DataFile
from modelwatch.lake.delta import day_of, statistics, time_text
from modelwatch.lake.durable import make_folder, replace_file, sync
from modelwatch.lake.naming import DATE, RECEIVED_AT

TIMESTAMP = Role.TIMESTAMP.value
IDS = Role.PREDICTION_ID.value


def write_days(folder: Path, root: Path, rows: pa.Table, name: str, row_group: int) -> list[DataFile]:
    """Durable files `date=<day>/<name>.parquet` below `folder`, one for each day that `rows` hold."""
    written = []
    for day, part in by_day(rows):
        parent = folder / f"{DATE}={day}"
        make_folder(parent, root)
        path = parent / f"{name}.parquet"
        replace_file(path, lambda aside, part=part: write_parquet(part, aside, row_group))  # type: ignore[misc]
        written.append(describe(path.relative_to(folder), part, path.stat().st_size, day))
    for file in written:
        sync((folder / file.path).parent)
    return written


def write_parquet(rows: pa.Table, path: Path, row_group: int) -> None:
    pq.write_table(rows, path, compression="zstd", compression_level=1, store_schema=False, row_group_size=row_group)


def by_day(rows: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    """The rows of each UTC day, in their order; raises ValueError when a row has no timestamp."""
    if rows.num_rows == 0:
        return
    times = rows.column(TIMESTAMP).cast(pa.int64())
    if times.null_count:
        raise ValueError("every row of the lake needs a timestamp")
    span = pc.min_max(times).as_py()
    first, last = day_of(span["min"]), day_of(span["max"])
    if first == last:
        yield first, rows
        return
    days = pa.array(times.to_numpy() // DAY_US)
    order = pc.array_sort_indices(days)
    ordered, days = rows.take(order), days.take(order)
    runs = pc.run_end_encode(days)
    start = 0
    for end, value in zip(runs.run_ends.to_pylist(), runs.values.to_pylist(), strict=True):
        yield day_of(value * DAY_US), ordered.slice(start, end - start)
        start = end


def describe(path: Path, rows: pa.Table, size: int, day: date) -> DataFile:
    """What the lake says of a file: its rows, size, times and the statistics that readers prune by."""
    ranges: dict[str, tuple[object, object]] = {}
    low, high = 0, 0
    for name in (TIMESTAMP, RECEIVED_AT):
        if name in rows.column_names and rows.column(name).null_count == 0:
            span = pc.min_max(rows.column(name).cast(pa.int64())).as_py()
            texts = time_text(span["min"]), time_text(span["max"])
            if None not in texts:
                ranges[name] = texts
            if name == TIMESTAMP:
                low, high = span["min"], span["max"]
    if IDS in rows.column_names and rows.column(IDS).null_count == 0:
        span = pc.min_max(rows.column(IDS)).as_py()
        if max(len(span["min"]), len(span["max"])) <= 64:
            ranges[IDS] = (span["min"], span["max"])
    return DataFile(path.as_posix(), rows.num_rows, size, low, high, statistics(rows.num_rows, ranges), str(day))
