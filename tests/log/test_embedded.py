"""The writer's side: one per folder, a bound on what waits, and nobody left waiting."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from modelwatch.core.wire import Keyed, Sequenced
from modelwatch.errors import Busy, Conflict, InvalidRequest, StorageFailed
from modelwatch.log.embedded import GROUP, EmbeddedLog
from tests.log.faulty import FaultyDisk, everything


class HeldDisk(FaultyDisk):
    """A disk whose syncs wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Semaphore(0)
        self.go = threading.Event()
        self.go.set()

    def sync(self, file: int) -> None:
        self.reached.release()
        assert self.go.wait(30)
        super().sync(file)

    def hold(self) -> None:
        """From now on syncs wait; `reached` counts from here."""
        while self.reached.acquire(blocking=False):
            pass
        self.go.clear()


def test_a_second_writer_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    with pytest.raises(Conflict, match="already writes"):
        EmbeddedLog(tmp_path)
    log.close()
    EmbeddedLog(tmp_path).close()


def test_a_start_that_fails_lets_go_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / f"{0:020d}.segment").mkdir()
    with pytest.raises(StorageFailed):
        EmbeddedLog(tmp_path)
    (tmp_path / f"{0:020d}.segment").rmdir()
    EmbeddedLog(tmp_path).close()


def test_no_answer_comes_before_the_sync(tmp_path: Path) -> None:
    held = HeldDisk()
    log = EmbeddedLog(tmp_path, disk=held.disk)
    held.hold()
    first = log.append([b"x"], Sequenced("p", 1, 1), 0)
    assert held.reached.acquire(timeout=30)
    replay = log.append([b"x"], Sequenced("p", 1, 1), 0)
    assert (first.done(), replay.done(), log.end(), log.read(0, 100)) == (False, False, 0, [])
    held.go.set()
    assert (first.result(30).duplicate, replay.result(30).duplicate) == (False, True)
    log.close()


def test_what_waits_together_is_synced_once(tmp_path: Path) -> None:
    held = HeldDisk()
    log = EmbeddedLog(tmp_path, disk=held.disk)
    held.hold()
    futures = [log.append([b"first"], None, 0)]
    assert held.reached.acquire(timeout=30)
    futures += [log.append([b"%d" % number], None, 0) for number in range(2 * GROUP)]
    held.calls.clear()
    held.go.set()
    assert all(not future.result(30).duplicate for future in futures)
    assert held.calls == ["sync", "write", "sync", "write", "sync"]
    log.close()


def test_too_much_waiting_is_busy_and_passes(tmp_path: Path) -> None:
    held = HeldDisk()
    log = EmbeddedLog(tmp_path, disk=held.disk, most_waiting_bytes=1_000)
    held.hold()
    large = log.append([b"x" * 5_000], None, 0)  # alone it may be of any size
    with pytest.raises(Busy) as busy:
        log.append([b"y"], None, 0)
    assert busy.value.retry_after > 0
    held.go.set()
    large.result(30)
    held.hold()
    futures = [log.append([b""], None, 0) for _ in range(20)]
    with pytest.raises(Busy):  # empty records take room as well
        futures.extend(log.append([b""], None, 0) for _ in range(20))
    held.go.set()
    assert all(not future.result(30).duplicate for future in futures)
    assert len(everything(log)) == 1 + len(futures)
    log.close()
    assert log.waiting_bytes == 0


def test_an_append_that_was_cancelled_in_time_is_not_written(tmp_path: Path) -> None:
    held = HeldDisk()
    log = EmbeddedLog(tmp_path, disk=held.disk)
    held.hold()
    first = log.append([b"first"], None, 0)
    assert held.reached.acquire(timeout=30)
    second = log.append([b"second"], Keyed("key"), 0)
    assert (first.cancel(), second.cancel()) == (False, True)
    held.go.set()
    first.result(30)
    with pytest.raises(CancelledError):
        second.result(30)
    third = log.append([b"third"], Keyed("key"), 0)
    assert not third.result(30).duplicate
    assert everything(log) == [b"first", b"third"]
    log.close()
    assert log.waiting_bytes == 0


def test_a_closed_log_says_so(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.close()
    log.close()
    with pytest.raises(StorageFailed, match="closed"):
        log.append([b"x"], None, 0).result(30)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_dies_leaves_nobody_waiting(tmp_path: Path) -> None:
    class Broken(FaultyDisk):
        def sync(self, file: int) -> None:
            raise ZeroDivisionError

    broken = Broken()
    log = EmbeddedLog(tmp_path)
    log.tail.disk = broken.disk
    with pytest.raises(StorageFailed, match="stopped"):
        log.append([b"x"], None, 0).result(30)
    log.writer.join(30)
    with pytest.raises(StorageFailed, match="stopped"):
        log.append([b"x"], None, 0).result(30)
    log.close()


@pytest.mark.parametrize(
    "identity",
    [
        Sequenced("p", -1, 0),
        Sequenced("p", 0, -1),
        Sequenced("p", 2**63, 0),
        Sequenced("p" * 5_000, 0, 0),
        Keyed("k" * 5_000),
        Keyed("\ud800"),
    ],
)
def test_an_identity_that_no_header_holds_is_refused_at_once(tmp_path: Path, identity: Sequenced | Keyed) -> None:
    log = EmbeddedLog(tmp_path)
    with pytest.raises(InvalidRequest):
        log.append([b"x"], identity, 0)
    assert not log.append([b"x"], Keyed("k" * 4_000), 0).result(30).duplicate
    log.close()
