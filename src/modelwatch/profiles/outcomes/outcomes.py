"""What predictions of a stretch of time said and what came true of them: weighted counts that add and subtract.

`Outcomes` are sparse: only cells that hold something are kept, in order of their keys. They carry the names of their
labels and cuts themselves, so that any two can be merged, whatever was seen first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import WHOLE
from modelwatch.profiles.outcomes.facts import A_AT, A_BITS, B_AT, B_BITS, C_BITS, CUT_AT, FACT_AT, FACT_BITS, Fact

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WITH_LABELS: Final = {
    Fact.PREDICTED: (True, False),
    Fact.PREDICTED_SCORE: (True, False),
    Fact.LABELLED: (True, True),
    Fact.LABELLED_SCORE: (True, True),
    Fact.CLASS_SCORE: (True, False),
}
"""The facts whose b, whose c are labels."""
B_MASK: Final = (1 << B_BITS) - 1
C_MASK: Final = (1 << C_BITS) - 1
SPECIAL: Final = (1 << B_BITS) - 2
"""From here on a code is no index into the labels: `OTHER` and `NONE`."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """`keys` int64 [n] ascending and `values` float64 [n]; labels and cuts are named by their places in the tuples.

    `cuts` holds keys of `core.group.Group`, the empty one for everything.
    """

    labels: tuple[str, ...] = ()
    cuts: tuple[str, ...] = (WHOLE,)
    keys: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    values: Floats = field(default_factory=lambda: np.empty(0, np.float64))

    def cells(self, fact: Fact, cut: str = WHOLE) -> tuple[Ints, Ints, Ints, Floats]:
        """(a, b, c, value) of the cells of one fact of one cut, in the order of their keys; empty if there is none."""
        if cut not in self.cuts:
            nothing = np.empty(0, np.int64)
            return nothing, nothing, nothing, np.empty(0, np.float64)
        first = (np.int64(self.cuts.index(cut)) << CUT_AT) + (np.int64(fact) << FACT_AT)
        low, high = np.searchsorted(self.keys, [first, first + (np.int64(1) << FACT_AT)])
        keys = self.keys[low:high]
        a = (keys >> A_AT) & ((1 << A_BITS) - 1)
        return a, (keys >> B_AT) & B_MASK, keys & C_MASK, self.values[low:high]

    def totals(self, cut: str = WHOLE, fact: Fact = Fact.TOTAL) -> Floats:
        """The sums of one cut by `Total` [64], zero where there is none."""
        answer = np.zeros(64)
        a, _, _, values = self.cells(fact, cut)
        answer[a] = values
        return answer

    def only(self, cut: str) -> Outcomes:
        """The cells of one cut, as those of everything."""
        if cut not in self.cuts:
            return Outcomes(self.labels)
        place = np.int64(self.cuts.index(cut))
        low, high = np.searchsorted(self.keys, [place << CUT_AT, (place + 1) << CUT_AT])
        return Outcomes(self.labels, (WHOLE,), self.keys[low:high] - (place << CUT_AT), self.values[low:high])


EMPTY: Final = Outcomes()


def merge(parts: Iterable[Outcomes]) -> Outcomes:
    """All parts together; exact for counts up to 2^53."""
    held = [part for part in parts if len(part.keys)]
    if not held:
        return EMPTY
    if len(held) == 1:
        return held[0]
    labels, cuts = union(part.labels for part in held), union(part.cuts for part in held)
    keys = np.concatenate([renamed(part, labels, cuts) for part in held])
    return summed(labels, cuts, keys, np.concatenate([part.values for part in held]))


def subtract(whole: Outcomes, part: Outcomes) -> Outcomes:
    """What is left of `whole` without `part`: for a correction, the old row before the new one is added."""
    return merge((whole, Outcomes(part.labels, part.cuts, part.keys, -part.values)))


def union(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All names, each once, in the order in which they are met."""
    return tuple(dict.fromkeys(name for each in names for name in each))


def renamed(part: Outcomes, labels: tuple[str, ...], cuts: tuple[str, ...]) -> Ints:
    """The keys of a part with the places of its names in `labels` and `cuts`."""
    keys = part.keys
    if part.cuts != cuts[: len(part.cuts)]:
        place = places(part.cuts, cuts)
        keys = keys + ((place[keys >> CUT_AT] - (keys >> CUT_AT)) << CUT_AT)
    if part.labels != labels[: len(part.labels)]:
        place = np.concatenate((places(part.labels, labels), np.arange(len(part.labels), B_MASK + 1)))
        fact = (keys >> FACT_AT) & ((1 << FACT_BITS) - 1)
        b, c = (keys >> B_AT) & B_MASK, keys & C_MASK
        for each, (in_b, in_c) in WITH_LABELS.items():
            if in_b:
                keys = np.where(fact == each, keys + ((place[b] - b) << B_AT), keys)
            if in_c:
                keys = np.where(fact == each, keys + (place[c] - c), keys)
    return keys


def places(names: Sequence[str], among: tuple[str, ...]) -> Ints:
    """Where each name stands in `among`."""
    at = {name: i for i, name in enumerate(among)}
    return np.array([at[name] for name in names], np.int64)


def summed(labels: tuple[str, ...], cuts: tuple[str, ...], keys: Ints, values: Floats) -> Outcomes:
    """Cells in order, those of one key added up, empty ones left out."""
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    totals = np.add.reduceat(values, first)
    held = totals != 0.0
    return Outcomes(labels, cuts, keys[first][held], totals[held])
