"""The types of the GraphQL schema that tell of channels and of messages to them."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import DateTime, Level


@strawberry.type(description="One thing that channels of a kind must be told.")
class ChannelField:
    name: str
    title: str
    secret: bool
    required: bool
    default: str
    hint: str


@strawberry.type
class ChannelKind:
    kind: str
    title: str
    fields: list[ChannelField]


@strawberry.type
class ChannelValue:
    name: str
    title: str
    secret: bool
    set: bool
    value: str | None = strawberry.field(description="null for a secret: it is never shown")


@strawberry.type(description="Where people are told.")
class Channel:
    name: str
    kind: str
    title: str = strawberry.field(description="of its kind")
    values: list[ChannelValue]
    min_level: str = strawberry.field(description="info, warning or critical; info is told once a day")
    models: list[str] = strawberry.field(description="globs of model ids")
    enabled: bool
    built_in: bool = strawberry.field(description="set by the operator of the server; nobody else changes it")
    fault: str = strawberry.field(description="what is wrong with it now, '' when nothing is")
    waiting: int
    dead: int = strawberry.field(description="messages that were given up")
    sent: int
    delivered_at: DateTime | None
    failed_at: DateTime | None
    error: str = strawberry.field(description="how the last try went, '' when it was delivered")
    held_until: DateTime | None = strawberry.field(description="nothing is sent before, because the receiver said so")


@strawberry.type(description="How a test message went, in the receiver's words.")
class TestedChannel:
    delivered: bool
    permanent: bool
    error: str
    seconds: float


@strawberry.type
class Message:
    id: strawberry.ID
    channel: str
    event: str
    level: Level
    title: str
    key: str = strawberry.field(description="the same on every try")
    state: str = strawberry.field(description="waiting, sent, dead or dropped")
    attempts: int
    created_at: DateTime
    next_at: DateTime | None
    done_at: DateTime | None
    error: str
    alerts: list[int] = strawberry.field(description="the numbers of the alerts that it names")
