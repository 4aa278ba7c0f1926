"""The type of the GraphQL schema that tells what windows are compared with."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.enums import DateTime


@strawberry.type
class Reference:
    kind: str = strawberry.field(description="uploaded, first_rows, window, moving or seasonal")
    label: str
    rows: float = strawberry.field(description="of a window, moving or seasonal one: for the newest window")
    version: str
    start: DateTime | None
    end: DateTime | None
    created_at: DateTime = strawberry.field(description="when it came or was chosen")
    waiting: str | None = strawberry.field(
        description="what it lacks and what happens meanwhile, in words; null when it is in use"
    )
