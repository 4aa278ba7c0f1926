"""Which columns of a batch are profiled, and their values as the profiler takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.ingest.column_values import to_values
from modelwatch.ingest.conform import Conformed
from modelwatch.profiles import Binning, CategoryValues, NumericValues, Values

PROFILED: Final = frozenset(
    {Role.FEATURE, Role.PREDICTION_LABEL, Role.PREDICTION_SCORE, Role.PREDICTION_VALUE, Role.PREDICTION_SCORES}
)


def profiled_values(rows: Conformed, binning: Binning | None = None) -> dict[ColumnKey, Values]:
    """The columns of a batch that monitors look at; with a binning those that it has, of the type that it has.

    A column whose type differs from the binning's (another version logs text where numbers were) counts as mistyped.
    """
    found = {
        column.key: values
        for column in rows.schema.columns
        if column.key.role in PROFILED and (values := to_values(rows.columns[column.key], column.type)) is not None
    }
    if binning is None:
        return found
    wanted = {column.key: column.type for column in binning.columns}
    return {key: as_type(values, wanted[key]) for key, values in found.items() if key in wanted}


def as_type(values: Values, wanted: ColumnType) -> Values:
    """The values, or all of them mistyped when they are of another type than wanted."""
    numeric = isinstance(values, NumericValues)
    if numeric == (wanted is ColumnType.NUMERIC):
        return values
    n = len(values)
    if isinstance(values, NumericValues):
        present = ~values.null if values.null is not None else np.ones(n, np.bool_)
        return CategoryValues(np.full(n, -1, np.int32), (), present)
    return NumericValues(np.full(n, np.nan), values.codes < 0, values.codes >= 0)


def joined(batches: Sequence[Mapping[ColumnKey, Values]], sizes: Sequence[int]) -> dict[ColumnKey, Values]:
    """The columns of several batches one below the other; a column that a batch lacks is null there.

    The type that a column has first is its type; batches where it has another count as mistyped.
    """
    first: dict[ColumnKey, Values] = {}
    for batch in batches:
        for key, values in batch.items():
            first.setdefault(key, values)
    return {key: column(key, sample, batches, sizes) for key, sample in first.items()}


def column(
    key: ColumnKey, sample: Values, batches: Sequence[Mapping[ColumnKey, Values]], sizes: Sequence[int]
) -> Values:
    """One column of several batches as one."""
    if isinstance(sample, NumericValues):
        numbers = [pad_numbers(batch.get(key), n) for batch, n in zip(batches, sizes, strict=True)]
        return NumericValues(
            np.concatenate([each.values for each in numbers]),
            stacked((each.null for each in numbers), sizes),
            stacked((each.mistyped for each in numbers), sizes),
        )
    names: dict[str, int] = {}
    codes, mistyped = [], []
    for batch, n in zip(batches, sizes, strict=True):
        values = pad_categories(batch.get(key), n)
        places = np.array([names.setdefault(name, len(names)) for name in values.dictionary] or [0], np.int32)
        codes.append(np.where(values.codes >= 0, places[np.maximum(values.codes, 0)], -1).astype(np.int32))
        mistyped.append(values.mistyped)
    return CategoryValues(np.concatenate(codes), list(names), stacked(mistyped, sizes), sample.boolean)


def pad_numbers(values: Values | None, n: int) -> NumericValues:
    """The values, or `n` nulls."""
    if values is None:
        return NumericValues(np.full(n, np.nan), np.ones(n, np.bool_))
    fitting = as_type(values, ColumnType.NUMERIC)
    assert isinstance(fitting, NumericValues)
    return fitting


def pad_categories(values: Values | None, n: int) -> CategoryValues:
    """The values, or `n` nulls."""
    if values is None:
        return CategoryValues(np.full(n, -1, np.int32), ())
    fitting = as_type(values, ColumnType.CATEGORY)
    assert isinstance(fitting, CategoryValues)
    return fitting


def stacked(
    masks: Iterable[np.ndarray[tuple[int], np.dtype[np.bool_]] | None], sizes: Sequence[int]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """Masks one below the other; None when no batch has one."""
    parts = list(masks)
    if all(mask is None for mask in parts):
        return None
    return np.concatenate(
        [np.zeros(n, np.bool_) if mask is None else mask for mask, n in zip(parts, sizes, strict=True)]
    )


def first_rows(columns: Mapping[ColumnKey, Values], n: int) -> dict[ColumnKey, Values]:
    """The first `n` rows of columns."""
    return {key: cut(values, n) for key, values in columns.items()}


def cut(values: Values, n: int) -> Values:
    """The first `n` rows of one column."""
    mistyped = None if values.mistyped is None else values.mistyped[:n]
    if isinstance(values, NumericValues):
        return NumericValues(values.values[:n], None if values.null is None else values.null[:n], mistyped)
    return CategoryValues(values.codes[:n], values.dictionary, mistyped, values.boolean)


def taken(values: Values, rows: NDArray[np.int64]) -> Values:
    """Some rows of one column, in the order given."""
    mistyped = None if values.mistyped is None else values.mistyped[rows]
    if isinstance(values, NumericValues):
        return NumericValues(values.values[rows], None if values.null is None else values.null[rows], mistyped)
    return CategoryValues(values.codes[rows], values.dictionary, mistyped, values.boolean)
