"""Which batches of which producers are in the log already, though they may come out of order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from modelwatch.core.wire import SEQUENCE_WINDOW, Sequenced

MASK: Final = (1 << SEQUENCE_WINDOW) - 1
MOST_PRODUCERS: Final = 200_000
"""Producers remembered at most; beyond it those silent for longest are forgotten before their time."""


class Verdict(Enum):
    """What the log does with an append."""

    NEW = auto()
    DUPLICATE = auto()
    STALE = auto()


@dataclass(frozen=True, slots=True)
class Window:
    """The newest sequence of one producer's epoch; bit i of `seen` says that `highest - i` is in the log."""

    epoch: int
    highest: int
    seen: int
    last_us: int


def judge(window: Window | None, batch: Sequenced, received_us: int) -> tuple[Verdict, Window]:
    """What becomes of a batch, and its producer's window afterwards.

    >>> _, window = judge(None, Sequenced("a", 1, 5), 0)
    >>> verdict, window = judge(window, Sequenced("a", 1, 3), 0)
    >>> verdict, judge(window, Sequenced("a", 1, 3), 0)[0], judge(window, Sequenced("a", 0, 6), 0)[0]
    (<Verdict.NEW: 1>, <Verdict.DUPLICATE: 2>, <Verdict.STALE: 3>)
    """
    if window is None or batch.epoch > window.epoch:
        return Verdict.NEW, Window(batch.epoch, batch.sequence, 1, received_us)
    last_us = max(window.last_us, received_us)
    if batch.epoch < window.epoch:
        return Verdict.STALE, window
    ahead = batch.sequence - window.highest
    if ahead > 0:
        # a jump beyond the window leaves nothing of it; shifting by so much would only cost memory
        seen = (window.seen << ahead) & MASK if ahead < SEQUENCE_WINDOW else 0
        return Verdict.NEW, Window(window.epoch, batch.sequence, seen | 1, last_us)
    if ahead <= -SEQUENCE_WINDOW:
        return Verdict.STALE, window
    if window.seen >> -ahead & 1:
        return Verdict.DUPLICATE, window
    return Verdict.NEW, Window(window.epoch, window.highest, window.seen | 1 << -ahead, last_us)


class Sequences:
    """The windows of all producers, those heard of last at the end; a decision stands only after `commit`."""

    def __init__(self, windows: dict[str, Window], most: int = MOST_PRODUCERS) -> None:
        self.windows = windows
        self.most = most
        self.before: dict[str, Window | None] = {}

    def decide(self, batch: Sequenced, received_us: int) -> Verdict:
        """What becomes of the batch, remembered at once so that the next decision knows it."""
        window = self.windows.get(batch.producer)
        verdict, after = judge(window, batch, received_us)
        if verdict is Verdict.NEW:
            self.before.setdefault(batch.producer, window)
            self.windows.pop(batch.producer, None)
            self.windows[batch.producer] = after
        return verdict

    def commit(self) -> None:
        """What was decided is durable."""
        self.before.clear()
        while len(self.windows) > self.most:
            del self.windows[next(iter(self.windows))]

    def rollback(self) -> None:
        """Nothing since the last commit has happened."""
        for producer, window in self.before.items():
            if window is None:
                del self.windows[producer]
            else:
                self.windows[producer] = window
        self.before.clear()

    def forget(self, before_us: int) -> None:
        """Forget the producers that were last heard of before that time."""
        idle = [producer for producer, window in self.windows.items() if window.last_us < before_us]
        for producer in idle:
            del self.windows[producer]

    def to_json(self) -> list[list[str | int]]:
        """Plain values for the snapshot."""
        return [[name, w.epoch, w.highest, f"{w.seen:x}", w.last_us] for name, w in self.windows.items()]


def windows_from_json(rows: Iterable[list[str | int]]) -> dict[str, Window]:
    """The windows that `Sequences.to_json` wrote."""
    return {
        str(name): Window(int(epoch), int(highest), int(str(seen), 16), int(last_us))
        for name, epoch, highest, seen, last_us in rows
    }
