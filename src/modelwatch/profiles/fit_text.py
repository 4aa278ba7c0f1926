"""Is a column of strings text, and if so, what is its reference's vocabulary?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.category import MAX_CATEGORIES
from modelwatch.profiles.characters import SPACE, SYMBOL, TABLED, characters
from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.text import (
    BIT,
    CELLS,
    LEARNT,
    Bytes,
    Vocabulary,
    Words,
    cell_of,
    encoded,
    folded,
    learns_from,
    mixed,
    point_at,
    read_texts,
)
from modelwatch.profiles.values import CategoryValues, Floats

MIN_TEXTS: Final = 50
"""Fewer rows show neither that texts differ nor what they are made of."""
LOOKED_AT: Final = 2_000
FEWEST_WORDS: Final = 3.0
FEWEST_LETTERS: Final = 8.0
"""Letters of a script without spaces that are worth `FEWEST_WORDS` words."""
MAX_WORDS: Final = 65_536
LEARNT_BYTES: Final = 32 * 1024 * 1024
"""Text that a vocabulary is learnt from; more of it changes little, and its words would fill the memory."""
NOTHING_KNOWN: Final = Vocabulary(np.empty(0, np.uint32), np.zeros(CELLS, np.uint8))


def is_text(column: CategoryValues) -> bool:
    """True for a column whose values are sentences rather than names.

    Two things must hold in its reference. Names would say nothing of it: at least half of its rows hold different
    values, or those beyond the 253 that are kept by name. And there is something to measure: three words on average, or
    eight letters beyond ASCII (scripts without spaces). Identifiers, hashes, addresses of mail and web stay categories.
    """
    if column.boolean:
        return False
    keep = column.codes >= 0
    if column.mistyped is not None:
        keep &= ~column.mistyped
    rows = np.sort(np.bincount(column.codes[keep], minlength=1))[::-1]
    total = int(rows.sum())
    if total < MIN_TEXTS:
        return False
    if (rows > 0).sum() < total / 2 and rows[:MAX_CATEGORIES].sum() > total / 2:
        return False
    used = np.unique(column.codes[keep])
    some = used[:: -(-len(used) // LOOKED_AT)]
    data, start = encoded([column.dictionary[i][:1000] for i in some.tolist()])
    totals, *_ = read_texts(data, start, *characters(), NOTHING_KNOWN.words, NOTHING_KNOWN.surprise)
    words, letters = totals[:, 1].mean(), totals[:, 7].mean()
    return bool(words >= FEWEST_WORDS or letters >= FEWEST_LETTERS)


def fit_vocabulary(texts: Sequence[str]) -> Vocabulary:
    """The words and trigrams of the quarter of distinct texts that is learnt from, up to 32 MB of it."""
    size, chosen = 0, []
    for text in texts:
        size += len(text)
        if size > LEARNT * LEARNT_BYTES:
            break
        chosen.append(text)
    data, start = encoded(chosen)
    found, cells = learn(data, start, *characters())
    words, count = np.unique(found, return_counts=True)
    kept = np.sort(words[np.argsort(-count, kind="stable")[:MAX_WORDS]])
    share = (cells + 0.5) / (cells.sum() + 0.5 * CELLS)
    return Vocabulary(kept.astype(np.uint32), np.clip(np.rint(-np.log2(share) * BIT), 0, 255).astype(np.uint8))


@compiled
def learn(data: Bytes, start: NDArray[np.int64], kinds: Bytes, lower: Words) -> tuple[Words, Floats]:
    """The hashes of all words of the learnt quarter, with repetitions, and how often each cell's trigrams occur."""
    found = np.empty(len(data) // 2 + len(start) + 1, dtype=np.uint32)
    cells = np.zeros(CELLS)
    words = 0
    for t in range(len(start) - 1):
        at, end = start[t], start[t + 1]
        if not learns_from(data, at, end):
            continue
        total = np.uint64(0)
        before, last, seen = 0, 0, 0
        inside = False
        while at < end:
            point, size = point_at(data, at)
            at += size
            seen += 1
            kind = int(kinds[point]) if point < TABLED else 1
            in_word = kind != SPACE and kind != SYMBOL
            if in_word:
                small = np.uint64(lower[point]) if point < TABLED else np.uint64(point)
                total = ((total if inside else np.uint64(0xCBF29CE484222325)) ^ small) * np.uint64(0x100000001B3)
            elif inside:
                found[words] = np.uint32(mixed(total) >> np.uint64(32))
                words += 1
            inside = in_word
            plain = folded(point, kind, lower)
            if seen > 2:
                cells[cell_of(before, last, plain)] += 1
            before, last = last, plain
        if inside:
            found[words] = np.uint32(mixed(total) >> np.uint64(32))
            words += 1
    return found[:words], cells
