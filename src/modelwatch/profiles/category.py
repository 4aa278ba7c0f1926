"""The bins of one category column: the most frequent ones, all others together, and those never seen before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.values import BOOLEANS, CategoryValues, Floats

MAX_CATEGORIES: Final = 253
MAX_REMEMBERED: Final = 65_536
"""Categories beyond the kept ones that are remembered by hash."""


@dataclass(frozen=True, slots=True, eq=False)
class CategoryBinning:
    """`categories`, most frequent first, are bins 0..k-1; `other` is bin k, `unseen` bin k+1.

    `other` was in the reference but not among the kept ones: `others` holds the sorted 64-bit hashes of these.
    `forgetful` is true when the reference had more than 65,536 of them; a name that is not kept is then always
    counted as other, because unseen can no longer be told from forgotten. `novelty` is the share of rows that is to
    be expected unseen although nothing has changed: the share of rows of the reference whose category occurs once
    (Good, The population frequencies of species, Biometrika 40, 1953).
    """

    categories: tuple[str, ...]
    others: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    forgetful: bool = False
    novelty: float = 0.0
    index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {name: i for i, name in enumerate(self.categories)})

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, CategoryBinning)
            and self.categories == other.categories
            and np.array_equal(self.others, other.others)
            and (self.forgetful, self.novelty) == (other.forgetful, other.novelty)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def other(self) -> int:
        """The bin of categories that the reference had, but that are not kept by name."""
        return len(self.categories)

    @property
    def unseen(self) -> int:
        """The bin of categories that the reference never had."""
        return len(self.categories) + 1

    @property
    def bins(self) -> int:
        """How many bins there are."""
        return len(self.categories) + 2

    def bins_of(self, dictionary: Sequence[str]) -> NDArray[np.int64]:
        """The bin [len(dictionary)] of each entry of a dictionary."""
        get = self.index.get
        answer = np.fromiter((get(name, -1) for name in dictionary), dtype=np.int64, count=len(dictionary))
        unknown = np.flatnonzero(answer < 0)
        if len(unknown):
            answer[unknown] = self.other if self.forgetful else self.unseen
            if len(self.others) and not self.forgetful:
                hashes = np.array([hash64(dictionary[i]) for i in unknown.tolist()], dtype=np.uint64)
                place = np.minimum(np.searchsorted(self.others, hashes), len(self.others) - 1)
                answer[unknown[self.others[place] == hashes]] = self.other
        return answer


@lru_cache(maxsize=MAX_REMEMBERED)
def hash64(name: str) -> int:
    """A 64-bit hash that is the same in every process."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def fit_category(column: CategoryValues, weights: Floats | None = None) -> CategoryBinning:
    """The bins of a reference column; `weights` [n] count each row that often. Ties go by name."""
    keep = column.codes >= 0
    if column.mistyped is not None:
        keep &= ~column.mistyped
    if weights is not None:
        keep &= weights > 0
    codes = column.codes[keep]
    held: dict[str, float] = {}
    rows: dict[str, int] = {}
    mass = np.bincount(codes, weights=None if weights is None else weights[keep], minlength=len(column.dictionary))
    count = np.bincount(codes, minlength=len(column.dictionary))
    for code in np.flatnonzero(count).tolist():
        name = column.dictionary[code]  # a dictionary may name a category twice
        held[name] = held.get(name, 0.0) + float(mass[code])
        rows[name] = rows.get(name, 0) + int(count[code])
    names = sorted(held, key=lambda name: (-held[name], name))
    kept, rest = names[:MAX_CATEGORIES], names[MAX_CATEGORIES:]
    if column.boolean:
        return CategoryBinning((*kept, *(name for name in BOOLEANS if name not in held)))
    once = sum(held[name] for name in names if rows[name] == 1)
    forgetful = len(rest) > MAX_REMEMBERED
    others = np.array([] if forgetful else sorted(map(hash64, rest)), dtype=np.uint64)
    return CategoryBinning(tuple(kept), others, forgetful, once / sum(held.values()) if held else 0.0)
