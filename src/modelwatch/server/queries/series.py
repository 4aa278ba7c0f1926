"""The drift of one column as exact series, one per version, and the newest figures of all columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.errors import NotFound
from modelwatch.server.queries.drift import DriftLine, Metric, drift_lines, line_thresholds, shown_name
from modelwatch.server.queries.reference import reference_of
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import Windows, levels_of, load_windows, nullable

SIZES: Final[frozenset[Metric]] = frozenset({"psi", "kl"})
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

    metric: Metric
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
    values = nullable(windows.metric(asked.metric)[:, f])
    chances = nullable(windows.metric(f"{asked.metric}_chance")[:, f])
    ps: list[float | None] = [None] * len(values)
    if asked.metric not in SIZES:
        ps = nullable(windows.metric(f"{asked.metric}_p")[:, f])
    levels = levels_of(np.ascontiguousarray(windows.levels()[:, f]))
    points = [
        Point(row.end_us, value, level.status, level, row.rows, chance, p)
        for row, value, level, chance, p in zip(windows.rows, values, levels, chances, ps, strict=True)
    ]
    reference = reference_of(connection, subject.model, subject.deployment, subject.now_us)
    label = None if reference is None else reference.label
    limits = line_thresholds(asked.metric, windows.thresholds, windows.tables[-1], f)
    return Series(subject.deployment.version, label, points, *limits)


def read_latest(connection: Connection, subject: Subject, asked: Asked) -> tuple[int | None, list[DriftLine]]:
    """The end of the newest window in the range and every column in it, the worst first."""
    windows = load_windows(connection, subject, asked.start_us, asked.end_us)
    return (None, []) if windows is None else (windows.rows[-1].end_us, drift_lines(windows, asked.metric))
