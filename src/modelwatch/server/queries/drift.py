"""Drift of all columns over time: the heat map, and the series of one column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import DEFAULT, SIZES, DriftTable, Thresholds
from modelwatch.monitors.drift.rates import RATE_METRICS
from modelwatch.server.queries.windows import (
    Windows,
    levels_of,
    nullable,
    since,
    stretches,
    thin_largest,
    thin_last,
    thin_worst,
)

Metric = Literal[
    "psi",
    "smooth",
    "chi_square",
    "ks",
    "kl",
    "mmd",
    "centroid",
    "nulls",
    "nans",
    "infinite",
    "mistyped",
    "outside",
    "unseen",
]
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)


@dataclass(frozen=True, slots=True)
class DriftLine:
    """One column of the map; its own figures are those of the newest window. `values` and `chance` are of `metric`."""

    metric: Metric
    name: str
    role: Role
    kind: ColumnType
    level: Level
    since: int | None
    values: list[float | None]
    levels: list[Level]
    value: float | None
    psi: float | None
    ks: float | None
    kl: float | None
    mmd: float | None
    centroid: float | None
    nulls: float | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class DriftMap:
    """One metric of all columns, the worst first, at window ends; metrics without fixed thresholds have None."""

    metric: Metric
    threshold_warning: float | None
    threshold_critical: float | None
    times: list[int]
    rows: list[float]
    lines: list[DriftLine]
    critical: int
    warning: int
    notice: int


def thresholds(metric: Metric, held: Thresholds) -> tuple[float | None, float | None]:
    """The fixed thresholds of a metric: PSI and MMD have them; rates are held against the reference's own share."""
    return (held.psi_warning, held.psi_critical) if metric in SIZES else (None, None)


def line_thresholds(metric: Metric, held: Thresholds, table: DriftTable, f: int) -> tuple[float | None, float | None]:
    """Where warning and critical begin for one column: rates are counted from the reference's share."""
    if metric in RATE_METRICS and math.isfinite(before := float(getattr(table, f"{metric}_before")[f])):
        return before + held.missing_warning, before + held.missing_critical
    return thresholds(metric, held)


def shown_name(key: ColumnKey) -> str:
    """The user's name of a column, or its role where the role has one column only."""
    return key.name or key.role.value


def drift_map(windows: Windows | None, metric: Metric) -> DriftMap:
    """The drift of every column over the windows, in at most 500 stretches of which each shows its worst."""
    warning, critical = thresholds(metric, DEFAULT if windows is None else windows.thresholds)
    if windows is None:
        return DriftMap(metric, warning, critical, [], [], [], 0, 0, 0)
    lines = sized_lines(windows) if metric == "psi" else drift_lines(windows, metric)
    starts = stretches(len(windows.rows))
    counted = [line.level for line in lines]
    return DriftMap(
        metric,
        warning,
        critical,
        [int(time) for time in thin_last([row.end_us for row in windows.rows], starts)],
        thin_last([row.rows for row in windows.rows], starts),
        lines,
        counted.count(Level.CRITICAL),
        counted.count(Level.WARNING),
        counted.count(Level.NOTICE),
    )


def sized_lines(windows: Windows) -> list[DriftLine]:
    """One line per column with its measure of size: PSI, and for vectors MMD, which is on the same scale."""
    lines = drift_lines(windows, "psi")
    if not windows.binning.vector.any():
        return lines
    pairs = zip(lines, drift_lines(windows, "mmd"), strict=True)
    return [vector if psi.kind is ColumnType.VECTOR else psi for psi, vector in pairs]


def drift_lines(windows: Windows, metric: Metric) -> list[DriftLine]:
    """One line per column, the worst first."""
    starts = stretches(len(windows.rows))
    codes = windows.levels()
    began = since(codes, [row.end_us for row in windows.rows])
    values, worst = thin_largest(windows.metric(metric), starts), thin_worst(codes, starts)
    table = windows.tables[-1]
    newest = {name: nullable(getattr(table, name)) for name in METRICS}
    chance = nullable(getattr(table, f"{metric}_chance"))
    levels = levels_of(codes[-1])
    lines = []
    for f in windows.ranked():
        column = windows.binning.columns[f]
        lines.append(
            DriftLine(
                metric=metric,
                name=shown_name(column.key),
                role=column.key.role,
                kind=column.type,
                level=levels[f],
                since=began[f],
                values=nullable(np.ascontiguousarray(values[:, f])),
                levels=levels_of(worst[:, f]),
                value=newest[metric][f],
                psi=newest["psi"][f],
                ks=newest["ks"][f],
                kl=newest["kl"][f],
                mmd=newest["mmd"][f],
                centroid=newest["centroid"][f],
                nulls=newest["nulls"][f],
                chance=chance[f],
            )
        )
    return lines
