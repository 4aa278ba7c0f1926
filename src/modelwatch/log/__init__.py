"""The durable ordered log between ingest and fold: what is acknowledged is on the disk, once, in one order.

A position is a byte offset that only grows; positions are kept by their users (the fold commits one with its
profiles), never by the log. `entry` says what one record holds, `embedded` is the log in a local folder and
`reader` reads that folder from another process.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from modelwatch.core.wire import Identity


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was not taken: its number in the request, a reason code, a sentence, its model and itself as JSON."""

    row: int
    reason: str
    detail: str
    model: str
    record: str


@dataclass(frozen=True, slots=True)
class Appended:
    """The answer to an append: where the record begins, or None for a duplicate of one that is already durable."""

    position: int | None
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """One record as it was appended; the following one begins at `next` unless a damaged range lies between."""

    position: int
    next: int
    payload: memoryview


class Readable(Protocol):
    """What a consumer needs of a log, possibly one that another process writes."""

    def read(self, start: int, max_bytes: int) -> list[Stored]:
        """Durable records from `start` on, whole, at least one when there is one, else `max_bytes` at most.

        Empty at the end. Raises `NotFound` when `start` lies in what was released.
        """

    def first(self) -> int:
        """The position of the oldest record that was not released."""

    def end(self) -> int:
        """The position behind the newest durable record."""

    def release(self, before: int) -> None:
        """Drop what lies before that position, in whole segments; the newest segment stays."""


class Log(Readable, Protocol):
    """A log that can be appended to; one process at a time holds it."""

    def append(
        self, payload: Sequence[bytes | memoryview], identity: Identity | None, received_us: int
    ) -> Future[Appended]:
        """Append the joined parts as one record; the future is done when the record is durable.

        The parts must not change until then. Records with the same identity are kept once. The future raises
        `StaleSequence`, `StorageFull` or `StorageFailed`; the call itself raises `Busy` when too much is waiting.
        """

    def close(self) -> None:
        """Make everything that waits durable, then let go of the log."""
