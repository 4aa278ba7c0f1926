"""What is worth knowing and wakes nobody is told once a day: alerts of level notice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from modelwatch.alerts.stages.case import Case, Held, Route, World
from modelwatch.core.level import Level

IN_DIGEST: Final = "In the daily digest"


def digest(case: Case, route: Route, _world: World) -> Held | None:
    """Held for the digest; a channel that must be told again and again has none."""
    if case.about.level is not Level.NOTICE:
        return None
    return Held("Not sent: notices go into digests only" if route.resends else IN_DIGEST)


def next_digest(now_us: int, hour: int, zone: str) -> int:
    """The next time at which clocks of the zone show the full hour.

    >>> next_digest(0, 9, "UTC") // 3_600_000_000, next_digest(9 * 3_600_000_000, 9, "UTC") // 3_600_000_000
    (9, 33)
    """
    now = datetime.fromtimestamp(now_us / 1e6, UTC)
    local = now.astimezone(ZoneInfo(zone))
    for days in (0, 1, 2):
        day = local.date() + timedelta(days=days)
        at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        if at > now:
            return int(at.timestamp()) * 1_000_000
    raise AssertionError("a day has that hour")
