"""Window against reference, all columns at once: how far each has moved and whether that matters.

A column is at `notice` when its test of significance is certain at 1 % of whole checks: p < 0.01 / F for F judged
columns. `warning` and `critical` ask for more: p < 0.001 / (12 F), one false one in 1,000 model-days with 12 looks a
day, **and** a large effect: PSI above .1 / .25 after its mean under no drift is taken off, or nulls or unseen
categories up by 1 / 5 points. (That it also persists is decided where several windows are known.) Under 200 rows on
either side nothing is judged: `insufficient_data`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.drift import missing
from modelwatch.monitors.drift import psi as stability
from modelwatch.monitors.drift.chi_square import chi_square_p
from modelwatch.monitors.drift.groups import Grouped, grouped, novelty
from modelwatch.monitors.drift.kolmogorov_smirnov import (
    kolmogorov_smirnov,
    kolmogorov_smirnov_chance,
    kolmogorov_smirnov_p,
)
from modelwatch.monitors.drift.kullback_leibler import kullback_leibler, kullback_leibler_chance
from modelwatch.monitors.drift.table import Codes, DriftTable
from modelwatch.profiles import NULL, Binning, Profile

Floats = NDArray[np.float64]

LOOKS: Final = 12
"""Checks of overlapping windows within one window length, all of which may raise a false alarm."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is certain and what is large; shares of rows for nulls and unseen."""

    psi_warning: float = stability.WARNING
    psi_critical: float = stability.CRITICAL
    missing_warning: float = missing.WARNING
    missing_critical: float = missing.CRITICAL
    notice_p: float = 0.01
    certain_p: float = 0.001
    looks: int = LOOKS
    min_rows: float = MIN_ROWS

    def notice_below(self, judged: int) -> float:
        """The p-value under which one of the judged columns is at notice."""
        return self.notice_p / max(judged, 1)

    def certain_below(self, judged: int) -> float:
        """The p-value under which one of the judged columns may be raised."""
        return self.certain_p / (max(judged, 1) * self.looks)


DEFAULT: Final = Thresholds()


def check(current: Profile, reference: Profile, binning: Binning, thresholds: Thresholds = DEFAULT) -> DriftTable:
    """The drift of every column; both profiles must stand on `binning`, else `ValueError`."""
    if not current.binning == reference.binning == binning.id:
        raise ValueError(f"profiles on {current.binning} and {reference.binning} cannot be compared on {binning.id}")
    now, before = np.maximum(current.counts, 0.0), np.maximum(reference.counts, 0.0)
    n, m = column_rows(now, current), column_rows(before, reference)
    enough = (n >= thresholds.min_rows) & (m >= thresholds.min_rows)
    judged = int(enough.sum())
    groups = grouped(now, before, binning)
    size = sizes(groups, n, m)
    distance = numbers(now, before, n, m, binning)
    nulls = null_rates(now, before, n, m)
    unseen = unseen_rates(now, before, n, m, binning)
    tests = np.where(binning.numeric, 2.0, 3.0)
    shape_p = distance["ks_p"].copy()
    named = ~binning.numeric
    shape_p[named] = chi_square_p(groups.current[named], groups.reference[named], n[named], m[named])
    smallest = np.fmin(np.fmin(shape_p, nulls.p), unseen.p)
    grade = Grade(enough, judged, tests, thresholds)
    missing_floors = (thresholds.missing_warning, thresholds.missing_critical)
    psi_levels = grade.levels(size["psi"] - size["psi_mean"], smallest, thresholds.psi_warning, thresholds.psi_critical)
    nulls_levels = grade.levels(nulls.now - nulls.before, nulls.p, *missing_floors)
    unseen_levels = grade.levels(unseen.now - unseen.before, unseen.p, *missing_floors)
    return DriftTable(
        rows=current.rows,
        reference_rows=reference.rows,
        effective_rows=current.effective_rows,
        effective_reference_rows=reference.effective_rows,
        judged=judged,
        **size,
        **distance,
        nulls=nulls.now,
        nulls_before=nulls.before,
        nulls_chance=nulls.chance,
        nulls_p=nulls.p,
        unseen=unseen.now,
        unseen_before=unseen.before,
        unseen_chance=unseen.chance,
        unseen_p=unseen.p,
        test_p=np.minimum(smallest * tests, 1.0),
        levels=np.minimum(np.minimum(psi_levels, nulls_levels), unseen_levels),
        psi_levels=psi_levels,
        nulls_levels=nulls_levels,
        unseen_levels=unseen_levels,
    )


