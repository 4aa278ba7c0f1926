"""`python -m bench.join`: labels joined with predictions, in a lake of 90 million.

One model, 30 days of 3,000,000 predictions, two features. The first run makes the lake in `--folder` (some 5 GB,
about a quarter of an hour), later runs use it again. A label comes an hour after its prediction; a million of them
are joined in one pass, from the database where they wait to the outcomes in the database and the joined labels in
the lake, which is what `Join.step` does in the worker.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import psutil
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Engine

from bench.join_data import END_POSITION, RECORD_BYTES, SCHEMA, START_US, VERSION, Size, chosen, files, fill, key_of
from bench.join_data import predictions as predicted
from modelwatch.core.judging import Judging
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, DEFAULT_PROJECT, Kind
from modelwatch.jobs import label_batch as wire
from modelwatch.jobs.join import Join
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.lake.naming import table_folder
from modelwatch.store import labels, ledger, models, references
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate

FOLDER: Final = Path.home() / ".cache" / "modelwatch-bench"
BATCH: Final = 100_000
MANY: Final = 1_000
FEW: Final = 10
MB: Final = 1024 * 1024


@dataclass(slots=True)
class Peak:
    """The most memory that the process holds while it is watched, in bytes beyond what it held before."""

    before: int = 0
    most: int = 0
    enough: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> threading.Thread:
        """Look every 20 ms."""
        gc.collect()
        pa.default_memory_pool().release_unused()
        process = psutil.Process()
        self.before = self.most = process.memory_info().rss

        def look() -> None:
            while not self.enough.wait(0.02):
                self.most = max(self.most, process.memory_info().rss)

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        return thread


@dataclass(frozen=True, slots=True)
class World:
    """A database of its own on the lake that was made before."""

    engine: Engine
    lake: LocalLake
    join: Join


def open_world(folder: Path, lake: LocalLake, names: Sequence[str], size: Size) -> World:
    """Models that are judged as binary ones, whose predictions are all in the lake."""
    engine = open_database(folder / "bench.db")
    migrate(engine)
    now = size.end_us
    with writing(engine) as connection:
        for name in names:
            model = models.ensure_model(connection, DEFAULT_PROJECT, name, now)
            deployment = models.ensure_deployment(connection, model.id, DEFAULT_ENVIRONMENT, VERSION, now)
            models.set_schema(connection, deployment.id, SCHEMA)
            references.save_binning(connection, model.id, references.BinningRow("none", "bench", None, now, b""))
            models.set_binning(connection, model.id, "none")
            judging = Judging("binary", "yes").to_json()
            labels.save_joined(connection, labels.Joined(model.id, 0, 0, judging))
        ledger.save_offset(connection, "fold", END_POSITION, now)
    buffer = Buffer(1 << 28)
    return World(engine, lake, Join(engine, lake, buffer, lambda: True, lambda: now + HOUR_US))


Said = tuple[pa.Array, pa.Array, NDArray[np.int64]]


def wait(world: World, model_id: int, said: Iterable[Said], order: int) -> int:
    """Put labels where they wait for the join, as the fold does; returns how many there are."""
    parts = list(said)
    ids = pa.concat_arrays([each[0] for each in parts])
    label = pa.concat_arrays([each[1] for each in parts])
    times = np.concatenate([each[2] for each in parts])
    n = len(ids)
    shuffled = np.random.default_rng(1).permutation(n) if n > BATCH else np.arange(n)
    place = END_POSITION + order + np.arange(n) // 2_000 * RECORD_BYTES + np.arange(n) % 2_000
    table = pa.Table.from_arrays(
        [
            ids.take(pa.array(shuffled)),
            pa.array(times[shuffled] + HOUR_US),
            pa.array(times[shuffled] + HOUR_US + 1_000_000),
            pa.array(place.astype(np.int64)),
            pa.array([""] * n),
            label.take(pa.array(shuffled)),
            pa.nulls(n, pa.float64()),
            pa.nulls(n, pa.int64()),
        ],
        schema=wire.SCHEMA,
    )
    waiting = []
    for start in range(0, n, BATCH):
        part = table.slice(start, BATCH)
        waiting.append(labels.LabelBatch(0, model_id, part.num_rows, int(times.max()), wire.to_bytes(part)))
    with writing(world.engine) as connection:
        labels.add_inbox(connection, waiting)
    return n


def measure(title: str, world: World, n: int, matched: int) -> float:
    """One pass; prints and returns labels a second; raises unless all were found."""
    with reading(world.engine) as connection:
        before = labels.load_joined(connection, 1).matched
    peak = Peak()
    thread = peak.watch()
    cpu, begun = time.process_time(), time.perf_counter()
    world.join.step()
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak.enough.set()
    thread.join()
    with reading(world.engine) as connection:
        found = labels.load_joined(connection, 1).matched - before
    if found != matched:
        raise SystemExit(f"{title}: {found:,} labels found their prediction, not {matched:,}")
    print(
        f"{title:<46}{n / cpu:>10,.0f} a second of CPU, {n / wall:>9,.0f}/s;{cpu:>7.2f} s CPU in {wall:>6.2f} s,"
        f" {(peak.most - peak.before) / MB:>4,.0f} MB",
        flush=True,
    )
    return n / wall


def swapped(said: Iterable[Said]) -> list[Said]:
    """The same predictions with the other label."""
    return [(each, pa.compute.if_else(pa.compute.equal(told, "yes"), "no", "yes"), at) for each, told, at in said]


def batches(folder: Path, model: str, size: Size, n: int, kinds: Sequence[str]) -> None:
    """The passes of one model: labels of a day, of three days, of all days, again, and corrected."""
    lake = LocalLake(folder)
    paths = files(folder, model)
    a_day = len(paths) // size.days
    sets: dict[str, tuple[str, list[Path]]] = {
        "day": ("labels of one day", paths[-2 * a_day : -a_day] or paths),
        "days": ("labels of three days", paths[-4 * a_day : -a_day] or paths),
        "all": (f"labels of all {size.days} days, evenly", paths),
    }
    for kind in kinds:
        title, among = sets[kind]
        shutil.rmtree(folder / table_folder(TableKey(DEFAULT_PROJECT, model, Kind.LABELS)), ignore_errors=True)
        with tempfile.TemporaryDirectory() as scratch:
            world = open_world(Path(scratch), lake, [model], size)
            some = list(chosen(among, n, np.random.default_rng(3)))
            rows = wait(world, 1, some, 0)
            measure(f"{model}: {title}", world, rows, rows)
            if kind == "day" or len(kinds) == 1:
                wait(world, 1, some, 1 << 36)
                measure(f"{model}: {title}, said again", world, rows, 0)
                wait(world, 1, swapped(some), 1 << 37)
                measure(f"{model}: {title}, corrected", world, rows, 0)
            world.engine.dispose()


def many(folder: Path) -> None:
    """A thousand models with a few labels each, in one pass."""
    names = [f"model {i}" for i in range(MANY)]
    days, size = 10, Size(10, 2_000)
    lake = LocalLake(folder / "many")
    key = key_of(names[-1])
    if lake.committed(key) < days - 1:
        for i, name in enumerate(names):
            for day in range(days):
                random = np.random.default_rng([i, day])
                low = START_US + day * DAY_US
                rows = predicted(random, low, low + DAY_US, size.rows, day * RECORD_BYTES, True)
                lake.commit(key_of(name), rows.schema, lake.write(key_of(name), rows, f"{day:04d}"), day)
    with tempfile.TemporaryDirectory() as scratch:
        world = open_world(Path(scratch), LocalLake(folder / "many"), names, size)
        for again, title in enumerate(("", ", tables unchanged since")):
            rows = 0
            for i, name in enumerate(names):
                said = chosen(files(folder / "many", name)[-2 - again :][:2], FEW, np.random.default_rng([i, again]))
                rows += wait(world, i + 1, said, (again * MANY + i) << 30)
            measure(f"{MANY:,} models with {FEW} labels each{title}", world, rows, FEW)
        world.engine.dispose()


def main() -> None:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--rows", type=int, default=3_000_000, help="predictions a day")
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="+", choices=["day", "days", "all", "random", "many"])
    said = parser.parse_args()
    size = Size(said.days, said.rows)
    folder = said.folder / f"join-{size.days}x{size.rows}"
    only = said.only or ["day", "days", "all", "random", "many"]
    work: list[Callable[[], None]] = []
    timed = [each for each in ("day", "days", "all") if each in only]
    if timed:
        fill(folder / "lake", "timed", size, timed=True)
        work.append(lambda: batches(folder / "lake", "timed", size, said.labels, timed))
    if "random" in only:
        fill(folder / "lake", "random", size, timed=False)
        work.append(lambda: batches(folder / "lake", "random", size, said.labels, ["day", "all"]))
    if "many" in only:
        work.append(lambda: many(said.folder))
    warm(said.folder)
    for each in work:
        each()


def warm(folder: Path) -> None:
    """Compile what is compiled on first use."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        size = Size(1, 5_000)
        lake = fill(Path(scratch), "warm", size, timed=True)
        world = open_world(Path(scratch), lake, ["warm"], size)
        for order in (0, 1 << 36):
            wait(world, 1, chosen(files(Path(scratch), "warm"), 1_000, np.random.default_rng(0)), order)
            world.join.step()
        world.engine.dispose()


if __name__ == "__main__":
    main()
