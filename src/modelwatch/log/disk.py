"""The few calls by which the log touches the disk, in one value, so that a test can hand in a disk that fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IOV_MAX: Final = 1_024
PARTIAL: Final = ".partial"
FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Disk:
    """The calls that make something durable; each raises OSError as `os` does."""

    write: Callable[[int, Sequence[bytes | memoryview], int], int] = os.pwritev
    sync: Callable[[int], None] = os.fdatasync
    truncate: Callable[[int, int], None] = os.ftruncate
    sync_folder: Callable[[int], None] = os.fsync


def write_all(disk: Disk, file: int, pieces: Sequence[bytes | memoryview], offset: int) -> None:
    """Write all the pieces one after the other, however often the disk takes only a part of them."""
    views = [memoryview(piece).cast("B") for piece in pieces]
    first = 0
    while first < len(views):
        written = disk.write(file, views[first : first + IOV_MAX], offset)
        offset += written
        while first < len(views) and written >= views[first].nbytes:
            written -= views[first].nbytes
            first += 1
        if written:
            views[first] = views[first][written:]


def sync_folder(disk: Disk, folder: Path) -> None:
    """Make the names in a folder durable: a synced file whose name is not synced can be gone after a power loss."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        disk.sync_folder(handle)
    finally:
        os.close(handle)


def make_folder(disk: Disk, folder: Path) -> None:
    """Make a folder, and those above it, so that they are still there after a power loss."""
    if not folder.is_dir():
        make_folder(disk, folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(disk, folder.parent)


def replace_file(disk: Disk, path: Path, content: Sequence[bytes | memoryview]) -> None:
    """Write a whole file so that after a crash it is there completely or not at all."""
    partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640)
    try:
        write_all(disk, handle, content, 0)
        disk.sync(handle)
    except OSError:
        partial.unlink()
        raise
    finally:
        os.close(handle)
    partial.replace(path)
    sync_folder(disk, path.parent)
