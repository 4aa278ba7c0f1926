"""What one alert says makes others silent: an outage explains what drifts, the whole explains its segments."""

from __future__ import annotations

from typing import Final

from modelwatch.alerts.life import CHECK_FAILED, NO_DATA
from modelwatch.alerts.stages.case import Case, Held, Route, World

OUTAGES: Final = {NO_DATA: "it sends no data", CHECK_FAILED: "its checks fail"}
"""Alerts of a deployment that say that nothing else of it can be judged."""
BEHIND: Final = "monitor_behind"
"""The monitor's alert about itself, that it is behind: then no model can be called silent."""
WHOLE: Final = "data_drift"
PART: Final = "segment_drift"
INHIBITORS: Final = frozenset({*OUTAGES, BEHIND, WHOLE})


def outage_key(case: Case) -> tuple[str, int]:
    """Where an alert that inhibits others stands in `World.outages`."""
    return case.about.kind, 0 if case.about.kind == BEHIND else case.deployment_id


def inhibit(case: Case, _route: Route, world: World) -> Held | None:
    """Held while an alert goes on that explains this one."""
    kind, deployment = case.about.kind, case.deployment_id
    if kind == NO_DATA:
        whys = [((BEHIND, 0), "the monitor is behind")]
    elif kind in INHIBITORS and kind != WHOLE:
        whys = []
    else:
        whys = [((each, deployment), f"the outage of the model: {why}") for each, why in OUTAGES.items()]
        if kind == PART:
            whys.append(((WHOLE, deployment), "the drift of the whole model"))
    for key, why in whys:
        by = world.outages.get(key)
        if by is not None and by.on and not by.historic and by.id != case.id:
            return Held(f"Not sent: inhibited by alert {by.id}, {why}")
    return None
