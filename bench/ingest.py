"""`python -m bench.ingest`: predictions acknowledged and folded over HTTP by a server of its own, on this machine.

Columnar batches of 2,000 rows with 40 numeric and 10 categorical features, sent at a fixed rate whether or not the
server keeps up (open loop: a late answer counts from when its batch was due). With `--client` the Python client calls
`log()` row by row instead, as fast as it can.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import psutil
import pyarrow as pa

import modelwatch as mw
from modelwatch.core import wire

ROWS = 2_000
NUMERIC, CATEGORICAL = 40, 10
DISTINCT = 60
SEQUENCE_DIGITS = 12


def batch(rng: np.random.Generator, index: int, rows: int = ROWS) -> pa.RecordBatch:
    """One batch of plausible rows: normal, lognormal, exponential, uniform and count features, and categories."""
    names: list[str] = []
    arrays: list[pa.Array] = []
    roles: list[str] = []

    def add(name: str, role: wire.Role, array: pa.Array) -> None:
        names.append(name)
        arrays.append(array)
        roles.append(role.value)

    now = time.time_ns() // 1000
    add("prediction_id", wire.Role.PREDICTION_ID, pa.array([f"{index:06d}-{i:05d}-0123456789ab" for i in range(rows)]))
    add("timestamp", wire.Role.TIMESTAMP, pa.array(np.full(rows, now), pa.timestamp("us", "UTC")))
    add("prediction_score", wire.Role.PREDICTION_SCORE, pa.array(rng.random(rows)))
    draws = (
        lambda: rng.normal(0, 1, rows),
        lambda: np.round(rng.lognormal(3, 1, rows), 2),
        lambda: rng.exponential(5, rows),
        lambda: rng.random(rows),
        lambda: rng.poisson(4, rows).astype(np.float64),
    )
    for i in range(NUMERIC):
        add(f"n{i}", wire.Role.FEATURE, pa.array(draws[i % len(draws)]()))
    for i in range(CATEGORICAL):
        levels = 3 + 5 * i
        codes = pa.array(rng.integers(0, levels, rows).astype(np.int32))
        dictionary = pa.array([f"level {k}" for k in range(levels)])
        add(f"c{i}", wire.Role.FEATURE, pa.DictionaryArray.from_arrays(codes, dictionary))
    fields = [pa.field(n, a.type, metadata={wire.META_ROLE: r}) for n, a, r in zip(names, arrays, roles, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def body(rows: pa.RecordBatch, producer: str) -> tuple[bytearray, int]:
    """The batch as it travels, and where its sequence number stands in it."""
    metadata = {
        wire.META_WIRE: wire.WIRE_VERSION,
        wire.META_MODEL: "bench",
        wire.META_VERSION: "1",
        wire.META_ENVIRONMENT: wire.DEFAULT_ENVIRONMENT,
        wire.META_PRODUCER: producer,
        wire.META_EPOCH: "0",
        wire.META_SEQUENCE: "9" * SEQUENCE_DIGITS,
    }
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema.with_metadata(metadata)) as writer:
        writer.write_batch(rows.replace_schema_metadata(metadata))
    data = bytearray(sink.getvalue())
    return data, data.index(b"9" * SEQUENCE_DIGITS)


@dataclass
class Tally:
    """What the senders saw."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    latencies: list[float] = field(default_factory=list)
    accepted: int = 0
    failed: int = 0
    seconds: float = 0.0


