"""What opens again and again is told only when it stays."""

from __future__ import annotations

from typing import Final

from modelwatch.alerts.stages.case import Case, Held, Route, World, moment
from modelwatch.core.window import HOUR_US

OFTEN: Final = 5
"""From the fifth alert of one kind within a day on a deployment flaps; each was a full alert, with its own k of n."""
STAYS_US: Final = HOUR_US


def flapping(case: Case, _route: Route, world: World) -> Held | None:
    """Held for an hour after it opened; over before that, nobody hears of it."""
    stays = case.opened_us + STAYS_US
    if case.openings < OFTEN or world.now_us >= stays:
        return None
    return Held(
        f"Not sent: flapping, opened {case.openings} times in a day; told if it stays until {moment(stays, world)}",
        stays,
    )
