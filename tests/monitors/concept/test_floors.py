"""Levels of a rise."""

from __future__ import annotations

import pytest

from modelwatch.core.level import Level
from modelwatch.monitors.concept import Floors


@pytest.mark.parametrize(
    ("before", "after", "level"),
    [
        (0.30, 0.315, Level.NOTICE),
        (0.30, 0.321, Level.WARNING),
        (0.30, 0.351, Level.CRITICAL),
        (0.01, 0.014, Level.NOTICE),
        (0.01, 0.0155, Level.WARNING),
        (0.02, 0.041, Level.CRITICAL),
        (0.001, 0.004, Level.NOTICE),
        (0.001, 0.0070, Level.WARNING),
        (0.0, 0.013, Level.CRITICAL),
    ],
)
def test_mistakes_matter_by_points_or_by_how_many_times_more_there_are(
    before: float, after: float, level: Level
) -> None:
    assert Floors().of_mistakes(before, after) is level


def test_absolute_errors_matter_by_the_pairs_in_which_they_are_larger() -> None:
    assert [Floors().of_pairs(pairs) for pairs in (0.52, 0.56, 0.64)] == [Level.NOTICE, Level.WARNING, Level.CRITICAL]
    assert Floors(pairs_warning=0.51).of_pairs(0.52) is Level.WARNING
