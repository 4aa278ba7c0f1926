"""How many false alarms a setting will make: said before it is saved.

For one column of one window in which nothing has changed, being raised takes a p-value under the column's allowance
**and** a size above the floor. The first happens with at most that probability; PSI less its mean exceeds a floor with
the tail of chi-square(9) scaled by 1/n + 1/m (ten groups; Yurdakul and Naranjo, 2020). Both are asked for, so the
smaller one bounds it. Over a month, all looks, columns and series add up (Bonferroni): `at_most` needs no assumption
about how looks overlap or how long luck lasts. `about` also counts that k of n disjoint windows must agree, as if
windows were independent, which they are when the reference is much larger than a window.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np

from modelwatch.monitors.drift.groups import QUANTILES
from modelwatch.monitors.drift.thresholds import OMNIBUS_SHARE, SMOOTH_SHARE, Thresholds
from modelwatch.monitors.tails import chi_square_tail

MONTH_DAYS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Expected:
    """False alarms a month of 30 days: alerts at most and about, and windows at notice, which nobody is sent."""

    alerts_at_most: float
    alerts_about: float
    notices: float


def expected(
    thresholds: Thresholds, columns: int, rows: float, reference_rows: float, k: int = 2, n: int = 3
) -> Expected:
    """What `columns` columns, windows of `rows` rows and k of n windows make of the thresholds when nothing changes.

    >>> from modelwatch.monitors.drift.thresholds import DEFAULT
    >>> expected(DEFAULT, 50, 2_000, 100_000).alerts_at_most <= 0.03
    True
    """
    certain = thresholds.certain_below(columns)
    shape = min(certain * (SMOOTH_SHARE + OMNIBUS_SHARE), large(thresholds.psi_warning, rows, reference_rows))
    single = shape + certain * (1 - SMOOTH_SHARE - OMNIBUS_SHARE)
    looks = thresholds.looks * thresholds.series * MONTH_DAYS
    agree = comb(n - 1, k - 1) * single ** (k - 1)
    most = looks * columns * single
    return Expected(most, most * min(agree, 1.0), looks * thresholds.notice_p)


def large(floor: float, rows: float, reference_rows: float) -> float:
    """P(PSI less its mean >= floor) when nothing has changed."""
    spread = 1 / max(rows, 1.0) + 1 / max(reference_rows, 1.0)
    freedom = QUANTILES - 1
    return float(chi_square_tail(np.array([floor / spread + freedom]), np.array([freedom]))[0])
