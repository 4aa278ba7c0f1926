"""The stages that may hold an alert back from a channel, in their order: the first reason counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from modelwatch.alerts.stages.case import Case, Held, Route, World
from modelwatch.alerts.stages.digest import digest
from modelwatch.alerts.stages.flapping import flapping
from modelwatch.alerts.stages.historic import historic
from modelwatch.alerts.stages.hourly import hourly
from modelwatch.alerts.stages.inhibit import inhibit
from modelwatch.alerts.stages.mute import mute
from modelwatch.alerts.stages.route import route
from modelwatch.alerts.stages.silence import silence

Gate = Callable[[Case, Route, World], Held | None]

GATES: Final[tuple[Gate, ...]] = (historic, route, inhibit, silence, mute, digest, flapping, hourly)
"""For what a channel has not been told of."""
AGAIN: Final[tuple[Gate, ...]] = (inhibit, silence, mute)
"""For what it has been told of: a repeat, or that it got worse."""
OVER: Final[tuple[Gate, ...]] = (mute,)
"""For the end of what it has been told of: an incident must not stay open because of a silence."""


def held_back(case: Case, channel: Route, world: World, gates: tuple[Gate, ...] = GATES) -> Held | None:
    """The first reason that any gate gives, or None: it passes."""
    return next((held for gate in gates if (held := gate(case, channel, world)) is not None), None)
