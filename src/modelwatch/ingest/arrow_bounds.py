"""What an Arrow IPC stream says of itself, read before any Arrow library may allocate for it.

A stranger's stream can be 200 bytes long and declare 2^40 rows, point 2,000 columns at the same megabyte, or
decompress to 100 GB. So the messages are walked here first: every length must be one that the body's own bytes hold.
What passes is then safe to hand to pyarrow, and only `validate(full=True)` after that makes the values safe to use.
Source: arrow.apache.org/docs/format/Columnar.html, Message.fbs and Schema.fbs.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from modelwatch.core.wire import MAX_ROWS
from modelwatch.errors import InvalidRequest, TooLarge, UnsupportedWire
from modelwatch.ingest.arrow_fields import Layout, layout
from modelwatch.ingest.flatbuffer import Flat, key_values

MAX_METADATA_BYTES: Final = 8 << 20
MAX_SCHEMA_METADATA_BYTES: Final = 1 << 20
CONTINUATION: Final = 0xFFFFFFFF
SCHEMA, DICTIONARY, BATCH = 1, 2, 3
CACHED_SCHEMA_BYTES: Final = 64 * 1024


class Buffer(Protocol):
    """Bytes in memory, or a mapped file: what slices and has a length."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one stream may hold; `batch_rows` is for each batch and each dictionary."""

    rows: int
    batch_rows: int
    messages: int


REQUEST: Final = Limits(rows=MAX_ROWS, batch_rows=MAX_ROWS, messages=4_096)


@dataclass(frozen=True, slots=True)
class Stream:
    """The shape of a stream: its columns, the `modelwatch.*` metadata, and how many batches and rows follow."""

    layout: Layout
    metadata: dict[str, str]
    batches: int
    rows: int


def bounded(body: Buffer, limits: Limits = REQUEST) -> Stream:
    """The shape of the stream in `body`; raises `InvalidRequest` unless every declared length fits into the bytes."""
    at, rows, batches, messages = 0, 0, 0, 0
    fields: Layout | None = None
    metadata: dict[str, str] = {}
    while at < len(body):
        at, message = next_message(body, at)
        if message is None:
            break
        messages += 1
        if messages > limits.messages:
            raise TooLarge(f"the stream has more than {limits.messages} messages", hint="put more rows into each batch")
        kind, header, body_bytes = message
        if fields is None:
            if kind != SCHEMA:
                raise InvalidRequest("the stream does not begin with a schema", hint="send an Arrow IPC stream")
            fields, metadata = schema_of(header)
        elif kind == DICTIONARY:
            check_dictionary(header, body_bytes, limits)
        elif kind == BATCH:
            rows += check_batch(header, body_bytes, limits)
            batches += 1
            if rows > limits.rows:
                raise TooLarge(f"the stream has more than {limits.rows} rows", hint="send fewer rows in each request")
        else:
            raise InvalidRequest("the stream holds a message that is neither a dictionary nor a record batch")
    else:
        raise InvalidRequest("the stream has no end mark", hint="it was cut off, or its writer was not closed")
    if fields is None:
        raise InvalidRequest("the stream has no schema", hint="send an Arrow IPC stream")
    if at != len(body):
        raise InvalidRequest("bytes follow the end of the stream", hint="send one Arrow IPC stream in a request")
    return Stream(fields, metadata, batches, rows)


def next_message(body: Buffer, at: int) -> tuple[int, tuple[int, Flat, int] | None]:
    """Where the message after `at` ends, with its kind, header and body length; None at the end of the stream."""
    continuation, size = struct.unpack("<II", body[at : at + 8])
    if continuation != CONTINUATION:
        raise InvalidRequest("this is no Arrow IPC stream", hint="the file format and streams before 0.15 are not read")
    at += 8
    if size == 0:
        return at, None
    if size > MAX_METADATA_BYTES or at + size > len(body):
        raise InvalidRequest("the stream ends inside a message")
    message = Flat.root(body[at : at + size])
    at += size
    body_bytes = message.int64(3)
    if body_bytes < 0 or at + body_bytes > len(body):
        raise InvalidRequest("the stream ends inside the body of a message")
    key_values(message, 4, entries=64, size=MAX_SCHEMA_METADATA_BYTES)
    header = message.table(2)
    if header is None:
        raise InvalidRequest("a message has no header")
    return at + body_bytes, (message.uint8(1), header, body_bytes)


