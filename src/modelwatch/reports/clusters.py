"""Rows that belong together (one customer, one device, one session) tell less than as many independent ones.

All rows of a cluster go into one of 64 blocks, by a hash of its name; how much more these vary than independent rows
would is what the tests are corrected by (`monitors.drift.dependence`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift import Dependence, estimate
from modelwatch.profiles import Binning, Profile, merge, profile_buckets
from modelwatch.profiles.category import hash64
from modelwatch.reports.matching import Matched, select
from modelwatch.reports.table import Readings, Rows
from modelwatch.reports.values import spelt

BLOCKS: Final = 64


def dependence(readings: Readings, matched: Matched, binning: Binning) -> Dependence | None:
    """What the clusters of a table say; None when it has no column of clusters."""
    blocks: list[Profile] = []
    for rows in readings:
        if rows.clusters is None:
            return None
        values = select(rows.columns, matched.types)
        part = profile_buckets(binning, values, block_of(rows), BLOCKS, rows.weights)
        blocks = part if not blocks else [merge(a, b) for a, b in zip(blocks, part, strict=True)]
    return estimate(blocks, binning, neighbours=None)


def block_of(rows: Rows) -> NDArray[np.int32]:
    """The block [n] of each row; a row without a cluster is a cluster of its own."""
    assert rows.clusters is not None, "only rows with clusters are asked"
    codes, names = rows.clusters
    block = np.array([*(hash64(spelt(name)) % BLOCKS for name in names), 0], dtype=np.int32)
    return np.where(codes < 0, np.arange(rows.count, dtype=np.int32) % BLOCKS, block[codes]).astype(np.int32)
