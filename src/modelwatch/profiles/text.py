"""What is measured on a text: numbers that any language has, instead of a category that nobody has seen before.

    length              characters
    words               runs of letters, digits and marks
    word length         letters, digits and marks per word
    digits              share of the characters
    upper case          share of the letters
    symbols             punctuation and symbols, share of the characters
    non-ASCII letters   share of the letters
    new words           share of the words that the reference's vocabulary has not
    surprise            bits per three neighbouring characters, as common as these are in the reference

Each is a numeric column of its own, with role `text` and the name `<column>: <what>`. A share of nothing is not
counted. The vocabulary is 65,536 words at most, the most frequent ones, as hashes of 32 bits: one in 65,000 new words
is taken for a known one. Surprise needs no words (so it serves Chinese, too): trigrams fall into 16,384 cells.

Both are learnt on a quarter of the reference's texts, picked by a hash of the text, and never measured on that quarter,
neither in the reference nor later. Otherwise the reference's own texts would have no new words, and every window after
it would seem to have drifted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.characters import DIGIT, LETTER, MARK, SPACE, SYMBOL, TABLED, UPPER, characters
from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.values import Floats

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]

MEASURES: Final = (
    "length",
    "words",
    "word length",
    "digits",
    "upper case",
    "symbols",
    "non-ASCII letters",
    "new words",
    "surprise",
)
NEW_WORDS: Final = MEASURES.index("new words")
SURPRISE: Final = MEASURES.index("surprise")
CELLS: Final = 1 << 14
BIT: Final = 8.0
"""Surprises are kept in eighths of a bit."""
LEARNT: Final = 4
"""One text in so many is learnt from."""
TOTALS: Final = 9
"""Per text: characters, words, word characters, digits, letters, capitals, symbols, non-ASCII letters, trigrams."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """`words` are sorted 32-bit hashes of at most 65,536 words, `surprise` uint8 [CELLS] eighths of a bit."""

    words: Words
    surprise: Bytes
    id: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", blake2b(self.words.tobytes() + self.surprise.tobytes(), digest_size=16).digest())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


class Encoded(NamedTuple):
    """Texts end to end in UTF-8, and where each begins [texts + 1]."""

    data: Bytes
    start: NDArray[np.int64]


def encoded(texts: Sequence[str]) -> Encoded:
    """Texts as the loops below read them; halves of surrogate pairs stay as they are."""
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    start = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part) for part in parts], out=start[1:])
    return Encoded(np.frombuffer(b"".join(parts), dtype=np.uint8), start)


def measure(texts: Sequence[str], vocabulary: Vocabulary) -> Floats:
    """The measures [texts, 9] in the order of `MEASURES`; nan where one is not counted."""
    data, start = encoded(texts)
    totals, known, surprise, learnt = read_texts(data, start, *characters(), vocabulary.words, vocabulary.surprise)
    length, words, inside, digits, letters, upper, symbols, foreign, trigrams = totals.T
    fresh = ~learnt
    return np.stack(
        (
            length,
            words,
            part(inside, words),
            part(digits, length),
            part(upper, letters),
            part(symbols, length),
            part(foreign, letters),
            part(np.where(fresh, words - known, np.nan), words),
            part(np.where(fresh, surprise / BIT, np.nan), trigrams),
        ),
        axis=1,
    )


def part(some: Floats, whole: Floats) -> Floats:
    """A share, nan of nothing."""
    return np.where(whole > 0, some / np.where(whole > 0, whole, 1.0), np.nan)


def blank(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts hold nothing but spaces."""
    return np.fromiter((not text.strip() for text in texts), dtype=np.bool_, count=len(texts))


@compiled
def mixed(hash64: np.uint64) -> np.uint64:
    """A 64-bit number with its bits stirred."""
    hash64 = (hash64 ^ (hash64 >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return hash64 ^ (hash64 >> np.uint64(32))


@compiled
def point_at(data: Bytes, at: int) -> tuple[int, int]:
    """The code point of well-formed UTF-8 at a place, and how many bytes it has."""
    first = int(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | int(data[at + 1]) & 0x3F, 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (int(data[at + 1]) & 0x3F) << 6 | int(data[at + 2]) & 0x3F, 3
    high = (first & 0x07) << 18 | (int(data[at + 1]) & 0x3F) << 12
    return high | (int(data[at + 2]) & 0x3F) << 6 | int(data[at + 3]) & 0x3F, 4


@compiled
def cell_of(a: int, b: int, c: int) -> int:
    """The cell of three neighbouring characters."""
    key = np.uint64(a) << np.uint64(42) ^ np.uint64(b) << np.uint64(21) ^ np.uint64(c)
    return int(mixed(key * np.uint64(0x9E3779B97F4A7C15)) & np.uint64(CELLS - 1))


@compiled
def learns_from(data: Bytes, first: int, last: int) -> bool:
    """Whether a text is of the quarter that vocabularies are learnt from."""
    total = np.uint64(0xCBF29CE484222325)
    for i in range(first, last):
        total = (total ^ np.uint64(data[i])) * np.uint64(0x100000001B3)
    return bool(mixed(total) % np.uint64(LEARNT) == np.uint64(0))


@compiled
def is_known(words: Words, word: np.uint32) -> bool:
    """Whether a sorted array holds a number."""
    place = np.searchsorted(words, word)
    return bool(place < len(words) and words[place] == word)


@compiled
def read_texts(
    data: Bytes, start: NDArray[np.int64], kinds: Bytes, lower: Words, words: Words, surprise: Bytes
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """One pass over each text: `TOTALS`, known words, summed surprise, and whether it is of the learnt quarter."""
    count = len(start) - 1
    totals = np.zeros((count, TOTALS))
    known, surprised = np.zeros(count), np.zeros(count)
    learnt = np.zeros(count, dtype=np.bool_)
    for t in range(count):
        at, end = start[t], start[t + 1]
        learnt[t] = learns_from(data, at, end)
        row = totals[t]
        total = np.uint64(0)
        before, last = 0, 0
        inside = False
        while at < end:
            point, size = point_at(data, at)
            at += size
            kind = int(kinds[point]) if point < TABLED else LETTER
            row[0] += 1
            in_word = kind != SPACE and kind != SYMBOL
            if in_word:
                row[1] += not inside
                row[2] += 1
                row[3] += kind == DIGIT
                letter = kind != DIGIT and kind != MARK
                row[4] += letter
                row[5] += kind == UPPER
                row[7] += letter and point >= 0x80
                small = np.uint64(lower[point]) if point < TABLED else np.uint64(point)
                total = ((total if inside else np.uint64(0xCBF29CE484222325)) ^ small) * np.uint64(0x100000001B3)
            elif inside:
                known[t] += is_known(words, np.uint32(mixed(total) >> np.uint64(32)))
            row[6] += kind == SYMBOL
            inside = in_word
            plain = folded(point, kind, lower)
            if row[0] > 2:
                surprised[t] += surprise[cell_of(before, last, plain)]
                row[8] += 1
            before, last = last, plain
        if inside:
            known[t] += is_known(words, np.uint32(mixed(total) >> np.uint64(32)))
    return totals, known, surprised, learnt


@compiled
def folded(point: int, kind: int, lower: Words) -> int:
    """A character as trigrams have it: small, all digits alike, all spaces alike."""
    if kind == SPACE:
        return 32
    if kind == DIGIT:
        return 48
    return int(lower[point]) if point < TABLED else point
