"""How good a version was in each of its segments, from what is counted: no row is read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.group import group_of
from modelwatch.core.judging import Judging
from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.holm import adjusted
from modelwatch.monitors.performance import HEADLINES, METRICS, measures
from modelwatch.monitors.tails import normal_tail
from modelwatch.profiles.outcomes import Outcomes, Total, merge, subtract
from modelwatch.server.queries.labelled_range import missing
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import load_joined
from modelwatch.store.outcome_checks import newest_outcome_check
from modelwatch.store.outcomes import load_outcomes

CERTAIN_P: Final = 0.01
MIN_ROWS: Final = 50
"""Labelled rows under which a segment is shown and nothing is concluded."""
MOST_STRETCHES: Final = 10_000
SHOWN: Final = {
    "binary": ("roc_auc", "balanced_accuracy", "log_loss_ratio", "accuracy", "precision", "recall"),
    "multiclass": ("accuracy", "recall_macro", "log_loss_ratio"),
    "regression": ("mae", "rmse", "bias", "r2"),
    "ranking": ("ndcg_10", "map_10", "mrr"),
}


@dataclass(frozen=True, slots=True)
class SegmentMetric:
    """One metric of a segment with its 95 % interval. `difference` is to all rows; `p` says how likely so large a
    difference to the rows outside is by chance, all segments counted; `worse` is True when it is certain and bad."""

    metric: str
    title: str
    value: float | None
    low: float | None
    high: float | None
    difference: float | None
    p: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """One of the columns that a segment is told by; `value` None are the rows without one."""

    role: Role
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment, or what several attributes have in common. `rows` are its labelled rows, `share` their part."""

    label: str
    key: str
    parts: list[SegmentPart]
    rows: float
    share: float
    metrics: list[SegmentMetric]


@dataclass(frozen=True, slots=True)
class PerformanceBySegment:
    """All segments of a window, those that are certainly worse first, then the worst; `whole` is all rows together.

    `mature` says whether the labels of the window have come; `headlines` are the metrics that raise a model. `reason`
    says why nothing is shown, '' when something is.
    """

    environment: str
    version: str
    start: int | None
    end: int | None
    mature: bool
    headlines: list[str]
    whole: SegmentRow | None
    segments: list[SegmentRow]
    reason: str


def read_performance_by_segment(
    connection: Connection, subject: Subject, start_us: int | None = None, end_us: int | None = None
) -> PerformanceBySegment:
    """The segments of a range, or of the newest window whose labels have come, else of the newest."""
    joined = load_joined(connection, subject.model.id)
    reason = missing(joined)
    window = None if reason else window_of(connection, subject, start_us, end_us)
    judging = Judging.from_json(joined.rules) if joined.rules else Judging(subject.model.task)
    if window is None:
        return shown(subject, judging, None, {}, reason or "no window has been looked at yet")
    start, end, mature = window
    stretches = load_outcomes(connection, subject.deployment.id, start, end)
    if len(stretches) > MOST_STRETCHES:
        raise InvalidRequest("the range is too long", hint="ask for a month or less")
    outcomes = merge(each.outcomes for each in stretches if start <= each.start_us < end)
    found = of_cuts(outcomes, judging)
    if WHOLE not in found:
        reason = "no labelled rows lie in this range"
    elif len(found) == 1:
        reason = 'nothing cuts this model: PATCH it with {"segments": ["region"]} or with protected attributes'
    return shown(subject, judging, (start, end, mature), found, reason)


def window_of(
    connection: Connection, subject: Subject, start_us: int | None, end_us: int | None
) -> tuple[int, int, bool] | None:
    """(start, end, mature) of what is shown; a range is mature when it ends by the end of a mature window."""
    owner = subject.deployment.id
    newest = newest_outcome_check(connection, owner, mature=True)
    last = newest or newest_outcome_check(connection, owner)
    if last is None:
        return None
    end = last.end_us if end_us is None else end_us
    start = end - last.length_us if start_us is None else start_us
    if start >= end:
        raise InvalidRequest("the range ends before it begins", hint="start_time is the earlier one")
    return start, end, newest is not None and end <= newest.end_us


@dataclass(frozen=True, slots=True)
class Cut:
    """One segment of the outcomes: its labelled rows, its measures, and those of all rows outside where they tell."""

    rows: float
    own: Sequence[Measure]
    outside: Sequence[Measure] = ()


