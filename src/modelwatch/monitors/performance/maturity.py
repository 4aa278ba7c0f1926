"""Have the labels of a window come? Told from how long labels took for predictions that are old enough.

The share of predictions that get a label within a time is read off the older predictions: those labelled by then over
all of them, an empirical distribution function that is not corrected for labels that are still to come; so only
predictions older than the horizon, or the oldest that there are, tell. A window is mature when nearly all the labels
that it will ever have are there: before that what has come may be any selection, fraud that was reported at once, say,
and says nothing of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes import Fact, Outcomes, Total
from modelwatch.profiles.outcomes.grids import DELAY_BINS, delay_ends_s

Floats = NDArray[np.float64]

NEARLY: Final = 0.9
"""Of the labels that will come, the share from which on a window is judged."""
ON_TIME: Final = 0.8
"""Of the labels that are expected by now, the share from which on they count as come."""
ENOUGH: Final = 200
"""Labelled predictions that tell how long labels take."""


@dataclass(frozen=True, slots=True, eq=False)
class Delays:
    """How long labels take: `within` [bins] is the share of predictions labelled by the end of each delay bin."""

    within: Floats

    @property
    def final(self) -> float:
        """The share of predictions that are labelled in the end."""
        return float(self.within[-1])

    def share(self, age_s: Floats) -> Floats:
        """The share of predictions of these ages that are labelled by now."""
        ends = delay_ends_s()
        place = np.searchsorted(ends, age_s, side="right") - 1
        return np.asarray(np.where(place < 0, 0.0, self.within[np.maximum(place, 0)]))


@dataclass(frozen=True, slots=True)
class Maturity:
    """How far the labels of a window are.

    `coverage` is the share of its predictions that are labelled; `expected` what it should be by now and `final` what
    it will come to, NaN while it is not known; `mature_in_s` is how long until it is judged, 0 when it is, NaN where
    it cannot be told. `reason` says why it is not judged, '' when it is.
    """

    seen: float
    labelled: float
    coverage: float
    expected: float
    final: float
    mature_in_s: float
    reason: str

    @property
    def mature(self) -> bool:
        """True when the window can be judged."""
        return not self.reason


def delays_of(old: Outcomes) -> Delays | None:
    """What old predictions, labelled or not, tell of delays; None when too few were labelled."""
    bins, _, _, counts = old.cells(Fact.DELAY)
    seen = old.totals(fact=Fact.SEEN)[Total.ROWS]
    if counts.sum() < ENOUGH or seen <= 0:
        return None
    held = np.zeros(DELAY_BINS)
    held[bins] = counts
    return Delays(np.minimum(np.cumsum(held) / max(seen, counts.sum()), 1.0))


def maturity(window: Outcomes, age_s: float, delays: Delays | None, horizon_s: float) -> Maturity:
    """How far a window is whose predictions are on average `age_s` old."""
    seen = float(window.totals(fact=Fact.SEEN)[Total.ROWS])
    labelled = float(window.totals()[Total.ROWS])
    coverage = labelled / seen if seen else 0.0
    if not labelled:
        return Maturity(seen, labelled, 0.0, np.nan, np.nan, np.nan, "no label has come yet")
    if delays is None:
        full = coverage >= NEARLY or age_s >= horizon_s
        reason = "" if full else "labels are still coming, and it is not known yet how long they take"
        return Maturity(seen, labelled, coverage, np.nan, np.nan, 0.0 if full else np.nan, reason)
    expected, final = float(delays.share(np.array([age_s]))[0]), delays.final
    late = expected < NEARLY * final and coverage < NEARLY * final
    missing = coverage < ON_TIME * expected
    wait = 0.0
    if late:
        due = int(np.argmax(delays.within >= NEARLY * final))
        wait = max(float(delay_ends_s()[due]) - age_s, 0.0)
    reason = ""
    if late:
        reason = f"{coverage:.0%} of the predictions are labelled; in the end about {final:.0%} are"
    elif missing:
        reason = f"{coverage:.0%} of the predictions are labelled where {expected:.0%} should be by now"
        wait = np.nan
    return Maturity(seen, labelled, coverage, expected, final, wait, reason)
