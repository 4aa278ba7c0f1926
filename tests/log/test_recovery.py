"""What a restart finds after a crash, and after bits have changed on the disk."""

from __future__ import annotations

import errno
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.wire import Keyed, Sequenced
from modelwatch.errors import CorruptData, StorageFailed
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.reader import LogReader
from modelwatch.log.record import MAGIC, VERSION, header
from modelwatch.log.segment import Damage, segment_path
from tests.log.faulty import FaultyDisk, cut, everything, flip, newest_segment

PAYLOADS = [b"first" * 9, b"", b"third" * 20, b"x" * 8]


@contextmanager
def opened(folder: Path, **arguments: int) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(folder, **arguments)  # type: ignore[arg-type]
    try:
        yield log
    finally:
        log.close()


def written(folder: Path, payloads: list[bytes] = PAYLOADS, **arguments: int) -> list[Damage]:
    """Write records by a log that then dies: no snapshot at the end; the range that each takes."""
    with opened(folder, **arguments) as log:
        for number, payload in enumerate(payloads):
            log.append([payload], Sequenced("p", 1, number), number).result()
        found = log.read(0, 1 << 20)
        while found[-1].next < log.end():
            found += log.read(found[-1].next, 1 << 20)
    for snapshot in folder.glob("*.snapshot"):
        if int(snapshot.stem) == found[-1].next:
            snapshot.unlink()
    return [Damage(record.position, record.next) for record in found]


def answer(log: EmbeddedLog, number: int) -> bool:
    return log.append([b"again"], Sequenced("p", 1, number), 9).result().duplicate


def test_a_tail_torn_at_any_byte_is_cut_at_the_last_whole_record(tmp_path: Path) -> None:
    ranges = written(tmp_path / "whole")
    for length in range(ranges[-1].end):
        folder = tmp_path / str(length)
        shutil.copytree(tmp_path / "whole", folder)
        (folder / "end").unlink()  # nothing of this was ever acknowledged
        cut(newest_segment(folder), length)
        whole = sum(damage.end <= length for damage in ranges)
        with opened(folder) as log:
            assert everything(log) == PAYLOADS[:whole]
            assert log.end() == ([0] + [damage.end for damage in ranges])[whole]
            assert log.damaged == ()
            assert [answer(log, number) for number in range(4)] == [True] * whole + [False] * (4 - whole)
            assert everything(log) == PAYLOADS[:whole] + [b"again"] * (4 - whole)


@pytest.mark.parametrize("tail", [bytes(8), bytes(5000), b"\xff" * 77, MAGIC, MAGIC * 20])
def test_whatever_was_never_acknowledged_is_cut(tmp_path: Path, tail: bytes) -> None:
    ranges = written(tmp_path)
    newest_segment(tmp_path).write_bytes(newest_segment(tmp_path).read_bytes() + tail)
    with opened(tmp_path) as log:
        assert (everything(log), log.end(), log.damaged) == (PAYLOADS, ranges[-1].end, ())
    assert newest_segment(tmp_path).stat().st_size == ranges[-1].end


def test_every_changed_byte_is_noticed_and_costs_one_record(tmp_path: Path) -> None:
    ranges = written(tmp_path / "whole")
    padding = set()  # 40 bytes of header and 17 of identity to 64, and the payload to a multiple of 8
    for damage, payload in zip(ranges, PAYLOADS, strict=True):
        padding |= {*range(damage.start + 57, damage.start + 64), *range(damage.start + 64 + len(payload), damage.end)}
    for place in range(0, ranges[-1].end, 3):
        index = next(index for index, damage in enumerate(ranges) if place < damage.end)
        folder = tmp_path / str(place)
        shutil.copytree(tmp_path / "whole", folder)
        flip(newest_segment(folder), place)
        kept = PAYLOADS[:index] + PAYLOADS[index + 1 :]
        with opened(folder) as log:
            if place in padding:
                assert (everything(log), log.damaged) == (PAYLOADS, ())
                continue
            assert everything(log) == kept
            assert log.damaged == (ranges[index],)
            quarantined = (
                folder / "damaged" / f"{ranges[index].start:020d}-{ranges[index].end:020d}.bytes"
            ).read_bytes()
            assert len(quarantined) == ranges[index].end - ranges[index].start
            assert log.append([b"after"], None, 9).result().position == ranges[-1].end
            assert everything(log) == [*kept, b"after"]
            assert not answer(log, index)  # what was lost may be sent again
            assert all(answer(log, other) for other in range(4) if other != index)
        with opened(folder) as log:  # and it is counted once, also by the next start
            assert everything(log) == [*kept, b"after", b"again"]
            assert log.damaged == (ranges[index],)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.sets(st.integers(0, 1499), min_size=1, max_size=6), mask=st.integers(1, 255), live=st.booleans())
def test_no_damage_ever_reaches_a_reader(
    tmp_path_factory: pytest.TempPathFactory, places: set[int], mask: int, live: bool
) -> None:
    folder = tmp_path_factory.mktemp("log")
    payloads = [b"%d " % number * (number % 11 + 1) for number in range(30)]
    ranges = written(folder, payloads, segment_bytes=400)
    bases = sorted(int(path.stem) for path in folder.glob("*.segment"))
    hit = {place % ranges[-1].end for place in places}
    for place in hit:
        base = max(base for base in bases if base <= place)
        flip(segment_path(folder, base), place - base, mask)
    if live:
        found, damaged = everything(LogReader(folder)), LogReader(folder).damaged
    else:
        with opened(folder) as log:
            found, damaged = everything(log), log.damaged
    whole = [
        payload
        for payload, record in zip(payloads, ranges, strict=True)
        if not any(damage.start <= record.start < damage.end for damage in damaged)
    ]
    assert found == whole
    assert all(any(damage.start <= place < damage.end for place in hit) for damage in damaged)


