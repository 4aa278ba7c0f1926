"""What the answers about outcomes are made of."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict

from modelwatch.core.level import Level
from modelwatch.server.queries.outcome_windows import State
from modelwatch.server.queries.performance import Trend
from modelwatch.server.rest.shapes import Moment, Shape


class MetricsPoint(Shape):
    """All metrics of one window that has labels; `timestamp` is its end. Further metrics stand beside under their own
    names."""

    model_config = ConfigDict(from_attributes=True, extra="allow")

    timestamp: Moment
    version: str
    accuracy: float | None = None
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    auc: float | None = None
    sample_count: float
    level: Level
    mature: bool


class DataPoint(Shape):
    """One metric of one window; `low` to `high` is its 95 % interval. `single_level` is what the window says alone."""

    timestamp: Moment
    value: float | None
    low: float | None
    high: float | None
    rows: float | None
    level: Level | None
    single_level: Level | None
    text: str
    estimated: float | None
    estimated_low: float | None
    estimated_high: float | None
    estimated_level: Level | None
    mature: bool


class MetricSeries(Shape):
    """One metric over time, of the class `label` where it is of one; the thresholds are values of the metric."""

    metric: str
    title: str
    label: str
    baseline: float | None
    threshold_warning: float | None
    threshold_critical: float | None
    data_points: list[DataPoint]


class Baseline(Shape):
    """What windows are held against: the reference, or the version's own first weeks."""

    kind: Literal["reference", "first_weeks"]
    rows: float
    start: Moment | None
    end: Moment | None


class OutcomeWindow(Shape):
    """One window and how far its labels are: `coverage` of its predictions are labelled, `expected` should be by now,
    `final` will be. It is judged when it is `mature`; `reason` says why it is not."""

    start: Moment
    end: Moment
    level: Level
    seen: float
    labelled: float
    coverage: float
    expected: float | None
    final: float | None
    mature: bool
    mature_at: Moment | None
    reason: str


class TargetShare(Shape):
    """What came true for a share of the newest window, and of the baseline."""

    name: str
    now: float
    before: float


class TargetPoint(Shape):
    """PSI of the actuals of one window."""

    timestamp: Moment
    value: float | None
    level: Level | None


class Target(Shape):
    """Whether what comes true has changed."""

    data_points: list[TargetPoint]
    chance: float | None
    text: str
    shares: list[TargetShare]


class MetricFacts(Shape):
    """What a metric is; a `headline` may raise a model."""

    metric: str
    title: str
    unit: str
    up_is_good: bool | None
    low: float | None
    high: float | None
    headline: bool
    source: str


class VersionPerformance(Shape):
    """One version; `state` and `reason` say why there is nothing to show yet."""

    version: str
    task: str
    state: State
    reason: str
    performance_trend: Trend
    concept_drift_detected: bool
    baseline: Baseline | None
    metrics: list[MetricFacts]
    windows: list[OutcomeWindow]
    series: list[MetricSeries]
    target: Target | None


class Labels(Shape):
    """What has become of the labels of the model, all versions and environments."""

    matched: int
    corrected: int
    repeated: int
    waiting: int
    orphaned: int
    expired: int
    horizon_days: float


class Performance(Shape):
    """The versions of a model over time; `performance_trend` and `concept_drift_detected` are the newest version's."""

    model_id: str
    environment: str
    segment: str
    metrics: list[MetricsPoint]
    concept_drift_detected: bool
    performance_trend: Trend
    labels: Labels
    versions: list[VersionPerformance]


class MetricFigure(Shape):
    """One metric of a window, of the class `label` where it is of one."""

    metric: str
    title: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    rows: float
    baseline: float | None
    level: Level | None
    single: Level | None
    text: str


class Confusion(Shape):
    """Weights by actual (rows) and predicted label (columns), the most frequent labels first."""

    labels: list[str]
    counts: list[list[float]]


class CalibrationPoint(Shape):
    """Predictions of about one score, and the share of them that came true."""

    score: float
    share: float
    low: float
    high: float
    rows: float


class CurvePoint(Shape):
    """ROC: false and true positive rate; PR: recall and precision."""

    x: float
    y: float
    threshold: float


class ScoreBar(Shape):
    """Labelled predictions that came true and did not, and all predictions, by score."""

    lower: float
    upper: float
    hits: float
    misses: float
    predicted: float


class ErrorBar(Shape):
    """Labelled predictions by error, prediction less actual."""

    lower: float | None
    upper: float | None
    rows: float


class DelayBar(Shape):
    """Labels that took from `above` to `up_to` seconds."""

    above: float
    up_to: float | None
    labels: float


class Delays(Shape):
    """How long labels took, in seconds."""

    p50: float | None
    p90: float | None
    p99: float | None
    bars: list[DelayBar]


class SegmentPerformance(Shape):
    """The first headline metric of one segment or group."""

    label: str
    key: str
    rows: float
    value: float | None
    low: float | None
    high: float | None
    baseline: float | None


class PerformanceWindow(Shape):
    """One window close up; `scored` is the class that curves are of, '' for the predicted one of many."""

    window: OutcomeWindow
    task: str
    scored: str
    figures: list[MetricFigure]
    confusion: Confusion | None
    baseline_confusion: Confusion | None
    calibration: list[CalibrationPoint]
    baseline_calibration: list[CalibrationPoint]
    roc: list[CurvePoint]
    baseline_roc: list[CurvePoint]
    pr: list[CurvePoint]
    scores: list[ScoreBar]
    errors: list[ErrorBar]
    delays: Delays
    segments: list[SegmentPerformance]
