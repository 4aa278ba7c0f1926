"""Reading from a process that does not write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modelwatch.errors import NotFound
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.reader import LogReader
from modelwatch.log.segment import Damage
from tests.log.faulty import everything, flip, newest_segment


def append(log: EmbeddedLog, payload: bytes) -> int:
    position = log.append([payload], None, 0).result(30).position
    assert position is not None
    return position


def test_a_reader_may_come_before_the_first_writer(tmp_path: Path) -> None:
    reader = LogReader(tmp_path / "log")
    assert (reader.first(), reader.end(), reader.read(0, 100), reader.damaged) == (0, 0, [], ())
    reader.release(10)
    log = EmbeddedLog(tmp_path / "log")
    append(log, b"one")
    assert everything(reader) == [b"one"]
    log.close()
    reader.close()


def test_a_reader_goes_on_without_the_writer_and_across_its_restarts(tmp_path: Path) -> None:
    reader = LogReader(tmp_path)
    at, found = 0, []
    for number in range(5):
        log = EmbeddedLog(tmp_path, segment_bytes=200)
        append(log, b"%d" % number * 100)
        log.close()
        records = reader.read(at, 100)
        found += [bytes(record.payload) for record in records]
        at = records[-1].next
    assert found == [b"%d" % number * 100 for number in range(5)]


def test_bytes_behind_the_published_end_are_not_there_yet(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    append(log, b"one")
    log.close()
    segment = newest_segment(tmp_path)
    one = segment.read_bytes()
    segment.write_bytes(one + b"whatever a crashed writer left")
    reader = LogReader(tmp_path)
    assert everything(reader) == [b"one"]
    assert reader.damaged == ()


def test_what_was_released_is_not_found_and_the_hint_says_where_to_go_on(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path, segment_bytes=200)
    for number in range(10):
        append(log, b"%d" % number * 60)
    log.release(log.end())
    with pytest.raises(NotFound, match=f"begins at {log.first()}"):
        log.read(0, 100)
    assert everything(log) == [b"9" * 60]
    log.close()


def test_damage_met_while_reading_is_skipped_kept_and_counted_once(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path, segment_bytes=400)
    positions = [append(log, b"%d" % number * 100) for number in range(9)]
    flip(max(tmp_path.glob("*.segment")), 70)  # the only record of the newest segment
    flip(min(tmp_path.glob("*.segment")), positions[1] + 70)
    reader = LogReader(tmp_path)
    damaged = (Damage(positions[1], positions[2]), Damage(positions[8], log.end()))
    for _ in range(2):
        assert everything(reader) == [b"%d" % number * 100 for number in range(8) if number != 1]
        assert reader.damaged == log.damaged == damaged
    assert (reader.read(positions[1], 1)[0].position, reader.read(positions[8], 1)) == (positions[2], [])
    assert len(list((tmp_path / "damaged").iterdir())) == 2
    behind = append(log, b"more")
    assert reader.read(positions[8], 100)[0].position == behind
    log.close()


def test_a_reader_that_cannot_set_damage_aside_still_counts_it(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    append(log, b"one")
    end = append(log, b"two")
    log.close()
    flip(newest_segment(tmp_path), 42)
    (tmp_path / "damaged").write_bytes(b"a file is in the way")
    reader = LogReader(tmp_path)
    assert [bytes(record.payload) for record in reader.read(0, 100)] == [b"two"]
    (tmp_path / "damaged").unlink()
    assert reader.damaged == (Damage(0, end),)


FOLLOW = """
import sys
from pathlib import Path
from modelwatch.log.reader import LogReader
reader, at, found = LogReader(Path(sys.argv[1])), 0, 0
print("ready", flush=True)
while found < 200:
    for record in reader.read(at, 500):
        assert bytes(record.payload) == b"%d " % found * (found % 50), (found, bytes(record.payload))
        at, found = record.next, found + 1
print(at)
"""


def test_another_process_follows_every_record_while_it_is_written(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", FOLLOW, str(tmp_path)], stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        assert follower.stdout.readline() == "ready\n"
        log = EmbeddedLog(tmp_path, segment_bytes=2_000)
        for number in range(200):
            append(log, b"%d " % number * (number % 50))
        out, _ = follower.communicate(timeout=60)
        assert (follower.returncode, int(out)) == (0, log.end())
        log.close()
