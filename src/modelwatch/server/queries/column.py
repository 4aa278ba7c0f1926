"""One column of a version: why it has its level, its distribution against the reference, its metrics over time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection

from modelwatch.alerts.persistence import Persistence
from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.level import ORDER, Level
from modelwatch.core.window import disjoint
from modelwatch.core.wire import Role
from modelwatch.errors import NotFound
from modelwatch.monitors.drift import DriftTable
from modelwatch.monitors.drift.findings import why
from modelwatch.monitors.drift.methods import Method, Sure, methods, sure
from modelwatch.monitors.drift.moved import Moved, moved
from modelwatch.monitors.drift.rates import RATE_METRICS
from modelwatch.profiles.describe import Bar, Share, describe
from modelwatch.server.queries.drift import METRICS, Metric, line_thresholds, shown_name
from modelwatch.server.queries.model import Column, columns_of
from modelwatch.server.queries.sides import Judged, both_sides, label_of
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.windows import (
    Windows,
    levels_of,
    load_binning,
    nullable,
    since,
    stretches,
    thin_largest,
    thin_last,
    thin_worst,
)
from modelwatch.store.checks import CheckRow, newest_check, window_check


@dataclass(frozen=True, slots=True)
class Detail:
    """What a page says of one column before it draws anything; `sure` is empty while nothing was checked."""

    subject: Subject
    key: ColumnKey
    name: str
    role: Role
    kind: ColumnType
    level: Level
    since: int | None
    why: list[str]
    sure: list[Sure]
    previous: Column | None
    next: Column | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A window's distribution beside the reference's, and what moved most. Times are event times."""

    kind: ColumnType
    reference_label: str
    reference_rows: float
    window_rows: float
    window_start: int
    window_end: int
    bars: tuple[Bar, ...]
    categories: tuple[Share, ...]
    specials: tuple[Share, ...]
    reference_median: float | None
    window_median: float | None
    reference_mean: float | None
    window_mean: float | None
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One metric at each time, with what chance allowed then."""

    metric: Metric
    values: list[float | None]
    chance: list[float | None]
    threshold_warning: float | None
    threshold_critical: float | None


@dataclass(frozen=True, slots=True)
class History:
    """All metrics of one column at window ends, ascending, at most 500."""

    times: list[int]
    rows: list[float]
    levels: list[Level]
    lines: list[HistoryLine]


def read_column(
    connection: Connection, subject: Subject, name: str, role: Role, windows: Windows | None
) -> Detail | None:
    """The column of that name and role, or None; `windows` are those of the last 30 days."""
    columns = ranked_columns(connection, subject, windows)
    place = next(
        (i for i, each in enumerate(columns) if each.role is role and name in (each.name, each.key.name)), None
    )
    if place is None:
        return None
    column = columns[place]
    previous = columns[place - 1] if place > 0 else None
    following = columns[place + 1] if place + 1 < len(columns) else None
    detail = Detail(
        subject,
        column.key,
        column.name,
        column.role,
        column.kind,
        Level.INSUFFICIENT_DATA,
        None,
        ["Not checked yet: a reference must stand and a window must end first."],
        [],
        previous,
        following,
    )
    judged = judge(connection, subject, column.key, None)
    return detail if judged is None else explained(connection, detail, judged, windows)


def find_column(connection: Connection, subject: Subject, feature: str) -> ColumnKey:
    """The watched column of that name, features first; raises `NotFound` with the names that come near."""
    columns = columns_of(connection, subject)
    found = [each.key for each in columns if each.name == feature]
    if not found:
        raise NotFound(f"there is no feature {feature!r}", hint=meant(feature, [each.name for each in columns]))
    return min(found, key=lambda key: key.role is not Role.FEATURE)


def ranked_columns(connection: Connection, subject: Subject, windows: Windows | None) -> list[Column]:
    """The columns in the order of the heat map: the worst first; before a check in the order of the schema."""
    if windows is None:
        return columns_of(connection, subject)
    own = [windows.binning.columns[f] for f in windows.ranked()]
    return [Column(column.key, shown_name(column.key), column.key.role, column.type) for column in own]


def judge(connection: Connection, subject: Subject, key: ColumnKey, end_us: int | None) -> Judged | None:
    """The newest window, or the newest that ends at `end_us` or before, if it knew the column."""
    row = (
        newest_check(connection, subject.series) if end_us is None else window_check(connection, subject.series, end_us)
    )
    if row is None:
        return None
    binning = load_binning(connection, subject.model.id, row.binning)
    at = binning.index(key)
    return None if at is None else Judged(row, DriftTable.from_bytes(row.body), binning, at)


def explained(connection: Connection, detail: Detail, judged: Judged, windows: Windows | None) -> Detail:
    """The column with the reasons for its level in its newest window."""
    subject, row, f = detail.subject, judged.row, judged.at
    sides = both_sides(connection, subject, judged)
    held = subject.thresholds(row.length_us)
    return replace(
        detail,
        level=ORDER[row.levels[f]],
        since=None if windows is None else since_of(windows, detail.key),
        why=list(why(judged.table, *sides, judged.binning, f, thresholds=held))
        if sides
        else ["Its reference is gone."],
        sure=[*sure(judged.table, f, held), *persists(windows, detail.key, row, subject)],
    )


def since_of(windows: Windows, key: ColumnKey) -> int | None:
    """Since when a column has had its present level."""
    f = windows.binning.index(key)
    return None if f is None else since(windows.levels()[:, [f]], [row.end_us for row in windows.rows])[0]


def persists(windows: Windows | None, key: ColumnKey, newest: CheckRow, subject: Subject) -> list[Sure]:
    """Whether disjoint windows agree: the last of the checks behind a level."""
    f = None if windows is None else windows.binning.index(key)
    if windows is None or f is None:
        return []
    settings, default = subject.model.settings, Persistence()
    k, n = int(settings.get("k", default.k)), int(settings.get("n", default.n))
    places = {row.end_us: i for i, row in enumerate(windows.rows) if row.length_us == newest.length_us}
    looked = [places[end] for end in disjoint(newest.end_us, newest.length_us, n) if end in places]
    codes = [windows.rows[i].single[windows.at[i, f]] for i in looked if windows.at[i, f] >= 0]
    raised = sum(ORDER[code].raised for code in codes)
    return [Sure("It persists", raised >= k, f"{raised} of the last {len(codes)} disjoint windows; {k} of {n} needed")]


def read_methods(connection: Connection, subject: Subject, key: ColumnKey, end_us: int | None) -> list[Method]:
    """Every method's figure in one window; empty when it was not checked."""
    judged = judge(connection, subject, key, end_us)
    if judged is None:
        return []
    held = subject.thresholds(judged.row.length_us)
    return [each for each in methods(judged.table, judged.at, held) if math.isfinite(each.value)]


