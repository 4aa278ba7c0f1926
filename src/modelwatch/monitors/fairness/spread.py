"""The spread of a metric over all groups of an attribute: largest less smallest, or smallest over largest.

The same numbers as fairlearn's `*_difference` and `*_ratio` with `method='between_groups'`. It has no interval: the
more groups and the fewer rows, the wider apart luck alone draws them. Judge by the comparisons with a reference group.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from modelwatch.monitors.fairness.figures import Figures
from modelwatch.monitors.fairness.groups import Partition
from modelwatch.monitors.fairness.metrics import COMPARED, Kind, Metric


@dataclass(frozen=True, slots=True)
class Spread:
    """One metric over the groups of an attribute; `lowest` and `highest` are the keys of the groups that make it."""

    metric: Metric
    attribute: str
    value: float
    lowest: str
    highest: str


def spreads(part: Partition, found: Figures, first: int, min_rows: float = 1.0) -> Iterator[Spread]:
    """Every metric that the figures allow, over the groups of at least so many rows; none of fewer than two groups.

    `first` is the place of the partition's first group among those of the figures. A ratio of two zeros is 1: they are
    equal.
    """
    mine = slice(first, first + len(part.groups))
    values = found.interval.value[:, mine]
    kept = (found.rows[:, mine] >= min_rows) & np.isfinite(values)
    lows = np.where(kept, values, np.inf).argmin(axis=1).tolist() if len(part.groups) else []
    highs = np.where(kept, values, -np.inf).argmax(axis=1).tolist() if len(part.groups) else []
    several, told = kept.sum(axis=1) >= 2, values.tolist()
    place = {name: row for row, name in enumerate(found.names) if several[row]}
    for metric, compared in COMPARED.items():
        if not all(name in place for name in compared.figures):
            continue
        each = []
        for row in (place[name] for name in compared.figures):
            low, high = told[row][lows[row]], told[row][highs[row]]
            ratio = low / high if high > 0 else 1.0
            each.append((ratio if compared.kind is Kind.RATIO else high - low, lows[row], highs[row]))
        value, lowest, highest = (min if compared.kind is Kind.RATIO else max)(each)
        yield Spread(metric, part.label, value, part.groups[lowest], part.groups[highest])
