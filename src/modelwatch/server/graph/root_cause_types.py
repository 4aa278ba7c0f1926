"""The types of the GraphQL schema that tell where a model is bad and what may be behind a change of its loss."""

from __future__ import annotations

from typing import Annotated

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import ColumnRole, DateTime
from modelwatch.server.queries import causes, performance_by_segment, worst_segments
from modelwatch.server.queries.model import ModelDetail

Loss = Annotated[
    str | None, strawberry.argument(description="error, log_loss or absolute_error; null = what suits the task")
]


@strawberry.type
class SegmentMetric:
    metric: str
    title: str
    value: float | None
    low: float | None = strawberry.field(description="of the 95 % interval")
    high: float | None
    difference: float | None = strawberry.field(description="to all rows")
    p: float | None = strawberry.field(description="of the difference to the rows outside, all segments counted")
    worse: bool = strawberry.field(description="certainly, and in the bad direction")


@strawberry.type
class SegmentPart:
    role: ColumnRole
    name: str
    value: str | None = strawberry.field(description="null = the rows without a value")


@strawberry.type(description="One segment, or what several protected attributes have in common.")
class SegmentRow:
    label: str
    key: str
    parts: list[SegmentPart]
    rows: float = strawberry.field(description="labelled rows")
    share: float
    metrics: list[SegmentMetric]


@strawberry.type(description="How good a version was in each of its segments, from what is counted.")
class PerformanceBySegment:
    start: DateTime | None
    end: DateTime | None
    mature: bool = strawberry.field(description="whether the labels of the window have come")
    headlines: list[str]
    whole: SegmentRow | None
    segments: list[SegmentRow] = strawberry.field(description="certainly worse ones first, then the worst")
    reason: str = strawberry.field(description="why none is shown, else ''")


@strawberry.type
class SliceCondition:
    role: ColumnRole
    name: str
    label: str | None = strawberry.field(description="null = the rows without a value")
    text: str


@strawberry.type(description="Rows on which the model is certainly worse than elsewhere.")
class WorstSegment:
    text: str
    conditions: list[SliceCondition]
    rows: int
    share: float
    loss: float
    rest: float = strawberry.field(description="the mean loss of all other rows")
    excess: float
    low: float = strawberry.field(description="of the excess, everything searched counted, as are high and p")
    high: float
    p: float
    beyond: float = strawberry.field(description="the excess without the rows of segments before it")
    cost: float = strawberry.field(description="what the mean loss would fall by if it were like the rest")
    sentence: str


@strawberry.type(description="A search over all segments of one and two columns; days are what shares its fate.")
class WorstSegments:
    start: DateTime
    end: DateTime
    loss: str
    loss_title: str
    rows: int
    sampled: float = strawberry.field(description="the share of all labelled rows that was read")
    left_out: int
    days: int
    mean: float | None
    columns: list[str]
    columns_left_out: int
    searched: int
    certain: int
    echoes: int
    told: str
    segments: list[WorstSegment] = strawberry.field(description="the worst first")


@strawberry.type
class FeatureCause:
    name: str
    drift: float = strawberry.field(description="PSI beyond chance, over the checked windows of the range")
    importance: float = strawberry.field(description="the share of the score's variance that its bins explain")
    reach: float = strawberry.field(description="how far it may have moved the mean score, in standard deviations")
    share: float
    sentence: str


@strawberry.type
class SegmentCause:
    role: ColumnRole
    name: str
    label: str | None = strawberry.field(description="null = the rows without a value")
    text: str
    rows: float
    baseline_rows: float
    share: float
    baseline_share: float
    loss: float | None
    baseline_loss: float | None
    part: float = strawberry.field(description="within + mix")
    within: float = strawberry.field(description="what changed inside the segment")
    within_low: float
    within_high: float
    within_p: float
    mix: float = strawberry.field(description="what its share of rows changed")
    mix_low: float
    mix_high: float
    mix_p: float
    named: str = strawberry.field(description="within or mix")
    sentence: str


@strawberry.type
class ColumnSplit:
    role: ColumnRole
    name: str
    within: float
    mix: float
    named: int


@strawberry.type(description="What may be behind a change of the mean loss since the baseline: evidence, not proof.")
class Causes:
    start: DateTime
    end: DateTime
    loss: str
    loss_title: str
    rows: int
    sampled: float
    days: int
    baseline: str = strawberry.field(description="reference or first_weeks, '' for none")
    baseline_start: DateTime | None
    baseline_end: DateTime | None
    baseline_rows: int
    before: float | None
    now: float | None
    change: float | None
    low: float | None = strawberry.field(description="of the change, 95 %")
    high: float | None
    p: float | None
    told: str
    features: list[FeatureCause] = strawberry.field(description="by drift x importance")
    segments: list[SegmentCause] = strawberry.field(description="the named ones, by their part")
    columns: list[ColumnSplit] = strawberry.field(description="views of the same rows; they do not add up")


def read_segments(
    root: strawberry.Parent[ModelDetail], info: Info, start: DateTime | None = None, end: DateTime | None = None
) -> performance_by_segment.PerformanceBySegment:
    """Every segment in a range, or in the newest mature window."""
    return performance_by_segment.read_performance_by_segment(info.context.connection, root.subject, start, end)


def read_worst(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    loss: Loss = None,
    start: DateTime | None = None,
    end: DateTime | None = None,
) -> worst_segments.WorstSegments:
    """Where the model is worst; reads rows and takes seconds."""
    context = info.context
    return worst_segments.read_worst_segments(context.connection, context.services, root.subject, loss, start, end)


def read_causes(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    loss: Loss = None,
    start: DateTime | None = None,
    end: DateTime | None = None,
) -> causes.Causes:
    """What may be behind the loss of a range; reads rows and takes seconds."""
    context = info.context
    return causes.read_causes(context.connection, context.services, root.subject, loss, start, end)
