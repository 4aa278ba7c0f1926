"""Reading rows of a table by time and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from modelwatch.core.wire import Role
from modelwatch.errors import Conflict
from modelwatch.lake.columns import CATEGORY, TIME, align
from modelwatch.lake.contract import DataFile

BATCH_ROWS = 65_536
TIMESTAMP = Role.TIMESTAMP.value


def scan_files(
    folder: Path, files: Sequence[DataFile], schema: pa.Schema, start_us: int, end_us: int
) -> Iterator[pa.RecordBatch]:
    """Rows with start <= timestamp < end of those files that can hold some, with the columns of `schema`."""
    for file in files:
        if file.max_us < start_us or file.min_us >= end_us:
            continue
        inside = file.min_us >= start_us and file.max_us < end_us
        for rows in read_file(folder / file.path, schema, [] if inside else [TIMESTAMP]):
            yield from (rows if inside else between(rows, start_us, end_us)).select(schema.names).to_batches()


def read_file(path: Path, schema: pa.Schema, more: Sequence[str] = ()) -> Iterator[pa.Table]:
    """The rows of one file, piece by piece, with the columns of `schema` and of `more`; raises Conflict when it is
    gone, since the table has changed then."""
    wanted = pa.schema([*schema, *(pa.field(name, TIME) for name in more if name not in schema.names)])
    try:
        footer = pq.read_metadata(path)
        held = footer.schema.to_arrow_schema()
        chosen = [field for field in wanted if field.name in held.names]
        categories = [field.name for field in chosen if field.type == CATEGORY]
        with pq.ParquetFile(path, metadata=footer, read_dictionary=categories) as parquet:
            for batch in parquet.iter_batches(BATCH_ROWS, columns=[field.name for field in chosen]):
                yield align(pa.Table.from_batches([batch]), wanted)
    except FileNotFoundError as error:
        raise Conflict("the table was rewritten while it was read", hint="read it again") from error


def between(rows: pa.Table, start_us: int, end_us: int) -> pa.Table:
    """The rows with start <= timestamp < end."""
    times = rows.column(TIMESTAMP).cast(pa.int64())
    return rows.filter(pc.and_(pc.greater_equal(times, start_us), pc.less(times, end_us)))
