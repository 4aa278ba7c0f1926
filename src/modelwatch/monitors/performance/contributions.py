"""Which segments carry a change of the mean loss: evidence, from sums that add up.

Cut by one column, the mean loss of a window is a mixture of its segments' (`w` and `v` are the shares of rows that
segment s has in window and reference, `b` and `a` its mean losses there, B and A those of all rows), and the change
splits without a rest into what changed *within* the segments and what their *mix* changed (Kitagawa, Components of a
difference between two rates, J. American Statistical Association 50, 1955; of a regression: Oaxaca, Int. Economic
Review 14, 1973, and Blinder, J. Human Resources 8, 1973):

    B - A = sum over s of  (w_s + v_s) / 2 (b_s - a_s)  +  (w_s - v_s) ((a_s + b_s) / 2 - (A + B) / 2)

A segment that only one side has is all mix. Errors follow from how each row moves each part (delta method), `PRIOR`
rows of average spread lent to each segment; of losses that are 0 or 1 the interval of what changed within covers
Newcombe's score interval, too. Intervals hold together for all parts (Bonferroni, 95 %). A segment is named for a part
that is certain (Holm over all segments, within and mix, at 1 %), makes the loss higher, and is at least a twentieth of
the change. It is no proof of a cause: a segment may be named because it holds most rows of what is not looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.holm import adjusted
from modelwatch.monitors.performance.loss_sums import LossSums
from modelwatch.monitors.performance.slice_tests import excess_interval, standardised
from modelwatch.monitors.tails import normal_tail

Floats = NDArray[np.float64]

CERTAIN_P: Final = 0.01
MISS: Final = 0.05
MATERIAL: Final = 0.05
"""The part of the change under which a segment is not worth naming."""
MIN_ROWS: Final = 30
"""A segment with fewer rows on a side is not named for what changed within, with fewer on both not at all."""
PRIOR: Final = 20.0
"""Rows of average spread that every segment is lent: one without errors so far is not taken for one that makes none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts of a segment; `low` and `high` hold together with all others, `p` is adjusted for them."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """A segment's part in the change of the mean loss; `segment` is its place in the sums.

    `rows` (effective), `share` and `loss` are of the window, those with `reference_` of the reference; the loss is nan
    where there are no rows. `named` says what it is named for: 'within', 'mix', or nothing when ''.
    """

    segment: int
    rows: float
    reference_rows: float
    share: float
    reference_share: float
    loss: float
    reference_loss: float
    within: Part
    mix: Part
    named: str

    @property
    def value(self) -> float:
        """What it carries in all."""
        return self.within.value + self.mix.value


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change of the mean loss, from `reference_loss` to `loss`, and who carries it.

    `change` = `within` + `mix` = the sum over all `segments`, which are in order: the named first, then by their part.
    """

    loss: float
    reference_loss: float
    within: float
    mix: float
    segments: tuple[Contribution, ...]

    @property
    def change(self) -> float:
        """How much higher the mean loss of the window is."""
        return self.loss - self.reference_loss


def contributions(reference: LossSums, current: LossSums, design_effect: float = 1.0) -> Decomposition:
    """The parts of the segments [S] of one column in the change of the mean loss from reference to current.

    Segments must not share rows; put the rows of no segment into one of their own, or the parts are of the others only.
    `design_effect` is how many rows tell as much as one independent one. Where a side has no rows its mean is nan, and
    there are no parts.
    Raises `ValueError` when the sums are not of the same segments.
    """
    if reference.weight.shape != current.weight.shape:
        raise ValueError(f"{len(reference.weight)} and {len(current.weight)} segments are not the same ones")
    if min(float(reference.weight.sum()), float(current.weight.sum())) <= 0:
        return Decomposition(mean_of(current), mean_of(reference), 0.0, 0.0, ())
    reference, current = (thinned(sums, design_effect) for sums in (reference, current))
    before, now = Side.of(reference), Side.of(current)
    # a segment that only one side has is all mix: there is nothing that it could differ from
    a, b = np.where(before.share > 0, before.own, now.own), np.where(now.share > 0, now.own, before.own)
    within = (now.share + before.share) / 2 * (b - a)
    mix = (now.share - before.share) * ((a + b) / 2 - (before.mean + now.mean) / 2)
    errors = np.sqrt(moved(now, before, b - a, (a + b) / 2, 1.0) + moved(before, now, b - a, (a + b) / 2, -1.0))
    values = np.stack([within, mix])
    # a new segment can be named for its share, not for a change in it
    told = np.stack([np.minimum(before.rows, now.rows), np.maximum(before.rows, now.rows)]) >= MIN_ROWS
    z = -NormalDist().inv_cdf(MISS / 2 / values.size)
    two_sided = np.minimum(2 * normal_tail(np.abs(standardised(values, errors))), 1.0)
    p = np.array(adjusted(np.where(told, two_sided, 1.0).ravel())).reshape(values.shape)
    low, high = values - z * errors, values + z * errors
    if is_binary(reference, current):
        scores = np.array(excess_interval(current, reference, True, MISS / 2 / values.size))
        scores = np.where((before.share > 0) & (now.share > 0), scores, 0.0) * (now.share + before.share) / 2
        low[0], high[0] = np.minimum(low[0], scores[0]), np.maximum(high[0], scores[1])
    parts = np.stack([values, low, high, p])
    material = max(MATERIAL * (now.mean - before.mean), 1e-300)
    found = [
        contribution(s, before, now, parts[:, :, s], material) for s in range(len(within)) if now.any_of(before, s)
    ]
    found.sort(key=lambda each: (each.named == "", -each.value, each.segment))
    return Decomposition(now.mean, before.mean, float(within.sum()), float(mix.sum()), tuple(found))


