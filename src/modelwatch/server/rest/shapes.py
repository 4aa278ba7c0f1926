"""What the REST answers are made of. A value of a query becomes one by its attributes; times become text."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

from modelwatch.alerts.life import Evaluation, Status, Verb
from modelwatch.core.column import ColumnType
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.server.times import iso

Moment = Annotated[int, PlainSerializer(iso, str), WithJsonSchema({"type": "string", "format": "date-time"})]


def finite(value: Any) -> Any:
    """None in the place of what JSON has no number for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(finite)]


class Shape(BaseModel):
    """An answer that is read off a value by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class Raised(Shape):
    """One of the columns that a person should hear of first."""

    column: str
    role: Role
    metric: str
    value: Number
    level: Level


class Headline(Shape):
    """How good a model was in its newest window whose labels have come; `unit` is share, number, times or target."""

    metric: str
    title: str
    unit: str
    value: float
    baseline: float | None
    level: Level
    end: Moment


class ModelSummary(Shape):
    """One model in one environment."""

    id: str
    environment: str
    version: str
    task: str
    level: Level
    since: Moment | None
    reason: str
    raised: list[Raised]
    drifted: int
    columns: int
    now: Moment
    live: bool
    predictions_per_day: float
    open_alerts: int
    headline: Headline | None


class Models(Shape):
    """Every model, the worst first."""

    models: list[ModelSummary]


class Reference(Shape):
    """What windows are compared with; `waiting` says what it lacks and what happens meanwhile, null when in use."""

    kind: str
    label: str
    rows: float
    version: str
    start: Moment | None
    end: Moment | None
    created_at: Moment
    waiting: str | None


class Version(Shape):
    """One version of a model in an environment."""

    version: str
    first_event: Moment
    last_event: Moment
    rows: float
    reference: Reference | None


class Column(Shape):
    """A watched column."""

    name: str
    role: Role
    kind: ColumnType


class SegmentColumn(Shape):
    """A tag or feature that cuts a model into segments."""

    role: Role
    name: str


class SegmentSettings(Shape):
    """What a model is cut by; `building` while past rows and the reference are still being counted for it."""

    columns: list[SegmentColumn]
    limit: int
    state: Literal["off", "building", "ready"]


class ModelSettings(Shape):
    """The settings of a model; null means that the server decides."""

    task: str | None
    positive_label: str | None
    window: str
    check_interval_seconds: float | None
    critical: bool
    k: int | None
    n: int | None
    psi_warning: float | None
    psi_critical: float | None
    missing_warning: float | None
    missing_critical: float | None
    alerts_per_1000_days: float | None
    reference: dict[str, Any] | None
    metrics: list[dict[str, Any]]
    segments: SegmentSettings
    fairness: dict[str, Any] | None
    label_horizon_days: float | None


class FalseAlarms(Shape):
    """What to expect in a month of 30 days in which nothing changes."""

    alerts_per_1000_days: float
    alerts_at_most: float
    alerts_about: float
    notices: float
    looks_per_day: float
    columns: int
    rows: float


class SettingsPreview(Shape):
    """Expected false alarms before and after a change of settings that is not saved, and the reference after it."""

    current: FalseAlarms
    changed: FalseAlarms
    reference: Reference | None


class Model(Shape):
    """One model in one environment, seen through one of its versions."""

    id: str
    environment: str
    version: str
    versions: list[Version]
    task: str
    positive_label: str | None
    level: Level
    since: Moment | None
    reason: str
    now: Moment
    live: bool
    first_event: Moment | None
    reference: Reference | None
    references: list[Reference]
    held_rows: int
    hold_target: int
    window_seconds: int
    grid_seconds: int
    min_rows: int
    client_dropped: int
    columns: list[Column]
    settings: ModelSettings
    false_alarms: FalseAlarms


class AlertFigure(Shape):
    """A figure of the outcomes: a metric of a group of people held `against` another, or of a class."""

    subject: str
    metric: str
    title: str
    group: str | None
    group_key: str | None
    against: str | None
    class_label: str | None


class AlertItem(Shape):
    """One column inside an alert, or one figure of the outcomes; its value is then by how much that is worse."""

    column: str
    role: Role
    metric: str
    level: Level
    value: float
    chance: float | None
    since: Moment
    text: str
    segment: str | None
    figure: AlertFigure | None


class AlertEvent(Shape):
    """One line of an alert's history."""

    at: Moment
    kind: str
    text: str
    by: str


class AlertEvaluation(Shape):
    """Whether the newest window under an alert could be judged, since when it is so (wall time), and why not."""

    state: Evaluation
    since: Moment | None
    text: str


class Alert(Shape):
    """One alert; times are event times. A historic one came from replayed data and woke nobody.

    `system` alerts are modelwatch's about itself; `verbs` is what may be done with it now, as the paths say it.
    """

    id: int
    model_id: str
    environment: str
    version: str
    kind: str
    level: Level
    status: Status
    title: str
    historic: bool
    opened_at: Moment
    resolved_at: Moment | None
    checked_at: Moment
    silenced_until: Moment | None
    assigned_to: str
    acknowledged_by: str
    evaluation: AlertEvaluation
    rule_id: str | None
    channels: list[str]
    system: bool
    verbs: list[Verb]
    items: list[AlertItem]
    events: list[AlertEvent]


class AlertCounts(Shape):
    """How many alerts there are of each status, whichever status and page were asked for."""

    pending: int
    firing: int
    acknowledged: int
    silenced: int
    resolved: int


class Alerts(Shape):
    """A page of alerts, those that go on first; `next` is the cursor of the following page, null on the last."""

    alerts: list[Alert]
    next: int | None
    counts: AlertCounts


class RefusedAlert(Shape):
    """An alert that was left as it is, and why."""

    id: int
    reason: str


class DecidedAlerts(Shape):
    """The alerts that were changed, as they are now, and those that were not."""

    alerts: list[Alert]
    refused: list[RefusedAlert]


class Quarantined(Shape):
    """A rejected row, why, and as much of it as was kept."""

    id: int
    model: str
    received_at: Moment
    row: int
    reason: str
    detail: str
    record: str


class Quarantine(Shape):
    """A page of rejected rows, the newest first; `next` is the cursor of the following page, null on the last."""

    rows: list[Quarantined]
    next: int | None


class SystemState(Shape):
    """How the server itself is doing; `duplicates` counts since the process began, `client_dropped` the rows that
    senders dropped; `stuck` says what stands still or is not as it should be."""

    version: str
    now: Moment
    predictions_per_second: float
    lag_seconds: float
    lag_bytes: int
    accepted: int
    rejected: int
    duplicates: int
    quarantined: int
    open_alerts: int
    client_dropped: int
    stuck: list[str]
    url: str
    key_required: bool
