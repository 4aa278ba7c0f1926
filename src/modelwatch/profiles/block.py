"""The stored form of a profile: one block of bytes for all columns, made to be added up by the hundred.

    head | rows, weight, squared weights | a form byte per column | moments and extremes of the numeric columns
         | counts, column by column

The slots of a column are its bins and the four special ones. Each column takes the smallest of: nothing; 4, 8, 16 or
32 bits a slot; pairs of slot and count (16 bits each); float64 a slot when its weighted counts are no whole numbers.
Slots of vector columns are sums of features, whole numbers too.
Nothing is compressed beyond that: a window is the sum of some 300 blocks, and adding must cost no more than reading.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import CorruptData
from modelwatch.profiles.binning import NULL, WIDTH, Binning
from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.profile import Profile, empty
from modelwatch.profiles.values import Floats

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Sizes = NDArray[np.int64]

MAGIC: Final = b"MWB\x01"
HEAD: Final = struct.Struct("<4sI8sQ")
"""Magic and version, bytes in all, binning, checksum of what follows: the body."""
ROWS: Final = struct.Struct("<ddd")
"""Rows, weight, sum of squared weights: what the body begins with."""
FORMS: Final = ROWS.size
SPECIALS: Final = WIDTH - NULL

ABSENT: Final = 0
BITS4: Final = 1
BITS8: Final = 2
BITS16: Final = 3
BITS32: Final = 4
FLOAT64: Final = 5
PAIRS: Final = 6

HEAD_WORDS: Final = HEAD.size // 8
AT_ONCE: Final = 256
"""Blocks that are laid end to end in memory and added in one go."""
LARGEST_WHOLE: Final = 2.0**32
LARGEST_STEP: Final = 256.0
"""A row of weight 1 adds less than this to any slot: 1 to a count, at most 255 to a sum of features."""


def encode(profile: Profile, binning: Binning) -> bytes:
    """The block of a profile; raises `ValueError` when it does not stand on `binning`."""
    if profile.binning != binning.id:
        raise ValueError(f"a profile on {profile.binning} cannot be stored on {binning.id}")
    numeric = np.flatnonzero(binning.numeric)
    first, start = layout(binning)
    room = np.zeros((start + len(binning) * 8 * WIDTH) // 8, dtype=np.uint64)
    body = room.view(np.uint8)
    body[:FORMS].view(np.float64)[:] = (profile.rows, profile.weight, profile.weight_sq)
    sums = np.concatenate((profile.moments[numeric], profile.extremes[numeric]), axis=1)
    body[first:start].view(np.float64)[:] = sums.ravel()
    end = write_counts(compact(profile.counts, binning.size), binning.size, body, start)
    body = body[:end]
    check = int(checksum(body.view(np.uint64)))
    return HEAD.pack(MAGIC, HEAD.size + end, bytes.fromhex(binning.id), check) + body.tobytes()


def decode(block: bytes, binning: Binning) -> Profile:
    """The profile that `encode` wrote; raises `CorruptData` when the block is damaged or of another binning."""
    return merge_blocks([block], binning)


def merge_blocks(blocks: Iterable[bytes], binning: Binning) -> Profile:
    """The merged profile of many blocks (of a window's buckets), without decoding each; that of no block is empty.

    Raises `CorruptData` when a block is damaged or of another binning.
    """
    held = list(blocks)
    answer = empty(binning)
    numeric = np.flatnonzero(binning.numeric)
    identity = bytes.fromhex(binning.id)
    first, start = layout(binning)
    for block in held:
        check_head(block, identity, HEAD.size + start)
    whole = np.zeros((len(binning), WIDTH), dtype=np.uint32)
    counts = np.zeros((len(binning), WIDTH))
    rows = np.zeros(4)
    sums = (rows, whole, counts, answer.moments, answer.extremes)
    for i in range(0, len(held), AT_ONCE):
        words = np.frombuffer(b"".join(held[i : i + AT_ONCE]), dtype=np.uint64)
        if not add_blocks(words, first, start, binning.size, numeric, *sums):
            raise CorruptData("a profile block fails its checksum")
    counts += whole
    return Profile(
        binning.id, spread_out(counts, binning.size), answer.moments, answer.extremes, *(float(x) for x in rows[:3])
    )


def check_head(block: bytes, identity: bytes, least: int) -> None:
    """Raises `CorruptData` unless the head fits the block and the binning."""
    if len(block) < HEAD.size or len(block) % 8 or block[:4] != MAGIC:
        raise CorruptData("these bytes are no profile block of version 1")
    if block[8:16] != identity:
        raise CorruptData(f"a profile block stands on binning {block[8:16].hex()}, not on {identity.hex()}")
    if len(block) < least or int.from_bytes(block[4:8], "little") != len(block):
        raise CorruptData("a profile block is cut short")


def layout(binning: Binning) -> tuple[int, int]:
    """Where in the body the sums of the numeric columns begin, and where the counts do."""
    first = FORMS + (len(binning) + 7) // 8 * 8
    return first, first + 32 * int(binning.numeric.sum())


def compact(counts: Floats, size: Sizes) -> Floats:
    """Counts [F, WIDTH] with the special slots moved up to follow the last bin of each column."""
    answer = counts.copy()
    answer[np.arange(len(size))[:, None], size[:, None] + np.arange(SPECIALS)] = counts[:, NULL:]
    return answer


def spread_out(counts: Floats, size: Sizes) -> Floats:
    """The way back from `compact`."""
    row, special = np.arange(len(size))[:, None], size[:, None] + np.arange(SPECIALS)
    held = counts[row, special]
    counts[row, special] = 0.0
    counts[:, NULL:] = held
    return counts


@compiled
def checksum(words: Words) -> np.uint64:
    """64 bits that any change within one word changes for certain, and others all but once in 2^64 or so."""
    total = np.uint64(0x9E3779B97F4A7C15)
    odd = np.uint64(1)
    for word in words:
        mixed = (word ^ (word >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
        total += (mixed ^ (mixed >> np.uint64(29))) * odd
        odd += np.uint64(0x3C6EF372FE94F82A)
    return total


@compiled
def choose_form(counts: Floats) -> int:
    """The form in which the slots of one column take the fewest bytes."""
    largest = 0.0
    held = 0
    for value in counts:
        if not (value >= 0.0 and value < LARGEST_WHOLE and value == np.floor(value)):
            return FLOAT64
        largest = max(largest, value)
        held += value > 0.0
    if held == 0:
        return ABSENT
    form = BITS4 if largest < 2**4 else BITS8 if largest < 2**8 else BITS16 if largest < 2**16 else BITS32
    if form != BITS32 and 4 + 4 * held < bytes_of(form, len(counts)):
        return PAIRS
    return form


@compiled
def bytes_of(form: int, slots: int) -> int:
    """How many bytes the slots of a column take in a form of fixed width."""
    if form == ABSENT:
        return 0
    if form == BITS4:
        return (slots + 1) // 2
    return slots * (1 if form == BITS8 else 2 if form == BITS16 else 4 if form == BITS32 else 8)


@compiled
def write_counts(counts: Floats, size: Sizes, body: Bytes, start: int) -> int:
    """Writes each column's form, and its compact counts from `start` on; returns where they end. Columns begin at
    multiples of 8, so that wide numbers can be read in place."""
    at = start
    for f in range(len(size)):
        slots = size[f] + SPECIALS
        row = counts[f, :slots]
        form = choose_form(row)
        body[FORMS + f] = form
        used = 0
        if form == BITS4:
            used = bytes_of(form, slots)
            for j in range(used):  # low halves hold the first half of the slots, high halves the second
                high = row[used + j] if used + j < slots else 0.0
                body[at + j] = np.uint8(row[j]) | np.uint8(np.uint8(high) << 4)
        elif form == PAIRS:
            pairs = body[at : at + 4 + 4 * slots].view(np.uint16)
            held = 0
            for j in range(slots):
                if row[j] > 0.0:
                    pairs[2 + 2 * held] = j
                    pairs[3 + 2 * held] = np.uint16(row[j])
                    held += 1
            pairs[0] = held
            used = 4 + 4 * held
        elif form != ABSENT:
            used = bytes_of(form, slots)
            place = body[at : at + used]
            if form == BITS8:
                place[:] = row.astype(np.uint8)
            elif form == BITS16:
                place.view(np.uint16)[:] = row.astype(np.uint16)
            elif form == BITS32:
                place.view(np.uint32)[:] = row.astype(np.uint32)
            else:
                place.view(np.float64)[:] = row
        at += (used + 7) // 8 * 8
    return at


@compiled
def add_blocks(
    words: Words,
    first: int,
    start: int,
    size: Sizes,
    numeric: Sizes,
    rows: Floats,
    whole: NDArray[np.uint32],
    counts: Floats,
    moments: Floats,
    extremes: Floats,
) -> bool:
    """Adds blocks that follow each other, their heads checked, to the sums; false when one is damaged.

    Whole counts go to `whole` and are moved to `counts` before they could overflow; both are compact. `rows` are rows,
    weight, squared weights, and the weight that waits in `whole`.
    """
    at = 0
    while at < len(words):
        end = at + int(words[at] >> np.uint64(32)) // 8
        body = words[at + HEAD_WORDS : end]
        if checksum(body) != words[at + HEAD_WORDS - 1]:
            return False
        more = body[:3].view(np.float64)
        rows[:3] += more
        rows[3] += more[1]
        if rows[3] >= LARGEST_WHOLE / (2 * LARGEST_STEP):
            counts += whole
            whole[:] = 0
            rows[3] = more[1]
        if not add_body(body, first, start, size, numeric, whole, counts, moments, extremes):
            return False
        at = end
    return True


@compiled
def add_body(
    words: Words,
    first: int,
    start: int,
    size: Sizes,
    numeric: Sizes,
    whole: NDArray[np.uint32],
    counts: Floats,
    moments: Floats,
    extremes: Floats,
) -> bool:
    """Adds the body of one block to the sums; false when it does not fit the binning."""
    body = words.view(np.uint8)
    sums = words[first // 8 : start // 8].view(np.float64)
    for i in range(len(numeric)):
        f = numeric[i]
        moments[f, 0] += sums[4 * i]
        moments[f, 1] += sums[4 * i + 1]
        extremes[f, 0] = min(extremes[f, 0], sums[4 * i + 2])
        extremes[f, 1] = max(extremes[f, 1], sums[4 * i + 3])
    at = start
    for f in range(len(size)):
        form = body[FORMS + f]
        slots = size[f] + SPECIALS
        used = add_pairs(words, at, f, slots, whole) if form == PAIRS else bytes_of(form, slots)
        if used < 0 or at + used > len(body) or form > PAIRS:
            return False
        if form == FLOAT64:
            add_numbers(words.view(np.float64), at // 8, f, slots, counts)
        elif form == BITS4:
            add_halves(body, at, f, slots, whole)
        elif form == BITS8:
            add_numbers(body, at, f, slots, whole)
        elif form == BITS16:
            add_numbers(words.view(np.uint16), at // 2, f, slots, whole)
        elif form == BITS32:
            add_numbers(words.view(np.uint32), at // 4, f, slots, whole)
        at += (used + 7) // 8 * 8
    return at == len(body)


# The loops below run over slices from 0 on: only then does the compiler know that no index is negative, and makes
# vector instructions of them.


@compiled
def add_numbers(held: NDArray[Any], at: int, f: int, slots: int, sums: NDArray[Any]) -> None:
    """Adds the numbers from `at` on to the first slots of column `f`."""
    more, row = held[at : at + slots], sums[f]
    for j in range(len(more)):
        row[j] += more[j]


@compiled
def add_halves(held: Bytes, at: int, f: int, slots: int, whole: NDArray[np.uint32]) -> None:
    """Adds numbers of four bits: low halves of the bytes are the first half of the slots, high ones the second."""
    half = (slots + 1) // 2
    more, low, high = held[at : at + half], whole[f, :half], whole[f, half:slots]
    for j in range(len(low)):
        low[j] += np.uint32(more[j]) & np.uint32(15)
    for j in range(len(high)):
        high[j] += np.uint32(more[j]) >> np.uint32(4)


@compiled
def add_pairs(words: Words, at: int, f: int, slots: int, whole: NDArray[np.uint32]) -> int:
    """Adds pairs of slot and count; returns how many bytes they took, -1 when they run out or a slot is none."""
    held = words.view(np.uint16)
    first = at // 2
    if first >= len(held):
        return -1
    used = 4 + 4 * int(held[first])
    if at + used > 2 * len(held):
        return -1
    for i in range(first + 2, first + used // 2, 2):
        if held[i] >= slots:
            return -1
        whole[f, held[i]] += held[i + 1]
    return used
