"""Columns -> the bytes of an Arrow IPC stream, in plain Python.

A base install must stay small: of the small Arrow libraries, nanoarrow cannot write dictionaries, arro3-core cannot
write streams, and arro3-io, which can, is 23 MB. The part of the format that a batch needs is this file.
Source: arrow.apache.org/docs/format/Columnar.html, Message.fbs and Schema.fbs, metadata version 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from struct import pack
from typing import TypeAlias

from modelwatch.client.flatbuffer import Node, finish, offsets, padding, string, structs, table
from modelwatch.core.wire import META_ROLE, Role

Buffer: TypeAlias = bytes | memoryview

_SCHEMA, _DICTIONARY_BATCH, _RECORD_BATCH = b"\1", b"\2", b"\3"
_VERSION_5 = pack("<h", 4)
_CONTINUATION = b"\xff\xff\xff\xff"
END_OF_STREAM = _CONTINUATION + bytes(4)


class ColumnKind(Enum):
    """The column types that the client sends; each value is the number of its type in Arrow's `Type` union."""

    INT64 = (2, "int64")
    FLOAT64 = (3, "float64")
    FLOAT32 = (3, "float32")
    UTF8 = (5, "utf8")
    BOOL = (6, "bool")
    TIMESTAMP = (10, "timestamp[us, UTC]")
    VECTOR = (12, "list<float32>")
    CATEGORY = (5, "dictionary<int32, utf8>")


@dataclass(frozen=True, slots=True)
class Data:
    """One column without its name: `buffers` in Arrow's order, the first one empty when nothing is null.

    `inner` is the dictionary of a category (utf8), or the numbers of a vector (float32).
    """

    kind: ColumnKind
    length: int
    nulls: int
    buffers: tuple[Buffer, ...]
    inner: Data | None = None


@dataclass(frozen=True, slots=True)
class WireColumn:
    """A named column in its role."""

    role: Role
    name: str
    data: Data


Signature: TypeAlias = tuple[tuple[Role, str, ColumnKind], ...]


def signature(columns: Sequence[WireColumn]) -> Signature:
    """What tells two schemas apart: roles, names and types, in order."""
    return tuple((column.role, column.name, column.data.kind) for column in columns)


def encode(columns: Sequence[WireColumn], metadata: Mapping[str, str]) -> bytes:
    """One whole stream: schema, dictionaries, one record batch, end."""
    parts: list[Buffer] = [schema_message(signature(columns), metadata)]
    parts.extend(batch_messages(columns))
    parts.append(END_OF_STREAM)
    return b"".join(parts)


def stream(batches: Iterable[Sequence[WireColumn]], metadata: Mapping[str, str]) -> Iterator[bytes]:
    """A stream of many batches of one schema, message by message; a dictionary is replaced before each batch."""
    expected: Signature | None = None
    for columns in batches:
        if expected is None:
            expected = signature(columns)
            yield schema_message(expected, metadata)
        elif signature(columns) != expected:
            raise ValueError("all batches of one stream must have one schema")
        yield b"".join(batch_messages(columns))
    yield END_OF_STREAM


def schema_message(fields: Signature, metadata: Mapping[str, str]) -> bytes:
    """The message that opens a stream."""
    schema = table({1: _fields(fields), 2: _key_values(metadata)})
    return _message(_SCHEMA, schema, 0)


def batch_messages(columns: Sequence[WireColumn]) -> Iterator[Buffer]:
    """A dictionary batch for each category, then the record batch, as parts to be joined."""
    for number, column in enumerate(columns):
        if column.data.kind is ColumnKind.CATEGORY:
            assert column.data.inner is not None
            header, body, size = _record_batch([column.data.inner])
            yield _message(_DICTIONARY_BATCH, table({0: pack("<q", number), 1: header}), size)
            yield from body
    header, body, size = _record_batch([column.data for column in columns])
    yield _message(_RECORD_BATCH, header, size)
    yield from body


def _record_batch(columns: Sequence[Data]) -> tuple[Node, list[Buffer], int]:
    nodes: list[int] = []
    places: list[int] = []
    body: list[Buffer] = []
    at = 0
    for data in _flat(columns):
        nodes += (data.length, data.nulls)
        for buffer in data.buffers:
            size = len(buffer)
            places += (at, size)
            if size:
                body.append(buffer)
                if size % 8:
                    body.append(padding(size))
                at += size + -size % 8
    header = table(
        {
            0: pack("<q", columns[0].length if columns else 0),
            1: structs(pack(f"<{len(nodes)}q", *nodes), len(nodes) // 2),
            2: structs(pack(f"<{len(places)}q", *places), len(places) // 2),
        }
    )
    return header, body, at


def _flat(columns: Iterable[Data]) -> Iterator[Data]:
    for data in columns:
        yield data
        if data.kind is ColumnKind.VECTOR and data.inner is not None:
            yield data.inner


def _message(kind: bytes, header: Node, body_size: int) -> bytes:
    metadata = finish(table({0: _VERSION_5, 1: kind, 2: header, 3: pack("<q", body_size)}))
    metadata += padding(len(metadata))
    return _CONTINUATION + pack("<i", len(metadata)) + metadata


def _key_values(pairs: Mapping[str, str]) -> Node:
    return offsets([table({0: string(encoded(key)), 1: string(encoded(value))}) for key, value in pairs.items()])


@lru_cache(maxsize=64)
def _fields(fields: Signature) -> Node:
    return offsets([_field(number, *field) for number, field in enumerate(fields)])


def _field(number: int, role: Role, name: str, kind: ColumnKind) -> Node:
    slots: dict[int, bytes | Node] = {
        0: string(encoded(name)),
        1: b"\1",
        2: bytes([kind.value[0]]),
        3: _type(kind),
        5: offsets([_item()] if kind is ColumnKind.VECTOR else []),
        6: _key_values({META_ROLE: role.value}),
    }
    if kind is ColumnKind.CATEGORY:
        slots[4] = table({0: pack("<q", number), 1: table({0: pack("<i", 32), 1: b"\1"})})
    return table(slots)


def _item() -> Node:
    return table({0: string(b"item"), 1: b"\1", 2: b"\3", 3: _type(ColumnKind.FLOAT32), 5: offsets([])})


def _type(kind: ColumnKind) -> Node:
    match kind:
        case ColumnKind.INT64:
            return table({0: pack("<i", 64), 1: b"\1"})
        case ColumnKind.FLOAT64:
            return table({0: pack("<h", 2)})
        case ColumnKind.FLOAT32:
            return table({0: pack("<h", 1)})
        case ColumnKind.TIMESTAMP:
            return table({0: pack("<h", 2), 1: string(b"UTC")})
        case ColumnKind.UTF8 | ColumnKind.BOOL | ColumnKind.VECTOR | ColumnKind.CATEGORY:
            return table({})


def encoded(text: str) -> bytes:
    """UTF-8, with half surrogates (which UTF-8 cannot hold) spelt out as `\\udc80`."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