def schema_of(schema: Flat) -> tuple[Layout, dict[str, str]]:
    """The fields and the `modelwatch.*` metadata.

    The fields are the same in each batch of a producer while the metadata beside them counts on, so they are read
    once: the bytes between the two are the key. Writers put the fields into a stretch of their own; for one that
    does not, the whole message is walked each time.
    """
    if schema.int16(0) != 0:
        raise InvalidRequest("the stream is big-endian", hint="send little-endian Arrow data")
    pairs = key_values(schema, 2, entries=256, size=MAX_SCHEMA_METADATA_BYTES)
    metadata = {key.decode(): value.decode() for key, value in pairs if key.startswith(b"modelwatch.")}
    if len(metadata) != sum(key.startswith(b"modelwatch.") for key, _ in pairs):
        raise InvalidRequest("the schema metadata says one thing twice")
    start, end = schema.vector_at(1), schema.vector_at(2)
    if not start:
        raise InvalidRequest("the stream has no columns")
    stretch = schema.data[start : end if end > start else None]
    if len(stretch) <= CACHED_SCHEMA_BYTES:
        fields = fields_of_stretch(stretch)
        if fields is not None:
            return fields, metadata
    return layout(schema.data, start), metadata


@lru_cache(maxsize=512)
def fields_of_stretch(stretch: bytes) -> Layout | None:
    """The fields of a stretch that begins with their vector; None when they refer to something outside of it."""
    try:
        return layout(stretch, 0)
    except (struct.error, IndexError):
        return None


def check_dictionary(header: Flat, body_bytes: int, limits: Limits) -> None:
    """Raises unless the dictionary is whole, fits into its bytes and has no null in it."""
    if header.uint8(2):
        raise InvalidRequest("a dictionary comes as a delta", hint="send whole dictionaries: they replace the former")
    data = header.table(1)
    if data is None:
        raise InvalidRequest("a dictionary has no values")
    check_batch(data, body_bytes, limits)
    if any(data.int64s(1)[1::2]):
        raise InvalidRequest("a dictionary holds a null", hint="let the index be null instead")


def check_batch(batch: Flat, body_bytes: int, limits: Limits) -> int:
    """The rows of a record batch whose buffers lie inside its body, apart from each other; raises otherwise."""
    rows = batch.int64(0)
    if not 0 <= rows <= limits.batch_rows:
        raise TooLarge(f"a batch says that it has {rows} rows", hint=f"a batch may hold {limits.batch_rows}")
    if batch.table(3) is not None:
        raise InvalidRequest("the stream is compressed", hint="send uncompressed Arrow data; HTTP may compress")
    if batch.vector_at(4):
        raise InvalidRequest("the stream holds view columns", hint="send plain text columns")
    nodes, places = batch.int64s(1), batch.int64s(2)
    limit = max(rows, body_bytes)
    if nodes and not 0 <= min(nodes) <= max(nodes) <= limit:
        raise InvalidRequest("a column is longer than its bytes allow")
    if places:
        ends = map(int.__add__, places[::2], places[1::2])
        if min(places) < 0 or max(ends) > body_bytes or sum(places[1::2]) > body_bytes:
            raise InvalidRequest("the columns of a batch lie outside of its body or over each other")
    return rows


def check_wire(metadata: dict[str, str], known: str) -> None:
    """Raises `UnsupportedWire` unless the stream says the wire version that is known here."""
    version = metadata.get("modelwatch.wire")
    if version is None:
        raise InvalidRequest(
            "the schema metadata does not say `modelwatch.wire`", hint=f"set it to {known!r}, as docs/reference tells"
        )
    if version != known:
        raise UnsupportedWire(f"wire version {version[:32]!r} is not known here", hint=f"send version {known}")