def column_rows(counts: Floats, profile: Profile) -> Floats:
    """The effective rows [F] that each column was counted for; fewer than the profile's where it came in later."""
    per_weight = profile.effective_rows / profile.weight if profile.weight > 0 else 0.0
    answer: Floats = counts.sum(axis=1) * per_weight
    return answer


def sizes(groups: Grouped, n: Floats, m: Floats) -> dict[str, Floats]:
    """How large the change is: PSI and KL with what chance makes of them; nan where either side has no rows."""
    spread = 1 / np.maximum(n, 1e-9) + 1 / np.maximum(m, 1e-9)
    known = (n > 0) & (m > 0)
    shares = groups.shares()
    freedom = groups.freedom
    answer = {
        "psi": stability.psi(*shares),
        "psi_mean": stability.psi_mean(spread, freedom),
        "psi_chance": stability.psi_chance(spread, freedom),
        "kl": kullback_leibler(*shares),
        "kl_chance": kullback_leibler_chance(spread, freedom),
    }
    return {name: np.where(known, values, np.nan) for name, values in answer.items()}


def numbers(now: Floats, before: Floats, n: Floats, m: Floats, binning: Binning) -> dict[str, Floats]:
    """The Kolmogorov-Smirnov distance of the finite values with p-value and chance; nan for categories."""
    rows = binning.numeric
    a, b = now[rows, :NULL], before[rows, :NULL]
    n = n[rows] * a.sum(axis=1) / np.maximum(now[rows].sum(axis=1), 1e-300)
    m = m[rows] * b.sum(axis=1) / np.maximum(before[rows].sum(axis=1), 1e-300)
    both = n * m / np.maximum(n + m, 1e-300)
    distance = kolmogorov_smirnov(a, b, binning.single[rows])
    answer = {name: np.full(len(binning), np.nan) for name in ("ks", "ks_p", "ks_chance")}
    answer["ks"][rows] = distance
    answer["ks_p"][rows] = kolmogorov_smirnov_p(distance, both)
    answer["ks_chance"][rows] = kolmogorov_smirnov_chance(both)
    return answer


class Rates(NamedTuple):
    """Shares of rows [F] in window and reference, what chance makes of them, and the p-value of their difference."""

    now: Floats
    before: Floats
    chance: Floats
    p: Floats


def null_rates(now: Floats, before: Floats, n: Floats, m: Floats) -> Rates:
    """Rows without a usable value: null, NaN, infinite, mistyped."""
    a, b = share(now[:, NULL:].sum(axis=1), now), share(before[:, NULL:].sum(axis=1), before)
    return Rates(a, b, missing.rate_chance(b, n, m), missing.rate_p(a, b, n, m))


def unseen_rates(now: Floats, before: Floats, n: Floats, m: Floats, binning: Binning) -> Rates:
    """Rows with a category that the reference did not have, against the share expected; nan for numbers."""
    rows = np.arange(len(binning))
    last = binning.size - 1
    a = share(now[rows, last], now)
    b = np.maximum(share(before[rows, last], before), novelty(binning))
    rates = (a, b, missing.rate_chance(b, n, m), missing.rate_p(a, b, n, m))
    return Rates(*(np.where(binning.numeric, np.nan, values) for values in rates))


def share(part: Floats, counts: Floats) -> Floats:
    """A part [F] of the counts [F, WIDTH] as a share; 0 where there are none."""
    total = counts.sum(axis=1)
    answer: Floats = part / np.where(total > 0, total, 1.0)
    return answer


@dataclass(frozen=True, slots=True)
class Grade:
    """How p-value and size become a level; `tests` [F] is how many p-values share a column's allowance."""

    enough: NDArray[np.bool_]
    judged: int
    tests: Floats
    thresholds: Thresholds

    def levels(self, size: Floats, p: Floats, warning: float, critical: float) -> Codes:
        """Codes [F]: raised when certain and large, at notice when only certain at 1 %; nan counts as no change."""
        size, p = np.nan_to_num(size), np.nan_to_num(p, nan=1.0) * self.tests
        certain = p < self.thresholds.certain_below(self.judged)
        answer = np.full(len(size), CODE[Level.OK], dtype=np.uint8)
        answer[p < self.thresholds.notice_below(self.judged)] = CODE[Level.NOTICE]
        answer[certain & (size >= warning)] = CODE[Level.WARNING]
        answer[certain & (size >= critical)] = CODE[Level.CRITICAL]
        answer[~self.enough] = CODE[Level.INSUFFICIENT_DATA]
        return answer
