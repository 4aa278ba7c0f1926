"""How good a version was, window by window: each metric as measured, as estimated before labels, and its baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection

from modelwatch.core.figure import Figure
from modelwatch.core.figure import Subject as About
from modelwatch.core.level import Level
from modelwatch.core.segment import WHOLE
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.performance import FLOORS, HEADLINES, METRICS, metrics_of
from modelwatch.server.queries.outcome_windows import (
    OutcomeWindow,
    Standing,
    State,
    load_outcome_windows,
    newest_mature,
    shown_window,
    standing_of,
)
from modelwatch.server.queries.segment_performance import of_segment
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.store.concept import load_findings
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, plain

Trend = Literal["degrading", "improving", "stable", "unknown"]
SHORT: Final = {"auc": "roc_auc"}
"""Other names of metrics."""
MOST_OF_SEGMENT: Final = 60
"""Windows of a segment: each is counted from its outcomes."""
ABOUT: Final = (About.PERFORMANCE, About.ESTIMATED, About.TARGET)


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """What a metric is; `unit` is share, number, times or target, and a `headline` is what raises a model."""

    metric: str
    title: str
    unit: str
    up_is_good: bool | None
    low: float | None
    high: float | None
    headline: bool
    source: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One metric, of the class `label` where there is one, at each window: values with 95 % intervals and levels.

    `singles` is what each window says alone, `levels` what stood over disjoint windows. `estimated` is what was
    expected before labels came. `baseline` and the thresholds, values from which on it is large, are the newest.
    """

    metric: str
    title: str
    label: str
    baseline: float | None
    threshold_warning: float | None
    threshold_critical: float | None
    values: list[float | None]
    lows: list[float | None]
    highs: list[float | None]
    rows: list[float | None]
    levels: list[Level | None]
    singles: list[Level | None]
    texts: list[str]
    estimated: list[float | None]
    estimated_lows: list[float | None]
    estimated_highs: list[float | None]
    estimated_levels: list[Level | None]
    estimated_singles: list[Level | None]


@dataclass(frozen=True, slots=True)
class TargetShare:
    """What came true for a share of the newest window's labelled predictions, and of the baseline's."""

    name: str
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Whether what comes true has changed: PSI of the actuals against the baseline's at each window."""

    values: list[float | None]
    levels: list[Level | None]
    chance: float | None
    text: str
    shares: list[TargetShare]


@dataclass(frozen=True, slots=True)
class BaselineSaid:
    """What windows are held against: `kind` is reference or first_weeks."""

    kind: str
    rows: float
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Performance:
    """One version over time. `newest` is the place of the newest mature window, `trend` is degrading, improving, stable
    or unknown; `concept_drift` says that a change of the errors was found in the range."""

    subject: Subject
    version: str
    task: str
    state: State
    reason: str
    trend: Trend
    concept_drift: bool
    baseline: BaselineSaid | None
    newest: int | None
    metrics: list[MetricFacts]
    windows: list[OutcomeWindow]
    lines: list[FigureLine]
    target: TargetLine | None
    checks: list[OutcomeCheck] = field(repr=False)


def read_performance(
    connection: Connection, subject: Subject, start_us: int | None, end_us: int | None, metric: str | None = None
) -> Performance:
    """Every metric over all classes, or one metric with its classes; raises `InvalidRequest` for none that is known."""
    return of_checks(connection, subject, load_checks(connection, subject, start_us, end_us), metric)


def load_checks(
    connection: Connection, subject: Subject, start_us: int | None, end_us: int | None
) -> list[OutcomeCheck]:
    """The windows of a range with the figures of the whole or of one segment."""
    if not subject.segment:
        return load_outcome_windows(connection, subject, start_us, end_us, ABOUT)
    few = load_outcome_windows(connection, subject, start_us, end_us, (), MOST_OF_SEGMENT)
    return of_segment(connection, subject, few)


def of_checks(
    connection: Connection, subject: Subject, checks: list[OutcomeCheck], metric: str | None = None
) -> Performance:
    """The same out of windows that were read."""
    name = None if metric is None else known_metric(metric, subject.model.task)
    newest = newest_mature(checks)
    return made(connection, subject, checks, newest, standing_of(connection, subject, checks), name)


def made(
    connection: Connection,
    subject: Subject,
    checks: list[OutcomeCheck],
    newest: int | None,
    said: Standing,
    name: str | None,
) -> Performance:
    """The answer out of its windows."""
    lines = lines_of(checks, name)
    task = subject.model.task
    found = {line.metric for line in lines}
    first, last = (checks[0].end_us - checks[0].length_us, checks[-1].end_us) if checks else (0, 0)
    drifted = any(each.level.raised and first <= each.at_us <= last for each in findings(connection, subject, checks))
    return Performance(
        subject=subject,
        version=subject.deployment.version,
        task=task,
        state=said.state,
        reason=said.reason,
        trend="unknown" if newest is None else trend(checks[newest]),
        concept_drift=drifted,
        baseline=baseline_said(checks[-1].baseline) if checks else None,
        newest=newest,
        metrics=[facts_of(each, task) for each in METRICS if each in found],
        windows=[shown_window(row) for row in checks],
        lines=lines,
        target=target_line(checks),
        checks=checks,
    )


def findings(connection: Connection, subject: Subject, checks: Sequence[OutcomeCheck]) -> list[Any]:
    """What the detectors of concept drift found; they look at the whole only."""
    return list(load_findings(connection, subject.deployment.id)) if checks and not subject.segment else []