def test_damage_of_an_acknowledged_tail_is_counted_and_its_positions_never_used_again(tmp_path: Path) -> None:
    ranges = written(tmp_path)
    cut(newest_segment(tmp_path), ranges[2].start + 9)
    with opened(tmp_path) as log:
        assert log.damaged == (Damage(ranges[2].start, ranges[-1].end),)
        assert log.append([b"after"], None, 9).result().position == ranges[-1].end
        assert everything(log) == [*PAYLOADS[:2], b"after"]
        assert everything(log, start=ranges[2].start) == [b"after"]
    with opened(tmp_path) as log:
        assert everything(log) == [*PAYLOADS[:2], b"after"]
        assert log.damaged == (Damage(ranges[2].start, ranges[-1].end),)


def test_a_segment_that_is_gone_is_a_gap_and_not_the_end(tmp_path: Path) -> None:
    payloads = [b"%d" % number * 100 for number in range(9)]
    ranges = written(tmp_path, payloads, segment_bytes=500)
    bases = sorted(int(path.stem) for path in tmp_path.glob("*.segment"))
    segment_path(tmp_path, bases[1]).unlink()
    inside = [payload for payload, damage in zip(payloads, ranges, strict=True) if bases[1] <= damage.start < bases[2]]
    with opened(tmp_path) as log:
        assert everything(log) == [payload for payload in payloads if payload not in inside]
        assert log.damaged == (Damage(bases[1], bases[2]),)


def test_a_record_inside_a_payload_is_never_taken_for_one(tmp_path: Path) -> None:
    forged = header(0, b"", 6, zlib.crc32(b"forged"), 0, 0) + b"forged" + bytes(2)
    ranges = written(tmp_path, [b"one", forged * 3, b"three"])
    flip(newest_segment(tmp_path), ranges[1].start + 9)
    with opened(tmp_path) as log:
        assert everything(log) == [b"one", b"three"]
        assert log.damaged == (ranges[1],)


def test_a_record_of_a_later_version_is_refused_and_not_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("modelwatch.log.record.VERSION", VERSION + 1)
        written(tmp_path)
    with pytest.raises(CorruptData, match="newer modelwatch"):
        EmbeddedLog(tmp_path)
    assert not (tmp_path / "damaged").exists()
    assert newest_segment(tmp_path).stat().st_size > 0


@pytest.mark.parametrize("damage", [0, 4, -1])
def test_a_damaged_snapshot_costs_nothing_that_the_segments_still_hold(tmp_path: Path, damage: int) -> None:
    written(tmp_path, [b"%d" % number * 50 for number in range(20)], segment_bytes=500)
    newest = max(tmp_path.glob("*.snapshot"))
    flip(newest, damage, 1)
    with opened(tmp_path, segment_bytes=500) as log:
        assert all(answer(log, number) for number in range(20))
    assert (tmp_path / "damaged" / newest.name).exists()


def test_identities_survive_though_their_segments_are_released(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=300) as log:
        for number in range(20):
            log.append([b"x" * 50], Sequenced("p", 1, number), 0).result()
            log.append([b"x" * 50], Keyed(f"key {number}"), 0).result()
        log.release(log.end())
    with opened(tmp_path) as log:
        assert all(answer(log, number) for number in range(20))
        assert all(log.append([b"x"], Keyed(f"key {number}"), 1).result().duplicate for number in range(20))


def test_leftovers_of_a_crash_while_a_side_file_was_written_are_removed(tmp_path: Path) -> None:
    written(tmp_path)
    for leftover in (tmp_path / "1.snapshot.7.partial", tmp_path / "keys" / "1.keys.7.partial"):
        leftover.write_bytes(b"half")
    with opened(tmp_path) as log:
        assert everything(log) == PAYLOADS
    assert list(tmp_path.rglob("*.partial")) == []


def test_what_the_published_end_does_not_cover_is_written_anew_before_it_counts(tmp_path: Path) -> None:
    ranges = written(tmp_path)
    cut(tmp_path / "end", 0)  # as after a power loss: the published end is never synced
    assert everything(LogReader(tmp_path)) == []
    faulty = FaultyDisk(errors={"sync": [errno.EIO]})
    with pytest.raises(StorageFailed):
        EmbeddedLog(tmp_path, disk=faulty.disk)
    assert everything(LogReader(tmp_path)) == []
    assert faulty.calls[-2:] == ["write", "sync"]
    with opened(tmp_path) as log:
        assert (everything(log), log.end()) == (PAYLOADS, ranges[-1].end)


def test_one_flipped_bit_in_the_published_end_never_shows_more_than_is_durable(tmp_path: Path) -> None:
    ranges = written(tmp_path)
    original = (tmp_path / "end").read_bytes()
    for bit in range(8 * len(original)):
        flip(tmp_path / "end", bit // 8, 1 << bit % 8)
        reader = LogReader(tmp_path)
        assert reader.end() <= ranges[-1].end
        reader.close()
        (tmp_path / "end").write_bytes(original)
