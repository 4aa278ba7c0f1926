"""The bins of a reference that may be larger than memory.

Up to a million rows are fitted as they are. Of more, numeric bins are fitted on a random sample of half a million to a
million rows, which moves an edge by less than a bin is wide; categories, and all counts on the bins, are exact (of
more than half a million names, those that occur once are forgotten and count as other). The features of vectors are
found on a sample of up to 16,384, and summed over all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.profiles import Binning, CategoryValues, ColumnBinning, NumericValues, Values, VectorValues
from modelwatch.profiles.category import Tally, fit_tally, merge_tallies, tally
from modelwatch.profiles.fit_vector import fit_vector
from modelwatch.profiles.numeric import fit_numeric
from modelwatch.profiles.values import Bools, Floats

FIT_ROWS: Final = 1_000_000
MAX_NAMES: Final = 500_000
MAX_VECTORS: Final = 16_384
"""Four times what a fit looks at: it picks evenly among them. 256 MB for 4,096 dimensions."""

Part = tuple[Mapping[ColumnKey, Values], Floats | None]
"""Columns and weights of a batch."""


@dataclass(slots=True)
class Sample:
    """Rows of the numeric columns, or the vectors of one column, with their weights: a random half when there are too
    many, and a half of that."""

    most: int
    random: np.random.Generator
    share: float = 1.0
    parts: list[Part] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """Takes as large a share of these rows as it holds of those before."""
        rows = length(part)
        self.parts.append(part if self.share == 1.0 else thinned(part, self.random.random(rows) < self.share))
        while sum(map(length, self.parts)) > self.most:
            self.share /= 2
            self.parts = [thinned(each, self.random.random(length(each)) < 0.5) for each in self.parts]


def fit_batches(
    batches: Iterable[Part], types: Mapping[ColumnKey, ColumnType], most: int | None = None, seed: int = 0
) -> Binning:
    """The binning of all batches together; the same rows and seed always give the same one."""
    random = np.random.default_rng(seed)
    numbers = Sample(FIT_ROWS if most is None else most, random)
    vectors = {key: Sample(MAX_VECTORS, random) for key, kind in types.items() if kind is ColumnType.VECTOR}
    tallies: dict[ColumnKey, Tally] = {}
    for columns, weights in batches:
        numeric: dict[ColumnKey, Values] = {}
        for key, values in columns.items():
            match values:
                case NumericValues():
                    numeric[key] = values
                case CategoryValues():
                    counted = tally(values, weights)
                    tallies[key] = merge_tallies(tallies[key], counted, MAX_NAMES) if key in tallies else counted
                case VectorValues():
                    each = VectorValues(values.vectors, np.ones(len(values.vectors), np.bool_))
                    vectors[key].add(({key: each}, None if weights is None else weights[values.held]))
        numbers.add((numeric, weights))
    return Binning(
        tuple(
            ColumnBinning(key, kind, fit_tally(tallies[key], boolean=kind is ColumnType.BOOLEAN))
            if key in tallies
            else fitted(key, kind, vectors.get(key, numbers).parts)
            for key, kind in types.items()
        )
    )


def fitted(key: ColumnKey, kind: ColumnType, parts: list[Part]) -> ColumnBinning:
    """The bins of one column of numbers or vectors; vectors have the length of the first ones."""
    found = [(part[key], weights) for part, weights in parts]
    held = [(each, weights) for each, weights in found if isinstance(each, VectorValues)]
    if held:
        dimension = next((each.dimension for each, _ in held if len(each)), held[0][0].dimension)
        held = [(each, weights) for each, weights in held if each.dimension == dimension]
        whole = np.concatenate([each.vectors for each, _ in held])
        values = VectorValues(whole, np.ones(len(whole), np.bool_))
        return ColumnBinning(key, kind, fit_vector(values, stacked([weights for _, weights in held])))
    numbers = [each for each, _ in found if isinstance(each, NumericValues)]
    weights = stacked([each for _, each in found])
    if len(numbers) == 1:
        return ColumnBinning(key, kind, fit_numeric(numbers[0], weights))
    finite = [each.values if each.null is None else np.where(each.null, np.nan, each.values) for each in numbers]
    return ColumnBinning(key, kind, fit_numeric(NumericValues(np.concatenate(finite)), weights))


def stacked(parts: list[Floats | None]) -> Floats | None:
    """Weights one below the other; either all batches have some or none has."""
    found = [part for part in parts if part is not None]
    return np.concatenate(found) if found else None


def length(part: Part) -> int:
    """The rows of a batch."""
    columns, weights = part
    return len(weights) if weights is not None else len(next(iter(columns.values()), ()))


def thinned(part: Part, keep: Bools) -> Part:
    """The rows of a batch that are kept."""
    columns, weights = part
    kept: dict[ColumnKey, Values] = {}
    for key, values in columns.items():
        if isinstance(values, NumericValues):
            kept[key] = NumericValues(values.values[keep], None if values.null is None else values.null[keep])
        elif isinstance(values, VectorValues):
            kept[key] = VectorValues(values.vectors[keep], values.held[keep])
    return kept, None if weights is None else weights[keep]
