"""Finding rows by their prediction id: the id column of a file first, the rest only where something was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from modelwatch.core.wire import Role
from modelwatch.errors import Conflict
from modelwatch.lake.columns import CATEGORY, align
from modelwatch.lake.contract import DataFile, Find

IDS: Final = Role.PREDICTION_ID.value


def look_up(folder: Path, files: Sequence[DataFile], schema: pa.Schema, find: Find) -> Iterator[pa.Table]:
    """The rows that `find` finds in files, with the columns of `schema`."""
    for file in files:
        try:
            yield from look_into_file(folder / file.path, schema, find)
        except FileNotFoundError as error:
            raise Conflict("the table was rewritten while it was read", hint="read it again") from error


def look_into_file(path: Path, schema: pa.Schema, find: Find) -> Iterator[pa.Table]:
    """The rows that `find` finds in one file."""
    footer = pq.read_metadata(path)
    held = footer.schema.to_arrow_schema().names
    categories = [field.name for field in schema if field.type == CATEGORY and field.name in held]
    with pq.ParquetFile(path, metadata=footer, read_dictionary=categories) as parquet:
        for group in range(parquet.num_row_groups):
            ids = parquet.read_row_group(group, columns=[IDS]).column(IDS).combine_chunks()
            rows = find(ids)
            if not len(rows):
                continue
            names = [name for name in schema.names if name in held and name != IDS]
            found = parquet.read_row_group(group, columns=names).append_column(IDS, ids).take(pa.array(rows))
            yield align(found, schema)


def look_into(rows: pa.Table, schema: pa.Schema, find: Find) -> Iterator[pa.Table]:
    """The rows that `find` finds among rows in memory."""
    places = find(rows.column(IDS).combine_chunks())
    if len(places):
        yield align(rows.take(pa.array(places)), schema)
