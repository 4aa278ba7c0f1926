"""Where a model is worst, how good it was in each segment, and what may be behind a change of its loss."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import causes, performance_by_segment, worst_segments
from modelwatch.server.queries.losses import LOSSES
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.drift import moment
from modelwatch.server.rest.shapes import Moment, Number, Shape
from modelwatch.server.services import Given
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["performance"], dependencies=[permission("read")])

LOSS_TEXT = "error (a share of wrong labels), log_loss or absolute_error; what suits the task when absent"
LossParameter = Annotated[str | None, Query(description=LOSS_TEXT, json_schema_extra={"enum": list(LOSSES)})]
StartTime = Annotated[str | None, Query(description="ISO 8601 or epoch seconds, of the predictions")]
EndTime = Annotated[
    str | None, Query(description="ISO 8601 or epoch seconds; when absent the end of the newest window with labels")
]
VersionParameter = Annotated[str | None, Query(description="the newest when absent")]
LossName = Literal["error", "log_loss", "absolute_error"]


class SegmentMetric(Shape):
    """One metric of a segment with its 95 % interval. `difference` is to all rows; `p` says how likely so large a
    difference to the rows outside is by chance, all segments counted; `worse` is true when it is certain and bad."""

    metric: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    difference: float | None
    p: Number
    worse: bool


class SegmentPart(Shape):
    """One of the columns that a segment is told by; a null `value` are the rows without one."""

    role: Role
    name: str
    value: str | None


class SegmentRow(Shape):
    """One segment, or what several attributes have in common; `rows` are its labelled rows."""

    label: str
    key: str
    parts: list[SegmentPart]
    rows: float
    share: float
    metrics: list[SegmentMetric]


class PerformanceBySegment(Shape):
    """All segments of a window, the certainly worse first, from what is counted. `reason` says why none is shown."""

    environment: str
    version: str
    start: Moment | None
    end: Moment | None
    mature: bool
    headlines: list[str]
    whole: SegmentRow | None
    segments: list[SegmentRow]
    reason: str


class SliceCondition(Shape):
    """One part of one column; a null `label` are the rows without a value."""

    role: Role
    name: str
    label: str | None
    text: str


class WorstSegment(Shape):
    """Rows on which the model is certainly worse than elsewhere; `low`, `high` and `p` count everything searched."""

    text: str
    conditions: list[SliceCondition]
    rows: int
    share: Number
    loss: Number
    rest: Number
    excess: Number
    low: Number
    high: Number
    p: Number
    beyond: Number
    cost: Number
    sentence: str


class WorstSegments(Shape):
    """What a search over all segments of one and two columns found, the worst first, and what it looked at."""

    environment: str
    version: str
    start: Moment
    end: Moment
    loss: LossName
    loss_title: str
    rows: int
    sampled: Number
    left_out: int
    days: int
    mean: float | None
    columns: list[str]
    columns_left_out: int
    searched: int
    certain: int
    echoes: int
    told: str
    segments: list[WorstSegment]


class FeatureCause(Shape):
    """A feature as an explanation: drift (PSI beyond chance) x importance (share of the score's variance)."""

    name: str
    drift: Number
    importance: Number
    reach: Number
    share: Number
    sentence: str


class SegmentCause(Shape):
    """A segment's part in the change of the mean loss; `named` is `within` or `mix`, p-values count all segments."""

    role: Role
    name: str
    label: str | None
    text: str
    rows: float
    baseline_rows: float
    share: Number
    baseline_share: Number
    loss: float | None
    baseline_loss: float | None
    part: Number
    within: Number
    within_low: Number
    within_high: Number
    within_p: Number
    mix: Number
    mix_low: Number
    mix_high: Number
    mix_p: Number
    named: Literal["within", "mix"]
    sentence: str


class ColumnSplit(Shape):
    """The change cut by one column: `within` and `mix` add up to it."""

    role: Role
    name: str
    within: Number
    mix: Number
    named: int


class Causes(Shape):
    """What may be behind a change of the mean loss from the baseline to a range: evidence, not proof."""

    environment: str
    version: str
    start: Moment
    end: Moment
    loss: LossName
    loss_title: str
    rows: int
    sampled: Number
    days: int
    baseline: Literal["", "reference", "first_weeks"]
    baseline_start: Moment | None
    baseline_end: Moment | None
    baseline_rows: int
    before: float | None
    now: float | None
    change: float | None
    low: Number
    high: Number
    p: Number
    told: str
    features: list[FeatureCause]
    segments: list[SegmentCause]
    columns: list[ColumnSplit]


@router.get(
    "/models/{model_id}/performance/segments",
    summary="Performance by segment",
    response_model=PerformanceBySegment,
)
def get_segment_performance(
    model_id: ModelId,
    services: Given,
    start_time: StartTime = None,
    end_time: EndTime = None,
    version: VersionParameter = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> performance_by_segment.PerformanceBySegment:
    """Headline metrics of every segment and protected group with intervals, of the newest mature window unless told."""
    start, end = moment(start_time), moment(end_time)
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        return performance_by_segment.read_performance_by_segment(connection, subject, start, end)


@router.get(
    "/models/{model_id}/worst-segments",
    summary="Where a model is worst",
    response_model=WorstSegments,
)
def get_worst_segments(
    model_id: ModelId,
    services: Given,
    loss: LossParameter = None,
    start_time: StartTime = None,
    end_time: EndTime = None,
    version: VersionParameter = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> worst_segments.WorstSegments:
    """A search over segments of one and two columns, the search counted and days taken as clusters; 90 days back unless
    told. It reads up to 200,000 labelled rows and takes seconds; the answer is kept for a minute."""
    start, end = moment(start_time), moment(end_time)
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        return worst_segments.read_worst_segments(connection, services, subject, loss, start, end)


@router.get(
    "/models/{model_id}/performance/causes",
    summary="What may be behind a drop",
    response_model=Causes,
)
def get_causes(
    model_id: ModelId,
    services: Given,
    loss: LossParameter = None,
    start_time: StartTime = None,
    end_time: EndTime = None,
    version: VersionParameter = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> causes.Causes:
    """Features by drift x importance and segments by what they carry of the change since the baseline; 28 days back
    unless told. It says where a change is, not why."""
    start, end = moment(start_time), moment(end_time)
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        return causes.read_causes(connection, services, subject, loss, start, end)
