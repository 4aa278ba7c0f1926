"""Event times -> the 5-minute buckets that they fall into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.window import BUCKET_US, bucket_start


def buckets_of(timestamps: NDArray[np.int64]) -> tuple[list[int], NDArray[np.int32]]:
    """The starts of the buckets that hold the times, and for each time the place of its bucket among them.

    >>> starts, slots = buckets_of(np.array([0, 1, BUCKET_US, 2]))
    >>> starts == [0, BUCKET_US], slots.tolist()
    (True, [0, 0, 1, 0])
    """
    low, high = bucket_start(int(timestamps.min())), bucket_start(int(timestamps.max()))
    if low == high:
        return [low], np.zeros(len(timestamps), np.int32)
    starts, slots = np.unique(np.floor_divide(timestamps, BUCKET_US), return_inverse=True)
    return [int(start) * BUCKET_US for start in starts], slots.astype(np.int32)
