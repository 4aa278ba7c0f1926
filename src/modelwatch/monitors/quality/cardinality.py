"""How many different values a window has, against what the reference would give at that many rows.

Of categories it counts the known names that occur, of numbers the bins that hold a row; a name that the reference
never had is the business of the unseen rate. A smaller sample has fewer of them by chance alone (rarefaction: Hurlbert,
The nonconcept of species diversity, Ecology 52, 1971). Given how often each value occurs in window and reference
together, t times, it is missing from the window with probability rho^t, where rho = m / (n + m) is the reference's
share of the rows; since only values that the reference has are counted, that is divided by 1 - (1 - rho)^t. A bin of
several numbers is bounded by quantiles of the reference: what it holds there, c rows, is no accident, and no row of
the window comes before the c of the reference with probability rho^c (negative binomial).

The number of distinct values is then a sum of unequal coins, whose distribution is computed without approximation
(Poisson-binomial). Values take rows from each other, which makes the true spread a little smaller: the p-value errs on
the quiet side. rho^t is exact but for terms of t / (n + m). Dependent rows count as n / effect.

A window is at notice when p is certain at 1 % of whole checks, at warning when it is certain within the alarm budget
and less than half of the expected values are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift.check import column_rows
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.profiles import NULL, Binning, Profile

Floats = NDArray[np.float64]

COLLAPSED: Final = 0.5
"""A window with less than this share of the values that it should have is worth a warning."""
CERTAINLY_SEEN: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Cardinality:
    """Per column [F]: distinct values in window and reference, what is `expected`, its 99 % range, p-value, level code.

    Values are known categories, or bins of numbers that hold a row. nan where either side has no rows.
    """

    distinct: Floats
    reference: Floats
    expected: Floats
    low: Floats
    high: Floats
    p: Floats
    levels: NDArray[np.uint8]


def cardinality(
    current: Profile,
    reference: Profile,
    binning: Binning,
    thresholds: Thresholds = DEFAULT,
    effect: Floats | None = None,
) -> Cardinality:
    """The cardinality of every column; `effect` [F] is how many dependent rows are worth one."""
    if not current.binning == reference.binning == binning.id:
        raise ValueError(f"profiles on {current.binning} and {reference.binning} cannot be compared on {binning.id}")
    kept = np.where(binning.vector, 0, np.where(binning.numeric, NULL, binning.size - 2))
    known = np.arange(NULL) < kept[:, None]
    now, before = (np.where(known, np.maximum(side.counts[:, :NULL], 0.0), 0.0) for side in (current, reference))
    had = before > 0
    quantiles = binning.numeric[:, None] & ~binning.single
    missing, n, m = chances(now, before, current, reference, quantiles, effect)
    distinct, held = ((now > 0) & had).sum(axis=1), had.sum(axis=1)
    low, high, below, above = spread(np.where(had, missing, 1.0), distinct)
    judged = (n > 0) & (m > 0) & ~binning.vector
    expected = np.where(had, 1 - missing, 0.0).sum(axis=1)
    p = np.minimum(2 * np.minimum(below, above), 1.0)
    enough = (n >= thresholds.min_rows) & (m >= thresholds.min_rows)
    distinct_, held_, expected_, low, high, told = (
        np.where(judged, each, np.nan) for each in (distinct, held, expected, low, high, p)
    )
    levels = graded(p, distinct < COLLAPSED * expected, enough, thresholds)
    return Cardinality(distinct_, held_, expected_, low, high, told, levels)


def chances(
    now: Floats,
    before: Floats,
    current: Profile,
    reference: Profile,
    quantiles: NDArray[np.bool_],
    effect: Floats | None,
) -> tuple[Floats, Floats, Floats]:
    """The chance [F, NULL] that a value of the reference is missing from the window, and the rows [F] of both."""
    worth = 1.0 if effect is None else 1 / np.maximum(np.nan_to_num(effect, nan=1.0), 1.0)
    n, m = (
        column_rows(np.maximum(current.counts, 0.0), current),
        column_rows(np.maximum(reference.counts, 0.0), reference),
    )
    scale = [np.divide(side.effective_rows, side.weight) if side.weight > 0 else 0.0 for side in (current, reference)]
    worth = np.reshape(worth, (-1, 1))
    had = before * scale[1] * worth
    times = np.where(quantiles, had, now * scale[0] * worth + had)
    rho = (m / np.maximum(n + m, 1e-300))[:, None]
    with np.errstate(under="ignore", divide="ignore", invalid="ignore"):
        counted = -np.expm1(times * np.log1p(-np.minimum(rho, 1 - 1e-12)))
        missing = rho**times / np.where(quantiles, 1.0, np.maximum(counted, 1e-300))
    missing = np.where(times > 0, np.minimum(missing, 1.0), 1.0)
    return missing, n, m


def spread(missing: Floats, distinct: NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    """The 99 % range of the number of values that are there, and the chances of as few and of as many as `distinct`."""
    rows = np.arange(len(missing))
    certain = (missing < CERTAINLY_SEEN).sum(axis=1)
    ordered = -np.sort(-np.where(missing < CERTAINLY_SEEN, -1.0, missing), axis=1)
    ordered = np.where(ordered >= 1.0, 1.0, ordered)
    open_ = int((ordered >= 0).sum(axis=1).max(initial=0))
    chance = np.zeros((len(missing), open_ + 1))
    chance[:, 0] = 1.0
    with np.errstate(under="ignore"):
        for i in range(open_):
            gone = np.where(ordered[:, i] < 0, 1.0, ordered[:, i])[:, None]
            there = chance[:, : i + 1] * (1 - gone)
            chance[:, : i + 2] *= gone
            chance[:, 1 : i + 2] += there
    upto = np.cumsum(chance, axis=1)
    from_ = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
    at = distinct - certain
    inside = np.clip(at, 0, open_)
    below = np.where(at < 0, 0.0, upto[rows, inside])
    above = np.where(at < 0, 1.0, np.where(at > open_, 0.0, from_[rows, inside]))
    low = certain + (upto < 0.005).sum(axis=1)
    high = certain + (upto < 0.995).sum(axis=1)
    return low.astype(np.float64), high.astype(np.float64), below, above


def graded(
    p: Floats, collapsed: NDArray[np.bool_], enough: NDArray[np.bool_], thresholds: Thresholds
) -> NDArray[np.uint8]:
    """Level codes [F]."""
    judged = int(enough.sum())
    answer = np.full(len(p), CODE[Level.OK], dtype=np.uint8)
    answer[p < thresholds.notice_below(judged)] = CODE[Level.NOTICE]
    answer[(p < thresholds.certain_below(judged)) & collapsed] = CODE[Level.WARNING]
    answer[~enough] = CODE[Level.INSUFFICIENT_DATA]
    return answer
