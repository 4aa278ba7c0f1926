"""Weekdays and times of the day as people write them."""

from __future__ import annotations

from typing import Final

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAY: Final = 24 * 60


def clock(minute: int) -> str:
    """Minutes after midnight as people write them.

    >>> clock(545), clock(1440)
    ('09:05', '24:00')
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(text: str) -> int:
    """Minutes after midnight; raises `ValueError` for what is no time of a day.

    >>> minutes("18:30"), minutes("24:00")
    (1110, 1440)
    """
    hours, _, rest = text.partition(":")
    if not (hours.isdecimal() and rest.isdecimal() and len(rest) == 2 and int(rest) < 60):
        raise ValueError(f"{text!r} is no time of a day")
    minute = int(hours[:3]) * 60 + int(rest)
    if minute > FULL_DAY:
        raise ValueError(f"{text!r} is later than 24:00")
    return minute
