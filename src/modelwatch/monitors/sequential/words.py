"""Evidence and crossings in words."""

from __future__ import annotations

import math

from modelwatch.monitors.drift.words import change
from modelwatch.monitors.sequential.epochs import Crossing

CAUSE_WORDS = {
    "null": "nulls",
    "nan": "NaN",
    "infinite": "infinite values",
    "mistyped": "values of another type",
    "unseen": "categories never seen",
    "below": "values below the reference's range",
    "above": "values above the reference's range",
}


def odds(log_evidence: float) -> str:
    """Evidence as odds against "nothing has changed".

    >>> odds(math.log(40)), odds(math.log(50_000)), odds(-3.0), odds(math.log(2.6e10)), odds(500.0)
    ('1 : 40', '1 : 50,000', 'none', '1 : 26 billion', 'over 1 : 1,000,000 billion')
    """
    if log_evidence <= 0:
        return "none"
    if log_evidence > math.log(1e15):
        return "over 1 : 1,000,000 billion"
    value = math.exp(log_evidence)
    if value >= 1e9:
        return f"1 : {value / 1e9:,.0f} billion"
    digits = max(len(f"{value:.0f}") - 3, 0)
    return f"1 : {round(value, -digits):,.0f}"


def told(crossing: Crossing) -> str:
    """How a crossing was seen, for the history of its alert."""
    seen = f"seen by the sequential test after {crossing.rows:,.0f} rows"
    evidence = f"evidence {odds(crossing.evidence)}, asked for {odds(crossing.asked)}"
    if crossing.cause == "shape":
        return f"{seen}; {evidence}"
    rate = f"{CAUSE_WORDS[crossing.cause]} {change(crossing.before, crossing.now)}"
    return f"{seen}; {rate}; {evidence}"
