"""/api/v1/models/{model_id}/metrics: the metrics that users wrote, and what an expression would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Query, Request

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_ENVIRONMENT
from modelwatch.server.body import read_object
from modelwatch.server.fields import only, text
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import metric_preview
from modelwatch.server.queries.metrics import read_metrics
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.shapes import Moment, Number, Shape
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["metrics"], dependencies=[permission("read")])
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["expression"],
                    "properties": {"expression": {"type": "string", "maxLength": metric_preview.MOST_TEXT}},
                    "example": {"expression": "sum(amount) filter (where actual = 'fraud' and prediction = 'ok')"},
                }
            }
        },
    }
}


class MetricPoint(Shape):
    """One window; `value` is null where there was nothing to take it of, or an error that `text` tells."""

    timestamp: Moment
    value: Number
    low: Number
    high: Number
    rows: int
    labelled: int
    mature: bool
    baseline: Number
    status: Literal["normal", "warning", "critical"]
    level: Level
    text: str


class MetricSeries(Shape):
    """One version; level and text are those of the newest window that could be judged, `error` says why the newest one
    failed. `waiting` windows are still to be computed."""

    version: str
    level: Level
    text: str
    error: str
    waiting: int
    data_points: list[MetricPoint]


class CustomMetric(Shape):
    """A metric as it is set, with one series per version."""

    name: str
    expression: str
    kind: Literal["sql", "python"]
    unit: str
    direction: Literal["up_is_bad", "down_is_bad"] | None
    threshold_warning: float | None
    threshold_critical: float | None
    min_rows: int
    series: list[MetricSeries]


class CustomMetrics(Shape):
    """The metrics that users wrote for a model; PATCH of the model changes them."""

    model_id: str
    environment: str
    metrics: list[CustomMetric]


class MetricPreview(Shape):
    """What an expression is for the newest window; nothing is saved."""

    value: Number
    low: Number
    high: Number
    rows: int
    labelled: int
    window_start: Moment | None
    window_end: Moment | None
    error: str


@router.get("/models/{model_id}/metrics", summary="Metrics of your own", response_model=CustomMetrics)
def get_metrics(
    model_id: ModelId,
    services: Given,
    metric: Annotated[str | None, Query(description="one of them by its name")] = None,
    start_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; 30 days back when absent")] = None,
    end_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; now when absent")] = None,
    version: Annotated[str | None, Query(description="all when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> dict[str, Any]:
    """Each metric over labelled rows, window by window, with 95 % intervals and levels."""
    start, end = (None if text is None else parse_time(text) for text in (start_time, end_time))
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        rows = (subject.deployment,) if version is not None else subject.versions
        subjects = [replace(subject, deployment=row, now_us=row.now_us(services.clock())) for row in rows]
        found = read_metrics(connection, subjects, start, end, metric)
    return {"model_id": subject.model.name, "environment": environment, "metrics": found}


@router.post(
    "/models/{model_id}/metrics/preview",
    summary="What an expression gives for the newest window",
    response_model=MetricPreview,
    openapi_extra=BODY,
)
async def preview_metric(
    model_id: ModelId,
    request: Request,
    services: Given,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> metric_preview.MetricPreview:
    """Computes an expression over rows that are in the lake, and saves nothing."""
    body = await read_object(request)
    only(body, ("expression",))
    expression = text(body, "expression")

    def look() -> metric_preview.MetricPreview:
        with reading(services.engine) as connection:
            subject = find_subject(connection, model_id, services.clock(), environment, version)
            return metric_preview.preview_metric(connection, services.lake(), subject, expression)

    return await anyio.to_thread.run_sync(look, limiter=request.app.state.askers)
