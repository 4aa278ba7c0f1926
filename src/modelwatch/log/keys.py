"""Which idempotency keys were used within the last 7 days: recent ones in memory, older ones in sorted files.

An entry is 24 bytes: a 16-byte digest of the key and the time of arrival, big-endian, so that sorting bytes sorts both.
A file is an 8-byte mark, the time of its newest entry, a CRC-32 of that and the rest, and then the entries.
"""

from __future__ import annotations

import errno
import hashlib
import mmap
import os
import struct
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Keyed
from modelwatch.log.disk import Disk, make_folder, replace_file
from modelwatch.log.quarantine import set_file_aside
from modelwatch.log.sequences import Verdict

KEPT_US: Final = 7 * DAY_US
MOST_IN_MEMORY: Final = 65_536
MOST_IN_FILE: Final = 1_048_576
SUFFIX: Final = ".keys"
HEAD: Final = struct.Struct(">8sqI4x")
MARK: Final = b"MWKEYS\x00\x01"
DIGEST_BYTES: Final = 16
TIME: Final = struct.Struct(">q")
ENTRY_BYTES: Final = DIGEST_BYTES + TIME.size


def digest(key: Keyed) -> bytes:
    """What is kept of a key."""
    return hashlib.blake2b(key.key.encode(), digest_size=DIGEST_BYTES).digest()


def checksum(newest_us: int, entries: bytes | memoryview) -> int:
    """The CRC-32 of what a file of keys says."""
    return zlib.crc32(entries, zlib.crc32(TIME.pack(newest_us)))


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One sorted file of keys, mapped; `number` orders the files by age."""

    path: Path
    number: int
    newest_us: int
    count: int
    data: mmap.mmap

    def entry(self, index: int) -> bytes:
        """The entry at that place."""
        start = HEAD.size + index * ENTRY_BYTES
        return self.data[start : start + ENTRY_BYTES]

    def newest(self, wanted: bytes) -> int | None:
        """The latest arrival of a digest, or None."""
        index = bisect_left(range(self.count), wanted + b"\xff" * TIME.size, key=self.entry) - 1
        if index < 0 or not (found := self.entry(index)).startswith(wanted):
            return None
        arrived: int = TIME.unpack_from(found, DIGEST_BYTES)[0]
        return arrived


def open_key_file(path: Path) -> KeyFile | None:
    """A file of keys, checked; None when it is damaged."""
    file = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(file).st_size
        if size < HEAD.size + ENTRY_BYTES or (size - HEAD.size) % ENTRY_BYTES:
            return None
        data = mmap.mmap(file, size, prot=mmap.PROT_READ)
    finally:
        os.close(file)
    mark, newest_us, crc = HEAD.unpack_from(data)
    with memoryview(data) as view, view[HEAD.size :] as entries:
        sound = mark == MARK and checksum(newest_us, entries) == crc
    if not sound:
        data.close()
        return None
    return KeyFile(path, int(path.stem), newest_us, (size - HEAD.size) // ENTRY_BYTES, data)


class Keys:
    """The keys of one log; a decision stands only after `commit`."""

    def __init__(self, folder: Path, disk: Disk, most_in_memory: int = MOST_IN_MEMORY) -> None:
        self.folder = folder
        self.disk = disk
        self.most_in_memory = most_in_memory
        self.recent: dict[bytes, int] = {}
        self.undecided: dict[bytes, int] = {}
        self.files: list[KeyFile] = []
        make_folder(disk, folder)
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            if (file := open_key_file(path)) is None:
                set_file_aside(folder.parent, path)
            else:
                self.files.append(file)

    def decide(self, key: Keyed, received_us: int) -> Verdict:
        """Whether the key was used within the last 7 days; if not, it is from now on."""
        wanted = digest(key)
        if self.used(wanted, received_us):
            return Verdict.DUPLICATE
        self.undecided[wanted] = received_us
        return Verdict.NEW

    def used(self, wanted: bytes, received_us: int) -> bool:
        """True when the digest arrived less than 7 days before."""
        for held in (self.undecided, self.recent):
            arrived = held.get(wanted)
            if arrived is not None and received_us - arrived < KEPT_US:
                return True
        found = (file.newest(wanted) for file in self.files if received_us - file.newest_us < KEPT_US)
        return any(arrived is not None and received_us - arrived < KEPT_US for arrived in found)

    def commit(self) -> None:
        """What was decided is durable."""
        self.recent.update(self.undecided)
        self.undecided.clear()

    def rollback(self) -> None:
        """Nothing since the last commit has happened."""
        self.undecided.clear()

    @property
    def crowded(self) -> bool:
        """True when the recent keys should go to a file before more come."""
        return len(self.recent) >= self.most_in_memory

    def spill(self) -> None:
        """Write the recent keys to a sorted file, joined with the files before it that are not much larger."""
        if not self.recent:
            return
        entries = [wanted + TIME.pack(arrived) for wanted, arrived in self.recent.items()]
        newest_us = max(self.recent.values())
        joined: list[KeyFile] = []
        # halving sizes keep the number of files logarithmic, and each entry is rewritten as seldom
        while self.files and self.files[-1].count <= 2 * len(entries) <= MOST_IN_FILE:
            joined.append(self.files.pop())
            entries += [joined[-1].entry(index) for index in range(joined[-1].count)]
            newest_us = max(newest_us, joined[-1].newest_us)
        number = 1 + max((file.number for file in (*self.files, *joined)), default=0)
        path = self.folder / f"{number:020d}{SUFFIX}"
        entries.sort()
        content = b"".join(entries)
        try:
            replace_file(self.disk, path, [HEAD.pack(MARK, newest_us, checksum(newest_us, content)), content])
            if (written := open_key_file(path)) is None:
                raise OSError(errno.EIO, "what was just written reads differently", str(path))
        except OSError:
            self.files += reversed(joined)
            raise
        self.files.append(written)
        self.recent.clear()
        for file in joined:
            self.drop(file)

    def expire(self, before_us: int) -> None:
        """Delete the files whose newest key arrived before that time."""
        for file in [file for file in self.files if file.newest_us < before_us]:
            self.files.remove(file)
            self.drop(file)

    def drop(self, file: KeyFile) -> None:
        """Delete one file."""
        file.data.close()
        file.path.unlink()

    def close(self) -> None:
        """Let go of the files."""
        for file in self.files:
            file.data.close()
        self.files.clear()
