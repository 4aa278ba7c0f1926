"""Rows of people in groups, and what fairness says of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from modelwatch.core.column import ColumnKey
from modelwatch.core.group import Group
from modelwatch.core.segment import Segment
from modelwatch.core.wire import Role
from modelwatch.monitors.fairness import Attribute, Disparity, FairnessSettings, check, grouped
from modelwatch.profiles.outcomes import Cuts, Outcomes, Rows, count_labelled, count_seen, merge

SEX = ColumnKey(Role.TAG, "sex")
SETTINGS = FairnessSettings(attributes=(Attribute("sex"),))


def key(value: str, column: ColumnKey = SEX) -> str:
    return Group((Segment(column, value),)).key


def outcomes_of(rows: Rows, labelled: bool = True) -> Outcomes:
    slots = np.zeros(rows.n, np.int64)
    parts = count_seen(rows, slots, 1)
    return merge([*parts, *count_labelled(rows, slots, 1)] if labelled else parts)


def binary(
    groups: Sequence[str],
    codes: np.ndarray,
    predicted: np.ndarray,
    actual: np.ndarray | None = None,
    score: np.ndarray | None = None,
    weight: np.ndarray | None = None,
    cuts: Sequence[Cuts] | None = None,
) -> Outcomes:
    """Outcomes of a model whose labels are no and yes."""
    rows = Rows(
        weight=weight,
        labels=("no", "yes"),
        predicted=np.asarray(predicted, np.int64),
        actual=None if actual is None else np.asarray(actual, np.int64),
        score=score,
        positive=1,
        cuts=(grouped(SEX, codes, groups),) if cuts is None else cuts,
    )
    return outcomes_of(rows, actual is not None)


def counted(*groups: tuple[str, int, int]) -> Outcomes:
    """(name, rows, selected) of each group, nothing labelled."""
    codes = np.repeat(np.arange(len(groups)), [rows for _, rows, _ in groups])
    predicted = np.concatenate([np.arange(rows) < selected for _, rows, selected in groups])
    return binary([name for name, _, _ in groups], codes, predicted)


def judged(
    outcomes: Outcomes, settings: FairnessSettings = SETTINGS, **kwargs: object
) -> dict[tuple[str, str], Disparity]:
    """(metric, value of the group's first part) -> disparity."""
    found = check(outcomes, settings, positive="yes", **kwargs).disparities
    return {(each.metric.value, each.group): each for each in found}
