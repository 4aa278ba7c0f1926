"""The Hellinger distance, between 0 and 1.

    H = sqrt(sum over groups of (sqrt(p) - sqrt(q))^2 / 2)

(Hellinger, Journal fuer die reine und angewandte Mathematik 136, 1909.) It treats window and reference alike and is
finite where a group is empty. Against the exact value on the same groups it is right to rounding, but for the floor
of 1e-4 under a group's share. For small changes H^2 = sum (p - q)^2 / 8p, so that under no drift 8 H^2 is distributed
like (1/n + 1/m) chi-square(B - 1), within 10 % at the 99 % point while groups expect 5 rows. Defaults .11 and .18:
where a normal column has moved as far as at PSI .1 and .25, by .32 and .5 sd.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WARNING: Final = 0.11
CRITICAL: Final = 0.18


def hellinger(current: Floats, reference: Floats) -> Floats:
    """The distance [F] of shares [F, B]."""
    answer: Floats = np.sqrt(np.sum((np.sqrt(current) - np.sqrt(reference)) ** 2, axis=1) / 2)
    return answer
