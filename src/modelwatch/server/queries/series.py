"""The drift of one column as exact series, one per version, and the newest figures of all columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.errors import NotFound
from modelwatch.monitors.drift.on_request import FACTS
from modelwatch.server.queries.drift import DriftLine, Metric, drift_lines, line_thresholds, shown_name
from modelwatch.server.queries.on_request import newest_of_all, over_windows
from modelwatch.server.queries.reference import reference_of
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import Windows, levels_of, load_windows, nullable

SIZES: Final[frozenset[Metric]] = frozenset({"psi", "kl", "centroid"})
"""The metrics that measure size only; all others are tests or have one of their own."""


@dataclass(frozen=True, slots=True)
class Point:
    """One window of one column; `status` is normal, warning or critical. The value is None when it has no meaning."""

    timestamp: int
    value: float | None
    status: str
    level: Level
    rows: float
    chance: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One column of one version against its own reference, ascending by window end."""

    version: str
    reference: str | None
    data_points: list[Point]
    threshold_warning: float | None
    threshold_critical: float | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a drift question narrows."""

    metric: str
    start_us: int | None
    end_us: int | None


def read_series(
    connection: Connection, subjects: list[Subject], feature: str, asked: Asked
) -> tuple[str, list[Series]]:
    """The role of the column and one series per version that has windows in the range.

    Features come before predictions of the same name. Raises `NotFound` when no version knows the column.
    """
    loaded = [(each, load_windows(connection, each, asked.start_us, asked.end_us)) for each in subjects]
    known = [(each, windows) for each, windows in loaded if windows is not None]
    found = next((role for _, windows in known if (role := role_of(windows, feature)) is not None), None)
    if found is None:
        if not known:
            return Role.FEATURE.value, []
        names = [shown_name(column.key) for column in known[0][1].binning.columns]
        raise NotFound(f"there is no feature {feature!r}", hint=meant(feature, names))
    series = [series_of(connection, each, windows, feature, found, asked) for each, windows in known]
    return found.value, [each for each in series if each is not None]


def role_of(windows: Windows, feature: str) -> Role | None:
    """The role of the column of that name, features first."""
    roles = [column.key.role for column in windows.binning.columns if shown_name(column.key) == feature]
    return Role.FEATURE if Role.FEATURE in roles else next(iter(roles), None)


def series_of(
    connection: Connection, subject: Subject, windows: Windows, feature: str, role: Role, asked: Asked
) -> Series | None:
    """One version's series, or None when it has no such column."""
    keys = [column.key for column in windows.binning.columns]
    f = next((i for i, key in enumerate(keys) if key.role is role and shown_name(key) == feature), None)
    if f is None:
        return None
    values, chances, ps = figures(connection, subject, windows, f, asked.metric)
    levels = levels_of(np.ascontiguousarray(windows.levels()[:, f]))
    points = [
        Point(row.end_us, value, level.status, level, row.rows, chance, p)
        for row, value, level, chance, p in zip(windows.rows, values, levels, chances, ps, strict=True)
    ]
    reference = reference_of(connection, subject.model, subject.deployment, subject.now_us)
    label = None if reference is None else reference.label
    return Series(subject.deployment.version, label, points, *limits(windows, f, asked.metric))


def figures(
    connection: Connection, subject: Subject, windows: Windows, f: int, metric: str
) -> tuple[list[float | None], list[float | None], list[float | None]]:
    """Values, chances and p-values of column `f` in each of the windows, from their tables or computed now."""
    if metric in FACTS:
        values, chance, p = over_windows(connection, subject, windows, f, metric)
        return nullable(values), nullable(chance), nullable(p)
    names = (metric, f"{metric}_chance")
    value, chances = (nullable(windows.metric(name)[:, f]) for name in names)
    ps: list[float | None] = [None] * len(value)
    return value, chances, ps if metric in SIZES else nullable(windows.metric(f"{metric}_p")[:, f])


def limits(windows: Windows, f: int, metric: str) -> tuple[float | None, float | None]:
    """Where warning and critical begin for one column; a method on request has limits to read it by, and no level."""
    if metric in FACTS:
        return FACTS[metric].threshold_warning, FACTS[metric].threshold_critical
    return line_thresholds(cast("Metric", metric), windows.thresholds, windows.tables[-1], f)


def read_latest(connection: Connection, subject: Subject, asked: Asked) -> tuple[int | None, list[DriftLine]]:
    """The end of the newest window in the range and every column in it, the worst first."""
    windows = load_windows(connection, subject, asked.start_us, asked.end_us)
    if windows is None:
        return None, []
    if asked.metric not in FACTS:
        return windows.rows[-1].end_us, drift_lines(windows, cast("Metric", asked.metric))
    (found,) = newest_of_all(connection, subject, windows, [asked.metric])
    values, chances = nullable(found.values), nullable(found.chance)
    lines = drift_lines(windows, "psi")
    ranked = zip(lines, windows.ranked(), strict=True)
    return windows.rows[-1].end_us, [replace(line, value=values[f], chance=chances[f]) for line, f in ranked]
