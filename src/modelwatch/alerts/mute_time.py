"""Times of the week at which some alerts wait, such as nights and weekends for warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from modelwatch.alerts.matcher import Matcher, matcher_from
from modelwatch.alerts.time_of_day import FULL_DAY, WEEKDAYS, clock, minutes

LONGEST: Final = timedelta(days=8)
"""A mute time without a gap is looked at again after this."""


@dataclass(frozen=True, slots=True)
class Span:
    """Hours on some weekdays, in minutes after midnight; one that ends before it begins ends on the next day."""

    weekdays: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MuteTime:
    """What fits `matcher` waits while the clock of `zone` is inside one of the spans."""

    name: str
    zone: str
    spans: tuple[Span, ...]
    matcher: Matcher

    def to_json(self) -> dict[str, Any]:
        """The stored form, without the name."""
        spans = [{"weekdays": list(s.weekdays), "start": clock(s.start), "end": clock(s.end)} for s in self.spans]
        return {"zone": self.zone, "spans": spans, "matcher": self.matcher.to_json()}


def mute_time_from(name: str, said: Mapping[str, Any]) -> MuteTime:
    """The mute time that `to_json` gave."""
    spans = tuple(Span(tuple(s["weekdays"]), minutes(s["start"]), minutes(s["end"])) for s in said["spans"])
    return MuteTime(name, said["zone"], spans, matcher_from(said["matcher"]))


def muted_until(mute: MuteTime, now_us: int) -> int | None:
    """When the mute that goes on ends, following spans that touch; None while none goes on.

    >>> nights = MuteTime("nights", "UTC", (Span(("mon",), 1080, 480),), Matcher())
    >>> monday_evening = 1_790_017_200_000_000  # 2026-09-21 19:00
    >>> (muted_until(nights, monday_evening) - monday_evening) // 3_600_000_000
    13
    """
    begun = datetime.fromtimestamp(now_us / 1e6, UTC)
    at = begun
    while at - begun < LONGEST:
        ends = [end for span in mute.spans if (end := span_end(span, at, mute.zone)) is not None]
        if not ends:
            break
        at = max(ends)
    return None if at == begun else int(at.timestamp()) * 1_000_000


def span_end(span: Span, at: datetime, zone: str) -> datetime | None:
    """When the span ends that holds the moment, None when it does not."""
    local = at.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for back in (0, 1):
        day = midnight.date() - timedelta(days=back)
        if WEEKDAYS[day.weekday()] not in span.weekdays:
            continue
        start = on_day(day.year, day.month, day.day, span.start, zone)
        length = span.end if span.end > span.start else span.end + FULL_DAY
        end = on_day(day.year, day.month, day.day, length, zone)
        if start <= at < end:
            return end
    return None


def on_day(year: int, month: int, day: int, minute: int, zone: str) -> datetime:
    """The moment at which a clock of the zone shows that time: a day of 23 hours is one, too."""
    wall = datetime(year, month, day, tzinfo=UTC) + timedelta(minutes=minute)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
