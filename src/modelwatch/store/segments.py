"""Which segments of a model are watched, what they are compared with, and which days are still to be counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import WHOLE
from modelwatch.core.wire import Role
from modelwatch.store.profiles import Series
from modelwatch.store.tables import (
    checks,
    deployments,
    dirty,
    profiles,
    refs,
    segment_days,
    segment_others,
    segment_refs,
    segmentations,
    segments,
)
from modelwatch.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Segmentation:
    """How a model is cut: what was asked for and what the fold goes by, both as JSON.

    `late` is true when rows had been counted before it was applied: a value that comes anew may have past rows.
    """

    wanted: str
    applied: str
    late: bool


@dataclass(frozen=True, slots=True)
class WatchedSegment:
    """A segment that has a place; `building` until its past rows and its reference have been counted."""

    key: str
    building: bool


@dataclass(frozen=True, slots=True)
class SegmentReference:
    """The rows of a reference that belong to one segment: a profile block on the binning `binning`."""

    rows: float
    binning: str
    body: bytes


def ask_for(connection: Connection, model_id: int, wanted: str) -> None:
    """Say how a model is to be cut; the fold sees to it."""
    upsert(connection, segmentations, [{"model_id": model_id, "wanted": wanted}], ["model_id"])


def load_segmentation(connection: Connection, model_id: int) -> Segmentation | None:
    """How a model is cut, None when nobody ever asked for segments."""
    row = connection.execute(select(segmentations).where(segmentations.c.model_id == model_id)).one_or_none()
    return None if row is None else Segmentation(row.wanted, row.applied, row.late)


def asked_anew(connection: Connection) -> list[int]:
    """The models that are to be cut otherwise than they are."""
    query = select(segmentations.c.model_id).where(segmentations.c.wanted != segmentations.c.applied)
    return list(connection.execute(query.order_by(segmentations.c.model_id)).scalars())


def being_built(connection: Connection) -> list[int]:
    """The models of which some segments are still being counted."""
    query = select(segments.c.model_id).where(segments.c.building).distinct().order_by(segments.c.model_id)
    return list(connection.execute(query).scalars())


def lacking(connection: Connection) -> set[tuple[int, str]]:
    """(model, segment) that are still being counted."""
    return {
        (row[0], row[1])
        for row in connection.execute(select(segments.c.model_id, segments.c.segment).where(segments.c.building))
    }


def load_watched(connection: Connection, model_id: int) -> list[WatchedSegment]:
    """The segments of a model that are watched, in the order in which they took their places."""
    query = select(segments.c.segment, segments.c.building).where(segments.c.model_id == model_id)
    return [WatchedSegment(*row) for row in connection.execute(query.order_by(segments.c.place))]


def load_others(connection: Connection, model_id: int) -> dict[ColumnKey, set[str]]:
    """The hashes of the values that found no place, by column."""
    found: dict[ColumnKey, set[str]] = {}
    for row in connection.execute(select(segment_others).where(segment_others.c.model_id == model_id)):
        found.setdefault(ColumnKey(Role(row.role), row.name), set()).add(row.value_hash)
    return found


def count_others(connection: Connection, model_id: int) -> dict[ColumnKey, int]:
    """How many values of each column found no place."""
    c = segment_others.c
    query = select(c.role, c.name, func.count()).where(c.model_id == model_id).group_by(c.role, c.name)
    return {ColumnKey(Role(role), name): count for role, name, count in connection.execute(query)}


def add_watched(connection: Connection, model_id: int, keys: Mapping[str, int], building: bool) -> None:
    """Give segments their places; those that have one keep it."""
    rows = [{"model_id": model_id, "segment": key, "place": place, "building": building} for key, place in keys.items()]
    upsert(connection, segments, rows, ["model_id", "segment"], keep=["place", "building"])


def add_others(connection: Connection, model_id: int, others: Iterable[tuple[ColumnKey, str]]) -> None:
    """Take note of values that found no place."""
    rows = [
        {"model_id": model_id, "role": column.role.value, "name": column.name, "value_hash": value}
        for column, value in others
    ]
    upsert(connection, segment_others, rows, ["model_id", "role", "name", "value_hash"])


def replace_watched(
    connection: Connection, model_id: int, applied: str, late: bool, keys: Mapping[str, int], fresh: Collection[str]
) -> None:
    """Cut a model otherwise: `keys` have places from now on; `fresh` ones of them are still to be counted.

    What was stored of segments that lose their place is deleted.
    """
    gone = {each.key for each in load_watched(connection, model_id)} - (set(keys) - set(fresh))
    drop_segments(connection, model_id, gone)
    connection.execute(delete(segments).where(segments.c.model_id == model_id))
    connection.execute(delete(segment_others).where(segment_others.c.model_id == model_id))
    if keys:
        connection.execute(
            insert(segments),
            [
                {"model_id": model_id, "segment": key, "place": place, "building": key in fresh}
                for key, place in keys.items()
            ],
        )
    connection.execute(
        update(segmentations).where(segmentations.c.model_id == model_id).values(applied=applied, late=late)
    )


def drop_segments(connection: Connection, model_id: int, keys: Collection[str]) -> None:
    """Delete the profiles, checks, marks and references of some segments of a model."""
    mine = select(deployments.c.id).where(deployments.c.model_id == model_id)
    its = select(refs.c.id).where(refs.c.model_id == model_id)
    for key in keys:
        for table in (profiles, checks, dirty):
            connection.execute(delete(table).where(table.c.deployment_id.in_(mine), table.c.segment == key))
        connection.execute(
            delete(segment_refs).where(segment_refs.c.reference_id.in_(its), segment_refs.c.segment == key)
        )


def mark_building(connection: Connection, model_id: int, keys: Iterable[str]) -> None:
    """Say that segments are to be counted from the lake."""
    connection.execute(
        update(segments)
        .where(segments.c.model_id == model_id, segments.c.segment.in_(list(keys)))
        .values(building=True)
    )


def mark_built(connection: Connection, model_id: int, keys: Collection[str]) -> None:
    """Say that segments are whole, unless days were added meanwhile that lack them."""
    if not next_days(connection, model_id, 1):
        connection.execute(
            update(segments)
            .where(segments.c.model_id == model_id, segments.c.segment.in_(list(keys)))
            .values(building=False)
        )


def add_days(connection: Connection, deployment_id: int, days: Iterable[int]) -> None:
    """Say that days of a deployment are to be counted from the lake."""
    rows = [{"deployment_id": deployment_id, "day_us": day} for day in days]
    upsert(connection, segment_days, rows, ["deployment_id", "day_us"])


def next_days(connection: Connection, model_id: int, limit: int) -> list[tuple[int, int]]:
    """(deployment, day) that are to be counted, the newest day first."""
    d = segment_days.c
    query = (
        select(d.deployment_id, d.day_us)
        .join(deployments, deployments.c.id == d.deployment_id)
        .where(deployments.c.model_id == model_id)
        .order_by(d.day_us.desc(), d.deployment_id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def count_days(connection: Connection, model_id: int) -> int:
    """How many days of a model are still to be counted."""
    query = select(func.count()).select_from(segment_days.join(deployments)).where(deployments.c.model_id == model_id)
    return int(connection.execute(query).scalar_one())


def day_done(connection: Connection, deployment_id: int, day_us: int) -> None:
    """Say that a day has been counted."""
    d = segment_days.c
    connection.execute(delete(segment_days).where(d.deployment_id == deployment_id, d.day_us == day_us))


def drop_days(connection: Connection, model_id: int) -> None:
    """Forget what was to be counted of a model."""
    mine = select(deployments.c.id).where(deployments.c.model_id == model_id)
    connection.execute(delete(segment_days).where(segment_days.c.deployment_id.in_(mine)))


def drop_day(connection: Connection, series: Series, start_us: int, end_us: int) -> None:
    """Delete the blocks of a series that begin in a day."""
    p = profiles.c
    connection.execute(
        delete(profiles).where(
            p.deployment_id == series.deployment_id,
            p.segment == series.segment,
            p.start_us >= start_us,
            p.start_us < end_us,
        )
    )


def save_references(connection: Connection, reference_id: int, rows: Mapping[str, SegmentReference]) -> None:
    """Store what the segments of a reference look like, replacing what was stored of them."""
    values = [
        {"reference_id": reference_id, "segment": key, "rows": row.rows, "binning": row.binning, "body": row.body}
        for key, row in rows.items()
    ]
    upsert(connection, segment_refs, values, ["reference_id", "segment"])


def find_segment_reference(connection: Connection, reference_id: int, segment: str) -> SegmentReference | None:
    """What a segment is compared with, None when the reference has no row of it or was not counted yet."""
    query = select(segment_refs).where(segment_refs.c.reference_id == reference_id, segment_refs.c.segment == segment)
    row = connection.execute(query).one_or_none()
    return None if row is None else SegmentReference(row.rows, row.binning, row.body)


def reference_rows(connection: Connection, reference_id: int) -> dict[str, float]:
    """{segment: rows of the reference}."""
    query = select(segment_refs.c.segment, segment_refs.c.rows).where(segment_refs.c.reference_id == reference_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def series_of(connection: Connection, model_id: int, deployment_id: int) -> Sequence[Series]:
    """Everything of a deployment, then each of its watched segments."""
    watched = load_watched(connection, model_id)
    return [Series(deployment_id, WHOLE), *(Series(deployment_id, each.key) for each in watched)]
