"""The few cells of a column that the sequential test counts: tenths of numbers, categories, and what is odd apart.

Cells 0..9 are tenths of the reference (numbers) or 0..15 categories, 30 to 35 other, unseen, null, NaN, infinite,
mistyped as in `drift.groups`; then come the numbers below and above the reference's range.

Which categories share a cell must not depend on the luck of the reference: those that happened to be frequent in it
would be expected too often ever after. So a category has a cell of its own where there are few, or where the reference
tells it from all rarer ones beyond doubt (4 standard errors); the others share cells by name, or one cell where there
are more of them than are kept by name.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.groups import GROUPS, OTHER, SPECIAL, UNSEEN, slot_groups
from modelwatch.profiles import INFINITE, MISTYPED, NAN, NULL, WIDTH, Binning, CategoryBinning

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

BELOW: Final = GROUPS
ABOVE: Final = GROUPS + 1
CELLS: Final = GROUPS + 2
NAMED: Final = 16
"""Cells for categories."""
MOST_OWN: Final = 12
BEYOND_DOUBT: Final = 4.0
VALUES: Final = tuple(i for i in range(CELLS) if i not in (*SPECIAL.values(), UNSEEN))
"""Cells of rows that have a usable value, of a category that was seen."""
RATES: Final = (SPECIAL[NULL], SPECIAL[NAN], SPECIAL[INFINITE], SPECIAL[MISTYPED], UNSEEN, BELOW, ABOVE)
"""Cells whose share is watched for itself."""
CAUSES: Final = ("shape", "null", "nan", "infinite", "mistyped", "unseen", "below", "above")
"""What a finding can be about: the shape of the values, or the rate of one of `RATES`, in their order."""


def slot_cells(reference: Floats, binning: Binning) -> Places:
    """The cell [F, WIDTH] of each slot of the reference's counts [F, WIDTH]."""
    cells = slot_groups(reference, binning)
    ends = np.flatnonzero(binning.numeric & (binning.size > 1))
    cells[ends, 0] = BELOW
    cells[ends, binning.size[ends] - 1] = ABOVE
    for f, column in enumerate(binning.columns):
        if isinstance(column.bins, CategoryBinning):
            cells[f, : len(column.bins.categories)] = category_cells(reference[f], column.bins)
    return cells


def category_cells(counts: Floats, bins: CategoryBinning) -> Places:
    """The cell of each category that is kept by name."""
    k = len(bins.categories)
    more = len(bins.others) > 0 or bins.forgetful
    own = own_cells(counts, bins)
    order = np.argsort(-counts[:k], kind="stable")
    cells = np.full(k, OTHER, dtype=np.intp)
    cells[order[:own]] = np.arange(own)
    if not more and own < k:
        rest = sorted(order[own:].tolist(), key=lambda i: bins.categories[i])
        cells[rest] = own + np.arange(len(rest)) % (NAMED - own)
    return cells


def own_cells(counts: Floats, bins: CategoryBinning) -> int:
    """How many categories, the most frequent first, have a cell of their own."""
    k = len(bins.categories)
    if k <= NAMED and not len(bins.others) and not bins.forgetful:
        return k
    ranked = np.sort(counts[:k])[::-1]
    higher, lower = ranked[: min(MOST_OWN, k - 1)], ranked[1 : min(MOST_OWN, k - 1) + 1]
    clear = np.flatnonzero(higher - lower >= BEYOND_DOUBT * np.sqrt(higher + lower + 1))
    return int(clear[-1]) + 1 if len(clear) else 0


def lenders(cells: Places, counts: Floats, binning: Binning) -> NDArray[np.bool_]:
    """Which cells [F, CELLS] hold the categories that the reference saw once: what it has not seen is expected at their
    expense."""
    answer = np.zeros((len(binning), CELLS), dtype=np.bool_)
    for f, column in enumerate(binning.columns):
        if isinstance(column.bins, CategoryBinning):
            k = len(column.bins.categories)
            own = own_cells(counts[f], column.bins)
            answer[f, cells[f, :k]] = True
            answer[f, :own] = own == k
            answer[f, OTHER] = True
    return answer


def used_cells(cells: Places, binning: Binning) -> NDArray[np.bool_]:
    """Which cells [F, CELLS] a row of the column can fall into at all."""
    slot = np.arange(WIDTH)
    real = (slot < binning.size[:, None]) | (slot >= NULL)
    used = np.zeros((len(binning), CELLS), dtype=np.bool_)
    rows = np.broadcast_to(np.arange(len(binning))[:, None], cells.shape)
    used[rows[real], cells[real]] = True
    return used


def add_up(counts: Floats, cells: Places) -> Floats:
    """Counts [F, WIDTH] summed in their cells [F, CELLS]."""
    rows = len(counts)
    flat = (cells + np.arange(rows)[:, None] * CELLS).ravel()
    answer = np.bincount(flat, weights=counts.ravel(), minlength=rows * CELLS).reshape(rows, CELLS)
    return answer.astype(np.float64, copy=False)
