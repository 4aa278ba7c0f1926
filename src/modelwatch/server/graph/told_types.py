"""The types of the GraphQL schema that tell of groups of alerts and of digests."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.alert_types import Alert
from modelwatch.server.graph.enums import DateTime, Level


@strawberry.type(description="Alerts that a channel was told together; at most 500 are listed.")
class AlertGroup:
    id: strawberry.ID
    channel: str
    state: str = strawberry.field(description="open, closed or digest")
    scope: str = strawberry.field(description="what the group is made of: fleet, a model or a kind")
    opened_at: DateTime
    told_at: DateTime | None
    next_at: DateTime | None = strawberry.field(description="when it is looked at again")
    messages: int = strawberry.field(description="how many it has sent")
    count: int
    alerts: list[Alert]


@strawberry.type
class DigestLine:
    alert_id: strawberry.ID
    model: str
    version: str
    environment: str
    kind: str
    level: Level
    status: str
    title: str
    since: DateTime
    news: str = strawberry.field(description="opened, resolved, or '' for what goes on")
    facts: list[str]


@strawberry.type(description="What the next digest would say now; an empty one is not sent.")
class DigestPreview:
    channel: str
    empty: bool
    title: str
    lines: list[DigestLine]
    more: int = strawberry.field(description="alerts that it does not name")
    notes: list[str] = strawberry.field(description="columns that have been at notice for a week")
