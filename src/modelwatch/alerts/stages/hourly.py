"""A model's warnings are told at most once an hour to each channel; what is critical does not wait."""

from __future__ import annotations

from typing import Final

from modelwatch.alerts.stages.case import Case, Held, Route, World, moment
from modelwatch.core.level import Level
from modelwatch.core.window import HOUR_US

PAUSE_US: Final = HOUR_US


def hourly(case: Case, route: Route, world: World) -> Held | None:
    """Held until an hour after the channel was last told of the model."""
    last = world.told.get((route.name, case.model_id))
    if route.resends or case.about.level is Level.CRITICAL or last is None or world.now_us >= last + PAUSE_US:
        return None
    until = last + PAUSE_US
    return Held(
        f"Not sent: {route.name} was told of this model within the hour; waits until {moment(until, world)}", until
    )
