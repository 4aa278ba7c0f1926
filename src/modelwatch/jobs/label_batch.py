"""Labels on their way to the join, as one Arrow stream: which prediction, what came true, when it was said, and where
in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from modelwatch.ingest.conform import Conformed
from modelwatch.ingest.outcome_rows import labels_of, values_of
from modelwatch.jobs.gather import Group
from modelwatch.store.labels import LabelBatch

ID: Final = "prediction_id"
AT: Final = "at_us"
RECEIVED: Final = "received_us"
ORDER: Final = "order"
VERSION: Final = "version"
ABOUT: Final = "predicted_us"
LABEL: Final = "label"
VALUE: Final = "value"
SCHEMA: Final = pa.schema(
    [
        (ID, pa.string()),
        (AT, pa.int64()),
        (RECEIVED, pa.int64()),
        (ORDER, pa.int64()),
        (VERSION, pa.string()),
        (LABEL, pa.string()),
        (VALUE, pa.float64()),
        (ABOUT, pa.int64()),
    ]
)
"""`at_us` is the label's own time, `order` its place in the log, `version` the one it names, '' for none; `value` is
the actual value, score or relevance; `predicted_us` is when the prediction was made, null where nobody said."""
UNKNOWN: Final = -(2**63)
"""A time that nobody said."""


def label_batch(model_id: int, rows: Conformed, group: Group) -> LabelBatch:
    """The labels of a group of one model, as they wait for the join."""
    table = pa.Table.from_arrays(
        [
            rows.prediction_id,
            pa.array(rows.timestamp),
            pa.array(group.received()),
            pa.array(group.order()),
            pa.array([group.place.version] * rows.rows, pa.string()),
            labels_of(rows),
            values_of(rows),
            about(rows),
        ],
        schema=SCHEMA,
    )
    return LabelBatch(0, model_id, rows.rows, group.pieces[0].entry.received_us, to_bytes(table))


def about(rows: Conformed) -> Any:
    """When the prediction of each row was made, null where nobody said."""
    said = rows.prediction_time
    return pa.nulls(rows.rows, pa.int64()) if said is None else said.cast(pa.int64())


def predicted(table: pa.Table) -> Any:
    """When the prediction of each label [n] was made, `UNKNOWN` where nobody said."""
    return np.asarray(table.column(ABOUT).combine_chunks().fill_null(UNKNOWN).to_numpy(zero_copy_only=False))


def to_bytes(table: pa.Table) -> bytes:
    """A table as stored."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_bytes(bodies: Sequence[bytes], schema: pa.Schema = SCHEMA) -> pa.Table:
    """Stored tables as one; columns that a table was stored without are null."""
    tables = [pa.ipc.open_stream(pa.py_buffer(body)).read_all() for body in bodies]
    return pa.concat_tables([schema.empty_table(), *tables], promote_options="default").combine_chunks()


def ints(table: pa.Table, name: str) -> Any:
    """A column of whole numbers without nulls."""
    return np.asarray(table.column(name).combine_chunks().to_numpy(zero_copy_only=False), np.int64)
