"""The types of the GraphQL schema that tell of alerts."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import AlertStatus, ColumnRole, DateTime, Level


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
