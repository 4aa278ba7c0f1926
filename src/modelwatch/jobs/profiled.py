"""Which columns of a batch are profiled, and their values as the profiler takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.ingest.column_values import to_values
from modelwatch.ingest.conform import Conformed
from modelwatch.ingest.fit import Mask
from modelwatch.profiles import Binning, CategoryValues, NumericValues, Values, VectorValues

FORMS: Final = {
    ColumnType.NUMERIC: NumericValues,
    ColumnType.CATEGORY: CategoryValues,
    ColumnType.BOOLEAN: CategoryValues,
    ColumnType.VECTOR: VectorValues,
}
PROFILED: Final = frozenset(
    {
        Role.FEATURE,
        Role.EMBEDDING,
        Role.PREDICTION_LABEL,
        Role.PREDICTION_SCORE,
        Role.PREDICTION_VALUE,
        Role.PREDICTION_SCORES,
    }
)


def profiled_values(rows: Conformed, binning: Binning | None = None) -> dict[ColumnKey, Values]:
    """The columns of a batch that monitors look at; with a binning those that it has, of the type that it has.

    A column whose type differs from the binning's (another version logs text where numbers were) counts as mistyped.
    """
    found = {
        column.key: to_values(rows.columns[column.key], column.type, column.dimension)
        for column in rows.schema.columns
        if column.key.role in PROFILED
    }
    if binning is None:
        return found
    wanted = {column.key: column.type for column in binning.columns}
    return {key: as_type(values, wanted[key]) for key, values in found.items() if key in wanted}


def as_type(values: Values, wanted: ColumnType) -> Values:
    """The values, or all of them mistyped when they are of another type than wanted."""
    if type(values) is FORMS[wanted]:
        return values
    present = valid(values)
    match wanted:
        case ColumnType.NUMERIC:
            return NumericValues(np.full(len(values), np.nan), ~present, present)
        case ColumnType.VECTOR:
            return VectorValues(np.empty((0, 1), np.float32), np.zeros(len(values), np.bool_), present)
        case ColumnType.CATEGORY | ColumnType.BOOLEAN:
            return CategoryValues(np.full(len(values), -1, np.int32), (), present)
        case _:
            assert_never(wanted)


def valid(values: Values) -> Mask:
    """Which rows are not null."""
    match values:
        case NumericValues():
            return np.ones(len(values), np.bool_) if values.null is None else ~values.null
        case CategoryValues():
            return values.codes >= 0
        case VectorValues():
            return values.held
        case _:
            assert_never(values)


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
    parts = [batch.get(key) for batch in batches]
    match sample:
        case NumericValues():
            return joined_numbers([pad_numbers(part, n) for part, n in zip(parts, sizes, strict=True)], sizes)
        case CategoryValues():
            padded = [pad_categories(part, n) for part, n in zip(parts, sizes, strict=True)]
            return joined_categories(padded, sizes, sample.boolean)
        case VectorValues():
            vectors = [pad_vectors(part, n, sample.dimension) for part, n in zip(parts, sizes, strict=True)]
            return joined_vectors(vectors, sizes)
        case _:
            assert_never(sample)


def joined_numbers(parts: Sequence[NumericValues], sizes: Sequence[int]) -> NumericValues:
    """Numbers one below the other."""
    return NumericValues(
        np.concatenate([each.values for each in parts]),
        stacked((each.null for each in parts), sizes),
        stacked((each.mistyped for each in parts), sizes),
    )


def joined_categories(parts: Sequence[CategoryValues], sizes: Sequence[int], boolean: bool) -> CategoryValues:
    """Categories one below the other, on one dictionary."""
    names: dict[str, int] = {}
    codes = []
    for values in parts:
        places = np.array([names.setdefault(name, len(names)) for name in values.dictionary] or [0], np.int32)
        codes.append(np.where(values.codes >= 0, places[np.maximum(values.codes, 0)], -1).astype(np.int32))
    mistyped = stacked((each.mistyped for each in parts), sizes)
    return CategoryValues(np.concatenate(codes), list(names), mistyped, boolean)


def joined_vectors(parts: Sequence[VectorValues], sizes: Sequence[int]) -> VectorValues:
    """Vectors one below the other."""
    return VectorValues(
        np.concatenate([each.vectors for each in parts]),
        np.concatenate([each.held for each in parts]),
        stacked((each.mistyped for each in parts), sizes),
    )


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


def pad_vectors(values: Values | None, n: int, dimension: int) -> VectorValues:
    """The values, or `n` nulls; vectors of another dimension are mistyped."""
    nothing = np.empty((0, dimension), np.float32)
    if values is None:
        return VectorValues(nothing, np.zeros(n, np.bool_))
    fitting = as_type(values, ColumnType.VECTOR)
    assert isinstance(fitting, VectorValues)
    if fitting.dimension == dimension:
        return fitting
    wrong = fitting.held if fitting.mistyped is None else fitting.held | fitting.mistyped
    return VectorValues(nothing, np.zeros(n, np.bool_), wrong)


def stacked(masks: Iterable[Mask | None], sizes: Sequence[int]) -> Mask | None:
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
    match values:
        case NumericValues():
            return NumericValues(values.values[:n], None if values.null is None else values.null[:n], mistyped)
        case CategoryValues():
            return CategoryValues(values.codes[:n], values.dictionary, mistyped, values.boolean)
        case VectorValues():
            return VectorValues(values.vectors[: int(values.held[:n].sum())], values.held[:n], mistyped)
        case _:
            assert_never(values)


def taken(values: Values, rows: NDArray[np.int64]) -> Values:
    """Some rows of one column, in the order given."""
    mistyped = None if values.mistyped is None else values.mistyped[rows]
    match values:
        case NumericValues():
            return NumericValues(values.values[rows], None if values.null is None else values.null[rows], mistyped)
        case CategoryValues():
            return CategoryValues(values.codes[rows], values.dictionary, mistyped, values.boolean)
        case VectorValues():
            place, held = np.cumsum(values.held) - 1, values.held[rows]
            return VectorValues(values.vectors[place[rows[held]]], held, mistyped)
        case _:
            assert_never(values)


def thinned(columns: Mapping[ColumnKey, Values], every: int) -> Mapping[ColumnKey, Values]:
    """Columns in which every n-th vector is kept and the others are null: enough to fit bins on, in less memory."""
    if every == 1:
        return columns
    answer = dict(columns)
    for key, values in columns.items():
        if isinstance(values, VectorValues):
            held = np.zeros(len(values), np.bool_)
            held[np.flatnonzero(values.held)[::every]] = True
            answer[key] = VectorValues(values.vectors[::every].copy(), held, values.mistyped)
    return answer


def vector_numbers(columns: Mapping[ColumnKey, Values]) -> int:
    """How many numbers the vectors of a batch hold."""
    return sum(values.vectors.size for values in columns.values() if isinstance(values, VectorValues))


def text_size(columns: Mapping[ColumnKey, Values]) -> int:
    """How many characters the distinct categories of a batch have."""
    return sum(sum(map(len, each.dictionary)) for each in columns.values() if isinstance(each, CategoryValues))
