"""Who runs the checks: a queue and a thread of this process; a cluster has its own queue and workers.

The contract is small, because a check may run twice without harm: whatever is submitted runs at least once while the
runner is open, what is submitted again while it waits may be merged, and a check that fails harms no other.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from modelwatch.store.profiles import Series

Check = Callable[[Series], None]
Failed = Callable[[Series, Exception], None]


class Runner(Protocol):
    """Takes series that are due and has them checked."""

    def submit(self, series: Series) -> None:
        """Have the dirty windows of a series checked soon."""
        ...

    def drain(self) -> None:
        """Return when everything submitted so far has run."""
        ...

    def close(self) -> None:
        """Finish what is running, forget what waits: dirty windows stay dirty and are submitted again."""
        ...


class LocalRunner:
    """One thread of this process, first come, first served."""

    def __init__(self, check: Check, failed: Failed) -> None:
        self.check, self.failed = check, failed
        self.waiting: set[Series] = set()
        self.lock = threading.Lock()
        self.queue: queue.Queue[Series | None] = queue.Queue()
        self.thread = threading.Thread(target=self.run, name="modelwatch-checks", daemon=True)
        self.thread.start()

    def submit(self, series: Series) -> None:
        """Put a series into the queue, unless it waits there already."""
        with self.lock:
            if series in self.waiting:
                return
            self.waiting.add(series)
        self.queue.put(series)

    def run(self) -> None:
        """Work until closed."""
        while (series := self.queue.get()) is not None:
            with self.lock:
                self.waiting.discard(series)
            try:
                self.check(series)
            except Exception as error:  # the job boundary: one failing check must not stop the others
                self.failed(series, error)
            finally:
                self.queue.task_done()
        self.queue.task_done()

    def drain(self) -> None:
        """Return when everything submitted so far has run."""
        self.queue.join()

    def close(self) -> None:
        """Let the running check end and forget the rest."""
        while True:
            try:
                self.queue.get_nowait()
                self.queue.task_done()
            except queue.Empty:
                break
        self.queue.put(None)
        self.thread.join(timeout=60)
