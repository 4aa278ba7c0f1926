"""A time as the history of an alert writes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def moment(time_us: int) -> str:
    """To the minute, in UTC.

    >>> moment(1_700_000_000_000_000)
    '2023-11-14 22:13 UTC'
    """
    return (EPOCH + timedelta(microseconds=time_us)).strftime("%Y-%m-%d %H:%M UTC")
