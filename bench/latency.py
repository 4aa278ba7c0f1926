"""`python -m bench latency`: how soon a critical model's drift is told, by a server of its own, over loopback.

Each model has a reference of 20,000 rows x 10 columns and is sent batches of 10 rows at 1,000 rows/s, undrifted ones
first, then some in which one column is moved by a standard deviation. Which batch the decision needed is computed here,
with the server's own pure function, looking after every batch: the first in which the epoch that the server named, or
any epoch here, is certain and large. Measured is the time from that batch's acknowledgement to the webhook's call.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import http.server
import json
import os
import queue
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

import modelwatch as mw
from bench.sequential import Columns, key
from modelwatch.monitors.sequential import Expectation, State, begin, expect, from_bytes, step
from modelwatch.monitors.sequential.cells import CAUSES
from modelwatch.monitors.sequential.evidence import log_evidence
from modelwatch.profiles import Binning, NumericValues, decode, profile

Floats = NDArray[np.float64]

NAMES = tuple(f"x{i}" for i in range(10))
BATCH = 10


@dataclass(slots=True)
class Run:
    """One model: every batch that counted as evidence, and when it was acknowledged."""

    model: str
    batches: list[Floats] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)


@contextlib.contextmanager
def receiver() -> Iterator[tuple[str, queue.Queue[tuple[float, dict[str, Any]]]]]:
    """A webhook receiver and what it was told, with the time."""
    told: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            now = time.perf_counter()
            told.put((now, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", told
    server.shutdown()
    server.server_close()
    thread.join()


@contextlib.contextmanager
def server(folder: str, hook: str) -> Iterator[int]:
    """A server on a free port that calls `hook`."""
    from modelwatch.cli.processes import free_port

    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "modelwatch.cli", "serve", "--data", folder, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "MODELWATCH_WEBHOOK_URL": hook})
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                ask(port, "GET", "/healthz")
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def ask(port: int, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    """One request of its own connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    text = None if body is None else json.dumps(body)
    connection.request(method, path, text, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def rows_of(model: str, values: Floats, index: int) -> bytes:
    """A batch as JSON."""
    now = time.time()
    return json.dumps(
        [
            {
                "model_id": model,
                "model_version": "1",
                "prediction_id": f"{model}-{index}-{i}",
                "prediction_value": 1.0,
                "timestamp": now,
                "features": dict(zip(NAMES, row, strict=True)),
            }
            for i, row in enumerate(values.tolist())
        ]
    ).encode()


def send(connection: http.client.HTTPConnection, run: Run, values: Floats, counts: bool = True) -> None:
    """Send a batch and note when it was acknowledged."""
    body = rows_of(run.model, values, len(run.batches) if counts else -time.time_ns())
    connection.request("POST", "/api/v1/predictions", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"the server answered {answer.status}: {text!r}")
    if counts:
        run.batches.append(values)
        run.acknowledged.append(time.perf_counter())


def take_in_hand(port: int) -> None:
    """Acknowledge what fires, as somebody on call does: what is new then is told at once, in a group of its own."""
    _, text = ask(port, "GET", "/api/v1/alerts?status=firing")
    for alert in json.loads(text)["alerts"]:
        ask(port, "POST", f"/api/v1/alerts/{alert['id']}/acknowledge", {"by": "on-call"})


def query(folder: str, sql: str, *values: object) -> list[Any]:
    """Rows of the server's database."""
    with contextlib.closing(sqlite3.connect(f"file:{folder}/modelwatch.db?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


STATE = (
    "select s.body from sequential_states s join deployments d on d.id = s.deployment_id"
    " join models m on m.id = d.model_id where m.name = ?"
)
CROSSING = (
    "select c.role, c.name, c.cause, c.first_row, c.last_row, c.asked, c.evidence from crossings c"
    " join deployments d on d.id = c.deployment_id join models m on m.id = d.model_id where m.name = ? order by c.id"
)
REFERENCE = (
    "select b.body, r.body from refs r join models m on m.id = r.model_id"
    " join binnings b on b.model_id = m.id and b.hash = r.binning where m.name = ?"
)


def state_of(folder: str, model: str) -> State | None:
    """What the server has committed of a model's test."""
    found = query(folder, STATE, model)
    return from_bytes(found[0][0]) if found else None


def prepare(folder: str, port: int, rng: np.random.Generator, model: str) -> None:
    """A model with a reference, made critical."""
    client = mw.Client(f"http://127.0.0.1:{port}")
    frame = {name: rng.normal(0, 1, 20_000) for name in NAMES}
    import pandas as pd

    client.set_reference(pd.DataFrame(frame), model_id=model, model_version="1", features=list(NAMES))
    client.close()
    while not query(folder, REFERENCE, model):
        time.sleep(0.05)
    status, text = ask(port, "PATCH", f"/api/v1/models/{model}", {"critical": True})
    if status != 200:
        raise SystemExit(f"the server answered {status}: {text!r}")


def watched_from(folder: str, port: int, rng: np.random.Generator, run: Run) -> float:
    """Send rows until the server's test counts them; returns how many it has counted by then."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    while True:
        send(connection, run, rng.normal(0, 1, (BATCH, len(NAMES))), counts=False)
        time.sleep(0.5)
        state = state_of(folder, run.model)
        if state is not None and state.rows > 0:
            time.sleep(0.3)
            settled = state_of(folder, run.model)
            assert settled is not None
            connection.close()
            return settled.rows


def drive(port: int, rng: np.random.Generator, run: Run, rate: float, told: queue.Queue[Any]) -> float:
    """Send undrifted batches, then drifted ones until somebody is told; returns when that was."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.connect()
    undrifted = int(rng.integers(80, 160))
    begun = time.perf_counter()
    for index in range(2_000):
        pause = begun + index * BATCH / rate - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        values = rng.normal(0, 1, (BATCH, len(NAMES)))
        if index >= undrifted:
            values[:, 3] += 1.0
        send(connection, run, values)
        with contextlib.suppress(queue.Empty):
            at, message = told.get_nowait()
            if message["told"] == "opened" and message["lines"][0]["model"] == run.model:
                connection.close()
                return float(at)
    raise SystemExit(f"nobody was told of {run.model}")


def needed(folder: str, run: Run, offset: float) -> int:
    """The batch that the decision needed."""
    bins, body = query(folder, REFERENCE, run.model)[0]
    binning = Binning.from_bytes(bins)
    expected = expect(decode(body, binning), binning)
    cells = [expected.cells(profile(binning, columns(values)).counts, 1.0) for values in run.batches]
    return min(first_here(expected, cells, run), first_there(folder, expected, binning, cells, run.model, offset))


def columns(values: Floats) -> Columns:
    """A batch as the profiler takes it."""
    return {key(name): NumericValues(values[:, i]) for i, name in enumerate(NAMES)}


def first_here(expected: Expectation, cells: list[Floats], run: Run) -> int:
    """The batch at which a test that looks after each one raises something."""
    state = begin(expected, "", "", 0)
    start = run.acknowledged[0]
    for i, fresh in enumerate(cells):
        now_us = int((run.acknowledged[i] - start) * 1e6) + 1
        state, crossings = step(state, expected, fresh, BATCH, now_us)
        if crossings:
            return i
    return len(cells) - 1


def first_there(
    folder: str, expected: Expectation, binning: Binning, cells: list[Floats], model: str, offset: float
) -> int:
    """The batch at which the epoch that the server named had evidence enough."""
    _, name, cause, first_row, last_row, asked, _ = query(folder, CROSSING, model)[0]
    begins, ends = (int((float(row) - offset) // BATCH) for row in (first_row - 1, last_row))
    place = binning.index(key(name))
    assert place is not None
    total = np.zeros_like(cells[0])
    for i in range(max(begins, 0), min(ends, len(cells))):
        total = total + cells[i]
        if log_evidence(expected, total)[place, CAUSES.index(cause)] >= asked:
            return i
    return min(ends, len(cells)) - 1


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=40)
    parser.add_argument("--rate", type=float, default=1_000, help="rows per second")
    chosen = parser.parse_args()
    rng = np.random.default_rng(7)
    took: list[float] = []
    rows: list[int] = []
    with (
        tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder,
        receiver() as (hook, told),
        server(folder, hook) as port,
    ):
        for number in range(chosen.models):
            run = Run(f"critical-{number}")
            prepare(folder, port, rng, run.model)
            offset = watched_from(folder, port, rng, run)
            take_in_hand(port)
            at = drive(port, rng, run, chosen.rate, told)
            batch = needed(folder, run, offset)
            took.append(at - run.acknowledged[batch])
            rows.append((len(run.batches) - 1 - batch) * BATCH)
    points = np.percentile(np.array(took) * 1000, [50, 95, 100])
    print(f"{'models':<48}{len(took)}")
    print(f"{'acknowledged to webhook, ms: p50 p95 max':<48}{' '.join(f'{point:.0f}' for point in points)}")
    print(f"{'rows acknowledged meanwhile, median':<48}{int(np.median(rows))}")


if __name__ == "__main__":
    main()
