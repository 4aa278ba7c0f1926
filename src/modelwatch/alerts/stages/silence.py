"""What people silenced is kept and quiet: one alert by its own verb, many by a silence that fits them."""

from __future__ import annotations

from modelwatch.alerts.stages.case import Case, Held, Route, World, moment


def silence(case: Case, _route: Route, world: World) -> Held | None:
    """Held until the last silence ends that means the alert now."""
    found = [(each.until_us, each.by) for each in world.silences if each.matcher.fits(case.about)]
    own = case.silenced_until_us
    if case.status == "silenced" and own is not None and own > world.now_us:
        found.append((own, ""))
    if not found:
        return None
    until, by = max(found)
    who = f" by {by}" if by else ""
    return Held(f"Not sent: silenced{who} until {moment(until, world)}", until)
