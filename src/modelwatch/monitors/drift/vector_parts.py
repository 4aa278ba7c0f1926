"""What each segment adds to the MMD of a vector column, by its own change and by its share of the rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles import VectorBinning

Floats = NDArray[np.float64]


def vector_parts(now: Floats, before: Floats, bins: VectorBinning) -> Floats:
    """The parts [2, S] within and mix of sums [S, WIDTH] of segments that share no rows; they add up to MMD.

    MMD is the difference of the mean features times its whitened self, and a mean is the sum over segments of their
    shares of the rows times their own means.
    """
    now, before = np.maximum(now, 0.0), np.maximum(before, 0.0)
    n, m = now[:, bins.rows], before[:, bins.rows]
    if min(n.sum(), m.sum()) <= 0:
        return np.zeros((2, len(now)))
    own_p, own_q = means(now, n, bins), means(before, m, bins)
    w, v = n / n.sum(), m / m.sum()
    p, q = w @ own_p, v @ own_q
    whitening = bins.whitening.astype(np.float64)
    weight = whitening.T @ (whitening @ (p - q))
    own_p, own_q = np.where(w[:, None] > 0, own_p, own_q), np.where(v[:, None] > 0, own_q, own_p)
    within = ((w + v) / 2)[:, None] * (own_p - own_q)
    mix = (w - v)[:, None] * ((own_p + own_q) / 2 - (p + q) / 2)
    return np.stack([within @ weight, mix @ weight])


def means(sums: Floats, rows: Floats, bins: VectorBinning) -> Floats:
    """The mean features of each segment; 0 where it has none."""
    answer: Floats = sums[:, : bins.features] / np.where(rows > 0, rows, 1.0)[:, None]
    return answer
