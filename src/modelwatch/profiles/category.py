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
    counted as other, because unseen can no longer be told from forgotten; `novelty` is then 0, and no category is kept
    that occurs once. Else `novelty` is the
    share of rows that is to be expected unseen although nothing has changed: the share of rows of the reference whose
    category occurs once (Good, The population frequencies of species, Biometrika 40, 1953).
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


@dataclass(frozen=True, slots=True)
class Tally:
    """What each category of a column holds: `mass`, the weights of its rows, and `rows`, how many these are.

    Categories whose `forgotten` mass is no longer told by name occurred once each, as far as is known.
    """

    mass: dict[str, float]
    rows: dict[str, int]
    forgotten: float = 0.0


def fit_category(column: CategoryValues, weights: Floats | None = None) -> CategoryBinning:
    """The bins of a reference column; `weights` [n] count each row that often. Ties go by name."""
    return fit_tally(tally(column, weights), boolean=column.boolean)


def tally(column: CategoryValues, weights: Floats | None = None) -> Tally:
    """What each category holds of a column's rows; `weights` [n] count each row that often."""
    codes = column.codes
    keep = codes >= 0
    if column.mistyped is not None:
        keep &= ~column.mistyped
    if weights is not None:
        keep &= weights > 0
    codes = codes[keep]
    held: dict[str, float] = {}
    rows: dict[str, int] = {}
    count = np.bincount(codes, minlength=len(column.dictionary))
    mass = count if weights is None else np.bincount(codes, weights=weights[keep], minlength=len(column.dictionary))
    for code in np.flatnonzero(count).tolist():
        name = column.dictionary[code]  # a dictionary may name a category twice
        held[name] = held.get(name, 0.0) + float(mass[code])
        rows[name] = rows.get(name, 0) + int(count[code])
    return Tally(held, rows)


def merge_tallies(a: Tally, b: Tally, most: int) -> Tally:
    """The tally of the rows of both; of more than `most` categories those that occurred once are forgotten."""
    mass, rows = dict(a.mass), dict(a.rows)
    for name, held in b.mass.items():
        mass[name] = mass.get(name, 0.0) + held
        rows[name] = rows.get(name, 0) + b.rows[name]
    forgotten = a.forgotten + b.forgotten
    if len(mass) > most:
        once = [name for name, count in rows.items() if count == 1]
        forgotten += sum(mass[name] for name in once)
        for name in once:
            del mass[name], rows[name]
    return Tally(mass, rows, forgotten)


def fit_tally(counted: Tally, *, boolean: bool) -> CategoryBinning:
    """The bins of a column of which this is the tally; ties go by name."""
    held, rows = counted.mass, counted.rows
    names = sorted(held, key=lambda name: (-held[name], name))
    if boolean:
        return CategoryBinning((*names, *(name for name in BOOLEANS if name not in held)))
    once = sum(held[name] for name in names if rows[name] == 1) + counted.forgotten
    total = sum(held.values()) + counted.forgotten
    forgetful = len(names) > MAX_CATEGORIES + MAX_REMEMBERED or counted.forgotten > 0
    kept = [name for name in names[:MAX_CATEGORIES] if rows[name] > 1 or not forgetful]
    rest = names[len(kept) :]
    others = np.array([] if forgetful else sorted(map(hash64, rest)), dtype=np.uint64)
    novelty = 0.0 if forgetful or not total else once / total  # a forgetful column counts nothing as unseen
    return CategoryBinning(tuple(kept), others, forgetful, novelty)
