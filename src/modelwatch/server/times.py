"""Times as they are told and asked for: ISO 8601 in UTC outside, integer microseconds since 1970 inside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from modelwatch.errors import InvalidRequest

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
FIRST_US: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST_US: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


def iso(time_us: int) -> str:
    """A time as text, with a fraction only where there is one; times beyond the calendar become its ends.

    >>> iso(1_367_366_400_000_000), iso(1_500_000)
    ('2013-05-01T00:00:00Z', '1970-01-01T00:00:01.500000Z')
    """
    moment = EPOCH + timedelta(microseconds=min(max(time_us, FIRST_US), LAST_US))
    return moment.replace(tzinfo=None).isoformat() + "Z"


def parse_time(text: str) -> int:
    """Microseconds of a time given as ISO 8601 (naive is UTC) or as epoch seconds; raises `InvalidRequest`.

    >>> parse_time("2013-05-01T00:00:00Z") == parse_time("1367366400") == parse_time("2013-05-01T02:00+02:00")
    True
    """
    text = text.strip()
    try:
        moment = EPOCH + timedelta(seconds=float(text)) if is_number(text) else datetime.fromisoformat(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return (moment - EPOCH) // MICROSECOND
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(
            f"{text[:100]!r} is no time", hint="write it like 2013-05-01T00:00:00Z, or as seconds since 1970"
        ) from error


def is_number(text: str) -> bool:
    """True for plain decimal numbers; a year alone is one too, and is then seconds."""
    return text.lstrip("-").replace(".", "", 1).isdecimal()
