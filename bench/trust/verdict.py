"""What a whole check says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift import DriftTable

SEEN = [CODE[level] for level in (Level.CRITICAL, Level.WARNING, Level.NOTICE)]
RAISED = [CODE[level] for level in (Level.CRITICAL, Level.WARNING)]


def noticed(table: DriftTable) -> bool:
    """Whether any column is at notice or above."""
    return bool(np.isin(table.levels, SEEN).any())


def seen(table: DriftTable) -> NDArray[np.bool_]:
    """Which columns are at notice or above."""
    return np.isin(table.levels, SEEN)
