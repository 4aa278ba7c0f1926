"""How much a metric varies from window to window beyond chance, while nothing is wrong.

Rows of a window share their weather, their campaign, their customers: days of one good model differ by more than their
standard errors say. The baseline's own windows tell by how much: the variance of their figures less the mean of their
squared standard errors (Hedges and Olkin, Statistical methods for meta-analysis, 1985, 9.2), which does not shrink with
the rows of a window as chance does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from modelwatch.core.measure import Measure
from modelwatch.core.window import MIN_ROWS

FEWEST: Final = 5
"""Windows of a baseline under which nothing is said of how they vary."""


class Scatter(NamedTuple):
    """The variance of a metric between windows beyond chance, and how many windows tell."""

    variance: float
    windows: int


def scatter(
    windows: Sequence[Sequence[Measure]], held_in_one: float = 1.0, min_rows: float = MIN_ROWS
) -> dict[str, Scatter]:
    """The scatter of each metric over the baseline's windows, which do not overlap.

    They are as long as the windows that are judged; of shorter ones `held_in_one` make up such a window, each with an
    influence of its own.

    Windows of fewer effective rows are left out; a metric of fewer than `FEWEST` windows is.
    """
    held = [measures for measures in windows if max((each.rows for each in measures), default=0.0) >= min_rows]
    names = dict.fromkeys(each.metric for measures in held for each in measures if not each.label)
    found = {}
    for name in names:
        pairs = [(each.value, each.error) for one in held for each in one if each.metric == name and not each.label]
        values = np.array(pairs)
        values = values[~np.isnan(values).any(axis=1)]
        if len(values) >= FEWEST:
            variance = float(values[:, 0].var(ddof=1) - (values[:, 1] ** 2).mean())
            found[name] = Scatter(max(variance, 0.0) / held_in_one, len(values))
    return found
