"""/api/v1/models/{model_id}/segments: how each segment stands, or which of them carry the drift of a feature."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Role
from modelwatch.errors import InvalidRequest
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries.carriers import read_carriers
from modelwatch.server.queries.column import find_column
from modelwatch.server.queries.segments import SegmentsState, read_segments
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.shapes import Moment, Number, Raised, Shape
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["drift"], dependencies=[permission("read")])


class CutColumn(Shape):
    """A tag or feature that cuts the model; `others` values found no place (1,000 are counted at most)."""

    role: Role
    name: str
    watched: int
    others: int
    told: str


class SegmentState(Shape):
    """One watched segment in its newest window. `label` or `key` is what `segment=` takes elsewhere."""

    label: str
    key: str
    role: Role
    name: str
    value: str | None
    level: Level
    since: Moment | None
    reason: str
    rows: float
    reference_rows: float
    window_start: Moment | None
    window_end: Moment | None
    drifted: int
    largest: Number
    raised: list[Raised]
    building: bool


class SegmentList(Shape):
    """How a version is cut, the worst segment first; `state` is `building` while past rows are being counted."""

    model_id: str
    environment: str
    version: str
    state: Literal["off", "building", "ready"]
    limit: int
    columns: list[CutColumn]
    segments: list[SegmentState]


class SegmentCarrier(Shape):
    """A segment's part in the drift of a column, in PSI; `label` and `key` are null for rows of no watched segment.

    `within` is what changed inside the segment, `mix` what its share of rows changed. `named` is `within` or `mix`
    where that is certain (p-values are adjusted for the number of segments) and large enough, else ''.
    """

    label: str | None
    key: str | None
    rows: float
    reference_rows: float
    share: float
    reference_share: float
    part: float
    within: float
    mix: float
    without: float | None
    within_p: float
    mix_p: float
    named: str
    text: str


class SegmentRanking(Shape):
    """The segments of one tag or feature; the parts of all carriers add up to `total`."""

    role: Role
    name: str
    window_start: Moment
    window_end: Moment
    total: float
    within: float
    mix: float
    incomplete: bool
    carriers: list[SegmentCarrier]


class Carriers(Shape):
    """Which segments carry the drift of a feature in a window of the whole: evidence, not proof of a cause."""

    model_id: str
    environment: str
    version: str
    feature: str
    role: Role
    rankings: list[SegmentRanking]


@router.get(
    "/models/{model_id}/segments",
    summary="Segments, or which of them carry a drift",
    response_model=SegmentList | Carriers,
)
def get_segments(
    model_id: ModelId,
    services: Given,
    feature: Annotated[str | None, Query(description="rank the segments by their part in its drift")] = None,
    end_time: Annotated[str | None, Query(description="the window that ends then or before; newest if absent")] = None,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> SegmentsState | dict[str, Any]:
    """How each watched segment stands; with a feature, what each contributes to the drift of the whole."""
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        if feature is None:
            return read_segments(connection, subject)
        key = find_column(connection, subject, feature)
        if key.role is Role.EMBEDDING:
            hint = "GET .../drift?segment= tells how far each segment has moved by itself"
            raise InvalidRequest(f"{feature!r} holds vectors, whose distance cannot be split over segments", hint=hint)
        rankings = read_carriers(connection, subject, key, None if end_time is None else parse_time(end_time))
    return {
        "model_id": subject.model.name,
        "environment": subject.deployment.environment,
        "version": subject.deployment.version,
        "feature": feature,
        "role": key.role,
        "rankings": rankings,
    }
