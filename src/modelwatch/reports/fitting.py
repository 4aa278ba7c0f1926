"""The bins of a reference that may be larger than memory.

Up to a million rows are fitted as they are. Of more, numeric bins are fitted on a random sample of half a million to a
million rows, which moves an edge by less than a bin is wide; categories, and all counts on the bins, are exact (of
more than half a million names, those that occur once are forgotten and count as other). The features of vectors are
found on a sample of up to 16,384, and summed over all; the vocabulary of texts is learnt, and their measures are
binned, on up to 200,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.profiles import Binning, CategoryValues, ColumnBinning, NumericValues, Values, VectorValues
from modelwatch.profiles.binning import fit_text
from modelwatch.profiles.category import Tally, fit_tally, merge_tallies, tally
from modelwatch.profiles.fit_text import is_text
from modelwatch.profiles.fit_vector import fit_vector
from modelwatch.profiles.numeric import fit_numeric
from modelwatch.profiles.values import Bools, Floats

FIT_ROWS: Final = 1_000_000
MAX_NAMES: Final = 500_000
MAX_VECTORS: Final = 16_384
"""Four times what a fit looks at: it picks evenly among them. 256 MB for 4,096 dimensions."""
MAX_TEXTS: Final = 200_000

Part = tuple[Mapping[ColumnKey, Values], Floats | None]
"""Columns and weights of a batch."""


@dataclass(slots=True)
class Sample:
    """Rows of the numeric columns, or the vectors or texts of one column, with their weights: a random half when there
    are too many, and a half of that."""

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
    apart: dict[ColumnKey, Sample] = {}
    tallies: dict[ColumnKey, Tally] = {}
    for columns, weights in batches:
        numeric: dict[ColumnKey, Values] = {}
        for key, values in columns.items():
            match values:
                case NumericValues():
                    numeric[key] = values
                case VectorValues():
                    each = VectorValues(values.vectors, np.ones(len(values.vectors), np.bool_))
                    weight = None if weights is None else weights[values.held]
                    apart.setdefault(key, Sample(MAX_VECTORS, random)).add(({key: each}, weight))
                case CategoryValues() if key in apart or (key not in tallies and holds_text(key, values)):
                    apart.setdefault(key, Sample(MAX_TEXTS, random)).add(({key: values}, weights))
                case CategoryValues():
                    counted = tally(values, weights)
                    tallies[key] = merge_tallies(tallies[key], counted, MAX_NAMES) if key in tallies else counted
        numbers.add((numeric, weights))
    found: list[ColumnBinning] = []
    for key, kind in types.items():
        if key in tallies:
            found.append(ColumnBinning(key, kind, fit_tally(tallies[key], boolean=kind is ColumnType.BOOLEAN)))
        else:
            found += fitted(key, kind, apart.get(key, numbers).parts)
    return Binning(tuple(found))


def holds_text(key: ColumnKey, values: CategoryValues) -> bool:
    """True for a feature that is measured as text and not counted by name."""
    return key.role is Role.FEATURE and is_text(values)


def fitted(key: ColumnKey, kind: ColumnType, parts: list[Part]) -> list[ColumnBinning]:
    """The bins of one column of numbers, vectors or texts; vectors have the length of the first ones."""
    found = [(part[key], weights) for part, weights in parts]
    texts = [each for each, _ in found if isinstance(each, CategoryValues)]
    if texts:
        return fit_text(key, one_below_the_other(texts), stacked([weights for _, weights in found]))
    held = [(each, weights) for each, weights in found if isinstance(each, VectorValues)]
    if held:
        dimension = next((each.dimension for each, _ in held if len(each)), held[0][0].dimension)
        held = [(each, weights) for each, weights in held if each.dimension == dimension]
        whole = np.concatenate([each.vectors for each, _ in held])
        values = VectorValues(whole, np.ones(len(whole), np.bool_))
        return [ColumnBinning(key, kind, fit_vector(values, stacked([weights for _, weights in held])))]
    numbers = [each for each, _ in found if isinstance(each, NumericValues)]
    weights = stacked([each for _, each in found])
    if len(numbers) == 1:
        return [ColumnBinning(key, kind, fit_numeric(numbers[0], weights))]
    finite = [each.values if each.null is None else np.where(each.null, np.nan, each.values) for each in numbers]
    return [ColumnBinning(key, kind, fit_numeric(NumericValues(np.concatenate(finite)), weights))]


def one_below_the_other(texts: list[CategoryValues]) -> CategoryValues:
    """The texts of several batches."""
    starts = np.cumsum([0, *(len(each.dictionary) for each in texts[:-1])])
    codes = [np.where(each.codes < 0, -1, each.codes + start) for each, start in zip(texts, starts, strict=True)]
    words = [word for each in texts for word in each.dictionary]
    return CategoryValues(np.concatenate(codes).astype(np.int32), words)


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
        else:
            used, codes = np.unique(np.append(values.codes[keep], -1), return_inverse=True)
            words = [values.dictionary[code] for code in used[1:].tolist()]
            kept[key] = CategoryValues((codes[:-1] - 1).astype(np.int32), words)
    return kept, None if weights is None else weights[keep]
