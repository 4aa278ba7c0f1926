"""kill -9 of api and worker under load: what was acknowledged is in the log, the profiles and the lake, once."""

from __future__ import annotations

import http.client
import io
import json
import os
import random
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from modelwatch.core import wire
from modelwatch.core.wire import Kind
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.log.entry import decode
from modelwatch.log.reader import LogReader
from modelwatch.store import ledger
from modelwatch.store.engine import open_database, reading
from modelwatch.store.profiles import Series, spans
from tests.faults.serving import Server, serving

ROWS = 40
KILLS = int(os.environ.get("MODELWATCH_KILLS", "20"))


def arrow(producer: str, sequence: int, seed: random.Random) -> bytes:
    """A batch of `ROWS` predictions, spread over two days."""
    now = 1_700_000_000_000_000
    columns = {
        "prediction_id": (wire.Role.PREDICTION_ID, pa.array([f"{producer}-{sequence}-{i}" for i in range(ROWS)])),
        "timestamp": (
            wire.Role.TIMESTAMP,
            pa.array([now + seed.randrange(172_800_000_000) for _ in range(ROWS)], pa.timestamp("us", "UTC")),
        ),
        "prediction_score": (wire.Role.PREDICTION_SCORE, pa.array([seed.random() for _ in range(ROWS)])),
        "x": (wire.Role.FEATURE, pa.array([seed.gauss(0, 1) for _ in range(ROWS)])),
        "c": (wire.Role.FEATURE, pa.array([seed.choice("abc") for _ in range(ROWS)])),
    }
    metadata = {
        wire.META_WIRE: wire.WIRE_VERSION,
        wire.META_MODEL: "killed",
        wire.META_VERSION: "1",
        wire.META_PRODUCER: producer,
        wire.META_EPOCH: "0",
        wire.META_SEQUENCE: str(sequence),
    }
    fields = [pa.field(name, a.type, metadata={wire.META_ROLE: role.value}) for name, (role, a) in columns.items()]
    schema = pa.schema(fields, metadata=metadata)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.RecordBatch.from_arrays([a for _, a in columns.values()], schema=schema))
    return sink.getvalue()


class Sender(threading.Thread):
    """Sends batch after batch, each again and again until it is acknowledged; sometimes an acknowledged one again."""

    def __init__(self, server: Server, name: str) -> None:
        super().__init__(daemon=True)
        self.server, self.producer = server, name
        self.random = random.Random(name)
        self.enough = threading.Event()
        self.acknowledged = 0
        self.duplicates = 0
        self.trouble: list[str] = []

    def post(self, body: bytes) -> dict[str, int] | None:
        """The counts of an acknowledgement, or None when there was none."""
        try:
            status, text = self.server.request("POST", "/api/v1/predictions", body, wire.ARROW_STREAM)
        except (OSError, http.client.HTTPException):
            return None
        if status != 200:
            if status not in (429, 503):
                self.trouble.append(f"{status} {text[:200]!r}")
            return None
        answer: dict[str, int] = json.loads(text)
        return answer

    def run(self) -> None:
        sequence = 0
        while not self.enough.is_set():
            body = arrow(self.producer, sequence, self.random)
            tries = 0
            while (answer := self.post(body)) is None:
                tries += 1
                time.sleep(0.02)
                if tries > 3000:
                    self.trouble.append("never acknowledged")
                    return
            if answer["accepted"] + answer["duplicate"] != ROWS:
                self.trouble.append(str(answer))
            self.acknowledged += ROWS
            if self.random.random() < 0.05 and (again := self.post(body)) is not None:
                self.duplicates += 1
                if again["duplicate"] != ROWS:
                    self.trouble.append(f"counted twice: {again}")
            sequence += 1


def rows_in_log(folder: Path) -> int:
    """Rows of all entries, read from the segments."""
    log = LogReader(folder / "log")
    position, rows = log.first(), 0
    while records := log.read(position, 4_000_000):
        for record in records:
            rows += sum(part.rows for part in decode(record.payload).parts)
            position = record.next
    return rows


def rows_in_database(folder: Path) -> tuple[int, float]:
    """Rows by the tallies and by the profiles."""
    engine = open_database(folder / "modelwatch.db")
    with reading(engine) as connection:
        accepted, _ = ledger.total_tallies(connection, "default", "predictions")
        profiled = sum(rows for _, _, rows in spans(connection, Series(1), -(2**62), 2**62))
    engine.dispose()
    return accepted, profiled


def rows_in_lake(folder: Path) -> tuple[int, int]:
    """Rows and different ids in the table of predictions."""
    lake = LocalLake(folder / "lake", lambda: 0)
    key = TableKey("default", "killed", Kind.PREDICTIONS)
    ids = lake.scan(key, ["prediction_id"], 0, 2**62).read_all().column("prediction_id")
    return len(ids), pc.count_distinct(ids).as_py()


def test_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    kill_and_count(tmp_path, KILLS, 4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_lost_or_doubled_in_the_long_run(tmp_path: Path, seed: int) -> None:
    kill_and_count(tmp_path, 40, seed)


def kill_and_count(tmp_path: Path, kills: int, seed: int) -> None:
    """Kill each role that often under load, then compare what was acknowledged with what is stored."""
    folder = tmp_path / "data"
    dice = random.Random(seed)
    with serving(folder, "--lake-flush-seconds", "0.3") as server:
        senders = [Sender(server, f"p{i}") for i in range(2)]
        for sender in senders:
            sender.start()
        left = {"api": kills, "worker": kills}
        answered = 0
        end = time.monotonic() + 60 + 15 * kills
        while any(left.values()):
            assert time.monotonic() < end, f"too slow: {left}"
            time.sleep(dice.uniform(0.02, 0.3))
            # the api is killed once it has acknowledged again, the worker in its start or a little later
            if left["api"] and sum(sender.acknowledged for sender in senders) > answered and server.kill("api"):
                left["api"] -= 1
                answered = sum(sender.acknowledged for sender in senders)
            if left["worker"] and server.age("worker") > dice.uniform(0.5, 4.0):
                left["worker"] -= server.kill("worker")
        server.wait_ready()
        for sender in senders:
            sender.enough.set()
        for sender in senders:
            sender.join(60)
        acknowledged = sum(sender.acknowledged for sender in senders)
        assert [sender.trouble for sender in senders] == [[], []]
        assert acknowledged > 2000
        deadline = time.monotonic() + 60
        while rows_in_database(folder) != (acknowledged, acknowledged) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert rows_in_log(folder) == acknowledged
    assert rows_in_database(folder) == (acknowledged, acknowledged)
    assert rows_in_lake(folder) == (acknowledged, acknowledged)
