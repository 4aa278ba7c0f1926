"""Windows of custom metrics: what there is to compute, what each window says alone, and what the first weeks said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, grid
from modelwatch.jobs.outcome_check import parts_of, worst_of
from modelwatch.lake.labelled import labelled_times
from modelwatch.metrics import ColumnInfo, MetricValue, evaluate_windows, visible_columns
from modelwatch.metrics.reading import Reads, needs_labels, reads_of
from modelwatch.monitors.custom.judge import judge
from modelwatch.monitors.custom.watched import Watched, rules_of, watched_metrics
from modelwatch.monitors.drift import Thresholds, thresholds_for
from modelwatch.store import models
from modelwatch.store.baselines import FIRST_US
from modelwatch.store.metric_checks import MetricCheck, load_metric_checks, unmeasured
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, newest_outcome_check

BACK_US: Final = 90 * DAY_US
"""How far back windows are computed that have no figures; later they are when their labels change."""
FIRST_WINDOWS: Final = 6
"""Windows that the first weeks hold at least."""
USABLE: Final = frozenset({Level.OK, Level.NOTICE, Level.WARNING, Level.CRITICAL})


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What is to be computed of one deployment: `ends` ascend."""

    model: models.ModelRow
    deployment: models.DeploymentRow
    metrics: tuple[Watched, ...]
    reads: tuple[Reads, ...]
    columns: tuple[ColumnInfo, ...]
    rules: str
    length: int
    now_us: int
    first_us: int
    ends: tuple[int, ...]

    @property
    def first_weeks_end(self) -> int:
        """Until when windows are what later ones are held against."""
        return self.first_us - self.first_us % DAY_US + max(FIRST_US, FIRST_WINDOWS * self.length)

    @property
    def bounded(self) -> int:
        """How many of the metrics may raise an alert."""
        return sum(each.bounded for each in self.metrics)

    @property
    def thresholds(self) -> Thresholds:
        """What is certain, with the part of the budget that custom metrics have."""
        found = thresholds_for(self.model.settings, self.length)
        return replace(found, part=found.part / parts_of(self.model.settings))

    def next(self) -> tuple[int, ...]:
        """The ends of windows that are computed from one reading of rows: of the first weeks first, since all others
        are held against them, then the newest."""
        first = [end for end in self.ends if end <= self.first_weeks_end]
        spread = max(DAY_US, self.length)
        if first:
            return tuple(end for end in first if end < first[0] + spread)
        return tuple(end for end in self.ends if end > self.ends[-1] - spread)


def load_work(
    connection: Connection, model: models.ModelRow, deployment: models.DeploymentRow, wall_us: int
) -> Work | None:
    """What is to be computed; None when nothing is."""
    metrics = watched_metrics(model.settings.get("metrics"))
    newest = newest_outcome_check(connection, deployment.id)
    if not metrics or newest is None or deployment.first_event_us is None:
        return None
    schemas = [each.schema for each in models.list_deployments(connection, model.id) if each.schema is not None]
    columns = tuple(visible_columns(column for schema in schemas for column in schema.columns))
    reads = tuple(reads_of(each.metric, columns) for each in metrics)
    now_us = deployment.now_us(wall_us)
    where = (model, deployment, tuple(metrics), reads, columns, rules_of(metrics))
    work = Work(*where, newest.length_us, now_us, deployment.first_event_us, ())
    since = now_us - BACK_US
    ends = unmeasured(connection, deployment.id, work.length, work.rules, since, work.first_weeks_end)
    return replace(work, ends=tuple(ends)) if ends else None


def earlier_values(connection: Connection, work: Work) -> dict[str, list[float]]:
    """{metric: values of windows of the first weeks that do not overlap}; nothing while these go on."""
    found: dict[str, list[float]] = {}
    if work.now_us < work.first_weeks_end:
        return found
    last: dict[str, int] = {}
    until = work.first_weeks_end
    for row in load_metric_checks(connection, work.deployment.id, work.first_us, until, work.length):
        for figure in row.figures if row.rules == work.rules else ():
            name = figure.figure.metric
            if figure.single in USABLE and row.end_us - work.length >= last.get(name, work.first_us - DAY_US):
                found.setdefault(name, []).append(figure.value)
                last[name] = row.end_us
    return found


def measured(
    work: Work, rows: pa.Table, checks: Sequence[OutcomeCheck], earlier: Mapping[str, Sequence[float]]
) -> list[MetricCheck]:
    """What each of the windows says alone; `rows` are those of all of them."""
    starts = [check.end_us - work.length for check in checks]
    known = labelled_times(rows)
    labelled = np.diff(np.searchsorted(known, np.array([starts, [c.end_us for c in checks]])), axis=0)[0].tolist()
    values = [evaluate_windows(each.metric, rows, starts, work.length, work.columns) for each in work.metrics]
    found = []
    for i, check in enumerate(checks):
        against = earlier if check.end_us > work.first_weeks_end else {}
        figures = [
            figure_of(work, at, value[i], labelled[i], check, against.get(work.metrics[at].metric.name, ()))
            for at, value in enumerate(values)
        ]
        found.append(window(work, check, figures))
    return found


def window(work: Work, check: OutcomeCheck, figures: Sequence[FigureRow]) -> MetricCheck:
    """A window with its figures."""
    level = worst_of(figures)
    return MetricCheck(work.length, check.end_us, check.checked_us, work.rules, level, tuple(figures))


def figure_of(
    work: Work, at: int, value: MetricValue, labelled: int, check: OutcomeCheck, earlier: Sequence[float]
) -> FigureRow:
    """One metric in one window."""
    watched = work.metrics[at]
    rows = labelled if needs_labels(work.reads[at]) else value.rows
    why_not = reason(work, check, needs_labels(work.reads[at]))
    said = judge(watched, value, rows, why_not, earlier, work.thresholds, work.bounded)
    low, high = value.interval or (math.nan, math.nan)
    number = math.nan if value.value is None else value.value
    evidence = {"rows": value.rows, "labelled": labelled, "mature": check.mature}
    figure = Figure(Subject.CUSTOM, watched.metric.name)
    return FigureRow(figure, number, low, high, rows, said.baseline, said.size, said.level, None, said.text, evidence)


def reason(work: Work, check: OutcomeCheck, labels: bool) -> str:
    """Why a window is not judged, '' when it is: what is not complete would be held against what is."""
    if labels and not check.mature:
        return str(check.labels.get("reason") or "its labels have not all come")
    if check.end_us > work.now_us:
        return "the window has not ended"
    if check.end_us - work.length + grid(work.length) <= work.first_us:
        return "the first predictions came inside the window"
    return ""


def failed(work: Work, end_us: int, told: str) -> MetricCheck:
    """A window that could not be computed at all. It stays on the list of those to compute."""
    figures = []
    for watched in work.metrics:
        figure = Figure(Subject.CUSTOM, watched.metric.name)
        numbers = (math.nan, math.nan, math.nan, 0.0, math.nan, math.nan)
        figures.append(FigureRow(figure, *numbers, Level.ERROR, Level.ERROR, told))
    return MetricCheck(work.length, end_us, 0, work.rules, Level.ERROR, tuple(figures))
