"""One value from anywhere -> None, bool, int, float or str, the only things that a column is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

Plain: TypeAlias = bool | int | float | str | None

MISSING_TYPES = frozenset({"NoneType", "NAType", "NaTType"})
"""The types whose only value says 'nothing here': None, pandas.NA, pandas.NaT."""
EXACT_INT = 2**53
"""Integers up to this size are exact as float64."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def plain(value: object) -> tuple[Plain, bool]:
    """The value in its simplest type, and whether it had to be spelt out with `str()`.

    Numpy scalars become what they hold, a Decimal a float where that is exact to the digit and text where not, times
    become seconds since 1970 (naive is UTC), members of an enum their value.

    >>> plain(Decimal("0.10")), plain(date(1970, 1, 2)), plain({1})
    ((0.1, False), (86400.0, False), ('{1}', True))
    """
    match value:
        case None | bool() | int() | float() | str():
            return _builtin(value), False
        case Enum():
            return plain(value.value)
        case Decimal():
            return _decimal(value), False
        case date() | timedelta() if type(value).__name__ not in MISSING_TYPES:
            return _seconds(value), False
        case bytes():
            return value.decode("utf-8", "backslashreplace"), True
    if type(value).__name__ in MISSING_TYPES:
        return None, False
    if type(value).__module__ == "numpy":
        return _numpy(value)
    return _spelt(value), True


def text(value: object) -> str | None:
    """A label, tag or id as text: true and false as JSON has them, 1.0 as '1', so that a label read as a float matches;
    NaN, which is how a label that is missing is read, is None.

    >>> text(True), text(1.0), text(0.5), text("fraud"), text(None)
    ('true', '1', '0.5', 'fraud', None)
    """
    simple = plain(value)[0]
    match simple:
        case None | str():
            return simple
        case bool():
            return "true" if simple else "false"
        case int():
            return digits(simple)
        case float() if simple != simple:
            return None
        case float():
            return digits(int(simple)) if simple.is_integer() and abs(simple) <= EXACT_INT else repr(simple)


def number(value: object) -> tuple[float | None, bool]:
    """A score or weight as a float, and whether something that is no number had to become one, or null.

    >>> number("0.5"), number(2), number("high")
    ((0.5, True), (2.0, False), (None, True))
    """
    simple = plain(value)[0]
    if simple is None:
        return None, False
    try:
        return float(simple), isinstance(simple, str)
    except (ValueError, OverflowError):
        return None, True


def digits(value: int) -> str:
    """All digits of an integer; in base 16 where Python refuses to spell it in base 10."""
    try:
        return str(value)
    except ValueError:
        return hex(value)


def epoch_us(value: object) -> int | None:
    """Microseconds since 1970 of a datetime, ISO 8601 text or epoch seconds; None for what cannot be read so.

    >>> epoch_us("1970-01-01T00:00:01+00:00"), epoch_us(1.5), epoch_us(datetime(1970, 1, 1, 1)), epoch_us("soon")
    (1000000, 1500000, 3600000000, None)
    """
    try:
        match value:
            case bool():
                return None
            case datetime():
                return (_aware(value) - _EPOCH) // _MICROSECOND
            case str():
                return (_aware(datetime.fromisoformat(value)) - _EPOCH) // _MICROSECOND
        seconds, spelt = plain(value)
        if spelt or isinstance(seconds, bool | str) or seconds is None:
            return None
        us = round(seconds * 1_000_000)
    except (ValueError, OverflowError, TypeError):
        return None
    return us if -(2**63) <= us < 2**63 else None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _builtin(value: bool | float | str | None) -> Plain:
    """Members of subclasses (numpy.float64, IntEnum, a str Enum) as the built-in value that they hold."""
    match value:
        case None | bool():
            return value
        case int():
            return int.__int__(value)
        case float():
            return float.__float__(value)
        case str():
            return str.__str__(value)


def _decimal(value: Decimal) -> float | str:
    if value.is_nan():
        return float("nan")
    near = float(value)
    return near if not value.is_finite() or Decimal(repr(near)) == value else str(value)


def _seconds(value: date | timedelta) -> float:
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime():
            return (_aware(value) - _EPOCH).total_seconds()
        case date():
            return (datetime.combine(value, time(), UTC) - _EPOCH).total_seconds()


def _numpy(value: Any) -> tuple[Plain, bool]:
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind in ("m", "M"):
        # nanoseconds would come out of item() as a bare integer
        value = value.astype("datetime64[us]" if kind == "M" else "timedelta64[us]")
    item = value.item() if getattr(value, "size", 0) == 1 else value
    if type(item).__module__ != "numpy":
        return plain(item)
    return (float(item), True) if kind == "f" and item.size == 1 else (_spelt(value), True)


def _spelt(value: object) -> str:
    try:
        return str(value)
    except Exception:  # a stranger's __str__ must not sink the batch
        return f"<{type(value).__name__}>"
