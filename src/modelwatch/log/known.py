"""What the log has seen: sequences and keys together, kept across restarts by a snapshot and the segments after it."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any, Final

from modelwatch.core.wire import Identity, Keyed, Sequenced
from modelwatch.errors import CorruptData
from modelwatch.log.disk import Disk, replace_file
from modelwatch.log.keys import KEPT_US, MOST_IN_MEMORY, Keys
from modelwatch.log.quarantine import set_file_aside
from modelwatch.log.sequences import Sequences, Verdict, windows_from_json

SUFFIX: Final = ".snapshot"
SNAPSHOT_VERSION: Final = 1
GENERATIONS: Final = 2


class Known:
    """The identities of all records up to a place in the log; a decision stands only after `commit`.

    `position` is how far the snapshot reaches: at start, what follows is told again by `remember`.
    """

    def __init__(self, folder: Path, disk: Disk, most_keys_in_memory: int = MOST_IN_MEMORY) -> None:
        self.folder = folder
        self.disk = disk
        self.position = 0
        self.newest_us = 0
        self.keys = Keys(folder / "keys", disk, most_keys_in_memory)
        self.sequences = Sequences({})
        for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
            try:
                content = read_snapshot(path)
            except CorruptData:  # the generation before it, and more of the segments, say the same
                set_file_aside(folder, path)
                continue
            self.position = content["position"]
            self.sequences = Sequences(windows_from_json(content["producers"]))
            break

    def decide(self, identity: Identity | None, received_us: int) -> Verdict:
        """Whether a record of that identity is new, remembered at once so that the next decision knows it."""
        self.newest_us = max(self.newest_us, received_us)
        match identity:
            case None:
                return Verdict.NEW
            case Sequenced():
                return self.sequences.decide(identity, received_us)
            case Keyed():
                return self.keys.decide(identity, received_us)

    def commit(self) -> None:
        """What was decided is durable."""
        self.sequences.commit()
        self.keys.commit()

    def rollback(self) -> None:
        """Nothing since the last commit has happened."""
        self.sequences.rollback()
        self.keys.rollback()

    def remember(self, identity: Identity | None, received_us: int) -> None:
        """A record that was found in the log."""
        self.decide(identity, received_us)
        self.commit()

    def make_room(self) -> None:
        """Move the recent keys to a file when they are many; raises OSError and then has changed nothing."""
        if self.keys.crowded:
            self.keys.spill()

    def snapshot(self, position: int) -> None:
        """Keep all that is known about the log up to `position`, without what is older than 7 days."""
        self.keys.spill()
        self.keys.expire(self.newest_us - KEPT_US)
        self.sequences.forget(self.newest_us - KEPT_US)
        content = {"version": SNAPSHOT_VERSION, "position": position, "producers": self.sequences.to_json()}
        body = json.dumps(content, separators=(",", ":")).encode()
        replace_file(self.disk, self.folder / f"{position:020d}{SUFFIX}", [f"{zlib.crc32(body):08x}\n".encode(), body])
        self.position = position
        for path in sorted(self.folder.glob(f"*{SUFFIX}"))[:-GENERATIONS]:
            path.unlink()

    def close(self) -> None:
        """Let go of the files."""
        self.keys.close()


def read_snapshot(path: Path) -> dict[str, Any]:
    """A snapshot as it was written; raises `CorruptData`."""
    crc, _, body = path.read_bytes().partition(b"\n")
    if crc != f"{zlib.crc32(body):08x}".encode():
        raise CorruptData(f"{path} fails its checksum")
    content: dict[str, Any] = json.loads(body)
    if content["version"] != SNAPSHOT_VERSION:
        raise CorruptData(f"{path} is of a version that is not known here", hint="run the newer modelwatch again")
    return content
