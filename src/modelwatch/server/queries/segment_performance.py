"""A metric of every cut of a window: watched segments and protected groups side by side."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.group import group_of
from modelwatch.core.measure import Measure
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.performance import HEADLINES, METRICS, measures
from modelwatch.profiles.outcomes import Outcomes, Total
from modelwatch.store.outcome_checks import plain


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
