"""Arrow bodies as tests need them: right ones from pyarrow, and the same with one number in them changed."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from modelwatch.core.wire import ARROW_STREAM, Kind
from modelwatch.ingest.decode import Decoded, decode
from modelwatch.ingest.flatbuffer import Flat

NOW = 1_764_000_000_000_000
META = {"modelwatch.wire": "1", "modelwatch.model": "fraud", "modelwatch.version": "2.1.0"}
IDENTITY = {"modelwatch.producer": "p", "modelwatch.epoch": "3", "modelwatch.sequence": "17"}
DICTIONARY = pa.dictionary(pa.int32(), pa.utf8())


def column(role: str, values: Any, name: str | None = None, kind: Any = None) -> tuple[pa.Field, pa.Array]:
    """A field with its role, and its values."""
    array = values if isinstance(values, pa.Array) else pa.array(values, kind)
    return pa.field(name or role, array.type, metadata={"role": role}), array


def usual(rows: int = 3) -> list[tuple[pa.Field, pa.Array]]:
    """Ids, times, a score and one feature of each kind."""
    return [
        column("prediction_id", [f"p{i}" for i in range(rows)], kind=pa.utf8()),
        column("timestamp", [NOW - i for i in range(rows)], kind=pa.timestamp("us", "UTC")),
        column("prediction_score", [i / 10 for i in range(rows)], kind=pa.float64()),
        column("feature", [i * 1.5 for i in range(rows)], "amount", pa.float64()),
        column("feature", ["a", "b", None][:rows] + ["a"] * (rows - 3), "shop", DICTIONARY),
        column("feature", [i % 2 == 0 for i in range(rows)], "known", pa.bool_()),
    ]


def batch_of(columns: list[tuple[pa.Field, pa.Array]], meta: dict[str, str] | None = None) -> pa.RecordBatch:
    """One record batch with metadata."""
    schema = pa.schema([field for field, _ in columns], metadata=META if meta is None else meta)
    return pa.RecordBatch.from_arrays([array for _, array in columns], schema=schema)


def body_of(*batches: pa.RecordBatch, **options: Any) -> bytes:
    """The batches as one stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def usual_body(rows: int = 3, meta: dict[str, str] | None = None) -> bytes:
    """A stream that is taken as it is."""
    return body_of(batch_of(usual(rows), meta))


def take(body: bytes, kind: Kind = Kind.PREDICTIONS, received_us: int = NOW) -> Decoded:
    """Decode an Arrow body; made ids are `new-0`, `new-1`, ..."""
    return decode(body, ARROW_STREAM, kind, received_us, counter())


def counter() -> Any:
    """Makes ids that can be foreseen."""
    numbers = itertools.count()
    return lambda: f"new-{next(numbers)}"


def messages(body: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place of the metadata and place of the body of each message."""
    at = 0
    while at + 8 <= len(body):
        size = struct.unpack_from("<I", body, at + 4)[0]
        if not size:
            return
        start = at + 8
        message = Flat.root(body[start : start + size])
        yield message.uint8(1), start, start + size
        at = start + size + message.int64(3)


def header_of(body: bytes, kind: int) -> tuple[Flat, int, int]:
    """The header of the first message of a kind, the place of its metadata and that of its body."""
    start, at = next((start, at) for found, start, at in messages(body) if found == kind)
    header = Flat.root(body[start:at]).table(2)
    assert header is not None
    return header, start, at


def changed(body: bytes, at: int, data: bytes) -> bytes:
    """The body with other bytes at a place."""
    return body[:at] + data + body[at + len(data) :]


def with_number(body: bytes, kind: int, slot: int, entry: int, value: int) -> bytes:
    """The body with one member of a vector of structs (1 nodes, 2 buffers of a batch) replaced."""
    header, start, _ = header_of(body, kind)
    if kind == 2:
        inner = header.table(1)
        assert inner is not None
        header = inner
    return changed(body, start + header.vector_at(slot) + 4 + 8 * entry, struct.pack("<q", value))


def buffer_at(body: bytes, kind: int, number: int) -> int:
    """Where a buffer of the first message of a kind begins in the whole body."""
    header, _, at = header_of(body, kind)
    if kind == 2:
        inner = header.table(1)
        assert inner is not None
        header = inner
    return at + header.int64s(2)[2 * number]
