"""What the fields about segments do."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime
from modelwatch.server.queries.carriers import SegmentRanking, read_carriers
from modelwatch.server.queries.column import Detail
from modelwatch.server.queries.model import ModelDetail
from modelwatch.server.queries.segments import SegmentsState, read_segments


def segments(root: strawberry.Parent[ModelDetail], info: Info) -> SegmentsState:
    """How the version is cut, and how each segment stands."""
    return read_segments(info.context.connection, root.subject)


def carriers(root: strawberry.Parent[Detail], info: Info, end: DateTime | None = None) -> list[SegmentRanking]:
    """Which segments carry the drift of the column in one window of the whole, one ranking per tag or feature."""
    return read_carriers(info.context.connection, root.subject, root.key, end)
