"""Window against reference, all columns at once: how far each has moved and whether that matters.

A column is at `notice` when its tests of significance are certain at 1 % of whole checks. `warning` and `critical` ask
for more: certain within the model's alarm budget, all looks counted, **and** a large effect: PSI above .1 / .25 after
its mean under no drift is taken off, or a rate (nulls, unseen, ...) up by 1 / 5 points. (That it also persists is
decided where several windows are known.) Under 200 rows on either side nothing is judged: `insufficient_data`.

The tests: Neyman's smooth test and a chi-square test on tenths for numbers, chi-square for categories, the calibrated
MMD for vectors (whose size is held against PSI's floors), exact tests of rates for all. `thresholds.py` says how a
column's allowance is split over them and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift import psi as stability
from modelwatch.monitors.drift.chi_square import chi_square
from modelwatch.monitors.drift.dependence import Dependence, independent
from modelwatch.monitors.drift.groups import UNSEEN, Grouped, add_up, grouped, told_apart
from modelwatch.monitors.drift.kolmogorov_smirnov import (
    kolmogorov_smirnov,
    kolmogorov_smirnov_chance,
    kolmogorov_smirnov_p,
)
from modelwatch.monitors.drift.kullback_leibler import kullback_leibler, kullback_leibler_chance
from modelwatch.monitors.drift.plain import plain
from modelwatch.monitors.drift.rates import RATES, Rates, rates
from modelwatch.monitors.drift.smooth import smooth_p, smooth_test
from modelwatch.monitors.drift.table import Codes, DriftTable
from modelwatch.monitors.drift.thresholds import (
    DEFAULT,
    GROUPS_SHARE,
    OMNIBUS_SHARE,
    SMOOTH_SHARE,
    VECTOR_SHARE,
    Thresholds,
)
from modelwatch.monitors.drift.vectors import Vectors, vectors
from modelwatch.monitors.tails import chi_square_points, chi_square_tail, variance_ratio_tail
from modelwatch.profiles import NULL, Binning, Profile

Floats = NDArray[np.float64]

SMOOTH_99: Final = 9.210340371976184
"""P(chi-square(2) > this) = 1 %."""


def check(
    current: Profile,
    reference: Profile,
    binning: Binning,
    thresholds: Thresholds = DEFAULT,
    dependence: Dependence | None = None,
) -> DriftTable:
    """The drift of every column; both profiles must stand on `binning`, else `ValueError`.

    `dependence` is what the blocks of the reference say of rows that depend on each other; None is that they do not.
    """
    if not current.binning == reference.binning == binning.id:
        raise ValueError(f"profiles on {current.binning} and {reference.binning} cannot be compared on {binning.id}")
    effect = independent(len(binning)) if dependence is None else dependence
    now, before = plain(current.counts, binning), plain(reference.counts, binning)
    n, m = column_rows(now, current), column_rows(before, reference)
    enough = (n >= thresholds.min_rows) & (m >= thresholds.min_rows)
    judged = int(enough.sum())
    groups = grouped(now, before, binning)
    usable = valued(now, n), valued(before, m)
    largest = effect.largest
    size = without_vectors(sizes(groups, n, m, effect.average, largest), binning)
    shape = shapes(now, before, usable, binning, groups, effect, largest)
    vector = vectors(current.counts, reference.counts, *usable, binning, effect.scale, effect.thinning)
    rate = rates(now, before, n, m, binning, thinned(effect.rate, largest))
    smallest = combined(shape, vector, rate, binning)
    grade = Grade(enough, judged, thresholds)
    size_floors = (thresholds.psi_warning, thresholds.psi_critical)
    psi_levels = grade.levels(size["psi"] - size["psi_mean"], np.where(binning.vector, 1.0, smallest), *size_floors)
    mmd_levels = grade.levels(vector.mmd - vector.mmd_mean, np.where(binning.vector, smallest, 1.0), *size_floors)
    floors = (thresholds.missing_warning, thresholds.missing_critical)
    rate_levels = grade.levels(rate.now - rate.before, rate.p / rate_parts(binning), *floors)
    names: dict[str, Any] = {f"{kind.metric}_levels": rate_levels[i] for i, kind in enumerate(RATES)}
    return DriftTable(
        rows=current.rows,
        reference_rows=reference.rows,
        effective_rows=current.effective_rows,
        effective_reference_rows=reference.effective_rows,
        judged=judged,
        **size,
        **distances(now, before, usable, binning, largest),
        **without_vectors(shape._asdict(), binning),
        **vector._asdict(),
        **by_name(rate),
        design_effect=largest,
        test_p=np.minimum(smallest, 1.0),
        levels=np.minimum(np.minimum(psi_levels, mmd_levels), rate_levels.min(axis=0)),
        psi_levels=psi_levels,
        mmd_levels=mmd_levels,
        **names,
    )


def column_rows(counts: Floats, profile: Profile) -> Floats:
    """The effective rows [F] that each column was counted for; fewer than the profile's where it came in later."""
    per_weight = profile.effective_rows / profile.weight if profile.weight > 0 else 0.0
    answer: Floats = counts.sum(axis=1) * per_weight
    return answer