def known_metric(metric: str, task: str) -> str:
    """The name of a metric; raises `InvalidRequest` for one that there is not, or not of models of this task."""
    name = SHORT.get(metric, metric)
    names = [each.name for each in metrics_of(task)] or list(METRICS)
    if name not in names:
        other = METRICS.get(name)
        what = f"there is no metric {metric[:200]!r}" if other is None else f"{name!r} is no metric of {task} models"
        raise InvalidRequest(what, hint=meant(name, names))
    return name


def facts_of(name: str, task: str) -> MetricFacts:
    """The facts of a metric."""
    metric = METRICS[name]
    headline = name in HEADLINES.get(task, ())
    low, high = plain(metric.low), plain(metric.high)
    return MetricFacts(name, metric.title, metric.unit, metric.up_is_good, low, high, headline, metric.source)


def baseline_said(said: dict[str, Any]) -> BaselineSaid | None:
    """What stands with a window of its baseline; None where there was none."""
    if not said.get("kind"):
        return None
    return BaselineSaid(said["kind"], float(said.get("rows") or 0.0), said.get("start_us"), said.get("end_us"))


def lines_of(checks: Sequence[OutcomeCheck], metric: str | None) -> list[FigureLine]:
    """The metrics in the order in which they are shown, of everything first."""
    at = [{row.figure: row for row in check.figures} for check in checks]
    names: dict[tuple[str, str], None] = {}
    for held in at:
        for subject, name, cut, label in held:
            wanted = label == "" if metric is None else name == metric
            if wanted and subject is not About.TARGET and cut == WHOLE and name in METRICS:
                names[name, label] = None
    order = {name: i for i, name in enumerate(METRICS)}
    lines = []
    for name, label in sorted(names, key=lambda key: (order[key[0]], key[1])):
        real, expected = (Figure(about, name, WHOLE, label) for about in (About.PERFORMANCE, About.ESTIMATED))
        lines.append(line_of(name, label, [held.get(real) for held in at], [held.get(expected) for held in at]))
    return lines


def line_of(
    name: str, label: str, real: Sequence[FigureRow | None], expected: Sequence[FigureRow | None]
) -> FigureLine:
    """One metric over the windows."""
    baseline = next((row.baseline for row in reversed(real) if row and math.isfinite(row.baseline)), math.nan)
    if math.isnan(baseline):
        baseline = next((row.baseline for row in reversed(expected) if row and math.isfinite(row.baseline)), math.nan)
    warning, critical = limits(name, baseline)
    return FigureLine(
        metric=name,
        title=METRICS[name].title,
        label=label,
        baseline=plain(baseline),
        threshold_warning=None if label else warning,
        threshold_critical=None if label else critical,
        values=[None if row is None else plain(row.value) for row in real],
        lows=[None if row is None else plain(row.low) for row in real],
        highs=[None if row is None else plain(row.high) for row in real],
        rows=[None if row is None else plain(row.rows) for row in real],
        levels=[level_of(row) for row in real],
        singles=[None if row is None else row.single for row in real],
        texts=["" if row is None else row.text for row in real],
        estimated=[None if row is None else plain(row.value) for row in expected],
        estimated_lows=[None if row is None else plain(row.low) for row in expected],
        estimated_highs=[None if row is None else plain(row.high) for row in expected],
        estimated_levels=[level_of(row) for row in expected],
        estimated_singles=[None if row is None else row.single for row in expected],
    )


def level_of(row: FigureRow | None) -> Level | None:
    """What stands of a figure: over disjoint windows, else of its window alone; None where nothing is judged."""
    return None if row is None else row.level or row.single


def limits(name: str, baseline: float) -> tuple[float | None, float | None]:
    """The values from which on a metric is at warning and at critical; None where it has no floor or no baseline."""
    if name not in FLOORS or not math.isfinite(baseline):
        return None, None
    return FLOORS[name].at(baseline, -1.0 if METRICS[name].up_is_good else 1.0)


def trend(check: OutcomeCheck) -> Trend:
    """Where the headline metrics of a window stand against the baseline."""
    held = [row for row in check.figures if row.figure.subject is About.PERFORMANCE and row.single is not None]
    judged = [row for row in held if row.single is not Level.INSUFFICIENT_DATA]
    if not judged:
        return "unknown"
    if any(level.raised for row in judged if (level := level_of(row)) is not None):
        return "degrading"
    return "improving" if any(improved(row) for row in judged) else "stable"


def improved(row: FigureRow) -> bool:
    """True when a figure is better than the baseline for certain, by as much as a loss would be large."""
    warning, _ = limits(row.figure.metric, row.baseline)
    if warning is None:
        return False
    away = abs(warning - row.baseline)
    return -row.size >= away and not row.low <= row.baseline <= row.high


def target_line(checks: Sequence[OutcomeCheck]) -> TargetLine | None:
    """The drift of what came true; None where no window has any."""
    wanted = Figure(About.TARGET, "psi")
    rows = [next((row for row in check.figures if row.figure == wanted), None) for check in checks]
    newest = next((row for row in reversed(rows) if row is not None), None)
    if newest is None:
        return None
    shares = [TargetShare(str(each[0]), float(each[1]), float(each[2])) for each in newest.evidence.get("shares", [])]
    return TargetLine(
        [None if row is None else plain(row.value) for row in rows],
        [level_of(row) for row in rows],
        newest.evidence.get("chance"),
        newest.text,
        shares,
    )
