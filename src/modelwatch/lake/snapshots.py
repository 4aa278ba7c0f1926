"""What readers know of tables: the columns and files of each, read anew only when its log has grown."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from modelwatch.lake import delta
from modelwatch.lake.contract import TableKey

MOST_FILES: Final = 100_000
"""Files that are remembered of all tables together: some 60 MB."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table at one version; `stamp` tells the commit's file from that of a table made anew in the same folder."""

    version: int
    stamp: tuple[int, int]
    schema: pa.Schema
    files: tuple[delta.Held, ...]

    def is_newest(self, log: Path) -> bool:
        """True while no later commit stands in the log."""
        return stamp(log, self.version) == self.stamp and not commit_file(log, self.version + 1).exists()


class Snapshots:
    """The last snapshot of each table that was read, the one used longest ago forgotten first. Threads may share it."""

    def __init__(self) -> None:
        self._held: OrderedDict[Path, Snapshot] = OrderedDict()
        self._files = 0
        self._lock = threading.Lock()

    def of(self, folder: Path, table: TableKey) -> Snapshot | None:
        """The table in that folder as it is now, None when there is none."""
        log = folder / delta.LOG
        with self._lock:
            known = self._held.get(folder)
            if known is not None:
                self._held.move_to_end(folder)
        if known is not None and known.is_newest(log):
            return known
        handle = delta.open_table(folder)
        if handle is None:
            return None
        delta.check_names(handle, table)
        version = handle.version()
        found = Snapshot(version, stamp(log, version), delta.table_schema(handle), tuple(delta.files(handle)))
        self._keep(folder, found)
        return found

    def _keep(self, folder: Path, found: Snapshot) -> None:
        with self._lock:
            old = self._held.pop(folder, None)
            self._held[folder] = found
            self._files += len(found.files) - (0 if old is None else len(old.files))
            while self._files > MOST_FILES and len(self._held) > 1:
                self._files -= len(self._held.popitem(last=False)[1].files)


def commit_file(log: Path, version: int) -> Path:
    """The file of one commit."""
    return log / f"{version:020d}.json"


def stamp(log: Path, version: int) -> tuple[int, int]:
    """(inode, time of writing) of a commit's file; (-1, -1) where it is gone."""
    try:
        found = commit_file(log, version).stat()
    except FileNotFoundError:
        return -1, -1
    return found.st_ino, found.st_mtime_ns
