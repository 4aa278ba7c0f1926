"""One column of a frame -> the values that the profiler counts, or the reason why it is not compared.

Numbers are float64, booleans boolean, texts and categoricals categories, as on the server. Spans of time are seconds.
Dates and times are seconds since 1970 when the caller named them, and are left out otherwise: time moves on by itself.
Lists of numbers are vectors. A column of objects is what all of its values are; of mixed ones, their texts.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from modelwatch.core.column import ColumnType
from modelwatch.core.wire import MAX_EMBEDDING
from modelwatch.profiles import CategoryValues, NumericValues, Values
from modelwatch.profiles.values import Bools, Floats
from modelwatch.reports.dictionary import encode, is_nan
from modelwatch.reports.vectors import vectors

if TYPE_CHECKING:
    import narwhals as nw

TIME_MOVES_ON: Final = "dates move on by themselves; name it in features= to compare it as seconds since 1970"
SEQUENCES: Final = (list, tuple, np.ndarray)
EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Read:
    """The values of a column; `type` is None where all are null, `note` says what was done to them."""

    values: Values
    type: ColumnType | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Why a column is not compared; `time` when naming it would change that."""

    reason: str
    time: bool = False


def read(series: nw.Series[Any], *, named: bool) -> Read | Left:
    """The values of a column; `named` when the caller asked for it by name."""
    import narwhals as nw

    dtype = series.dtype
    if dtype.is_numeric():
        found = numbers(series)
        return Read(found, None if nowhere(found) else ColumnType.NUMERIC)
    if dtype == nw.Boolean:
        return booleans(series)
    if isinstance(dtype, nw.Datetime) or dtype == nw.Date:
        return stamps(series) if named else Left(TIME_MOVES_ON, time=True)
    if isinstance(dtype, nw.Duration):
        return Read(span_seconds(series), ColumnType.NUMERIC, "compared in seconds")
    if dtype in (nw.List, nw.Array):
        return lists(series)
    if dtype in (nw.Struct, nw.Binary, nw.Time):
        return Left(f"a column of type {str(dtype).partition('(')[0].lower()}")
    return distinct(series, named=named, text=dtype in (nw.Categorical, nw.Enum))


def lists(series: nw.Series[Any]) -> Read | Left:
    """Lists of numbers are vectors."""
    found = vectors(series)
    if found is None:
        return Left(f"a column of lists that are not of at most {MAX_EMBEDDING:,} numbers")
    return Read(found, ColumnType.VECTOR if found.held.any() else None)


def numbers(series: nw.Series[Any]) -> NumericValues:
    """Any numbers as float64. In numpy's own types, as pandas has them, NaN is how a missing value is written."""
    import narwhals as nw

    dtype = getattr(series.to_native(), "dtype", None)
    if type(dtype).__module__.partition(".")[0] == "numpy":
        values = np.ascontiguousarray(series.to_numpy(), dtype=np.float64)
        return NumericValues(values, some(np.isnan(values)))
    if series.dtype.is_decimal() or series.dtype in (nw.Int128, nw.UInt128):
        series = series.cast(nw.Float64)
    null = series.is_null().to_numpy() if series.null_count() else None
    return NumericValues(np.ascontiguousarray(series.to_numpy(), dtype=np.float64), null)


def nowhere(found: NumericValues) -> bool:
    """True without a value: a column of texts that are all missing is often read as numbers."""
    return len(found) == 0 or (found.null is not None and bool(found.null.all()))


def some(mask: Bools) -> Bools | None:
    """The mask, or None when it marks nothing."""
    return mask if mask.any() else None


def booleans(series: nw.Series[Any]) -> Read:
    """Truth values."""
    null = series.is_null().to_numpy() if series.null_count() else None
    values = (series if null is None else series.fill_null(value=False)).to_numpy().astype(np.bool_)
    return Read(CategoryValues.of_booleans(values, null), ColumnType.BOOLEAN)


def stamps(series: nw.Series[Any]) -> Read:
    """Dates and times as seconds since 1970."""
    import narwhals as nw

    times = series.cast(nw.Datetime("us")) if series.dtype == nw.Date else series
    return Read(whole_units(times.dt.timestamp("us"), 1e6), ColumnType.NUMERIC, "compared as seconds since 1970")


def span_seconds(series: nw.Series[Any]) -> NumericValues:
    """Spans of time in seconds."""
    return whole_units(series.dt.total_microseconds(), 1e6)


def whole_units(series: nw.Series[Any], per_second: float) -> NumericValues:
    """A column of whole numbers, divided."""
    found = numbers(series)
    return NumericValues(found.values / per_second, found.null)


def distinct(series: nw.Series[Any], *, named: bool, text: bool) -> Read | Left:
    """A column of texts or objects by what its distinct values are; `text` makes categories of all of them."""
    try:
        codes, found = encode(series)
    except TypeError:  # some value cannot be hashed
        return unhashable(series)
    kinds = set(map(type, found))
    if text or kinds <= {str}:
        known = text or kinds or is_text(series)
        return Read(CategoryValues(codes, [spelt(value) for value in found]), ColumnType.CATEGORY if known else None)
    if all(issubclass(kind, SEQUENCES) for kind in kinds):
        return lists(series)
    if kinds <= {bool, np.bool_}:
        truth = np.array([*map(bool, found), False])
        return Read(CategoryValues.of_booleans(truth[codes], some(codes < 0)), ColumnType.BOOLEAN)
    if all(issubclass(kind, (Real, Decimal, np.number)) for kind in kinds) and not kinds & {bool, np.bool_}:
        return Read(taken(codes, [float(value) for value in found]), ColumnType.NUMERIC)
    if all(issubclass(kind, datetime.date) for kind in kinds):
        if not named:
            return Left(TIME_MOVES_ON, time=True)
        note = "compared as seconds since 1970"
        return Read(taken(codes, [epoch_seconds(value) for value in found]), ColumnType.NUMERIC, note)
    names = ", ".join(sorted(kind.__name__ for kind in kinds)[:4])
    note = f"values of type {names} are compared as text"
    return Read(CategoryValues(codes, [spelt(value) for value in found]), ColumnType.CATEGORY, note)


def taken(codes: np.ndarray[Any, np.dtype[np.int32]], found: list[float]) -> NumericValues:
    """Numbers that were encoded: a code of -1 is null."""
    values: Floats = np.array([*found, np.nan], dtype=np.float64)
    return NumericValues(values[codes], some(codes < 0))


def is_text(series: nw.Series[Any]) -> bool:
    """True when the type of the column says that it holds text, and not what its values happen to be."""
    import narwhals as nw

    return series.dtype == nw.String and str(getattr(series.to_native(), "dtype", "")) != "object"


def unhashable(series: nw.Series[Any]) -> Read | Left:
    """What a column of such values is called."""
    kinds = {type(value) for value in series.to_list() if value is not None and not is_nan(value)}
    if all(issubclass(kind, SEQUENCES) for kind in kinds):
        return lists(series)
    return Left(f"a column of values of type {', '.join(sorted(kind.__name__ for kind in kinds)[:4])}")


def epoch_seconds(value: datetime.date) -> float:
    """Seconds since 1970 of a date or time; one without a zone is in UTC."""
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.UTC)
    return (value if value.tzinfo else value.replace(tzinfo=datetime.UTC)).timestamp()


def spelt(value: object) -> str:
    """A value as the name of a category."""
    match value:
        case str():
            return value
        case bool() | np.bool_():
            return "true" if value else "false"
        case float():
            return repr(float(value))
        case _:
            return str(value)
