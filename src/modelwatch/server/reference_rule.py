"""What may be said of a model's reference in a PATCH: its kind, and what belongs to that kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, assert_never
from zoneinfo import ZoneInfo

from modelwatch.core.reference import (
    DAYS,
    MAX_DAYS,
    MAX_GAP_HOURS,
    MAX_WEEKS,
    MIN_WEEKS,
    UTC_NAME,
    WEEKS,
    Fixed,
    Moving,
    Rule,
    Seasonal,
    Standing,
    from_json,
    to_json,
)
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.server.fields import number, only, refused, text, whole
from modelwatch.server.times import iso, parse_time


def reference(body: Mapping[str, Any]) -> tuple[str, Any]:
    """The setting as it is stored; raises `Refused`."""
    said = body["reference"]
    if not isinstance(said, dict):
        raise refused("reference", "must be an object", 'for example {"kind": "moving", "days": 28}')
    kind = text(said, "kind")
    if kind not in REFERENCES:
        raise refused("reference.kind", f"is {kind[:40]!r}", f"one of {', '.join(REFERENCES)}")
    fields, made = REFERENCES[kind]
    only(said, ("kind", *fields))
    return "reference", to_json(made(said))


def fixed(said: Mapping[str, Any]) -> Rule:
    """A fixed stretch of past days."""
    start, end = (parse_time(text(said, name)) for name in ("start", "end"))
    if start % DAY_US or end % DAY_US:
        raise refused("reference.start and end", "must be midnight UTC", "a reference has whole days: 2026-03-01")
    if not 0 < end - start <= MAX_DAYS * DAY_US:
        raise refused(
            "reference.end", f"must lie 1 to {MAX_DAYS} days after start", "end is the day after the last one"
        )
    return Fixed(start, end)


def moving(said: Mapping[str, Any]) -> Rule:
    """The days before."""
    days = whole(said, "days", 1, MAX_DAYS) if "days" in said else DAYS
    gap = said.get("gap_hours")
    return Moving(days, None if gap is None else int(number(said, "gap_hours", 0.0, MAX_GAP_HOURS) * HOUR_US))


def seasonal(said: Mapping[str, Any]) -> Rule:
    """The same time of the weeks before."""
    weeks = whole(said, "weeks", MIN_WEEKS, MAX_WEEKS) if "weeks" in said else WEEKS
    zone = text(said, "timezone", UTC_NAME)
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:  # what zoneinfo raises for a name that is none
        hint = "an IANA name such as Europe/Berlin, or UTC"
        raise refused("reference.timezone", f"is {zone[:60]!r}, which is not known", hint) from error
    return Seasonal(weeks, zone)


REFERENCES: Final[Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Rule]]]] = {
    "uploaded": ((), lambda _: Standing("uploaded")),
    "first_rows": ((), lambda _: Standing("first_rows")),
    "window": (("start", "end"), fixed),
    "moving": (("days", "gap_hours"), moving),
    "seasonal": (("weeks", "timezone"), seasonal),
}
"""Kind -> what may be said of it, and the rule that this makes."""

SCHEMA: Final[dict[str, Any]] = {
    "required": ["kind"],
    "additionalProperties": False,
    "description": "null: an uploaded reference, else the first rows",
    "properties": {
        "kind": {"type": "string", "enum": list(REFERENCES)},
        "start": {"type": "string", "description": "window: its first day, midnight UTC"},
        "end": {"type": "string", "description": "window: the day after its last one, midnight UTC"},
        "days": {"type": "integer", "minimum": 1, "maximum": MAX_DAYS, "default": DAYS},
        "gap_hours": {
            "type": "number",
            "minimum": 0,
            "maximum": MAX_GAP_HOURS,
            "description": "moving: how long before a window the days end at the latest; a window's length unless set",
        },
        "weeks": {"type": "integer", "minimum": MIN_WEEKS, "maximum": MAX_WEEKS, "default": WEEKS},
        "timezone": {"type": "string", "default": UTC_NAME, "description": "seasonal: whose clock tells the hour"},
    },
}


def shown(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A stored setting as it is said in a PATCH."""
    match from_json(stored):
        case Standing(kind):
            return None if kind is None else {"kind": kind}
        case Fixed() as rule:
            return {"kind": rule.kind, "start": iso(rule.start_us), "end": iso(rule.end_us)}
        case Moving() as rule:
            gap = None if rule.gap_us is None else rule.gap_us / HOUR_US
            return {"kind": rule.kind, "days": rule.days, "gap_hours": gap}
        case Seasonal() as rule:
            return {"kind": rule.kind, "weeks": rule.weeks, "timezone": rule.zone}
        case never:
            assert_never(never)
