"""A Delta log after a power cut: what was being written when it came may be torn, and was never relied on.

A commit counts only when its file is synced, so a torn newest one is a commit that nobody was told of; its caller
makes it again. A checkpoint repeats what the commits say, so a torn one can go.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

from modelwatch.lake.durable import sync

COMMIT: Final = re.compile(r"\d{20}\.json")
CHECKPOINT: Final = re.compile(r"\d{20}\.checkpoint.*\.parquet")
LAST: Final = "_last_checkpoint"


def mend(log: Path) -> list[str]:
    """Delete what is torn in a table's log folder; the names of what went. Only the table's writer may call it."""
    if not log.is_dir():
        return []
    names = sorted(path.name for path in log.iterdir())
    commits = [name for name in names if COMMIT.fullmatch(name)]
    torn = [name for name in commits[-1:] if not _is_json(log / name)]
    checkpoints = [name for name in names if CHECKPOINT.fullmatch(name) and not _is_parquet(log / name)]
    if checkpoints or (LAST in names and not _is_json(log / LAST)):
        torn += [*checkpoints, *(name for name in names if name == LAST)]
    for name in torn:
        (log / name).unlink()
    if torn:
        sync(log)
    return torn


def _is_json(path: Path) -> bool:
    text = path.read_bytes()
    try:
        return all(isinstance(json.loads(line), dict) for line in text.splitlines()) and bool(text.strip())
    except ValueError:
        return False


def _is_parquet(path: Path) -> bool:
    ends = path.read_bytes()
    return len(ends) > 12 and ends[:4] == ends[-4:] == b"PAR1"
