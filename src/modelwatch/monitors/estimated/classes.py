"""The classes of a model as the estimates number them: two with a positive one, or each for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.estimated.figures import Figure, binary_figures, multiclass_figures, score_figures
from modelwatch.profiles.outcomes import NONE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNLABELLED: Final = 2
"""The kind of a binary model's predictions that have a score and no label."""


@dataclass(frozen=True, slots=True)
class Classes:
    """How labels are numbered: by their place in `labels`, or, with a `positive`, 1 for it and 0 for all others."""

    labels: tuple[str, ...]
    positive: str | None

    @property
    def shape(self) -> tuple[int, int]:
        """How many kinds of predictions and of actuals are told apart."""
        return (3, 2) if self.positive is not None else (len(self.labels), len(self.labels) + 1)

    @property
    def hit(self) -> Ints:
        """Per kind of prediction the actual whose probability the score tells."""
        return np.ones(3, np.int64) if self.positive is not None else np.arange(len(self.labels))

    def predicted(self, codes: Ints, names: tuple[str, ...]) -> Ints:
        """The kind of each prediction, -1 for none of them; `codes` are places in `names`."""
        if self.positive is None:
            return self.places(codes, names, -1, -1)
        return np.where(codes == NONE, UNLABELLED, self.places(codes, names, 0, UNLABELLED))

    def actual(self, codes: Ints, names: tuple[str, ...]) -> Ints:
        """The kind of each actual."""
        if self.positive is None:
            return self.places(codes, names, len(self.labels), len(self.labels))
        return self.places(codes, names, 0, 0)

    def places(self, codes: Ints, names: tuple[str, ...], other: int, none: int) -> Ints:
        """The number of each label; `other` for one that is not named here."""
        if self.positive is not None:
            numbers = [int(name == self.positive) for name in names]
        else:
            at = {name: i for i, name in enumerate(self.labels)}
            numbers = [at.get(name, other) for name in names]
        table = np.array([*numbers, other, none], np.int64)
        return np.asarray(table[np.where(codes == NONE, len(names) + 1, np.minimum(codes, len(names)))])

    def figures(self, weights: Floats, score: Floats) -> list[Figure]:
        """The metrics of weights by predicted and actual class and score bin, each bin saying `score` [256]."""
        if self.positive is not None:
            return [*binary_figures(weights), *score_figures(weights, score)]
        return list(multiclass_figures(weights.sum(axis=2, keepdims=True), self.labels))
