"""The quality of a version's newest window: unusable rows, how many different values, repeated ids, schema changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.column import ColumnType
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.wire import Role
from modelwatch.errors import NotFound
from modelwatch.monitors.quality import RepeatedIds, cardinality, repeated_ids
from modelwatch.profiles.id_sketch import IdSketch, merge_ids
from modelwatch.server.queries.drift import shown_name
from modelwatch.server.queries.model import SchemaChange, read_schema_changes
from modelwatch.server.queries.rates import RateLine, rate_map
from modelwatch.server.queries.subject import Subject, meant
from modelwatch.server.queries.whole_sides import whole_sides
from modelwatch.server.queries.windows import BADNESS, Windows, nullable
from modelwatch.store.checks import CheckRow
from modelwatch.store.id_sketches import load_sketches

MAX_CHANGES: Final = 50


@dataclass(frozen=True, slots=True)
class CardinalityLine:
    """How many different values a column has: known categories, or bins of numbers that hold a row.

    `expected` is what the reference would give at that many rows, `low` to `high` its 99 % range.
    """

    name: str
    role: Role
    kind: ColumnType
    level: Level
    distinct: int
    reference: int
    expected: float
    low: int
    high: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Quality:
    """One window, event times `start` to `end`; None and empty before the first check."""

    start: int | None
    end: int | None
    rows: float
    reference_rows: float
    rates: list[RateLine]
    cardinality: list[CardinalityLine]
    repeated_ids: RepeatedIds | None
    schema_changes: list[SchemaChange]


def read_quality(connection: Connection, subject: Subject, windows: Windows | None) -> Quality:
    """The newest of the windows; rates and cardinality the worst first."""
    changes = read_schema_changes(connection, subject, MAX_CHANGES)
    if windows is None:
        return Quality(None, None, 0.0, 0.0, [], [], None, changes)
    row, table = windows.rows[-1], windows.tables[-1]
    return Quality(
        row.end_us - row.length_us,
        row.end_us,
        row.rows,
        table.reference_rows,
        rate_map(windows).lines,
        cardinality_lines(connection, subject, windows),
        repeated_in(connection, subject, row),
        changes,
    )


def of_column(whole: Quality, name: str) -> Quality:
    """What concerns one column; raises `NotFound` with what comes near when a checked window has no such column."""
    known = [line.name for line in whole.rates]
    if known and name not in known:
        raise NotFound(f"there is no feature {name!r}", hint=meant(name, known))
    return replace(
        whole,
        rates=[line for line in whole.rates if line.name == name],
        cardinality=[line for line in whole.cardinality if line.name == name],
        schema_changes=[change for change in whole.schema_changes if name in (change.column, change.role)],
    )


def cardinality_lines(connection: Connection, subject: Subject, windows: Windows) -> list[CardinalityLine]:
    """Every column that has rows on both sides, the worst first; none when the reference is gone."""
    sides = whole_sides(connection, subject, windows.rows[-1], windows.binning)
    if sides is None:
        return []
    found = cardinality(*sides, windows.binning, windows.thresholds, windows.tables[-1].design_effect)
    figures = zip(*(nullable(each) for each in (found.distinct, found.reference, found.low, found.high)), strict=True)
    lines = []
    for f, (distinct, reference, low, high) in enumerate(figures):
        column = windows.binning.columns[f]
        if distinct is None or reference is None or low is None or high is None:
            continue
        lines.append(
            CardinalityLine(
                shown_name(column.key),
                column.key.role,
                column.type,
                ORDER[found.levels[f]],
                int(distinct),
                int(reference),
                float(found.expected[f]),
                int(low),
                int(high),
                float(found.p[f]),
            )
        )
    return sorted(lines, key=lambda line: (BADNESS[CODE[line.level]], line.p_value))


def repeated_in(connection: Connection, subject: Subject, row: CheckRow) -> RepeatedIds | None:
    """What the sketches of a window say of its prediction ids; None for a segment, or where none were kept."""
    if subject.segment:
        return None
    stored = load_sketches(connection, subject.deployment.id, row.end_us - row.length_us, row.end_us)
    if not stored:
        return None
    return repeated_ids(merge_ids(IdSketch.from_bytes(each.body) for each in stored))
