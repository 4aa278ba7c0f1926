"""What each labelled row lost: an error, the log loss, an absolute error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.outcomes.count import Rows, bins_of, codes_of, scores_lost
from modelwatch.profiles.outcomes.grids import NO_SCORE

Floats = NDArray[np.float64]


def row_errors(rows: Rows) -> Floats:
    """0 for right and 1 for wrong, or absolute errors [n]; NaN where the prediction or the truth is missing."""
    if rows.value is not None and rows.truth is not None:
        distance = np.abs(rows.value - rows.truth)
        return np.where(np.isfinite(distance), distance, np.nan)
    if rows.predicted is None or rows.actual is None:
        return np.full(rows.n, np.nan)
    wrong = (rows.predicted != rows.actual).astype(np.float64)
    return np.where((rows.predicted < 0) | (rows.actual < 0), np.nan, wrong)


def row_log_losses(rows: Rows) -> Floats:
    """The log loss [n] of each row, as it is counted; NaN where there is no score or nothing came true."""
    if rows.score is None or rows.actual is None:
        return np.full(rows.n, np.nan)
    bins, actual = bins_of(rows), codes_of(rows.actual, rows.n)
    loss, _ = scores_lost(rows, bins, actual, codes_of(rows.predicted, rows.n))
    return np.where((bins >= NO_SCORE) | (actual < 0), np.nan, loss)
