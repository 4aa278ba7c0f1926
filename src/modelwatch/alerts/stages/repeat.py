"""What still fires is said again after a while, unless somebody has taken it in hand."""

from __future__ import annotations

from modelwatch.alerts.stages.case import Held, Route, World
from modelwatch.alerts.stages.gates import AGAIN, held_back
from modelwatch.alerts.stages.group import RESEND_US, Group, Member, Timing


def repeat(member: Member, route: Route, world: World) -> Held | None:
    """Why an alert is not repeated; None for one that still fires and was told. A channel that forgets what is not
    said again is told of what is acknowledged, too."""
    held = held_back(member.case, route, world, AGAIN)
    if held is not None:
        return Held(held.reason.replace("Not sent", "Repeat not sent", 1), held.until_us)
    if member.case.status == "acknowledged" and not route.resends:
        return Held("Repeat not sent: acknowledged")
    return None


def repeat_us(group: Group, route: Route, timing: Timing) -> int | None:
    """When the group repeats itself, None before it has said anything."""
    if group.last_us is None:
        return None
    return group.last_us + (RESEND_US if route.resends else timing.repeat_us)
