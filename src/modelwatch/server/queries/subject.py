"""Which model, version and environment a question is about."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.segment import WHOLE
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, DEFAULT_PROJECT
from modelwatch.errors import NotFound
from modelwatch.monitors.drift import Thresholds, thresholds_for
from modelwatch.store import models, segments
from modelwatch.store.models import DeploymentRow, ModelRow
from modelwatch.store.profiles import Series


@dataclass(frozen=True, slots=True)
class Subject:
    """One version of a model in one environment; `versions` are all of that environment, the newest first.

    `segment` is the stored key of the segment that is asked about, '' for the whole; `watched` segments share the
    model's alarm budget.
    """

    model: ModelRow
    deployment: DeploymentRow
    versions: tuple[DeploymentRow, ...]
    now_us: int
    watched: tuple[str, ...] = ()
    segment: str = WHOLE

    @property
    def series(self) -> Series:
        """What of the version is asked about."""
        return Series(self.deployment.id, self.segment)

    @property
    def whole(self) -> Series:
        """Everything of the version, not cut into segments."""
        return Series(self.deployment.id)

    def thresholds(self, length_us: int) -> Thresholds:
        """What is certain and large in its windows of that length, by the model's settings."""
        return thresholds_for(self.model.settings, length_us, 1 + len(self.watched))


def find_subject(
    connection: Connection,
    model_id: str,
    wall_us: int,
    environment: str = DEFAULT_ENVIRONMENT,
    version: str | None = None,
    project: str = DEFAULT_PROJECT,
) -> Subject:
    """The version asked for, else the newest one; raises `NotFound` with the names that come near."""
    model = models.find_model(connection, project, model_id)
    if model is None:
        names = [row.name for row in models.list_models(connection, project)]
        raise NotFound(f"there is no model {model_id!r}", hint=meant(model_id, names))
    every = models.list_deployments(connection, model.id)
    here = [row for row in every if row.environment == environment]
    if not here:
        known = sorted({row.environment for row in every})
        raise NotFound(
            f"model {model_id!r} has sent nothing in environment {environment!r}", hint=meant(environment, known)
        )
    chosen = newest_first(here)
    deployment = next((row for row in chosen if row.version == version), None) if version is not None else chosen[0]
    if deployment is None:
        raise NotFound(
            f"model {model_id!r} has no version {version!r} in environment {environment!r}",
            hint=meant(version or "", [row.version for row in chosen]),
        )
    watched = tuple(each.key for each in segments.load_watched(connection, model.id))
    return Subject(model, deployment, chosen, deployment.now_us(wall_us), watched)


def newest_first(rows: Iterable[DeploymentRow]) -> tuple[DeploymentRow, ...]:
    """Versions in the order of their first events, the latest first."""
    return tuple(
        sorted(rows, key=lambda row: (row.first_event_us is not None, row.first_event_us or 0, row.id), reverse=True)
    )


def meant(name: str, known: Sequence[str]) -> str:
    """A hint that names what comes near, or all there is.

    >>> meant("frod", ["fraud", "churn"]), meant("x", ["fraud", "churn"]), meant("x", [])
    ('did you mean fraud?', 'known: fraud, churn', 'there is none yet')
    """
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"known: {', '.join(known[:10])}" if known else "there is none yet"
