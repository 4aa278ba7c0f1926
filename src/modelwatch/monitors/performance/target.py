"""Has what comes true changed? The actuals of a window against those of the baseline, whatever the model said.

Labels are compared as they are, numbers by the tenths of the baseline. Certain by the chi-square test of homogeneity,
large by the population stability index less its mean under no change: the same two as for features, see
`monitors.drift`. Only of windows whose labels have come: labels that come selectively look like drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import Level
from modelwatch.core.segment import WHOLE
from modelwatch.monitors.drift.chi_square import chi_square_p
from modelwatch.monitors.drift.psi import psi, psi_chance, psi_mean
from modelwatch.monitors.drift.thresholds import Thresholds
from modelwatch.profiles.outcomes import Fact, Outcomes, Total
from modelwatch.profiles.outcomes.grids import error_values

Floats = NDArray[np.float64]

TENTHS: Final = 10
FLOOR: Final = 1e-4
"""The least share of rows that PSI counts with."""


@dataclass(frozen=True, slots=True)
class Target:
    """PSI of the actuals, what it stays under in 99 % of windows without change, and the test's p-value.

    `size` is PSI less its mean under no change: what is held against the thresholds. `shares` are (name, share in the
    window, share in the baseline), those that moved most first.
    """

    value: float
    chance: float
    size: float
    p_value: float
    rows: float
    baseline_rows: float
    level: Level
    shares: tuple[tuple[str, float, float], ...]


def target_drift(
    window: Outcomes, baseline: Outcomes, thresholds: Thresholds, cut: str = WHOLE, effect: float = 1.0
) -> Target | None:
    """The actuals of a window held against a baseline; None when either has none. `effect` is the design effect."""
    names, now, before = labels_of(window, baseline, cut)
    if not names:
        names, now, before = numbers_of(window, baseline, cut)
    n, m = (rows_of(each, cut) / max(effect, 1.0) for each in (window, baseline))
    if not now.sum() or not before.sum():
        return None
    p, q = now / now.sum(), before / before.sum()
    floored = [np.maximum(each, FLOOR) for each in (p, q)]
    value = float(psi(*(each[None] / each.sum() for each in floored))[0])
    spread, freedom = np.array([1 / n + 1 / m]), np.array([max(len(names) - 1, 1)])
    size = value - float(psi_mean(spread, freedom)[0])
    certain = float(chi_square_p(now[None], before[None], np.array([n]), np.array([m]))[0])
    order = np.argsort(-np.abs(p - q))
    return Target(
        value,
        float(psi_chance(spread, freedom)[0]),
        size,
        certain,
        n,
        m,
        level_of(size, certain, min(n, m), thresholds),
        tuple((names[i], float(p[i]), float(q[i])) for i in order.tolist()),
    )


def level_of(size: float, p: float, rows: float, thresholds: Thresholds) -> Level:
    """Raised when certain and large, notice when certain at 1 % of checks."""
    if rows < thresholds.min_rows:
        return Level.INSUFFICIENT_DATA
    if p < thresholds.certain_below(1) and size >= thresholds.psi_warning:
        return Level.CRITICAL if size >= thresholds.psi_critical else Level.WARNING
    return Level.NOTICE if p < thresholds.notice_below(1) else Level.OK


def rows_of(outcomes: Outcomes, cut: str) -> float:
    """Effective labelled rows (Kish 1965)."""
    totals = outcomes.totals(cut)
    return float(totals[Total.WEIGHT] ** 2 / totals[Total.WEIGHT_SQ]) if totals[Total.WEIGHT_SQ] > 0 else 0.0


def labels_of(window: Outcomes, baseline: Outcomes, cut: str) -> tuple[list[str], Floats, Floats]:
    """(labels, weights in the window, weights in the baseline) of the actual labels of both."""
    both: list[dict[str, float]] = [{}, {}]
    for found, each in zip(both, (window, baseline), strict=True):
        _, _, actual, weight = each.cells(Fact.LABELLED, cut)
        for code, value in zip(actual.tolist(), weight.tolist(), strict=True):
            name = each.labels[code] if code < len(each.labels) else "other"
            found[name] = found.get(name, 0.0) + value
    names = sorted({*both[0], *both[1]})
    now, before = (np.array([found.get(name, 0.0) for name in names]) for found in both)
    return names, now, before


def numbers_of(window: Outcomes, baseline: Outcomes, cut: str) -> tuple[list[str], Floats, Floats]:
    """(bands, weights in the window, weights in the baseline) of the actual numbers, by the baseline's tenths."""
    bins, _, _, weight = baseline.cells(Fact.ACTUAL, cut)
    if not len(bins):
        return [], np.empty(0), np.empty(0)
    below = np.cumsum(weight) / weight.sum()
    cuts = np.unique(bins[np.searchsorted(below, np.arange(1, TENTHS) / TENTHS)])
    edges = error_values(cuts)
    now_bins, _, _, now_weight = window.cells(Fact.ACTUAL, cut)
    k = len(cuts) + 1
    now, before = (
        np.bincount(np.searchsorted(cuts, b), w, minlength=k).astype(np.float64)
        for b, w in ((now_bins, now_weight), (bins, weight))
    )
    words = [f"{edge:.4g}" for edge in edges]
    inner = [f"{low} to {high}" for low, high in pairwise(words)]
    return [f"up to {words[0]}", *inner, f"over {words[-1]}"], now, before
