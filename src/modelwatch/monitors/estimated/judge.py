"""Is a model expected to have become worse? The early finding, before labels come.

It is judged as realized performance is (`monitors.performance.judge`), on the error of the change in the population, of
which the luck of labels is no part. But an estimate alone is never critical: it rests on an assumption that only labels
can check.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.monitors.estimated.estimated import Estimated
from modelwatch.monitors.performance.floors import FLOORS, HEADLINES, Floor
from modelwatch.monitors.performance.judge import Allowance, Judgement, Sizes, allowance, judge
from modelwatch.monitors.performance.scatter import Scatter

ASSUMPTION: Final = "estimated without labels, if the same input still leads to the same outcome as in the reference"
MOST_LEFT_OUT: Final = 0.5
"""When nothing can be said of a larger share of the predictions than this, nothing is said of the rest."""


def judge_estimated(
    estimated: Sequence[Estimated],
    task: str,
    thresholds: Thresholds = DEFAULT,
    design_effect: float = 1.0,
    floors: Mapping[str, Floor] = FLOORS,
    headlines: Sequence[str] | None = None,
    varies: Mapping[str, Scatter] | None = None,
) -> list[Judgement]:
    """The headline metrics of a task that have an estimate, against the reference; at most warnings.

    `varies` is how much their estimates vary over windows of the reference, as `performance.scatter` tells.
    """
    found = {each.measure.metric: each for each in estimated if not each.measure.label}
    names = headlines if headlines is not None else HEADLINES.get(task, ())
    names = [name for name in names if name in found and not math.isnan(found[name].reference.value)]
    allowed = allowance(thresholds, len(names), design_effect)
    return [judged(found[name], floors[name], allowed, (varies or {}).get(name)) for name in names]


def surprise(estimated: Estimated, realized: Measure) -> float:
    """By how many standard errors the realized metric of the same window differs from what was expected.

    NaN where either is not known. Beyond 3 either way the assumption does not hold: the same input leads to another
    outcome than in the reference, or the labels that have come are not like those that will.
    """
    error = estimated.measure.error
    return (realized.value - estimated.measure.value) / error if error > 0 else math.nan


def judged(estimated: Estimated, floor: Floor, allowed: Allowance, varies: Scatter | None = None) -> Judgement:
    """One metric."""
    now, before = replace(estimated.measure, error=estimated.change_error), replace(estimated.reference, error=0.0)
    sizes = [Sizes(side.rows, estimated.fewest) for side in (now, before)]
    found = judge(now, before, floor, allowed, sizes[0], sizes[1], varies)
    level = Level.WARNING if found.level is Level.CRITICAL else found.level
    if estimated.left_out > MOST_LEFT_OUT:
        level = Level.INSUFFICIENT_DATA
    evidence = {
        **found.evidence,
        "estimated": True,
        "assumption": ASSUMPTION,
        "left_out": estimated.left_out,
        "low": estimated.measure.low,
        "high": estimated.measure.high,
    }
    return replace(found, level=level, evidence=evidence)
