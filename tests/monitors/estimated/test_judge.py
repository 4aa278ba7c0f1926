"""An estimate becomes a finding only when it is certain, a warning only when it is large too."""

from __future__ import annotations

import pytest

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.monitors.estimated import ASSUMPTION, Estimated, judge_estimated


def estimated(metric: str, value: float, reference: float, error: float = 0.002, fewest: float = 1e3) -> Estimated:
    return Estimated(Measure(metric, value, error, value, value, 5e3), reference, value - reference, error, fewest)


@pytest.mark.parametrize(
    ("metric", "value", "reference", "level"),
    [
        ("accuracy", 0.90, 0.90, Level.OK),
        ("accuracy", 0.898, 0.90, Level.OK),
        ("accuracy", 0.89, 0.90, Level.NOTICE),
        ("accuracy", 0.87, 0.90, Level.WARNING),
        ("accuracy", 0.50, 0.90, Level.WARNING),
        ("accuracy", 0.95, 0.90, Level.OK),
        ("mae", 10.5, 10.0, Level.NOTICE),
        ("mae", 11.5, 10.0, Level.WARNING),
        ("rmse", 5.0, 10.0, Level.OK),
    ],
)
def test_levels(metric: str, value: float, reference: float, level: Level) -> None:
    found = judge_estimated(estimated(metric, value, reference))
    assert found.level is level
    assert ASSUMPTION in found.evidence


def test_an_uncertain_large_change_is_nothing() -> None:
    assert judge_estimated(estimated("recall", 0.7, 0.9, error=0.2)).level is Level.OK


def test_few_rows_are_not_judged() -> None:
    found = judge_estimated(estimated("recall", 0.1, 0.9, fewest=12))
    assert found.level is Level.INSUFFICIENT_DATA
    assert "12 rows of one kind" in found.evidence[0]


def test_evidence_is_a_sentence() -> None:
    said = judge_estimated(estimated("mae", 12.0, 10.0)).evidence[0]
    assert said == "mae is expected to be 12 (12 to 12), 2 worse than the reference's 10."
