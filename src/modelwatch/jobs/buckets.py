"""Event times -> the buckets that they fall into, of 5 minutes unless told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.window import BUCKET_US


def buckets_of(timestamps: NDArray[np.int64], span_us: int = BUCKET_US) -> tuple[list[int], NDArray[np.int32]]:
    """The starts of the buckets that hold the times, and for each time the place of its bucket among them.

    >>> starts, slots = buckets_of(np.array([0, 1, BUCKET_US, 2]))
    >>> starts == [0, BUCKET_US], slots.tolist()
    (True, [0, 0, 1, 0])
    """
    low, high = int(timestamps.min()) // span_us, int(timestamps.max()) // span_us
    if low == high:
        return [low * span_us], np.zeros(len(timestamps), np.int32)
    starts, slots = np.unique(np.floor_divide(timestamps, span_us), return_inverse=True)
    return [int(start) * span_us for start in starts], slots.astype(np.int32)
