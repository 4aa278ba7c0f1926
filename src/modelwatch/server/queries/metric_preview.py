"""An expression over the rows of the newest window, to see what it gives before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from sqlalchemy import Connection

from modelwatch.core.wire import Kind
from modelwatch.errors import Conflict, InvalidRequest
from modelwatch.lake import labels as label_rows
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.labelled import labelled_times, opened, with_actuals
from modelwatch.metrics import Metric, check_metric, evaluate
from modelwatch.metrics.reading import lake_columns, reads_of
from modelwatch.monitors.custom.metric import MetricKind
from modelwatch.server.queries.metric_settings import model_columns
from modelwatch.server.queries.subject import Subject
from modelwatch.store import labels
from modelwatch.store.outcome_checks import newest_outcome_check

SECONDS: Final = 10.0
"""How long a preview may take."""
MOST_ROWS: Final = 1_000_000
TRIES: Final = 8
"""Windows that are looked into, from the newest back, for one of which the lake has rows."""
MOST_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class MetricPreview:
    """What the expression is for one window, None with the reason in `error` where there is no value. `rows` and
    `labelled` are those of the window that are in the lake; the newest may still be on their way. Without a window the
    expression could not even be begun with."""

    value: float | None
    low: float | None
    high: float | None
    rows: int
    labelled: int
    window_start: int | None
    window_end: int | None
    error: str


def preview_metric(connection: Connection, lake: Lake, subject: Subject, expression: str) -> MetricPreview:
    """The value over the newest window whose labels have come, else over the newest one.

    Raises `InvalidRequest` where the expression is wrong, or there is no window yet.
    """
    if not expression.strip() or len(expression) > MOST_TEXT or "\0" in expression:
        raise InvalidRequest(f"an expression has 1 to {MOST_TEXT:,} characters", hint="for example avg(amount)")
    columns = model_columns(connection, subject.model.id)
    metric = Metric("preview", expression, MetricKind.SQL)
    check_metric(metric, columns)
    reads = reads_of(metric, columns)
    for start, end in windows(connection, subject):
        rows = rows_between(connection, lake, subject, lake_columns([schema_of(lake, subject)], [reads]), start, end)
        if rows.num_rows:
            found = evaluate(metric, rows, columns, seconds=SECONDS)
            low, high = found.interval or (None, None)
            error = found.error or ("" if found.value is not None else "there was nothing to take it of")
            return MetricPreview(found.value, low, high, found.rows, len(labelled_times(rows)), start, end, error)
    raise InvalidRequest("the lake has no rows of the newest windows yet", hint="rows reach it within minutes")


def windows(connection: Connection, subject: Subject) -> Iterator[tuple[int, int]]:
    """(start, end) of the windows that may be looked into, the best first."""
    newest = newest_outcome_check(connection, subject.deployment.id, mature=True)
    newest = newest or newest_outcome_check(connection, subject.deployment.id)
    if newest is None:
        raise InvalidRequest("no window of this version has been looked at yet", hint="that begins with a reference")
    for back in range(TRIES):
        end = newest.end_us - back * newest.length_us
        yield end - newest.length_us, end


def schema_of(lake: Lake, subject: Subject) -> pa.Schema | None:
    """The columns of the model's predictions in the lake."""
    return lake.schema(TableKey(subject.model.project, subject.model.name, Kind.PREDICTIONS))


def rows_between(
    connection: Connection, lake: Lake, subject: Subject, names: set[str], start_us: int, end_us: int
) -> pa.Table:
    """The labelled rows of one version that are in the lake."""
    deployment = subject.deployment
    place = (subject.model.project, subject.model.name)
    for _ in range(3):
        unwritten = label_rows.stored([each.body for each in labels.load_rows(connection, subject.model.id)])
        found = opened(lake, place, names, unwritten, start_us, end_us)
        try:
            return with_actuals(*found.read(deployment.version, deployment.environment, MOST_ROWS))
        except Conflict:
            continue
    raise Conflict("the rows were rewritten while they were read", hint="ask again")
