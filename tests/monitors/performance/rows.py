"""Rows of known truth as `Outcomes`."""

from __future__ import annotations

import numpy as np

from modelwatch.core.measure import Measure
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_seen, merge

NAMES = ("no", "yes")


def outcomes_of(rows: Rows) -> Outcomes:
    slots = np.zeros(rows.n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


def binary_rows(actual: np.ndarray, score: np.ndarray, at: float = 0.5, weight: np.ndarray | None = None) -> Rows:
    """Rows of the class yes, predicted by a threshold."""
    return Rows(
        weight=weight,
        labels=NAMES,
        predicted=(score >= at).astype(np.int64),
        actual=actual.astype(np.int64),
        score=score.astype(np.float64),
        positive=1,
    )


def by_name(measures: list[Measure], label: str = "") -> dict[str, Measure]:
    return {each.metric: each for each in measures if each.label == label}
