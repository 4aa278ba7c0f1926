"""A timestamp as users write it -> microseconds since 1970 UTC."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
EARLIEST_US: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST_US: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


def microseconds(value: object) -> int | None:
    """ISO 8601 text (naive is UTC, digits under a microsecond are dropped) or a number of seconds; None for the rest.

    >>> microseconds("2024-01-15T10:30:00Z") == microseconds("2024-01-15 16:00+05:30") == microseconds(1705314600)
    True
    >>> microseconds("yesterday"), microseconds(float("nan")), microseconds(True), microseconds(0.1)
    (None, None, None, 100000)
    """
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return within((moment - EPOCH) // MICROSECOND)
    if isinstance(value, int) and not isinstance(value, bool):
        return within(value * 1_000_000)
    if isinstance(value, float) and math.isfinite(value):
        return within(round(value * 1e6)) if abs(value) < 1e12 else None
    return None


def within(time_us: int) -> int | None:
    """`time_us` when it lies in the years 1 to 9999, else None."""
    return time_us if EARLIEST_US <= time_us <= LATEST_US else None


def iso(time_us: int) -> str:
    """ISO 8601 text in UTC.

    >>> iso(1705314600000000)
    '2024-01-15T10:30:00Z'
    """
    return (EPOCH + timedelta(microseconds=time_us)).isoformat().replace("+00:00", "Z")
