"""The figures of all vector columns of a check."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.centroid import centroid
from modelwatch.monitors.drift.mmd import discrepancy
from modelwatch.profiles import Binning, VectorBinning

Floats = NDArray[np.float64]


class Vectors(NamedTuple):
    """Arrays [F], nan (p: 1) for columns of anything else; see `mmd` and `centroid`."""

    mmd: Floats
    mmd_mean: Floats
    mmd_chance: Floats
    mmd_p: Floats
    gaussian: Floats
    centroid: Floats
    centroid_chance: Floats


def vectors(
    now: Floats, before: Floats, n: Floats, m: Floats, binning: Binning, scale: Floats, thinning: Floats
) -> Vectors:
    """The figures of sums [F, WIDTH] worth n and m [F] usable vectors; `scale`, `thinning` [F] are design effects."""
    answer = Vectors(*(np.full(len(binning), np.nan) for _ in Vectors._fields))
    answer.mmd_p[:] = 1.0
    for f in np.flatnonzero(binning.vector).tolist():
        bins = binning.columns[f].bins
        assert isinstance(bins, VectorBinning)
        found = discrepancy(now[f], before[f], bins, n[f], m[f], scale[f], thinning[f])
        moved = centroid(now[f], before[f], bins, n[f], m[f], scale[f])
        figures = (found.mmd, found.mean, found.chance, found.p, found.gaussian, *moved)
        for array, figure in zip(answer, figures, strict=True):
            array[f] = figure
    return answer
