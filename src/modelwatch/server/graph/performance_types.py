"""The types of the GraphQL schema that tell how good a model was."""

from __future__ import annotations

from typing import Annotated

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime, Level
from modelwatch.server.graph.resolved import resolved
from modelwatch.server.queries import label_state, performance, performance_window
from modelwatch.server.queries.model import ModelDetail
from modelwatch.server.queries.segments import asked_segment

Segment = Annotated[str, strawberry.argument(description="the label or key of a watched segment; '' is the whole")]


@strawberry.type(description="One window of predictions, and how far its labels are.")
class OutcomeWindow:
    start: DateTime
    end: DateTime
    level: Level = strawberry.field(description="the worst of everything that was judged in it")
    seen: float = strawberry.field(description="predictions")
    labelled: float = strawberry.field(description="predictions whose truth is known")
    coverage: float = strawberry.field(description="labelled / seen")
    expected: float | None = strawberry.field(description="what coverage should be by now, by past delays")
    final: float | None = strawberry.field(description="what coverage will come to")
    mature: bool = strawberry.field(description="nearly all labels that will come are there; only then it is judged")
    mature_at: DateTime | None = strawberry.field(description="when it is looked at again, by past delays")
    reason: str = strawberry.field(description="why it is not mature; '' when it is")


@strawberry.type
class MetricFacts:
    metric: str
    title: str
    unit: str = strawberry.field(description="share (write in per cent), number, times, or target (unit of the target)")
    up_is_good: bool | None
    low: float | None = strawberry.field(description="the least it can be; null = no end")
    high: float | None
    headline: bool = strawberry.field(description="one of the few metrics of its task that may raise a model")
    source: str


@strawberry.type(description="One metric at each of `windows`. Values before a window is mature may mislead.")
class PerformanceLine:
    metric: str
    title: str
    label: str = strawberry.field(description="the class it is of; '' = all")
    baseline: float | None
    threshold_warning: float | None = strawberry.field(description="the value from which on the loss is large")
    threshold_critical: float | None
    values: list[float | None]
    lows: list[float | None] = strawberry.field(description="`lows` to `highs` is the 95 % interval")
    highs: list[float | None]
    rows: list[float | None]
    levels: list[Level | None] = strawberry.field(description="over disjoint windows; null where nothing is judged")
    singles: list[Level | None] = strawberry.field(description="what each window says alone")
    texts: list[str]
    estimated: list[float | None] = strawberry.field(description="what was expected before labels came")
    estimated_lows: list[float | None]
    estimated_highs: list[float | None]
    estimated_levels: list[Level | None]
    estimated_singles: list[Level | None]


@strawberry.type
class TargetShare:
    name: str
    now: float
    before: float


@strawberry.type(description="Whether what comes true has changed: PSI of the actuals at each of `windows`.")
class TargetLine:
    values: list[float | None]
    levels: list[Level | None]
    chance: float | None
    text: str
    shares: list[TargetShare] = strawberry.field(description="of the newest window, those that moved most first")


@strawberry.type(description="What windows are held against.")
class PerformanceBaseline:
    kind: str = strawberry.field(description="reference, or first_weeks (the version's own)")
    rows: float
    start: DateTime | None
    end: DateTime | None


@strawberry.type(description="What has become of the labels of a model, all versions and environments.")
class Labels:
    matched: int
    corrected: int = strawberry.field(description="labels that replaced an earlier one")
    repeated: int
    waiting: int = strawberry.field(description="received and not joined yet")
    orphaned: int = strawberry.field(description="no prediction of that id is known yet; they are tried again")
    expired: int = strawberry.field(description="given up after the horizon")
    horizon_days: float


@strawberry.type
class DelayBar:
    above: float = strawberry.field(description="seconds")
    up_to: float | None
    labels: float


@strawberry.type(description="How long labels took, in seconds.")
class LabelDelays:
    p50: float | None
    p90: float | None
    p99: float | None
    bars: list[DelayBar]


