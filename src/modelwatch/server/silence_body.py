"""What may be said of a silence or a mute time: the same words in REST and in GraphQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from modelwatch.alerts.life import Verb
from modelwatch.alerts.matcher import LEVELS, WORDS, Matcher
from modelwatch.alerts.mute_time import MuteTime, Span
from modelwatch.alerts.time_of_day import WEEKDAYS, minutes
from modelwatch.core.level import SEVERITIES, Level
from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.server.fields import number, only, refused, text
from modelwatch.server.queries.decide import MAX_HOURS, Decision
from modelwatch.server.queries.silences import Wanted
from modelwatch.server.times import parse_time

SENT: Final[Mapping[str, Level]] = {Level.NOTICE.value: Level.NOTICE, **SEVERITIES}
MOST_SPANS: Final = 50
PATTERN = {"type": "string", "maxLength": MAX_NAME_BYTES}
LEVEL = {"type": "string", "enum": list(SENT)}
TEXT = {"type": "string", "maxLength": 2_000}
TIME = {"type": "string", "format": "date-time"}
HOURS = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_HOURS}
MATCHER = {
    "type": "object",
    "additionalProperties": False,
    "properties": {**dict.fromkeys(WORDS, PATTERN), **dict.fromkeys(LEVELS, LEVEL)},
    "example": {"model": "fraud*", "environment": "production", "at_most": "warning"},
}
SILENCE = {"matcher": MATCHER, "hours": HOURS, "starts_at": TIME, "ends_at": TIME, "by": TEXT, "comment": TEXT}
SPAN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["weekdays", "start", "end"],
    "properties": {
        "weekdays": {"type": "array", "items": {"type": "string", "enum": list(WEEKDAYS)}},
        "start": {"type": "string", "example": "18:00"},
        "end": {"type": "string", "example": "08:00"},
    },
}
MUTE_TIME = {
    "zone": {"type": "string", "example": "Europe/Berlin"},
    "spans": {"type": "array", "items": SPAN},
    "matcher": MATCHER,
}


def matcher(said: object) -> Matcher:
    """The matcher that a body holds; raises `Refused`."""
    if not isinstance(said, dict):
        raise refused("matcher", "must be an object", 'for example {"model": "fraud*"}')
    only(said, (*WORDS, *LEVELS))
    words: dict[str, Any] = {name: text(said, name) for name in WORDS}
    for name, word in words.items():
        if len(word.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
            raise refused(name, f"has more than {MAX_NAME_BYTES} bytes")
    levels = {name: level(said, name) for name in LEVELS if said.get(name) is not None}
    if not levels and not any(words.values()):
        raise refused("matcher", "says nothing", 'what means every alert says so: {"model": "*"}')
    return Matcher(**words, **levels)


def level(said: Mapping[str, Any], name: str) -> Level:
    """A level that alerts have."""
    word = text(said, name).lower()
    if word not in SENT:
        raise refused(name, f"is {word[:40]!r}", f"one of {', '.join(SENT)}")
    return SENT[word]


def silence(body: Mapping[str, Any], now_us: int) -> Wanted:
    """The silence that a body asks for; raises `Refused` or `InvalidRequest`."""
    only(body, SILENCE)
    means = matcher(body.get("matcher"))
    starts = parse_time(text(body, "starts_at")) if body.get("starts_at") is not None else now_us
    ends = end(body, starts)
    if ends <= max(starts, now_us):
        raise refused("ends_at", "is not later than the beginning and now")
    said = Decision(Verb.ACKNOWLEDGE, text(body, "by"), text(body, "comment"))
    return Wanted(means, starts, ends, said.by, said.comment)


def end(body: Mapping[str, Any], from_us: int) -> int:
    """The end that `ends_at` names, or that lies `hours` after `from_us`; raises `Refused`."""
    if body.get("ends_at") is None:
        return from_us + int(number(body, "hours", 1 / 60, MAX_HOURS) * HOUR_US)
    ends = parse_time(text(body, "ends_at"))
    if ends - from_us > MAX_HOURS * HOUR_US:
        raise refused("ends_at", "is more than a year away")
    return ends


def mute_time(name: str, body: Mapping[str, Any]) -> MuteTime:
    """The mute time that a body describes; raises `Refused`."""
    only(body, MUTE_TIME)
    if not name or len(name) > 100 or not name.isprintable():
        raise refused("name", "must have 1 to 100 printable characters")
    zone = text(body, "zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError) as error:
        raise refused("zone", f"{zone[:60]!r} is not known", "for example Europe/Berlin") from error
    said = body.get("spans")
    if not isinstance(said, list) or not 0 < len(said) <= MOST_SPANS:
        raise refused("spans", f"must be a list of 1 to {MOST_SPANS}")
    return MuteTime(name, zone, tuple(span(each) for each in said), matcher(body.get("matcher")))


def span(said: object) -> Span:
    """Hours on some weekdays."""
    if not isinstance(said, dict):
        raise refused("spans", "must hold objects", '{"weekdays": ["mon"], "start": "18:00", "end": "08:00"}')
    only(said, ("weekdays", "start", "end"))
    days = said.get("weekdays")
    if not isinstance(days, list) or not days or not set(map(str, days)) <= set(WEEKDAYS):
        raise refused("weekdays", "must be a list of days", f"of {', '.join(WEEKDAYS)}")
    try:
        begins, ends = minutes(text(said, "start")), minutes(text(said, "end"))
    except ValueError as error:
        raise refused("spans", str(error)[:80], "write it like 18:00") from error
    if begins == ends:
        raise refused("spans", "ends when it begins", "a whole day is 00:00 to 24:00")
    return Span(tuple(day for day in WEEKDAYS if day in days), begins, ends)
