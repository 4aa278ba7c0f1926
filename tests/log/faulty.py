"""A disk that fails when it is told to, and the plainest way to read a whole log."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from modelwatch.log import Readable
from modelwatch.log.disk import Disk


@dataclass
class FaultyDisk:
    """Room for so many more bytes, and errors that the next calls raise, by the name of the call."""

    room: int | None = None
    errors: dict[str, list[int]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def called(self, name: str) -> None:
        self.calls.append(name)
        if self.errors.get(name):
            code = self.errors[name].pop(0)
            if code:
                raise OSError(code, os.strerror(code))

    def write(self, file: int, pieces: Sequence[bytes | memoryview], offset: int) -> int:
        """Like a real disk that fills up: it takes what fits, then nothing."""
        self.called("write")
        if self.room is None:
            return os.pwritev(file, pieces, offset)
        content = b"".join(pieces)[: self.room]
        if not content:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= len(content)
        return os.pwritev(file, [content], offset)

    def sync(self, file: int) -> None:
        self.called("sync")
        os.fdatasync(file)

    def truncate(self, file: int, length: int) -> None:
        self.called("truncate")
        os.ftruncate(file, length)

    def sync_folder(self, folder: int) -> None:
        self.called("sync_folder")
        os.fsync(folder)

    @property
    def disk(self) -> Disk:
        return Disk(self.write, self.sync, self.truncate, self.sync_folder)


def everything(log: Readable, start: int | None = None) -> list[bytes]:
    """All payloads from a position on."""
    at = log.first() if start is None else start
    found: list[bytes] = []
    while records := log.read(at, 1 << 20):
        at = records[-1].next
        found += [bytes(record.payload) for record in records]
    return found


def newest_segment(folder: Path) -> Path:
    return max(folder.glob("*.segment"))


def flip(path: Path, place: int, mask: int = 0x10) -> None:
    """Change bits of one byte of a file, in place."""
    content = bytearray(path.read_bytes())
    content[place] ^= mask
    path.write_bytes(content)


def cut(path: Path, length: int) -> None:
    """Leave only the beginning of a file."""
    path.write_bytes(path.read_bytes()[:length])
