"""The types of the GraphQL schema that tell whether groups are treated alike."""

from __future__ import annotations

import strawberry

from modelwatch.server.graph.context import Info
from modelwatch.server.graph.enums import DateTime, Level
from modelwatch.server.graph.performance_types import OutcomeWindow
from modelwatch.server.graph.resolved import resolved
from modelwatch.server.queries import fairness
from modelwatch.server.queries.model import ModelDetail


@strawberry.type
class GroupFigure:
    figure: str = strawberry.field(description="e.g. selection_rate, true_positive_rate, false_positive_rate")
    title: str
    value: float | None
    low: float | None
    high: float | None
    rows: float
    end: DateTime = strawberry.field(description="end of the window it is of")


@strawberry.type
class FairGroup:
    label: str
    key: str
    is_reference: bool = strawberry.field(description="the others are held against this group")
    level: Level | None
    rows: float | None
    figures: list[GroupFigure]


@strawberry.type(description="One metric of a group against its reference group.")
class Disparity:
    metric: str
    title: str
    kind: str = strawberry.field(description="difference, ratio or means")
    group: str
    group_key: str
    against: str
    against_key: str
    figure: str = strawberry.field(description="the rate or mean that decided")
    value: float | None
    low: float | None
    high: float | None
    group_value: float | None
    against_value: float | None
    rows: float | None
    against_rows: float | None
    p_value: float | None = strawberry.field(description="adjusted for all comparisons of the window")
    level: Level | None
    single: Level | None
    before: float | None = strawberry.field(description="the value in the baseline")
    stood: bool = strawberry.field(description="the rule was already broken in the baseline")
    threshold_warning: float
    threshold_critical: float
    text: str
    end: DateTime = strawberry.field(description="end of the window it is of")


@strawberry.type(description="A metric over all groups of an attribute, as fairlearn defines it; it is not judged.")
class FairSpread:
    metric: str
    title: str
    value: float | None
    end: DateTime


@strawberry.type(description="One group at each of `windows`.")
class GroupLine:
    group: str
    group_key: str
    values: list[float | None]
    lows: list[float | None]
    highs: list[float | None]
    levels: list[Level | None]


def lines(root: strawberry.Parent[fairness.FairAttribute], name: str) -> list[fairness.GroupLine]:
    """A figure of each group (selection_rate) or a metric of each against its reference group, over time."""
    return fairness.lines_over_time(root, name)


@strawberry.type(description="A protected attribute, or several that are crossed.")
class FairAttribute:
    name: str = strawberry.field(description="e.g. 'sex', or 'race and sex'")
    key: str
    crossed: bool
    level: Level | None
    against: str | None = strawberry.field(description="the group that the others are held against")
    groups: list[FairGroup]
    disparities: list[Disparity] = strawberry.field(description="the worst first")
    spreads: list[FairSpread]
    lines: list[GroupLine] = resolved(lines)


@strawberry.type(description="Whether groups are treated alike; what needs labels is of the newest mature window.")
class Fairness:
    version: str
    state: str = strawberry.field(description="off, building, waiting, no_labels, immature or ready")
    reason: str
    favourable: str = strawberry.field(description="the label that people want")
    newest: int | None = strawberry.field(description="place of the newest mature window in `windows`")
    windows: list[OutcomeWindow]
    attributes: list[FairAttribute] = strawberry.field(description="the worst first")


def read(
    root: strawberry.Parent[ModelDetail],
    info: Info,
    attribute: str | None = None,
    start: DateTime | None = None,
    end: DateTime | None = None,
) -> fairness.FairnessState:
    """The protected attributes of the version."""
    return fairness.read_fairness(info.context.connection, root.subject, start, end, attribute)
