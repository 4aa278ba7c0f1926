"""What may wait for the morning waits: nothing is told while a mute time that fits goes on."""

from __future__ import annotations

from modelwatch.alerts.mute_time import muted_until
from modelwatch.alerts.stages.case import Case, Held, Route, World, moment


def mute(case: Case, _route: Route, world: World) -> Held | None:
    """Held until the last mute ends that goes on and fits; what then still fires is told."""
    ends = [
        (until, each.name)
        for each in world.mutes
        if each.matcher.fits(case.about) and (until := muted_until(each, world.now_us)) is not None
    ]
    if not ends:
        return None
    until, name = max(ends)
    return Held(f"Not sent: waits for the end of the mute time {name} at {moment(until, world)}", until)
