"""Blocks of segments -> their stored buckets."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from modelwatch.jobs.counted import Block
from modelwatch.jobs.windows import total
from modelwatch.profiles import Binning, encode
from modelwatch.store import models
from modelwatch.store.binnings import load_binning
from modelwatch.store.profiles import Series, Stretch, load_segments, mark_many, save_many


def save_blocks(
    connection: Connection, deployment_id: int, binning: Binning, blocks: Iterable[Block], mark: int, now_us: int
) -> None:
    """Merge what rows add to segments into the stored buckets, on the binning of the blocks, and mark these dirty."""
    cells: dict[tuple[str, int, int], list[Stretch]] = {}
    for each in blocks:
        part = Stretch(each.start_us, each.span_us, 0.0, binning.id, each.body)
        cells.setdefault((each.segment, each.start_us, each.span_us), []).append(part)
    if not cells:
        return
    starts = [start for _, start, _ in cells]
    named = {segment for segment, _, _ in cells}
    for segment, stretch in load_segments(connection, deployment_id, named, min(starts), max(starts) + 1):
        if (segment, stretch.start_us, stretch.span_us) in cells:
            cells[segment, stretch.start_us, stretch.span_us].append(stretch)
    model_id = models.get_deployment(connection, deployment_id).model_id
    written: dict[Series, list[Stretch]] = {}
    for (segment, start, span), parts in cells.items():
        summed = total(parts, binning, lambda name: load_binning(connection, model_id, name))
        merged = Stretch(start, span, summed.rows, binning.id, encode(summed, binning))
        written.setdefault(Series(deployment_id, segment), []).append(merged)
    save_many(connection, written)
    mark_many(connection, {series: [s.start_us for s in own] for series, own in written.items()}, now_us, mark)
