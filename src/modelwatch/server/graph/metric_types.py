"""The types of the GraphQL schema that tell of metrics that users wrote, and what the fields do."""

from __future__ import annotations

import strawberry

from modelwatch.errors import Conflict, InvalidRequest
from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime, Level
from modelwatch.server.queries import metric_preview, metrics
from modelwatch.server.queries.model import ModelDetail
from modelwatch.server.queries.windows import MAX_TIMES


@strawberry.type
class MetricPoint:
    timestamp: DateTime = strawberry.field(description="the end of the window")
    value: float | None = strawberry.field(description="null = nothing to take it of, or the error that text tells")
    low: float | None
    high: float | None = strawberry.field(description="95 % of such samples lie between")
    rows: float
    labelled: float
    mature: bool
    baseline: float | None = strawberry.field(description="mean of the first weeks")
    level: Level
    text: str


@strawberry.type
class MetricSeries:
    version: str
    level: Level = strawberry.field(description="of the newest window that could be judged, as text is")
    text: str
    error: str = strawberry.field(description="why the newest window failed, else ''")
    waiting: int = strawberry.field(description="windows that are still to be computed")
    data_points: list[MetricPoint] = strawberry.field(
        description="ascending, at most about 500 (the worst of each stretch is kept)"
    )


@strawberry.type(description="A metric that a user wrote for the model, over its labelled rows.")
class CustomMetric:
    name: str
    expression: str = strawberry.field(description="SQL, or the name of a function")
    kind: str = strawberry.field(description="sql or python")
    unit: str
    direction: str | None = strawberry.field(description="up_is_bad, down_is_bad or null")
    threshold_warning: float | None
    threshold_critical: float | None
    min_rows: int
    series: list[MetricSeries]


@strawberry.type(description="What an expression is for the newest window; nothing is saved.")
class MetricPreview:
    value: float | None
    low: float | None
    high: float | None
    rows: float
    labelled: float
    window_start: DateTime | None
    window_end: DateTime | None
    error: str = strawberry.field(description="why there is no value, else ''")


def read(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    name: str | None = None,
    start: DateTime | None = None,
    end: DateTime | None = None,
) -> list[metrics.CustomMetric]:
    """The metrics that users wrote, of this version."""
    return metrics.read_metrics(info.context.connection, [root.subject], start, end, name, MAX_TIMES)


def preview(root: strawberry.Parent[ModelDetail], info: Info, expression: str) -> metric_preview.MetricPreview:
    """What an expression gives for the newest window; one that is wrong is told about, not an error of the query."""
    context = info.context
    try:
        return metric_preview.preview_metric(context.connection, context.services.lake(), root.subject, expression)
    except (InvalidRequest, Conflict) as error:
        return metric_preview.MetricPreview(None, None, None, 0, 0, None, None, str(error))
