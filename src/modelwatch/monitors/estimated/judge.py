"""Is a model expected to have become worse? The early finding, before labels come.

A change is a notice when it is certain, and a warning when it is certain and large. An estimate alone is never
critical: it rests on an assumption that only labels can check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from modelwatch.core.level import Level
from modelwatch.monitors.estimated.estimated import Estimated

LOWER_IS_BETTER: Final = frozenset({"mae", "rmse", "mse"})
LARGE: Final = 0.02
"""A metric between 0 and 1 that falls by this much is worth a warning; errors that grow by `LARGE_SHARE` of them."""
LARGE_SHARE: Final = 0.1
P_NOTICE: Final = 0.01
P_WARNING: Final = 1e-5
MIN_ROWS: Final = 200.0
MIN_FEWEST: Final = 30.0
"""Below so many rows of the scarcest kind a normal interval is no interval."""
MOST_LEFT_OUT: Final = 0.5
ASSUMPTION: Final = (
    "Estimated without labels: it assumes that the same input still leads to the same outcome as in the reference."
)


@dataclass(frozen=True, slots=True)
class EarlyFinding:
    """What is to be thought of an estimate: its level, the one-sided p-value of a change for the worse, and why."""

    level: Level
    p: float
    worse_by: float
    evidence: tuple[str, ...]


def judge_estimated(
    estimated: Estimated,
    large: float | None = None,
    p_notice: float = P_NOTICE,
    p_warning: float = P_WARNING,
) -> EarlyFinding:
    """The level of an estimate and the sentences for it; `large` is the least change for the worse that matters."""
    lower = estimated.measure.metric in LOWER_IS_BETTER
    worse = estimated.change if lower else -estimated.change
    short = too_little(estimated)
    if short:
        return EarlyFinding(Level.INSUFFICIENT_DATA, math.nan, worse, (short, ASSUMPTION))
    floor = large if large is not None else LARGE_SHARE * estimated.reference if lower else LARGE
    p = tail(worse, estimated.change_error)
    level = Level.OK
    if p < p_notice:
        level = Level.WARNING if p < p_warning and worse >= floor else Level.NOTICE
    return EarlyFinding(level, p, worse, (sentence(estimated, worse), ASSUMPTION))


def too_little(estimated: Estimated) -> str:
    """Why nothing can be judged; empty if it can."""
    measure = estimated.measure
    if estimated.left_out > MOST_LEFT_OUT:
        return f"{estimated.left_out:.0%} of the predictions have no score or no class that the reference knows."
    if not math.isfinite(measure.value) or not math.isfinite(estimated.change):
        return f"{measure.metric} has no value in window or reference."
    if measure.rows < MIN_ROWS:
        return f"{measure.rows:,.0f} rows are behind {measure.metric}, {MIN_ROWS:,.0f} are needed."
    if estimated.fewest < MIN_FEWEST:
        return f"{measure.metric} rests on {estimated.fewest:,.0f} rows of one kind, {MIN_FEWEST:,.0f} are needed."
    return ""


def tail(worse: float, error: float) -> float:
    """The one-sided p-value of a change for the worse."""
    if error <= 0:
        return 0.0 if worse > 0 else 1.0
    return 0.5 * math.erfc(worse / error / math.sqrt(2))


def sentence(estimated: Estimated, worse: float) -> str:
    """The estimate in words.

    >>> from modelwatch.core.measure import Measure
    >>> found = Estimated(Measure("accuracy", 0.911, 0.004, 0.903, 0.919, 5e3), 0.944, -0.033, 2e-3, 5e3)
    >>> print(sentence(found, 0.033))
    accuracy is expected to be 0.911 (0.903 to 0.919), 0.033 worse than the reference's 0.944.
    """
    measure = estimated.measure
    how = "worse" if worse > 0 else "better"
    return (
        f"{measure.metric} is expected to be {measure.value:.3g} ({measure.low:.3g} to {measure.high:.3g}), "
        f"{abs(worse):.2g} {how} than the reference's {estimated.reference:.3g}."
    )
