"""The bins of a reference that may be larger than memory.

Up to a million rows are fitted as they are. Of more, numeric bins are fitted on a random sample of half a million to a
million rows, which moves an edge by less than a bin is wide; categories, and all counts on the bins, are exact (of
more than half a million names, those that occur once are forgotten and count as other).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.profiles import Binning, CategoryValues, ColumnBinning, NumericValues, Values
from modelwatch.profiles.category import Tally, fit_tally, merge_tallies, tally
from modelwatch.profiles.numeric import fit_numeric
from modelwatch.profiles.values import Bools, Floats

FIT_ROWS: Final = 1_000_000
MAX_NAMES: Final = 500_000

Part = tuple[Mapping[ColumnKey, Values], Floats | None]
"""Columns and weights of a batch."""


def fit_batches(
    batches: Iterable[Part], types: Mapping[ColumnKey, ColumnType], most: int = FIT_ROWS, seed: int = 0
) -> Binning:
    """The binning of all batches together; the same rows and seed always give the same one."""
    random = np.random.default_rng(seed)
    parts: list[Part] = []
    tallies: dict[ColumnKey, Tally] = {}
    share = 1.0
    for columns, weights in batches:
        numeric: dict[ColumnKey, Values] = {}
        for key, values in columns.items():
            if isinstance(values, NumericValues):
                numeric[key] = values
            elif isinstance(values, CategoryValues):
                counted = tally(values, weights)
                tallies[key] = merge_tallies(tallies[key], counted, MAX_NAMES) if key in tallies else counted
        part = (numeric, weights)
        parts.append(part if share == 1.0 else thinned(part, random.random(length(part)) < share))
        while sum(map(length, parts)) > most:
            share /= 2
            parts = [thinned(each, random.random(length(each)) < 0.5) for each in parts]
    weights = stacked([part[1] for part in parts])
    return Binning(tuple(fitted(key, kind, parts, weights, tallies) for key, kind in types.items()))


def fitted(
    key: ColumnKey, kind: ColumnType, parts: list[Part], weights: Floats | None, tallies: Mapping[ColumnKey, Tally]
) -> ColumnBinning:
    """The bins of one column."""
    if key in tallies:
        return ColumnBinning(key, kind, fit_tally(tallies[key], boolean=kind is ColumnType.BOOLEAN))
    found = [values for part, _ in parts if isinstance(values := part[key], NumericValues)]
    if len(found) == 1:
        return ColumnBinning(key, kind, fit_numeric(found[0], weights))
    finite = [each.values if each.null is None else np.where(each.null, np.nan, each.values) for each in found]
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
    kept = {
        key: NumericValues(values.values[keep], None if values.null is None else values.null[keep])
        for key, values in columns.items()
        if isinstance(values, NumericValues)
    }
    return kept, None if weights is None else weights[keep]
