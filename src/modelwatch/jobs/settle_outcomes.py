"""Levels of outcome windows over disjoint windows, stored with them, and the alerts that follow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, Engine

from modelwatch.alerts.life import Evaluation
from modelwatch.alerts.pending import pending_items
from modelwatch.alerts.persistence import UNJUDGED, Item, Persistence, Point, raised_items
from modelwatch.alerts.persistence import Judged as Key
from modelwatch.core.figure import Subject
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US, bucket_start
from modelwatch.jobs.looked import NOTHING, Looked
from modelwatch.jobs.outcome_check import Judged, worst_of
from modelwatch.jobs.raise_alerts import align, open_figures
from modelwatch.jobs.revised import revised_figures
from modelwatch.jobs.rules import Settled, Source, evaluate_rules
from modelwatch.monitors.performance import HEADLINES
from modelwatch.store import models
from modelwatch.store.alerts import Evaluated
from modelwatch.store.engine import reading, writing
from modelwatch.store.headlines import Headline, save_headline
from modelwatch.store.metric_checks import MetricCheck
from modelwatch.store.outcome_checks import (
    FigureRow,
    OutcomeCheck,
    load_outcome_checks,
    looked_again,
    newest_outcome_check,
    plain,
    ripe_windows,
    save_outcome_checks,
)
from modelwatch.store.profiles import Series, mark_dirty

Held = TypeVar("Held", OutcomeCheck, MetricCheck)
ALERTED = (Subject.PERFORMANCE, Subject.ESTIMATED, Subject.FAIRNESS, Subject.TARGET)


def settle_outcomes(
    connection: Connection,
    judged: Judged,
    fresh: Sequence[OutcomeCheck],
    rule: Persistence,
    wall_us: int,
) -> None:
    """Decide the levels of the fresh windows and of later ones that look back on them, store all, raise alerts."""
    if not fresh:
        return
    deployment, length = judged.deployment, judged.length
    first, last = fresh[0].end_us, fresh[-1].end_us
    reach = rule.n * length
    stored = load_outcome_checks(connection, deployment.id, first - reach, last + reach, length)
    known = {row.end_us: row for row in stored}
    by_end = dict(sorted((known | {row.end_us: row for row in fresh}).items()))
    ends = [end for end in by_end if end >= first]
    newest = newest_outcome_check(connection, deployment.id, mature=True)
    looked = Looked(length, newest is None or newest.end_us <= last, {}, revised_figures(known, fresh))
    looked = replace(looked, evaluated=evaluated(judged, [newest, *by_end.values()], wall_us))
    raised = follow(connection, judged.model, deployment, length, rule, by_end, ends, ALERTED, wall_us, looked)
    save_outcome_checks(connection, deployment.id, [decided(by_end[end], raised[end]) for end in ends])
    settled = Settled(Source.OUTCOMES, length, first, ends[-1])
    evaluate_rules(connection, judged.model, deployment, settled, wall_us)
    newest = newest_outcome_check(connection, deployment.id, mature=True)
    save_headline(connection, deployment.id, None if newest is None else headline(newest, judged.judging.task))


def evaluated(judged: Judged, windows: Sequence[OutcomeCheck | None], wall_us: int) -> Evaluated:
    """Whether labels still make windows that can be judged: they may take the horizon, and a window lasts, too."""
    last = max((each.end_us for each in windows if each is not None and each.mature), default=None)
    if last is None or judged.now_us - last <= judged.horizon_us + 2 * judged.length:
        return Evaluated(Evaluation.EVALUATED, wall_us)
    days = (judged.now_us - last) / DAY_US
    text = f"no window of the last {days:.3g} days has enough labels to be judged"
    return Evaluated(Evaluation.INSUFFICIENT_DATA, wall_us, text)


def follow(
    connection: Connection,
    model: models.ModelRow,
    deployment: models.DeploymentRow,
    length: int,
    rule: Persistence,
    by_end: Mapping[int, OutcomeCheck] | Mapping[int, MetricCheck],
    ends: Sequence[int],
    subjects: Sequence[Subject],
    wall_us: int,
    looked: Looked = NOTHING,
) -> dict[int, dict[Key, Item]]:
    """What is raised at each of the ends (ascending), of all subjects; their alerts are brought in line with it.

    `by_end` holds earlier windows, too, which persistence looks back on.
    """
    raised: dict[int, dict[Key, Item]] = {end: {} for end in ends}
    for subject in subjects:
        points = {end: point(row, subject) for end, row in by_end.items()}
        before = open_figures(connection, deployment.id, subject, ends[0])
        mine = raised_items(ends, length, points, rule, before)
        for end, items in mine.items():
            raised[end] |= items
        keyed = {end: {item.key: item for item in items.values()} for end, items in mine.items()}
        said = replace(looked, pending=pending_items(ends, length, points, rule, mine))
        align(connection, model, deployment, subject.value, length, keyed, wall_us, said)
    return raised


def point(row: OutcomeCheck | MetricCheck, subject: Subject) -> Point:
    """A window as the alerts of one subject see it."""
    held = [each for each in row.figures if each.single is not None and each.figure.subject is subject]
    levels: dict[Key, int] = {each.figure: CODE[each.single] for each in held if each.single is not None}
    return Point(row.end_us, levels, {each.figure: (each.size, None) for each in held})


def decided(row: Held, raised: Mapping[Key, Item]) -> Held:
    """The window with its final levels: raised only where disjoint windows agree, else at most `notice`."""
    figures = tuple(replace(each, level=level_of(each, raised)) for each in row.figures)
    return replace(row, figures=figures, level=worst_of(figures))


def level_of(row: FigureRow, raised: Mapping[Key, Item]) -> Level | None:
    """The level of a figure over disjoint windows."""
    if row.single is None or CODE[row.single] in UNJUDGED:
        return row.single
    if row.figure in raised:
        return raised[row.figure].level
    return Level.NOTICE if row.single.raised else row.single


def headline(check: OutcomeCheck, task: str) -> Headline | None:
    """The metric that a list of models shows: the worst that is raised, else the first of the task that has a value."""
    held = {row.figure.metric: row for row in check.figures if row.figure.subject is Subject.PERFORMANCE}
    rows = [held[name] for name in HEADLINES.get(task, ()) if name in held and math.isfinite(held[name].value)]
    if not rows:
        return None
    row = min(rows, key=lambda each: CODE[each.level] if each.level is not None and each.level.raised else len(CODE))
    return Headline(
        row.figure.metric, row.value, plain(row.baseline), row.level or Level.INSUFFICIENT_DATA, check.end_us
    )


def ripen(engine: Engine, wall_us: int) -> int:
    """Have windows looked at again whose labels should have come by now; returns how many."""
    found = 0
    with reading(engine) as connection:
        deployments = models.list_deployments(connection)
    for deployment in deployments:
        now_us = deployment.now_us(wall_us)
        with writing(engine) as connection:
            due = ripe_windows(connection, deployment.id, now_us)
            starts = [bucket_start(end - length) for end, length in due]
            mark_dirty(connection, Series(deployment.id), starts, wall_us, 0)
            for end, length in due:
                looked_again(connection, deployment.id, end, length)
        found += len(due)
    return found
