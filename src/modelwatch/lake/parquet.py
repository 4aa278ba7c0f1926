"""Rows to Parquet files of one day each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.lake.columns import tight
from modelwatch.lake.contract import DataFile
from modelwatch.lake.delta import EPOCH, FIRST_DAY, LAST_DAY, day_of, statistics, time_text
from modelwatch.lake.durable import make_folder, replace_file, sync
from modelwatch.lake.encoding import DICTIONARY_BYTES, LEVEL, PAGE_ROWS, Plan, plan
from modelwatch.lake.naming import DATE, RECEIVED_AT

TIMESTAMP: Final = Role.TIMESTAMP.value
RANGED: Final = (TIMESTAMP, RECEIVED_AT, Role.PREDICTION_ID.value)
"""Columns whose least and greatest value stand in the file's footer."""
EPOCH_TO_FIRST_DAY: Final = (FIRST_DAY - EPOCH.date()).days
EPOCH_TO_LAST_DAY: Final = (LAST_DAY - EPOCH.date()).days


def write_days(folder: Path, root: Path, rows: pa.Table, name: str) -> list[DataFile]:
    """Durable files `date=<day>/<name>.parquet` below `folder`, one for each day that `rows` hold."""
    days = list(by_day(rows))
    chosen = plan(rows, rows.num_rows // max(1, len(days)))
    written = []
    for day, part in days:
        parent = folder / f"{DATE}={day}"
        make_folder(parent, root)
        path = parent / f"{name}.parquet"
        replace_file(path, partial(write_parquet, tight(part), chosen))
        written.append(describe(path.relative_to(folder), part, path.stat().st_size, day))
    for file in written:
        sync((folder / file.path).parent)
    return written


def write_parquet(rows: pa.Table, chosen: Plan, path: Path) -> None:
    """Encode `rows` as planned, in one row group. Readers see plain Parquet: no Arrow schema is stored."""
    pq.write_table(
        rows,
        path,
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=list(chosen.dictionary),
        column_encoding=chosen.encodings,
        dictionary_pagesize_limit=DICTIONARY_BYTES,
        max_rows_per_page=PAGE_ROWS,
        write_statistics=[name for name in RANGED if name in rows.column_names],
        row_group_size=max(1, rows.num_rows),
        store_schema=False,
    )


def by_day(rows: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    """The rows of each UTC day, in their order; raises ValueError when a row has no timestamp."""
    if rows.num_rows == 0:
        return
    times = rows.column(TIMESTAMP).cast(pa.int64())
    if times.null_count:
        raise ValueError("every row of the lake needs a timestamp")
    days = np.clip(times.to_numpy() // DAY_US, EPOCH_TO_FIRST_DAY, EPOCH_TO_LAST_DAY)
    if days.min() == days.max():
        yield day_of(int(days[0]) * DAY_US), rows
        return
    order = np.argsort(days, kind="stable")
    days = days[order]
    ordered = rows.unify_dictionaries().combine_chunks().take(pa.array(order))
    starts = np.flatnonzero(np.diff(days, prepend=days[0] - 1))
    for start, end in pairwise([*starts.tolist(), len(days)]):
        yield day_of(int(days[start]) * DAY_US), ordered.slice(start, end - start)


def describe(path: Path, rows: pa.Table, size: int, day: date) -> DataFile:
    """What the lake says of a file: its rows, size, times and the statistics that readers prune by.

    Ids are not among them: the log outlives the rows, and an id that was erased must not stay in it.
    """
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
    return DataFile(path.as_posix(), rows.num_rows, size, low, high, statistics(rows.num_rows, ranges), str(day))
