"""The little of FlatBuffers that is needed to look into an Arrow message; reading outside of the bytes raises.

Source: flatbuffers.dev/internals.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

from modelwatch.errors import InvalidRequest, TooLarge

_U16: Final = struct.Struct("<H")
_I16: Final = struct.Struct("<h")
_U32: Final = struct.Struct("<I")
_I32: Final = struct.Struct("<i")
_I64: Final = struct.Struct("<q")


class Flat(NamedTuple):
    """A table at `at` in `data`; `slots` are the places of its values, 0 for one that is left at its default."""

    data: bytes
    slots: tuple[int, ...]

    @staticmethod
    def root(data: bytes) -> Flat:
        """The table that the first four bytes lead to."""
        return Flat.table_at(data, _U32.unpack_from(data, 0)[0])

    @staticmethod
    def table_at(data: bytes, place: int) -> Flat:
        """The table at that place."""
        vtable = place - _I32.unpack_from(data, place)[0]
        if vtable < 0:
            raise IndexError("a table refers to bytes before the message")
        count = (_U16.unpack_from(data, vtable)[0] - 4) // 2
        if count < 0:
            raise IndexError("a table is shorter than its own head")
        offsets = struct.unpack_from(f"<{count}H", data, vtable + 4)
        return Flat(data, tuple([place + offset if offset else 0 for offset in offsets]))

    def place(self, slot: int) -> int:
        """Where the value of a slot stands, 0 when it is left out."""
        return self.slots[slot] if slot < len(self.slots) else 0

    def uint8(self, slot: int) -> int:
        """An unsigned byte, 0 by default."""
        place = self.place(slot)
        return self.data[place] if place else 0

    def int16(self, slot: int) -> int:
        """A 16-bit integer, 0 by default."""
        place = self.place(slot)
        return int(_I16.unpack_from(self.data, place)[0]) if place else 0

    def int32(self, slot: int) -> int:
        """A 32-bit integer, 0 by default."""
        place = self.place(slot)
        return int(_I32.unpack_from(self.data, place)[0]) if place else 0

    def int64(self, slot: int) -> int:
        """A 64-bit integer, 0 by default."""
        place = self.place(slot)
        return int(_I64.unpack_from(self.data, place)[0]) if place else 0

    def vector_at(self, slot: int) -> int:
        """Where the string, vector or table that a slot refers to begins, 0 when it is left out."""
        place = self.place(slot)
        return place + int(_U32.unpack_from(self.data, place)[0]) if place else 0

    def table(self, slot: int) -> Flat | None:
        """The table that a slot refers to."""
        place = self.vector_at(slot)
        return Flat.table_at(self.data, place) if place else None

    def string(self, slot: int) -> bytes:
        """The bytes of a string, empty by default."""
        place = self.vector_at(slot)
        if not place:
            return b""
        size = _U32.unpack_from(self.data, place)[0]
        if place + 4 + size > len(self.data):
            raise IndexError("a string ends outside of the message")
        return self.data[place + 4 : place + 4 + size]

    def tables(self, slot: int, most: int) -> list[Flat]:
        """The tables of a vector; raises `TooLarge` when there are more than `most`."""
        place = self.vector_at(slot)
        return tables_at(self.data, place, most) if place else []

    def int64s(self, slot: int) -> tuple[int, ...]:
        """The members, in a row, of a vector of structs of two 64-bit integers each."""
        place = self.vector_at(slot)
        if not place:
            return ()
        count = _U32.unpack_from(self.data, place)[0]
        if place + 4 + 16 * count > len(self.data):
            raise IndexError("a vector ends outside of the message")
        return struct.unpack_from(f"<{2 * count}q", self.data, place + 4)


def tables_at(data: bytes, place: int, most: int) -> list[Flat]:
    """The tables of the vector at `place`; raises `TooLarge` when there are more than `most`."""
    count = _U32.unpack_from(data, place)[0]
    if count > most:
        raise TooLarge(f"the schema has {count} entries where {most} are allowed", hint="send fewer columns")
    offsets = struct.unpack_from(f"<{count}I", data, place + 4)
    return [Flat.table_at(data, place + 4 + 4 * i + offset) for i, offset in enumerate(offsets)]


def key_values(table: Flat, slot: int, entries: int, size: int) -> list[tuple[bytes, bytes]]:
    """The pairs of a metadata vector; many entries may share one string, so their sum is bounded, too."""
    pairs = [(pair.string(0), pair.string(1)) for pair in table.tables(slot, entries)]
    if sum(len(key) + len(value) for key, value in pairs) > size:
        raise InvalidRequest(f"metadata is over {size} bytes", hint="leave out what is not for modelwatch")
    return pairs
