"""The types of the GraphQL schema that tell of rows without a usable value."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import ColumnKind, ColumnRole, DateTime, DriftMetric, Level


@strawberry.type
class RateCell:
    metric: DriftMetric
    value: float
    before: float | None = strawberry.field(description="share of the reference's rows")
    chance: float | None = strawberry.field(description="what the share stays under in 99 % of windows without change")
    p_value: float | None
    level: Level = strawberry.field(
        description="of this kind of row in the newest window; raised only once its column is"
    )
    since: DateTime | None
    values: list[float | None] = strawberry.field(
        description="the largest share in each stretch that ends at `times`; empty where there never was one"
    )


@strawberry.type
class RateLine:
    name: str
    role: ColumnRole
    kind: ColumnKind
    level: Level = strawberry.field(description="the worst of its cells")
    since: DateTime | None
    cells: list[RateCell] = strawberry.field(description="kinds of rows that have a meaning for the column")


@strawberry.type
class RateMap:
    end: DateTime | None = strawberry.field(description="of the newest window; null before the first check")
    rows: float
    reference_rows: float
    times: list[DateTime] = strawberry.field(description="ends of at most 60 stretches, ascending")
    lines: list[RateLine] = strawberry.field(description="the worst first")
