"""What a window is compared with: counts that stand, or stretches of the model's own past that a rule names.

A rule gives for each window the stretches of event time that are its reference. A fixed or moving one consists of whole
UTC days, so that it stays exact when profiles roll up into days, and one reference serves all windows of a day. A
seasonal one is the window itself, some whole weeks earlier on the clock of a time zone: the same hour of the week for
an hour, the same weekday for a day, the weeks before for a week. A window is never part of its own reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, assert_never
from zoneinfo import ZoneInfo

from modelwatch.core.window import DAY_US, HOUR_US

WEEK_US: Final = 7 * DAY_US
MAX_DAYS: Final = 366
MAX_WEEKS: Final = 26
MAX_GAP_HOURS: Final = 24.0 * 90
DAYS: Final = 28
"""Four weeks: every weekday four times, and short enough to follow a slow change of season."""
WEEKS: Final = 8
MIN_WEEKS: Final = 3
"""Under three weeks the same hour was seen so seldom that its spread from week to week is a guess."""
MIN_DAYS: Final = 7
"""A moving reference needs every weekday once."""
MIN_REFERENCE_ROWS: Final = 1_000
"""As many as the first rows that become a reference; a seasonal one has the rows of its hour, and no choice."""
UTC_NAME: Final = "UTC"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Span(NamedTuple):
    """The half-open stretch `[start, end)` of event time in microseconds."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts that were stored once: an uploaded reference or the first rows; None takes what fits a version best."""

    kind: Literal["uploaded", "first_rows"] | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """The days from `start_us` until before `end_us`, both midnight UTC."""

    start_us: int
    end_us: int
    kind: Literal["window"] = "window"


@dataclass(frozen=True, slots=True)
class Moving:
    """The `days` whole days that ended at least `gap_us` before the window began; None is the window's own length."""

    days: int = DAYS
    gap_us: int | None = None
    kind: Literal["moving"] = "moving"


@dataclass(frozen=True, slots=True)
class Seasonal:
    """The same time of the `weeks` weeks before, on the clock of `zone` (an IANA name)."""

    weeks: int = WEEKS
    zone: str = UTC_NAME
    kind: Literal["seasonal"] = "seasonal"


Past = Fixed | Moving | Seasonal
"""The rules that take the reference from the model's own past."""
Rule = Standing | Past
DEFAULT: Final = Standing()


def spans(rule: Past, end_us: int, length_us: int) -> tuple[Span, ...]:
    """The stretches that make the reference of the window of that length ending at `end_us`, the nearest first.

    >>> spans(Moving(days=2), end_us=10 * DAY_US + HOUR_US, length_us=HOUR_US) == (Span(7 * DAY_US, 9 * DAY_US),)
    True
    >>> [(s.end - s.start, 60 * DAY_US - s.end) for s in spans(Seasonal(weeks=2), 60 * DAY_US, DAY_US)] == [
    ...     (DAY_US, WEEK_US), (DAY_US, 2 * WEEK_US)]
    True
    """
    match rule:
        case Fixed():
            return (Span(rule.start_us, rule.end_us),)
        case Moving():
            last = end_us - length_us - (length_us if rule.gap_us is None else rule.gap_us)
            last -= last % DAY_US
            return (Span(last - rule.days * DAY_US, last),)
        case Seasonal():
            # the week of a change to summer time is an hour short, so its twin would reach into a window of seven days
            begins_us = end_us - length_us
            ends = [weeks_before(end_us, week, rule.zone) for week in range(1, rule.weeks + 1)]
            return tuple(Span(end - length_us, min(end, begins_us)) for end in ends)
        case never:
            assert_never(never)


def weeks_before(time_us: int, weeks: int, zone: str) -> int:
    """The same time of day and weekday `weeks` weeks earlier on the clock of a zone.

    >>> summer = 1_782_900_000_000_000  # 2026-07-01 12:00 in Berlin, two hours ahead of UTC; in winter it is one hour
    >>> weeks_before(summer, 20, "Europe/Berlin") - weeks_before(summer, 20, "UTC") == HOUR_US
    True
    """
    if zone == UTC_NAME:
        return time_us - weeks * WEEK_US
    local = (EPOCH + timedelta(microseconds=time_us)).astimezone(ZoneInfo(zone))
    return (local - timedelta(weeks=weeks) - EPOCH) // MICROSECOND


