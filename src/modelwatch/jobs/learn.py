"""A version's schema while it is young: columns whose first rows were null are learnt when a value comes."""

from __future__ import annotations

import pyarrow as pa

from modelwatch.core.column import Schema
from modelwatch.core.wire import Role
from modelwatch.ingest.conform import ENVELOPE, infer
from modelwatch.ingest.part import keyed_columns
from modelwatch.profiles import Binning


def learn(schema: Schema, batch: pa.RecordBatch, binning: Binning | None, young: bool) -> Schema:
    """The schema with the columns of the batch that it lacks, where they may still be added.

    A young version (its first rows are still coming) is learning all its columns: one JSON object with a null in it
    must not leave that feature out for ever. Later only tags and columns that the reference has are added; any other
    new column is a recorded change.
    """
    known = {column.key for column in schema.columns}
    wanted = {column.key for column in binning.columns} if binning is not None else set()
    fresh = {
        key: column
        for key, column in keyed_columns(batch)
        if key not in known and key.role not in ENVELOPE and (young or key in wanted or key.role is Role.TAG)
    }
    return Schema((*schema.columns, *infer(fresh).columns)) if fresh else schema
