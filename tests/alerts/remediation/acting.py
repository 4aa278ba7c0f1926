"""Actions, alerts and secrets as the tests of remediation need them."""

from __future__ import annotations

from typing import Any

from modelwatch.alerts.remediation.action import Action
from modelwatch.alerts.remediation.decide import Sighting
from modelwatch.alerts.remediation.reading import action_from
from modelwatch.alerts.remediation.request import Trigger
from modelwatch.core.level import Level
from modelwatch.core.window import HOUR_US

NOW_US = 1_790_000_000_000_000
HOOK = {"url": "https://hooks.example.com/retrain"}
TRIGGER = Trigger(
    "default",
    "fraud",
    "2.1.0",
    "production",
    7,
    "concept_drift",
    "critical",
    "Concept drift",
    1_789_990_000.0,
    1_790_000_000.0,
    "3 alerts within 24 h",
    "http://127.0.0.1:8470/alerts/7",
)


def action(**said: Any) -> Action:
    """An action on concept drift that is real and asks nobody, unless told else."""
    plain = {"name": "retrain", "on": ["concept_drift"], "webhook": HOOK, "dry_run": False, "approval": False}
    return action_from({**plain, **said})


def alert(number: int = 1, hours_ago: float = 1.0, **said: Any) -> Sighting:
    """An alert that opened some hours ago and still fires."""
    opened = NOW_US - int(hours_ago * HOUR_US)
    plain = {
        "id": number,
        "model": "fraud",
        "kind": "concept_drift",
        "level": Level.CRITICAL,
        "status": "firing",
        "historic": False,
        "opened_us": opened,
        "until_us": NOW_US,
    }
    return Sighting(**{**plain, **said})
