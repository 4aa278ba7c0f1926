"""One figure that says how good a model was: a metric with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.core.segment import WHOLE


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric of one cut of one window.

    `value` is NaN where the metric has none (no positive among the actuals, say). `error` is its standard error and
    `low` and `high` are its 95 % interval, NaN where they are not known. `rows` are the effective rows behind it.
    `cut` is the key of a `core.group.Group`; `label` names a class where the metric is of one.
    """

    metric: str
    value: float
    error: float
    low: float
    high: float
    rows: float
    cut: str = WHOLE
    label: str = ""