def thinned(sums: LossSums, design_effect: float) -> LossSums:
    """The sums of rows that tell as much as fewer independent ones."""
    return LossSums(sums.weight, sums.weight_sq * design_effect, sums.loss, sums.loss_sq)


def is_binary(*sides: LossSums) -> bool:
    """Whether all losses are 0 or 1: only then are they their own squares."""
    return all(bool(np.all(np.abs(each.loss - each.loss_sq) <= 1e-9 * each.loss)) for each in sides)


def mean_of(sums: LossSums) -> float:
    """The mean loss of all segments together; nan without rows."""
    weight = float(sums.weight.sum())
    return float(sums.loss.sum()) / weight if weight > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Side:
    """One side's segments [S]: their shares, mean losses, spread, effective rows, and the same of all rows."""

    share: Floats
    own: Floats
    variance: Floats
    rows: Floats
    mean: float
    total: float
    spread: float

    @staticmethod
    def of(sums: LossSums) -> Side:
        """What the sums say."""
        whole = sums.reshape(1, -1).over(1)
        rows, spread = sums.rows, float(whole.variance[0])
        variance = (np.maximum(rows - 1, 0.0) * sums.variance + PRIOR * spread) / (np.maximum(rows - 1, 0.0) + PRIOR)
        share = sums.weight / whole.weight[0]
        return Side(share, sums.mean, variance, rows, float(whole.mean[0]), float(whole.rows[0]), spread)

    def any_of(self, other: Side, s: int) -> bool:
        """Whether either side has rows of the segment."""
        return bool(self.share[s] > 0 or other.share[s] > 0)


def moved(side: Side, other: Side, difference: Floats, level: Floats, sign: float) -> Floats:
    """The variances [2, S] of within and mix that come from the rows of one side; `sign` is -1 for the reference.

    A row in the segment moves its share by 1 - share and its mean by its own deviation over the share; any row moves
    the mean of all. Both parts are linear in the row's loss, in the segment and outside.
    """
    share, both = side.share, (side.share + other.share) / 2
    some = share > 0
    tilt = sign * (side.share - other.share)
    centre = level - (side.mean + other.mean) / 2
    # where only this side has rows the level is its own mean and within is nothing
    alone = other.share <= 0
    part = np.divide(1.0, share, out=np.zeros_like(share), where=some)
    own = np.where(alone, 1.0, 0.5)
    # what a row in the segment adds: fixed + slope * (its loss less the segment's mean)
    fixed_in = np.stack([(1 - share) / 2 * difference, sign * (1 - share) * centre - tilt / 2 * (side.own - side.mean)])
    slope_in = np.stack([np.where(alone, 0.0, sign * both * part), tilt * (own * part - 0.5)])
    # and one outside, whose losses have mean and spread of the others
    outside = np.divide(side.mean - share * side.own, 1 - share, out=np.full_like(share, side.mean), where=share < 1)
    fixed_out = np.stack([-share / 2 * difference, -sign * share * centre - tilt / 2 * (outside - side.mean)])
    slope_out = np.stack([np.zeros_like(share), -tilt / 2])
    variance_out = np.maximum(
        side.spread
        - share * side.variance
        - share * (side.own - side.mean) ** 2
        - (1 - share) * (outside - side.mean) ** 2,
        0.0,
    )
    variance_out = np.divide(variance_out, 1 - share, out=np.zeros_like(share), where=share < 1)
    inside = share * (fixed_in**2 + slope_in**2 * side.variance)
    answer: Floats = (inside + (1 - share) * (fixed_out**2 + slope_out**2 * variance_out)) / side.total
    return answer


def contribution(s: int, before: Side, now: Side, parts: Floats, material: float) -> Contribution:
    """What there is to say of one segment, whose `parts` are [4, 2]: value, low, high, p of within and mix."""
    within, mix = (Part(*(float(each) for each in parts[:, i])) for i in range(2))
    sure = [
        (part.value, name)
        for name, part in (("within", within), ("mix", mix))
        if part.p < CERTAIN_P and part.value >= material
    ]
    return Contribution(
        s,
        float(now.rows[s]),
        float(before.rows[s]),
        float(now.share[s]),
        float(before.share[s]),
        float(now.own[s]) if now.share[s] > 0 else float("nan"),
        float(before.own[s]) if before.share[s] > 0 else float("nan"),
        within,
        mix,
        max(sure)[1] if sure else "",
    )