def sizes(groups: Grouped, n: Floats, m: Floats, average: Floats, largest: Floats) -> dict[str, Any]:
    """How large the change is: PSI and KL with what chance makes of them; nan where either side has no rows."""
    one = 1 / np.maximum(n, 1e-9) + 1 / np.maximum(m, 1e-9)
    spread = one * largest
    known = (n > 0) & (m > 0)
    shares = groups.shares()
    freedom = groups.freedom
    answer = {
        "psi": stability.psi(*shares),
        "psi_mean": stability.psi_mean(one * average, freedom),
        "psi_chance": stability.psi_chance(spread, freedom),
        "kl": kullback_leibler(*shares),
        "kl_chance": kullback_leibler_chance(spread, freedom),
    }
    return {name: np.where(known, values, np.nan) for name, values in answer.items()}


class Shapes(NamedTuple):
    """Tests of significance [F]: smooth for numbers, chi-square for all; nan (p: 1) where one does not apply."""

    smooth: Floats
    smooth_chance: Floats
    smooth_p: Floats
    chi_square: Floats
    chi_square_chance: Floats
    chi_square_p: Floats


def shapes(
    now: Floats,
    before: Floats,
    usable: tuple[Floats, Floats],
    binning: Binning,
    groups: Grouped,
    effect: Dependence,
    largest: Floats,
) -> Shapes:
    """Whether values that are there are distributed otherwise; rows without a value are the rates' business."""
    numeric = binning.numeric
    scores, skewness = smooth_test(now[numeric, :NULL], before[numeric, :NULL], usable[0][numeric], usable[1][numeric])
    smooth, p = np.full(len(binning), np.nan), np.ones(len(binning))
    smooth[numeric], p[numeric] = smooth_p(scores, effect.scores[numeric], effect.freedom, skewness)
    statistic, freedom = chi_square(*tested(now, before, binning, groups), *usable)
    # nothing tells how each tenth of a number depends on its block: its largest effect is on the safe side
    statistic = statistic / np.where(numeric, largest, effect.scale)
    freedom = freedom / np.where(numeric, 1.0, effect.thinning)
    whole = freedom.astype(np.int64)
    return Shapes(
        smooth,
        np.where(numeric, SMOOTH_99, np.nan),
        p,
        statistic,
        chi_square_points(0.01, whole),
        corrected_p(statistic, freedom, effect),
    )


def corrected_p(statistic: Floats, freedom: Floats, effect: Dependence) -> Floats:
    """The p-value [F] of chi-squares that were divided by their design effects: F's tail where those are estimates.

    (Thomas and Rao, Small-sample comparisons of level and power for simple goodness-of-fit statistics under cluster
    sampling, J. American Statistical Association 82, 1987; they multiply the degrees of freedom behind the estimate by
    the statistic's. Far out the direction that varies most decides, and that one was estimated on the blocks' alone.)
    """
    guessed = effect.guessed
    answer = chi_square_tail(statistic, np.where(guessed, 0.0, freedom))
    if guessed.any():
        behind = np.full(int(guessed.sum()), effect.freedom)
        answer[guessed] = variance_ratio_tail(statistic[guessed], freedom[guessed], behind)
    return answer


def tested(now: Floats, before: Floats, binning: Binning, groups: Grouped) -> tuple[Floats, Floats]:
    """The groups [F, UNSEEN + 1] of window and reference that a chi-square test compares."""
    current, reference = groups.current[:, : UNSEEN + 1], groups.reference[:, : UNSEEN + 1]
    apart = told_apart(before, binning)
    if apart:
        rows, group = list(apart), np.stack(list(apart.values()))
        current, reference = current.copy(), reference.copy()
        current[rows] = add_up(now[rows], group)[:, : UNSEEN + 1]
        reference[rows] = add_up(before[rows], group)[:, : UNSEEN + 1]
    return current, reference


