"""What the test expects of the next rows, and what it bets on instead, made once from a reference.

Expected is the reference's own predictive distribution: rows fall into cells like draws from an urn that holds the
reference's rows and, in each cell, a little more. That the reference is a sample itself is thereby accounted for. For
a continuous column whose bins are cut at the reference's own values the urn is exact: the mass between two order
statistics is Beta distributed whatever the distribution (Wilks, Ann. Math. Statistics 12, 1941). Elsewhere the extra
half row is Jeffreys' prior.

Bets on another shape: the reference moved or stretched on the scale of a latent normal (numbers), one category's odds
changed (categories), and any change at all, by Dirichlet distributions around the reference. Bets on a rate: it goes up
by 1, 3, 10, 30 or 97 % of the other rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.window import MIN_ROWS
from modelwatch.monitors.drift.groups import QUANTILES, UNSEEN, novelty
from modelwatch.monitors.sequential.cells import ABOVE, BELOW, CELLS, VALUES, add_up, lenders, slot_cells, used_cells
from modelwatch.monitors.tails import normal_tail
from modelwatch.profiles import Binning, Profile

Floats = NDArray[np.float64]

MOVES: Final = ((0.2, 1.0), (0.35, 1.0), (0.6, 1.0), (1.0, 1.0), (1.7, 1.0), (3.0, 1.0))
"""Shifts, each up and down, in standard deviations of the latent normal; with the scale."""
STRETCHES: Final = ((0.0, 0.5), (0.0, 0.75), (0.0, 1.33), (0.0, 2.0))
ODDS: Final = (0.33, 0.6, 1.6, 3.0, 9.0)
RISES: Final = (0.01, 0.03, 0.1, 0.3, 0.97)
SPREADS: Final = (8.0, 60.0)
"""Rows that a Dirichlet bet is worth: PSI of its typical alternative is cells / rows."""
SMALLEST: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """A reference as the sequential test needs it, for F columns.

    `cell` [F, WIDTH] is the cell of each slot, `urn` [F, CELLS] the rows of the predictive distribution (0 where no row
    can fall), `value` [F, CELLS] is true for cells of usable values, `moved` [J, F, CELLS] are logarithms of the
    shares that shape bets expect of usable values (numbers; nan for categories), `judged` [F] columns have a
    reference of enough rows, `design` [F] is how many dependent rows tell as much as one independent row (inf for
    vectors, whose slots hold no counts: they are left to the windows).
    """

    numeric: NDArray[np.bool_]
    cell: NDArray[np.intp]
    urn: Floats
    value: NDArray[np.bool_]
    moved: Floats
    judged: NDArray[np.bool_]
    design: Floats

    def __len__(self) -> int:
        return len(self.urn)

    def cells(self, counts: Floats, per_weight: float) -> Floats:
        """Counts [F, WIDTH] of new rows as effective rows in cells [F, CELLS]; `per_weight` is rows / weight."""
        answer: Floats = add_up(np.maximum(counts, 0.0), self.cell) * (per_weight / self.design[:, None])
        return answer


def expect(reference: Profile, binning: Binning, design: Floats | None = None) -> Expectation:
    """The expectation of a reference; `design` [F] deflates rows that depend on each other (1 when None).

    Raises `ValueError` when the reference does not stand on `binning`.
    """
    if reference.binning != binning.id:
        raise ValueError(f"a profile on {reference.binning} cannot be expected on {binning.id}")
    design = np.ones(len(binning)) if design is None else np.maximum(design, 1.0)
    design = np.where(binning.vector, np.inf, design)
    per_weight = reference.effective_rows / reference.weight if reference.weight > 0 else 0.0
    counts = np.maximum(reference.counts, 0.0) * (per_weight / design[:, None])
    cell = slot_cells(counts, binning)
    used = used_cells(cell, binning)
    held = add_up(counts, cell)
    lent = np.where(lenders(cell, counts, binning), held, 0.0)
    pool = lent.sum(axis=1)
    unseen = np.minimum(novelty(binning) * held.sum(axis=1), pool)
    held -= lent * (unseen / np.maximum(pool, 1e-300))[:, None]
    held[:, UNSEEN] += unseen
    urn = np.where(used, held + extra(held, binning), 0.0)
    value = used.copy()
    value[:, [i for i in range(CELLS) if i not in VALUES]] = False
    enough = held.sum(axis=1) >= MIN_ROWS
    return Expectation(binning.numeric, cell, urn, value, moved_shares(urn, value, binning.numeric), enough, design)


def extra(held: Floats, binning: Binning) -> Floats:
    """What the urn holds beyond the reference's rows: half a row a cell; tenths of numbers none, open ends a whole."""
    answer = np.full(held.shape, 0.5)
    tenths = np.zeros(CELLS, dtype=np.bool_)
    tenths[:QUANTILES] = True
    answer[binning.numeric[:, None] & tenths & (held > 0)] = 0.0
    answer[:, [BELOW, ABOVE]] = 1.0
    return answer


def moved_shares(urn: Floats, value: NDArray[np.bool_], numeric: NDArray[np.bool_]) -> Floats:
    """Logarithms of the shares [J, F, CELLS] that a moved or stretched reference has; 0 where no row can fall."""
    order = [BELOW, *range(QUANTILES), ABOVE]
    bets = [*((-d, s) for d, s in MOVES), *MOVES, *STRETCHES]
    answer = np.zeros((len(bets), *urn.shape))
    normal = NormalDist()
    for f in np.flatnonzero(numeric):
        shares = np.where(value[f], urn[f], 0.0)[order]
        total = shares.sum()
        if total <= 0:
            continue
        upper = np.cumsum(shares) / total
        cuts = np.array([normal.inv_cdf(min(max(u, 1e-9), 1 - 1e-9)) for u in upper[:-1]])
        for j, (shift, scale) in enumerate(bets):
            above = np.concatenate(([1.0], normal_tail((cuts - shift) / scale), [0.0]))
            mass = np.where(shares > 0, np.maximum(above[:-1] - above[1:], SMALLEST), 0.0)
            answer[j, f, order] = np.log(np.where(mass > 0, mass / mass.sum(), 1.0))
    return answer
