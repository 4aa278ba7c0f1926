"""Replayed history wakes nobody."""

from __future__ import annotations

from modelwatch.alerts.stages.case import Case, Held, Route, World

FRESH_US = 86_400_000_000
"""A window that ended more than a day ago (or its own length, if that is longer) is history."""


HISTORY = "Not sent: the window is history"


def history(at_us: int, length_us: int, now_us: int) -> bool:
    """True when what a window says is no news any more.

    >>> history(0, FRESH_US * 7, FRESH_US * 6), history(0, 1, FRESH_US + 1)
    (False, True)
    """
    return now_us - at_us > max(FRESH_US, length_us)


def historic(case: Case, _route: Route, _world: World) -> Held | None:
    """An alert of old windows is recorded and told to nobody."""
    return Held(HISTORY) if case.historic else None
