"""Many tests read together, so that their number makes no false alarm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def adjusted(p: Sequence[float] | NDArray[np.float64]) -> list[float]:
    """Holm's adjusted p-values, in the order given: the chance of any false one is kept, however the tests depend.

    Holm, A simple sequentially rejective multiple test procedure, Scandinavian J. Statistics 6, 1979.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    stepped = np.minimum(np.maximum.accumulate(np.asarray(p)[order] * factors), 1.0)
    answer = np.empty(len(p))
    answer[order] = stepped
    return [float(value) for value in answer]
