"""Rows in the order in which they came -> profiles of blocks of neighbours, from which dependent rows are seen.

Rows of one customer, or of one burst, stand near each other; a block that holds many of them varies more than
independent rows would.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnKey
from modelwatch.jobs.windows import cells_at_once
from modelwatch.profiles import Binning, Profile, Values, empty, merge, profile_buckets

BLOCKS = 128
LEAST_ROWS = 32
"""Smaller blocks would hold less than one burst each, and see nothing."""


def block_rows(rows: int, binning: Binning) -> int:
    """How many rows a block has, so that there are about 128, fewer where the rows or the memory are few.

    >>> block_rows(100_000, Binning(())), block_rows(1_000, Binning(()))
    (782, 32)
    """
    return max(LEAST_ROWS, -(-rows // min(BLOCKS, cells_at_once(binning))))


class Blocks:
    """Blocks of `size` rows that fill up one after the other."""

    def __init__(self, binning: Binning, size: int) -> None:
        self.binning, self.size = binning, size
        self.rows = 0
        self.profiles: list[Profile] = []

    def add(self, values: Mapping[ColumnKey, Values], rows: int, weight: NDArray[np.float64] | None) -> None:
        """Count the next rows, each in its block."""
        if not rows:
            return
        first = self.rows // self.size
        slots = ((self.rows + np.arange(rows)) // self.size - first).astype(np.int32)
        counted = profile_buckets(self.binning, values, slots, int(slots[-1]) + 1, weight)
        if first < len(self.profiles):
            self.profiles[first] = merge(self.profiles[first], counted[0])
            counted = counted[1:]
        self.profiles.extend(counted)
        self.rows += rows

    def total(self) -> Profile:
        """All rows together."""
        whole = empty(self.binning)
        for each in self.profiles:
            whole = merge(whole, each)
        return whole
