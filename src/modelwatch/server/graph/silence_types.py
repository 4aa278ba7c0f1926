"""The types of the GraphQL schema that tell of silences and mute times."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.alert_types import Alert
from modelwatch.server.graph.enums import DateTime, Level


@strawberry.type(description="Words that an alert must fit; '' and null fit everything.")
class Matcher:
    model: str = strawberry.field(description="`*` stands for any text, as in kind and feature")
    environment: str
    version: str
    kind: str
    feature: str = strawberry.field(description="must fit every column that the alert names")
    at_least: Level | None
    at_most: Level | None


@strawberry.input(description="Words that an alert must fit; what is left out fits everything, but not all may be.")
class MatcherInput:
    model: str = ""
    environment: str = ""
    version: str = ""
    kind: str = ""
    feature: str = ""
    at_least: Level | None = None
    at_most: Level | None = None


@strawberry.type
class Silence:
    id: strawberry.ID
    matcher: Matcher
    starts_at: DateTime
    ends_at: DateTime
    by: str
    comment: str
    created_at: DateTime
    state: str = strawberry.field(description="pending, active or ended")
    alerts: int = strawberry.field(description="how many alerts fit now and go on")


@strawberry.input(description="Lasts for `hours`, or until `ends_at`.")
class SilenceInput:
    matcher: MatcherInput
    hours: float | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    by: str = ""
    comment: str = ""


@strawberry.type
class MuteSpan:
    weekdays: list[str] = strawberry.field(description="mon to sun")
    start: str = strawberry.field(description="e.g. 18:00; what ends before it begins ends on the next day")
    end: str


@strawberry.input
class MuteSpanInput:
    weekdays: list[str]
    start: str
    end: str


@strawberry.type
class MuteTime:
    name: str
    zone: str
    spans: list[MuteSpan]
    matcher: Matcher
    until: DateTime | None = strawberry.field(description="when the mute that goes on now ends")


@strawberry.input
class MuteTimeInput:
    zone: str
    spans: list[MuteSpanInput]
    matcher: MatcherInput


@strawberry.type(description="Which alerts that go on a matcher means; at most 100 are listed.")
class Meant:
    count: int
    models: int
    alerts: list[Alert]
