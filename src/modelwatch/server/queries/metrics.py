"""The metrics that users wrote for a model, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US
from modelwatch.errors import InvalidRequest, NotFound
from modelwatch.monitors.custom.watched import Watched, rules_of, watched_metrics
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import BADNESS, MAX_WINDOWS, RANGE_US, stretches
from modelwatch.store.metric_checks import MetricCheck, load_metric_checks, unmeasured
from modelwatch.store.outcome_checks import FigureRow, newest_outcome_check, plain


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One window, named by its end. `value` is None where there was nothing to take it of, or an error that `text`
    tells; `low` to `high` holds it in 95 % of such samples. `baseline` is the mean of the first weeks."""

    timestamp: int
    value: float | None
    low: float | None
    high: float | None
    rows: int
    labelled: int
    mature: bool
    baseline: float | None
    status: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """One version, ascending by window end; `level` and `text` are of the newest window that could be judged, `error`
    says why the newest one failed, '' when nothing is wrong. `waiting` windows of the range are not computed yet."""

    version: str
    level: Level
    text: str
    error: str
    waiting: int
    data_points: list[MetricPoint]


@dataclass(frozen=True, slots=True)
class CustomMetric:
    """A metric as it is set; `expression` is the name of a function where `kind` is python."""

    name: str
    expression: str
    kind: str
    unit: str
    direction: str | None
    threshold_warning: float | None
    threshold_critical: float | None
    min_rows: int
    series: list[MetricSeries]


def read_metrics(
    connection: Connection,
    subjects: Sequence[Subject],
    start_us: int | None = None,
    end_us: int | None = None,
    name: str | None = None,
    most: int | None = None,
) -> list[CustomMetric]:
    """The metrics of a model with one series per version, the last 30 days unless told; raises `NotFound` for a name
    that there is not. With `most`, the worst window of each of so many stretches."""
    wanted = watched_metrics(subjects[0].model.settings.get("metrics"))
    if name is not None:
        chosen = [each for each in wanted if each.metric.name == name]
        if not chosen:
            raise NotFound(f"there is no metric {name!r}", hint=meant(name, [each.metric.name for each in wanted]))
    else:
        chosen = wanted
    if not chosen:
        return []
    loaded = [(each, *windows_of(connection, each, wanted, start_us, end_us)) for each in subjects]
    return [
        shown(each, [series(subject, rows, waiting, each, most) for subject, rows, waiting in loaded])
        for each in chosen
    ]


def windows_of(
    connection: Connection, subject: Subject, metrics: Sequence[Watched], start_us: int | None, end_us: int | None
) -> tuple[list[MetricCheck], int]:
    """The windows of a range that were computed as the metrics are now, and how many are not yet."""
    end = end_us if end_us is not None else subject.now_us + DAY_US
    start = start_us if start_us is not None else (end_us or subject.now_us) - RANGE_US
    newest = newest_outcome_check(connection, subject.deployment.id)
    if newest is None:
        return [], 0
    rules = rules_of(metrics)
    left = unmeasured(connection, subject.deployment.id, newest.length_us, rules, start, -(2**62))
    rows = load_metric_checks(connection, subject.deployment.id, start, end, newest.length_us)
    if len(rows) > MAX_WINDOWS:
        raise InvalidRequest(f"the range holds {len(rows):,} windows", hint=f"ask for at most {MAX_WINDOWS:,}")
    return [row for row in rows if row.rules == rules], sum(each <= end for each in left)


def series(
    subject: Subject, rows: Sequence[MetricCheck], waiting: int, watched: Watched, most: int | None
) -> MetricSeries:
    """One metric of one version."""
    version = subject.deployment.version
    held = [(row.end_us, f) for row in rows for f in row.figures if f.figure.metric == watched.metric.name]
    points = [point(end, figure) for end, figure in held]
    if not points:
        return MetricSeries(version, Level.NO_DATA, "no window has been computed yet", "", waiting, [])
    error = points[-1].text if points[-1].level is Level.ERROR else ""
    told = next((each for each in reversed(points) if each.level is not Level.INSUFFICIENT_DATA), points[-1])
    return MetricSeries(version, told.level, told.text, error, waiting, thinned(points, most))


def point(end_us: int, row: FigureRow) -> MetricPoint:
    """One window as people see it."""
    level = row.level or row.single or Level.NO_DATA
    said = row.evidence
    return MetricPoint(
        end_us,
        plain(row.value),
        plain(row.low),
        plain(row.high),
        int(said.get("rows", 0)),
        int(said.get("labelled", 0)),
        bool(said.get("mature", False)),
        plain(row.baseline),
        level.status,
        level,
        row.text,
    )


def thinned(points: list[MetricPoint], most: int | None) -> list[MetricPoint]:
    """The worst window of each of at most `most` stretches, the newest of equally bad ones."""
    if most is None or len(points) <= most:
        return points
    starts = stretches(len(points), most)
    return [
        min(reversed(points[first:last]), key=lambda each: int(BADNESS[CODE[each.level]]))
        for first, last in zip(starts, [*starts[1:], len(points)], strict=True)
    ]


def shown(watched: Watched, found: list[MetricSeries]) -> CustomMetric:
    """A metric with its series."""
    metric = watched.metric
    return CustomMetric(
        metric.name,
        metric.expression,
        metric.kind.value,
        metric.unit,
        None if metric.direction is None else metric.direction.value,
        watched.warning,
        watched.critical,
        watched.min_rows,
        found,
    )
