"""The stored form of a text column's vocabulary: hashes of words, and how surprising each cell of trigrams is."""

from __future__ import annotations

import struct

import numpy as np

from modelwatch.profiles.reader import Reader
from modelwatch.profiles.text import CELLS, Vocabulary


def vocabulary_bytes(vocabulary: Vocabulary) -> bytes:
    """The vocabulary as bytes: 16 kB and 4 bytes a word, at most 280 kB."""
    words = vocabulary.words.astype("<u4").tobytes()
    return struct.pack("<I", len(vocabulary.words)) + words + vocabulary.surprise.tobytes()


def read_vocabulary(reader: Reader) -> Vocabulary:
    """The vocabulary that `vocabulary_bytes` wrote."""
    (count,) = reader.take("<I")
    words = reader.array("<u4", count).astype(np.uint32)
    return Vocabulary(words, reader.array("u1", CELLS).astype(np.uint8))
