"""/api/v1/models/{model_id}/concept-drift: whether a model's errors have changed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_ENVIRONMENT
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import concept as queries
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.shapes import Moment, Number, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["performance"], dependencies=[permission("read")])


class ConceptFinding(Shape):
    """One change of the errors that was certain: when it happened, when it was known, and by how much."""

    level: Level
    worse: bool
    at: Moment
    since: Moment
    before: Number
    after: Number
    labels_before: int
    labels_after: int
    label: int
    detectors: list[str]
    certainty: Number
    recurs: int
    text: str


class ConceptDrift(Shape):
    """The detectors of one version, each label consumed once in the order of the log; the newest finding first."""

    state: Literal["off", "waiting", "learning", "watching"]
    reason: str
    metric: Literal["error_rate", "mean_absolute_error"]
    labels: int
    waiting: int
    error: float | None
    label_lag_s: float | None
    updated: Moment | None
    level: Level
    drift_since: Moment | None
    findings: list[ConceptFinding]


@router.get("/models/{model_id}/concept-drift", summary="Concept drift of a model", response_model=ConceptDrift)
def get_concept_drift(
    model_id: ModelId,
    services: Given,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> queries.ConceptDrift:
    """What ADWIN, DDM and Page-Hinkley agree on about the stream of labelled errors."""
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        return queries.read_concept(connection, subject)
