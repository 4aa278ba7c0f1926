"""Expectations: what must hold of the window whatever the reference looks like.

>>> between("amount", 0, 1e6, at_least=0.999).asked
'at least 99.9\\u2009% of values from 0 to 1,000,000'

`at_least` is the share of rows for which it must hold; rows without a value do not count, except for `not_null`.
`level` is what a broken expectation is worth: "critical" unless set to "warning" or "notice".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

import numpy as np

from modelwatch.core.column import ColumnType
from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift.words import THIN
from modelwatch.profiles import CategoryValues, NumericValues, VectorValues
from modelwatch.profiles.values import Bools, Floats
from modelwatch.reports.values import Read, epoch_seconds, spelt

Limit: TypeAlias = float | date | str | None
"""An end of a range: a number, a date (or its ISO text) for columns of dates, None for open."""
Holds: TypeAlias = Callable[[Read], Bools]
"""Which rows [n] of a column it holds for; what it says of rows without a value is not asked."""
LEVELS: Final = (Level.CRITICAL, Level.WARNING, Level.NOTICE)
TYPES: Final = tuple(kind.value for kind in ColumnType)


@dataclass(frozen=True, slots=True)
class OfRows:
    """Asked of each row of a column; `values_only` leaves rows without a value out."""

    kind: str
    column: str
    asked: str
    holds: Holds
    at_least: float
    level: Level
    values_only: bool = True


@dataclass(frozen=True, slots=True)
class OfColumn:
    """Asked of all finite values of a column together: `figure` must be within the limits."""

    kind: str
    column: str
    asked: str
    figure: Callable[[Floats], float]
    low: float
    high: float
    level: Level


@dataclass(frozen=True, slots=True)
class Unique:
    """Asked of a column: the share of its values that occur once."""

    kind: str
    column: str
    asked: str
    at_least: float
    level: Level


@dataclass(frozen=True, slots=True)
class Type:
    """Asked of a column: what it holds."""

    kind: str
    column: str
    asked: str
    type: ColumnType
    level: Level


@dataclass(frozen=True, slots=True)
class Drift:
    """Asked of the comparison: a metric of a column is below a limit."""

    kind: str
    column: str
    asked: str
    metric: str
    limit: float
    level: Level


@dataclass(frozen=True, slots=True)
class Count:
    """Asked of the window: how many rows it has."""

    kind: str
    asked: str
    low: float
    high: float
    level: Level
    column: None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Asked of the window: that it has a column."""

    kind: str
    column: str
    asked: str
    level: Level


Expectation: TypeAlias = OfRows | OfColumn | Unique | Type | Drift | Count | Exists


def between(
    column: str, low: Limit = None, high: Limit = None, *, at_least: float = 1.0, level: str = "critical"
) -> Expectation:
    """Values lie from `low` to `high`, both included; NaN and infinity do not."""
    ends = ordered("between", end(low, -np.inf), end(high, np.inf))
    asked = f"{share_of(at_least)} {span(low, high)}"

    def holds(found: Read) -> Bools:
        if not isinstance(found.values, NumericValues):
            return np.zeros(len(found.values), dtype=np.bool_)
        values = found.values.values
        return np.isfinite(values) & (values >= ends[0]) & (values <= ends[1])

    return OfRows("between", column, asked, holds, part(at_least), severity(level))


def in_set(column: str, values: Iterable[object], *, at_least: float = 1.0, level: str = "critical") -> Expectation:
    """Values are among these."""
    allowed = list(values)
    if isinstance(values, str) or not allowed:
        raise InvalidRequest(f"in_set of {column!r} needs a list of values", hint='in_set("country", ["AT", "DE"])')
    names = {spelt(value) for value in allowed}
    numbers = [float(value) for value in allowed if isinstance(value, (int, float)) and not isinstance(value, bool)]
    shown = ", ".join(spelt(value) for value in allowed[:6]) + (
        f" and {len(allowed) - 6} more" if len(allowed) > 6 else ""
    )

    def holds(found: Read) -> Bools:
        if isinstance(found.values, VectorValues):
            return np.zeros(len(found.values), dtype=np.bool_)
        if isinstance(found.values, NumericValues):
            return np.isin(found.values.values, numbers)
        return of_names(found.values, lambda name: name in names)

    return OfRows("in_set", column, f"{share_of(at_least)} among {shown}", holds, part(at_least), severity(level))


