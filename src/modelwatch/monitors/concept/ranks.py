"""Absolute errors of any scale and tail as ranks in [0, 1].

Each error is replaced by its rank among the first errors of the present concept, so that without a change ranks are
uniform whatever the errors are: exponential, lognormal, in euros or in cents. One bound then fits all, and one giant
error counts as one large error. The mean rank of new errors is the chance that one of them is larger than an old one
(the statistic of Mann and Whitney, On a test of whether one of two random variables is stochastically larger than the
other, Annals of Mathematical Statistics 18, 1947).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BASELINE: Final = 512
"""Errors that others are ranked among."""
LARGE: Final = 0.8
"""Ranks above this are the large errors that DDM counts, one in five without a change."""


def ranks(baseline: Floats, errors: Floats) -> Floats:
    """The share [n] of sorted baseline errors [m] that each error [n] exceeds, ties counted half."""
    below = np.searchsorted(baseline, errors, side="left")
    upto = np.searchsorted(baseline, errors, side="right")
    answer: Floats = (below + upto) / (2 * len(baseline))
    return answer
