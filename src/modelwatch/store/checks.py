"""Checked windows: one row per window, the metrics of all columns inside as one block."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select

from modelwatch.core.level import Level
from modelwatch.store.profiles import Series
from modelwatch.store.tables import checks
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One checked window. `levels` holds a level code per column of the binning, `single` what this window alone would
    say, before persistence over disjoint windows is asked for; `raised` the worst few columns."""

    length_us: int
    end_us: int
    checked_us: int
    rows: float
    level: Level
    drifted: int
    largest: float | None
    raised: list[dict[str, Any]]
    levels: bytes
    single: bytes
    binning: str
    reference_id: int | None
    body: bytes


def check_row(row: Row[Any]) -> CheckRow:
    """A row of `checks` as a value."""
    return CheckRow(
        row.length_us,
        row.end_us,
        row.checked_us,
        row.rows,
        Level(row.level),
        row.drifted,
        row.largest,
        json.loads(row.raised),
        row.levels,
        row.single,
        row.binning,
        row.reference_id,
        row.body,
    )


def save_checks(connection: Connection, series: Series, rows: Iterable[CheckRow]) -> None:
    """Write checked windows, replacing what was said of the same windows before."""
    values = [
        {
            "deployment_id": series.deployment_id,
            "segment": series.segment,
            "length_us": row.length_us,
            "end_us": row.end_us,
            "checked_us": row.checked_us,
            "rows": row.rows,
            "level": row.level.value,
            "drifted": row.drifted,
            "largest": row.largest,
            "raised": json.dumps(row.raised),
            "levels": row.levels,
            "single": row.single,
            "binning": row.binning,
            "reference_id": row.reference_id,
            "body": row.body,
        }
        for row in rows
    ]
    upsert(connection, checks, values, ["deployment_id", "segment", "length_us", "end_us"])


def of_series(series: Series) -> Select[Any]:
    """The query that all others narrow."""
    return select(checks).where(checks.c.deployment_id == series.deployment_id, checks.c.segment == series.segment)


def load_checks(connection: Connection, series: Series, start_us: int, end_us: int) -> list[CheckRow]:
    """The windows whose ends lie in `[start_us, end_us]`, of any length, in order of time."""
    query = of_series(series).where(checks.c.end_us >= start_us, checks.c.end_us <= end_us).order_by(checks.c.end_us)
    return [check_row(row) for row in connection.execute(query)]


def count_checks(connection: Connection, series: Series, start_us: int, end_us: int) -> int:
    """How many windows `load_checks` would give."""
    query = select(func.count()).where(
        checks.c.deployment_id == series.deployment_id,
        checks.c.segment == series.segment,
        checks.c.end_us >= start_us,
        checks.c.end_us <= end_us,
    )
    return int(connection.execute(query).scalar_one())


def newest_check(connection: Connection, series: Series) -> CheckRow | None:
    """The newest checked window, or None."""
    row = connection.execute(of_series(series).order_by(checks.c.end_us.desc()).limit(1)).one_or_none()
    return None if row is None else check_row(row)


def newest_checks(connection: Connection, series: Series, limit: int) -> list[CheckRow]:
    """The newest checked windows of the length of the newest one, in order of time."""
    newest = newest_check(connection, series)
    if newest is None:
        return []
    query = of_series(series).where(checks.c.length_us == newest.length_us).order_by(checks.c.end_us.desc())
    return [check_row(row) for row in connection.execute(query.limit(limit))][::-1]


def window_check(connection: Connection, series: Series, end_us: int) -> CheckRow | None:
    """The newest window that ends at or before `end_us`, or None."""
    query = of_series(series).where(checks.c.end_us <= end_us).order_by(checks.c.end_us.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else check_row(row)


def drop_checks(connection: Connection, deployment_id: int) -> None:
    """Forget what was said of a deployment; for the job that counts everything anew on another binning."""
    connection.execute(delete(checks).where(checks.c.deployment_id == deployment_id))


@dataclass(frozen=True, slots=True)
class LevelRow:
    """What a checked window says of its columns, without the metrics behind it."""

    length_us: int
    end_us: int
    level: Level
    levels: bytes
    binning: str


def load_levels(connection: Connection, deployment_id: int, start_us: int) -> list[tuple[str, LevelRow]]:
    """(segment, window) of everything checked of a deployment that ends at `start_us` or later, in order of time.

    Where two windows of a series end at the same time, the one that was checked last is the later one.
    """
    c = checks.c
    query = (
        select(c.segment, c.length_us, c.end_us, c.level, c.levels, c.binning)
        .where(c.deployment_id == deployment_id, c.end_us >= start_us)
        .order_by(c.end_us, c.checked_us)
    )
    return [
        (row.segment, LevelRow(row.length_us, row.end_us, Level(row.level), row.levels, row.binning))
        for row in connection.execute(query)
    ]


def load_body(connection: Connection, deployment_id: int, segment: str, length_us: int, end_us: int) -> bytes:
    """The metrics of one checked window, which must exist."""
    c = checks.c
    query = select(c.body).where(
        c.deployment_id == deployment_id, c.segment == segment, c.length_us == length_us, c.end_us == end_us
    )
    return bytes(connection.execute(query).scalar_one())
