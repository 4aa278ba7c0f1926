"""The slot of each row in each column: what a profile counts, row by row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.profiles.binning import INFINITE, MISTYPED, NAN, NULL, Binning
from modelwatch.profiles.category import CategoryBinning
from modelwatch.profiles.counting import null_rows
from modelwatch.profiles.numeric import NumericBinning
from modelwatch.profiles.values import CategoryValues, NumericValues, Values

Ints = NDArray[np.int64]


def placeable(binning: Binning) -> Ints:
    """The rows of a profile whose columns have one slot for each row: numbers and categories, not texts or vectors."""
    kept = [
        f
        for f, column in enumerate(binning.columns)
        if isinstance(column.bins, NumericBinning | CategoryBinning)
        and column.vocabulary is None
        and column.key.role is not Role.TEXT
    ]
    return np.array(kept, np.int64)


def places(binning: Binning, columns: Mapping[ColumnKey, Values], n: int) -> Ints:
    """The slots [n, G] of n rows in the G columns that `placeable` names, as `profile` counts them."""
    found = [slots_of(binning, int(f), columns.get(binning.columns[f].key), n) for f in placeable(binning)]
    return np.column_stack(found) if found else np.empty((n, 0), np.int64)


def slots_of(binning: Binning, f: int, values: Values | None, n: int) -> Ints:
    """The slot [n] of each row in one column."""
    if values is None:
        return np.full(n, NULL, np.int64)
    match values, binning.columns[f].bins:
        case NumericValues(), NumericBinning() as bins:
            found = np.searchsorted(bins.edges, values.values, side="right").astype(np.int64)
            found[np.isinf(values.values)] = INFINITE
            found[np.isnan(values.values)] = NAN
            null = values.null
        case CategoryValues(), CategoryBinning() as bins:
            found = np.append(bins.bins_of(values.dictionary), NULL)[values.codes].astype(np.int64)
            null = None
        case _:
            found = np.full(n, MISTYPED, np.int64)
            null = null_rows(values)
    if null is not None:
        found[null] = NULL
    if values.mistyped is not None:
        found[values.mistyped] = MISTYPED
    return found