def read_distribution(connection: Connection, subject: Subject, key: ColumnKey, end_us: int | None) -> Compared | None:
    """The column in one window beside the reference; None when there is no such window."""
    judged = judge(connection, subject, key, end_us)
    sides = both_sides(connection, subject, judged) if judged else None
    if judged is None or sides is None:
        return None
    row = judged.row
    drawn = describe(*sides, judged.binning, judged.at)
    return Compared(
        kind=drawn.kind,
        reference_label=label_of(connection, row),
        reference_rows=drawn.reference_rows,
        window_rows=drawn.window_rows,
        window_start=row.end_us - row.length_us,
        window_end=row.end_us,
        bars=drawn.bars,
        categories=drawn.categories,
        specials=drawn.specials,
        reference_median=drawn.reference_median,
        window_median=drawn.window_median,
        reference_mean=drawn.reference_mean,
        window_mean=drawn.window_mean,
        moved=moved(*sides, judged.binning, judged.at),
    )


def read_history(windows: Windows | None, key: ColumnKey) -> History:
    """All metrics of the column over the windows, each stretch showing its worst."""
    f = windows.binning.index(key) if windows is not None else None
    if windows is None or f is None:
        return History([], [], [], [])
    starts = stretches(len(windows.rows))
    tables, at = windows.tables, windows.at[:, f]

    def series(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([getattr(t, name)[j] if j >= 0 else np.nan for t, j in zip(tables, at, strict=True)])

    lines = [
        HistoryLine(
            metric,
            nullable(thin_largest(series(metric), starts)),
            nullable(thin_largest(series(f"{metric}_chance"), starts)),
            *line_thresholds(metric, windows.thresholds, tables[-1], f),
        )
        for metric in METRICS
    ]
    codes = windows.levels()[:, [f]]
    return History(
        [int(time) for time in thin_last([row.end_us for row in windows.rows], starts)],
        thin_last([row.rows for row in windows.rows], starts),
        levels_of(thin_worst(codes, starts)[:, 0]),
        [line for line in lines if told(line)],
    )


def told(line: HistoryLine) -> bool:
    """Whether a metric has anything to say: a rate of a kind that never occurred is no line."""
    seen = [value for value in line.values if value is not None]
    return bool(seen) and (line.metric not in RATE_METRICS or line.metric == "nulls" or max(seen) > 0)
