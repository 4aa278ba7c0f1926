"""Has the model become worse? Certain and large, by the window's figure against the baseline's.

Certain: Welch's t test (Biometrika 34, 1947) of the difference on both standard errors, one-sided, since an improvement
is never raised. The error of a share is at least that of as many rows of the baseline: one that is low by chance has a
small error of its own. Degrees of freedom are those of the effective rows, of the rarer class where a metric rests on
both: with few positives the error itself is uncertain. Where the baseline's own windows tell how much they vary beyond
chance (`scatter`), that counts as an error, too, with their number for its degrees of freedom. The allowance is that of
drift (`monitors.drift.thresholds`): at most one false alert in 1,000 model-days over all looks, series and headline
metrics. Large: a floor (`floors`). That it persists is decided over windows (`alerts.persistence`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.monitors.performance.estimate import Z
from modelwatch.monitors.performance.floors import FLOORS, HEADLINES, Floor
from modelwatch.monitors.performance.metrics import METRICS
from modelwatch.monitors.performance.scatter import Scatter
from modelwatch.monitors.tails import beta_below

MIN_OF_CLASS: Final = 20
"""Rows of each of two classes that a metric of both needs to be judged."""
BY_CLASS: Final = ("roc_auc", "pr_auc", "balanced_accuracy", "log_loss_ratio")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How sure a loss must be to be raised and to be at notice, and how many effective rows it takes.

    `design_effect` is how many dependent rows count as one.
    """

    certain_p: float
    notice_p: float
    min_rows: float = MIN_ROWS
    min_of_class: float = MIN_OF_CLASS
    design_effect: float = 1.0

    def enough(self, sizes: Sizes) -> bool:
        """True when so many rows may be judged."""
        return sizes.labelled / self.design_effect >= self.min_rows and (
            sizes.rarer / self.design_effect >= self.min_of_class
        )


class Sizes(NamedTuple):
    """Effective rows that are labelled, and those of the rarer of two classes, where that matters."""

    labelled: float
    rarer: float = math.inf


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a window says by itself of one metric.

    `loss` is by how much it is worse, in its own unit, with its 95 % interval `loss_low` to `loss_high`; negative where
    it is better. `threshold_warning` and `threshold_critical` are the values from which on it is large.
    """

    metric: str
    level: Level
    value: float
    baseline: float
    loss: float
    loss_low: float
    loss_high: float
    p_value: float
    threshold_warning: float
    threshold_critical: float
    evidence: Mapping[str, object] = field(default_factory=dict)


def allowance(thresholds: Thresholds, metrics: int, design_effect: float = 1.0) -> Allowance:
    """What a model's thresholds leave to each of so many headline metrics."""
    certain, notice = thresholds.certain_below(metrics), thresholds.notice_below(metrics)
    return Allowance(certain, notice, thresholds.min_rows, design_effect=max(design_effect, 1.0))


def judge(
    current: Measure,
    baseline: Measure,
    floor: Floor,
    allowed: Allowance,
    now: Sizes | None = None,
    before: Sizes | None = None,
    varies: Scatter | None = None,
) -> Judgement:
    """The level of one metric of a window; without sizes the rows behind the figures are taken as all."""
    sides = (current, now or Sizes(current.rows)), (baseline, before or Sizes(baseline.rows))
    effect = allowed.design_effect
    worse = -1.0 if METRICS[current.metric].up_is_good else 1.0
    loss = worse * (current.value - baseline.value)
    rows, rows_before = (min(measure.rows, sizes.rarer) / effect for measure, sizes in sides)
    own, own_before = effect * current.error**2, effect * baseline.error**2
    if METRICS[current.metric].needs == "label" and rows > 0:
        own = max(own, own_before * rows_before / rows)
    variances = [(own, rows - 1), (own_before, rows_before - 1)]
    if varies is not None:
        variances.append((varies.variance * (1 + 1 / varies.windows), varies.windows - 1))
    error = math.sqrt(sum(variance for variance, _ in variances))
    p = welch(loss, variances)
    warning, critical = floor.at(baseline.value, worse)
    level = level_of(loss, p, worse * (warning - baseline.value), worse * (critical - baseline.value), allowed)
    if math.isnan(p) or not all(allowed.enough(sizes) for _, sizes in sides):
        level = Level.INSUFFICIENT_DATA
    evidence = {
        "rows": sides[0][1].labelled,
        "baseline_rows": sides[1][1].labelled,
        "standard_error": current.error,
        "baseline_standard_error": baseline.error,
        "design_effect": effect,
        "scatter": math.sqrt(varies.variance) if varies is not None else None,
        "certain_below": allowed.certain_p,
    }
    limits = loss - Z * error, loss + Z * error
    return Judgement(
        current.metric, level, current.value, baseline.value, loss, *limits, p, warning, critical, evidence
    )


def level_of(loss: float, p: float, warning: float, critical: float, allowed: Allowance) -> Level:
    """Critical and warning are certain and large, notice is likely."""
    if p < allowed.certain_p and loss >= warning:
        return Level.CRITICAL if loss >= critical else Level.WARNING
    return Level.NOTICE if p < allowed.notice_p else Level.OK


def welch(loss: float, variances: Sequence[tuple[float, float]]) -> float:
    """P(a loss as large or larger) when there is none, from (variance, degrees of freedom) of independent errors; NaN
    where it cannot be told."""
    total = sum(variance for variance, _ in variances)
    if math.isnan(loss) or math.isnan(total) or min(freedom for _, freedom in variances) <= 0:
        return math.nan
    if total == 0:
        return 0.0 if loss > 0 else 1.0
    freedom = total**2 / sum(variance**2 / freedom for variance, freedom in variances)
    t = loss / math.sqrt(total)
    tail = 0.5 * float(beta_below(freedom / 2, 0.5, freedom / (freedom + t * t)))
    return tail if t > 0 else 1 - tail


def judged(
    current: Sequence[Measure],
    baseline: Sequence[Measure],
    task: str,
    thresholds: Thresholds = DEFAULT,
    design_effect: float = 1.0,
    floors: Mapping[str, Floor] = FLOORS,
    headlines: Sequence[str] | None = None,
    varies: Mapping[str, Scatter] | None = None,
) -> list[Judgement]:
    """The headline metrics of a window against the baseline, both as `measures` gave them; `varies` as `scatter` did.

    Metrics that neither side has are left out and take nothing from the allowance of the others.
    """
    now, before = ({each.metric: each for each in side if not each.label} for side in (current, baseline))
    names = headlines if headlines is not None else HEADLINES.get(task, ())
    names = [name for name in names if name in now and name in before and not math.isnan(before[name].value)]
    allowed = allowance(thresholds, len(names), design_effect)
    return [
        judge(
            now[name],
            before[name],
            floors[name],
            allowed,
            sizes_of(now, name),
            sizes_of(before, name),
            (varies or {}).get(name),
        )
        for name in names
    ]


def sizes_of(measures: Mapping[str, Measure], metric: str) -> Sizes:
    """How many labelled rows stand behind the measures, and those of the rarer class where the metric needs both."""
    labelled = max(each.rows for each in measures.values())
    rate = measures.get("positive_rate")
    if metric not in BY_CLASS or rate is None or math.isnan(rate.value):
        return Sizes(labelled)
    return Sizes(labelled, rate.rows * min(rate.value, 1 - rate.value))