def send(
    port: int,
    bodies: list[tuple[bytearray, int]],
    first: int,
    step: int,
    start: float,
    rate: float,
    until: float,
    tally: Tally,
) -> None:
    """One connection: sends batch `first`, `first + step`, … each when it is due."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    index = first
    while True:
        due = start + index * ROWS / rate
        if due >= until:
            return
        pause = due - time.perf_counter()
        if pause > 0:
            time.sleep(pause)
        data, at = bodies[index % len(bodies)]
        payload = bytearray(data)
        payload[at : at + SEQUENCE_DIGITS] = b"%0*d" % (SEQUENCE_DIGITS, index)
        connection.request("POST", "/api/v1/predictions", payload, {"Content-Type": wire.ARROW_STREAM})
        answer = connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - due
        with tally.lock:
            tally.latencies.append(took)
            if answer.status == 200:
                tally.accepted += json.loads(text)["accepted"]
            else:
                tally.failed += 1
        index += step


@contextlib.contextmanager
def server(folder: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A server of its own on a free port, its data in `folder`."""
    from modelwatch.cli.processes import free_port

    port = free_port("127.0.0.1")
    command = [sys.executable, "-m", "modelwatch.cli", "serve", "--data", folder, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if system(port):
                    break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(60)


def system(port: int) -> dict[str, float]:
    """The server's own figures."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/api/v1/system")
    found: dict[str, float] = json.loads(connection.getresponse().read())
    connection.close()
    return found


def cpu(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """CPU seconds of the server's processes so far, by role."""
    found: dict[str, float] = {}
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            role = child.environ().get("MODELWATCH_ROLES", "other")
            found[role] = found.get(role, 0.0) + times.user + times.system
    return found


def folded_rows(folder: str) -> int:
    """Rows in the profiles, read from the database itself."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(f"file:{folder}/modelwatch.db?mode=ro", uri=True)) as database:
        return int(database.execute("select coalesce(sum(rows), 0) from profiles").fetchone()[0])


def columnar(port: int, rate: float, seconds: float, connections: int) -> Tally:
    """Send batches at a rate from this process's threads."""
    rng = np.random.default_rng(7)
    producer = f"bench-{os.getpid()}-{time.time_ns()}"
    bodies = [body(batch(rng, i), producer) for i in range(DISTINCT)]
    tally = Tally()
    start = time.perf_counter() + 0.5
    threads = [
        threading.Thread(target=send, args=(port, bodies, i, connections, start, rate, start + seconds, tally))
        for i in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds = time.perf_counter() - start
    return tally


def rowwise(port: int, seconds: float) -> Tally:
    """Call `log()` row by row for as long, then wait until everything is acknowledged."""
    rng = np.random.default_rng(7)
    rows = batch(rng, 0).to_pylist()
    features = [{k: v for k, v in row.items() if k[0] in "nc" and k[1].isdigit()} for row in rows]
    client = mw.Client(f"http://127.0.0.1:{port}", max_buffer_rows=200_000)
    tally = Tally()
    until = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < until:
        for each in features:
            client.log(model_id="bench-rows", model_version="1", prediction_score=0.5, features=each)
        count += len(features)
        while client.stats().queued > 100_000:
            time.sleep(0.002)
    client.flush(timeout=60)
    tally.seconds = time.perf_counter() - until + seconds
    tally.accepted = client.stats().sent
    tally.failed = count - tally.accepted
    client.close()
    return tally


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100_000, help="predictions per second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--client", action="store_true", help="log() row by row instead of columnar batches")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="modelwatch-bench-") as folder, server(folder) as (port, process):
        columnar(port, 20_000, 3, 4)
        time.sleep(3)
        warm = folded_rows(folder)
        before, own = cpu(process), time.process_time()
        began = time.perf_counter()
        lags: list[float] = []
        watching = threading.Event()

        def watch() -> None:
            while not watching.wait(2):
                lags.append(system(port)["lag_bytes"])

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        tally = (
            rowwise(port, chosen.seconds)
            if chosen.client
            else columnar(port, chosen.rate, chosen.seconds, chosen.connections)
        )
        took = time.perf_counter() - began
        watching.set()
        watcher.join()
        used = {role: (seconds - before.get(role, 0.0)) / took for role, seconds in cpu(process).items()}
        mine = (time.process_time() - own) / took
        for _ in range(100):
            if folded_rows(folder) - warm >= tally.accepted:
                break
            time.sleep(0.1)
        caught_up = time.perf_counter() - began - took
        report(chosen, tally, took, lags, used, mine, folded_rows(folder) - warm, caught_up)


def report(
    chosen: argparse.Namespace,
    tally: Tally,
    took: float,
    lags: list[float],
    used: dict[str, float],
    mine: float,
    folded: int,
    caught_up: float,
) -> None:
    """The table."""
    third = max(len(lags) // 3, 1)
    print(f"{'mode':<36}{'log() row by row' if chosen.client else 'columnar, open loop'}")
    print(f"{'acknowledged, rows':<36}{tally.accepted:,}")
    print(f"{'acknowledged, rows/s':<36}{tally.accepted / tally.seconds:,.0f}")
    print(f"{'failed requests or rows':<36}{tally.failed:,}")
    print(f"{'folded, rows':<36}{folded:,}")
    print(f"{'folded after the last answer, s':<36}{caught_up:.1f}")
    ends = statistics.median(lags[:third]) / 1e6, statistics.median(lags[-third:]) / 1e6
    print(f"{'lag, MB: first / last third, median':<36}{ends[0]:.1f} / {ends[1]:.1f}")
    if tally.latencies:
        points = np.percentile(np.array(tally.latencies) * 1000, [50, 95, 99, 100])
        print(f"{'acknowledge, ms: p50 p95 p99 max':<36}{' '.join(f'{value:.1f}' for value in points)}")
    for role, cores in sorted(used.items()):
        print(f"{'cores, ' + role:<36}{cores:.2f}")
    print(f"{'cores, sender':<36}{mine:.2f}")


if __name__ == "__main__":
    main()
