"""The performance of segments: one over time, counted from its outcomes as no check stores it, or all in one window."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from modelwatch.core.figure import Figure
from modelwatch.core.figure import Subject as About
from modelwatch.core.group import group_of
from modelwatch.core.judging import Judging
from modelwatch.core.level import CODE, Level
from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance import HEADLINES, METRICS, Judgement, judged, measures
from modelwatch.monitors.performance.maturity import ON_TIME
from modelwatch.profiles.outcomes import Fact, Outcomes, Total
from modelwatch.server.queries.outcome_windows import baseline_of
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import load_joined
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, plain
from modelwatch.store.outcomes import window_outcomes


@dataclass(frozen=True, slots=True)
class SegmentPerformance:
    """A metric of one cut with its 95 % interval, and the baseline's of the same cut."""

    label: str
    key: str
    rows: float
    value: float | None
    low: float | None
    high: float | None
    baseline: float | None


def of_segment(connection: Connection, subject: Subject, checks: Sequence[OutcomeCheck]) -> list[OutcomeCheck]:
    """Checked windows with the figures of one segment in the place of the whole's.

    Nobody is alerted of them: what one window says alone is at most a notice in the end.
    """
    rules = load_joined(connection, subject.model.id).rules
    if not checks or not rules:
        return []
    judging = Judging.from_json(rules)
    positive = (judging.positive or "") if judging.task == "binary" else ""
    before = measures(baseline_of(connection, subject, checks[-1]).only(subject.segment), judging.task, positive)
    found = []
    for check, whole in with_outcomes(connection, subject.deployment.id, checks):
        mine = whole.only(subject.segment)
        ripe = with_labels(check, mine)
        thresholds = subject.thresholds(check.length_us)
        now = measures(mine, judging.task, positive) if ripe.labelled else []
        level = {each.metric: each for each in judged(now, before, judging.task, thresholds)} if before else {}
        past = {(each.metric, each.label): each.value for each in before}
        figures = [
            row_of(each, past.get((each.metric, each.label), math.nan), level.get(each.metric), ripe) for each in now
        ]
        worst = min((row.level for row in figures if row.level), key=lambda each: CODE[each], default=None)
        found.append(replace(ripe, figures=tuple(figures), level=worst or Level.INSUFFICIENT_DATA))
    return found


def with_outcomes(
    connection: Connection, deployment_id: int, checks: Sequence[OutcomeCheck]
) -> Iterator[tuple[OutcomeCheck, Outcomes]]:
    """Windows with what was counted in them; of windows far apart nothing between them is read."""
    runs: list[list[OutcomeCheck]] = []
    for check in checks:
        last = runs[-1][-1] if runs else None
        if last is not None and last.length_us == check.length_us and check.end_us - check.length_us < last.end_us:
            runs[-1].append(check)
        else:
            runs.append([check])
    for run in runs:
        found = window_outcomes(connection, deployment_id, run[0].length_us, [check.end_us for check in run])
        yield from ((check, outcomes) for check, (_, outcomes) in zip(run, found, strict=True))


def with_labels(check: OutcomeCheck, mine: Outcomes) -> OutcomeCheck:
    """A window with the labels of one segment; it is no riper than the whole, and not where its own labels lack."""
    seen = float(mine.totals(fact=Fact.SEEN)[Total.ROWS])
    labelled = float(mine.totals()[Total.ROWS])
    coverage, expected = (labelled / seen if seen else 0.0), check.labels.get("expected")
    labels = {**check.labels, "coverage": coverage}
    lacks = expected is not None and coverage < ON_TIME * expected
    if check.mature and lacks:
        labels["reason"] = f"{coverage:.0%} of the predictions are labelled where {expected:.0%} should be by now"
    mature = check.mature and not lacks
    return replace(check, seen=seen, labelled=labelled, mature=mature, labels=labels)


def row_of(measure: Measure, baseline: float, judgement: Judgement | None, check: OutcomeCheck) -> FigureRow:
    """One metric of a segment in one window."""
    figure = Figure(About.PERFORMANCE, measure.metric, WHOLE, measure.label)
    row = FigureRow(figure, measure.value, measure.low, measure.high, measure.rows, baseline)
    if judgement is None or measure.label:
        return row
    single = judgement.level if check.mature else Level.INSUFFICIENT_DATA
    return replace(row, size=judgement.loss, single=single, level=Level.NOTICE if single.raised else single)


def segments_of(now: Outcomes, before: Outcomes, task: str, positive: str) -> list[SegmentPerformance]:
    """Every cut that has labelled rows, the worst of the first headline metric first."""
    metric = HEADLINES.get(task, ("",))[0]
    found = []
    for cut in now.cuts:
        rows = float(now.totals(cut)[Total.ROWS])
        if cut == WHOLE or rows <= 0:
            continue
        mine = value_of(now, task, positive, cut, metric)
        past = value_of(before, task, positive, cut, metric)
        if mine is not None:
            baseline = None if past is None else plain(past.value)
            found.append(
                SegmentPerformance(
                    group_of(cut).label, cut, rows, plain(mine.value), plain(mine.low), plain(mine.high), baseline
                )
            )
    sign = 1.0 if metric and METRICS[metric].up_is_good else -1.0
    return sorted(found, key=lambda each: (each.value is None, sign * (each.value or 0.0)))


def value_of(outcomes: Outcomes, task: str, positive: str, cut: str, metric: str) -> Measure | None:
    """The metric of one cut, None where it has no labelled rows."""
    if cut not in outcomes.cuts or not outcomes.totals(cut)[Total.ROWS]:
        return None
    return next((each for each in measures(outcomes, task, positive, cut) if each.metric == metric), None)
