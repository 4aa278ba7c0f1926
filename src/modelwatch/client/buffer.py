"""The rows between `log()` and their end, and the count of what became of each.

Always: logged = queued + sent + rejected + duplicate + dropped + failed + sampled_out.

The buffer is bounded. When it is full the **newest** row is dropped and counted: what was taken earlier may already be
on its way under a sequence number, an outage then leaves one gap instead of a thinned-out history, and refusing costs
the caller one comparison.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias

from modelwatch.client.batch import MAX_BATCH_ROWS, Batch
from modelwatch.client.row import Row

Item: TypeAlias = Row | Batch


@dataclass(frozen=True, slots=True)
class Stats:
    """What became of every row so far; `queued` ones are in memory, waiting or on their way.

    `sampled_out` rows are those that a sampler did not keep: others stand for them by their weight. `retried` counts
    requests, `coerced` values that were sent as text, or left out, because nothing else fits them.
    """

    logged: int
    queued: int
    sent: int
    rejected: int
    duplicate: int
    dropped: int
    failed: int
    sampled_out: int
    retried: int
    coerced: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of some rows that were on their way."""

    sent: int = 0
    rejected: int = 0
    duplicate: int = 0
    failed: int = 0
    error: str = ""

    @property
    def rows(self) -> int:
        """How many rows this settles."""
        return self.sent + self.rejected + self.duplicate + self.failed


class Buffer:
    """A first-in first-out queue of single rows and of whole batches, safe for many writers and one reader.

    `add` takes no lock: appending to a deque and reading its length are atomic. So several threads at once may go
    over the bound by a row each.
    """

    def __init__(self, max_rows: int) -> None:
        self.wake = threading.Event()
        self.max_rows = max_rows
        self._items: deque[Item] = deque()
        self._room = max_rows
        self._changed = threading.Condition()
        self._held = 0
        self._in_batches = 0
        self._settled = 0
        self._open = True
        self._dropped = 0
        self._dropped_of: Counter[str] = Counter()
        self._sampled_out = count()
        self._sampled_out_of_frames = 0
        self._done = Outcome()
        self._retried = 0
        self._coerced = 0
        self._error: str | None = None

    def add(self, row: Row) -> bool:
        """Takes the row, or counts it as dropped."""
        waiting = len(self._items)
        if waiting >= self._room:
            self.drop(1, None, str(row[1]))
            return False
        self._items.append(row)
        if waiting % MAX_BATCH_ROWS == MAX_BATCH_ROWS - 1:
            self.wake.set()
        return True

    def add_batch(self, batch: Batch) -> bool:
        """Waits until there is room for the whole batch; when the buffer is closed its rows are dropped instead."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._open or self._queued() + batch.rows <= max(self.max_rows, batch.rows)
            )
            if not self._open:
                self._dropped += batch.rows
                self._dropped_of[batch.key.model] += batch.rows
                return False
            self._items.append(batch)
            self._in_batches += batch.rows - 1
            self._coerced += batch.coerced
            self._measure()
        self.wake.set()
        return True

    def take(self, limit: int) -> list[Item]:
        """The oldest items, at most `limit`; they stay counted as queued until they are settled."""
        with self._changed:
            items = [self._items.popleft() for _ in range(min(limit, len(self._items)))]
            in_batches = sum(item.rows - 1 for item in items if isinstance(item, Batch))
            self._in_batches -= in_batches
            self._held += len(items) + in_batches
            self._measure()
        return items

    @property
    def held(self) -> int:
        """Rows that were taken and are not settled yet."""
        return self._held

    def settle(self, outcome: Outcome) -> None:
        """Counts what became of rows that were taken, which makes room for others."""
        with self._changed:
            if outcome.error:
                self._error = outcome.error
            if not self._held:
                return  # closed meanwhile: they were counted as dropped
            done = self._done
            self._done = Outcome(
                done.sent + outcome.sent,
                done.rejected + outcome.rejected,
                done.duplicate + outcome.duplicate,
                done.failed + outcome.failed,
            )
            self._held -= outcome.rows
            self._settled += outcome.rows
            self._measure()
            self._changed.notify_all()

    def drop(self, rows: int, error: str | None, model: str) -> None:
        """Counts rows of a model that never came in."""
        with self._changed:
            self._dropped += rows
            self._dropped_of[model] += rows
            self._error = error or self._error

    def dropped_of(self, model: str) -> int:
        """How many rows of a model were dropped so far."""
        with self._changed:
            return self._dropped_of[model]

    def sample_out(self, rows: int | None = None) -> None:
        """Counts one row, or `rows` of a frame, that a sampler did not keep."""
        if rows is None:
            next(self._sampled_out)  # atomic: most calls of `log` may end here, and none takes a lock
            return
        with self._changed:
            self._sampled_out_of_frames += rows

    def reject(self, rows: int, error: str) -> None:
        """Counts rows that never came in because no server could take them."""
        with self._changed:
            self._done = replace(self._done, rejected=self._done.rejected + rows)
            self._error = error

    def note_retry(self, error: str) -> None:
        """Counts a request that has to be sent again."""
        with self._changed:
            self._retried += 1
            self._error = error

    def note_coerced(self, values: int) -> None:
        """Counts values that were changed to fit."""
        with self._changed:
            self._coerced += values

    def wait_settled(self, timeout: float | None) -> bool:
        """Waits until all rows that are in the buffer now are settled; False when time runs out before."""
        with self._changed:
            mark = self._settled + self._queued()
            self._changed.wait_for(lambda: not self._open or self._settled >= mark, timeout)
            return self._settled >= mark

    def close(self) -> int:
        """Takes no more rows and drops those that are left; says how many those were."""
        with self._changed:
            self._open = False
            self._room = 0
            left = self._held + self._in_batches
            while self._items:
                self._items.popleft()
                left += 1
            self._held = self._in_batches = 0
            self._dropped += left
            self._changed.notify_all()
        return left

    def stats(self) -> Stats:
        """A consistent count of everything so far."""
        with self._changed:
            queued, done, dropped = self._queued(), self._done, self._dropped
            # a count shows where it stands without moving on
            sampled_out = int(repr(self._sampled_out)[6:-1]) + self._sampled_out_of_frames
            return Stats(
                logged=queued + done.rows + dropped + sampled_out,
                queued=queued,
                sent=done.sent,
                rejected=done.rejected,
                duplicate=done.duplicate,
                dropped=dropped,
                failed=done.failed,
                sampled_out=sampled_out,
                retried=self._retried,
                coerced=self._coerced,
                last_error=self._error,
            )

    def _queued(self) -> int:
        return len(self._items) + self._in_batches + self._held

    def _measure(self) -> None:
        self._room = self.max_rows - self._held - self._in_batches if self._open else 0
