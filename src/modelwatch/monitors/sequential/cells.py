"""The few cells of a column that the sequential test counts: the groups of PSI, and the open ends apart.

Cells 0..9 are tenths of the reference (numbers) or 0..29 its most frequent categories, then other, unseen, null, NaN,
infinite, mistyped as in `drift.groups`; then the numbers below and above the reference's range.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.groups import GROUPS, SPECIAL, UNSEEN, slot_groups
from modelwatch.profiles import INFINITE, MISTYPED, NAN, NULL, WIDTH, Binning

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

BELOW: Final = GROUPS
ABOVE: Final = GROUPS + 1
CELLS: Final = GROUPS + 2
VALUES: Final = tuple(i for i in range(CELLS) if i not in SPECIAL.values())
"""Cells of rows that have a usable value."""
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
    return cells


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
