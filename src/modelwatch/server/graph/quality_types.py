"""The types of the GraphQL schema that tell of different values and repeated ids."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import ColumnKind, ColumnRole, DateTime, Level


@strawberry.type(description="Different values of a column: known categories, or bins of numbers that hold a row.")
class Cardinality:
    name: str
    role: ColumnRole
    kind: ColumnKind
    level: Level
    distinct: int
    reference: int
    expected: float = strawberry.field(description="what the reference would give at that many rows")
    low: int = strawberry.field(description="`low` to `high` holds 99 % of windows without change")
    high: int
    p_value: float


@strawberry.type(description="The share of rows whose prediction_id was seen before in the window.")
class RepeatedIds:
    rows: int
    share: float
    low: float = strawberry.field(description="`low` to `high` is the 99 % interval of the share")
    high: float
    exact: bool = strawberry.field(description="true when all ids were counted, false when a sample of 256 tells")
    level: Level


@strawberry.type(description="The newest window; its unusable rows are under `rates`.")
class Quality:
    start: DateTime | None
    end: DateTime | None
    rows: float
    reference_rows: float
    cardinality: list[Cardinality] = strawberry.field(description="the worst first")
    repeated_ids: RepeatedIds | None = strawberry.field(description="null where no ids were kept")
