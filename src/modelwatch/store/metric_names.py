"""Which stored figure the name of a metric in a rule means."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from modelwatch.core.measured import Family
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.fairness.metrics import (
    BASE_RATE,
    CALIBRATION_ERROR,
    CALIBRATION_GAP,
    COMPARED,
    FALSE_POSITIVE_RATE,
    MEAN_ERROR,
    MEAN_PREDICTION,
    MEAN_SCORE,
    SELECTION_RATE,
    TRUE_POSITIVE_RATE,
)
from modelwatch.monitors.performance import METRICS

DRIFT_METRICS: Final = (
    *("psi", "smooth", "chi_square", "ks", "kl", "mmd", "centroid"),
    *("nulls", "nans", "infinite", "mistyped", "outside", "unseen"),
)
"""What is stored of each column."""
WINDOW_METRICS: Final = ("rows", "labelled", "label_coverage")
"""What is stored of each window: its rows, those that are labelled, and their share."""
FAIRNESS_METRICS: Final = (
    *(metric.value for metric in COMPARED),
    *(SELECTION_RATE, TRUE_POSITIVE_RATE, FALSE_POSITIVE_RATE, BASE_RATE, CALIBRATION_GAP, CALIBRATION_ERROR),
    *(MEAN_SCORE, MEAN_PREDICTION, MEAN_ERROR),
)
PREFIXED: Final[Mapping[Family, Collection[str]]] = {
    Family.WINDOW: WINDOW_METRICS,
    Family.DRIFT: DRIFT_METRICS,
    Family.PERFORMANCE: tuple(METRICS),
    Family.ESTIMATED: tuple(METRICS),
    Family.FAIRNESS: (*FAIRNESS_METRICS, "precision", "accuracy"),
    Family.TARGET: ("psi",),
}
"""What may follow each prefix, as in `estimated.roc_auc`."""
BARE: Final = (Family.WINDOW, Family.DRIFT, Family.PERFORMANCE, Family.FAIRNESS)
"""Families whose metrics need no prefix; the first one that knows a name is meant."""


class MetricName(NamedTuple):
    """A metric and where it is stored."""

    family: Family
    metric: str


def metric_name(name: str) -> MetricName:
    """What a name means; one that is not known is that of a metric that a user wrote.

    >>> metric_name("psi"), metric_name("estimated.roc_auc"), metric_name("revenue lost")[0]
    (MetricName(family=<Family.DRIFT: 'drift'>, metric='psi'), \
MetricName(family=<Family.ESTIMATED: 'estimated'>, metric='roc_auc'), <Family.CUSTOM: 'custom'>)
    """
    prefix, dot, rest = name.partition(".")
    if dot and prefix == Family.CUSTOM.value:
        return MetricName(Family.CUSTOM, rest)
    family = next((each for each in PREFIXED if dot and each.value == prefix), None)
    if family is not None and rest in PREFIXED[family]:
        return MetricName(family, rest)
    bare = next((each for each in BARE if name in PREFIXED[each]), Family.CUSTOM)
    return MetricName(bare, name)


def known_names(custom: Collection[str] = ()) -> list[str]:
    """Every name that a rule may use, those of custom metrics included."""
    bare = [name for family in BARE for name in PREFIXED[family]]
    prefixed = [f"{family.value}.{name}" for family, names in PREFIXED.items() for name in names if family not in BARE]
    return [*dict.fromkeys([*bare, *prefixed, *custom])]


def check_metric(name: str, custom: Collection[str]) -> None:
    """Raises `InvalidRequest` for a metric that is neither stored nor one of the custom ones, and says which was
    probably meant."""
    found = metric_name(name)
    if found.family is not Family.CUSTOM or found.metric in custom:
        return
    near = difflib.get_close_matches(name, known_names(custom), n=1)
    hint = f"did you mean {near[0]}?" if near else "the metrics that there are: GraphQL ruleMetrics, or docs/reference"
    raise InvalidRequest(f"there is no metric {name[:60]!r}", hint=hint)
