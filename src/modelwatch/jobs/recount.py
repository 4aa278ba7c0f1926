"""Counts a model's predictions anew on another binning, from the rows that the lake still has.

Day by day, so that a year of rows needs the memory of one day. Meanwhile stretches of both binnings stand side by
side, which the checker shows as not judged; it checks them again when their day has been counted. Done twice, it
gives the same result: a crash in the middle is repaired by starting over.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Engine

from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.core.wire import Kind
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.jobs.catalog import Deployment, Model
from modelwatch.jobs.counted import Block, count
from modelwatch.jobs.segment_blocks import save_blocks
from modelwatch.lake.columns import as_wire
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.naming import ENVIRONMENT, VERSION
from modelwatch.profiles import Binning, Profile, encode, merge
from modelwatch.store import segments
from modelwatch.store.checks import drop_checks
from modelwatch.store.engine import writing
from modelwatch.store.profiles import Series, Stretch, drop_deployment, mark_dirty, save_stretches


def recount(engine: Engine, lake: Lake, model: Model, binning: Binning, mark: int, now_us: int) -> int:
    """Replace all profiles of a model by counts on `binning`, from its rows in the lake; returns the rows counted."""
    counted = 0
    with writing(engine) as connection:
        segments.drop_days(connection, model.id)
        segments.mark_built(connection, model.id, model.watched.keys)
    for deployment in model.deployments.values():
        with writing(engine) as connection:
            drop_deployment(connection, deployment.id)
            drop_checks(connection, deployment.id)
        if deployment.first_event_us is None or deployment.last_event_us is None:
            continue
        first = deployment.first_event_us - deployment.first_event_us % DAY_US
        for day in range(first, deployment.last_event_us + 1, DAY_US):
            counted += recount_day(engine, lake, model, deployment, binning, day, mark, now_us)
    return counted


def recount_day(
    engine: Engine, lake: Lake, model: Model, owner: Deployment, binning: Binning, day: int, mark: int, now_us: int
) -> int:
    """Count one day of one deployment."""
    buckets: dict[int, Profile] = {}
    blocks: list[Block] = []
    for rows in day_rows(lake, model, owner, day):
        counted = count(binning, rows, model.watched, owner.segment_span_us)
        blocks += counted.segments
        for start, profile in counted.whole.items():
            buckets[start] = merge(buckets[start], profile) if start in buckets else profile
    if buckets:
        series = Series(owner.id)
        stretches = [Stretch(s, BUCKET_US, p.rows, binning.id, encode(p, binning)) for s, p in buckets.items()]
        with writing(engine) as connection:
            save_stretches(connection, series, stretches)
            mark_dirty(connection, series, buckets, now_us, mark)
            save_blocks(connection, owner.id, binning, blocks, mark, now_us)
    return int(sum(profile.rows for profile in buckets.values()))


def day_rows(lake: Lake, model: Model, owner: Deployment, day: int) -> Iterator[Conformed]:
    """The rows of one day of one deployment, as the fold would have seen them."""
    key = TableKey(model.project, model.name, Kind.PREDICTIONS)
    for batch in lake.scan(key, None, day, day + DAY_US):
        rows = rows_of(batch, owner)
        if rows is not None:
            yield rows


def rows_of(batch: pa.RecordBatch, owner: Deployment) -> Conformed | None:
    """The rows of a batch of the lake that belong to a deployment, None when it has none."""
    mine = pc.and_(pc.equal(text(batch, VERSION), owner.version), pc.equal(text(batch, ENVIRONMENT), owner.environment))
    chosen = batch.filter(mine)
    return conform(as_wire(chosen), Kind.PREDICTIONS, owner.schema) if chosen.num_rows else None


def text(batch: pa.RecordBatch, name: str) -> pa.Array:
    """A category column as plain text."""
    return batch.column(name).cast(pa.string())
