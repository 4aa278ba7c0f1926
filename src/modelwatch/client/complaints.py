"""What the client says through `logging`: each kind of trouble at most once a minute, and never to the caller."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

QUIET_S = 60.0


class Complaints:
    """Warnings of the logger `modelwatch.client`, rate limited by kind; only ever called from the sender or at exit."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}
        self._dropped = 0

    def say(self, kind: str, message: str) -> None:
        """Logs the message unless one of that kind was logged within the last minute."""
        with self._lock:
            now = self._monotonic()
            if now - self._said.get(kind, -QUIET_S) < QUIET_S:
                self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
                return
            self._said[kind] = now
            unsaid = self._unsaid.pop(kind, 0)
        import logging

        more = f" ({unsaid} more like this since the last one)" if unsaid else ""
        logging.getLogger("modelwatch.client").warning("modelwatch: %s%s", message, more)

    def dropped(self, total: int) -> None:
        """Says that rows were dropped, when there are more than the last time."""
        if total > self._dropped:
            self.say("dropped", f"the buffer is full: {total - self._dropped} of the newest rows were dropped")
            self._dropped = total
