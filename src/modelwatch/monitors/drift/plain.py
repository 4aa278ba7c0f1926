"""Counts of rows where vectors hold sums: what rates and row numbers are taken from, whatever the column holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles import NULL, Binning, VectorBinning

Floats = NDArray[np.float64]

INSIDE = 1
"""The slot for vectors within the reference's reach; as with numbers, the first and the last bin lie beyond it."""


def plain(counts: Floats, binning: Binning) -> Floats:
    """Counts [F, WIDTH] in which every row is in one slot, none below 0; the same array where there are no vectors."""
    answer = np.maximum(counts, 0.0)
    for f in np.flatnonzero(binning.vector).tolist():
        bins = binning.columns[f].bins
        assert isinstance(bins, VectorBinning)
        rows, outside = answer[f, bins.rows], answer[f, bins.outside]
        answer[f, :NULL] = 0.0
        answer[f, INSIDE] = max(rows - outside, 0.0)
        answer[f, bins.bins - 1] = outside
    return answer
