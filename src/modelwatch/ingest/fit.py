"""A column as it came -> the type that its frozen schema says.

What fits without loss is converted; what does not becomes null, is marked as mistyped and kept exactly beside.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, assert_never

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from modelwatch.core.column import Column, ColumnType
from modelwatch.ingest.part import CATEGORY_TYPE, VECTOR_TYPE
from modelwatch.ingest.scalar_text import scalar_text

EXACT_INT: Final = 2**53
FLOAT64: Final = pa.float64()
BOOL: Final = pa.bool_()
TYPES: Final = {
    ColumnType.NUMERIC: FLOAT64,
    ColumnType.BOOLEAN: BOOL,
    ColumnType.CATEGORY: CATEGORY_TYPE,
    ColumnType.VECTOR: VECTOR_TYPE,
}

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Values of the frozen type; which rows were mistyped, None for none; what must be kept beside, by row."""

    values: Any
    mistyped: Mask | None
    exact: dict[int, Any]


NOTHING: Final[dict[int, Any]] = {}


def arriving_type(column: Any) -> ColumnType:
    """The type that a column would have if it were the first to be seen."""
    kind = column.type
    if pt.is_boolean(kind):
        return ColumnType.BOOLEAN
    if pt.is_list(kind):
        return ColumnType.VECTOR
    if pt.is_dictionary(kind) or pt.is_string(kind):
        return ColumnType.CATEGORY
    return ColumnType.NUMERIC


def fit(column: Any, wanted: Column) -> Fitted:
    """The column as `wanted` says."""
    match wanted.type:
        case ColumnType.NUMERIC:
            return numeric(column)
        case ColumnType.CATEGORY:
            return category(column)
        case ColumnType.BOOLEAN:
            return boolean(column)
        case ColumnType.VECTOR:
            return vector(column, wanted.dimension)
        case _:
            assert_never(wanted.type)


def numeric(column: Any) -> Fitted:
    """float64: integers to the nearest, booleans as 0 and 1, text where it is a number."""
    kind = column.type
    if pt.is_floating(kind):
        return Fitted(column if kind.equals(FLOAT64) else column.cast(FLOAT64), None, NOTHING)
    if pt.is_boolean(kind):
        return Fitted(column.cast(pa.uint8()).cast(FLOAT64), None, NOTHING)
    if pt.is_integer(kind):
        return Fitted(column.cast(FLOAT64, safe=False), None, inexact(column))
    if pt.is_list(kind):
        return nothing_fits(column, FLOAT64)
    return of_texts(column, parse_number, FLOAT64)


def inexact(column: Any) -> dict[int, Any]:
    """The integers that no float64 equals, by row."""
    if not len(column) or column.null_count == len(column):
        return NOTHING
    span = pc.min_max(column).as_py()
    if span["min"] >= -EXACT_INT and span["max"] <= EXACT_INT:
        return NOTHING
    values = enumerate(column.to_pylist())
    return {row: value for row, value in values if value is not None and int(float(value)) != value}


def boolean(column: Any) -> Fitted:
    """bool: the numbers 0 and 1, and the text `true` and `false` in any case."""
    kind = column.type
    if pt.is_boolean(kind):
        return Fitted(column, None, NOTHING)
    if pt.is_list(kind):
        return nothing_fits(column, BOOL)
    if pt.is_dictionary(kind) or pt.is_string(kind):
        return of_texts(column, parse_boolean, BOOL)
    numbers = column.cast(FLOAT64, safe=False)
    fits = pc.or_(pc.equal(numbers, 0.0), pc.equal(numbers, 1.0)).fill_null(True)
    values = pc.if_else(fits, pc.equal(numbers, 1.0), pa.scalar(None, BOOL))
    return with_mistyped(column, values, ~fits.to_numpy(zero_copy_only=False))


