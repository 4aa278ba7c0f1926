"""The types of the GraphQL schema: names only. The values are those of `server/queries`, read by attribute.

The enum of a field names the noun of `core` that the query gives; DateTime fields are microseconds there.
"""

from __future__ import annotations

import strawberry

from modelwatch.server.graph import (
    alert_resolvers,
    concept_types,
    evidence_types,
    fairness_types,
    metric_types,
    performance_types,
    resolvers,
    root_cause_types,
    segment_resolvers,
    setting_resolvers,
)
from modelwatch.server.graph.alert_types import Alert
from modelwatch.server.graph.enums import ColumnKind, ColumnRole, DateTime, DriftMetric, Level
from modelwatch.server.graph.quality_types import Quality
from modelwatch.server.graph.rate_types import RateMap
from modelwatch.server.graph.reference_types import Reference
from modelwatch.server.graph.resolved import resolved
from modelwatch.server.graph.segment_types import SegmentRanking, Segments
from modelwatch.server.graph.setting_types import FalseAlarms, ModelSettings, SettingsPreview


@strawberry.type
class System:
    version: str
    now: DateTime
    predictions_per_second: float = strawberry.field(
        description="predictions per second over the last minute of arrival"
    )
    lag_seconds: float = strawberry.field(description="how far the fold is behind the log, in seconds and bytes")
    lag_bytes: float
    accepted: float
    rejected: float
    duplicates: float = strawberry.field(description="since the api process began")
    quarantined: float
    client_dropped: float = strawberry.field(description="rows that senders dropped, as they say")
    stuck: list[str] = strawberry.field(description="what stands still, or is not as it should be")
    false_alerts_per_month: float = strawberry.field(
        description="how many false alerts the budgets of all models allow in 30 days, at most"
    )
    url: str = strawberry.field(description="address clients use, e.g. http://127.0.0.1:8470")
    key_required: bool
    may_write: bool = strawberry.field(
        resolver=setting_resolvers.may_write, description="whether who asks may change settings and decide on alerts"
    )


@strawberry.type
class Raised:
    column: str
    role: ColumnRole
    metric: DriftMetric
    value: float
    level: Level


@strawberry.type(description="How good a model was in its newest window whose labels have come.")
class Headline:
    metric: str
    title: str
    unit: str = strawberry.field(description="share, number, times or target")
    value: float
    baseline: float | None
    level: Level
    end: DateTime


@strawberry.type
class ModelSummary:
    id: str
    environment: str
    version: str = strawberry.field(description="the newest version")
    task: str
    level: Level
    since: DateTime | None = strawberry.field(
        description="since when (event time) the model has had this level; null when unknown"
    )
    reason: str = strawberry.field(
        description="in plain words why the level is what it is, e.g. '312 of 1,000 rows until a reference stands'"
    )
    raised: list[Raised] = strawberry.field(description="at most 3, worst first")
    drifted: int
    columns: int
    now: DateTime = strawberry.field(description="the model's own now: wall clock when live, else its newest event")
    live: bool
    predictions_per_day: float
    traffic: list[float] = strawberry.field(
        description="predictions on each of the last 30 days of the model's own now, oldest first"
    )
    drift: list[float | None] = strawberry.field(
        description="largest PSI of any feature at the end of each of these days; null without a check"
    )
    open_alerts: int
    headline: Headline | None = strawberry.field(description="null until labels have come")


@strawberry.type
class Version:
    version: str
    first_event: DateTime
    last_event: DateTime
    rows: float
    reference: Reference | None


@strawberry.type
class SchemaChange:
    version: str
    at: DateTime
    role: str
    column: str
    change: str
    before: str
    after: str


@strawberry.type
class Column:
    name: str
    role: ColumnRole
    kind: ColumnKind


@strawberry.type
class DriftLine:
    name: str
    role: ColumnRole
    kind: ColumnKind
    level: Level = strawberry.field(description="of the newest window, all metrics")
    since: DateTime | None
    metric: DriftMetric = strawberry.field(
        description="of `values` and `chance`: the chosen one, but MMD for vectors where PSI is chosen (same scale)"
    )
    values: list[float | None] = strawberry.field(description="of the metric at each of `times`; null = no data")
    levels: list[Level] = strawberry.field(description="level of the column (all metrics) at each of `times`")
    psi: float | None
    ks: float | None
    kl: float | None
    mmd: float | None
    centroid: float | None
    nulls: float | None
    chance: float | None = strawberry.field(
        description="what the metric stays under in 99 % of windows without change, newest window"
    )


@strawberry.type(
    description="One column of the heat map is one window; `times` are window ends, ascending, at most about 500 "
    "(the worst of each stretch is kept)."
)
class DriftMap:
    metric: DriftMetric
    threshold_warning: float | None
    threshold_critical: float | None
    times: list[DateTime]
    rows: list[float]
    lines: list[DriftLine] = strawberry.field(description="the worst first")
    critical: int = strawberry.field(description="of the newest window")
    warning: int
    notice: int


@strawberry.type
class Sure:
    title: str
    holds: bool
    detail: str


@strawberry.type
class Method:
    metric: str
    label: str
    value: float
    chance: float | None
    p_value: float | None
    threshold_warning: float | None
    threshold_critical: float | None
    level: Level


