"""Blocks of segments -> their stored buckets."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from modelwatch.jobs.binnings import load_binning
from modelwatch.jobs.counted import Block
from modelwatch.jobs.windows import total
from modelwatch.profiles import Binning, encode
from modelwatch.store import models
from modelwatch.store.profiles import Series, Stretch, load_stretches, mark_dirty, save_stretches


def save_blocks(
    connection: Connection, deployment_id: int, binning: Binning, blocks: Iterable[Block], mark: int, now_us: int
) -> None:
    """Merge what rows add to segments into the stored buckets, on the binning of the blocks, and mark these dirty."""
    found: dict[str, dict[tuple[int, int], list[Stretch]]] = {}
    for each in blocks:
        cell = found.setdefault(each.segment, {}).setdefault((each.start_us, each.span_us), [])
        cell.append(Stretch(each.start_us, each.span_us, 0.0, binning.id, each.body))
    for segment, cells in found.items():
        save_cells(connection, Series(deployment_id, segment), binning, cells)
        mark_dirty(connection, Series(deployment_id, segment), [start for start, _ in cells], now_us, mark)


def save_cells(
    connection: Connection, series: Series, binning: Binning, cells: dict[tuple[int, int], list[Stretch]]
) -> None:
    """Merge the parts of each bucket of one segment with what is stored of it."""
    model_id = models.get_deployment(connection, series.deployment_id).model_id
    starts = [start for start, _ in cells]
    for stretch in load_stretches(connection, series, min(starts), max(starts) + 1):
        if (stretch.start_us, stretch.span_us) in cells:
            cells[stretch.start_us, stretch.span_us].append(stretch)
    written = []
    for cell, parts in cells.items():
        summed = total(parts, binning, lambda name: load_binning(connection, model_id, name))
        written.append(Stretch(*cell, summed.rows, binning.id, encode(summed, binning)))
    save_stretches(connection, series, written)
