"""What one alert says makes others silent: an outage explains what drifts, the whole explains its segments."""

from __future__ import annotations

from typing import Final

from modelwatch.alerts.stages.case import Case, Held, Route, World

OUTAGES: Final = {"no_data": "it sends no data", "check_failed": "its checks fail"}
"""Alerts of a deployment that say that nothing else can be judged."""
BEHIND: Final = "monitor_behind"
"""The monitor's alert about itself, that it is behind: then no model can be called silent."""
WHOLE: Final = "data_drift"
PART: Final = "segment_drift"
INHIBITORS: Final = frozenset({*OUTAGES, BEHIND, WHOLE})


def inhibit(case: Case, _route: Route, world: World) -> Held | None:
    """The first alert that makes this one silent, while that goes on."""
    for outage in world.outages:
        why = explained(case, outage)
        if why:
            return Held(f"Not sent: inhibited by alert {outage.id}, {why}")
    return None


def explained(case: Case, by: Case) -> str:
    """How `by` explains the case, '' when it does not."""
    kind, its = by.about.kind, case.about.kind
    if by.id == case.id or not by.on or by.historic:
        return ""
    if kind == BEHIND:
        return "the monitor is behind" if its == "no_data" else ""
    if kind in OUTAGES:
        same = by.deployment_id == case.deployment_id
        return f"the outage of the model: {OUTAGES[kind]}" if same and its not in OUTAGES else ""
    same = by.model_id == case.model_id and by.about.environment == case.about.environment
    return "the drift of the whole model" if kind == WHOLE and its == PART and same else ""
