"""How much more the mean features of blocks of vectors vary than those of independent vectors would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.mmd import mean_features
from modelwatch.profiles import Profile, VectorBinning

Floats = NDArray[np.float64]


def whitened_residuals(blocks: Sequence[Profile], bins: VectorBinning, f: int) -> Floats:
    """The whitened mean features of column `f` in blocks that have some, less that of all of them [B, k].

    Each is scaled to variance 1 for independent rows.
    """
    sums = np.stack([np.maximum(block.counts[f], 0.0) for block in blocks])
    worth = np.array([block.effective_rows / block.weight for block in blocks])
    rows = sums[:, bins.rows]
    mean = sums[:, : bins.features] / rows[:, None]
    away = (mean - mean_features(sums.sum(axis=0), bins)) @ bins.whitening.T.astype(np.float64)
    answer: Floats = away * np.sqrt(rows * worth)[:, None]
    return answer
