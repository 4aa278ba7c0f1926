"""How alike groups are treated: each attribute's groups with their figures, and every group against its reference."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.figure import Figure
from modelwatch.core.figure import Subject as About
from modelwatch.core.group import AND, Group, group_of
from modelwatch.core.level import CODE, Level
from modelwatch.core.segment import WHOLE
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.monitors.fairness import FairnessSettings, Metric
from modelwatch.monitors.fairness.metrics import COMPARED, SELECTION_RATE
from modelwatch.server.queries.outcome_windows import (
    OutcomeWindow,
    Standing,
    State,
    load_outcome_windows,
    newest_mature,
    shown_window,
    standing_of,
)
from modelwatch.server.queries.performance import level_of
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import BADNESS
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, plain

METRICS: Final = frozenset(metric.value for metric in Metric)
SET_UP: Final = 'PATCH /api/v1/models/{model_id} with {"fairness": {"attributes": ["sex"]}} names protected attributes'


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """One figure of one group, e.g. its selection rate, in the window that ends at `end`, with its 95 % interval."""

    figure: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    rows: float
    end: int


@dataclass(frozen=True, slots=True)
class FairGroup:
    """One group of people; `is_reference` marks the one that the others are held against. `level` is the worst of what
    is said of it."""

    label: str
    key: str
    is_reference: bool
    level: Level | None
    rows: float | None
    figures: list[GroupFigure]


@dataclass(frozen=True, slots=True)
class DisparityShown:
    """One metric of a group against its reference group, in the window that ends at `end`.

    `value` is a difference or a ratio with its 95 % interval; `figure` names the rate or mean that decided. `before` is
    the value in the baseline, and `stood` says that the rule was already broken there.
    """

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
    end: int


@dataclass(frozen=True, slots=True)
class SpreadShown:
    """A metric over all groups of an attribute, as fairlearn defines it; it is not judged."""

    metric: str
    title: str
    value: float | None
    end: int


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A figure of a group, or a metric of a group against its reference, at each window; None where there is none."""

    group: str
    group_key: str
    values: list[float | None]
    lows: list[float | None]
    highs: list[float | None]
    levels: list[Level | None]


@dataclass(frozen=True, slots=True)
class FairAttribute:
    """One attribute, or several that are crossed: the groups, and what is said of them, the worst first."""

    name: str
    key: str
    crossed: bool
    level: Level | None
    against: str | None
    groups: list[FairGroup]
    disparities: list[DisparityShown]
    spreads: list[SpreadShown]
    checks: Sequence[OutcomeCheck] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FairnessState:
    """One version over time; the worst attribute first. `newest` is the place of the newest mature window: figures that
    need labels are of it, the others of the newest window of all."""

    version: str
    state: State
    reason: str
    favourable: str
    newest: int | None
    windows: list[OutcomeWindow]
    attributes: list[FairAttribute]


def read_fairness(
    connection: Connection,
    subject: Subject,
    start_us: int | None,
    end_us: int | None,
    attribute: str | None = None,
) -> FairnessState:
    """The attributes over the windows of a range; raises `NotFound` for an attribute that is not watched."""
    settings = FairnessSettings.from_json(subject.model.settings.get("fairness") or {})
    checks = load_outcome_windows(connection, subject, start_us, end_us, (About.FAIRNESS,))
    newest = newest_mature(checks)
    found = attributes_of(checks, newest, settings)
    if attribute is not None:
        found = of_attribute(found, attribute, settings)
    said = Standing("off", f"no protected attribute is named; {SET_UP}")
    if settings.attributes:
        said = standing_of(connection, subject, checks)
    return FairnessState(
        subject.deployment.version,
        said.state,
        said.reason,
        settings.favourable or str(subject.model.settings.get("positive_label") or ""),
        newest,
        [shown_window(row) for row in checks],
        found,
    )


def of_attribute(found: Sequence[FairAttribute], wanted: str, settings: FairnessSettings) -> list[FairAttribute]:
    """The attributes of that name or key."""
    mine = [each for each in found if wanted in (each.name, each.key)]
    named = [each.name for each in settings.attributes]
    if not mine and wanted not in named:
        raise NotFound(
            f"no attribute {wanted[:200]!r} is watched", hint=meant(wanted, [*named, *(each.name for each in found)])
        )
    return mine


def attributes_of(
    checks: Sequence[OutcomeCheck], newest: int | None, settings: FairnessSettings
) -> list[FairAttribute]:
    """Every attribute, the worst first, then in order of coming."""
    rows = newest_rows(checks, newest)
    parts: dict[str, list[tuple[FigureRow, int]]] = {}
    for row, end in rows:
        if row.figure.cut != WHOLE:
            parts.setdefault(attribute_key(group_of(row.figure.cut)), []).append((row, end))
    spreads = [(row, end) for row, end in rows if row.figure.cut == WHOLE]
    found = [attribute_of(key, held, spreads, settings, checks) for key, held in parts.items()]
    return sorted(found, key=lambda each: (badness(each.level), each.crossed))


def newest_rows(checks: Sequence[OutcomeCheck], newest: int | None) -> list[tuple[FigureRow, int]]:
    """Each figure with the end of its window: the newest mature one's, and what only the newest of all knows or, where
    no labels are needed, knows better."""
    if not checks:
        return []
    found: dict[Figure, tuple[FigureRow, int]] = {}
    for check in (checks[-1], checks[-1 if newest is None else newest]):
        for row in check.figures:
            if math.isfinite(row.value):
                found.setdefault(row.figure, (row, check.end_us))
    return list(found.values())


