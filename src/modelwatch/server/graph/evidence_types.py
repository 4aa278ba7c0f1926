"""The types of the GraphQL schema that tell of the running evidence of critical models."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import ColumnRole, DateTime, Level
from modelwatch.server.queries import evidence as queries
from modelwatch.server.queries.model import ModelDetail


@strawberry.type
class ColumnEvidence:
    column: str
    role: ColumnRole
    level: Level = strawberry.field(description="what the test has raised and is not over")
    evidence: str = strawberry.field(description="odds against 'nothing has changed', e.g. '1 : 40'")
    asked: str = strawberry.field(description="the odds from which on a change is certain")
    margin: float = strawberry.field(description="ln(evidence / asked): 0 and above is certain")
    rows: float = strawberry.field(description="rows of the epoch that comes nearest to an alarm")
    since: DateTime = strawberry.field(description="when that epoch began, by arrival")
    told: str


@strawberry.type(description="The sequential test of a critical model, which looks after every batch.")
class Evidence:
    state: str = strawberry.field(description="off, waiting or running")
    reason: str = strawberry.field(description="why it is off or waits, or what it began with")
    since: DateTime | None
    updated: DateTime | None
    rows: float
    false_alerts_per_1000_days: float
    columns: list[ColumnEvidence] = strawberry.field(description="the nearest to an alarm first")


def read(root: strawberry.Parent[ModelDetail], info: Info) -> queries.Evidence:
    """What the sequential test of the version has seen so far."""
    return queries.read_evidence(info.context.connection, root.subject)
