"""A reference as a Parquet file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from modelwatch.core.column import ColumnKey
from modelwatch.errors import TooLarge

BATCH_ROWS: Final = 65_536
BATCH_VECTORS: Final = 4_096
"""Rows at a time where a column is a list: of 4,096 numbers each they take 128 MB."""
MAX_CHUNK_BYTES: Final = 1 << 30
"""What one column of one row group may take, decompressed."""
MAX_THRIFT_BYTES: Final = 64 << 20


def open_parquet(path: Path) -> tuple[pa.Schema, Callable[[Mapping[str, ColumnKey]], Iterator[pa.RecordBatch]]]:
    """The schema, and how to read some of its columns; raises `TooLarge` when one would fill the memory."""
    with opened(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
        for group in range(metadata.num_row_groups):
            chunks = metadata.row_group(group)
            for column in range(metadata.num_columns):
                if chunks.column(column).total_uncompressed_size > MAX_CHUNK_BYTES:
                    raise TooLarge("a column of one row group has over 1 GB", hint="write smaller row groups")

    def read(keys: Mapping[str, ColumnKey]) -> Iterator[pa.RecordBatch]:
        with opened(path) as file:
            lists = any(pa.types.is_nested(schema.field(name).type) for name in keys)
            yield from file.iter_batches(BATCH_VECTORS if lists else BATCH_ROWS, columns=list(keys))

    return schema, read


def opened(path: Path) -> pq.ParquetFile:
    """The file with limits on what its head may allocate."""
    return pq.ParquetFile(
        path, thrift_string_size_limit=MAX_THRIFT_BYTES, thrift_container_size_limit=1_000_000, pre_buffer=False
    )