def of_cuts(outcomes: Outcomes, judging: Judging) -> dict[str, Cut]:
    """The cuts that have labelled rows, everything among them."""
    positive = judging.positive or ""
    found: dict[str, Cut] = {}
    whole = outcomes.only(WHOLE)
    for cut in (WHOLE, *(each for each in outcomes.cuts if each != WHOLE)):
        rows = float(outcomes.totals(cut)[Total.ROWS])
        if rows <= 0:
            continue
        own = wanted(measures(outcomes, judging.task, positive, cut), judging.task)
        outside: Sequence[Measure] = ()
        if cut != WHOLE and rows >= MIN_ROWS:
            rest = subtract(whole, outcomes.only(cut))
            if rest.totals()[Total.ROWS] >= MIN_ROWS:
                outside = wanted(measures(rest, judging.task, positive), judging.task)
        found[cut] = Cut(rows, own, outside)
    return found


def wanted(found: Sequence[Measure], task: str) -> Sequence[Measure]:
    """The metrics that are shown of segments, in their order."""
    by_name = {each.metric: each for each in found if not each.label}
    return [by_name[name] for name in SHOWN.get(task, ()) if name in by_name]


def shown(
    subject: Subject,
    judging: Judging,
    window: tuple[int, int, bool] | None,
    found: Mapping[str, Cut],
    reason: str,
) -> PerformanceBySegment:
    """The answer."""
    chance = p_values(found)
    whole = segment_row(WHOLE, found, chance) if WHOLE in found else None
    rows = [segment_row(cut, found, chance) for cut in found if cut != WHOLE]
    rows.sort(key=lambda row: (*badness(row), row.label))
    start, end, mature = (None, None, False) if window is None else window
    headlines = list(HEADLINES.get(judging.task, ()))
    owner = subject.deployment
    return PerformanceBySegment(owner.environment, owner.version, start, end, mature, headlines, whole, rows, reason)


def p_values(found: Mapping[str, Cut]) -> dict[tuple[str, str], float]:
    """By cut and metric how likely so large a difference to the rows outside is by chance (Holm over all of them)."""
    keys: list[tuple[str, str]] = []
    sizes: list[float] = []
    for cut, held in found.items():
        others = {each.metric: each for each in held.outside}
        for each in held.own:
            other = others.get(each.metric)
            if other is None or not math.isfinite(error := math.hypot(each.error, other.error)) or error <= 0:
                continue
            if math.isfinite(z := abs(each.value - other.value) / error):
                keys.append((cut, each.metric))
                sizes.append(z)
    two_sided = np.minimum(2 * normal_tail(np.array(sizes)), 1.0)
    return dict(zip(keys, adjusted(two_sided), strict=True))


def segment_row(cut: str, found: Mapping[str, Cut], chance: Mapping[tuple[str, str], float]) -> SegmentRow:
    """One segment as it is shown."""
    whole = {each.metric: each.value for each in found[WHOLE].own}
    group, rows = group_of(cut), found[cut].rows
    return SegmentRow(
        group.label,
        cut,
        [SegmentPart(part.column.role, part.column.name, part.value) for part in group.parts],
        rows,
        rows / found[WHOLE].rows,
        [segment_metric(each, whole[each.metric], chance.get((cut, each.metric))) for each in found[cut].own],
    )


def segment_metric(found: Measure, whole: float, p: float | None) -> SegmentMetric:
    """One metric of a segment as it is shown."""
    facts = METRICS[found.metric]
    difference = found.value - whole if found.cut != WHOLE else math.nan
    bad = facts.up_is_good is not None and (difference < 0) == facts.up_is_good and difference != 0
    worse = bad and p is not None and p < CERTAIN_P
    value, low, high = (finite(each) for each in (found.value, found.low, found.high))
    return SegmentMetric(found.metric, facts.title, value, low, high, finite(difference), p, worse)


def finite(value: float) -> float | None:
    """None in the place of what is no number."""
    return value if math.isfinite(value) else None


def badness(row: SegmentRow) -> tuple[bool, float]:
    """What segments are sorted by: certainly worse ones first, then by how much worse their first metric is."""
    worse = any(each.worse for each in row.metrics)
    first = next((each for each in row.metrics if each.difference is not None), None)
    if first is None or first.difference is None:
        return not worse, math.inf
    return not worse, first.difference if METRICS[first.metric].up_is_good else -first.difference
