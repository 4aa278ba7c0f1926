"""/api/v1/models/{model_id}/evidence: the running evidence of a critical model."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import evidence as queries
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.shapes import Moment, Number, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["drift"], dependencies=[permission("read")])


class ColumnEvidence(Shape):
    """The epoch of one column that comes nearest to an alarm: odds against 'nothing has changed', and those asked for.

    `margin` is the natural logarithm of evidence / asked: from 0 on the change is certain.
    """

    column: str
    role: Role
    level: Level
    evidence: str
    asked: str
    margin: Number
    rows: float
    since: Moment
    told: str


class Evidence(Shape):
    """The sequential test of a critical model, the column nearest to an alarm first."""

    state: Literal["off", "waiting", "running"]
    reason: str
    since: Moment | None
    updated: Moment | None
    rows: float
    false_alerts_per_1000_days: float
    columns: list[ColumnEvidence]


@router.get("/models/{model_id}/evidence", summary="Running evidence of a critical model", response_model=Evidence)
def get_evidence(
    model_id: ModelId,
    services: Given,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> queries.Evidence:
    """What the test that looks after every batch has seen of each column, and what it asks for."""
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        return queries.read_evidence(connection, subject)
