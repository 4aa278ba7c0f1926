"""Looks at the windows after each run of an action, of a new version or the same, and says whether it helped."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.episodes import Event, name
from modelwatch.alerts.life import Status
from modelwatch.alerts.persistence import Item
from modelwatch.alerts.remediation.helped import LOOK_US, WINDOWS, After, Helped, Seen, Verdict, judge
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import CODE, ORDER, Level, worst
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.drift import SIZES, DriftTable, size_metric
from modelwatch.monitors.performance import METRICS
from modelwatch.store import action_runs, models
from modelwatch.store.action_runs import RunRow
from modelwatch.store.alerts import AlertRow, add_events, get_alert
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import CheckRow, window_check
from modelwatch.store.engine import reading, writing
from modelwatch.store.metric_checks import load_metric_checks
from modelwatch.store.models import DeploymentRow
from modelwatch.store.outcome_checks import FigureRow, list_outcome_checks, outcome_checks_at
from modelwatch.store.profiles import Series

EVER: Final = -(1 << 62)
MOST_LOOKED: Final = 50
"""Windows that are looked at for some that could be judged."""
NOT_JUDGED: Final = frozenset({Level.INSUFFICIENT_DATA, Level.NO_DATA, Level.ERROR})
ERRORS: Final = {"error_rate": ("accuracy", True), "mean_absolute_error": ("mae", False)}
"""The metrics of performance that tell of the errors that concept drift is found on; True: one minus it."""


def look_back(engine: Engine, now_us: int) -> int:
    """Bring what is said of the runs of the last two weeks up to date; returns for how many it has changed."""
    with reading(engine) as connection:
        found = [(run, judge(after(connection, run, now_us))) for run in lately_done(connection, now_us)]
    changed = [(run, helped) for run, helped in found if said(helped, 0) != without_time(run)]
    for run, helped in changed:
        with writing(engine) as connection:
            action_runs.save_helped(connection, run.id, said(helped, now_us))
            if is_news(run, helped):
                add_events(connection, run.alert_id, [Event(now_us, "action", f"Action “{run.action}”: {helped.text}")])
    return len(changed)


def is_news(run: RunRow, helped: Helped) -> bool:
    """Whether the verdict belongs into the alert's history: one that is not known yet does not."""
    if helped.verdict is Verdict.UNKNOWN:
        return helped.final
    return run.helped is None or run.helped["verdict"] != helped.verdict.value


def lately_done(connection: Connection, now_us: int) -> list[RunRow]:
    """The runs that were done and whose verdict may still change."""
    runs = action_runs.done_since(connection, now_us - 2 * LOOK_US)
    return [run for run in runs if run.helped is None or not run.helped["final"]]


def said(helped: Helped, at_us: int) -> dict[str, object]:
    """The verdict as it is stored."""
    return {**asdict(helped), "verdict": helped.verdict.value, "at": at_us}


def without_time(run: RunRow) -> dict[str, object] | None:
    """What is stored, to compare with."""
    return None if run.helped is None else {**run.helped, "at": 0}


def after(connection: Connection, run: RunRow, now_us: int) -> After:
    """What is known after a run."""
    alert = get_alert(connection, run.alert_id)
    done = now_us if run.done_us is None else run.done_us
    begun = done if run.started_us is None else run.started_us
    own = models.get_deployment(connection, alert.deployment_id)
    watched = models.newest([*successors(connection, own, begun), own])
    since = done if watched.id == own.id else max(done, watched.first_event_us or done)
    item = worst_item(alert)
    before = [] if item is None else windows(connection, own, item, EVER, begun, 1)
    later = [] if item is None else windows(connection, watched, item, since, now_us + LOOK_US, WINDOWS)
    return After(
        metric="" if item is None else title(item),
        before=before[0].value if before else None,
        windows=later,
        version=watched.version,
        new_version=watched.id != own.id,
        comparable=item is not None,
        resolved=alert.status == Status.RESOLVED and not alert.by_hand,
        waited_us=now_us - done,
    )


def successors(connection: Connection, own: DeploymentRow, begun_us: int) -> list[DeploymentRow]:
    """The versions of the same model and environment that were first seen after the run began."""
    rows = models.list_deployments(connection, own.model_id)
    return [
        row
        for row in rows
        if row.environment == own.environment and row.id != own.id and (row.first_event_us or EVER) >= begun_us
    ]


def worst_item(alert: AlertRow) -> Item | None:
    """What the alert was about above all; None for alerts without figures."""
    items = alert.peak_items or alert.items
    return min(items, key=lambda item: (CODE[item.level], -item.value), default=None)


