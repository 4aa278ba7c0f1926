"""Windows whose outcomes were looked at: one row per window, all its figures inside."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Row, delete, select, update

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.store.headlines import save_headline
from modelwatch.store.outcome_tables import outcome_checks
from modelwatch.store.upsert import upsert

AT_ONCE: Final = 1_000
"""Ends in one `IN`."""
SUBJECTS: Final = {subject.value: subject for subject in Subject}
LEVELS: Final = {level.value: level for level in Level}


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


class Looked(NamedTuple):
    """A window that was looked at, without what was found in it."""

    end_us: int
    length_us: int
    level: Level
    mature: bool


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
    subject, metric, cut, label, value, low, high, rows, baseline, size, single, level, text, evidence = said
    return FigureRow(
        Figure(SUBJECTS[subject], metric, cut, label),
        number(value),
        number(low),
        number(high),
        number(rows),
        number(baseline),
        number(size),
        None if single is None else LEVELS[single],
        None if level is None else LEVELS[level],
        text,
        evidence,
    )


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


def check_of(row: Row[Any], subjects: Collection[Subject] = tuple(Subject)) -> OutcomeCheck:
    """A stored window with its figures of some subjects."""
    said = orjson.loads(zlib.decompress(row.body))
    wanted = {subject.value for subject in subjects}
    figures = tuple(figure_row(each) for each in said["figures"] if each[0] in wanted)
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


def list_outcome_checks(connection: Connection, deployment_id: int, start_us: int, end_us: int) -> list[Looked]:
    """The windows of all lengths that end in `(start, end]`, in order of time, without what was found in them."""
    c = outcome_checks.c
    query = select(c.end_us, c.length_us, c.level, c.mature).where(
        c.deployment_id == deployment_id, c.end_us > start_us, c.end_us <= end_us
    )
    rows = connection.execute(query.order_by(c.end_us, c.length_us))
    return [Looked(row.end_us, row.length_us, Level(row.level), row.mature) for row in rows]


def outcome_checks_at(
    connection: Connection,
    deployment_id: int,
    wanted: Sequence[tuple[int, int]],
    subjects: Collection[Subject] = tuple(Subject),
) -> list[OutcomeCheck]:
    """The windows of these (end, length), in order of time, with their figures of some subjects."""
    found: list[OutcomeCheck] = []
    c = outcome_checks.c
    for length in {length for _, length in wanted}:
        ends = [end for end, each in wanted if each == length]
        for some in (ends[i : i + AT_ONCE] for i in range(0, len(ends), AT_ONCE)):
            query = select(outcome_checks).where(
                c.deployment_id == deployment_id, c.length_us == length, c.end_us.in_(some)
            )
            found += [check_of(row, subjects) for row in connection.execute(query)]
    return sorted(found, key=lambda row: row.end_us)


def find_outcome_check(connection: Connection, deployment_id: int, end_us: int) -> OutcomeCheck | None:
    """The window that ends then, of two lengths the one that was looked at last."""
    c = outcome_checks.c
    query = select(outcome_checks).where(c.deployment_id == deployment_id, c.end_us == end_us)
    row = connection.execute(query.order_by(c.checked_us.desc()).limit(1)).one_or_none()
    return None if row is None else check_of(row)


def newest_outcome_check(connection: Connection, deployment_id: int, mature: bool = False) -> OutcomeCheck | None:
    """The window that ended last, of all or of those whose labels have come."""
    query = select(outcome_checks).where(outcome_checks.c.deployment_id == deployment_id)
    if mature:
        query = query.where(outcome_checks.c.mature)
    row = connection.execute(query.order_by(outcome_checks.c.end_us.desc()).limit(1)).one_or_none()
    return None if row is None else check_of(row)


def newest_outcome_checks(connection: Connection, deployment_id: int, limit: int) -> list[OutcomeCheck]:
    """The newest windows of the length of the newest one, in order of time."""
    newest = newest_outcome_check(connection, deployment_id)
    if newest is None:
        return []
    c = outcome_checks.c
    query = select(outcome_checks).where(c.deployment_id == deployment_id, c.length_us == newest.length_us)
    return [check_of(row) for row in connection.execute(query.order_by(c.end_us.desc()).limit(limit))][::-1]


def drop_outcome_checks(connection: Connection, deployment_id: int) -> None:
    """Forget the windows of a deployment: it is judged otherwise now."""
    connection.execute(delete(outcome_checks).where(outcome_checks.c.deployment_id == deployment_id))
    save_headline(connection, deployment_id, None)


def ripe_windows(connection: Connection, deployment_id: int, now_us: int) -> list[tuple[int, int]]:
    """(end, length) of the windows that are due to be looked at again."""
    query = select(outcome_checks.c.end_us, outcome_checks.c.length_us).where(
        outcome_checks.c.deployment_id == deployment_id,
        ~outcome_checks.c.mature,
        outcome_checks.c.due_us <= now_us,
    )
    return [(row.end_us, row.length_us) for row in connection.execute(query)]


def ask_again(connection: Connection, deployment_ids: Collection[int]) -> None:
    """Have the windows that wait for labels looked at again: how long labels may take was changed."""
    c = outcome_checks.c
    query = update(outcome_checks).where(c.deployment_id.in_(list(deployment_ids)), ~c.mature)
    connection.execute(query.values(due_us=0))


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
