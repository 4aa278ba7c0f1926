"""Which prediction ids occur more than once: the 256 smallest hashes of a bucket's ids, with how often each came.

A bottom-k sketch with counts (Beyer, Haas, Reinwald, Sismanis and Gemulla, On synopses for distinct-value estimation
under multiset operations, SIGMOD 2007). A hash that is among the smallest of all rows is among the smallest of every
part that holds it, so merged counts are exact, and sketches form a commutative monoid. The ids that are left are a
random sample of the distinct ones, which does not depend on how often each came: the repeated share of rows is told
by their counts. Two different ids have one hash of 64 bits with a probability of n^2 / 2^65.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import CorruptData
from modelwatch.profiles.compiled import compiled

Hashes = NDArray[np.uint64]
Counts = NDArray[np.int64]

SIZE: Final = 256
MAGIC: Final = b"MWID\x01"
HEAD: Final = struct.Struct("<5sHd")
SEED: Final = np.uint64(0xCBF29CE484222325)
PRIME: Final = np.uint64(0x100000001B3)
FIRST_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
SECOND_MIX: Final = np.uint64(0xC4CEB9FE1A85EC53)
HALF: Final = np.uint64(33)


@dataclass(frozen=True, slots=True, eq=False)
class IdSketch:
    """At most 256 `hashes`, ascending, and the `counts` of their rows; `rows` counts all rows that have an id."""

    rows: int
    hashes: Hashes
    counts: Counts

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, IdSketch)
            and self.rows == other.rows
            and np.array_equal(self.hashes, other.hashes)
            and np.array_equal(self.counts, other.counts)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def whole(self) -> bool:
        """True when every id is in it, so that what it says is exact."""
        return len(self.hashes) < SIZE

    def to_bytes(self) -> bytes:
        """The stored form: 8 bytes an id, and 4 more where any came twice."""
        body = HEAD.pack(MAGIC, len(self.hashes), float(self.rows)) + self.hashes.astype("<u8").tobytes()
        return body + (self.counts.astype("<u4").tobytes() if (self.counts > 1).any() else b"")

    @staticmethod
    def from_bytes(data: bytes) -> IdSketch:
        """What `to_bytes` wrote; raises `CorruptData` for anything else."""
        if len(data) < HEAD.size or data[:5] != MAGIC:
            raise CorruptData("these bytes are no id sketch of version 1")
        _, size, rows = HEAD.unpack_from(data)
        left = len(data) - HEAD.size
        if left not in (8 * size, 12 * size) or size > SIZE:
            raise CorruptData("an id sketch has the wrong size")
        hashes = np.frombuffer(data, "<u8", size, HEAD.size).astype(np.uint64)
        counted = left == 12 * size and size > 0
        counts = np.frombuffer(data, "<u4", size, HEAD.size + 8 * size) if counted else np.ones(size)
        return IdSketch(int(rows), hashes, counts.astype(np.int64))


NOTHING: Final = IdSketch(0, np.empty(0, np.uint64), np.empty(0, np.int64))
"""The sketch of no rows: merging it changes nothing."""


def sketch_ids(hashes: Hashes, present: NDArray[np.bool_], slots: NDArray[np.int32], k: int) -> list[IdSketch]:
    """The sketch of each of the k buckets of a batch; `slots` [n] is the bucket of each row, `present` has an id."""
    if not present.all():
        hashes, slots = hashes[present], slots[present]
    rows = np.bincount(slots, minlength=k)
    # of a large bucket only what lies under a limit that some 400 ids of random hash pass is sorted at all
    limit = np.where(rows > 600, 400 / np.maximum(rows, 1), 1.0)
    found, short = smallest(hashes, slots, limit)
    if short.any():  # so many rows of so few ids that too few passed
        found, _ = smallest(hashes, slots, np.ones(k))
    return [IdSketch(int(total), *each) for total, each in zip(rows.tolist(), found, strict=True)]


def smallest(
    hashes: Hashes, slots: NDArray[np.int32], limit: NDArray[np.float64]
) -> tuple[list[tuple[Hashes, Counts]], NDArray[np.bool_]]:
    """The smallest distinct hashes of each bucket under its limit (a share of all), and where they are too few."""
    k = len(limit)
    bound = np.where(limit < 1.0, limit, 0.5) * 2.0**64
    below = (limit[slots] >= 1.0) | (hashes < bound.astype(np.uint64)[slots])
    hashes, slots = hashes[below], slots[below]
    order = np.lexsort((hashes, slots)) if k > 1 else np.argsort(hashes)
    hashes, slots = hashes[order], slots[order]
    first = np.flatnonzero(
        np.concatenate(([True], (hashes[1:] != hashes[:-1]) | (slots[1:] != slots[:-1])))[: len(hashes)]
    )
    counts = np.diff(first, append=len(hashes))
    unique = hashes[first]
    ends = np.searchsorted(slots[first], np.arange(k + 1))
    found = [(unique[a : min(b, a + SIZE)], counts[a : min(b, a + SIZE)]) for a, b in pairwise(ends)]
    return found, (np.diff(ends) < SIZE) & (limit < 1.0)


def merge_ids(sketches: Iterable[IdSketch]) -> IdSketch:
    """The sketch of the rows of all."""
    parts: Sequence[IdSketch] = [each for each in sketches if each.rows]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    hashes, place = np.unique(np.concatenate([each.hashes for each in parts]), return_inverse=True)
    counts = np.bincount(place, weights=np.concatenate([each.counts for each in parts]), minlength=len(hashes))
    return IdSketch(sum(each.rows for each in parts), hashes[:SIZE], counts[:SIZE].astype(np.int64))


@compiled
def hash_texts(offsets: NDArray[np.int32], data: NDArray[np.uint8]) -> Hashes:
    """A 64-bit hash [n] of each text `data[offsets[i]:offsets[i+1]]`, the same in every process.

    FNV-1a (Fowler, Noll and Vo, draft-eastlake-fnv), then the last mix of MurmurHash3, which spreads it evenly.
    """
    rows = len(offsets) - 1
    answer = np.empty(rows, np.uint64)
    for i in range(rows):
        h = SEED
        for j in range(offsets[i], offsets[i + 1]):
            h = (h ^ np.uint64(data[j])) * PRIME
        h = (h ^ (h >> HALF)) * FIRST_MIX
        h = (h ^ (h >> HALF)) * SECOND_MIX
        answer[i] = h ^ (h >> HALF)
    return answer
