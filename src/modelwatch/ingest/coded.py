"""One column of a batch as codes: what segments, groups and labels are told apart by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.ingest.conform import Conformed


@dataclass(frozen=True, slots=True)
class Coded:
    """One column of a batch: `codes` int64 [n] are indices into `values`, which holds each value at most once."""

    codes: NDArray[np.int64]
    values: Sequence[str | None]

    def counts(self) -> NDArray[np.int64]:
        """How many rows have each value."""
        return np.bincount(self.codes, minlength=len(self.values))


def coded(rows: Conformed, column: ColumnKey) -> Coded:
    """The values of a column as codes: one of another type, or that the rows lack, has no usable value anywhere.

    Truth values are `false` and `true`; a category that a dictionary names twice is one value.
    """
    found, schema = rows.columns.get(column), rows.schema.get(column)
    n = rows.rows
    if found is None or schema is None or schema.type not in (ColumnType.CATEGORY, ColumnType.BOOLEAN):
        return Coded(np.zeros(n, dtype=np.int64), [None])
    array = found.values
    if schema.type is ColumnType.BOOLEAN:
        truth = array.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
        codes, names = truth, ["false", "true"]
    else:
        codes = array.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        names = array.dictionary.to_pylist()
    place: dict[str | None, int] = {}
    unique = np.array([place.setdefault(name, len(place)) for name in names], dtype=np.int64)
    null = place.setdefault(None, len(place))
    codes = np.append(unique, null)[codes]
    if array.null_count:
        codes[array.is_null().to_numpy(zero_copy_only=False)] = null
    return Coded(codes, list(place))
