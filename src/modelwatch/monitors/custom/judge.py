"""The value of a custom metric in one window -> how much it matters, and why, in words.

With a threshold: certain is a value whose interval lies beyond it, at the chance that the budget of false alerts allows
(a one-sided z test with the standard error of the 95 % interval). A metric that never has an interval is taken as it
is. One that might have one is not judged where too few rows carry the value; where all n rows are alike, a share of
ln(1/p)/n of others may have been missed by chance p, and the value is moved by as much of itself or of the threshold.
Without a threshold: a notice at most, when the value lies outside the prediction interval of the windows of the
model's first weeks (Student's t for one further value, two-sided), which has the noise of rows and of days in it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modelwatch.core.level import Level
from modelwatch.monitors.custom.aggregates import NORMAL_95
from modelwatch.monitors.custom.metric import Direction, Lack, MetricValue
from modelwatch.monitors.custom.watched import Watched
from modelwatch.monitors.drift import Thresholds
from modelwatch.monitors.tails import student_above

LEAST_WINDOWS: Final = 4
"""Windows of the first weeks from which on a change against them is told."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level of one window alone; `size` is how far beyond its threshold the value lies (NaN without one),
    `baseline` the mean of the first weeks, NaN while there are too few."""

    level: Level
    size: float
    baseline: float
    text: str


def judge(
    watched: Watched,
    value: MetricValue,
    rows: int,
    why_not: str,
    earlier: Sequence[float],
    allowed: Thresholds,
    bounded: int,
) -> Judgement:
    """What one window says. `rows` are those that the metric is taken of, `why_not` a reason not to judge the window,
    `earlier` the values of windows of the first weeks that do not overlap, `bounded` how many metrics share the
    budget."""
    size = beyond(watched, value.value)
    baseline = statistics.fmean(earlier) if len(earlier) >= LEAST_WINDOWS else math.nan
    if value.error:
        return Judgement(Level.ERROR, math.nan, baseline, value.error)
    if rows < watched.min_rows:
        reason = f"{rows:,} of {watched.min_rows:,} rows that it takes to judge"
        return Judgement(Level.INSUFFICIENT_DATA, size, baseline, reason)
    if value.value is None:
        return Judgement(Level.INSUFFICIENT_DATA, size, baseline, "there was nothing to take it of")
    if why_not:
        return Judgement(Level.INSUFFICIENT_DATA, size, baseline, why_not)
    if watched.bounded and value.lack is Lack.THIN and size > 0:
        return Judgement(Level.INSUFFICIENT_DATA, size, baseline, f"{in_words(watched, value)}; too few rows carry it")
    if watched.bounded:
        return Judgement(level_of(watched, value, allowed, bounded), size, baseline, in_words(watched, value))
    level, text = change(value.value, earlier, baseline, allowed)
    return Judgement(level, size, baseline, in_words(watched, value) + text)


def beyond(watched: Watched, value: float | None) -> float:
    """How far the value lies beyond the first threshold, on its bad side; NaN without one."""
    threshold = watched.critical if watched.warning is None else watched.warning
    if value is None or threshold is None:
        return math.nan
    return past(watched, value, threshold)


def past(watched: Watched, value: float, threshold: float) -> float:
    """How far a value is on the bad side of a threshold."""
    return threshold - value if watched.metric.direction is Direction.DOWN_IS_BAD else value - threshold


def level_of(watched: Watched, value: MetricValue, allowed: Thresholds, bounded: int) -> Level:
    """The level by the thresholds; a notice is a value that is beyond one at 1 % of single checks."""
    assert value.value is not None
    p = allowed.certain_below(bounded)
    for level, threshold in ((Level.CRITICAL, watched.critical), (Level.WARNING, watched.warning)):
        if threshold is not None and past(watched, value.value, threshold) > doubt(value, threshold, p):
            return level
    first = watched.critical if watched.warning is None else watched.warning
    assert first is not None
    beyond_it = past(watched, value.value, first) > doubt(value, first, allowed.notice_below(bounded))
    return Level.NOTICE if beyond_it else Level.OK


def doubt(value: MetricValue, threshold: float, p: float) -> float:
    """How far beyond the threshold chance puts a value with probability p at most."""
    if value.interval is not None:
        return (value.interval[1] - value.interval[0]) / (2 * NORMAL_95) * z(p)
    if value.lack is Lack.FLAT:
        return -math.log(p) / max(value.alike, 1) * max(abs(value.value or 0.0), abs(threshold), 1.0)
    return 0.0


def z(p: float) -> float:
    """The standard normal value that chance exceeds with probability p.

    >>> round(z(0.025), 2)
    1.96
    """
    return -statistics.NormalDist().inv_cdf(min(max(p, 1e-300), 0.5))


def change(value: float, earlier: Sequence[float], baseline: float, allowed: Thresholds) -> tuple[Level, str]:
    """The value against the windows of the first weeks: a notice at most, and how it differs."""
    if math.isnan(baseline):
        return Level.OK, ""
    n = len(earlier)
    spread = statistics.stdev(earlier) * math.sqrt(1 + 1 / n)
    away = abs(value - baseline)
    p = (0.0 if away > 0 else 1.0) if spread == 0 else 2 * float(student_above(away / spread, n - 1.0))
    how = "above" if value > baseline else "below"
    text = f"; {away:.3g} {how} the mean of the first weeks, {baseline:.4g}"
    return (Level.NOTICE if p < allowed.notice_below(1) else Level.OK), text


def in_words(watched: Watched, value: MetricValue) -> str:
    """The value with its interval, and the threshold that it is beyond."""
    assert value.value is not None
    unit = f" {watched.metric.unit}" if watched.metric.unit else ""
    text = f"{value.value:.5g}{unit}"
    if value.interval is not None:
        text += f" ({value.interval[0]:.5g} to {value.interval[1]:.5g})"
    for name, threshold in (("critical", watched.critical), ("warning", watched.warning)):
        if threshold is not None and past(watched, value.value, threshold) > 0:
            side = "below" if watched.metric.direction is Direction.DOWN_IS_BAD else "above"
            return f"{text}, {side} {threshold:.5g} ({name})"
    return text
