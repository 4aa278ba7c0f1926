"""/api/v1/models/{model_id}/quality: whether the rows of the newest window are what they were."""

from __future__ import annotations

import dataclasses
from typing import Annotated, Any

from fastapi import APIRouter, Query

from modelwatch.core.column import ColumnType
from modelwatch.core.level import Level
from modelwatch.core.segment import from_key
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries.quality import of_column, read_quality
from modelwatch.server.queries.segments import asked_segment
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.queries.windows import load_windows
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["quality"], dependencies=[permission("read")])


class Rate(Shape):
    """One kind of row as a share of the window's rows; `before` is the reference's share."""

    metric: str
    value: float
    before: float | None
    chance: float | None
    p_value: float | None
    level: Level
    since: Moment | None


class Rates(Shape):
    """The kinds of rows that have a meaning for a column."""

    name: str
    role: Role
    kind: ColumnType
    level: Level
    cells: list[Rate]


class Cardinality(Shape):
    """Different values of a column: known categories, or bins of numbers that hold a row; `low` to `high` is chance."""

    name: str
    role: Role
    kind: ColumnType
    level: Level
    distinct: int
    reference: int
    expected: float
    low: int
    high: int
    p_value: float


class RepeatedIds(Shape):
    """The share of rows whose prediction_id was seen before in the window, with its 99 % interval."""

    rows: int
    share: float
    low: float
    high: float
    exact: bool
    level: Level


class SchemaChange(Shape):
    """A column that came, went, or came as another type."""

    version: str
    at: Moment
    role: str
    column: str
    change: str
    before: str
    after: str


class Quality(Shape):
    """The newest window of the range; null and empty before the first check."""

    model_id: str
    environment: str
    version: str
    segment: str
    start: Moment | None
    end: Moment | None
    rows: float
    reference_rows: float
    rates: list[Rates]
    cardinality: list[Cardinality]
    repeated_ids: RepeatedIds | None
    schema_changes: list[SchemaChange]


@router.get("/models/{model_id}/quality", summary="Quality of the newest window", response_model=Quality)
def get_quality(
    model_id: ModelId,
    services: Given,
    feature: Annotated[str | None, Query(description="a feature, or a role such as prediction_score")] = None,
    start_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; 30 days back when absent")] = None,
    end_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; now when absent")] = None,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
    segment: Annotated[str, Query(description="a watched segment, e.g. region=us-west, or its key")] = "",
) -> dict[str, Any]:
    """Unusable rows, how many different values, repeated prediction ids, and changes of the schema."""
    start, end = (None if text is None else parse_time(text) for text in (start_time, end_time))
    with reading(services.engine) as connection:
        subject = asked_segment(find_subject(connection, model_id, services.clock(), environment, version), segment)
        found = read_quality(connection, subject, load_windows(connection, subject, start, end))
    if feature is not None:
        found = of_column(found, feature)
    return {
        "model_id": subject.model.name,
        "environment": environment,
        "version": subject.deployment.version,
        "segment": from_key(subject.segment).label if subject.segment else "",
        **{field.name: getattr(found, field.name) for field in dataclasses.fields(found)},
    }
