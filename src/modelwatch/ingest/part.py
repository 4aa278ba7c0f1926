"""Accepted rows as the log keeps them: one Arrow IPC stream of one batch for each model version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import (
    META_ENVIRONMENT,
    META_MODEL,
    META_ROLE,
    META_VERSION,
    META_WIRE,
    NAMED_ROLES,
    WIRE_ROLES,
    WIRE_VERSION,
    Kind,
)
from modelwatch.log.entry import Part, PartKind

ID_TYPE = pa.utf8()
TIME_TYPE = pa.timestamp("us", "UTC")
CATEGORY_TYPE = pa.dictionary(pa.int32(), pa.utf8())
VECTOR_TYPE = pa.list_(pa.float32())
ROLES = {role.value.encode(): role for role in WIRE_ROLES}


class Place(NamedTuple):
    """Whose rows they are; an actual may leave `version` empty."""

    model: str
    version: str
    environment: str


def batch_of(columns: Sequence[tuple[ColumnKey, Any]], place: Place) -> pa.RecordBatch:
    """A record batch that says the role of each column and whose rows it holds."""
    fields = [
        pa.field(key.name or key.role.value, column.type, metadata={META_ROLE: key.role.value})
        for key, column in columns
    ]
    said = {
        META_WIRE: WIRE_VERSION,
        META_MODEL: place.model,
        META_VERSION: place.version,
        META_ENVIRONMENT: place.environment,
    }
    return pa.RecordBatch.from_arrays([column for _, column in columns], schema=pa.schema(fields, metadata=said))


def part_of(batch: pa.RecordBatch, kind: Kind, place: Place) -> Part:
    """The batch as a part of a log entry."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return Part(PartKind(kind.value), *place, batch.num_rows, memoryview(sink.getvalue()))


def open_part(body: bytes | memoryview) -> pa.RecordBatch:
    """The rows of a part that `decode` gave; they were validated then and are trusted now."""
    with pa.ipc.open_stream(pa.py_buffer(body)) as reader:
        return reader.read_next_batch()


def keyed_columns(batch: pa.RecordBatch) -> list[tuple[ColumnKey, Any]]:
    """The columns of a batch by role and name, in their order."""
    return list(zip(keys_of(batch.schema), batch.columns, strict=True))


def keys_of(schema: pa.Schema) -> list[ColumnKey]:
    """The role and name of each field."""
    return [key_of(field.metadata[b"role"], field.name) for field in schema]


def key_of(said: bytes, name: str) -> ColumnKey:
    """A column by its field metadata and its name, which counts only where a role has many columns."""
    role = ROLES[said]
    return ColumnKey(role, name if role in NAMED_ROLES else "")
