"""How far the demo has come in a data folder, so that a second run goes on and a third has nothing left to do."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

FILE: Final = "demo.json"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """What the server has acknowledged: the reference, and every day up to and with `day` (ISO, '' for none).

    `auc` and `seconds` are what the finished demo says of itself; `complete` is true only then.
    """

    reference: bool = False
    day: str = ""
    complete: bool = False
    predictions: int = 0
    actuals: int = 0
    rejected: int = 0
    seconds: float = 0.0
    auc: dict[str, float] = field(default_factory=dict)


def read(folder: Path) -> Kept:
    """What the folder's marker says; nothing is done when there is none, or one of another version."""
    try:
        stored = json.loads((folder / FILE).read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return Kept()
    if stored.pop("version", None) != VERSION:
        return Kept()
    return Kept(**stored)


def write(folder: Path, kept: Kept) -> None:
    """Replaces the marker as a whole, so that a crash leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{FILE}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"version": VERSION, **asdict(kept)}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
