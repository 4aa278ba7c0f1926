"""Traffic that follows hour and weekday raises nothing against its season, and a real shift on top is found."""

from __future__ import annotations

from bench.patterns import PATTERNS
from bench.seasonal import run
from modelwatch.core.reference import Seasonal


def test_a_season_raises_nothing_and_a_shift_on_top_of_it_is_found() -> None:
    payments = PATTERNS[3]
    found = run(payments, seed=7, days=3, rule=Seasonal(weeks=3), history=22)
    assert found.judged == 1.0
    assert found.false_alerts == 0
    assert found.found_days <= 2.0
