"""What watching costs the service: `python -m bench.client` prints a table within about 20 seconds.

A prediction has 50 features (40 floats, 10 strings), a score and a label. The caller's time is one `log()`, clock
included; the sender's is CPU time of its thread, all of rows -> Arrow -> HTTP.
"""

from __future__ import annotations

import multiprocessing
import socket
import sys
import threading
import time
from random import Random

from modelwatch.client import Client
from modelwatch.client.buffer import Buffer
from modelwatch.client.complaints import Complaints
from modelwatch.client.sampling import LowConfidence, Sampler, Stratified
from modelwatch.client.sender import Sender
from modelwatch.client.transport import HttpTransport, Request, Response, Transport
from modelwatch.core.wire import Kind

ANSWER = b'{"status":"success","received":0,"accepted":0,"rejected":0,"duplicate":0,"errors":[]}'
ROWS = 40_000


def predictions(count: int, seed: int = 1) -> list[dict[str, object]]:
    """Features as a service would have them: a new dict for each prediction."""
    random = Random(seed)
    words = [f"category-{i}" for i in range(12)]
    return [
        {f"x{i}": random.gauss(0, 1) for i in range(40)} | {f"c{i}": random.choice(words) for i in range(10)}
        for _ in range(count)
    ]


def null(_: Request, /) -> Response:
    """A server that takes everything at once."""
    return Response(200, ANSWER)


def log_latency(
    rows: list[dict[str, object]],
    calls: int,
    pause_s: float,
    transport: Transport = null,
    sampler: Sampler | None = None,
) -> list[int]:
    """Nanoseconds of each `log()`, sorted; the sender works beside it."""
    client = Client(transport=transport, flush_interval=0.05, max_buffer_rows=10 * ROWS, sampler=sampler)
    clock = time.perf_counter_ns
    taken = []
    for number in range(calls):
        features, name = rows[number % len(rows)], f"prediction-{number}"
        start = clock()
        client.log(
            model_id="fraud",
            model_version="2.1.0",
            prediction_id=name,
            prediction_label="fraud",
            prediction_score=0.87,
            features=features,
        )
        taken.append(clock() - start)
        if pause_s and number % 20 == 19:
            time.sleep(pause_s)
    assert client.flush(60)
    stats = client.stats()
    assert stats.sent + stats.sampled_out == calls, stats
    assert (sampler is None) == (stats.sampled_out == 0), stats
    client.close()
    return sorted(taken)


def sender_cpu(rows: list[dict[str, object]], transport: Transport) -> tuple[float, float]:
    """(CPU, wall) microseconds per prediction from the buffer to the answer."""
    buffer = Buffer(ROWS)
    sender = Sender(buffer, transport, producer="bench", complaints=Complaints())
    now = time.time_ns() // 1000
    for number in range(ROWS):
        features = dict(rows[number % len(rows)])
        head = (Kind.PREDICTIONS, "fraud", "2.1.0", "production", f"p{number}", now + number)
        buffer.add((*head, None, "fraud", 0.87, None, None, features, None, None, None, None, None, None))
    cpu, wall = time.thread_time(), time.perf_counter()
    sender.drain()
    cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
    assert buffer.stats().sent == ROWS, buffer.stats()
    return cpu / ROWS * 1e6, wall / ROWS * 1e6


def sink(port: multiprocessing.Queue[int]) -> None:
    """A raw HTTP sink: reads each body and answers 200."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port.put(server.getsockname()[1])
        while True:
            connection, _ = server.accept()
            threading.Thread(target=swallow, args=(connection,), daemon=True).start()


def swallow(connection: socket.socket) -> None:
    """Answers every request of one connection."""
    with connection, connection.makefile("rb") as stream:
        while head := stream.readline():
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            assert head
            stream.read(length)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER))


def main() -> None:
    """Prints the table; the last column is the goal."""
    context = multiprocessing.get_context("spawn")
    port: multiprocessing.Queue[int] = context.Queue()
    process = context.Process(target=sink, args=(port,), daemon=True)
    process.start()
    http = HttpTransport(f"http://127.0.0.1:{port.get()}", api_key=None, timeout=10)
    rows = predictions(1_000)
    table: list[tuple[str, str, str]] = []
    log_latency(rows, 5_000, 0)
    for name, pause, transport, sampler in (
        ("log(), 10,000/s, sender beside it", 0.002, null, None),
        ("log() as fast as it goes, sender beside it", 0.0, null, None),
        ("log(), 10,000/s, sender to HTTP", 0.002, http, None),
        ("log(), 10,000/s, a tenth and the unsure kept", 0.002, null, LowConfidence(0.1)),
        ("log(), 10,000/s, 1,000 rows an hour per label", 0.002, null, Stratified(label=True, rows=1_000)),
    ):
        taken = log_latency(rows, 40_000, pause, transport, sampler)
        p50, p99, p999 = (taken[int(len(taken) * share)] / 1000 for share in (0.5, 0.99, 0.999))
        table.append((name, f"p50 {p50:.2f}  p99 {p99:.2f}  p99.9 {p999:.1f} us", "p50 <= 2, p99 <= 10 us"))
    for name, transport in (("sender, null transport", null), ("sender, HTTP to another process", http)):
        cpu, wall = min(sender_cpu(rows, transport) for _ in range(3))
        table.append((name, f"{cpu:.2f} us CPU, {1e6 / wall:,.0f}/s", "<= 6 us CPU"))
    process.terminate()
    width = max(len(name) for name, _, _ in table)
    sys.stdout.write("\n".join(f"{name:<{width}}  {value:<44}  {goal}" for name, value, goal in table) + "\n")


if __name__ == "__main__":
    main()
