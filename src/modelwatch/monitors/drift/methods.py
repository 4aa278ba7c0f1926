"""Every method's figure for one column, and the questions that decide its level."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.monitors.drift.check import DEFAULT, Thresholds
from modelwatch.monitors.drift.table import DriftTable
from modelwatch.monitors.drift.words import change, number, odds


@dataclass(frozen=True, slots=True)
class Method:
    """One metric of one column, with what chance makes of it and the thresholds that it is held against."""

    metric: str
    label: str
    value: float
    chance: float | None
    p_value: float | None
    threshold_warning: float | None
    threshold_critical: float | None
    level: Level


@dataclass(frozen=True, slots=True)
class Sure:
    """A question that must be answered with yes before anybody is told."""

    title: str
    holds: bool
    detail: str


def methods(table: DriftTable, f: int, thresholds: Thresholds = DEFAULT) -> tuple[Method, ...]:
    """The methods that apply to column `f`: psi, ks, kl, nulls, unseen; empty when it cannot be computed.

    PSI and the rates have levels of their own. KS is at notice at most, because it says how sure a change is and not
    how large; KL measures the same as PSI and has none.
    """
    if math.isnan(table.psi[f]):
        return ()
    floors = (thresholds.missing_warning, thresholds.missing_critical)
    certain = float(table.ks_p[f]) * 2 < thresholds.notice_below(table.judged)
    quiet = Level.INSUFFICIENT_DATA if table.psi_levels[f] == CODE[Level.INSUFFICIENT_DATA] else Level.OK
    answer = [
        Method(
            "psi",
            "Population stability index",
            float(table.psi[f]),
            float(table.psi_chance[f]),
            None,
            thresholds.psi_warning,
            thresholds.psi_critical,
            ORDER[table.psi_levels[f]],
        )
    ]
    if not math.isnan(table.ks[f]):
        level = Level.NOTICE if certain and quiet is Level.OK else quiet
        value, p = float(table.ks[f]), float(table.ks_p[f])
        answer.append(Method("ks", "Kolmogorov–Smirnov", value, float(table.ks_chance[f]), p, None, None, level))
    value = float(table.kl[f])
    answer.append(Method("kl", "Kullback–Leibler, nats", value, float(table.kl_chance[f]), None, None, None, quiet))
    for metric, label in (("nulls", "Rows without a value"), ("unseen", "Unseen categories")):
        value, before, chance, p = (
            float(getattr(table, metric + part)[f]) for part in ("", "_before", "_chance", "_p")
        )
        if not math.isnan(value):
            level = ORDER[getattr(table, metric + "_levels")[f]]
            answer.append(Method(metric, label, value, chance, p, before + floors[0], before + floors[1], level))
    return tuple(answer)


def sure(table: DriftTable, f: int, thresholds: Thresholds = DEFAULT) -> tuple[Sure, ...]:
    """Whether the change of column `f` is certain, large and seen by two methods; if it persists, history tells."""
    if math.isnan(table.psi[f]):
        return ()
    limit = thresholds.certain_below(table.judged)
    p = float(table.test_p[f])
    certain = p < limit
    net = max(float(table.psi[f] - table.psi_mean[f]), 0.0)
    rises = {
        name: (float(getattr(table, name + "_before")[f]), float(getattr(table, name)[f]))
        for name in ("nulls", "unseen")
    }
    grown = {name: pair for name, pair in rises.items() if pair[1] - pair[0] >= thresholds.missing_warning}
    large = net >= thresholds.psi_warning or bool(grown)
    size = f"PSI {net:.2f} above what chance gives, from {number(thresholds.psi_warning)} on it is large"
    size += "".join(f"; {name} {change(*pair)}" for name, pair in grown.items())
    test = "chi-square" if math.isnan(table.ks[f]) else "Kolmogorov–Smirnov"
    return (
        Sure(
            "Certain",
            certain,
            f"chance alone would do this in {odds(p)} of windows; asked for is under {odds(limit)},"
            f" with all {table.judged} columns and {thresholds.looks} looks a day counted",
        ),
        Sure("Large", large, size),
        Sure(
            "Two methods agree", certain and large, f"a test of significance ({test}, rates) and a size (PSI, points)"
        ),
    )
