"""The Wasserstein distance on the rank scale of the reference: by how much of the reference the rows were moved.

    W = integral of |F(x) - G(x)| dG(x),   F: distribution of the window, G: of the reference

It is the first Wasserstein distance (Kantorovich, Doklady 37, 1942) after each value x has become its mid-rank in the
reference, G(x-) + dG(x) / 2, a number between 0 and 1; it lies between 0 and .5. On the raw scale one value of 1e6
decides it, whatever all others do; here it counts as one row beyond the largest, and hides nothing. Only for numbers;
rows without a value are the rates' business.

Within a bin of several values ranks are taken as its middle: against the exact value on raw rows it is wrong by at
most half of the sum, over these bins, of their reference share times the sum of both shares: under .004 for a
column without frequent values. Under no drift sqrt(nm / (n + m)) W tends to the integral of the absolute Brownian
bridge (its 99 % point .7518: Johnson and Killeen, Applied Statistics 32, 1983); where values repeat W is smaller, so
that chance and p-value err on the quiet side. Defaults .09 and .14: where a normal column has moved
as far as at PSI .1 and .25, by .32 and .5 sd.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WARNING: Final = 0.09
CRITICAL: Final = 0.14
BRIDGE_99: Final = 0.7518


def wasserstein(current: Floats, reference: Floats) -> Floats:
    """The distance [F] of counts per bin [F, 256], from the lowest bin to the highest; 0 where a side is empty."""
    totals = current.sum(axis=1, keepdims=True), reference.sum(axis=1, keepdims=True)
    p, q = current / np.maximum(totals[0], 1e-300), reference / np.maximum(totals[1], 1e-300)
    above = np.cumsum(q, axis=1)
    rank = above - q / 2
    apart = np.abs(np.cumsum(p, axis=1) - above)
    known = (totals[0] > 0)[:, 0] & (totals[1] > 0)[:, 0]
    return np.where(known, (apart[:, :-1] * np.diff(rank, axis=1)).sum(axis=1), 0.0)


def wasserstein_chance(both: Floats) -> Floats:
    """What the distance stays under in 99 % of windows without change; `both` [F] is nm / (n + m)."""
    answer: Floats = np.minimum(BRIDGE_99 / np.sqrt(np.maximum(both, 1e-9)), 0.5)
    return answer


def wasserstein_p(distance: Floats, both: Floats) -> Floats:
    """The p-value [F]; 1 where rows lack."""
    return np.where(both > 0, bridge_tail(distance * np.sqrt(np.maximum(both, 0.0))), 1.0)


def bridge_tail(x: Floats) -> Floats:
    """P(integral of |B| > x) of the Brownian bridge B, from 2,000,000 simulated ones: right to 3 % down to 1e-4.

    exp(-6 x^2) is its course in the far tail, since no weighting of the bridge has a variance above 1/12; what is left
    is read off a table, whose last entry goes on: beyond it probabilities are a little too large.
    """
    answer: Floats = np.minimum(np.exp(-6 * x * x - np.interp(x, TAIL_AT, TAIL_REST)), 1.0)
    return answer


TAIL_AT: Final = np.array(
    [
        *(0.0, 0.1036, 0.1258, 0.1532, 0.1723, 0.2009, 0.2268, 0.2527, 0.2815, 0.4101),
        *(0.4990, 0.5818, 0.6819, 0.7515, 0.8155, 0.8970, 0.9538, 1.0793, 1.2239),
    ]
)
TAIL_REST: Final = np.array(
    [
        *(0.0, -0.0634, -0.0848, -0.0895, -0.0728, -0.0191, 0.0482, 0.1276, 0.2175, 0.6005),
        *(0.8085, 0.9646, 1.1223, 1.2165, 1.3040, 1.3866, 1.4495, 1.5285, 1.65),
    ]
)
