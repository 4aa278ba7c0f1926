"""Profile blocks: one row per deployment, segment and stretch of event time, all columns inside.

A stretch is a 5-minute bucket, or the hour or day that its buckets were rolled up into; stretches never overlap
within one (deployment, segment).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, select, tuple_

from modelwatch.core.window import DAY_US
from modelwatch.store.tables import dirty, profiles
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stored profile block."""

    start_us: int
    span_us: int
    rows: float
    binning: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Series:
    """What is checked together: one segment of one deployment; the empty segment is everything."""

    deployment_id: int
    segment: str = ""


@dataclass(frozen=True, slots=True)
class DirtyBucket:
    """A bucket that changed since its windows were checked; `mark` grows with every change."""

    start_us: int
    since_us: int
    mark: int


def load_stretches(connection: Connection, series: Series, start_us: int, end_us: int) -> list[Stretch]:
    """The blocks that begin in `[start_us, end_us)`, in order of time."""
    query = (
        select(profiles.c.start_us, profiles.c.span_us, profiles.c.rows, profiles.c.binning, profiles.c.body)
        .where(
            profiles.c.deployment_id == series.deployment_id,
            profiles.c.segment == series.segment,
            profiles.c.start_us >= start_us,
            profiles.c.start_us < end_us,
        )
        .order_by(profiles.c.start_us)
    )
    return [Stretch(*row) for row in connection.execute(query)]


def load_overlapping(connection: Connection, series: Series, start_us: int, end_us: int) -> list[Stretch]:
    """The blocks that share time with `[start_us, end_us)`, in order of time."""
    columns = (profiles.c.start_us, profiles.c.span_us, profiles.c.rows, profiles.c.binning, profiles.c.body)
    query = select(*columns).where(*overlap(series, start_us, end_us)).order_by(profiles.c.start_us)
    return [Stretch(*row) for row in connection.execute(query)]


def load_all(connection: Connection, sources: Sequence[Series], start_us: int, end_us: int) -> list[Stretch]:
    """The blocks of several series that share time with `[start_us, end_us)`."""
    return [each for series in sources for each in load_overlapping(connection, series, start_us, end_us)]


def spans_overlapping(
    connection: Connection, series: Series, start_us: int, end_us: int
) -> list[tuple[int, int, float]]:
    """(start, span, rows) of the blocks that `load_overlapping` would give."""
    columns = (profiles.c.start_us, profiles.c.span_us, profiles.c.rows)
    query = select(*columns).where(*overlap(series, start_us, end_us)).order_by(profiles.c.start_us)
    return [(row.start_us, row.span_us, row.rows) for row in connection.execute(query)]


def rows_between(connection: Connection, series: Series, start_us: int, end_us: int) -> float:
    """The rows of all blocks that share time with a stretch."""
    query = select(func.sum(profiles.c.rows)).where(*overlap(series, start_us, end_us))
    return float(connection.execute(query).scalar_one() or 0.0)


def overlap(series: Series, start_us: int, end_us: int) -> tuple[ColumnElement[bool], ...]:
    """The blocks of a series that share time with a stretch; none is longer than a day."""
    return (
        profiles.c.deployment_id == series.deployment_id,
        profiles.c.segment == series.segment,
        profiles.c.start_us > start_us - DAY_US,
        profiles.c.start_us < end_us,
        profiles.c.start_us + profiles.c.span_us > start_us,
    )


def load_segments(
    connection: Connection, deployment_id: int, segments: Collection[str], start_us: int, end_us: int
) -> Iterator[tuple[str, Stretch]]:
    """The blocks of some segments of a deployment that begin in `[start_us, end_us)`."""
    p = profiles.c
    query = select(p.segment, p.start_us, p.span_us, p.rows, p.binning, p.body).where(
        p.deployment_id == deployment_id, p.segment.in_(list(segments)), p.start_us >= start_us, p.start_us < end_us
    )
    for segment, *row in connection.execute(query):
        yield segment, Stretch(*row)


def spans(connection: Connection, series: Series, start_us: int, end_us: int) -> list[tuple[int, int, float]]:
    """(start, span, rows) of the blocks that begin in the range, without their bodies."""
    query = (
        select(profiles.c.start_us, profiles.c.span_us, profiles.c.rows)
        .where(
            profiles.c.deployment_id == series.deployment_id,
            profiles.c.segment == series.segment,
            profiles.c.start_us >= start_us,
            profiles.c.start_us < end_us,
        )
        .order_by(profiles.c.start_us)
    )
    return [(row.start_us, row.span_us, row.rows) for row in connection.execute(query)]


