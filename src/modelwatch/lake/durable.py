"""Files that survive a power cut: written aside, synced, renamed, and their folders synced."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def replace_file(path: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write a file aside, then put it at `path` whole and durable. The folder is not synced yet."""
    aside = path.with_name(f".{path.name}.part")
    try:
        fill(aside)
        sync(aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def make_folder(folder: Path, root: Path) -> None:
    """Make a folder below `root` and make each new link to it durable."""
    if folder == root or folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        return
    make_folder(folder.parent, root)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Flush a file's bytes or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
