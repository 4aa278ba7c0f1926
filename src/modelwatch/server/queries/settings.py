"""The settings of a model: read, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.persistence import Persistence
from modelwatch.core.window import LONGEST_US, WINDOW_LENGTHS_US
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.monitors.drift import DEFAULT
from modelwatch.monitors.drift.thresholds import SETTABLE
from modelwatch.server.queries import fairness_settings, metric_settings, segment_settings
from modelwatch.server.queries.choose_reference import choose
from modelwatch.server.queries.segment_settings import SegmentSettings
from modelwatch.server.queries.subject import meant
from modelwatch.server.reference_rule import shown
from modelwatch.store import labels, models, outcome_checks
from modelwatch.store.engine import writing
from modelwatch.store.models import ModelRow

LENGTHS_US: Final = (*WINDOW_LENGTHS_US, LONGEST_US)
WINDOWS: Final = dict(zip(("5m", "1h", "6h", "1d", "7d", "28d"), (us // 1_000_000 for us in LENGTHS_US), strict=True))
"""Name of a window length -> seconds."""
AUTO: Final = "auto"
ENDS: Final = ("warning", "critical")
JUDGING: Final = ("positive_label", "fairness", "segments", "max_segments")
"""The settings by which outcomes are counted, beside the task."""
HORIZON: Final = "label_horizon_days"
"""The setting by which windows are taken to have their labels."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What was set for a model; None means that the server decides. `k` of `n` disjoint windows raise an alert.

    `psi_...` and `missing_...` (a share of rows) are the sizes from which a change is large; `alerts_per_1000_days` is
    how many false alerts are allowed. Labels that take longer than `label_horizon_days` are not awaited.
    """

    task: str | None
    positive_label: str | None
    window: str
    check_interval_seconds: float | None
    critical: bool
    k: int | None
    n: int | None
    psi_warning: float | None
    psi_critical: float | None
    missing_warning: float | None
    missing_critical: float | None
    alerts_per_1000_days: float | None
    reference: dict[str, Any] | None
    metrics: list[dict[str, Any]]
    segments: SegmentSettings
    fairness: dict[str, Any] | None
    label_horizon_days: float | None


def settings_of(connection: Connection, row: ModelRow) -> ModelSettings:
    """The settings of a model as they stand."""
    stored = row.settings
    names = {seconds: name for name, seconds in WINDOWS.items()}
    seconds = stored.get("window_seconds")
    return ModelSettings(
        task=row.task or None,
        positive_label=stored.get("positive_label"),
        window=AUTO if seconds is None else names.get(int(seconds), f"{seconds}s"),
        check_interval_seconds=stored.get("check_interval_seconds"),
        critical=bool(stored.get("critical", False)),
        k=stored.get("k"),
        n=stored.get("n"),
        **{name: stored.get(name) for name in SETTABLE},
        reference=shown(stored.get("reference")),
        metrics=list(stored.get("metrics") or []),
        segments=segment_settings.settings_of(connection, row),
        fairness=stored.get("fairness"),
        label_horizon_days=stored.get("label_horizon_days"),
    )


def defaults_of(row: ModelRow) -> ModelSettings:
    """What holds for a model where nothing was set; the check interval follows from whether it is critical."""
    rule = Persistence()
    return ModelSettings(
        task=row.task or None,
        positive_label=None,
        window=AUTO,
        check_interval_seconds=None,
        critical=False,
        k=rule.k,
        n=rule.n,
        **{name: getattr(DEFAULT, name) for name in SETTABLE},
        reference=None,
        metrics=[],
        segments=segment_settings.NOTHING,
        fairness=None,
        label_horizon_days=models.HORIZON_DAYS,
    )


def change_settings(engine: Engine, project: str, name: str, changes: Mapping[str, Any], now_us: int) -> ModelSettings:
    """Stores checked changes, by the names under which they are stored; None removes one. Raises `NotFound`, or
    `InvalidRequest` when what results makes no sense."""
    with writing(engine) as connection:
        row = models.find_model(connection, project, name)
        if row is None:
            known = [each.name for each in models.list_models(connection, project)]
            raise NotFound(f"there is no model {name!r}", hint=meant(name, known))
        task = row.task if "task" not in changes else changes["task"] or ""
        settings = changed_settings(row.settings, changes)
        if settings.get("reference") != row.settings.get("reference"):
            choose(connection, row, settings.get("reference"), now_us)
        if changes.get("segments"):
            settings["segments"] = segment_settings.resolved(connection, row.id, changes["segments"])
        if changes.get("fairness"):
            settings["fairness"] = fairness_settings.resolved(connection, row.id, changes["fairness"])
            settings = {key: value for key, value in settings.items() if value is not None}
        if changes.get("metrics"):
            metric_settings.computable(connection, row.id, changes["metrics"])
        segment_settings.ask_for(connection, row.id, settings)
        models.set_settings(connection, row.id, task, settings)
        if judged_otherwise(row, task, settings):
            labels.ask_rebuilt(connection, row.id)
        elif settings.get(HORIZON) != row.settings.get(HORIZON):
            outcome_checks.ask_again(connection, [each.id for each in models.list_deployments(connection, row.id)])
        changed = models.find_model(connection, project, name)
        assert changed is not None
        return settings_of(connection, changed)


def judged_otherwise(row: ModelRow, task: str, settings: Mapping[str, Any]) -> bool:
    """True when what came true of predictions is to be counted by other rules."""
    return task != row.task or any(settings.get(name) != row.settings.get(name) for name in JUDGING)


def changed_settings(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Stored settings after checked changes; raises `InvalidRequest` when what results makes no sense."""
    after = {**before, **{key: value for key, value in changes.items() if key != "task"}}
    after = {key: value for key, value in after.items() if value is not None}
    if after.get("k", 1) > after.get("n", 12) or ("k" in after) != ("n" in after):
        raise InvalidRequest("k of n windows: set both, k at most n", hint='for example {"k": 2, "n": 3}')
    for kind in ("psi", "missing"):
        low, high = (float(after.get(f"{kind}_{end}", getattr(DEFAULT, f"{kind}_{end}"))) for end in ENDS)
        if low > high:
            raise InvalidRequest(
                f"{kind}_warning is {low:g} and {kind}_critical {high:g}: warning must not be above critical",
                hint="set both",
            )
    return after
