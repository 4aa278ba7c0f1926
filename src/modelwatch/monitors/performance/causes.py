"""Which features may be behind a drop: those that drifted and that the model listens to. Evidence, not proof.

The mean score can change because of a feature only as far as the feature moved and the score follows it. With P and Q
the shares of rows in the feature's bins now and before, f the mean score of a bin, by Cauchy and Schwarz

    |sum of (P - Q) f|  <=  sqrt(sum of (P - Q)^2 / Q)  x  sd of f over Q

The first factor is the root of Pearson's chi-square distance, about PSI where drift is small; the second is eta x sd of
the score, eta^2 being the correlation ratio (Pearson 1905; Fisher 1925): the share of the score's variance that the
bins explain. So `reach` = sqrt(PSI x eta^2) is about the most that the feature by itself can have moved the mean score,
in standard deviations of the score, and features are ranked by it: drift x importance.

What it cannot see: a feature that matters only together with another; one that stands in for another (two that say the
same are both important); and a changed truth with unchanged inputs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.loss_sums import LossSums, loss_sums
from modelwatch.monitors.tails import beta_below

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CERTAIN_P: Final = 0.01
"""A feature explains nothing unless the score follows it more than it follows 99 of 100 features of noise."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One feature as an explanation; `feature` is its place in the arrays, `share` its part of all products."""

    feature: int
    drift: float
    importance: float
    reach: float
    share: float


def causes(drift: Floats, importance: Floats) -> list[Cause]:
    """Features [f] by drift x importance, the first the likeliest; those that cannot matter come last, in their order.

    `drift` is debiased PSI (0 where there is none), `importance` the share of the score's variance, 0 to 1. What is not
    finite counts as 0. Raises `ValueError` on lengths that differ.

    >>> [(each.feature, round(each.reach, 2)) for each in causes(np.array([5.0, 0.3, 0.0]), np.array([0.0, 0.3, 0.5]))]
    [(1, 0.3), (0, 0.0), (2, 0.0)]
    """
    if len(drift) != len(importance):
        raise ValueError(f"{len(drift)} drifts and {len(importance)} importances are not of the same features")
    moved, heard = (
        np.maximum(np.nan_to_num(each, nan=0.0, posinf=0.0, neginf=0.0), 0.0) for each in (drift, importance)
    )
    product = moved * heard
    total = float(product.sum())
    return [
        Cause(
            int(f), float(moved[f]), float(heard[f]), math.sqrt(product[f]), float(product[f] / total) if total else 0.0
        )
        for f in np.argsort(-product, kind="stable")
    ]


def importance(score: Floats, codes: Sequence[Codes], weight: Floats | None = None) -> Floats:
    """The share [f] of the variance of a score [n] that the bins of each feature explain, corrected for their number.

    It is epsilon^2 (Kelley, Proc. National Academy of Sciences 21, 1935), whose mean is 0 for a feature that says
    nothing, however many bins it has; and 0 where the F test of equal means is not certain at 1 %. `codes` are bins
    0, 1, ... of each feature [n]; nulls are a bin of their own. Rows without a finite score are left out; weights are
    those of sampling. Raises `ValueError` on lengths that differ.
    """
    if any(len(each) != len(score) for each in codes):
        raise ValueError("scores and codes must be of the same rows")
    kept = np.isfinite(score) if weight is None else np.isfinite(score) & (weight > 0)
    if not kept.any():
        return np.zeros(len(codes))
    # the variance of a score far from 0 must not drown in rounding, and sums of losses are of what is at least 0
    level = score[kept] - score[kept].min()
    weight = None if weight is None else weight[kept]
    return np.array([explained(loss_sums(level, bins[kept], int(bins.max()) + 1, weight)) for bins in codes])


def explained(sums: LossSums) -> float:
    """Epsilon^2 of the groups whose sums these are; 0 where it is not certain."""
    whole = sums.reshape(1, -1).over(1)
    rows, groups = float(whole.rows[0]), int((sums.weight > 0).sum())
    within_df = rows - groups
    total = float(whole.variance[0]) * (rows - 1)
    if groups < 2 or within_df <= 0 or total <= 0:
        return 0.0
    share = sums.weight / whole.weight[0]
    between = float((share * (sums.mean - whole.mean[0]) ** 2).sum()) * rows
    within = max(total - between, 0.0)
    # P(F > f), by the beta function
    if beta_below(within_df / 2, (groups - 1) / 2, within / total) >= CERTAIN_P:
        return 0.0
    return float(np.clip((between - (groups - 1) * within / within_df) / total, 0.0, 1.0))
