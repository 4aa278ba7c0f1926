"""The log in a local folder: one process appends, any process reads.

log/
  00000000000000000000.segment   records; named by the position of the first byte
  00000000000268435456.snapshot  what was seen before that position, for telling duplicates
  keys/                          idempotency keys of the last 7 days, sorted
  damaged/                       ranges that failed their checksum
  end                            how far the log is durable, mapped by readers
  lock                           held by the one writer
"""

from __future__ import annotations

import fcntl
import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Condition, Thread
from typing import Final

from modelwatch.core.wire import Identity
from modelwatch.errors import Busy, Conflict, ModelwatchError, StorageFailed, StorageFull, TooLarge
from modelwatch.log import Appended, Stored
from modelwatch.log.disk import Disk, make_folder
from modelwatch.log.keys import MOST_IN_MEMORY
from modelwatch.log.known import Known
from modelwatch.log.published import open_for_writing
from modelwatch.log.reader import LogReader
from modelwatch.log.record import MAX_PAYLOAD, checksum, identity_bytes
from modelwatch.log.recovery import recover
from modelwatch.log.segment import Damage
from modelwatch.log.tail import Tail, Waiting, storage_error

SEGMENT_BYTES: Final = 256 * 1024 * 1024
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
GROUP: Final = 64
RETRY_AFTER_SECONDS: Final = 1.0


def hold(folder: Path) -> int:
    """The lock of a log folder, held until the handle is closed or the process ends; raises `Conflict`."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Conflict(
            f"another process already writes the log in {folder}", hint="stop it, or use another data folder"
        ) from error
    return handle


def open_tail(folder: Path, disk: Disk, segment_bytes: int, most_keys_in_memory: int) -> Tail:
    """The end of the log, after everything in the folder was brought into order; raises as the storage does."""
    try:
        published = open_for_writing(folder)
        known = Known(folder, disk, most_keys_in_memory)
        recovered = recover(folder, disk, known, published.get())
    except OSError as error:
        raise storage_error(error) from error
    published.set(recovered.end)
    return Tail(folder, disk, known, published, segment_bytes, recovered)


class EmbeddedLog:
    """A durable log in one folder, which this process alone may write."""

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        most_waiting_bytes: int = MOST_WAITING_BYTES,
        most_keys_in_memory: int = MOST_IN_MEMORY,
        disk: Disk | None = None,
    ) -> None:
        disk = disk or Disk()
        make_folder(disk, folder)
        self.lock = hold(folder)
        try:
            self.tail = open_tail(folder, disk, segment_bytes, most_keys_in_memory)
        except BaseException:
            os.close(self.lock)
            raise
        self.reader = LogReader(folder, disk)
        self.segment_bytes = segment_bytes
        self.most_waiting_bytes = most_waiting_bytes
        self.changed = Condition()
        self.queue: deque[Waiting] = deque()
        self.waiting_bytes = 0
        self.closed = False
        self.failure: StorageFailed | None = None
        self.writer = Thread(target=self.run, name="modelwatch-log", daemon=True)
        self.writer.start()

    def append(
        self, payload: Sequence[bytes | memoryview], identity: Identity | None, received_us: int
    ) -> Future[Appended]:
        """Append the joined parts as one record; the future is done when it is on the disk. See `Log.append`."""
        kind, text = identity_bytes(identity)
        views = tuple(memoryview(part).cast("B") for part in payload)
        size = sum(view.nbytes for view in views)
        if size >= MAX_PAYLOAD:
            raise TooLarge(f"a record of {size} bytes", hint=f"at most {MAX_PAYLOAD - 1} bytes")
        # the checksum is made here: on the caller's core, not on the one writer's
        item = Waiting(views, size, checksum(views), identity, kind, text, received_us, Future())
        with self.changed:
            if self.failure is not None or self.closed:
                item.future.set_exception(again(self.failure or StorageFailed("the log is closed")))
                return item.future
            if self.waiting_bytes and self.waiting_bytes + item.total > self.most_waiting_bytes:
                raise Busy(
                    f"{self.waiting_bytes} bytes wait for the disk",
                    retry_after=RETRY_AFTER_SECONDS,
                    hint="send the same again later",
                )
            self.waiting_bytes += item.total
            self.queue.append(item)
            self.changed.notify()
        return item.future

    def run(self) -> None:
        """Write group after group until the log is closed; whatever happens, nobody is left waiting."""
        group: list[Waiting] = []
        try:
            while group := self.take():
                self.write(group)
                group = []
        except BaseException:
            self.failure = StorageFailed("the log's writer has stopped", hint="restart")
            raise
        finally:
            with self.changed:
                self.closed = True
                left = [*group, *self.queue]
                self.queue.clear()
            for item in left:
                if not item.future.done():
                    item.future.set_exception(StorageFailed("the log's writer has stopped", hint="restart"))

    def take(self) -> list[Waiting]:
        """What waits, as much as one sync should carry; empty when the log is closed and all is done."""
        group: list[Waiting] = []
        size = 0
        with self.changed:
            while not group and self.changed.wait_for(lambda: self.queue or self.closed) and self.queue:
                while self.queue and len(group) < GROUP:
                    size += self.queue[0].total
                    if group and size > self.segment_bytes:
                        break
                    item = self.queue.popleft()
                    if item.future.set_running_or_notify_cancel():
                        group.append(item)
                    else:  # its caller went away before it was written
                        self.waiting_bytes -= item.total
        return group

    def write(self, group: list[Waiting]) -> None:
        """Make one group durable and answer each of its appends."""
        answers: list[Appended | ModelwatchError]
        try:
            if self.failure is not None:
                raise self.failure
            answers = self.tail.write(group)
        except StorageFull as full:
            answers = [again(full) for _ in group]
        except StorageFailed as failed:
            self.failure = failed
            answers = [again(failed) for _ in group]
        with self.changed:
            self.waiting_bytes -= sum(item.total for item in group)
        for item, answer in zip(group, answers, strict=True):
            if isinstance(answer, Appended):
                item.future.set_result(answer)
            else:
                item.future.set_exception(answer)

    def read(self, start: int, max_bytes: int) -> list[Stored]:
        """Durable records from `start` on. See `Readable.read`."""
        return self.reader.read(start, max_bytes)

    def first(self) -> int:
        """The position of the oldest record that was not released."""
        return self.reader.first()

    def end(self) -> int:
        """The position behind the newest durable record."""
        return self.reader.end()

    @property
    def damaged(self) -> tuple[Damage, ...]:
        """The ranges of positions that were found damaged and set aside."""
        return self.reader.damaged

    def release(self, before: int) -> None:
        """Delete the segments that lie wholly before that position; the newest one always stays."""
        self.reader.release(before)

    def close(self) -> None:
        """Make everything that waits durable, then let go of the folder. A second call does nothing."""
        with self.changed:
            self.closed = True
            self.changed.notify()
        self.writer.join()
        if self.lock >= 0:
            self.tail.close(keep=self.failure is None)
            self.reader.close()
            os.close(self.lock)
            self.lock = -1


def again(error: StorageFull | StorageFailed) -> StorageFull | StorageFailed:
    """The same error as a value of its own: one exception raised in many threads would mix up their tracebacks."""
    return type(error)(error.message, hint=error.hint)