def parts_needed(rule: Past) -> int:
    """How many of its parts a reference must have to be one: weeks of a seasonal, days of the others."""
    match rule:
        case Fixed():
            return 1
        case Moving():
            return min(rule.days, MIN_DAYS)
        case Seasonal():
            return MIN_WEEKS
        case never:
            assert_never(never)


def enough(rule: Past, parts: int, rows: float) -> bool:
    """True when a reference of so many parts and rows can be compared with."""
    return parts >= parts_needed(rule) and (isinstance(rule, Seasonal) or rows >= MIN_REFERENCE_ROWS)


def reach(rule: Rule) -> int:
    """How far before a window, in microseconds, hours of profiles must be kept for its reference.

    Days are kept for ever, so only a seasonal reference of windows under a day looks back by hours.
    """
    return rule.weeks * WEEK_US + HOUR_US if isinstance(rule, Seasonal) else 0


def label(rule: Past, length_us: int) -> str:
    """The rule in words.

    >>> label(Seasonal(8), HOUR_US), label(Seasonal(4), DAY_US), label(Seasonal(4), WEEK_US)
    ('the same hour of the last 8 weeks', 'the same weekday of the last 4 weeks', 'the last 4 weeks')
    >>> label(Moving(28), HOUR_US), label(Fixed(0, 31 * DAY_US), HOUR_US)
    ('the 28 days before', '1970-01-01 to 1970-01-31')
    """
    match rule:
        case Fixed():
            first, last = (EPOCH + timedelta(microseconds=us) for us in (rule.start_us, rule.end_us - 1))
            return f"{first.date()} to {last.date()}"
        case Moving():
            return f"the {rule.days} days before" if rule.days > 1 else "the day before"
        case Seasonal():
            what = "hour" if length_us <= HOUR_US else "hours" if length_us < DAY_US else "weekday"
            weeks = f"the last {rule.weeks} weeks" + ("" if rule.zone == UTC_NAME else f", {rule.zone} time")
            return weeks if length_us >= WEEK_US else f"the same {what} of {weeks}"
        case never:
            assert_never(never)


def short(rule: Past, parts: int) -> str:
    """What is missing while a reference has too few parts.

    >>> short(Seasonal(8), 2)
    'the same time of 2 weeks is known, 3 are needed'
    """
    needed = parts_needed(rule)
    if isinstance(rule, Seasonal):
        return f"the same time of {parts} {'week is' if parts == 1 else 'weeks is'} known, {needed} are needed"
    return f"{parts} {'day has' if parts == 1 else 'days have'} rows, {needed} {'is' if needed == 1 else 'are'} needed"


def to_json(rule: Rule) -> dict[str, Any] | None:
    """The rule as it is stored in the settings of a model; None is the default."""
    match rule:
        case Standing():
            return None if rule.kind is None else {"kind": rule.kind}
        case Fixed():
            return {"kind": rule.kind, "start_us": rule.start_us, "end_us": rule.end_us}
        case Moving():
            said: dict[str, Any] = {"kind": rule.kind, "days": rule.days}
            return said if rule.gap_us is None else {**said, "gap_us": rule.gap_us}
        case Seasonal():
            return {"kind": rule.kind, "weeks": rule.weeks, "zone": rule.zone}
        case never:
            assert_never(never)


def text(rule: Rule) -> str:
    """The rule as one text, the same for equal rules."""
    return json.dumps(to_json(rule), sort_keys=True)


def from_json(said: Mapping[str, Any] | None) -> Rule:
    """What `to_json` gave."""
    match said:
        case None:
            return DEFAULT
        case {"kind": "uploaded" | "first_rows" as kind}:
            return Standing(kind)
        case {"kind": "window", "start_us": int(start), "end_us": int(end)}:
            return Fixed(start, end)
        case {"kind": "moving", "days": int(days), "gap_us": int(gap)}:
            return Moving(days, gap)
        case {"kind": "moving", "days": int(days)}:
            return Moving(days)
        case {"kind": "seasonal", "weeks": int(weeks), "zone": str(zone)}:
            return Seasonal(weeks, zone)
        case _:
            raise ValueError(f"{said!r} is no rule of a reference")
