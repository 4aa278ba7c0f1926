"""What a monitor says: a metric, its value, how much it matters and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one metric of one column in one window.

    `chance` is what the metric stays under in 99 % of windows in which nothing changed; `p_value` is None where the
    metric is a measure of size only. `evidence` holds plain values that explain the number (the bins that moved most,
    row counts, shares) and can be written as JSON.
    """

    column: ColumnKey
    metric: str
    value: float
    level: Level
    chance: float | None = None
    p_value: float | None = None
    threshold_warning: float | None = None
    threshold_critical: float | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)

    @property
    def feature(self) -> str:
        """The user's name for the column, or its role where the role has one column only."""
        return self.column.name or self.column.role.value
