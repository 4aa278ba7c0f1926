"""A server without its HTTP: a real log, fold, lake, join and check in a temporary folder, fed with data frames.

What is sent is taken, folded, joined and checked as a worker does it, part by part of a replay; `checks` and `alerts`
are what it then knows.
"""

from __future__ import annotations

import io
import itertools
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Engine

from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Subject
from modelwatch.core.wire import (
    ARROW_STREAM,
    DEFAULT_PROJECT,
    META_MODEL,
    META_ROLE,
    META_VERSION,
    META_WIRE,
    WIRE_VERSION,
    Kind,
    Role,
)
from modelwatch.ingest.decode import decode
from modelwatch.ingest.reference import PARQUET
from modelwatch.jobs.check import check_series
from modelwatch.jobs.flush import flush_table
from modelwatch.jobs.fold import Fold, FoldOptions
from modelwatch.jobs.join import Join
from modelwatch.jobs.settle_outcomes import ripen
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.local import LocalLake
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.entry import Entry, Part, PartKind, encode
from modelwatch.log.reader import LogReader
from modelwatch.store import models
from modelwatch.store.alerts import AlertRow, alerts_from
from modelwatch.store.binnings import load_binning
from modelwatch.store.checks import CheckRow, load_checks
from modelwatch.store.engine import open_database, reading, writing
from modelwatch.store.migrate import migrate
from modelwatch.store.outcome_checks import OutcomeCheck, load_outcome_checks
from modelwatch.store.profiles import Series, dirty_series

MODEL: Final = "model"
VERSION: Final = "1"
ROWS_AT_ONCE: Final = 10_000
ALWAYS: Final = 2**62
KINDS: Final = ("data_drift", "prediction_drift", *(subject.value for subject in Subject))


@dataclass(slots=True)
class RealRun:
    """One model in a folder; `now_us` is the wall clock, which a replay of history is far behind."""

    folder: Path
    engine: Engine
    log: EmbeddedLog
    lake: LocalLake
    now_us: int
    fold: Fold = field(init=False)
    join: Join = field(init=False)
    ids: Iterator[int] = field(default_factory=itertools.count)
    spent: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        uploads = self.folder / "references"
        uploads.mkdir()
        buffer = Buffer(1 << 28)
        self.fold = Fold(
            self.engine, LogReader(self.folder / "log"), self.lake, buffer, uploads, self.clock, FoldOptions()
        )
        self.join = Join(self.engine, self.lake, buffer, lambda: True, self.clock)

    def clock(self) -> int:
        """The wall clock."""
        return self.now_us

    def configure(self, task: str = "", **settings: Any) -> None:
        """Set the model's settings before anything comes."""
        with writing(self.engine) as connection:
            model = models.ensure_model(connection, DEFAULT_PROJECT, MODEL, self.now_us)
            models.set_settings(connection, model.id, task, settings)

    def refer(self, frame: pd.DataFrame, roles: Mapping[str, str | list[str]]) -> None:
        """Upload a reference."""
        name = "reference.parquet"
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), self.fold.uploads / name)
        said = {"file": name, "content_type": PARQUET, "roles": dict(roles), "label": "", "reference_id": name}
        part = Part(PartKind.REFERENCE, MODEL, VERSION, "production", len(frame), json.dumps(said).encode())
        self.append(Entry(self.now_us, DEFAULT_PROJECT, (part,), ()))

    def send(self, frame: pd.DataFrame, roles: Mapping[str, str | list[str]], kind: Kind = Kind.PREDICTIONS) -> None:
        """Send the columns that have roles, some thousand rows at a time."""
        fields = [
            (name, role.value)
            for said, names in roles.items()
            for role in [Role({"features": "feature", "tags": "tag"}.get(said, said))]
            for name in ([names] if isinstance(names, str) else names)
        ]
        table = pa.Table.from_pandas(frame[[name for name, _ in fields]], preserve_index=False)
        typed = [
            pa.field(name, each.type, metadata={META_ROLE: role})
            for (name, role), each in zip(fields, table.schema, strict=True)
        ]
        about = {META_WIRE: WIRE_VERSION, META_MODEL: MODEL, META_VERSION: VERSION}
        if kind is Kind.ACTUALS:
            del about[META_VERSION]
        table = table.cast(pa.schema(typed, metadata=about))
        for start in range(0, len(table), ROWS_AT_ONCE):
            body = io.BytesIO()
            rows = table.slice(start, ROWS_AT_ONCE).combine_chunks()
            with pa.ipc.new_stream(body, rows.schema) as stream:
                stream.write_table(rows)
            decoded = decode(body.getvalue(), ARROW_STREAM, kind, self.now_us, lambda: f"made-{next(self.ids)}")
            if decoded.rejected:
                raise ValueError(decoded.rejected[0].detail)
            self.append(Entry(self.now_us, DEFAULT_PROJECT, decoded.parts, ()))

    def append(self, entry: Entry) -> None:
        """Put an entry into the log, durably."""
        self.log.append(encode(entry), None, self.now_us).result()

    def settle(self) -> None:
        """Fold, write to the lake, join and check, until there is nothing left to do."""
        with self.timed("fold"):
            while self.fold.step():
                pass
            self.fold.commit()
            for key in self.fold.buffer.tables():
                flush_table(self.engine, self.lake, self.fold.buffer, self.fold.catalog, key, self.now_us)
        with self.timed("join"):
            while self.join.step():
                pass
        with self.timed("check"):
            ripen(self.engine, self.now_us)
            while waiting := self.dirty():
                for series in waiting:
                    check_series(self.engine, series, self.now_us)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add what passes to the seconds of a part."""
        began = time.perf_counter()
        yield
        self.spent[part] = self.spent.get(part, 0.0) + time.perf_counter() - began

    def dirty(self) -> Sequence[Series]:
        """What is to be checked."""
        with reading(self.engine) as connection:
            return [series for series, _, _ in dirty_series(connection)]

    def checks(self) -> list[OutcomeCheck]:
        """All windows of outcomes, in order of time."""
        with reading(self.engine) as connection:
            return load_outcome_checks(connection, 1, -ALWAYS, ALWAYS)

    def drift(self) -> list[CheckRow]:
        """All windows of drift, in order of time."""
        with reading(self.engine) as connection:
            return load_checks(connection, Series(1), -ALWAYS, ALWAYS)

    def columns(self) -> Sequence[ColumnKey]:
        """The columns that are watched for drift, in the order of the checks."""
        with reading(self.engine) as connection:
            model = models.find_model(connection, DEFAULT_PROJECT, MODEL)
            assert model is not None
            assert model.binning_hash is not None
            return [column.key for column in load_binning(connection, model.id, model.binning_hash).columns]

    def alerts(self) -> list[AlertRow]:
        """All alerts, in order of time."""
        with reading(self.engine) as connection:
            found = [each for kind in KINDS for each in alerts_from(connection, 1, kind, -ALWAYS)]
        return sorted(found, key=lambda each: each.opened_us)


@contextmanager
def real_run(folder: Path | None = None) -> Iterator[RealRun]:
    """An empty server in a folder, a temporary one unless said."""
    with tempfile.TemporaryDirectory() as made:
        place = folder or Path(made)
        engine = open_database(place / "modelwatch.db")
        migrate(engine)
        (place / "lake").mkdir()
        now_us = time.time_ns() // 1000
        log = EmbeddedLog(place / "log")
        try:
            yield RealRun(place, engine, log, LocalLake(place / "lake", lambda: now_us), now_us)
        finally:
            log.close()
            engine.dispose()
