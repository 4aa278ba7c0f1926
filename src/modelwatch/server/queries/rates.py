"""Rows without a usable value, or one that the reference never had: every kind of every column, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.column import ColumnType
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.wire import Role
from modelwatch.monitors.drift.rates import RATE_METRICS
from modelwatch.server.queries.drift import shown_name
from modelwatch.server.queries.windows import BADNESS, Floats, Windows, nullable, since, stretches, thin_largest

MAX_TIMES: Final = 60
"""Points of a small history: as many as one can see."""


@dataclass(frozen=True, slots=True)
class RateCell:
    """One kind of row in one column: shares of rows now and in the reference, and what chance makes of the latter.

    `values` are the largest shares of the stretches, empty where no window had such a row. Tables of earlier releases
    hold less: None there.
    """

    metric: str
    value: float
    before: float | None
    chance: float | None
    p_value: float | None
    level: Level
    since: int | None
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class RateLine:
    """One column with the kinds that have a meaning for it; its level is the worst of theirs."""

    name: str
    role: Role
    kind: ColumnType
    level: Level
    since: int | None
    cells: list[RateCell]


@dataclass(frozen=True, slots=True)
class RateMap:
    """All columns in the newest window, which ends at `end` and holds `rows`; `times` are ends of stretches."""

    end: int | None
    rows: float
    reference_rows: float
    times: list[int]
    lines: list[RateLine]


def rate_map(windows: Windows | None) -> RateMap:
    """The rates of the newest window with a small history of each."""
    if windows is None:
        return RateMap(None, 0.0, 0.0, [], [])
    starts = stretches(len(windows.rows), MAX_TIMES)
    ends = [*starts[1:], len(windows.rows)]
    lines = rate_lines(windows, starts)
    newest = windows.rows[-1]
    return RateMap(
        newest.end_us,
        newest.rows,
        windows.tables[-1].reference_rows,
        [windows.rows[end - 1].end_us for end in ends],
        sorted(lines, key=badness),
    )


def badness(line: RateLine) -> tuple[int, float]:
    """The worst level first, then the rate that rose most."""
    return int(BADNESS[CODE[line.level]]), -max((cell.value - (cell.before or 0.0) for cell in line.cells), default=0.0)


def rate_lines(windows: Windows, starts: list[int]) -> list[RateLine]:
    """One line per column, in the order of the binning."""
    table = windows.tables[-1]
    judged = windows.rows[-1].levels
    kinds = [kind_of(windows, metric, starts) for metric in RATE_METRICS]
    told = {name: nullable(getattr(table, name)) for kind in RATE_METRICS for name in facts(kind)}
    lines = []
    for f, column in enumerate(windows.binning.columns):
        cells = [
            RateCell(
                metric,
                value,
                told[f"{metric}_before"][f],
                told[f"{metric}_chance"][f],
                told[f"{metric}_p"][f],
                standing(ORDER[kind.codes[f]], ORDER[judged[f]]),
                kind.since[f],
                nullable(np.ascontiguousarray(kind.history[:, f])) if np.nanmax(kind.history[:, f]) > 0 else [],
            )
            for metric, kind in zip(RATE_METRICS, kinds, strict=True)
            if np.isfinite(value := float(getattr(table, metric)[f]))
        ]
        worst = min(cells, key=lambda cell: BADNESS[CODE[cell.level]], default=None)
        level = Level.INSUFFICIENT_DATA if worst is None else worst.level
        began = None if worst is None else worst.since
        lines.append(RateLine(shown_name(column.key), column.key.role, column.type, level, began, cells))
    return lines


def facts(metric: str) -> tuple[str, str, str]:
    """The names of what a table says of a rate beside its value."""
    return f"{metric}_before", f"{metric}_chance", f"{metric}_p"


def standing(level: Level, column: Level) -> Level:
    """The level of a kind as it stands: not judged where the column was not, and raised only once the column is."""
    if column in (Level.INSUFFICIENT_DATA, Level.NO_DATA, Level.ERROR):
        return column
    return Level.NOTICE if level.raised and not column.raised else level


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row over the windows: newest codes [F], since when, and the thinned history [T, F]."""

    codes: NDArray[np.uint8]
    since: list[int | None]
    history: Floats


def kind_of(windows: Windows, metric: str, starts: list[int]) -> Kind:
    """What all windows say of one kind of row."""
    tables: list[Any] = [getattr(table, f"{metric}_levels") for table in windows.tables]
    codes = windows.pick(tables, CODE[Level.INSUFFICIENT_DATA]).astype(np.uint8)
    began = since(codes, [row.end_us for row in windows.rows])
    return Kind(codes[-1], began, thin_largest(windows.metric(metric), starts))
