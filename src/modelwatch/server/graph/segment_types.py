"""The types of the GraphQL schema that tell of segments."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import ColumnRole, DateTime, DriftMetric, Level


@strawberry.type
class SegmentRaised:
    column: str
    role: ColumnRole
    metric: DriftMetric
    value: float
    level: Level


@strawberry.type
class CutColumn:
    role: ColumnRole
    name: str
    watched: int
    others: int = strawberry.field(description="values that found no place; 1,000 are counted at most")
    told: str = strawberry.field(description="the same in words, e.g. '12 other values are not watched'")


@strawberry.type(description="One watched segment in its newest window.")
class SegmentState:
    label: str = strawberry.field(description="how people write it, e.g. region=us-west; what `segment` takes")
    key: str = strawberry.field(description="what no two segments share; `segment` takes it too")
    role: ColumnRole
    name: str
    value: str | None = strawberry.field(description="null = the rows without a usable value")
    level: Level
    since: DateTime | None
    reason: str
    rows: float
    reference_rows: float
    window_start: DateTime | None
    window_end: DateTime | None
    drifted: int
    largest: float | None = strawberry.field(description="largest PSI of any feature")
    raised: list[SegmentRaised] = strawberry.field(description="at most 3, worst first")
    building: bool = strawberry.field(description="its past rows are still being counted")


@strawberry.type
class Segments:
    state: str = strawberry.field(description="off, building or ready")
    limit: int
    columns: list[CutColumn]
    segments: list[SegmentState] = strawberry.field(description="the worst first")


@strawberry.type(description="A segment's part in the drift of a column, in PSI. It is evidence, not proof of a cause.")
class Carrier:
    label: str | None = strawberry.field(description="null = the rows of no watched segment")
    key: str | None
    rows: float
    reference_rows: float
    share: float = strawberry.field(description="of the window's rows")
    reference_share: float
    part: float = strawberry.field(description="within + mix; the parts of all carriers add up to the total")
    within: float = strawberry.field(description="what changed inside the segment")
    mix: float = strawberry.field(description="what its share of rows changed")
    without: float | None = strawberry.field(description="PSI when the segment is left out of both sides")
    within_p: float = strawberry.field(description="adjusted for the number of segments, as is mixP")
    mix_p: float
    named: str = strawberry.field(description="within or mix where that is certain and matters, else ''")
    text: str


@strawberry.type
class SegmentRanking:
    role: ColumnRole
    name: str = strawberry.field(description="the tag or feature that cuts the model")
    window_start: DateTime
    window_end: DateTime
    total: float
    within: float
    mix: float
    incomplete: bool
    carriers: list[Carrier] = strawberry.field(description="named ones first, then by part")