def category(column: Any) -> Fitted:
    """dictionary<int32, utf8>: numbers and booleans as their text."""
    kind = column.type
    if kind.equals(CATEGORY_TYPE):
        return Fitted(column, None, NOTHING)
    if pt.is_list(kind):
        return nothing_fits(column, CATEGORY_TYPE)
    encoded = column.dictionary_encode()
    if pt.is_string(kind):
        return Fitted(encoded, None, NOTHING)
    words = pa.array([scalar_text(value) for value in encoded.dictionary.to_pylist()], pa.utf8())
    return Fitted(pa.DictionaryArray.from_arrays(encoded.indices, words), None, NOTHING)


def vector(column: Any, dimension: int) -> Fitted:
    """list<float32> of the frozen dimension; another length is mistyped."""
    if not pt.is_list(column.type):
        return nothing_fits(column, VECTOR_TYPE)
    values = column if column.type.equals(VECTOR_TYPE) else column.cast(VECTOR_TYPE)
    wrong = pc.not_equal(pc.list_value_length(values), dimension).fill_null(False).to_numpy(zero_copy_only=False)
    if not wrong.any():
        return Fitted(values, None, NOTHING)
    return with_mistyped(column, pc.if_else(pa.array(~wrong), values, pa.scalar(None, VECTOR_TYPE)), wrong)


def nothing_fits(column: Any, wanted: Any) -> Fitted:
    """No value of this form can be of the wanted type: all that are not null are mistyped."""
    present = column.is_valid().to_numpy(zero_copy_only=False)
    return with_mistyped(column, pa.nulls(len(column), wanted), present)


def with_mistyped(column: Any, values: Any, mistyped: Mask) -> Fitted:
    """The values with the original of every mistyped row kept beside."""
    rows = np.flatnonzero(mistyped)
    if not len(rows):
        return Fitted(values, None, NOTHING)
    originals = column.take(pa.array(rows)).to_pylist()
    return Fitted(values, mistyped, dict(zip(rows.tolist(), originals, strict=True)))


def of_texts(column: Any, parse: Callable[[str], float | bool | None], wanted: Any) -> Fitted:
    """Text as numbers or booleans, each distinct text parsed once.

    Text that does not parse is mistyped; an integer that float64 rounds is kept exactly, too.
    """
    encoded = column if pt.is_dictionary(column.type) else column.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    parsed = [parse(word) for word in words]
    values = pa.array(parsed, wanted).take(encoded.indices)
    codes = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    wrong = np.array([value is None for value in parsed] + [False])[codes]
    rounded = np.array([is_rounded(word, value) for word, value in zip(words, parsed, strict=True)] + [False])[codes]
    fitted = with_mistyped(column, values, wrong)
    if not rounded.any():
        return fitted
    exact = {row: int(words[codes[row]]) for row in np.flatnonzero(rounded).tolist()}
    return Fitted(fitted.values, fitted.mistyped, fitted.exact | exact)


def parse_number(text: str) -> float | None:
    """The number that a text says in decimal digits, 1 and 0 for true and false, None for anything else.

    >>> [parse_number(text) for text in ("34", " 3.5 ", "1e3", "TRUE", "inf", "abc", "1_000", "")]
    [34.0, 3.5, 1000.0, 1.0, inf, None, None, None]
    """
    truth = parse_boolean(text)
    if truth is not None:
        return float(truth)
    if "_" in text or not text.isascii():
        return None
    try:
        return float(text)
    except ValueError:
        return None


def parse_boolean(text: str) -> bool | None:
    """True and false, in any case; None for anything else."""
    return {"true": True, "false": False}.get(text.strip().lower())


def is_rounded(text: str, value: float | bool | None) -> bool:
    """True for the digits of an integer that the parsed number does not equal."""
    if not isinstance(value, float) or abs(value) < EXACT_INT or len(text) > 4_000:
        return False
    digits = text.strip().lstrip("+-")
    return digits.isdigit() and (not math.isfinite(value) or int(text) != int(value))
