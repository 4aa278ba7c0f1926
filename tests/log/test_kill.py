"""kill -9 of the writer, again and again: what it acknowledged is there exactly once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

from modelwatch.core.wire import Sequenced
from modelwatch.log.embedded import EmbeddedLog
from tests.log.faulty import everything

KILLS = int(os.environ.get("MODELWATCH_SOAK_KILLS", "5"))
"""`make soak` sets more."""

WRITER = """
import os, sys
from pathlib import Path
from modelwatch.core.wire import Keyed, Sequenced
from modelwatch.log.embedded import EmbeddedLog
log = EmbeddedLog(Path(sys.argv[1]), segment_bytes=20_000, most_keys_in_memory=20)
def identity(number):
    return Keyed(f"key {number}") if number % 3 == 0 else Sequenced(f"p{number % 3}", 1, number)
def told(number):
    # one call, so that a line is written whole or not at all
    return lambda future: future.exception() or os.write(1, b"%d\\n" % number)
os.write(1, b"ready\\n")
number = int(sys.argv[2])
while True:
    for batch in range(number, number + 40):
        # what the writer before may have written without an answer is sent again
        future = log.append([b"%d " % batch * (batch % 60 + 1)], identity(batch), batch)
        future.add_done_callback(told(batch))
    future.result()
    number += 40
"""


def run_and_kill(folder: Path, start: int, acknowledged_first: int) -> list[int]:
    """Let a writer run from a number on until it has acknowledged so many, kill it, and list what it acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(start)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    lines = [writer.stdout.readline() for _ in range(acknowledged_first)]
    writer.kill()
    rest, _ = writer.communicate(timeout=60)
    return [int(line) for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith("\n")]


def test_what_was_acknowledged_is_there_exactly_once(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        overlap = chance.randrange(60)
        start = max(0, max(acknowledged, default=-1) + 1 - overlap)
        acknowledged |= set(run_and_kill(tmp_path, start, 30 + chance.randrange(300)))
    log = EmbeddedLog(tmp_path)
    found = Counter(int(payload.split()[0]) for payload in everything(log))
    whole = all(
        payload == b"%d " % int(payload.split()[0]) * (int(payload.split()[0]) % 60 + 1) for payload in everything(log)
    )
    assert whole
    assert set(found.values()) == {1}
    assert acknowledged <= set(found)
    assert log.damaged == ()
    newest = max(number for number in found if number % 3 == 1)
    assert log.append([b"again"], Sequenced("p1", 1, newest), 0).result(30).duplicate
    log.close()
