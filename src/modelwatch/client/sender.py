"""Takes rows from the buffer, makes batches of them and sends each until the server has answered for it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from random import random as uniform
from typing import TypeAlias

from modelwatch.client.arrow_stream import encode
from modelwatch.client.batch import MAX_BATCH_BYTES, Batch, build, by_key, metadata
from modelwatch.client.buffer import Buffer, Item, Outcome
from modelwatch.client.complaints import Complaints
from modelwatch.client.retry import Action, backoff, judge, retry_after
from modelwatch.client.row import Key, Row, complaint, key
from modelwatch.client.transport import HttpTransport, Request, Response, Transport
from modelwatch.core.wire import ARROW_STREAM, Sequenced

TAKE = 10_000
"""Items taken at a time: enough to fill batches when the rows of several models are mixed."""
WORK_S = 0.001
BREATH_S = 20e-6
"""The sender gives way for so long after each `WORK_S` of work: left alone, Python would let it run on for 5 ms."""

Wait: TypeAlias = Callable[[threading.Event, float], bool]
"""Waits for the event for so many seconds and says whether it came: `threading.Event.wait`, but for tests."""


class Sender:
    """One producer: its batches are numbered from 1, and a batch keeps its number however often it is sent."""

    def __init__(
        self,
        buffer: Buffer,
        transport: Transport,
        *,
        producer: str,
        complaints: Complaints,
        wait: Wait = threading.Event.wait,
        random: Callable[[], float] = uniform,
        now_s: Callable[[], float] = time.time,
        breathe: Callable[[], object] | None = None,
    ) -> None:
        self._buffer = buffer
        self._transport = transport
        self._producer = producer
        self._complaints = complaints
        self._wait = wait
        self._random = random
        self._now_s = now_s
        self._breathe = breathe or pace()
        self._sequence = 0
        self._stopped = threading.Event()
        self._hurried = threading.Event()

    def run(self, flush_interval: float) -> None:
        """Sends what is there whenever a batch is full or `flush_interval` seconds have gone by, until stopped."""
        while not self._stopped.is_set():
            self._wait(self._buffer.wake, flush_interval)
            self._buffer.wake.clear()
            self.drain()
        if isinstance(self._transport, HttpTransport):
            self._transport.close()

    def drain(self) -> None:
        """Sends until the buffer is empty, or until stopped."""
        while not self._stopped.is_set() and (items := self._buffer.take(TAKE)):
            self._complaints.dropped(self._buffer.stats().dropped)
            try:
                self._send_items(items)
            except Exception as error:  # the boundary of the sender: its thread outlives whatever happens in it
                self._settle(Outcome(failed=self._buffer.held, error=f"the client failed: {error!r}"))

    def hurry(self) -> None:
        """Sends now: ends the wait for more rows, and the present back-off unless the server asked for it."""
        self._hurried.set()
        self._buffer.wake.set()

    def stop(self) -> None:
        """Ends `run` and `drain` before their next request; what is unsent stays in the buffer's count."""
        self._stopped.set()
        self.hurry()

    def _send_items(self, items: Sequence[Item]) -> None:
        for start, group in by_key([item for item in items if not isinstance(item, Batch)]):
            self._send_rows(key(start), group)
        for item in items:
            if isinstance(item, Batch):
                self._send(item, ())

    def _send_rows(self, batch_key: Key | None, rows: Sequence[Row]) -> None:
        good = [row for row in rows if not complaint(row)] if _doubtful(batch_key, rows) else rows
        if bad := len(rows) - len(good):
            reason = next(filter(None, map(complaint, rows)))
            self._settle(Outcome(rejected=bad, error=f"{bad} rows cannot be sent: {reason}"))
        waiting = deque([good] if good else [])
        while waiting and batch_key is not None and not self._stopped.is_set():
            part = waiting.popleft()
            try:
                batch = build(batch_key, part, self._breathe)
            except Exception as error:  # one row that cannot be encoded must not sink the others
                if len(part) == 1:
                    self._settle(Outcome(failed=1, error=f"a row cannot be encoded: {error!r}"))
                    continue
                waiting.extendleft(reversed(_halves(part)))
                continue
            if batch.size > MAX_BATCH_BYTES and len(part) > 1:
                waiting.extendleft(reversed(_halves(part)))
                continue
            self._buffer.note_coerced(batch.coerced)
            waiting.extendleft(reversed(self._send(batch, part)))

    def _send(self, batch: Batch, rows: Sequence[Row]) -> list[Sequence[Row]]:
        """Sends until there is an answer that counts; gives back the halves of rows that were too much at once."""
        self._sequence += 1
        identity = Sequenced(self._producer, 0, self._sequence)
        dropped = self._buffer.dropped_of(batch.key.model)
        body = encode(batch.columns, metadata(batch.key, identity, dropped))
        request = Request("POST", f"/api/v1/{batch.key.kind}", {"Content-Type": ARROW_STREAM}, body)
        attempt = 0
        while not self._stopped.is_set():
            attempt += 1
            try:
                response = self._transport(request)
            except Exception as error:  # whatever a transport does, the rows stay until the server has them
                self._again(f"{type(error).__name__}: {error}", attempt, None)
                continue
            verdict = judge(response, batch.rows, attempt)
            match verdict.action:
                case Action.RETRY:
                    self._again(verdict.reason, attempt, response)
                case Action.SPLIT if len(rows) > 1:
                    return _halves(rows)
                case Action.SPLIT:
                    self._settle(Outcome(failed=batch.rows, error=verdict.reason))
                    return []
                case Action.SETTLE:
                    self._settle(verdict.outcome)
                    return []
        return []

    def _again(self, reason: str, attempt: int, response: Response | None) -> None:
        self._buffer.note_retry(reason)
        self._complaints.say("retry", f"no batch gets through, trying on: {reason}")
        asked = retry_after(response.retry_after, self._now_s()) if response is not None else None
        delay = backoff(attempt, self._random)
        if asked is not None:
            self._wait(self._stopped, asked + min(delay, 1.0))
        else:
            self._wait(self._hurried, delay)
        self._hurried.clear()

    def _settle(self, outcome: Outcome) -> None:
        self._buffer.settle(outcome)
        if outcome.error:
            self._complaints.say("lost", f"{outcome.rejected + outcome.failed} rows were not taken: {outcome.error}")


def pace(
    clock: Callable[[], float] = time.perf_counter, sleep: Callable[[float], None] = time.sleep
) -> Callable[[], None]:
    """A function to be called often during long work, which lets other threads run once in a millisecond."""
    rested = clock()

    def breathe() -> None:
        nonlocal rested
        if clock() - rested > WORK_S:
            sleep(BREATH_S)
            rested = clock()

    return breathe


def _doubtful(batch_key: Key | None, rows: Sequence[Row]) -> bool:
    """True when a row might have to be left out; cheap where, as usual, no row comes with something strange."""
    if batch_key is None:
        return True
    return {type(row[4]) for row in rows} != {str} or any(row[6] is not None or not row[4] for row in rows)


def _halves(rows: Sequence[Row]) -> list[Sequence[Row]]:
    middle = len(rows) // 2
    return [rows[:middle], rows[middle:]]
