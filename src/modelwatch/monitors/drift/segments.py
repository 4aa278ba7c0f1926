"""Which segments carry the drift of a column: evidence, from profiles that add up.

Cut by one tag or feature, a window's distribution is a mixture of its segments' (`w` and `v` are the shares of rows
that segment s has in window and reference, `p` and `q` its own distributions there), and what has changed in any group
of values b splits without a rest into what changed *within* the segments and what their *mix* changed
(Kitagawa, Components of a difference between two rates, J. American Statistical Association 50, 1955):

    P_b - Q_b = sum over s of  (w_s + v_s) / 2 (p_sb - q_sb)  +  (w_s - v_s) ((p_sb + q_sb) / 2 - (P_b + Q_b) / 2)

PSI weighs each P_b - Q_b with ln(P_b / Q_b). With these weights the parts of all segments, the rows of no watched
segment being one of them, add up to `total`: PSI but for the floor of shares (1e-4 a group) and the share expected to
be unseen; the difference is under B x 1e-4 x ln(1e4), .01 for ten groups. A part may be negative: that segment moved
against the rest. `without` is PSI when the segment is taken out of both sides.

A segment is named when its part is at least a twentieth of the total and Holm's test (A simple sequentially rejective
multiple test procedure, Scandinavian J. Statistics 6, 1979) over all segments, within and mix, is certain at 1 %:
`within` by the tests of `check` in the segment against its own reference, `mix` by the exact test that its share of
rows is the same, where the column as a whole has moved for certain too. Rows count as independent. It is no proof of a
cause: a segment may be named because it holds most of the rows of another one that is not watched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.segment import Segment
from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.drift.check import check
from modelwatch.monitors.drift.groups import add_up, floored, slot_groups
from modelwatch.monitors.drift.mmd import discrepancy
from modelwatch.monitors.drift.psi import psi
from modelwatch.monitors.drift.vector_parts import vector_parts
from modelwatch.monitors.holm import adjusted
from modelwatch.monitors.tails import binomial_tails
from modelwatch.profiles import Binning, Profile, VectorBinning, subtract

Floats = NDArray[np.float64]

CERTAIN_P: Final = 0.01
"""How often any segment is named, all segments of a column together, when nothing has changed."""
MATERIAL: Final = 0.05
"""The part of the total under which a segment is not worth naming."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One segment in the window and in the reference, on one binning."""

    current: Profile
    reference: Profile


@dataclass(frozen=True, slots=True)
class Carrier:
    """A segment's part in the drift of a column; `segment` None are the rows of no watched segment.

    `share` and `reference_share` are its shares of all rows. `within` and `mix` are its parts of `Ranking.total`.
    `without` is PSI of the column with the segment taken out. `within_p` and `mix_p` are adjusted for the number of
    segments; 1 where there are too few rows to tell. `named` says what it is named for, nothing when ''.
    """

    segment: Segment | None
    rows: float
    reference_rows: float
    share: float
    reference_share: float
    within: float
    mix: float
    without: float
    within_p: float
    mix_p: float
    named: str

    @property
    def part(self) -> float:
        """What it carries in all."""
        return self.within + self.mix


@dataclass(frozen=True, slots=True)
class Ranking:
    """The carriers of one column's drift: named ones first, then by their part; `total` is the sum of all parts."""

    total: float
    within: float
    mix: float
    carriers: tuple[Carrier, ...]


def carriers(
    current: Profile,
    reference: Profile,
    segments: Mapping[Segment, Sides],
    binning: Binning,
    f: int,
) -> Ranking:
    """Which of the segments of **one** tag or feature carry the drift of column `f`.

    Segments must not share rows; rows of `current` and `reference` that are in none of them are taken together.
    Raises `ValueError` when a profile stands on other bins.
    """
    one = Binning((binning.columns[f],))
    whole = Sides(column(current, binning, one, f), column(reference, binning, one, f))
    cut: dict[Segment | None, Sides] = {
        segment: Sides(column(sides.current, binning, one, f), column(sides.reference, binning, one, f))
        for segment, sides in segments.items()
    }
    rest = whole
    for sides in cut.values():
        rest = Sides(subtract(rest.current, sides.current), subtract(rest.reference, sides.reference))
    if rest.current.weight > 0.5 or rest.reference.weight > 0.5:
        cut[None] = rest
    parts = decomposed(whole, list(cut.values()), one)
    mixes = mix_p(whole, cut.values()) if column_p(whole, one) < CERTAIN_P else [1.0] * len(cut)
    tested = adjusted([*(column_p(each, one) for each in cut.values()), *mixes])
    least = MATERIAL * float(parts.sum())
    found = [
        carrier(segment, sides, whole, one, parts[:, i], (tested[i], tested[len(cut) + i]), least)
        for i, (segment, sides) in enumerate(cut.items())
    ]
    found.sort(key=lambda each: (each.named == "", each.segment is None, -each.part))
    return Ranking(float(parts.sum()), float(parts[0].sum()), float(parts[1].sum()), tuple(found))


def column(profile: Profile, binning: Binning, one: Binning, f: int) -> Profile:
    """Column `f` of a profile as a profile of its own."""
    if profile.binning != binning.id:
        raise ValueError(f"a profile on {profile.binning} is no part of one on {binning.id}")
    counts, moments, extremes = profile.counts[f : f + 1], profile.moments[f : f + 1], profile.extremes[f : f + 1]
    return Profile(one.id, counts, moments, extremes, profile.rows, profile.weight, profile.weight_sq)