@strawberry.type(description="What must be known of a value before it is compared with another program's.")
class MethodFacts:
    metric: str
    label: str
    compares: str
    groups: str
    base: str | None
    threshold_warning: float | None
    threshold_critical: float | None
    citation: str


@strawberry.type(description="A method that no check stores; it decides no level.")
class OnRequest:
    facts: MethodFacts
    binning: str
    value: float
    chance: float | None
    p_value: float | None


@strawberry.type
class Bar:
    lower: float | None
    upper: float | None
    reference: float
    window: float


@strawberry.type
class CategoryShare:
    name: str
    reference: float
    window: float


@strawberry.type
class SpecialShare:
    name: str
    reference: float
    window: float


@strawberry.type
class Moved:
    label: str
    reference: float
    window: float
    part: float


@strawberry.type
class Distribution:
    kind: ColumnKind
    reference_label: str
    reference_rows: float
    window_rows: float
    window_start: DateTime
    window_end: DateTime
    bars: list[Bar] = strawberry.field(
        description="numeric: at most 60 bars of ascending, touching ranges; lower/upper null = open end. "
        "Shares are of all rows."
    )
    categories: list[CategoryShare] = strawberry.field(
        description="categories: most frequent in the reference first, then 'other' and 'unseen' as specials"
    )
    specials: list[SpecialShare] = strawberry.field(
        description="null, nan, infinite, mistyped, below, above, other, unseen: those that occur in either"
    )
    reference_median: float | None
    window_median: float | None
    reference_mean: float | None
    window_mean: float | None
    moved: list[Moved] = strawberry.field(description="the PSI groups that moved most, largest part of PSI first")


@strawberry.type
class HistoryLine:
    metric: DriftMetric
    values: list[float | None]
    chance: list[float | None]
    threshold_warning: float | None
    threshold_critical: float | None


@strawberry.type
class History:
    times: list[DateTime]
    rows: list[float]
    levels: list[Level]
    lines: list[HistoryLine]


@strawberry.type
class ColumnDetail:
    name: str
    role: ColumnRole
    kind: ColumnKind
    level: Level
    since: DateTime | None
    why: list[str] = strawberry.field(description="sentences, most important first")
    sure: list[Sure] = strawberry.field(
        description="the checks behind the level: Certain, Large, Two methods agree, It persists"
    )
    methods: list[Method] = resolved(resolvers.methods)
    on_request: list[OnRequest] = resolved(resolvers.on_request)
    distribution: Distribution | None = resolved(resolvers.distribution)
    carriers: list[SegmentRanking] = resolved(segment_resolvers.carriers)
    history: History = resolved(resolvers.history)
    previous: Column | None
    next: Column | None


@strawberry.type
class Model:
    id: str
    environment: str
    version: str
    versions: list[Version]
    task: str
    positive_label: str | None
    level: Level
    since: DateTime | None
    reason: str
    now: DateTime
    live: bool
    first_event: DateTime | None
    reference: Reference | None = strawberry.field(description="what windows are compared with now")
    references: list[Reference] = strawberry.field(description="all that the model has had, the newest first")
    held_rows: int = strawberry.field(description="rows held back until a reference stands; 0 when one does")
    hold_target: int
    window_seconds: int
    grid_seconds: int
    min_rows: int
    columns: list[Column]
    schema_changes: list[SchemaChange] = resolved(resolvers.schema_changes)
    false_alarms: FalseAlarms = resolved(resolvers.model_alarms)
    settings: ModelSettings = resolved(setting_resolvers.settings, "what was set; null = the server decides")
    setting_defaults: ModelSettings = resolved(setting_resolvers.setting_defaults, "what the server decides")
    settings_preview: SettingsPreview = resolved(
        setting_resolvers.settings_preview,
        "false alarms now and with changes that are not saved; they are the body of PATCH",
    )
    rates: RateMap = resolved(resolvers.rates, "rows without a usable value, or one that the reference never had")
    quality: Quality = resolved(resolvers.quality, "how many different values, and repeated ids")
    drift: DriftMap = resolved(resolvers.drift)
    segments: Segments = resolved(segment_resolvers.segments)
    evidence: evidence_types.Evidence = resolved(evidence_types.read)
    custom_metrics: list[metric_types.CustomMetric] = resolved(metric_types.read)
    metric_preview: metric_types.MetricPreview = resolved(metric_types.preview)
    concept_drift: concept_types.ConceptDrift = resolved(concept_types.read)
    performance: performance_types.Performance = resolved(performance_types.read)
    fairness: fairness_types.Fairness = resolved(fairness_types.read)
    segment_performance: root_cause_types.PerformanceBySegment = resolved(root_cause_types.read_segments)
    worst_segments: root_cause_types.WorstSegments = resolved(root_cause_types.read_worst)
    causes: root_cause_types.Causes = resolved(root_cause_types.read_causes)
    column: ColumnDetail | None = resolved(resolvers.column)
    alerts: list[Alert] = resolved(alert_resolvers.model_alerts)
    client_dropped: float = strawberry.field(description="rows that senders say they dropped")
    breaks: list[DateTime] = strawberry.field(
        description="charts mark these: the binning was replaced, so values before and after are on different bins"
    )
