"""Cuts a model into other segments, and counts past days for segments that are new.

A setting that changes is seen here by the fold, between two commits. Everything before is then in the profiles and in
the lake, everything behind is counted with the new segments: no row can fall between. Past days are counted from the
lake, the newest first, a few at a time: what a day of a new segment held is replaced, in one transaction with the note
that the day is done, so that a crash repeats a day and doubles nothing.
"""

from __future__ import annotations

import functools
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from modelwatch.core.segment import Cut, Segment
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind
from modelwatch.errors import ModelwatchError
from modelwatch.ingest.conform import Conformed
from modelwatch.ingest.reference import TYPES
from modelwatch.jobs.catalog import Deployment, Model
from modelwatch.jobs.counted import Block, segment_blocks
from modelwatch.jobs.pending import save_places
from modelwatch.jobs.profiled import profiled_values
from modelwatch.jobs.recount import day_rows, rows_of
from modelwatch.jobs.segment_blocks import save_blocks
from modelwatch.jobs.segment_references import Read, counted_segments
from modelwatch.jobs.take_reference import FIRST_ROWS, Upload
from modelwatch.jobs.watched import Watched, segment_rows
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.naming import RECEIVED_AT
from modelwatch.log.entry import Part, PartKind
from modelwatch.profiles import Binning
from modelwatch.store import ledger, references, segments
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, mark_dirty, spans
from modelwatch.store.references import ReferenceRow

logger = logging.getLogger("modelwatch.fold")


def cut_anew(engine: Engine, lake: Lake, model: Model, uploads: Path, position: int, now_us: int) -> None:
    """Cut a model as it was asked for. Everything that was folded must be committed and in the lake."""
    with reading(engine) as connection:
        said = segments.load_segmentation(connection, model.id)
        known = {each.key: each.building for each in segments.load_watched(connection, model.id)}
        refs = references.list_references(connection, model.id)
    assert said is not None, "it was asked for"
    cut = Cut.from_json(said.wanted)
    late = model.binning is not None and any(each.rows for each in model.deployments.values())
    watched = Watched(cut.columns, cut.limit, late)
    rows_of = {row.id: functools.partial(reference_rows, row, lake, model, uploads) for row in refs}
    watched.admit_frequent(frequencies(cut, rows_of.values()))
    for segment in model.watched.places:
        if segment.column in cut.columns:
            watched.admit(segment)
    fresh = [key for key in watched.keys if known.get(key, True)] if late else []
    found = {i: references_of(watched, model.binning, read) for i, read in rows_of.items()}
    with writing(engine) as connection:
        places = {key: i for i, key in enumerate(watched.keys)}
        segments.replace_watched(connection, model.id, said.wanted, late, places, fresh)
        segments.add_others(connection, model.id, watched.left_out)
        for reference_id, each in found.items():
            segments.save_references(connection, reference_id, each)
        segments.drop_days(connection, model.id)
        for deployment in model.deployments.values():
            if fresh:
                segments.add_days(connection, deployment.id, ledger.traffic_days(connection, deployment.id))
            mark_newest(connection, deployment, position, now_us)
    watched.settled()
    model.watched = watched


def frequencies(cut: Cut, references_: Iterable[Read]) -> Counter[Segment]:
    """How many rows of the references each segment has."""
    found: Counter[Segment] = Counter()
    for read in references_:
        for rows in read() if cut.columns else ():
            found.update(segment_rows(rows, cut.columns))
    return found


def references_of(watched: Watched, binning: Binning | None, read: Read) -> dict[str, segments.SegmentReference]:
    """The segments of one reference; none while there is nothing to count them on."""
    return counted_segments(watched, binning, read()) if binning is not None and watched.columns else {}


def mark_newest(connection: Connection, deployment: Deployment, position: int, now_us: int) -> None:
    """Have the newest window checked again: what its segments say of the model may have changed."""
    series = Series(deployment.id)
    if deployment.last_event_us is not None:
        seen = spans(connection, series, deployment.last_event_us - DAY_US, deployment.last_event_us + 1)
        mark_dirty(connection, series, [start for start, _, _ in seen[-1:]], now_us, position)


def reference_rows(row: ReferenceRow, lake: Lake, model: Model, uploads: Path) -> Iterator[Conformed]:
    """The rows that a reference was counted from, as far as they can still be read."""
    owner = model.deployments.get((row.environment, row.version))
    if row.kind == FIRST_ROWS:
        yield from first_rows(row, lake, model)
    elif row.file and owner is not None:
        said = {"file": row.file, "content_type": TYPES[Path(row.file).suffix], "roles": json.loads(row.roles)}
        part = Part(PartKind.REFERENCE, model.name, row.version, row.environment, 0, json.dumps(said).encode())
        try:
            yield from Upload(part, uploads, owner).batches()
        except ModelwatchError as error:
            logger.error("reference %s of %r cannot be read again for its segments: %s", row.file, model.name, error)


def first_rows(row: ReferenceRow, lake: Lake, model: Model) -> Iterator[Conformed]:
    """The first rows of a model, in order of arrival; rows that arrived in the same request as the last of them may
    stand in for each other."""
    key = TableKey(model.project, model.name, Kind.PREDICTIONS)
    early = []
    for batch in lake.scan(key, None, row.start_us or 0, (row.end_us or 0) + 1):
        arrived = batch.column(RECEIVED_AT).cast(pa.int64())
        early.append(batch.filter(pc.less_equal(arrived, row.created_us)))
    if not early:
        return
    rows = pa.Table.from_batches(early).sort_by(RECEIVED_AT).slice(0, int(row.rows)).combine_chunks()
    for batch in rows.to_batches():
        for owner in model.deployments.values():
            found = rows_of(batch, owner)
            if found is not None:
                yield found


def build_days(engine: Engine, lake: Lake, model: Model, position: int, now_us: int, until: Callable[[], bool]) -> int:
    """Count past days for the segments that lack them until `until` says so or none is left; returns the days counted.

    Everything that was folded must be committed and in the lake.
    """
    done = 0
    with reading(engine) as connection:
        lacking = frozenset(each.key for each in segments.load_watched(connection, model.id) if each.building)
        days = segments.next_days(connection, model.id, 1_000)
    owners = {each.id: each for each in model.deployments.values()}
    for deployment_id, day in days:
        build_day(engine, lake, model, owners[deployment_id], day, lacking, position, now_us)
        done += 1
        if until():
            break
    with writing(engine) as connection:
        segments.mark_built(connection, model.id, lacking)
    return done


def build_day(
    engine: Engine,
    lake: Lake,
    model: Model,
    owner: Deployment,
    day: int,
    lacking: frozenset[str],
    position: int,
    now_us: int,
) -> None:
    """Replace what some segments hold of a day by what the lake has; a value that is new takes a place and waits."""
    binning = model.binning
    assert binning is not None, "nothing is late before a reference stands"
    blocks: list[Block] = []
    for rows in day_rows(lake, model, owner, day):
        values = profiled_values(rows, binning)
        blocks += segment_blocks(binning, rows, values, model.watched, owner.segment_span_us, lacking)
    with writing(engine) as connection:
        for key in lacking:
            segments.drop_day(connection, Series(owner.id, key), day, day + DAY_US)
        save_blocks(connection, owner.id, binning, blocks, position, now_us)
        segments.day_done(connection, owner.id, day)
        save_places(connection, model)
    model.watched.settled()