def matches(column: str, pattern: str, *, at_least: float = 1.0, level: str = "critical") -> Expectation:
    """Texts match a regular expression, from their beginning to their end."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise InvalidRequest(f"{pattern!r} is no regular expression: {error}", hint="see Python's re module") from error

    def holds(found: Read) -> Bools:
        if not isinstance(found.values, CategoryValues):
            return np.zeros(len(found.values), dtype=np.bool_)
        return of_names(found.values, lambda name: compiled.fullmatch(name) is not None)

    return OfRows("matches", column, f"{share_of(at_least)} like {pattern}", holds, part(at_least), severity(level))


def not_null(column: str, *, at_least: float = 1.0, level: str = "critical") -> Expectation:
    """Rows have a value; NaN is none."""
    asked = "no null" if at_least >= 1 else f"a value in at least {per_cent(at_least)} of rows"

    def holds(found: Read) -> Bools:
        known = has_value(found)
        return known & ~np.isnan(found.values.values) if isinstance(found.values, NumericValues) else known

    return OfRows("not_null", column, asked, holds, part(at_least), severity(level), values_only=False)


def unique(column: str, *, at_least: float = 1.0, level: str = "critical") -> Expectation:
    """Values occur once."""
    asked = "no value twice" if at_least >= 1 else f"{share_of(at_least)} once only"
    return Unique("unique", column, asked, part(at_least), severity(level))


def of_type(column: str, type: str, *, level: str = "critical") -> Expectation:  # noqa: A002
    """The column holds "numeric", "category", "boolean" or "vector" values."""
    if type not in TYPES:
        raise InvalidRequest(f"{type!r} is no type of a column", hint=f"known: {', '.join(TYPES)}")
    return Type("of_type", column, f"type {type}", ColumnType(type), severity(level))


def mean_between(column: str, low: Limit = None, high: Limit = None, *, level: str = "critical") -> Expectation:
    """The mean of the finite values lies from `low` to `high`."""
    ends = ordered("mean_between", end(low, -np.inf), end(high, np.inf))
    return OfColumn("mean_between", column, f"mean {span(low, high)}", mean, *ends, severity(level))


def quantile_between(
    column: str, q: float, low: Limit = None, high: Limit = None, *, level: str = "critical"
) -> Expectation:
    """The q-quantile of the finite values lies from `low` to `high`; q = .5 is the median."""
    ends = ordered("quantile_between", end(low, -np.inf), end(high, np.inf))
    named = "median" if part(q) == 0.5 else f"{q:g}-quantile"

    def figure(values: Floats) -> float:
        return float(np.quantile(values, q))

    return OfColumn("quantile_between", column, f"{named} {span(low, high)}", figure, *ends, severity(level))


def drift_below(
    column: str, limit: float | None = None, *, metric: str = "psi", level: str = "critical"
) -> Expectation:
    """A metric of the column's drift is below a limit, whatever the monitors say of it."""
    bound = 0.1 if limit is None else limit
    return Drift("drift_below", column, f"{metric} below {bound:g}", metric, bound, severity(level))


def rows_between(low: float | None = None, high: float | None = None, *, level: str = "critical") -> Expectation:
    """The window has from `low` to `high` rows."""
    ends = ordered("rows_between", end(low, -np.inf), end(high, np.inf))
    return Count("rows_between", f"rows {span(low, high)}", *ends, severity(level))


def exists(column: str, *, level: str = "critical") -> Expectation:
    """The window has the column."""
    return Exists("exists", column, "the column is there", severity(level))


def mean(values: Floats) -> float:
    """The mean, or NaN where there is no value."""
    return float(np.mean(values)) if len(values) else float("nan")


def has_value(found: Read) -> Bools:
    """Which rows are not null."""
    values = found.values
    if isinstance(values, CategoryValues):
        return values.codes >= 0
    if isinstance(values, VectorValues):
        return values.held
    return np.ones(len(values), dtype=np.bool_) if values.null is None else ~values.null


def of_names(values: CategoryValues, holds: Callable[[str], bool]) -> Bools:
    """Which rows hold a category for which it holds; each category is asked once."""
    known = np.array([*(holds(name) for name in values.dictionary), False], dtype=np.bool_)
    return known[values.codes]


def end(limit: Limit, missing: float) -> float:
    """An end of a range as a number."""
    match limit:
        case None:
            return missing
        case str():
            try:
                return epoch_seconds(datetime.fromisoformat(limit))
            except ValueError as error:
                raise InvalidRequest(f"{limit!r} is neither a number nor a date", hint="use 2024-01-31") from error
        case date():
            return epoch_seconds(limit)
        case _:
            return float(limit)


def ordered(kind: str, low: float, high: float) -> tuple[float, float]:
    """Both ends; raises unless the first one is not above the second."""
    if not low <= high:
        raise InvalidRequest(f"{kind}: the lower end {low:g} is above the upper end {high:g}", hint="swap them")
    return low, high


def part(share: float) -> float:
    """A share of rows; raises unless it is one."""
    if not 0 <= share <= 1:
        raise InvalidRequest(f"{share!r} is no share of rows", hint="a share lies from 0 to 1; 0.99 is 99 %")
    return float(share)


def severity(level: str) -> Level:
    """What a broken expectation is worth."""
    if level not in LEVELS:
        raise InvalidRequest(f"{level!r} is no level of an expectation", hint=f"known: {', '.join(LEVELS)}")
    return Level(level)


def span(low: object, high: object) -> str:
    """A range in words."""
    if low is None and high is None:
        return "anything"
    if high is None:
        return f"{bound(low)} or more"
    return f"{bound(high)} or less" if low is None else f"from {bound(low)} to {bound(high)}"


def bound(limit: object) -> str:
    """An end of a range in words.

    >>> bound(1e6), bound(0.25), bound("2024-01-31")
    ('1,000,000', '0.25', '2024-01-31')
    """
    if isinstance(limit, (int, float)):
        text = f"{limit:,.0f}" if float(limit).is_integer() and abs(limit) < 1e15 else f"{limit:g}"
        return text.replace("-", "−", 1) if limit < 0 else text
    return str(limit)


def share_of(at_least: float) -> str:
    """How many of the values."""
    return "all values" if at_least >= 1 else f"at least {per_cent(at_least)} of values"


def per_cent(share: float) -> str:
    """A share exactly as it was asked for."""
    return f"{share * 100:.10g}{THIN}%"
