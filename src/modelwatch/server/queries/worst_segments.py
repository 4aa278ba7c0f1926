"""Where a model is worst: a search over the labelled rows of a range, with what it looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.sentences import LossName, slice_sentence
from modelwatch.monitors.performance.slices import Search, Slice, worst_slices
from modelwatch.server.queries.coded_columns import coded_columns, distinct
from modelwatch.server.queries.drift import shown_name
from modelwatch.server.queries.labelled_range import Range, labelled_range
from modelwatch.server.queries.labelled_rows import NO_ROWS, LabelledRows, looked_at, read_rows
from modelwatch.server.queries.losses import check_loss, loss_of
from modelwatch.server.queries.subject import Subject
from modelwatch.server.services import Services

MOST_DAYS: Final = 90
"""How far back is searched unless told: a bad segment is told from a bad day only over many days."""
FEW_DAYS: Final = 10


@dataclass(frozen=True, slots=True)
class SliceCondition:
    """One part of one column; `label` None are the rows without a value."""

    role: Role
    name: str
    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class WorstSegment:
    """Rows on which the model is certainly worse than elsewhere.

    `share` is their part of all rows, `loss` their mean loss and `rest` that of all others. The `excess` lies between
    `low` and `high` and has the p-value `p`, everything searched counted. `beyond` is the excess without the rows of
    segments before it, `cost` what the mean loss of all would fall by if it were like the rest.
    """

    text: str
    conditions: list[SliceCondition]
    rows: int
    share: float
    loss: float
    rest: float
    excess: float
    low: float
    high: float
    p: float
    beyond: float
    cost: float
    sentence: str


@dataclass(frozen=True, slots=True)
class WorstSegments:
    """What a search found, and what it looked at.

    `rows` labelled rows of `days` days, which are `sampled` of all; `left_out` have no loss. `mean` is the loss of all.
    Of `searched` segments of `columns` (`columns_left_out` more were not looked at) `certain` are certainly and much
    worse; those listed are the ones that say something new. `told` sums up, and says why nothing is listed.
    """

    environment: str
    version: str
    start: int
    end: int
    loss: str
    loss_title: str
    rows: int
    sampled: float
    left_out: int
    days: int
    mean: float | None
    columns: list[str]
    columns_left_out: int
    searched: int
    certain: int
    echoes: int
    told: str
    segments: list[WorstSegment]


def read_worst_segments(
    connection: Connection,
    services: Services,
    subject: Subject,
    loss: str | None = None,
    start_us: int | None = None,
    end_us: int | None = None,
) -> WorstSegments:
    """The worst segments of a range, 90 days up to the newest mature window unless told; an answer stands a minute."""
    check_loss(loss, subject.model.task)
    asked = labelled_range(connection, subject, start_us, end_us, MOST_DAYS)
    if asked.reason:
        return found_in(subject, asked, loss, NO_ROWS)
    question = ("worst segments", subject.deployment.id, asked.start, asked.end, asked.newest, loss)

    def find() -> WorstSegments:
        rows = read_rows(connection, services.lake, subject, asked.judging, asked.start, asked.end)
        return found_in(subject, asked, loss, rows)

    return services.searches.of(question, services.clock(), find)


def found_in(subject: Subject, asked: Range, loss: str | None, rows: LabelledRows) -> WorstSegments:
    """What the search finds among labelled rows; days are what shares its fate."""
    schema = subject.deployment.schema
    columns = distinct(coded_columns(looked_at(schema)[0], rows.columns)) if schema is not None and rows.n else []
    lost, day = loss_of(loss, subject.model.task, rows), rows.times // DAY_US
    found = worst_slices(lost.values, columns, rows.weight, day)
    days = len(np.unique(day[np.isfinite(lost.values)]))
    return WorstSegments(
        environment=subject.deployment.environment,
        version=subject.deployment.version,
        start=asked.start,
        end=asked.end,
        loss=lost.kind,
        loss_title=lost.name.name,
        rows=found.rows,
        sampled=rows.share,
        left_out=found.left_out,
        days=days,
        mean=found.loss if math.isfinite(found.loss) else None,
        columns=[shown_name(each.key) for each in columns],
        columns_left_out=looked_at(schema)[1] if schema is not None else 0,
        searched=found.searched,
        certain=found.certain,
        echoes=found.echoes,
        told=asked.reason or told(found, days, rows.share, lost.name),
        segments=[worst_segment(each, found, lost.name) for each in found.slices],
    )


def worst_segment(found: Slice, search: Search, name: LossName) -> WorstSegment:
    """One slice as it is shown."""
    return WorstSegment(
        found.text,
        [SliceCondition(each.column.role, shown_name(each.column), each.label, each.text) for each in found.where],
        found.rows,
        found.share,
        found.loss,
        found.rest,
        found.excess,
        found.low,
        found.high,
        found.p,
        found.beyond,
        found.cost,
        slice_sentence(found, search, name),
    )


def told(found: Search, days: int, share: float, name: LossName) -> str:
    """A search in a sentence or two."""
    if not found.rows:
        return "No labelled rows lie in this range."
    some = f", a sample of {share:.1%}" if share < 1 else ""
    over = "1 day" if days == 1 else f"{days:,} days"
    looked = f"{found.searched:,} segments of {found.rows:,} labelled rows of {over}{some} were searched"
    opening = f"{looked}; {name.name} is {name.level(found.loss)} in all. "
    if found.slices:
        echoes = f" {found.echoes:,} more only repeat them." if found.echoes else ""
        return f"{opening}{listed(len(found.slices))}{echoes}"
    if days < FEW_DAYS:
        return f"{opening}None is certainly worse: {over} are too few to tell a bad segment from a bad day."
    return f"{opening}None is certainly worse over many days. That does not prove that none is worse."


def listed(count: int) -> str:
    """How many segments are told."""
    if count == 1:
        return "1 is certainly and much worse."
    return f"{count:,} are certainly and much worse and say something new."
