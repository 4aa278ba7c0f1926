"""The types of the GraphQL schema that tell of alerts."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import AlertStatus, AlertVerb, ColumnRole, DateTime, EvaluationState, Level


@strawberry.type(description="A figure of the outcomes: a metric of a group of people, or of a class.")
class AlertFigure:
    subject: str = strawberry.field(
        description="performance, estimated_performance, fairness, target_drift, concept_drift or custom_metric"
    )
    metric: str
    title: str
    group: str | None
    group_key: str | None
    against: str | None = strawberry.field(description="the group that it is held against")
    class_label: str | None


@strawberry.type
class AlertItem:
    column: str
    role: ColumnRole
    metric: str
    level: Level
    value: float
    chance: float | None
    since: DateTime
    text: str
    segment: str | None = strawberry.field(description="the segment that drifted; `column` moved most in it")
    figure: AlertFigure | None = strawberry.field(
        description="what the item is about when it is no column; `value` is then by how much it is worse"
    )


@strawberry.type
class AlertEvent:
    at: DateTime
    kind: str
    text: str
    by: str


@strawberry.type(description="An alert whose newest window could not be judged stays open: neither silence nor health.")
class AlertEvaluation:
    state: EvaluationState
    since: DateTime | None = strawberry.field(description="wall time")
    text: str


@strawberry.type
class Alert:
    id: strawberry.ID
    number: int
    model_id: str
    environment: str
    version: str
    kind: str
    level: Level
    status: AlertStatus
    title: str
    historic: bool = strawberry.field(description="the alert came from replayed history: recorded, nobody was woken")
    opened_at: DateTime = strawberry.field(description="event time")
    resolved_at: DateTime | None
    checked_at: DateTime = strawberry.field(description="event time of the newest window that was checked for it")
    items: list[AlertItem]
    events: list[AlertEvent]
    silenced_until: DateTime | None
    assigned_to: str = strawberry.field(description="'' is nobody")
    acknowledged_by: str = strawberry.field(description="'' while nobody has, or where nobody said who")
    evaluation: AlertEvaluation
    rule_id: str | None
    channels: list[str] = strawberry.field(description="where the rule sends it; empty: every channel that takes it")
    system: bool = strawberry.field(description="modelwatch's own, about itself")
    verbs: list[AlertVerb] = strawberry.field(description="what may be done with it now")


@strawberry.input(description="What narrows a list of alerts; what is null does not.")
class AlertsWanted:
    version: str | None = None
    status: list[AlertStatus] | None = strawberry.field(
        default=None, description="null: all but those that are pending"
    )
    level: list[Level] | None = None
    kind: list[str] | None = None
    assigned_to: str | None = strawberry.field(default=None, description="'' is nobody")
    group: strawberry.ID | None = strawberry.field(default=None, description="alerts that were told together")
    text: str | None = strawberry.field(default=None, description="part of the title or a name, in any case")


@strawberry.type
class AlertCount:
    status: AlertStatus
    count: int


@strawberry.type
class RefusedAlert:
    id: strawberry.ID
    reason: str


@strawberry.type
class DecidedAlerts:
    alerts: list[Alert]
    refused: list[RefusedAlert]
