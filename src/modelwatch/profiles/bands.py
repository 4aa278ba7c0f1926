"""Numbers in bands between given edges, so that a continuous attribute cuts rows into groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def band_labels(edges: Sequence[float]) -> tuple[str, ...]:
    """How people write the bands between inner edges, which must ascend.

    >>> band_labels((25, 45.5))
    ('< 25', '[25, 45.5)', '>= 45.5')
    >>> band_labels(())
    ('any number',)
    """
    if not edges:
        return ("any number",)
    words = [f"{edge:.10g}" for edge in edges]
    inner = (f"[{low}, {high})" for low, high in pairwise(words))
    return (f"< {words[0]}", *inner, f">= {words[-1]}")


def band_of(numbers: Floats, edges: Sequence[float]) -> Ints:
    """The place of each number's band in `band_labels`; NaN has the place behind the last.

    >>> band_of(np.array([1.0, 25.0, np.nan, 99.0]), (25, 45.5)).tolist()
    [0, 1, 3, 2]
    """
    found = np.searchsorted(np.asarray(edges, np.float64), numbers, side="right")
    return np.where(np.isnan(numbers), len(edges) + 1, found).astype(np.int64)


def quantile_edges(numbers: Floats, count: int) -> tuple[float, ...]:
    """Inner edges of at most `count` bands of about equally many of the numbers [n]; equal ones are never parted.

    To be taken once, of a reference, so that a band means the same in every window.

    >>> quantile_edges(np.array([1.0, 2.0, 3.0, 4.0, np.nan]), 2), quantile_edges(np.array([7.0, 7.0]), 4)
    ((3.0,), ())
    """
    known = numbers[np.isfinite(numbers)]
    if len(known) == 0 or count < 2:
        return ()
    cuts = np.unique(np.quantile(known, np.arange(1, count) / count, method="higher"))
    return tuple(cuts[cuts > known.min()].tolist())
