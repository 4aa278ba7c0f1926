"""The settings of a model: read, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine

from modelwatch.core.window import WINDOW_LENGTHS_US
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.server.queries.subject import meant
from modelwatch.store import models
from modelwatch.store.engine import writing
from modelwatch.store.models import ModelRow

WINDOWS: Final = dict(zip(("5m", "1h", "6h", "1d", "7d"), (us // 1_000_000 for us in WINDOW_LENGTHS_US), strict=True))
"""Name of a window length -> seconds."""
AUTO: Final = "auto"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What was set for a model; None means that the server decides. `k` of `n` disjoint windows raise an alert."""

    task: str | None
    positive_label: str | None
    window: str
    check_interval_seconds: float | None
    critical: bool
    k: int | None
    n: int | None


def settings_of(row: ModelRow) -> ModelSettings:
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
    )


def change_settings(engine: Engine, project: str, name: str, changes: Mapping[str, Any]) -> ModelSettings:
    """Stores checked changes, by the names under which they are stored; None removes one. Raises `NotFound`, or
    `InvalidRequest` when what results makes no sense."""
    with writing(engine) as connection:
        row = models.find_model(connection, project, name)
        if row is None:
            known = [each.name for each in models.list_models(connection, project)]
            raise NotFound(f"there is no model {name!r}", hint=meant(name, known))
        task = row.task if "task" not in changes else changes["task"] or ""
        settings = {**row.settings, **{key: value for key, value in changes.items() if key != "task"}}
        settings = {key: value for key, value in settings.items() if value is not None}
        if settings.get("k", 1) > settings.get("n", 12) or ("k" in settings) != ("n" in settings):
            raise InvalidRequest("k of n windows: set both, k at most n", hint='for example {"k": 2, "n": 3}')
        models.set_settings(connection, row.id, task, settings)
        changed = models.find_model(connection, project, name)
    assert changed is not None
    return settings_of(changed)
