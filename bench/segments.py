"""`python -m bench.segments`: what watched segments cost the fold, and what ranking them costs a page. CPU time."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.ingest import batch
from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import Segment
from modelwatch.core.wire import META_ROLE, Kind, Role
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.jobs.counted import Block, count
from modelwatch.jobs.profiled import profiled_values
from modelwatch.jobs.segment_blocks import save_blocks
from modelwatch.jobs.watched import Watched
from modelwatch.monitors.drift.segments import Sides, carriers
from modelwatch.profiles import Binning, Profile, decode, fit
from modelwatch.store import models, references
from modelwatch.store.engine import open_database, writing
from modelwatch.store.migrate import migrate

VALUES = 10
TAGS = ("region", "channel")


def rows(seed: int, count_: int) -> Conformed:
    """Rows of 50 features with two tags of ten values."""
    rng = np.random.default_rng(seed)
    made = batch(rng, seed, count_)
    names = pa.array([f"value {i}" for i in range(VALUES)])
    for tag in TAGS:
        codes = pa.array(rng.integers(0, VALUES, count_).astype(np.int32))
        field = pa.field(tag, pa.dictionary(pa.int32(), pa.utf8()), metadata={META_ROLE: "tag"})
        made = made.append_column(field, pa.DictionaryArray.from_arrays(codes, names))
    return conform(made, Kind.PREDICTIONS, None)


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """The CPU seconds of the quickest of some runs."""
    found = []
    for _ in range(times):
        begun = time.process_time()
        work()
        found.append(time.process_time() - begun)
    return min(found)


def watched(columns: int) -> Watched:
    """A model cut by so many tags."""
    return Watched(tuple(ColumnKey(Role.TAG, tag) for tag in TAGS[:columns]), limit=200)


def counting(binning: Binning) -> list[str]:
    """What counting a batch costs with none, one and two tags."""
    told = []
    for size in (2_000, 40_000):
        made = rows(1, size)
        for columns in range(3):
            cut = watched(columns)
            count(binning, made, cut)
            seconds = cpu(lambda made=made, cut=cut: count(binning, made, cut))  # type: ignore[misc]
            told.append(f"count {size:>6} rows, {columns} tags x {VALUES}: {seconds / size * 1e6:6.3f} us a row")
    return told


def committing(binning: Binning) -> str:
    """What one commit of twenty segments costs: decode, merge, encode, write."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(Path(folder) / "bench.db")
        migrate(engine)
        with writing(engine) as connection:
            model = models.ensure_model(connection, "default", "bench", 0)
            models.ensure_deployment(connection, model.id, "production", "1", 0)
            row = references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
            references.save_binning(connection, model.id, row)
            models.set_binning(connection, model.id, binning.id)
        blocks: list[Block] = count(binning, rows(2, 40_000), watched(2)).segments

        def commit() -> None:
            with writing(engine) as connection:
                save_blocks(connection, 1, binning, blocks, 1, 0)

        commit()
        seconds = cpu(commit)
        engine.dispose()
    return f"commit {len(blocks)} segments of one bucket: {seconds * 1e3:.1f} ms, {len(blocks[0].body):,} bytes a block"


def ranking(binning: Binning) -> str:
    """What one ranking of ten segments costs."""
    now, before = (count(binning, rows(seed, 40_000), watched(1)) for seed in (3, 4))
    sides: dict[Segment, Sides] = {}
    found: dict[str, list[Profile]] = {}
    for counted in (now, before):
        for block in counted.segments:
            found.setdefault(block.segment, []).append(decode(block.body, binning))
    for i, pair in enumerate(found.values()):
        sides[Segment(ColumnKey(Role.TAG, TAGS[0]), str(i))] = Sides(*pair)
    whole = next(iter(now.whole.values())), next(iter(before.whole.values()))
    carriers(*whole, sides, binning, 0)
    seconds = cpu(lambda: carriers(*whole, sides, binning, 0))
    return f"rank {len(sides)} segments: {seconds * 1e3:.1f} ms"


def main() -> None:
    """Print all figures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    reference = rows(0, 50_000)
    binning = fit(profiled_values(reference))
    for line in (*counting(binning), committing(binning), ranking(binning)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
