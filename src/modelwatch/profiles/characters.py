"""What kind of character each code point is, and its lower case: two tables, made once per process."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

TABLED: Final = 0x20000
"""Code points above are rare ideographs: letters."""

SPACE: Final = 0
LETTER: Final = 1
UPPER: Final = 2
DIGIT: Final = 3
MARK: Final = 4
SYMBOL: Final = 5

KINDS: Final = {"L": LETTER, "N": DIGIT, "M": MARK, "P": SYMBOL, "S": SYMBOL}
"""By the first letter of the general category; all else (separators, controls, unassigned) is space."""


class Characters(NamedTuple):
    """`kind` uint8 and `lower` uint32, both [TABLED]; as this Python's version of Unicode has them."""

    kind: NDArray[np.uint8]
    lower: NDArray[np.uint32]


@lru_cache(maxsize=1)
def characters() -> Characters:
    """The tables; making them takes some 50 ms."""
    kind = np.zeros(TABLED, dtype=np.uint8)
    lower = np.arange(TABLED, dtype=np.uint32)
    for point in range(TABLED):
        char = chr(point)
        category = unicodedata.category(char)
        kind[point] = UPPER if category in ("Lu", "Lt") else KINDS.get(category[0], SPACE)
        if kind[point] == UPPER and len(small := char.lower()) == 1:
            lower[point] = ord(small)
    return Characters(kind, lower)
