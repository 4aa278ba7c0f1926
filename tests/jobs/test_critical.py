"""A critical model from the log to its alert, before any window is checked; whatever crashes, evidence counts once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, select

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind, Role
from modelwatch.ingest.decode import decode
from modelwatch.ingest.reference import PARQUET
from modelwatch.jobs.check import check_series
from modelwatch.jobs.critical import Critical
from modelwatch.jobs.dispatch import Telling, dispatch
from modelwatch.jobs.fold import Fold, FoldOptions
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.local import LocalLake
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.entry import Entry, Part, PartKind, encode
from modelwatch.log.reader import LogReader
from modelwatch.monitors.sequential import State, from_bytes
from modelwatch.store import alerts, models, sequential
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import messages
from modelwatch.store.profiles import Series
from modelwatch.store.tables import alert_events

NOW = 1_700_000_000_000_000
X = ColumnKey(Role.FEATURE, "x")


class World:
    """A data folder with a critical model `m`, its reference of 5,000 rows, and a clock that the test moves."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.engine = folder, engine
        self.now, self.ids, self.rng = NOW, 0, np.random.default_rng(5)
        self.log = EmbeddedLog(folder / "log")
        self.lake = LocalLake(folder / "lake", lambda: self.now)
        (folder / "references").mkdir()
        self.restart()
        self.upload("first.parquet", 0.0)
        self.run()
        self.make_critical(True)

    def restart(self) -> None:
        """A new worker process after a crash."""
        self.critical = Critical(self.engine, lambda: self.now)
        reader = LogReader(self.folder / "log")
        uploads = self.folder / "references"
        options = FoldOptions(hold_rows=100, commit_us=10**15)
        buffer = Buffer(1 << 28)
        self.fold = Fold(self.engine, reader, self.lake, buffer, uploads, lambda: self.now, options, self.critical)

    def make_critical(self, critical: bool) -> None:
        with writing(self.engine) as connection:
            models.set_settings(connection, 1, "", {"critical": critical, "window_seconds": 3600})
        self.now += 2_000_000

    def upload(self, name: str, shift: float) -> None:
        """A reference file, as the api takes it."""
        pq.write_table(pa.table({"x": self.rng.normal(shift, 1, 5_000)}), self.folder / "references" / name)
        said = {"file": name, "content_type": PARQUET, "roles": {}, "label": name, "reference_id": name}
        part = Part(PartKind.REFERENCE, "m", "1", "production", 5_000, json.dumps(said).encode())
        self.log.append(encode(Entry(self.now, "default", (part,), ())), None, self.now).result()

    def send(self, rows: int, shift: float = 0.0, ago_us: int = 0) -> None:
        """One request."""
        self.now += 1_000_000
        made = []
        for value in self.rng.normal(shift, 1, rows).tolist():
            self.ids += 1
            row: dict[str, Any] = {
                "model_id": "m",
                "model_version": "1",
                "prediction_id": f"p{self.ids}",
                "prediction_value": 1.0,
            }
            made.append({**row, "timestamp": (self.now - ago_us) / 1e6, "features": {"x": value}})
        found = decode(json.dumps(made).encode(), "application/json", Kind.PREDICTIONS, self.now, lambda: "id")
        self.log.append(encode(Entry(self.now, "default", found.parts, found.rejected)), None, self.now).result()

    def step(self) -> None:
        """Fold what there is, without a commit of its own."""
        self.now += 1_000_000
        while self.fold.step():
            self.now += 1_000_000

    def run(self) -> None:
        """Fold everything and commit."""
        self.step()
        self.fold.commit()

    def state(self) -> State | None:
        with reading(self.engine) as connection:
            row = sequential.load_state(connection, 1)
        return None if row is None else from_bytes(row.body)

    def crossings(self) -> list[sequential.CrossingRow]:
        with reading(self.engine) as connection:
            return sequential.load_crossings(connection, 1, 0)

    def alerts(self) -> list[alerts.AlertRow]:
        with reading(self.engine) as connection:
            return alerts.list_alerts(connection)

    def told(self) -> list[str]:
        """What was told by now, once what is due has been planned."""
        dispatch(self.engine, Telling("http://here", "http://127.0.0.1:9/"), self.now)
        with reading(self.engine) as connection:
            return list(connection.execute(select(messages.c.event).order_by(messages.c.id)).scalars())

    def check(self) -> int:
        return check_series(self.engine, Series(1), self.now)


@pytest.fixture
def world(tmp_path: Path, engine: Engine) -> Iterator[World]:
    found = World(tmp_path, engine)
    yield found
    found.log.close()


def drift(world: World, batches: int = 20) -> None:
    """Rows that are shifted by a standard deviation."""
    for _ in range(batches):
        world.send(25, 1.0)
        world.step()


