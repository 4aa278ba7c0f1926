"""The little of FlatBuffers that an Arrow message needs: tables, strings and vectors, written forwards.

Every offset in a FlatBuffer is relative, so a finished node may be kept and placed anywhere at a multiple of 8 bytes:
the fields of a schema are encoded once and used again in each batch. Source: flatbuffers.dev/internals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import NamedTuple

_U32 = Struct("<I")
_I32 = Struct("<i")
_U16 = Struct("<H")


class Node(NamedTuple):
    """An encoded object with all that it refers to; `root` is where in `data` the object itself begins."""

    data: bytes
    root: int


def padding(size: int) -> bytes:
    """The zeros that bring `size` to a multiple of 8.

    >>> len(padding(13)), len(padding(16))
    (3, 0)
    """
    return bytes(-size % 8)


def string(text: bytes) -> Node:
    """UTF-8 text: its length, the bytes, one zero."""
    data = _U32.pack(len(text)) + text + b"\0"
    return Node(data + padding(len(data)), 0)


def structs(data: bytes, count: int) -> Node:
    """A vector of `count` structs of 64-bit members, already packed."""
    return Node(bytes(4) + _U32.pack(count) + data + padding(len(data)), 4)


def offsets(children: Sequence[Node]) -> Node:
    """A vector of tables."""
    size = 4 + 4 * len(children)
    parts = [_U32.pack(len(children))]
    at = size + -size % 8
    for position, child in enumerate(children):
        parts.append(_U32.pack(at + child.root - (4 + 4 * position)))
        at += len(child.data)
    parts.append(padding(size))
    parts.extend(child.data for child in children)
    return Node(b"".join(parts), 0)


def table(slots: Mapping[int, bytes | Node]) -> Node:
    """A table: packed little-endian scalars and references, by slot number; a slot left out has its default."""
    width = {slot: 4 if isinstance(value, Node) else len(value) for slot, value in slots.items()}
    count = max(slots, default=-1) + 1
    places = [0] * count
    inline = 4
    for slot in sorted(slots, key=width.__getitem__, reverse=True):
        inline += -inline % width[slot]
        places[slot] = inline
        inline += width[slot]
    vtable = b"".join(_U16.pack(number) for number in (4 + 2 * count, inline, *places))
    start = len(vtable) + -len(vtable) % 8
    body = bytearray(inline + -inline % 8)
    body[:4] = _I32.pack(len(vtable))
    children: list[bytes] = []
    at = len(body)
    for slot, value in slots.items():
        place = places[slot]
        if isinstance(value, Node):
            body[place : place + 4] = _U32.pack(at + value.root - place)
            children.append(value.data)
            at += len(value.data)
        else:
            body[place : place + len(value)] = value
    return Node(b"".join((bytes(start - len(vtable)), vtable, body, *children)), start)


def finish(root: Node) -> bytes:
    """A whole FlatBuffer whose first four bytes lead to `root`."""
    return _U32.pack(8 + root.root) + bytes(4) + root.data
