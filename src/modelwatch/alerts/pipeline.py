"""Whether an alert's change is told to somebody: one list of stages, each of which may say why not.

A stage is a pure function of what happened; it returns a reason not to send, or None. The first reason wins and is
kept in the alert's history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from modelwatch.core.level import Level

FRESH_US = 86_400_000_000
"""A window that ended more than a day ago (or its own length, if that is longer) is history: nobody is woken."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to an alert and might be sent."""

    event: str
    level: Level
    at_us: int
    length_us: int
    now_us: int
    silenced_until_us: int | None
    has_channel: bool


Stage = Callable[[Change], str | None]


def historic(change: Change) -> str | None:
    """Replayed history wakes nobody."""
    if change.now_us - change.at_us > max(FRESH_US, change.length_us):
        return "Not sent: the window is history"
    return None


def silenced(change: Change) -> str | None:
    """A silenced alert is kept and quiet."""
    if change.silenced_until_us is not None and change.now_us < change.silenced_until_us:
        return "Not sent: silenced"
    return None


def unaddressed(change: Change) -> str | None:
    """Without a channel there is nobody to tell."""
    return None if change.has_channel else "Not sent: no webhook is set"


STAGES: tuple[Stage, ...] = (historic, silenced, unaddressed)


def reason_not_to_send(change: Change, stages: tuple[Stage, ...] = STAGES) -> str | None:
    """The first reason that any stage gives, or None: send it."""
    return next((reason for stage in stages if (reason := stage(change)) is not None), None)
