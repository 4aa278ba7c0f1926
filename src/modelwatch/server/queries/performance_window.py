"""One window of outcomes close up: confusion matrix, calibration, curves, errors, classes, delays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.judging import Judging
from modelwatch.core.level import Level
from modelwatch.core.segment import WHOLE
from modelwatch.errors import NotFound
from modelwatch.monitors.performance import METRICS, confusion, measures, pr_curve, roc_curve
from modelwatch.monitors.performance.calibration import reliability
from modelwatch.monitors.performance.curves import error_histogram, predicted_histogram, score_histogram
from modelwatch.monitors.performance.scores import Scores, scores_of, top_label_scores
from modelwatch.profiles.outcomes import Outcomes, Total
from modelwatch.server.queries.label_state import Delays, delays_in
from modelwatch.server.queries.outcome_windows import OutcomeWindow, baseline_of, outcomes_at, shown_window
from modelwatch.server.queries.segment_performance import SegmentPerformance, segments_of
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import load_joined
from modelwatch.store.outcome_checks import OutcomeCheck, find_outcome_check, newest_outcome_check, plain

MOST_CLASSES: Final = 30
"""Classes of a confusion matrix; the rarer ones are shown together."""
THE_OTHERS: Final = "(all others)"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricFigure:
    """One metric of the window; `label` names a class where it is of one."""

    metric: str
    title: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    rows: float
    baseline: float | None
    level: Level | None
    single: Level | None
    text: str


@dataclass(frozen=True, slots=True)
class ConfusionShown:
    """Weights `counts` [actual][predicted] of labels, the most frequent first; at most 30 are told apart, the others
    are shown together."""

    labels: list[str]
    counts: list[list[float]]


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Predictions of about one score: the share of them that came true, with its 95 % interval."""

    score: float
    share: float
    low: float
    high: float
    rows: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of a curve: of ROC the false and the true positive rate, of PR recall and precision."""

    x: float
    y: float
    threshold: float


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """Weights of predictions by score: labelled ones that came true and did not, and all."""

    lower: float
    upper: float
    hits: float
    misses: float
    predicted: float


@dataclass(frozen=True, slots=True)
class ErrorBar:
    """Labelled predictions by error, prediction less actual; None where there is no end."""

    lower: float | None
    upper: float | None
    rows: float


@dataclass(frozen=True, slots=True)
class PerformanceWindow:
    """Everything of one window; `baseline_...` is the same of what it is held against. `scored` names the class that
    curves are of; '' where they are of the predicted class of a model of many."""

    window: OutcomeWindow
    segment: str
    task: str
    scored: str
    figures: list[MetricFigure]
    confusion: ConfusionShown | None
    baseline_confusion: ConfusionShown | None
    calibration: list[CalibrationPoint]
    baseline_calibration: list[CalibrationPoint]
    roc: list[CurvePoint]
    baseline_roc: list[CurvePoint]
    pr: list[CurvePoint]
    scores: list[ScoreBar]
    errors: list[ErrorBar]
    delays: Delays
    segments: list[SegmentPerformance]


def read_performance_window(connection: Connection, subject: Subject, end_us: int | None) -> PerformanceWindow | None:
    """The window that ends at a time, else the newest mature one, else the newest; None before the first.

    Raises `NotFound` when no window ends then.
    """
    check = find_window(connection, subject, end_us)
    if check is None:
        return None
    now, before = outcomes_at(connection, subject, check), baseline_of(connection, subject, check)
    rules = load_joined(connection, subject.model.id).rules
    judging = Judging.from_json(rules) if rules else Judging()
    return close_up(subject.segment, check, judging, now, before)


def find_window(connection: Connection, subject: Subject, end_us: int | None) -> OutcomeCheck | None:
    """The window that is meant."""
    deployment = subject.deployment.id
    if end_us is None:
        newest = newest_outcome_check(connection, deployment, mature=True)
        return newest or newest_outcome_check(connection, deployment)
    found = find_outcome_check(connection, deployment, end_us)
    if found is None:
        raise NotFound("no window of outcomes ends then", hint="`windows` of the performance answer lists the ends")
    return found


def close_up(cut: str, check: OutcomeCheck, judging: Judging, now: Outcomes, before: Outcomes) -> PerformanceWindow:
    """The window out of its outcomes, whole or of one cut."""
    positive = (judging.positive or "") if judging.task == "binary" else ""
    scores, past = (scored(each, judging.task, positive, cut) for each in (now, before))
    classes = judging.task in ("binary", "multiclass")
    return PerformanceWindow(
        window=shown_window(check),
        segment=cut,
        task=judging.task,
        scored=positive,
        figures=figures_of(check, judging.task, positive, now, before, cut),
        confusion=shown_confusion(now, cut) if classes else None,
        baseline_confusion=shown_confusion(before, cut) if classes else None,
        calibration=calibration(scores),
        baseline_calibration=calibration(past),
        roc=roc(scores),
        baseline_roc=roc(past),
        pr=precision_recall(scores),
        scores=score_bars(now, scores, cut) if classes else [],
        errors=error_bars(now, cut) if judging.task == "regression" else [],
        delays=delays_in(now, cut),
        segments=segments_of(now, before, judging.task, positive) if cut == WHOLE else [],
    )


def scored(outcomes: Outcomes, task: str, positive: str, cut: str) -> Scores:
    """The scores that curves are drawn from."""
    return scores_of(outcomes, positive, cut) if task == "binary" else top_label_scores(outcomes, cut)


def figures_of(
    check: OutcomeCheck, task: str, positive: str, now: Outcomes, before: Outcomes, cut: str
) -> list[MetricFigure]:
    """Every metric of the window, of everything and of each class, as it was judged; of a segment nothing is."""
    held = {(row.figure.metric, row.figure.label): row for row in check.figures if row.figure.subject == "performance"}
    past = {(each.metric, each.label): each.value for each in measures(before, task, positive, cut)}
    found = []
    for each in measures(now, task, positive, cut) if now.totals(cut)[Total.ROWS] else []:
        row = held.get((each.metric, each.label)) if cut == WHOLE else None
        found.append(
            MetricFigure(
                each.metric,
                METRICS[each.metric].title,
                each.label,
                plain(each.value),
                plain(each.low),
                plain(each.high),
                each.rows,
                plain(past.get((each.metric, each.label), np.nan)),
                None if row is None else row.level or row.single,
                None if row is None else row.single,
                "" if row is None else row.text,
            )
        )
    return found


def shown_confusion(outcomes: Outcomes, cut: str) -> ConfusionShown | None:
    """The table of labels; None where no label was predicted."""
    table = confusion(outcomes, cut)
    if not table.weight:
        return None
    order = np.argsort(-(table.counts.sum(axis=0) + table.counts.sum(axis=1)), kind="stable")
    names, counts = [table.labels[i] for i in order], table.counts[np.ix_(order, order)]
    if len(names) > MOST_CLASSES:
        starts = list(range(MOST_CLASSES))
        counts = np.add.reduceat(np.add.reduceat(counts, starts, axis=0), starts, axis=1)
        names = [*names[: MOST_CLASSES - 1], THE_OTHERS]
    return ConfusionShown(names, counts.tolist())


def calibration(scores: Scores) -> list[CalibrationPoint]:
    """The points of the reliability curve."""
    found = reliability(scores)
    parts = (found.score, found.share, found.low, found.high, found.weight)
    return [CalibrationPoint(*each) for each in zip(*(part.tolist() for part in parts), strict=True)]


def points(x: Floats, y: Floats, threshold: Floats) -> list[CurvePoint]:
    """Arrays as points."""
    return [CurvePoint(*each) for each in zip(x.tolist(), y.tolist(), threshold.tolist(), strict=True)]


def roc(scores: Scores) -> list[CurvePoint]:
    """The ROC curve."""
    curve = roc_curve(scores)
    return points(curve.false_positive_rate, curve.true_positive_rate, curve.threshold)


def precision_recall(scores: Scores) -> list[CurvePoint]:
    """The precision-recall curve."""
    curve = pr_curve(scores)
    return points(curve.recall, curve.precision, curve.threshold)


def score_bars(outcomes: Outcomes, scores: Scores, cut: str) -> list[ScoreBar]:
    """Scores of labelled predictions beside those of all; none where the model gives no scores."""
    known, all_ = score_histogram(scores), predicted_histogram(outcomes, cut)
    if not known.hits.sum() + known.misses.sum() + all_.misses.sum():
        return []
    parts = (known.edges[:-1], known.edges[1:], known.hits, known.misses, all_.misses)
    return [ScoreBar(*each) for each in zip(*(part.tolist() for part in parts), strict=True)]


def error_bars(outcomes: Outcomes, cut: str) -> list[ErrorBar]:
    """Errors of labelled predictions, with what lies beyond the middle at the ends."""
    found = error_histogram(outcomes, cut)
    if not len(found.edges):
        return []
    edges = found.edges.tolist()
    inner = [ErrorBar(*each) for each in zip(edges[:-1], edges[1:], found.weight.tolist(), strict=True)]
    ends = [ErrorBar(None, edges[0], found.below)] if found.below else []
    return [*ends, *inner, *([ErrorBar(edges[-1], None, found.above)] if found.above else [])]