def test_drift_is_told_before_any_window_is_checked(world: World) -> None:
    for _ in range(4):
        world.send(50)
        world.step()
    assert world.crossings() == []
    drift(world)
    found = world.crossings()[0]
    assert (found.column, found.cause) == (X, "shape")
    assert found.evidence >= found.asked
    assert 50 <= found.rows <= 300
    (alert,) = world.alerts()
    assert (alert.status, alert.kind, alert.level, alert.historic) == ("firing", "data_drift", Level.CRITICAL, False)
    assert world.told() == ["opened"]
    with reading(world.engine) as connection:
        texts = [row.text for row in connection.execute(select(alert_events))]
    assert any(f"seen by the sequential test after {found.rows:,.0f} rows" in text for text in texts)


def test_the_windows_join_the_same_alert_and_end_it(world: World) -> None:
    world.send(300)
    world.run()
    world.check()
    drift(world)
    world.run()
    assert len(world.alerts()) == 1
    world.check()
    (alert,) = world.alerts()
    assert alert.status == "firing"
    for _ in range(2):
        world.now += HOUR_US
        world.send(400, 1.0)
        world.run()
        world.check()
    (alert,) = world.alerts()
    assert alert.status == "firing"
    assert world.told().count("opened") == 1
    for _ in range(5):
        world.now += HOUR_US
        world.send(400)
        world.run()
        world.check()
    (alert,) = world.alerts()
    assert alert.status == "resolved"
    told = world.told()
    assert (told.count("opened"), told[-1]) == (1, "resolved")


def test_one_alert_when_the_windows_were_first(world: World) -> None:
    world.make_critical(False)
    for _ in range(4):
        world.now += HOUR_US
        world.send(400, 1.0)
        world.run()
        world.check()
    assert len(world.alerts()) == 1
    world.make_critical(True)
    drift(world)
    world.run()
    world.check()
    assert world.crossings()
    assert len(world.alerts()) == 1
    assert world.told().count("opened") == 1


def equal(a: State | None, b: State | None) -> bool:
    """All but when it began, which is the worker's clock."""
    assert a is not None
    assert b is not None
    return a.key == b.key and a.rows == b.rows and np.allclose(a.counts.sum(axis=0), b.counts.sum(axis=0))


def test_a_crash_loses_no_evidence_and_doubles_none(world: World) -> None:
    world.send(100)
    world.run()
    committed = world.state()
    world.send(30)
    world.send(40)
    world.step()
    world.restart()
    assert equal(world.state(), committed)
    world.run()
    after = world.state()
    assert after is not None
    assert after.rows == 170
    world.restart()
    world.run()
    assert equal(world.state(), after)


def test_a_crash_between_crossing_and_commit_opens_one_alert(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.send(100)
    world.run()

    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr("modelwatch.jobs.critical.sequential.save_state", fail)
        with pytest.raises(OSError, match="gone"):
            drift(world)
    assert world.crossings() == []
    assert world.alerts() == []
    world.restart()
    world.run()
    drift(world, 4)
    levels = [found.level for found in world.crossings()]
    assert levels in ([Level.CRITICAL], [Level.WARNING, Level.CRITICAL])
    assert len(world.alerts()) == 1
    assert world.told().count("opened") == 1


def test_a_changed_reference_begins_anew_and_says_so(world: World) -> None:
    world.send(100)
    world.run()
    first = world.state()
    assert first is not None
    assert first.reason == "first look, against first.parquet"
    world.upload("second.parquet", 1.0)
    world.run()
    world.send(60, 1.0)
    world.run()
    second = world.state()
    assert second is not None
    assert (second.reason, second.rows) == ("a new reference: second.parquet", 60)
    assert second.began_us > first.began_us
    drift(world)
    assert world.crossings() == []


def test_history_wakes_nobody(world: World) -> None:
    for _ in range(30):
        world.send(25, 1.0, ago_us=30 * DAY_US)
        world.step()
    world.run()
    (alert,) = world.alerts()
    assert alert.historic
    assert world.told() == []


def test_a_late_backfill_says_nothing_about_now(world: World) -> None:
    world.send(100)
    world.run()
    for _ in range(20):
        world.send(50, 3.0, ago_us=3 * DAY_US)
        world.step()
    world.run()
    state = world.state()
    assert state is not None
    assert state.rows == 100
    assert world.crossings() == []


def test_a_model_that_is_critical_no_more_has_no_state(world: World) -> None:
    world.send(100)
    world.run()
    assert world.state() is not None
    world.make_critical(False)
    world.send(100)
    world.run()
    assert world.state() is None
    drift(world)
    assert world.crossings() == []
