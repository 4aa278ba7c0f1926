"""How fast the log takes records: `python -m bench.append [folder]` prints a table.

First as fast as the disk goes, from many threads; then at 70 MB/s, which is 250,000 predictions a second of 280 bytes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from modelwatch.core.wire import Sequenced
from modelwatch.errors import Busy
from modelwatch.log import Appended
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.reader import LogReader

PAYLOAD_BYTES: Final = 700_000
THREADS: Final = 16
FLAT_OUT_RECORDS: Final = 1_500
STEADY_RECORDS: Final = 800
STEADY_BYTES_A_SECOND: Final = 70_000_000


def flat_out(folder: Path, payload: bytes) -> tuple[float, float]:
    """MB a second and CPU milliseconds a record, with 16 threads that each wait for their answers."""

    def send(producer: int) -> None:
        for sequence in range(FLAT_OUT_RECORDS // THREADS):
            while True:
                try:
                    log.append([payload], Sequenced(f"p{producer}", 1, sequence), 0).result()
                    break
                except Busy:
                    time.sleep(0.001)

    log = EmbeddedLog(folder)
    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(send, range(THREADS)))
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    log.close()
    records = FLAT_OUT_RECORDS // THREADS * THREADS
    return records * PAYLOAD_BYTES / took / 1e6, cpu / records * 1e3


def steady(folder: Path, payload: bytes) -> tuple[list[float], float]:
    """Seconds from append to answer at 70 MB/s, ascending, and the share of one core that it took."""
    took: list[float] = []

    def note(sent: float, future: Future[Appended]) -> None:
        future.result()
        took.append(time.perf_counter() - sent)

    log = EmbeddedLog(folder)
    started, cpu = time.perf_counter(), time.process_time()
    for number in range(STEADY_RECORDS):
        due = started + number * PAYLOAD_BYTES / STEADY_BYTES_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        sent = time.perf_counter()
        future = log.append([payload], Sequenced("p", 1, number), 0)
        future.add_done_callback(lambda future, sent=sent: note(sent, future))  # type: ignore[misc]
    future.result()
    share = (time.process_time() - cpu) / (time.perf_counter() - started)
    log.close()
    return sorted(took), share


def read_back(folder: Path) -> float:
    """MB a second of reading everything, checksums included, from the page cache."""
    reader, at, size, started = LogReader(folder), 0, 0, time.perf_counter()
    while records := reader.read(at, 8 * 1024 * 1024):
        size += sum(record.payload.nbytes for record in records)
        at = records[-1].next
    reader.close()
    return size / (time.perf_counter() - started) / 1e6


def main() -> None:
    """Run all three and print them."""
    parent = sys.argv[1] if len(sys.argv) > 1 else None
    payload = os.urandom(PAYLOAD_BYTES)
    with tempfile.TemporaryDirectory(dir=parent) as temporary:
        speed, cpu = flat_out(Path(temporary, "flat"), payload)
        waits, share = steady(Path(temporary, "steady"), payload)
        reading = read_back(Path(temporary, "steady"))
    print(f"append, {THREADS} threads, {PAYLOAD_BYTES // 1000} kB   {speed:8.0f} MB/s   {cpu:.2f} ms CPU a record")
    p50, p95, p99 = (waits[int(len(waits) * part) - 1] * 1e3 for part in (0.5, 0.95, 0.99))
    print(f"append at 70 MB/s            p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f} ms   {share:.2f} core")
    print(f"read, checksums included     {reading:8.0f} MB/s")


if __name__ == "__main__":
    main()
