"""Which segments carry a change of the mean loss: evidence, from sums that add up.

Cut by one column, the mean loss of a window is a mixture of its segments' (`w` and `v` are the shares of rows that
segment s has in window and reference, `b` and `a` its mean losses there, B and A those of all rows), and the change
splits without a rest into what changed *within* the segments and what their *mix* changed (Kitagawa, Components of a
difference between two rates, J. American Statistical Association 50, 1955; of a regression: Oaxaca, Int. Economic
Review 14, 1973, and Blinder, J. Human Resources 8, 1973):

    B - A = sum over s of  (w_s + v_s) / 2 (b_s - a_s)  +  (w_s - v_s) ((a_s + b_s) / 2 - (A + B) / 2)

A segment that only one side has is all mix. Errors follow from how each row moves each part (`contribution_errors`); of
losses that are 0 or 1 the interval of what changed within covers Newcombe's score interval, too. Intervals hold
together for all parts (Bonferroni, 95 %). A segment is named for a part that is certain (Holm over all segments, within
and mix, at 1 %), makes the loss higher, and is, as is the segment's whole part, at least a twentieth of the change.

It is no proof of a cause: a segment may be named because it holds most rows of what is not looked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.holm import adjusted
from modelwatch.monitors.performance.contribution_errors import Side, errors
from modelwatch.monitors.performance.loss_sums import LossSums
from modelwatch.monitors.performance.slice_tests import excess_interval, standardised, student_points
from modelwatch.monitors.tails import student_tail

Floats = NDArray[np.float64]

CERTAIN_P: Final = 0.01
MISS: Final = 0.05
MATERIAL: Final = 0.05
"""The part of the change under which a segment is not worth naming."""
MIN_ROWS: Final = 30
"""A segment with fewer rows on a side is not named for what changed within, with fewer on both not at all."""


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


def contributions(reference: LossSums, current: LossSums) -> Decomposition:
    """The parts of the segments [S] of one column in the change of the mean loss from reference to current.

    Sums [S] take rows as independent. Sums [G, S] of blocks (days, customers) take what happens in one block as one
    event; the sides may have different blocks, or only one of them any. Segments must not share rows; put the rows of
    no segment into one of their own, or the parts are of the others only. Where a side has no rows its mean is nan,
    and there are no parts. Raises `ValueError` when the sums are not of the same segments.
    """
    if reference.weight.shape[-1] != current.weight.shape[-1]:
        raise ValueError(f"{reference.weight.shape[-1]} and {current.weight.shape[-1]} segments are not the same ones")
    if min(float(reference.weight.sum()), float(current.weight.sum())) <= 0:
        return Decomposition(mean_of(current), mean_of(reference), 0.0, 0.0, ())
    before, now = Side.of(reference), Side.of(current)
    # a segment that only one side has is all mix: there is nothing that it could differ from
    a, b = np.where(before.share > 0, before.own, now.own), np.where(now.share > 0, now.own, before.own)
    within = (now.share + before.share) / 2 * (b - a)
    mix = (now.share - before.share) * ((a + b) / 2 - (before.mean + now.mean) / 2)
    parts = bounded(np.stack([within, mix]), before, now, *errors(before, now, b - a, (a + b) / 2))
    material = max(MATERIAL * (now.mean - before.mean), 1e-300)
    some = np.flatnonzero((before.share > 0) | (now.share > 0))
    found = [contribution(int(s), before, now, parts[:, :, s], material) for s in some]
    found.sort(key=lambda each: (each.named == "", -each.value, each.segment))
    return Decomposition(now.mean, before.mean, float(within.sum()), float(mix.sum()), tuple(found))


def bounded(values: Floats, before: Side, now: Side, error: Floats, df: Floats) -> Floats:
    """The parts [2, S] with their bounds and p-values: [4, 2, S], value, low, high, p."""
    miss = MISS / 2 / values.size
    width = student_points(miss, df.ravel()).reshape(df.shape) * error
    low, high = values - width, values + width
    if is_binary(before.sums, now.sums):
        scores = np.array(excess_interval(now.sums, before.sums, True, miss))
        scores = np.where((before.share > 0) & (now.share > 0), scores, 0.0) * (now.share + before.share) / 2
        low[0], high[0] = np.minimum(low[0], scores[0]), np.maximum(high[0], scores[1])
    t = np.abs(standardised(values, error))
    two_sided = np.minimum(2 * student_tail(t.ravel(), df.ravel()), 1.0).reshape(values.shape)
    # a new segment can be named for its share, not for a change in it
    told = np.stack([np.minimum(before.rows, now.rows), np.maximum(before.rows, now.rows)]) >= MIN_ROWS
    p = np.array(adjusted(np.where(told, two_sided, 1.0).ravel())).reshape(values.shape)
    return np.stack([values, low, high, p])


def is_binary(*sides: LossSums) -> bool:
    """Whether all losses are 0 or 1: only then are they their own squares."""
    return all(bool(np.all(np.abs(each.loss - each.loss_sq) <= 1e-9 * each.loss)) for each in sides)


def mean_of(sums: LossSums) -> float:
    """The mean loss of all segments together; nan without rows."""
    weight = float(sums.weight.sum())
    return float(sums.loss.sum()) / weight if weight > 0 else math.nan


def contribution(s: int, before: Side, now: Side, parts: Floats, material: float) -> Contribution:
    """What there is to say of one segment, whose `parts` are [4, 2]: value, low, high, p of within and mix."""
    within, mix = (Part(*(float(each) for each in parts[:, i])) for i in range(2))
    sure = [
        (part.value, name)
        for name, part in (("within", within), ("mix", mix))
        if part.p < CERTAIN_P and min(part.value, within.value + mix.value) >= material
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
