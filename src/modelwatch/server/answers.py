"""Answers that took seconds to find, kept for a minute; one is looked for at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from modelwatch.errors import Busy

Answer = TypeVar("Answer")

KEPT_US: Final = 60_000_000
MOST: Final = 64
"""Answers that are kept; each is some kilobytes."""
PATIENCE_S: Final = 20.0


class Answers:
    """The last answer to each question. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._held, self._looking = threading.Lock(), threading.Lock()

    def of(self, question: Hashable, now_us: int, find: Callable[[], Answer]) -> Answer:
        """The answer that is kept, else what `find` finds; raises `Busy` when others have been looking for long."""
        kept: tuple[Answer] | None = self._fresh(question, now_us)
        if kept is not None:
            return kept[0]
        if not self._looking.acquire(timeout=PATIENCE_S):
            raise Busy("other searches are going on", retry_after=PATIENCE_S, hint="ask again, or for a shorter range")
        try:
            kept = self._fresh(question, now_us)  # who waited for the same may find it here
            if kept is not None:
                return kept[0]
            found = find()
            with self._held:
                self._kept[question] = (now_us, found)
                self._kept.move_to_end(question)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
            return found
        finally:
            self._looking.release()

    def _fresh(self, question: Hashable, now_us: int) -> tuple[Any] | None:
        with self._held:
            kept = self._kept.get(question)
        return None if kept is None or not 0 <= now_us - kept[0] < KEPT_US else (kept[1],)
