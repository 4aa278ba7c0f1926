"""Threads that work on several things at once, and on each thing once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

T = TypeVar("T")


class AtWork(Generic[T]):
    """`work` is called for each thing that is begun; it must end by itself and raise nothing."""

    def __init__(self, work: Callable[[T], None], key: Callable[[T], object], threads: int, name: str) -> None:
        self.work, self.key = work, key
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self.busy: dict[object, Future[None]] = {}
        self.lock = threading.Lock()
        self.closing = threading.Event()

    def __contains__(self, key: object) -> bool:
        return key in self.busy

    def begin(self, things: Iterable[T]) -> int:
        """Set to work on what nobody is at; returns how many things."""
        with self.lock:
            fresh = {self.key(each): each for each in things if self.key(each) not in self.busy}
            if self.closing.is_set():
                return 0
            for key, each in fresh.items():
                self.busy[key] = self.pool.submit(self.run, key, each)
        return len(fresh)

    def run(self, key: object, thing: T) -> None:
        """Work on one thing."""
        try:
            self.work(thing)
        finally:
            with self.lock:
                self.busy.pop(key, None)

    def settle(self) -> None:
        """Return when nothing is under way."""
        while running := list(self.busy.values()):
            wait(running)

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        with self.lock:
            self.closing.set()
        self.pool.shutdown(wait=True)
