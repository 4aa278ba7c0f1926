"""Windows whose outcomes were looked at: one row per window, all its figures inside."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.store.outcome_tables import outcome_checks
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of a window. `size` is how much it is worse, what its rule is held against, NaN where nothing is
    judged; `single` is what this window alone says, `level` what is said over disjoint windows. `baseline` is the value
    that it is held against; `text` says it in words, `evidence` holds plain values."""

    figure: Figure
    value: float
    low: float
    high: float
    rows: float
    baseline: float = math.nan
    size: float = math.nan
    single: Level | None = None
    level: Level | None = None
    text: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    """One window. `labels` says how far its labels are (see `monitors.performance.maturity`), `baseline` what it is
    held against. `due_us` is when it is to be looked at again though nothing may come."""

    length_us: int
    end_us: int
    checked_us: int
    level: Level
    seen: float
    labelled: float
    mature: bool
    figures: tuple[FigureRow, ...]
    labels: dict[str, Any]
    baseline: dict[str, Any]
    due_us: int | None = None


def plain(number: float) -> float | None:
    """A number as JSON has it: NaN and infinities are null."""
    return number if math.isfinite(number) else None


def number(said: float | None) -> float:
    """The way back from `plain`."""
    return math.nan if said is None else said


def figure_said(row: FigureRow) -> list[Any]:
    """A figure as it is stored."""
    numbers = [plain(x) for x in (row.value, row.low, row.high, row.rows, row.baseline, row.size)]
    levels = [None if level is None else level.value for level in (row.single, row.level)]
    return [row.figure.subject.value, *row.figure[1:], *numbers, *levels, row.text, row.evidence]


def figure_row(said: list[Any]) -> FigureRow:
    """The figure that `figure_said` wrote."""
    subject, metric, cut, label, *rest = said
    numbers = [number(each) for each in rest[:6]]
    single, level = (None if each is None else Level(each) for each in rest[6:8])
    value, low, high, rows, baseline, size = numbers
    figure = Figure(Subject(subject), metric, cut, label)
    return FigureRow(figure, value, low, high, rows, baseline, size, single, level, rest[8], rest[9])


def save_outcome_checks(connection: Connection, deployment_id: int, rows: Iterable[OutcomeCheck]) -> None:
    """Write windows, replacing what was said of the same windows before."""
    values = []
    for row in rows:
        said = {"figures": [figure_said(f) for f in row.figures], "labels": row.labels, "baseline": row.baseline}
        values.append(
            {
                "deployment_id": deployment_id,
                "length_us": row.length_us,
                "end_us": row.end_us,
                "checked_us": row.checked_us,
                "level": row.level.value,
                "seen": row.seen,
                "labelled": row.labelled,
                "mature": row.mature,
                "due_us": row.due_us,
                "body": zlib.compress(json.dumps(said, separators=(",", ":")).encode(), 1),
            }
        )
    upsert(connection, outcome_checks, values, ["deployment_id", "length_us", "end_us"])


def check_of(row: Row[Any]) -> OutcomeCheck:
    """A stored window."""
    said = json.loads(zlib.decompress(row.body))
    figures = tuple(figure_row(each) for each in said["figures"])
    counts = (row.seen, row.labelled, row.mature)
    level = Level(row.level)
    return OutcomeCheck(
        row.length_us, row.end_us, row.checked_us, level, *counts, figures, said["labels"], said["baseline"], row.due_us
    )


def load_outcome_checks(
    connection: Connection, deployment_id: int, start_us: int, end_us: int, length_us: int | None = None
) -> list[OutcomeCheck]:
    """The windows that end in `(start, end]`, in order of time; of one length or of all."""
    query = select(outcome_checks).where(
        outcome_checks.c.deployment_id == deployment_id,
        outcome_checks.c.end_us > start_us,
        outcome_checks.c.end_us <= end_us,
    )
    if length_us is not None:
        query = query.where(outcome_checks.c.length_us == length_us)
    return [check_of(row) for row in connection.execute(query.order_by(outcome_checks.c.end_us))]


def newest_outcome_check(connection: Connection, deployment_id: int, mature: bool = False) -> OutcomeCheck | None:
    """The window that ended last, of all or of those whose labels have come."""
    query = select(outcome_checks).where(outcome_checks.c.deployment_id == deployment_id)
    if mature:
        query = query.where(outcome_checks.c.mature)
    row = connection.execute(query.order_by(outcome_checks.c.end_us.desc()).limit(1)).one_or_none()
    return None if row is None else check_of(row)


def count_outcome_checks(connection: Connection, deployment_id: int) -> int:
    """How many windows have been looked at."""
    query = select(func.count()).where(outcome_checks.c.deployment_id == deployment_id)
    return int(connection.execute(query).scalar_one())


def drop_outcome_checks(connection: Connection, deployment_id: int) -> None:
    """Forget the windows of a deployment: it is judged otherwise now."""
    connection.execute(delete(outcome_checks).where(outcome_checks.c.deployment_id == deployment_id))


def ripe_windows(connection: Connection, deployment_id: int, now_us: int) -> list[tuple[int, int]]:
    """(end, length) of the windows that are due to be looked at again."""
    query = select(outcome_checks.c.end_us, outcome_checks.c.length_us).where(
        outcome_checks.c.deployment_id == deployment_id,
        ~outcome_checks.c.mature,
        outcome_checks.c.due_us <= now_us,
    )
    return [(row.end_us, row.length_us) for row in connection.execute(query)]


def looked_again(connection: Connection, deployment_id: int, end_us: int, length_us: int) -> None:
    """Take note that a window is on its way to be looked at again."""
    connection.execute(
        update(outcome_checks)
        .where(
            outcome_checks.c.deployment_id == deployment_id,
            outcome_checks.c.end_us == end_us,
            outcome_checks.c.length_us == length_us,
        )
        .values(due_us=None)
    )
