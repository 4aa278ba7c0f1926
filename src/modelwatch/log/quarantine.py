"""The side folder in which damaged ranges of the log are kept and counted, one file each, named by its positions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from modelwatch.log.disk import Disk, make_folder, replace_file
from modelwatch.log.segment import Damage, read_at

NAME: Final = "damaged"
SUFFIX: Final = ".bytes"
MOST_KEPT: Final = 64 * 1024 * 1024
"""Bytes of one damaged range that are set aside; the rest is counted only."""


def set_aside(folder: Path, disk: Disk, file: int, base: int, damage: Damage) -> None:
    """Copy the bytes of a damaged range out of the segment; doing it again, in any process, changes nothing."""
    quarantine = folder / NAME
    make_folder(disk, quarantine)
    path = quarantine / f"{damage.start:020d}-{damage.end:020d}{SUFFIX}"
    if not path.exists():
        content = read_at(file, damage.start - base, min(damage.end - damage.start, MOST_KEPT))
        replace_file(disk, path, [content])


def set_file_aside(folder: Path, path: Path) -> None:
    """Move a whole side file that cannot be read into the quarantine, under its own name."""
    quarantine = folder / NAME
    quarantine.mkdir(exist_ok=True)
    path.replace(quarantine / path.name)


def damaged_ranges(folder: Path) -> list[Damage]:
    """All ranges that were ever set aside, ascending."""
    try:
        names = os.listdir(folder / NAME)
    except FileNotFoundError:
        return []
    stems = [name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)]
    return sorted(Damage(int(stem[:20]), int(stem[21:])) for stem in stems)
