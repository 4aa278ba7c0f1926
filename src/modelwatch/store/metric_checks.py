"""Windows of custom metrics: one row per window, all metrics of the model inside."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, or_, select

from modelwatch.core.level import Level
from modelwatch.store.outcome_checks import FigureRow, figure_row, figure_said
from modelwatch.store.outcome_tables import metric_checks, outcome_checks
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class MetricCheck:
    """One window. `checked_us` is that of the outcome check that it belongs to, `rules` says which metrics were
    computed: a window that differs in one of them from what there is now is to be computed again."""

    length_us: int
    end_us: int
    checked_us: int
    rules: str
    level: Level
    figures: tuple[FigureRow, ...]


def save_metric_checks(connection: Connection, deployment_id: int, rows: Iterable[MetricCheck]) -> None:
    """Write windows, replacing what was said of the same windows before."""
    values = [
        {
            "deployment_id": deployment_id,
            "length_us": row.length_us,
            "end_us": row.end_us,
            "checked_us": row.checked_us,
            "rules": row.rules,
            "level": row.level.value,
            "body": zlib.compress(json.dumps([figure_said(f) for f in row.figures], separators=(",", ":")).encode(), 1),
        }
        for row in rows
    ]
    upsert(connection, metric_checks, values, ["deployment_id", "length_us", "end_us"])


def load_metric_checks(
    connection: Connection, deployment_id: int, start_us: int, end_us: int, length_us: int | None = None
) -> list[MetricCheck]:
    """The windows that end in `(start, end]`, in order of time; of one length or of all."""
    query = select(metric_checks).where(
        metric_checks.c.deployment_id == deployment_id,
        metric_checks.c.end_us > start_us,
        metric_checks.c.end_us <= end_us,
    )
    if length_us is not None:
        query = query.where(metric_checks.c.length_us == length_us)
    found = []
    for row in connection.execute(query.order_by(metric_checks.c.end_us)):
        figures = tuple(figure_row(each) for each in json.loads(zlib.decompress(row.body)))
        found.append(MetricCheck(row.length_us, row.end_us, row.checked_us, row.rules, Level(row.level), figures))
    return found


def newest_metric_check(connection: Connection, deployment_id: int) -> tuple[int, int] | None:
    """(end, length) of the window that ended last, None when there is none."""
    query = select(metric_checks.c.end_us, metric_checks.c.length_us).where(
        metric_checks.c.deployment_id == deployment_id
    )
    row = connection.execute(query.order_by(metric_checks.c.end_us.desc()).limit(1)).one_or_none()
    return None if row is None else (row.end_us, row.length_us)


def measured_deployments(connection: Connection) -> set[int]:
    """The deployments that have windows of custom metrics."""
    return set(connection.execute(select(metric_checks.c.deployment_id).distinct()).scalars())


def drop_metric_checks(connection: Connection, deployment_id: int) -> None:
    """Forget the windows of a deployment: nothing of it is measured any more."""
    connection.execute(delete(metric_checks).where(metric_checks.c.deployment_id == deployment_id))


def unmeasured(
    connection: Connection, deployment_id: int, length_us: int, rules: str, since_us: int, until_us: int
) -> list[int]:
    """The ends of the windows of outcomes that have no figures by these rules, or older ones: those that end after
    `since_us` or by `until_us`, ascending."""
    same = (
        (metric_checks.c.deployment_id == outcome_checks.c.deployment_id)
        & (metric_checks.c.length_us == outcome_checks.c.length_us)
        & (metric_checks.c.end_us == outcome_checks.c.end_us)
    )
    query = (
        select(outcome_checks.c.end_us)
        .select_from(outcome_checks.outerjoin(metric_checks, same))
        .where(
            outcome_checks.c.deployment_id == deployment_id,
            outcome_checks.c.length_us == length_us,
            or_(outcome_checks.c.end_us > since_us, outcome_checks.c.end_us <= until_us),
            or_(
                metric_checks.c.end_us.is_(None),
                metric_checks.c.checked_us != outcome_checks.c.checked_us,
                metric_checks.c.rules != rules,
            ),
        )
    )
    return list(connection.execute(query.order_by(outcome_checks.c.end_us)).scalars())