def valued(counts: Floats, rows: Floats) -> Floats:
    """How many of the rows [F] have a usable value."""
    total = counts.sum(axis=1)
    answer: Floats = rows * counts[:, :NULL].sum(axis=1) / np.where(total > 0, total, 1.0)
    return answer


def thinned(rate: Floats, largest: Floats) -> Floats:
    """How many rows [R, F] are worth one in the test of a rate: what blocks show of it, or of the column's values."""
    seen = np.where(rate > 1.0, rate, largest)
    return np.stack([largest if kind.metric in ("outside", "unseen") else seen for kind in RATES])


def without_vectors(figures: dict[str, Any], binning: Binning) -> dict[str, Any]:
    """Figures [F] that have no meaning for a vector, with nan there."""
    return {name: np.where(binning.vector, np.nan, values) for name, values in figures.items()}


def combined(shape: Shapes, vector: Vectors, rate: Rates, binning: Binning) -> Floats:
    """The smallest p-value [F] of a column's tests, each divided by its part of the column's allowance; above 1 too."""
    answer = np.select(
        [binning.numeric, binning.vector],
        [
            np.minimum(shape.smooth_p / SMOOTH_SHARE, shape.chi_square_p / OMNIBUS_SHARE),
            vector.mmd_p / VECTOR_SHARE,
        ],
        shape.chi_square_p / GROUPS_SHARE,
    )
    smallest: Floats = np.minimum(answer, (rate.p / rate_parts(binning)).min(axis=0))
    return smallest


def rate_parts(binning: Binning) -> Floats:
    """The part of a column's allowance [R, F] that each rate has; 1 where its p-value is 1 anyway."""
    parts = np.array([(kind.categories or 1.0, kind.numbers or 1.0) for kind in RATES])
    answer: Floats = parts[:, (binning.numeric | binning.vector).astype(np.intp)]
    return answer


def distances(
    now: Floats, before: Floats, usable: tuple[Floats, Floats], binning: Binning, largest: Floats
) -> dict[str, Any]:
    """The Kolmogorov-Smirnov distance of the finite values with p-value and chance; nan for categories."""
    rows = binning.numeric
    a, b = now[rows, :NULL], before[rows, :NULL]
    n, m = usable[0][rows], usable[1][rows]
    both = n * m / np.maximum(n + m, 1e-300) / largest[rows]
    distance = kolmogorov_smirnov(a, b, binning.single[rows])
    answer = {name: np.full(len(binning), np.nan) for name in ("ks", "ks_p", "ks_chance")}
    answer["ks"][rows] = distance
    answer["ks_p"][rows] = kolmogorov_smirnov_p(distance, both)
    answer["ks_chance"][rows] = kolmogorov_smirnov_chance(both)
    return answer


def by_name(rate: Rates) -> dict[str, Any]:
    """The rates under the names that a table has for them."""
    answer: dict[str, Any] = {}
    for i, kind in enumerate(RATES):
        answer[kind.metric] = rate.now[i]
        answer[f"{kind.metric}_before"] = np.where(np.isnan(rate.now[i]), np.nan, rate.before[i])
        answer[f"{kind.metric}_chance"] = rate.chance[i]
        answer[f"{kind.metric}_p"] = np.where(np.isnan(rate.now[i]), np.nan, rate.p[i])
    return answer


@dataclass(frozen=True, slots=True)
class Grade:
    """How p-value and size become a level."""

    enough: NDArray[np.bool_]
    judged: int
    thresholds: Thresholds

    def levels(self, size: Floats, p: Floats, warning: float, critical: float) -> Codes:
        """Codes [..., F]: raised when certain and large, at notice when certain at 1 %; nan is no change."""
        certain = p < self.thresholds.certain_below(self.judged)
        answer = np.full(size.shape, CODE[Level.OK], dtype=np.uint8)
        answer[p < self.thresholds.notice_below(self.judged)] = CODE[Level.NOTICE]
        answer[certain & (size >= warning)] = CODE[Level.WARNING]
        answer[certain & (size >= critical)] = CODE[Level.CRITICAL]
        answer[..., ~self.enough] = CODE[Level.INSUFFICIENT_DATA]
        return answer
