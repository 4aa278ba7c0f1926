"""When a rule watches: days of the week and hours of the day in a time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from modelwatch.alerts.time_of_day import FULL_DAY, WEEKDAYS

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The days and, in minutes since midnight, the hours `[start, end)`; an end before its start is on the next day,
    which still counts as the day on which it began."""

    days: tuple[str, ...] = WEEKDAYS
    start: int = 0
    end: int = FULL_DAY
    zone: str = "UTC"

    def holds(self, at_us: int) -> bool:
        """True when the rule watches then.

        >>> office = Schedule(("mon", "tue", "wed", "thu", "fri"), 9 * 60, 17 * 60, "Europe/Berlin")
        >>> monday = 1_704_096_000_000_000  # 2024-01-01 08:00 UTC, nine o'clock in Berlin
        >>> office.holds(monday), office.holds(monday - 1)
        (True, False)
        """
        local = (EPOCH + timedelta(microseconds=at_us)).astimezone(zone_of(self.zone))
        minute, today = local.hour * 60 + local.minute, WEEKDAYS[local.weekday()]
        if self.start < self.end:
            return today in self.days and self.start <= minute < self.end
        yesterday = WEEKDAYS[local.weekday() - 1]
        return (today in self.days and minute >= self.start) or (yesterday in self.days and minute < self.end)


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises `ZoneInfoNotFoundError`, or `ValueError` for what can be no name."""
    return ZoneInfo(name)
