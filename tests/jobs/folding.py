"""A data folder with a real log, lake and database in it, and a fold that can be killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from modelwatch.core.window import HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.ingest.decode import decode
from modelwatch.ingest.reference import PARQUET
from modelwatch.jobs.flush import finish_commits, flush_table
from modelwatch.jobs.fold import Fold, FoldOptions
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.entry import Entry, Part, PartKind, encode
from modelwatch.log.reader import LogReader
from modelwatch.profiles import Binning, Profile, empty, merge
from modelwatch.profiles import decode as decode_block
from modelwatch.store import models, references
from modelwatch.store.engine import open_database, reading
from modelwatch.store.migrate import migrate
from modelwatch.store.profiles import Series, load_stretches

NOW = 1_700_000_000_000_000
HOLD = 100


@dataclass
class World:
    """A data folder with everything that a worker needs; `restart` forgets all that is in memory."""

    folder: Path
    engine: Engine
    log: EmbeddedLog
    lake: LocalLake
    ids: int = 0
    fold: Fold = field(init=False)
    uploads: Path = field(init=False)

    def __post_init__(self) -> None:
        self.uploads = self.folder / "references"
        self.uploads.mkdir()
        self.restart()

    def restart(self) -> None:
        """A new worker process after a crash."""
        finish_commits(self.engine, self.lake)
        reader = LogReader(self.folder / "log")
        options = FoldOptions(hold_rows=HOLD)
        self.fold = Fold(self.engine, reader, self.lake, Buffer(1 << 28), self.uploads, lambda: NOW, options)

    def next_id(self) -> str:
        self.ids += 1
        return f"made-{self.ids}"

    def send(self, rows: list[dict[str, object]], kind: Kind = Kind.PREDICTIONS) -> None:
        """One request, as the api takes it."""
        decoded = decode(json.dumps(rows).encode(), "application/json", kind, NOW, self.next_id)
        entry = Entry(NOW, "default", decoded.parts, decoded.rejected)
        self.log.append(encode(entry), None, NOW).result()

    def predictions(self, count: int, **more: object) -> None:
        """A request with `count` predictions an hour apart, the oldest first."""
        rows = []
        for i in range(count):
            self.ids += 1
            when = NOW - (count - i) * HOUR_US
            features = {"x": float(self.ids % 17), "c": "abc"[self.ids % 3]}
            row = {"model_id": "m", "model_version": "1", "prediction_id": f"p{self.ids}", "prediction_score": 0.5}
            rows.append({**row, "timestamp": when / 1e6, "features": features, **more})
        self.send(rows)

    def run(self) -> None:
        """Fold everything and commit."""
        while self.fold.step():
            pass
        self.fold.commit()

    def flush(self) -> None:
        """Write everything that waits to the lake."""
        for key in self.fold.buffer.tables():
            flush_table(self.engine, self.lake, self.fold.buffer, self.fold.catalog, key, NOW)

    def total(self, deployment: int = 1, segment: str = "") -> tuple[Binning, Profile]:
        """The model's binning and all buckets of a deployment, or of one of its segments, together."""
        with reading(self.engine) as connection:
            model = models.get_model(connection, models.get_deployment(connection, deployment).model_id)
            assert model.binning_hash is not None
            body = references.load_binning(connection, model.id, model.binning_hash).body
            stretches = load_stretches(connection, Series(deployment, segment), -(2**62), 2**62)
        binning = Binning.from_bytes(body)
        result = empty(binning)
        for stretch in stretches:
            result = merge(result, decode_block(stretch.body, binning))
        return binning, result

    def lake_rows(self, kind: Kind = Kind.PREDICTIONS) -> pa.Table:
        return self.lake.scan(TableKey("default", "m", kind), None, -(2**62), 2**62).read_all()

    def upload(
        self,
        table: pa.Table,
        version: str = "1",
        name: str = "r.parquet",
        roles: dict[str, str | list[str]] | None = None,
    ) -> None:
        """A reference file, as the api takes it."""
        pq.write_table(table, self.uploads / name)
        said = {"file": name, "content_type": PARQUET, "roles": roles or {}, "label": "training", "reference_id": name}
        part = Part(PartKind.REFERENCE, "m", version, "production", table.num_rows, json.dumps(said).encode())
        self.log.append(encode(Entry(NOW, "default", (part,), ())), None, NOW).result()


@contextmanager
def new_world(folder: Path) -> Iterator[World]:
    """An empty world."""
    engine = open_database(folder / "modelwatch.db")
    migrate(engine)
    (folder / "lake").mkdir()
    log = EmbeddedLog(folder / "log")
    yield World(folder, engine, log, LocalLake(folder / "lake", lambda: NOW))
    log.close()
    engine.dispose()
