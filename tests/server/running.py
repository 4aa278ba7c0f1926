"""How the tests talk to the app, what they send, and a log that fails on demand."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pyarrow as pa

from modelwatch.core import wire
from modelwatch.core.wire import Identity
from modelwatch.jobs.check import check_series
from modelwatch.jobs.fold import Fold, FoldOptions
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.local import LocalLake
from modelwatch.log import Appended, Stored
from modelwatch.log.reader import LogReader
from modelwatch.server.app import create_app
from modelwatch.server.services import Services
from modelwatch.store.engine import reading
from modelwatch.store.profiles import dirty_series

NOW_US = 1_790_000_000_000_000
START_S = 1_700_006_400
"""Midnight UTC, years before `NOW_US`: what is sent from here on is history."""
DAYS, ROWS = 6, 600
BASE = "http://127.0.0.1:8470"
PREDICTION = {
    "model_id": "m",
    "model_version": "1",
    "prediction_id": "p1",
    "prediction_score": 0.5,
    "features": {"a": 1.0, "b": "x"},
    "timestamp": NOW_US / 1e6,
}


@asynccontextmanager
async def asking(services: Services, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose requests go straight into the app; what the app fails at is answered, not raised."""
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, **options) as client:
        yield client


async def send_history(services: Services) -> None:
    """A reference, and six days of predictions of which `amount` is three times as large from the fourth day on."""
    random_ = random.Random(7)

    def row(factor: float) -> dict[str, object]:
        return {
            "amount": random_.lognormvariate(3.0, 1.0) * factor,
            "age": random_.randrange(18, 90),
            "shop": random_.choice("abc"),
        }

    reference = [row(1.0) for _ in range(2_000)]
    lines = ["amount,age,shop,prediction_score"]
    lines += [f"{r['amount']},{r['age']},{r['shop']},{random_.random()}" for r in reference]
    async with asking(services) as client:
        answer = await client.put(
            "/api/v1/models/fraud%2Feu/versions/2.1.0/reference?label=training",
            content="\n".join(lines).encode(),
            headers={"content-type": "text/csv"},
        )
        assert answer.status_code == 200, answer.text
        for day in range(DAYS):
            rows = [
                {
                    "model_id": "fraud/eu",
                    "model_version": "2.1.0",
                    "prediction_id": f"{day}-{i}",
                    "prediction_score": random_.random(),
                    "timestamp": START_S + day * 86_400 + i * 86_400 // ROWS,
                    "features": row(3.0 if day >= 3 else 1.0),
                }
                for i in range(ROWS)
            ]
            answer = await client.post("/api/v1/predictions", json=rows)
            assert answer.json()["accepted"] == ROWS, answer.text
        bad = {"model_id": "fraud/eu", "model_version": "2.1.0", "timestamp": (NOW_US / 1e6) + 86_400}
        assert (await client.post("/api/v1/predictions", json=bad)).status_code == 422


def fold_and_check(services: Services) -> None:
    """What the worker does, until nothing is left to do."""
    fold(services)
    check(services)


async def set_window(services: Services) -> None:
    """Windows of a day, so that few rows tell."""
    async with asking(services) as client:
        assert (await client.patch("/api/v1/models/fraud%2Feu", json={"window": "1d"})).status_code == 200


def fold(services: Services) -> None:
    """Everything in the log into profiles."""
    folder = services.settings.folder
    lake = LocalLake(folder / "lake", services.clock)
    reader = LogReader(folder / "log")
    folding = Fold(services.engine, reader, lake, Buffer(64 << 20), services.uploads, services.clock, FoldOptions())
    while folding.step():
        pass
    folding.commit()
    while folding.tend_segments(lambda: True):
        pass
    reader.close()


def check(services: Services) -> None:
    """Every window that changed."""
    for _ in range(20):
        with reading(services.engine) as connection:
            waiting = dirty_series(connection)
        for series, _, _ in waiting:
            check_series(services.engine, series, services.clock())


def arrow(rows: int = 3, sequence: int | None = 0, **metadata: str) -> bytes:
    """A valid Arrow body of predictions."""
    times = pa.array([NOW_US] * rows, pa.timestamp("us", "UTC"))
    columns = {
        "prediction_id": pa.array([f"p{sequence}-{i}" for i in range(rows)]),
        "timestamp": times,
        "prediction_score": pa.array([0.5] * rows),
        "amount": pa.array([float(i) for i in range(rows)]),
    }
    fields = [
        pa.field(name, column.type, metadata={wire.META_ROLE: "feature" if name == "amount" else name})
        for name, column in columns.items()
    ]
    said = {wire.META_WIRE: "1", wire.META_MODEL: "m", wire.META_VERSION: "1", wire.META_ENVIRONMENT: "production"}
    if sequence is not None:
        said |= {wire.META_PRODUCER: "test", wire.META_EPOCH: "0", wire.META_SEQUENCE: str(sequence)}
    schema = pa.schema(fields, metadata={**said, **metadata})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(list(columns.values()), schema=schema))
    return bytes(sink.getvalue().to_pybytes())


def ndjson(rows: Sequence[object]) -> bytes:
    """Rows as one JSON text a line."""
    return "\n".join(json.dumps(row) for row in rows).encode()


@dataclass
class BrokenLog:
    """A log that raises `now` on append, or answers with a future that raises `later`."""

    now: Exception | None = None
    later: Exception | None = None

    def append(
        self, payload: Sequence[bytes | memoryview], identity: Identity | None, received_us: int
    ) -> Future[Appended]:
        if self.now is not None:
            raise self.now
        future: Future[Appended] = Future()
        if self.later is not None:
            future.set_exception(self.later)
        else:
            future.set_result(Appended(0, False))
        return future

    def read(self, start: int, max_bytes: int) -> list[Stored]:
        return []

    def first(self) -> int:
        return 0

    def end(self) -> int:
        return 0

    def release(self, before: int) -> None: ...

    def close(self) -> None: ...