@strawberry.type
class MetricFigure:
    metric: str
    title: str
    label: str = strawberry.field(description="the class it is of; '' = all")
    value: float | None
    low: float | None
    high: float | None
    rows: float
    baseline: float | None
    level: Level | None
    single: Level | None
    text: str


@strawberry.type(description="Weights by actual (rows) and predicted label (columns), the most frequent labels first.")
class ConfusionMatrix:
    labels: list[str]
    counts: list[list[float]]


@strawberry.type
class CalibrationPoint:
    score: float
    share: float = strawberry.field(description="share of predictions of about this score that came true")
    low: float
    high: float
    rows: float


@strawberry.type(description="ROC: false and true positive rate; PR: recall and precision.")
class CurvePoint:
    x: float
    y: float
    threshold: float


@strawberry.type
class ScoreBar:
    lower: float
    upper: float
    hits: float = strawberry.field(description="labelled predictions that came true")
    misses: float
    predicted: float = strawberry.field(description="all predictions, labelled or not")


@strawberry.type(description="Labelled predictions by error: prediction less actual.")
class ErrorBar:
    lower: float | None
    upper: float | None
    rows: float


@strawberry.type(description="A metric of one watched segment or group, in one window.")
class SegmentPerformance:
    label: str
    key: str
    rows: float
    value: float | None
    low: float | None
    high: float | None
    baseline: float | None


@strawberry.type(description="One window close up.")
class PerformanceWindow:
    window: OutcomeWindow
    task: str
    scored: str = strawberry.field(description="the class that curves are of; '' = the predicted one of many")
    figures: list[MetricFigure] = strawberry.field(description="all metrics, those of each class after the others")
    confusion: ConfusionMatrix | None
    baseline_confusion: ConfusionMatrix | None
    calibration: list[CalibrationPoint]
    baseline_calibration: list[CalibrationPoint]
    roc: list[CurvePoint]
    baseline_roc: list[CurvePoint]
    pr: list[CurvePoint]
    scores: list[ScoreBar]
    errors: list[ErrorBar]
    delays: LabelDelays
    segments: list[SegmentPerformance] = strawberry.field(description="of the first headline metric, the worst first")


def labels(root: strawberry.Parent[performance.Performance], info: Info) -> label_state.Labels:
    """What has become of the labels that were sent."""
    return label_state.read_labels(info.context.connection, root.subject)


def window(
    root: strawberry.Parent[performance.Performance], info: Info, end: DateTime | None = None
) -> performance_window.PerformanceWindow | None:
    """One window close up: the newest mature one unless told."""
    return performance_window.read_performance_window(info.context.connection, root.subject, end)


@strawberry.type(description="How good a version was over time; lists of a line are parallel to `windows`.")
class Performance:
    version: str
    task: str
    state: str = strawberry.field(description="off, building, waiting, no_labels, immature or ready")
    reason: str = strawberry.field(description="why there is nothing to show yet; '' when ready")
    trend: str = strawberry.field(description="degrading, improving, stable or unknown")
    concept_drift: bool = strawberry.field(description="a change of the errors was found in this range")
    baseline: PerformanceBaseline | None
    newest: int | None = strawberry.field(description="place of the newest mature window in `windows`")
    metrics: list[MetricFacts]
    windows: list[OutcomeWindow] = strawberry.field(
        description="ascending, at most about 500: of each stretch of a long range the worst"
    )
    lines: list[PerformanceLine]
    target: TargetLine | None
    labels: Labels = resolved(labels)
    window: PerformanceWindow | None = resolved(window)


def read(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    metric: str | None = None,
    start: DateTime | None = None,
    end: DateTime | None = None,
    segment: Segment = "",
) -> performance.Performance:
    """Every metric over all classes, or one metric with its classes."""
    subject = asked_segment(root.subject, segment)
    return performance.of_checks(info.context.connection, subject, info.context.outcomes(subject, start, end), metric)
