"""A full disk loses nothing and needs no restart; a failing disk is never trusted again."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.wire import Identity, Keyed, Sequenced
from modelwatch.errors import StorageFailed, StorageFull
from modelwatch.log import Appended
from modelwatch.log.embedded import EmbeddedLog
from modelwatch.log.reader import LogReader
from tests.log.faulty import FaultyDisk, everything, newest_segment


def outcome(future: Future[Appended]) -> str:
    try:
        return "duplicate" if future.result(timeout=30).duplicate else "new"
    except StorageFull:
        return "full"
    except StorageFailed:
        return "failed"


def append(log: EmbeddedLog, number: int, identity: Identity | None = None) -> str:
    return outcome(log.append([b"%d" % number * 20], identity or Sequenced("p", 1, number), number))


@pytest.mark.parametrize("room", [*range(0, 130, 9)])
@pytest.mark.parametrize("identity", [Sequenced("q", 1, 1), Keyed("key"), None])
def test_a_full_disk_takes_nothing_and_is_tried_again(tmp_path: Path, room: int, identity: Identity | None) -> None:
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, disk=faulty.disk)
    assert append(log, 1) == "new"
    end, size = log.end(), newest_segment(tmp_path).stat().st_size
    faulty.room = room
    assert [outcome(log.append([b"x" * 130], identity, 0)) for _ in range(3)] == ["full"] * 3
    assert (log.end(), newest_segment(tmp_path).stat().st_size) == (end, size)
    faulty.room = None
    assert outcome(log.append([b"x" * 130], identity, 0)) == "new"
    assert outcome(log.append([b"x" * 130], identity, 0)) == ("duplicate" if identity else "new")
    assert everything(log)[:2] == [b"1" * 20, b"x" * 130]
    log.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    script=st.lists(
        st.tuples(
            st.one_of(
                st.builds(Keyed, st.sampled_from("abcd")),
                st.builds(Sequenced, st.just("p"), st.just(1), st.integers(0, 5)),
            ),
            st.one_of(st.none(), st.integers(0, 700)),
        ),
        max_size=40,
    )
)
def test_a_disk_that_fills_up_at_any_byte_never_doubles_nor_loses(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[Identity, int | None]]
) -> None:
    """The room runs out in records, snapshots, key files and new segments alike."""
    folder = tmp_path_factory.mktemp("log")
    faulty = FaultyDisk()
    log = EmbeddedLog(folder, segment_bytes=300, most_keys_in_memory=2, disk=faulty.disk)
    taken: list[bytes] = []
    known: set[Identity] = set()
    for number, (identity, room) in enumerate(script):
        faulty.room = room
        payload = b"%d " % number * 9
        answer = outcome(log.append([payload], identity, number))
        assert answer in (("duplicate", "full") if identity in known else ("new", "full"))
        assert answer != "full" or room is not None
        if answer == "new":
            known.add(identity)
            taken.append(payload)
        assert everything(log) == taken
    log.close()
    log = EmbeddedLog(folder, segment_bytes=300)
    assert everything(log) == taken
    assert all(outcome(log.append([b"again"], identity, 99)) == "duplicate" for identity in known)
    log.close()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_sync_that_finds_no_room_takes_everything_back(tmp_path: Path, code: int) -> None:
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, disk=faulty.disk)
    assert append(log, 1) == "new"
    faulty.errors["sync"] = [code]
    assert append(log, 2) == "full"
    assert everything(LogReader(tmp_path)) == [b"1" * 20]
    assert [append(log, 2), append(log, 2)] == ["new", "duplicate"]
    log.close()


@pytest.mark.parametrize("call", ["write", "sync"])
def test_after_any_other_error_the_log_refuses_until_restarted(tmp_path: Path, call: str) -> None:
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, disk=faulty.disk)
    assert append(log, 1) == "new"
    faulty.errors[call] = [errno.EIO]
    assert append(log, 2) == "failed"
    assert isinstance(log.failure, StorageFailed)
    calls = list(faulty.calls)
    assert [append(log, 1), append(log, 2), append(log, 3)] == ["failed"] * 3
    assert everything(log) == everything(LogReader(tmp_path)) == [b"1" * 20]
    log.close()
    assert faulty.calls == calls, "a failed sync was tried again as if nothing had happened"
    log = EmbeddedLog(tmp_path)
    assert append(log, 1) == "duplicate"
    assert append(log, 3) == "new"
    assert append(log, 2) in ("new", "duplicate")  # it was never answered: either is true, but never both
    assert append(log, 2) == "duplicate"
    assert sorted(everything(log)) == [b"1" * 20, b"2" * 20, b"3" * 20]
    log.close()


def test_when_it_cannot_be_cut_back_the_log_refuses(tmp_path: Path) -> None:
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, disk=faulty.disk)
    faulty.errors["truncate"] = [errno.EIO]
    faulty.room = 10
    assert append(log, 1) == "failed"
    faulty.room = None
    assert append(log, 1) == "failed"
    log.close()


@pytest.mark.parametrize("fails_at", [0, 1])
def test_a_segment_whose_name_cannot_be_made_durable_is_not_begun(tmp_path: Path, fails_at: int) -> None:
    """The first name is that of the snapshot, the second that of the segment."""
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, segment_bytes=250, disk=faulty.disk)
    assert [append(log, 1), append(log, 2)] == ["new", "new"]
    faulty.errors["sync_folder"] = [0] * fails_at + [errno.ENOSPC]
    assert append(log, 3) == "full"
    assert outcome(log.append([b"fits"], None, 0)) == "new"  # into the segment that is there
    assert everything(LogReader(tmp_path)) == [b"1" * 20, b"2" * 20, b"fits"]
    assert append(log, 3) == "new"
    assert everything(LogReader(tmp_path)) == [b"1" * 20, b"2" * 20, b"fits", b"3" * 20]
    assert log.damaged == ()
    log.close()


def test_all_of_one_group_share_its_fate(tmp_path: Path) -> None:
    faulty = FaultyDisk()
    log = EmbeddedLog(tmp_path, disk=faulty.disk)
    faulty.room = 2_000
    answers = [outcome(f) for f in [log.append([b"x" * 50], Keyed(f"{n % 40}"), 0) for n in range(80)]]
    assert set(answers) <= {"new", "duplicate", "full"}
    faulty.room = None
    assert len(everything(log)) == answers.count("new")
    again = [outcome(log.append([b"x" * 50], Keyed(f"{n}"), 0)) for n in range(40)]
    assert again.count("duplicate") == answers.count("new")
    assert len(everything(log)) == 40
    log.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A file system of 256 kB where mounting one is allowed; else None."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        yield None
        return
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> Callable[[], None]:
    """Take all the room there is; calling the answer gives it back."""
    ballast = folder / "ballast"
    room = os.statvfs(folder)
    with ballast.open("wb", buffering=0) as file:
        file.write(os.urandom(room.f_bavail * room.f_frsize))
    assert os.statvfs(folder).f_bavail == 0
    return ballast.unlink


def test_a_real_disk_that_is_full(tmp_path: Path, small_disk: Path | None) -> None:
    faulty = FaultyDisk()
    folder = small_disk / "log" if small_disk else tmp_path / "log"
    log = EmbeddedLog(folder, disk=faulty.disk)
    payloads = [os.urandom(9_000) for _ in range(4)]
    assert outcome(log.append([payloads[0]], Keyed("0"), 0)) == "new"
    if small_disk:
        empty = fill(small_disk)
    else:
        faulty.room = 8_192
    answers = [outcome(log.append([payloads[n]], Keyed(f"{n}"), 0)) for n in (1, 2, 1)]
    assert answers == ["full"] * 3
    assert everything(log) == payloads[:1]
    if small_disk:
        empty()
    faulty.room = None
    assert [outcome(log.append([payloads[n]], Keyed(f"{n}"), 0)) for n in range(4)] == ["duplicate"] + ["new"] * 3
    log.close()
    log = EmbeddedLog(folder)
    assert everything(log) == payloads
    log.close()
