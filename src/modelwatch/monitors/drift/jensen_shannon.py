"""The Jensen-Shannon divergence, and its square root, the distance: base 2, so both lie between 0 and 1.

    JS = sum over groups of (p log2(p / m) + q log2(q / m)) / 2,   m = (p + q) / 2

(Lin, Divergence measures based on the Shannon entropy, IEEE Trans. Information Theory 37, 1991; that the root is a
metric: Endres and Schindelin, IEEE Trans. Information Theory 49, 2003.) Others use base e or call the distance a
divergence: values then differ by up to ln 2 and a square.

Against the exact value on the same groups it is right to rounding, but for the floor of 1e-4 under a group's share.
For small changes JS = sum (p - q)^2 / (8 ln 2 m), so that under no drift 8 ln 2 JS is distributed like
(1/n + 1/m) chi-square(B - 1), within 10 % at the 99 % point while groups expect 5 rows. Defaults .018 and .045 (for
the distance their roots): where a normal column has moved as far as at PSI .1 and .25, by .32 and .5 sd.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WARNING: Final = 0.018
CRITICAL: Final = 0.045
PER_CHI_SQUARE: Final = 1 / (8 * math.log(2))
"""The divergence of a small change over its sum of (p - q)^2 / p."""


def jensen_shannon(current: Floats, reference: Floats) -> Floats:
    """The divergence [F] in bits of shares [F, B] above 0."""
    middle = (current + reference) / 2
    parts = current * np.log2(current / middle) + reference * np.log2(reference / middle)
    answer: Floats = np.maximum(np.where(current == reference, 0.0, parts).sum(axis=1) / 2, 0.0)
    return answer


def jensen_shannon_distance(current: Floats, reference: Floats) -> Floats:
    """The distance [F]: the root of the divergence in bits."""
    return np.sqrt(jensen_shannon(current, reference))