def decomposed(whole: Sides, cut: Sequence[Sides], one: Binning) -> Floats:
    """The parts [2, S] of the segments: within, and mix."""
    bins = one.columns[0].bins
    if isinstance(bins, VectorBinning):
        sums = [np.stack([each.counts[0] for each in side]) for side in sides(cut)]
        return vector_parts(sums[0], sums[1], bins)
    group = slot_groups(np.maximum(whole.reference.counts, 0.0), one)
    now, before = (np.stack([add_up(np.maximum(each.counts, 0.0), group)[0] for each in side]) for side in sides(cut))
    totals = now.sum(), before.sum()
    if min(totals) <= 0:
        return np.zeros((2, len(cut)))
    present = ((now.sum(axis=0) + before.sum(axis=0)) > 0)[None, :]
    p, q = now.sum(axis=0) / totals[0], before.sum(axis=0) / totals[1]
    weight = np.log(floored(p[None, :], present) / floored(q[None, :], present))[0]
    w, v = now.sum(axis=1) / totals[0], before.sum(axis=1) / totals[1]
    own_p, own_q = shares(now), shares(before)
    # a segment that only one side has is all mix: there is nothing that it could differ from
    own_p, own_q = np.where(w[:, None] > 0, own_p, own_q), np.where(v[:, None] > 0, own_q, own_p)
    within = ((w + v) / 2)[:, None] * (own_p - own_q)
    mix = (w - v)[:, None] * ((own_p + own_q) / 2 - (p + q) / 2)
    return np.stack([within @ weight, mix @ weight])


def sides(cut: Sequence[Sides]) -> tuple[list[Profile], list[Profile]]:
    """The windows and the references of segments."""
    return [each.current for each in cut], [each.reference for each in cut]


def shares(counts: Floats) -> Floats:
    """Counts [S, B] as shares of their segment; 0 where it has none."""
    total = counts.sum(axis=1, keepdims=True)
    answer: Floats = counts / np.where(total > 0, total, 1.0)
    return answer


def column_p(sides: Sides, one: Binning) -> float:
    """The p-value that rows are distributed as in their own reference; 1 with too few rows on either side."""
    if min(sides.current.effective_rows, sides.reference.effective_rows) < MIN_ROWS:
        return 1.0
    return float(check(sides.current, sides.reference, one).test_p[0])


def mix_p(whole: Sides, cut: Collection[Sides]) -> list[float]:
    """The p-values that the segments' shares of rows are the same in window and reference.

    Given a segment's rows in both, those of the window are a binomial count; of a segment with over half of the rows
    the others are counted (Przyborowski and Wilenski, Biometrika 31, 1940). Errs on the quiet side.
    """
    n, m = whole.current.effective_rows, whole.reference.effective_rows
    if min(n, m) < MIN_ROWS:
        return [1.0] * len(cut)
    now = np.array([each.current.weight / whole.current.weight for each in cut])
    before = np.array([each.reference.weight / whole.reference.weight for each in cut])
    common = (now * n + before * m) / (n + m) > 0.5
    a, b = np.where(common, 1 - now, now) * n, np.where(common, 1 - before, before) * m
    some = (a + b) > 0
    low, high = binomial_tails(a, np.where(some, a + b, 1.0), np.full(len(a), n / (n + m)))
    return [float(p) for p in np.where(some, np.minimum(2 * np.minimum(low, high), 1.0), 1.0)]


def carrier(
    segment: Segment | None,
    sides: Sides,
    whole: Sides,
    one: Binning,
    parts: Floats,
    tested: tuple[float, float],
    least: float,
) -> Carrier:
    """What there is to say of one segment; a part under `least` is not named."""
    within, mix = (float(part) for part in parts)
    candidates = [("within", within, tested[0]), ("mix", mix, tested[1])]
    sure = [(part, name) for name, part, p in candidates if p < CERTAIN_P and part > 0 and part >= least]
    return Carrier(
        segment,
        sides.current.rows,
        sides.reference.rows,
        sides.current.weight / max(whole.current.weight, 1e-300),
        sides.reference.weight / max(whole.reference.weight, 1e-300),
        within,
        mix,
        left_out(whole, sides, one),
        *tested,
        max(sure)[1] if sure else "",
    )


def left_out(whole: Sides, sides: Sides, one: Binning) -> float:
    """PSI (of vectors: MMD) of the rows that are not in the segment; nan when none are left on either side."""
    now = np.maximum(whole.current.counts - sides.current.counts, 0.0)
    before = np.maximum(whole.reference.counts - sides.reference.counts, 0.0)
    if min(now.sum(), before.sum()) <= 0.5:
        return float("nan")
    bins = one.columns[0].bins
    if isinstance(bins, VectorBinning):
        return discrepancy(now[0], before[0], bins, float(now[0, bins.rows]), float(before[0, bins.rows])).mmd
    group = slot_groups(np.maximum(whole.reference.counts, 0.0), one)
    a, b = add_up(now, group), add_up(before, group)
    present = (a > 0) | (b > 0)
    return float(psi(floored(a, present), floored(b, present))[0])
