"""The types of the GraphQL schema that tell of concept drift."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime, Level
from modelwatch.server.queries import concept as queries
from modelwatch.server.queries.model import ModelDetail


@strawberry.type
class ConceptFinding:
    level: Level
    worse: bool
    at: DateTime = strawberry.field(description="when it was certain, by the time of the predictions")
    since: DateTime = strawberry.field(description="when it happened")
    before: float
    after: float
    labels_before: int
    labels_after: int
    label: int
    detectors: list[str]
    certainty: float = strawberry.field(description="standard errors between the two stretches")
    recurs: int = strawberry.field(description="earlier findings that had moved the errors to such a level")
    text: str


@strawberry.type(description="Whether a model's errors have changed, on the stream of its labels.")
class ConceptDrift:
    state: str = strawberry.field(description="off, waiting, learning or watching")
    reason: str
    metric: str = strawberry.field(description="error_rate or mean_absolute_error")
    labels: int = strawberry.field(description="first labels consumed so far")
    waiting: int = strawberry.field(description="labels that wait to be joined")
    error: float | None = strawberry.field(description="mean error of the present concept")
    label_lag_s: float | None = strawberry.field(description="median seconds from a prediction to its label")
    updated: DateTime | None
    level: Level
    drift_since: DateTime | None
    findings: list[ConceptFinding] = strawberry.field(description="the newest first")


def read(root: strawberry.Parent[ModelDetail], info: Info) -> queries.ConceptDrift:
    """What the detectors of the version have seen and found."""
    return queries.read_concept(info.context.connection, root.subject)
