"""Prediction ids looked for among very many: a hash table over the bytes of Arrow's own strings.

Nine ids in ten that are not looked for cost one hash and one bit of a table that lies in the cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

BLOCK: Final = 1024
EMPTY: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
"""A free slot."""
HALF: Final = np.uint64(32)
LOW: Final = np.uint64(0xFFFFFFFF)
UUID_BYTES: Final = 36
VERSION_AT: Final = 14
"""Where the version of a UUID stands in its text."""


@dataclass(frozen=True, slots=True, eq=False)
class IdTable:
    """Ids [n], each with the number of its value: equal ids have one number, numbers count from 0 in order of coming.

    `first` [count] is the place of the first id of each number. `slots` is the hash table: the upper half of a hash
    beside a number, so that one look at memory tells most misses; `bits` say of most ids that they are not in it.
    """

    ids: pa.Array
    numbers: Ints
    first: Ints
    slots: Hashes
    bits: Hashes

    @property
    def count(self) -> int:
        """How many different ids there are."""
        return len(self.first)

    def places(self, ids: pa.Array) -> tuple[Ints, Ints]:
        """(rows, numbers) of those of `ids` that are in the table; rows ascending."""
        if not self.count or not len(ids):
            nothing = np.empty(0, np.int64)
            return nothing, nothing
        offsets, data = buffers(ids)
        own_offsets, own_data = buffers(self.ids)
        rows, numbers = np.empty(len(ids), np.int64), np.empty(len(ids), np.int64)
        n = search(offsets, data, own_offsets, own_data, self.first, self.slots, self.bits, rows, numbers)
        return rows[:n].copy(), numbers[:n].copy()


def table_of(ids: pa.Array) -> IdTable:
    """The table of some ids: utf8 [n], none of them null."""
    n = len(ids)
    size = 1 << max(4, int(2 * n).bit_length())
    numbers, first = np.empty(n, np.int64), np.empty(n, np.int64)
    slots, bits = np.full(size, EMPTY, np.uint64), np.zeros(max(size // 16, 1), np.uint64)
    offsets, data = buffers(ids)
    count = insert(offsets, data, numbers, first, slots, bits)
    return IdTable(ids, numbers, first[:count].copy(), slots, bits)


def buffers(ids: pa.Array) -> tuple[NDArray[np.int32], Bytes]:
    """Where each id of a utf8 array begins and ends, and the bytes of all."""
    _, offsets, data = ids.buffers()
    ends = np.frombuffer(offsets, np.int32, count=len(ids) + 1, offset=4 * ids.offset)
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return ends, held


def uuid7_times(ids: pa.Array) -> Ints:
    """When each id was made, in microseconds since 1970; -1 where it is no UUID of version 7."""
    if not len(ids):
        return np.empty(0, np.int64)
    offsets, data = buffers(ids)
    found = np.empty(len(ids), np.int64)
    read_times(offsets, data, found)
    return found


def chosen_ids(ids: pa.Array, share: float) -> NDArray[np.bool_]:
    """Which of the ids [n] belong to a sample of `share`: by their hash, so the same ones wherever they stand."""
    if share >= 1.0 or not len(ids):
        return np.full(len(ids), share > 0.0)
    offsets, data = buffers(ids)
    found = np.empty(len(ids), np.float64)
    read_places(offsets, data, found)
    return found < share


@compiled
def hash_of(data: Bytes, start: int, end: int) -> Any:
    """64 bits of the bytes from `start` to `end`: multiply and fold, eight bytes at a time."""
    value = np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(end - start)
    at = start
    while at + 8 <= end:
        word = np.uint64(0)
        for i in range(8):
            word |= np.uint64(data[at + i]) << np.uint64(8 * i)
        value = (value ^ word) * np.uint64(0xD6E8FEB86659FD93)
        value ^= value >> np.uint64(32)
        at += 8
    word = np.uint64(0)
    for i in range(end - at):
        word |= np.uint64(data[at + i]) << np.uint64(8 * i)
    value = (value ^ word) * np.uint64(0xD6E8FEB86659FD93)
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    return value ^ (value >> np.uint64(29))


@compiled
def read_places(offsets: NDArray[np.int32], data: Bytes, found: NDArray[np.float64]) -> None:
    """Where in [0, 1) the hash of each id lies."""
    for i in range(len(found)):
        found[i] = np.float64(hash_of(data, offsets[i], offsets[i + 1]) >> HALF) / 4294967296.0


@compiled
def same(a: Bytes, a_start: int, a_end: int, b: Bytes, b_start: int, b_end: int) -> bool:
    """True when two stretches hold the same bytes."""
    if a_end - a_start != b_end - b_start:
        return False
    i = 0
    while i < a_end - a_start and a[a_start + i] == b[b_start + i]:
        i += 1
    return i == a_end - a_start


@compiled
def number_at(
    value: Any,
    data: Bytes,
    start: int,
    end: int,
    own_offsets: NDArray[np.int32],
    own_data: Bytes,
    first: Ints,
    slots: Hashes,
) -> tuple[Any, Any]:
    """(number, slot) of the id whose hash is `value`; the number is -1, and the slot free, when it is not there."""
    mask = np.uint64(len(slots) - 1)
    at = value & mask
    while slots[at] != EMPTY:
        if slots[at] >> HALF == value >> HALF:
            number = np.int64(slots[at] & LOW)
            known = first[number]
            if same(data, start, end, own_data, own_offsets[known], own_offsets[known + 1]):
                return number, at
        at = (at + np.uint64(1)) & mask
    return np.int64(-1), at


@compiled
def insert(offsets: NDArray[np.int32], data: Bytes, numbers: Ints, first: Ints, slots: Hashes, bits: Hashes) -> int:
    """Fills the table; returns how many different ids there are."""
    bit_mask = np.uint64(64 * len(bits) - 1)
    count = 0
    for row in range(len(numbers)):
        value = hash_of(data, offsets[row], offsets[row + 1])
        bit = (value >> HALF) & bit_mask
        bits[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
        number, at = number_at(value, data, offsets[row], offsets[row + 1], offsets, data, first, slots)
        if number < 0:
            number = np.int64(count)
            slots[at] = (value >> HALF << HALF) | np.uint64(count)
            first[count] = row
            count += 1
        numbers[row] = number
    return count


@compiled
def search(
    offsets: NDArray[np.int32],
    data: Bytes,
    own_offsets: NDArray[np.int32],
    own_data: Bytes,
    first: Ints,
    slots: Hashes,
    bits: Hashes,
    rows: Ints,
    numbers: Ints,
) -> int:
    """Writes (row, number) of each id that is in the table; returns how many there are.

    A block of ids at a time goes through one step after the other: the processor then waits for the memory of many
    of them at once.
    """
    mask = np.uint64(len(slots) - 1)
    bit_mask = np.uint64(64 * len(bits) - 1)
    values, likely = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.int64)
    found = np.int64(0)
    for begin in range(0, len(offsets) - 1, BLOCK):
        n = min(BLOCK, len(offsets) - 1 - begin)
        for i in range(n):
            values[i] = hash_of(data, offsets[begin + i], offsets[begin + i + 1])
        some = np.int64(0)
        for i in range(n):
            bit = (values[i] >> HALF) & bit_mask
            likely[some] = i
            some += np.int64((bits[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1))
        kept = np.int64(0)
        for j in range(some):
            likely[kept] = likely[j]
            kept += np.int64(slots[values[likely[j]] & mask] != EMPTY)
        for j in range(kept):
            i = likely[j]
            row = begin + i
            number, _ = number_at(values[i], data, offsets[row], offsets[row + 1], own_offsets, own_data, first, slots)
            rows[found] = row
            numbers[found] = number
            found += np.int64(number >= 0)
    return int(found)


@compiled
def read_times(offsets: NDArray[np.int32], data: Bytes, found: Ints) -> None:
    """Writes the time of each UUID of version 7, -1 for other ids."""
    for row in range(len(found)):
        found[row] = -1
        start = offsets[row]
        if offsets[row + 1] - start != UUID_BYTES or data[start + VERSION_AT] != 55:
            continue
        value = np.int64(0)
        variant = data[start + 19] | 32
        fine = data[start + 8] == 45 and data[start + 13] == 45
        fine = fine and (variant == 56 or variant == 57 or variant == 97 or variant == 98)
        for i in range(13):
            if i == 8:
                continue
            letter = data[start + i]
            if 48 <= letter <= 57:
                digit = letter - 48
            elif 97 <= letter <= 102:
                digit = letter - 87
            elif 65 <= letter <= 70:
                digit = letter - 55
            else:
                fine = False
                digit = 0
            value = value * 16 + digit
        if fine:
            found[row] = value * 1000
