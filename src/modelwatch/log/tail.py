"""The end of the log, where one thread adds groups of records: each group is written and synced as one."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from modelwatch.core.wire import SEQUENCE_WINDOW, Identity
from modelwatch.errors import ModelwatchError, StaleSequence, StorageFailed, StorageFull
from modelwatch.log import Appended
from modelwatch.log.disk import FULL, Disk, write_all
from modelwatch.log.known import Known
from modelwatch.log.published import PublishedEnd
from modelwatch.log.record import header, header_span, padding
from modelwatch.log.recovery import Recovered, begin_segment
from modelwatch.log.sequences import Verdict


@dataclass(frozen=True, slots=True)
class Waiting:
    """One append that waits for its turn, with all of its record that can be made before its position is known."""

    payload: tuple[memoryview, ...]
    payload_bytes: int
    payload_crc: int
    identity: Identity | None
    identity_kind: int
    identity_text: bytes
    received_us: int
    future: Future[Appended]

    @property
    def total(self) -> int:
        """The bytes that the record takes in its segment."""
        return header_span(len(self.identity_text)) + self.payload_bytes + padding(self.payload_bytes)

    def pieces(self, position: int) -> list[bytes | memoryview]:
        """The bytes of the record when it begins at `position`."""
        begin = header(
            self.identity_kind, self.identity_text, self.payload_bytes, self.payload_crc, self.received_us, position
        )
        return [begin, *self.payload, bytes(padding(self.payload_bytes))]


def storage_error(error: OSError) -> StorageFull | StorageFailed:
    """The disk's error as one of ours."""
    if error.errno in FULL:
        return StorageFull("the disk that holds the log is full", hint="make room; nothing needs a restart")
    return StorageFailed(
        f"the log could not be made durable: {error}", hint="check the disk, then restart: the log is read anew"
    )


class Tail:
    """The newest segment of the log, used by one thread only; `end` is what is durable."""

    def __init__(
        self,
        folder: Path,
        disk: Disk,
        known: Known,
        published: PublishedEnd,
        segment_bytes: int,
        recovered: Recovered,
    ) -> None:
        self.folder = folder
        self.disk = disk
        self.known = known
        self.published = published
        self.segment_bytes = segment_bytes
        self.file, self.base, self.end = recovered.file, recovered.base, recovered.end

    def write(self, group: list[Waiting]) -> list[Appended | ModelwatchError]:
        """Make a group durable and say what became of each, in order.

        Raises `StorageFull` when there is no room, having changed nothing, and `StorageFailed` when it is not known
        what is durable; after that nothing more may be written.
        """
        try:
            self.make_room(sum(item.total for item in group))
            answers, pieces, end = self.place(group)
            if pieces:
                write_all(self.disk, self.file, pieces, self.end - self.base)
                self.disk.sync(self.file)
        except OSError as error:
            self.known.rollback()
            if error.errno in FULL:
                self.cut_back()
            raise storage_error(error) from error
        self.known.commit()
        self.end = end
        self.published.set(end)
        return answers

    def make_room(self, wanted: int) -> None:
        """Begin a new segment when the group would make this one too large."""
        self.known.make_room()
        if self.end > self.base and self.end - self.base + wanted > self.segment_bytes:
            following = begin_segment(self.folder, self.disk, self.known, self.end)
            os.close(self.file)
            self.file, self.base = following.file, following.base

    def place(self, group: list[Waiting]) -> tuple[list[Appended | ModelwatchError], list[bytes | memoryview], int]:
        """Decide what becomes of each, and lay out the new ones: the answers, the bytes and where they will end."""
        answers: list[Appended | ModelwatchError] = []
        pieces: list[bytes | memoryview] = []
        at = self.end
        for item in group:
            match self.known.decide(item.identity, item.received_us):
                case Verdict.NEW:
                    answers.append(Appended(at, duplicate=False))
                    pieces += item.pieces(at)
                    at += item.total
                case Verdict.DUPLICATE:
                    answers.append(Appended(None, duplicate=True))
                case Verdict.STALE:
                    answers.append(
                        StaleSequence(
                            f"{item.identity} is behind its producer",
                            hint=f"sequences may be up to {SEQUENCE_WINDOW} out of order, and epochs only grow",
                        )
                    )
        return answers, pieces, at

    def cut_back(self) -> None:
        """Take back a group that did not fit, durably, so that no restart finds what was refused."""
        try:
            self.disk.truncate(self.file, self.end - self.base)
            self.disk.sync(self.file)
        except OSError as error:
            raise StorageFailed(
                f"the log could not be cut back after the disk was full: {error}", hint="make room, then restart"
            ) from error

    def close(self, keep: bool) -> None:
        """Let go of the files; with `keep` write a snapshot first, so that the next start need not scan."""
        try:
            if keep:
                self.known.snapshot(self.end)
        except OSError:  # the segments say the same, the next start only takes longer
            pass
        os.close(self.file)
        self.known.close()
        self.published.close()
