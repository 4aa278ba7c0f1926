"""How much a certain rise of the errors matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from modelwatch.core.level import Level


@dataclass(frozen=True, slots=True)
class Floors:
    """From where on a rise is large.

    Of mistakes: in points, or as a multiple of the rate before, which counts from a rise of a quarter of these points
    on. Of absolute errors: the share of pairs in which one after the change is larger
    than one before; .56 and .64 are the bounds of a small and a medium effect of Vargha and Delaney (A critique and
    improvement of the CL common language effect size statistics, J. Educational and Behavioral Statistics 25, 2000).
    """

    points_warning: float = 0.02
    points_critical: float = 0.05
    times_warning: float = 1.5
    times_critical: float = 2.0
    pairs_warning: float = 0.56
    pairs_critical: float = 0.64

    def of_mistakes(self, before: float, after: float) -> Level:
        """The level of a share of mistakes that went from `before` to `after`."""
        if large(before, after, self.points_critical, self.times_critical):
            return Level.CRITICAL
        return Level.WARNING if large(before, after, self.points_warning, self.times_warning) else Level.NOTICE

    def of_pairs(self, pairs: float) -> Level:
        """The level of absolute errors that are larger than those before in this share of pairs."""
        if pairs >= self.pairs_critical:
            return Level.CRITICAL
        return Level.WARNING if pairs >= self.pairs_warning else Level.NOTICE


def large(before: float, after: float, points: float, times: float) -> bool:
    """Whether a rise is so many points, or so many times what was before and a quarter of these points."""
    rise = after - before
    return rise >= points or (rise >= points / 4 and after >= times * before)


DEFAULT: Final = Floors()
