"""Every group against its reference group: how certain, how large, and so which level. All tests are read together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.level import CODE, Level
from modelwatch.monitors.drift.thresholds import Thresholds
from modelwatch.monitors.fairness.compared import Compared, compared
from modelwatch.monitors.fairness.figures import Figures, Interval
from modelwatch.monitors.fairness.metrics import COMPARED, Kind, Metric
from modelwatch.monitors.fairness.settings import FairnessSettings
from modelwatch.monitors.holm import adjusted

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INSUFFICIENT, CRITICAL, WARNING, NOTICE, OK = (
    CODE[level] for level in (Level.INSUFFICIENT_DATA, Level.CRITICAL, Level.WARNING, Level.NOTICE, Level.OK)
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A metric of m pairs of groups, each told by the figure that is worst for it: `row` [m] is its place among the
    figures. `size` is what the rule is held against, `p` is adjusted, `levels` are codes of `core.level.ORDER`."""

    metric: Metric
    row: Ints
    found: Interval
    size: Floats
    p: Floats
    levels: Ints


def judge(
    found: Figures, group: Ints, against: Ints, settings: FairnessSettings, thresholds: Thresholds
) -> list[Judged]:
    """The wanted metrics that there are figures for, of m pairs of places among the groups."""
    names = found.names
    wanted = [metric for metric in settings.metrics if set(COMPARED[metric].figures) <= set(names)]
    tested = sorted({names.index(name) for metric in wanted for name in COMPARED[metric].figures})
    pairs = compared(found, group, against, settings.min_rows, settings.min_events)
    p = family(pairs, tested)
    answer = []
    for metric in wanted:
        kind = COMPARED[metric].kind
        rows = [names.index(name) for name in COMPARED[metric].figures]
        value, size = read(pairs, kind, rows)
        levels = levelled(size, kind, settings.rules.of(kind), p[rows], pairs.enough[rows], thresholds)
        worst = deciding(levels, -size if kind is Kind.RATIO else size)
        at = worst, np.arange(len(group))
        chosen = Interval(*(each[at] for each in value))
        answer.append(Judged(metric, np.array(rows)[worst], chosen, size[at], p[rows][at], levels[at]))
    return answer


def family(pairs: Compared, tested: Sequence[int]) -> Floats:
    """The p-values adjusted for all tests of the wanted figures; 1 for the others and where there are too few rows."""
    judged = np.zeros(pairs.p.shape, np.bool_)
    judged[tested] = pairs.enough[tested]
    answer = np.ones(pairs.p.shape)
    answer[judged] = adjusted(pairs.p[judged])
    return answer


def read(pairs: Compared, kind: Kind, rows: Sequence[int]) -> tuple[Interval, Floats]:
    """The comparison of some figures with its interval, and its size, [rows, m]."""
    match kind:
        case Kind.RATIO:
            found = Interval(*(each[rows] for each in pairs.ratio))
            return found, found.value
        case Kind.DIFFERENCE:
            found = Interval(*(each[rows] for each in pairs.difference))
            return found, np.abs(found.value)
        case Kind.MEANS:
            return Interval(*(each[rows] for each in pairs.difference)), np.abs(pairs.standardised[rows])


def levelled(
    size: Floats, kind: Kind, rule: tuple[float, float], p: Floats, enough: NDArray[np.bool_], thresholds: Thresholds
) -> Ints:
    """Codes of levels, of the shape of all others."""
    large, severe = (size < rule[0], size < rule[1]) if kind is Kind.RATIO else (size >= rule[0], size >= rule[1])
    raised = np.where(severe, CRITICAL, WARNING)
    levels = np.where(large & (p < thresholds.notice_below(1)), NOTICE, OK)
    levels = np.where(large & (p < thresholds.certain_below(1)), raised, levels)
    return np.where(enough, levels, INSUFFICIENT).astype(np.int64)


def deciding(levels: Ints, badness: Floats) -> Ints:
    """Of the figures [rows, m] of a metric the worst one of each pair: by level, then by how large it is."""
    if len(levels) == 1:
        return np.zeros(levels.shape[1], np.int64)
    order: Ints = np.lexsort((-np.nan_to_num(badness, nan=-np.inf), levels), axis=0).astype(np.int64)
    first: Ints = order[0]
    return first