def save_stretches(connection: Connection, series: Series, stretches: Iterable[Stretch]) -> None:
    """Write blocks, replacing those that begin at the same time with the same span."""
    save_many(connection, {series: stretches})


def save_many(connection: Connection, stretches_of: Mapping[Series, Iterable[Stretch]]) -> None:
    """The same for several series."""
    rows = [
        {
            "deployment_id": series.deployment_id,
            "segment": series.segment,
            "start_us": stretch.start_us,
            "span_us": stretch.span_us,
            "rows": stretch.rows,
            "binning": stretch.binning,
            "body": stretch.body,
        }
        for series, stretches in stretches_of.items()
        for stretch in stretches
    ]
    upsert(connection, profiles, rows, ["deployment_id", "segment", "start_us", "span_us"])


def drop_stretches(connection: Connection, series: Series, keys: Sequence[tuple[int, int]]) -> None:
    """Delete blocks by (start, span)."""
    for i in range(0, len(keys), 400):
        connection.execute(
            delete(profiles).where(
                profiles.c.deployment_id == series.deployment_id,
                profiles.c.segment == series.segment,
                tuple_(profiles.c.start_us, profiles.c.span_us).in_(keys[i : i + 400]),
            )
        )


def drop_deployment(connection: Connection, deployment_id: int) -> None:
    """Delete every block of a deployment; for the job that counts everything anew on another binning."""
    connection.execute(delete(profiles).where(profiles.c.deployment_id == deployment_id))


def mark_dirty(connection: Connection, series: Series, starts: Iterable[int], since_us: int, mark: int) -> None:
    """Say that the windows that hold these buckets must be checked again."""
    mark_many(connection, {series: starts}, since_us, mark)


def mark_many(connection: Connection, starts_of: Mapping[Series, Iterable[int]], since_us: int, mark: int) -> None:
    """The same for several series.

    `mark` is where in the log the change came from; it is raised above the marks that there are, since a check that has
    read those may be running, and must not clear what it has not seen.
    """
    owners = {series.deployment_id for series in starts_of}
    query = select(func.max(dirty.c.mark)).where(dirty.c.deployment_id.in_(owners))
    mark = max(mark, (connection.execute(query).scalar() or 0) + 1)
    rows = [
        {
            "deployment_id": series.deployment_id,
            "segment": series.segment,
            "start_us": start,
            "since_us": since_us,
            "mark": mark,
        }
        for series, starts in starts_of.items()
        for start in starts
    ]
    upsert(connection, dirty, rows, ["deployment_id", "segment", "start_us"], keep=["since_us"])


def dirty_series(connection: Connection) -> list[tuple[Series, int, int]]:
    """(series, oldest `since`, buckets) of all that waits for a check; a whole deployment before its segments, which
    are told of only where the whole does not say it already."""
    query = (
        select(dirty.c.deployment_id, dirty.c.segment, func.min(dirty.c.since_us), func.count())
        .group_by(dirty.c.deployment_id, dirty.c.segment)
        .order_by(dirty.c.deployment_id, dirty.c.segment)
    )
    return [(Series(row[0], row[1]), row[2], row[3]) for row in connection.execute(query)]


def dirty_segments(connection: Connection, deployment_id: int) -> set[str]:
    """The segments of a deployment that wait for a check; '' is the whole."""
    query = select(dirty.c.segment).where(dirty.c.deployment_id == deployment_id).distinct()
    return set(connection.execute(query).scalars())


def load_dirty(connection: Connection, series: Series) -> list[DirtyBucket]:
    """The buckets of a series that wait for a check, in order of time."""
    query = (
        select(dirty.c.start_us, dirty.c.since_us, dirty.c.mark)
        .where(dirty.c.deployment_id == series.deployment_id, dirty.c.segment == series.segment)
        .order_by(dirty.c.start_us)
    )
    return [DirtyBucket(*row) for row in connection.execute(query)]


def clear_dirty(connection: Connection, series: Series, mark: int, before_us: int | None = None) -> None:
    """Forget the buckets of a series that did not change after `mark` and begin before `before_us` (None: any)."""
    gone = [dirty.c.deployment_id == series.deployment_id, dirty.c.segment == series.segment, dirty.c.mark <= mark]
    if before_us is not None:
        gone.append(dirty.c.start_us < before_us)
    connection.execute(delete(dirty).where(*gone))
