"""The prediction ids of rows -> one sketch per 5-minute bucket, stored, and rolled up as profiles are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from sqlalchemy import Connection

from modelwatch.core.window import BUCKET_US
from modelwatch.ingest.conform import Conformed
from modelwatch.jobs.buckets import buckets_of
from modelwatch.profiles.id_sketch import IdSketch, hash_texts, merge_ids, sketch_ids
from modelwatch.store.id_sketches import SketchRow, drop_sketches, load_sketches, save_sketches


def bucket_sketches(rows: Conformed) -> dict[int, IdSketch]:
    """The sketch of each bucket that the rows fall into."""
    ids = rows.prediction_id
    present = np.ones(len(ids), np.bool_)
    if ids.null_count:
        present = ids.is_valid().to_numpy(zero_copy_only=False)
    _, offsets, data = ids.buffers()
    if offsets is None or not len(ids):
        return {}
    places = np.frombuffer(offsets, np.int32, len(ids) + 1, 4 * ids.offset)
    text = np.frombuffer(data, np.uint8) if data is not None and data.size else np.empty(0, np.uint8)
    starts, slots = buckets_of(rows.timestamp)
    found = sketch_ids(hash_texts(places, text), present, slots, len(starts))
    return {start: sketch for start, sketch in zip(starts, found, strict=True) if sketch.rows}


def save_buckets(connection: Connection, deployment_id: int, buckets: Mapping[int, IdSketch]) -> None:
    """Merge sketches into the stored ones of their buckets."""
    stored = {
        row.start_us: IdSketch.from_bytes(row.body)
        for row in load_sketches(connection, deployment_id, min(buckets), max(buckets) + 1)
        if row.span_us == BUCKET_US and row.start_us in buckets
    }
    merged = {s: merge_ids([stored[s], sketch]) if s in stored else sketch for s, sketch in buckets.items()}
    rows = [SketchRow(start, BUCKET_US, sketch.to_bytes()) for start, sketch in merged.items()]
    save_sketches(connection, deployment_id, rows)


def roll_up(connection: Connection, deployment_id: int, start: int, coarse: int) -> None:
    """Replace all sketches inside one coarse stretch by the sketch of their rows."""
    parts = load_sketches(connection, deployment_id, start, start + coarse)
    if all(part.span_us >= coarse for part in parts):
        return
    whole = merge_ids(IdSketch.from_bytes(part.body) for part in parts)
    drop_sketches(connection, deployment_id, parts)
    save_sketches(connection, deployment_id, [SketchRow(start, coarse, whole.to_bytes())])
