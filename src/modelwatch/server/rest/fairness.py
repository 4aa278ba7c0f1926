"""/api/v1/models/{model_id}/fairness: whether groups are treated alike."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_ENVIRONMENT
from modelwatch.server.paths import ModelId
from modelwatch.server.permission import permission
from modelwatch.server.queries import fairness as queries
from modelwatch.server.queries.outcome_windows import State
from modelwatch.server.queries.subject import find_subject
from modelwatch.server.rest.performance_shapes import OutcomeWindow
from modelwatch.server.rest.shapes import Moment, Shape
from modelwatch.server.services import Given
from modelwatch.server.times import parse_time
from modelwatch.store.engine import reading

router = APIRouter(prefix="/api/v1", tags=["fairness"], dependencies=[permission("read")])


class GroupFigure(Shape):
    """One figure of a group in the window that ends at `end`, with its 95 % interval."""

    figure: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    rows: float
    end: Moment


class FairGroup(Shape):
    """One group; the others are held against the one that `is_reference`."""

    label: str
    key: str
    is_reference: bool
    level: Level | None
    rows: float | None
    figures: list[GroupFigure]


class Disparity(Shape):
    """One metric of a group against its reference group; `stood`: the rule was already broken in the baseline."""

    metric: str
    title: str
    kind: str
    group: str
    group_key: str
    against: str
    against_key: str
    figure: str
    value: float | None
    low: float | None
    high: float | None
    group_value: float | None
    against_value: float | None
    rows: float | None
    against_rows: float | None
    p_value: float | None
    level: Level | None
    single: Level | None
    before: float | None
    stood: bool
    threshold_warning: float
    threshold_critical: float
    text: str
    end: Moment


class Spread(Shape):
    """A metric over all groups of an attribute, as fairlearn defines it; it is not judged."""

    metric: str
    title: str
    value: float | None
    end: Moment


class GroupPoint(Shape):
    """A figure of a group in one window."""

    timestamp: Moment
    value: float | None
    low: float | None
    high: float | None
    level: Level | None


class GroupSeries(Shape):
    """A figure of a group, or a metric of it against its reference group, over time."""

    group: str
    group_key: str
    data_points: list[GroupPoint]


class FairAttribute(Shape):
    """A protected attribute, or several that are crossed; the worst disparity first."""

    name: str
    key: str
    crossed: bool
    level: Level | None
    against: str | None
    groups: list[FairGroup]
    disparities: list[Disparity]
    spreads: list[Spread]
    series: list[GroupSeries]


class Fairness(Shape):
    """A version; the worst attribute first. What needs labels is of the newest mature window."""

    model_id: str
    environment: str
    version: str
    state: State
    reason: str
    favourable: str
    figure: str | None
    windows: list[OutcomeWindow]
    attributes: list[FairAttribute]


@router.get("/models/{model_id}/fairness", summary="Fairness of a model", response_model=Fairness)
def get_fairness(
    model_id: ModelId,
    services: Given,
    attribute: Annotated[str | None, Query(description="a protected attribute; all when absent")] = None,
    figure: Annotated[
        str | None, Query(description="what `series` are of, e.g. selection_rate or equal_opportunity_difference")
    ] = None,
    start_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; 30 days back when absent")] = None,
    end_time: Annotated[str | None, Query(description="ISO 8601 or epoch seconds; now when absent")] = None,
    version: Annotated[str | None, Query(description="the newest when absent")] = None,
    environment: str = DEFAULT_ENVIRONMENT,
) -> Fairness:
    """Every group with its figures, and held against its reference group; the violating attribute first."""
    start, end = (None if text is None else parse_time(text) for text in (start_time, end_time))
    with reading(services.engine) as connection:
        subject = find_subject(connection, model_id, services.clock(), environment, version)
        found = queries.read_fairness(connection, subject, start, end, attribute)
    return Fairness(
        model_id=subject.model.name,
        environment=environment,
        version=found.version,
        state=found.state,
        reason=found.reason,
        favourable=found.favourable,
        figure=figure,
        windows=[OutcomeWindow.model_validate(each) for each in found.windows],
        attributes=[shown(each, found, figure) for each in found.attributes],
    )


def shown(each: queries.FairAttribute, found: queries.FairnessState, figure: str | None) -> FairAttribute:
    """One attribute, with series of a figure where one is asked for."""
    lines = [] if figure is None else queries.lines_over_time(each, figure)
    return FairAttribute(
        name=each.name,
        key=each.key,
        crossed=each.crossed,
        level=each.level,
        against=each.against,
        groups=[FairGroup.model_validate(group) for group in each.groups],
        disparities=[Disparity.model_validate(one) for one in each.disparities],
        spreads=[Spread.model_validate(one) for one in each.spreads],
        series=[series_of(line, found) for line in lines],
    )


def series_of(line: queries.GroupLine, found: queries.FairnessState) -> GroupSeries:
    """One group as points."""
    parts = zip(found.windows, line.values, line.lows, line.highs, line.levels, strict=True)
    points = [GroupPoint(timestamp=w.end, value=v, low=low, high=high, level=level) for w, v, low, high, level in parts]
    return GroupSeries(group=line.group, group_key=line.group_key, data_points=points)
