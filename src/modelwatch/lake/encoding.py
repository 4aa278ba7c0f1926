"""How each column of a file is encoded: without loss, small, and chosen from a sample at next to no cost.

A double that stands for a count or a category code takes few values: a dictionary. One that is really a float32 or an
integer has low bytes that are zero: BYTE_STREAM_SPLIT lines them up and zstd removes them. One that is rounded to
cents has noise in all its bytes but repeats: a dictionary again. Which is smaller is estimated from `SAMPLE` values:
the entropy of each byte plane against the width of the index plus the share of the dictionary itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from modelwatch.lake.columns import TEXT

SAMPLE: Final = 8_192
PIECES: Final = 8
SPLIT: Final = "BYTE_STREAM_SPLIT"
LEVEL: Final = 1
"""zstd level: 3 costs a third more time and makes ids and split columns larger, not smaller."""
DICTIONARY_BYTES: Final = 16 * 1024 * 1024
PAGE_ROWS: Final = 131_072

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns that get a dictionary, and the encoding of every other column path."""

    dictionary: tuple[str, ...]
    encodings: dict[str, str]


def plan(rows: pa.Table, file_rows: int) -> Plan:
    """The encoding of each column of `rows`, which have the lake's types and go to files of about `file_rows` each."""
    dictionary: list[str] = []
    encodings: dict[str, str] = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        dtype = column.type
        if pa.types.is_floating(dtype):
            bits = sample(column)
            if dictionary_bytes(bits, file_rows) < split_bytes(bits):
                dictionary.append(name)
            else:
                encodings[name] = SPLIT
        elif pa.types.is_timestamp(dtype):
            encodings[name] = "DELTA_BINARY_PACKED"
        elif name.partition("~")[0] in TEXT:
            encodings[name] = "DELTA_BYTE_ARRAY"
        elif pa.types.is_list(dtype):
            encodings[f"{name}.list.element"] = SPLIT
        elif not pa.types.is_boolean(dtype):
            dictionary.append(name)
    return Plan(tuple(dictionary), encodings)


def sample(column: pa.ChunkedArray) -> Bits:
    """The bits of about `SAMPLE` values that are not null, from `PIECES` stretches of a float64 column."""
    length = max(128, min(SAMPLE, len(column) // 16) // PIECES)
    starts = range(0, len(column), max(length, len(column) // PIECES))
    pieces = [column.slice(start, length).drop_null().to_numpy() for start in starts]
    return np.concatenate([np.empty(0), *pieces]).view(np.uint64)


def split_bytes(bits: Bits) -> float:
    """Bytes per value that BYTE_STREAM_SPLIT with an entropy coder behind it comes to."""
    planes = [_entropy(np.bincount(plane)) for plane in _planes(bits)]
    # Huffman codes take at least a bit, and a tenth more than the entropy all told
    return sum(1.1 * max(1.0, bits) for bits in planes if bits > 0) / 8


def dictionary_bytes(bits: Bits, rows: int) -> float:
    """Bytes per value that a dictionary comes to in a file of `rows`: the index, and its share of the entries."""
    if bits.size == 0:
        return 0.0
    values, counts = np.unique(bits, return_counts=True)
    distinct = _distinct(counts, bits.size, rows)
    width = max(1, int(np.ceil(np.log2(max(distinct, 1.0)))))
    return _index_bits(width, _entropy(counts)) / 8 + distinct / rows * (split_bytes(values) + 0.25)


def _index_bits(width: int, entropy: float) -> float:
    """zstd finds the skew of an index where whole ones fill a byte, half of it where they nearly do, else none."""
    if width > 8:
        return float(width)
    return min(float(width), entropy if width in (1, 2, 4, 8) else (entropy + width) / 2)


def _distinct(counts: NDArray[np.int64], size: int, rows: int) -> float:
    """How many values `rows` values take when a sample took these: Chao's estimate (1984), and what of it is drawn."""
    once = float(np.count_nonzero(counts == 1))
    twice = float(np.count_nonzero(counts == 2))
    unseen = once * (once - 1) / (2 * (twice + 1))
    if rows <= size or unseen == 0:
        return float(counts.size)
    drawn = 1 - np.exp(-(rows - size) / size * once / unseen)
    return min(float(rows), counts.size + unseen * float(drawn))


def _planes(bits: Bits) -> NDArray[np.uint8]:
    return np.ascontiguousarray(bits.view(np.uint8).reshape(-1, 8).T)


def _entropy(counts: NDArray[np.int64]) -> float:
    """Bits per symbol (Shannon 1948)."""
    total = counts.sum()
    if total == 0:
        return 0.0
    shares = counts[counts > 0] / total
    return float(-(shares * np.log2(shares)).sum())
