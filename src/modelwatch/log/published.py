"""How far the log is durable, told by the writer to readers in other processes through a mapped file of 24 bytes.

The file is never synced: after a power loss it may say less than is there, never more, and the writer says it anew
once it has scanned and synced the segments.
"""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Final

NAME: Final = "end"
MARK: Final = int.from_bytes(b"MWEND\x00\x00\x01", "little")
SIZE: Final = 24


class PublishedEnd:
    """The durable end of one log folder, shared between processes; one of them writes."""

    def __init__(self, mapped: mmap.mmap) -> None:
        self.mapped = mapped
        self.words = memoryview(mapped).cast("Q")

    def get(self) -> int:
        """The durable end; 0 before the first writer has said one.

        It stands there twice: the smaller one is right when the writer died between the two, or when a bit fell over.
        """
        return min(self.words[1], self.words[2]) if self.words[0] == MARK else 0

    def set(self, position: int) -> None:
        """Say the durable end; each store is of one aligned word, so that no reader sees half of it."""
        self.words[1] = position
        self.words[2] = position
        self.words[0] = MARK

    def close(self) -> None:
        """Let go of the file."""
        self.words.release()
        self.mapped.close()


def open_for_reading(folder: Path) -> PublishedEnd | None:
    """The published end of a folder, or None when no writer has been there yet."""
    try:
        file = os.open(folder / NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if os.fstat(file).st_size < SIZE:
            return None
        return PublishedEnd(mmap.mmap(file, SIZE, prot=mmap.PROT_READ))
    finally:
        os.close(file)


def open_for_writing(folder: Path) -> PublishedEnd:
    """The published end of a folder, made when it is not there; what it said before still stands."""
    file = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        if os.fstat(file).st_size != SIZE:
            os.ftruncate(file, SIZE)
        os.posix_fallocate(file, 0, SIZE)
        return PublishedEnd(mmap.mmap(file, SIZE))
    finally:
        os.close(file)
