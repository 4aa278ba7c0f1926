"""An estimate becomes a finding only when it is certain, a warning only when it is large too, and nothing worse."""

from __future__ import annotations

import pytest

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.monitors.estimated import ASSUMPTION, Estimated, judge_estimated
from modelwatch.monitors.performance.judge import Judgement


def one(metric: str, value: float, reference: float, error: float = 0.002, fewest: float = 1e3) -> Judgement:
    now, before = (Measure(metric, x, 9.9, x, x, 5e3) for x in (value, reference))
    (found,) = judge_estimated(
        [Estimated(now, before, value - reference, error, fewest)],
        "regression" if metric in ("mae", "rmse") else "binary",
    )
    return found


@pytest.mark.parametrize(
    ("metric", "value", "reference", "level"),
    [
        ("balanced_accuracy", 0.90, 0.90, Level.OK),
        ("balanced_accuracy", 0.898, 0.90, Level.OK),
        ("balanced_accuracy", 0.89, 0.90, Level.NOTICE),
        ("balanced_accuracy", 0.87, 0.90, Level.WARNING),
        ("balanced_accuracy", 0.50, 0.90, Level.WARNING),
        ("balanced_accuracy", 0.95, 0.90, Level.OK),
        ("mae", 10.5, 10.0, Level.NOTICE),
        ("mae", 11.5, 10.0, Level.WARNING),
        ("mae", 25.0, 10.0, Level.WARNING),
        ("rmse", 5.0, 10.0, Level.OK),
    ],
)
def test_levels(metric: str, value: float, reference: float, level: Level) -> None:
    found = one(metric, value, reference)
    assert found.level is level
    assert found.evidence["estimated"] is True
    assert found.evidence["assumption"] == ASSUMPTION


def test_an_uncertain_large_change_is_nothing() -> None:
    assert one("balanced_accuracy", 0.7, 0.9, error=0.2).level is Level.OK


def test_few_rows_of_one_kind_are_not_judged() -> None:
    assert one("roc_auc", 0.5, 0.9, fewest=12).level is Level.INSUFFICIENT_DATA


def test_metrics_without_an_estimate_take_nothing_from_the_others() -> None:
    assert judge_estimated([], "binary") == []
    assert judge_estimated([], "something else") == []
