"""The rows that were not taken, each with its reason and, for the first ones, as it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from modelwatch.ingest.names import name_fault
from modelwatch.ingest.reason import Reason
from modelwatch.log import Rejection

MAX_RECORDS: Final = 1_000
"""Rejections of one request that keep their record; all are counted."""
MAX_RECORD_CHARACTERS: Final = 16_000


@dataclass(slots=True)
class Rejections:
    """Collects rejections; a record is a JSON text in ASCII, cut where it is endless."""

    rows: list[Rejection] = field(default_factory=list)

    def add(self, row: int, reason: Reason, detail: str, model: str, record: Callable[[], str]) -> None:
        """One more row; `record` is asked for the row's text only while there is room for it."""
        text = record() if len(self.rows) < MAX_RECORDS else ""
        known = model if model and name_fault(model) is None else ""
        self.rows.append(Rejection(row, reason.value, plain(detail), plain(known), plain(text)[:MAX_RECORD_CHARACTERS]))

    def all(self) -> tuple[Rejection, ...]:
        """Every rejection, in the order of the rows."""
        return tuple(self.rows)


def plain(text: str) -> str:
    """Text that every store takes: half surrogates and NULs are spelt out."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\u0000")
