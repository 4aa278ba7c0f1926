"""When a series with changes is to be checked."""

from __future__ import annotations

from modelwatch.store import models

SETTLE_US = 2_000_000
"""Without a live clock to go by, changes are collected for 2 seconds."""


def due(since_us: int, deployment: models.DeploymentRow, interval_us: int, now_us: int) -> bool:
    """True when a series with changes since `since_us` is to be checked now.

    A live model is checked once per interval; what has never been checked, or replays history, as soon as its rows
    have settled: nobody should wait five minutes for a first answer.
    """
    collected = now_us - since_us
    if deployment.live_us is None or deployment.checked_us is None:
        return collected >= SETTLE_US
    return collected >= min(interval_us, max(SETTLE_US, interval_us - (now_us - deployment.checked_us)))


def interval_of(model: models.ModelRow, default_us: int) -> int:
    """The model's own check interval, else the server's; a critical model does not wait."""
    if model.settings.get("critical"):
        return SETTLE_US
    seconds = model.settings.get("check_interval_seconds")
    return default_us if seconds is None else int(float(seconds) * 1e6)