def attribute_key(group: Group) -> str:
    """What tells the attributes of groups apart, e.g. 'tag:sex', 'tag:race and tag:sex'."""
    return AND.join(f"{part.column.role.value}:{part.column.name}" for part in group.parts)


def badness(level: Level | None) -> int:
    """The place of a level from the worst on; what is not judged comes last."""
    return len(BADNESS) if level is None else int(BADNESS[CODE[level]])


def worst(levels: Sequence[Level | None]) -> Level | None:
    """The worst of levels, None when there is none."""
    return min(levels, key=badness, default=None)


def attribute_of(
    key: str,
    held: Sequence[tuple[FigureRow, int]],
    spreads: Sequence[tuple[FigureRow, int]],
    settings: FairnessSettings,
    checks: Sequence[OutcomeCheck],
) -> FairAttribute:
    """One attribute out of the newest figures of its groups."""
    compared = [disparity_of(row, end, settings) for row, end in held if row.figure.metric in METRICS]
    compared.sort(key=lambda each: (badness(each.level), each.p_value if each.p_value is not None else 2.0))
    against = next((each.against_key for each in compared), None)
    cuts: dict[str, list[GroupFigure]] = {}
    for row, end in held:
        figures = cuts.setdefault(row.figure.cut, [])
        if row.figure.metric not in METRICS:
            figures.append(figure_of(row, end))
    columns = group_of(held[0][0].figure.cut).parts
    name = AND.join(part.column.name for part in columns)
    groups = [group_shown(cut, figures, compared, against) for cut, figures in cuts.items()]
    return FairAttribute(
        name=name,
        key=key,
        crossed=len(columns) > 1,
        level=worst([each.level for each in compared]),
        against=None if against is None else group_of(against).label,
        groups=sorted(groups, key=lambda each: (not each.is_reference, badness(each.level), -(each.rows or 0.0))),
        disparities=compared,
        spreads=[
            SpreadShown(row.figure.metric, words(row.figure.metric), plain(row.value), end)
            for row, end in spreads
            if row.figure.label == name
        ],
        checks=checks,
    )


def words(name: str) -> str:
    """A metric as people write it."""
    return name.replace("_", " ").capitalize()


def figure_of(row: FigureRow, end: int) -> GroupFigure:
    """One figure of a group."""
    name = row.figure.metric
    return GroupFigure(name, words(name), plain(row.value), plain(row.low), plain(row.high), row.rows, end)


def group_shown(
    cut: str, figures: list[GroupFigure], compared: Sequence[DisparityShown], against: str | None
) -> FairGroup:
    """One group with its figures."""
    rows = next((each.rows for each in figures if each.figure == SELECTION_RATE), None)
    if rows is None:
        rows = max((each.rows for each in figures), default=None)
    mine = worst([each.level for each in compared if each.group_key == cut])
    return FairGroup(group_of(cut).label, cut, cut == against, mine, rows, figures)


def disparity_of(row: FigureRow, end: int, settings: FairnessSettings) -> DisparityShown:
    """One comparison."""
    said = row.evidence
    kind = COMPARED[Metric(row.figure.metric)].kind
    warning, critical = settings.rules.of(kind)
    return DisparityShown(
        metric=row.figure.metric,
        title=words(row.figure.metric),
        kind=kind.value,
        group=group_of(row.figure.cut).label,
        group_key=row.figure.cut,
        against=group_of(row.figure.label).label,
        against_key=row.figure.label,
        figure=str(said.get("figure", "")),
        value=plain(row.value),
        low=plain(row.low),
        high=plain(row.high),
        group_value=said.get("group_value"),
        against_value=said.get("against_value"),
        rows=plain(row.rows),
        against_rows=said.get("against_rows"),
        p_value=said.get("p_value"),
        level=level_of(row),
        single=row.single,
        before=plain(row.baseline),
        stood=bool(said.get("stood")),
        threshold_warning=warning,
        threshold_critical=critical,
        text=row.text,
        end=end,
    )


def lines_over_time(attribute: FairAttribute, name: str) -> list[GroupLine]:
    """A figure or a metric of each group over the windows; raises `InvalidRequest` for one that there is not."""
    known = sorted(
        {each.figure for group in attribute.groups for each in group.figures}
        | {each.metric for each in attribute.disparities}
    )
    if name not in known:
        raise InvalidRequest(f"there is no figure {name[:200]!r} of groups", hint=meant(name, known))
    at: list[Mapping[str, FigureRow]] = [
        {row.figure.cut: row for row in check.figures if row.figure.metric == name and row.figure.cut != WHOLE}
        for check in attribute.checks
    ]
    lines = []
    for group in attribute.groups:
        rows = [held.get(group.key) for held in at]
        if any(row is not None for row in rows):
            lines.append(
                GroupLine(
                    group.label,
                    group.key,
                    [None if row is None else plain(row.value) for row in rows],
                    [None if row is None else plain(row.low) for row in rows],
                    [None if row is None else plain(row.high) for row in rows],
                    [level_of(row) for row in rows],
                )
            )
    return lines