def title(item: Item) -> str:
    """What is compared, in words."""
    if item.figure is not None:
        metric = item.figure.metric
        fact = METRICS.get(ERRORS.get(metric, (metric, False))[0]) if metric not in ERRORS else None
        return item.figure.title if fact is None or item.figure.cut else fact.title
    if item.segment is not None:
        return f"largest PSI in {item.segment.label}"
    return f"{SIZES[size_metric(item.column.role)]} of {name(item.column)}"


def windows(
    connection: Connection, deployment: DeploymentRow, item: Item, since_us: int, until_us: int, most: int
) -> list[Seen]:
    """What the newest judged windows in `[since, until]` say of an item, the newest first; they do not overlap."""
    if item.figure is None:
        return drifted(connection, deployment, item, since_us, until_us, most)
    if item.figure.subject is Subject.CUSTOM:
        return measured(connection, deployment, item.figure, since_us, until_us, most)
    return came_true(connection, deployment, item.figure, since_us, until_us, most)


def drifted(
    connection: Connection, deployment: DeploymentRow, item: Item, since_us: int, until_us: int, most: int
) -> list[Seen]:
    """Of a column, or of a segment as a whole."""
    series = Series(deployment.id, WHOLE if item.segment is None else item.segment.key)
    found: list[Seen] = []
    end = until_us
    for _ in range(MOST_LOOKED):
        row = window_check(connection, series, end)
        if row is None or row.end_us - row.length_us < since_us or len(found) == most:
            break
        seen = of_segment(row) if item.segment is not None else of_column(connection, deployment.model_id, row, item)
        if seen is not None and seen.level not in NOT_JUDGED and math.isfinite(seen.value):
            found.append(seen)
        end = row.end_us - row.length_us
    return found


def of_segment(row: CheckRow) -> Seen:
    """What a window says of its series as a whole."""
    return Seen(worst(ORDER[code] for code in row.single), math.nan if row.largest is None else row.largest)


def of_column(connection: Connection, model_id: int, row: CheckRow, item: Item) -> Seen | None:
    """What a window says of a column; None where the column is not watched any more."""
    keys = [column.key for column in load_binning(connection, model_id, row.binning).columns]
    if item.column not in keys:
        return None
    place = keys.index(item.column)
    return Seen(ORDER[row.single[place]], DriftTable.from_bytes(row.body).size(place).value)


def measured(
    connection: Connection, deployment: DeploymentRow, figure: Figure, since_us: int, until_us: int, most: int
) -> list[Seen]:
    """Of a metric that the user wrote."""
    rows = load_metric_checks(connection, deployment.id, max(since_us, until_us - 3 * LOOK_US), until_us)
    apart = disjoint([(row.end_us, row.length_us) for row in rows], since_us)
    held = {(row.end_us, row.length_us): row for row in rows}
    seen = [of_figure(held[place].figures, figure) for place in apart]
    return [each for each in seen if each is not None][:most]


def came_true(
    connection: Connection, deployment: DeploymentRow, figure: Figure, since_us: int, until_us: int, most: int
) -> list[Seen]:
    """Of a figure of outcomes; of concept drift, the errors that it is found on."""
    known = list_outcome_checks(connection, deployment.id, max(since_us, until_us - 3 * LOOK_US), until_us)
    apart = disjoint([(row.end_us, row.length_us) for row in known if row.level not in NOT_JUDGED], since_us)
    metric, complement = ERRORS.get(figure.metric, (figure.metric, False))
    wanted = Figure(Subject.PERFORMANCE, metric) if figure.subject is Subject.CONCEPT else figure
    rows = outcome_checks_at(connection, deployment.id, apart[: 2 * most], (wanted.subject,))
    seen = [of_figure(row.figures, wanted) for row in reversed(rows)]
    flip = complement and figure.subject is Subject.CONCEPT
    return [Seen(each.level, 1 - each.value) if flip else each for each in seen if each is not None][:most]


def disjoint(places: list[tuple[int, int]], since_us: int) -> list[tuple[int, int]]:
    """Of the windows (end, length) those that begin at `since` or later and do not overlap, the newest first."""
    chosen: list[tuple[int, int]] = []
    for end, length in sorted(places, reverse=True):
        if end - length >= since_us and (not chosen or end <= chosen[-1][0] - chosen[-1][1]):
            chosen.append((end, length))
    return chosen


def of_figure(rows: tuple[FigureRow, ...], figure: Figure) -> Seen | None:
    """What a window says of a figure; None where it does not judge it."""
    row = next((row for row in rows if row.figure == figure), None)
    if row is None or row.single is None or row.single in NOT_JUDGED or not math.isfinite(row.value):
        return None
    return Seen(row.single, row.value)
