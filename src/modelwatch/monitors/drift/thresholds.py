"""What counts as certain and what as large, and how often that may be wrong.

Two promises are kept apart. A **notice** may be wrong in 1 % of checks: a check is one window with all its columns,
so each of F judged columns has 0.01 / F (Bonferroni). A **warning** or **critical** finding may wake somebody, so all
looks are counted: with a budget of one false alert in 1,000 model-days, each look at one of S series (the model and its
segments) has 0.001 / (looks a day x S), and each of its columns an F-th of that. Looks overlap by up to eleven
twelfths and must persist over disjoint windows: both make the truth rarer than this bound.

A column's allowance is split over its tests (weighted Bonferroni: Genovese, Roeder and Wasserman, Biometrika 93, 2006).
Nearly all of it goes to the test with most power against the usual drifts; the exact tests of rates need little,
because a rate that appears is certain within a few rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from modelwatch.core.window import DAY_US, MIN_ROWS, grid
from modelwatch.monitors.drift import psi as stability
from modelwatch.monitors.drift import rates
from modelwatch.monitors.drift.rates import RATES

NOTICE_P: Final = 0.01
ALERTS_PER_1000_DAYS: Final = 1.0
"""False alerts of one model in 1,000 days, all columns, looks and segments counted."""
OMNIBUS_SHARE: Final = 0.045
"""The part of a number's allowance for the chi-square test on its tenths: it sees what moves neither location nor
scale (a spike, a gap, two humps), which is rare and then large."""
SMOOTH_SHARE: Final = 1 - OMNIBUS_SHARE - sum(rate.numbers for rate in RATES)
VECTOR_SHARE: Final = 1 - sum(rate.numbers for rate in RATES)
GROUPS_SHARE: Final = 1 - sum(rate.categories for rate in RATES)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is certain and what is large; shares of rows for rates. `looks` are checks a day, `series` share them.

    `part` of the budget is the windows'; of a critical model half is the sequential test's.
    """

    psi_warning: float = stability.WARNING
    psi_critical: float = stability.CRITICAL
    missing_warning: float = rates.WARNING
    missing_critical: float = rates.CRITICAL
    notice_p: float = NOTICE_P
    alerts_per_1000_days: float = ALERTS_PER_1000_DAYS
    looks: float = DAY_US / grid(DAY_US)
    series: int = 1
    part: float = 1.0
    min_rows: float = MIN_ROWS

    def notice_below(self, judged: int) -> float:
        """The p-value under which one of the judged columns is at notice."""
        return self.notice_p / max(judged, 1)

    def certain_below(self, judged: int) -> float:
        """The p-value under which one of the judged columns may be raised."""
        return self.alerts_per_1000_days * self.part / 1000 / (max(judged, 1) * self.looks * self.series)

    def lasting(self, judged: int, k: int, n: int) -> Thresholds:
        """Thresholds for windows that raise something only together: k of n that share nothing must be certain.

        Each may then be wrong far more often: of n independent windows k are wrong by chance with about C(n, k) p^k.
        Only for findings whose p-values count what windows have in common (days that differ), and that persist.
        """
        together = self.certain_below(judged)
        alone = min((together / math.comb(n, k)) ** (1 / k), self.notice_below(judged))
        return replace(self, part=self.part * alone / together)


DEFAULT: Final = Thresholds()
SETTABLE: Final = ("psi_warning", "psi_critical", "missing_warning", "missing_critical", "alerts_per_1000_days")
"""What a model's settings may change."""


def looks_per_day(length_us: int) -> float:
    """How many windows of that length end in a day.

    >>> from modelwatch.core.window import HOUR_US
    >>> looks_per_day(DAY_US), looks_per_day(HOUR_US)
    (12.0, 288.0)
    """
    return DAY_US / grid(length_us)


def thresholds_for(settings: Mapping[str, Any], length_us: int, series: int = 1) -> Thresholds:
    """The thresholds of a model with these settings for windows of that length, `series` of which share its budget."""
    own = {name: float(settings[name]) for name in SETTABLE if settings.get(name) is not None}
    part = 0.5 if settings.get("critical") else 1.0
    return Thresholds(**own, looks=looks_per_day(length_us), series=series, part=part)
