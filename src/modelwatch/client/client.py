"""The verbs: what a service calls to have its predictions watched."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sized
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

from modelwatch.client import forks
from modelwatch.client import row as rows
from modelwatch.client.buffer import Buffer, Stats
from modelwatch.client.complaints import Complaints
from modelwatch.client.ids import Ids
from modelwatch.client.plain import text
from modelwatch.client.roles import prediction_roles, truth_roles
from modelwatch.client.row import Row
from modelwatch.client.sampling.sampler import Sampler, weighed
from modelwatch.client.sender import Sender
from modelwatch.client.transport import HttpTransport, Transport
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, Kind, Role
from modelwatch.errors import Busy, InvalidSettings, ModelwatchError

if TYPE_CHECKING:
    from modelwatch.client.frames import Names

Label: TypeAlias = str | int | bool | float
Time: TypeAlias = datetime | float | str
EXIT_TIMEOUT_S = 5.0


class Client:
    """Sends predictions and actuals to a modelwatch server without slowing, or ever failing, the service around it.

    `log` copies what it is given into a bounded buffer and returns; one background thread sends. The buffer holds
    `max_buffer_rows` rows (of 50 features: about 2.5 kB each); when it is full the newest row is dropped and counted
    in `stats()`. The thread starts with the first row; a forked child gets its own buffer, thread and identity and
    leaves what the parent has logged to the parent. At exit what is left is sent for up to 5 seconds.

    With a `sampler` (`modelwatch.sampling`) only part of the predictions is sent, each with the weight that makes sums
    right; the others are counted as `sampled_out`. Actuals are always sent.

    With `raise_errors` a call that would be dropped or rejected raises instead, and so does a `flush` that fails.
    """

    def __init__(
        self,
        url: str = "http://localhost:8470",
        *,
        api_key: str | None = None,
        environment: str = DEFAULT_ENVIRONMENT,
        max_buffer_rows: int = 100_000,
        flush_interval: float = 1.0,
        raise_errors: bool = False,
        timeout: float = 30.0,
        sampler: Sampler | None = None,
        transport: Transport | None = None,
    ) -> None:
        if max_buffer_rows < 1 or flush_interval <= 0 or timeout <= 0:
            raise InvalidSettings("max_buffer_rows, flush_interval and timeout must be positive")
        self._transport = transport or HttpTransport(url, api_key=api_key, timeout=timeout)
        self._environment = environment
        self._max_rows = max_buffer_rows
        self._flush_interval = flush_interval
        self._raise = raise_errors
        self._sampler = sampler
        self._closed = False
        self._begin()
        forks.restart_in_children(self, Client._begin)
        atexit.register(self._at_exit)

    def log(
        self,
        *,
        model_id: str,
        model_version: str,
        prediction_id: str | None = None,
        prediction_label: Label | None = None,
        prediction_score: float | None = None,
        prediction_value: float | None = None,
        prediction_scores: Mapping[str, float] | None = None,
        features: Mapping[str, object] | None = None,
        tags: Mapping[str, object] | None = None,
        timestamp: Time | None = None,
        environment: str | None = None,
        weight: float | None = None,
        embeddings: Mapping[str, Iterable[float]] | None = None,
        explanation: Mapping[str, float] | None = None,
        group_id: str | int | None = None,
        rank: float | None = None,
    ) -> str:
        """Records one prediction and returns its id, a new UUIDv7 when none was given.

        `timestamp` is a datetime or ISO 8601 text (naive is UTC) or seconds since 1970; left out, it is now. Values
        of features are numbers, bools, text, None; dates become seconds since 1970, anything else its `str()`.
        """
        now_us = time.time_ns() // 1000
        if prediction_id is None:
            prediction_id = self._ids.next(now_us // 1000)
        start = (Kind.PREDICTIONS, model_id, model_version, environment or self._environment, prediction_id, now_us)
        given = (timestamp, prediction_label, prediction_score, prediction_value)
        try:
            if self._sampler is not None:
                weight = self._weighed((*start, *given, prediction_scores, features, tags, weight))
            if self._sampler is None or weight is not None:
                self._take(
                    (
                        *start,
                        *given,
                        None if prediction_scores is None else dict(prediction_scores),
                        None if features is None else dict(features),
                        None if tags is None else dict(tags),
                        weight,
                        None if embeddings is None else rows.frozen_vectors(embeddings),
                        None if explanation is None else dict(explanation),
                        group_id,
                        rank,
                    )
                )
        except Exception as error:  # the boundary: nothing may reach the service unless it asked for it
            self._lost(error, model_id)
        return prediction_id if type(prediction_id) is str else text(prediction_id) or ""

    def log_actual(
        self,
        *,
        model_id: str,
        prediction_id: str,
        actual_label: Label | None = None,
        actual_value: float | None = None,
        actual_score: float | None = None,
        relevance: float | None = None,
        timestamp: Time | None = None,
        environment: str | None = None,
        tags: Mapping[str, object] | None = None,
        prediction_timestamp: Time | None = None,
    ) -> None:
        """Records what turned out to be true of a prediction; a later call for the same one corrects it.

        `prediction_timestamp` is when the prediction was made, where you know it: it is found quicker then, as one
        whose id is a UUIDv7 is without.
        """
        now_us = time.time_ns() // 1000
        environment = environment or self._environment
        try:
            given = (actual_label, actual_score, actual_value, relevance, None if tags is None else dict(tags))
            start = (Kind.ACTUALS, model_id, "", environment, prediction_id, now_us, timestamp)
            self._take((*start, *given, prediction_timestamp))
        except Exception as error:  # the boundary, as in log
            self._lost(error, model_id)

    def log_frame(
        self,
        frame: object,
        *,
        model_id: str,
        model_version: str,
        prediction_id: str | None = None,
        timestamp: str | None = None,
        prediction_label: str | None = None,
        prediction_score: str | None = None,
        prediction_value: str | None = None,
        prediction_scores: Names = None,
        features: Names = None,
        tags: Names = None,
        environment: str | None = None,
        weight: str | None = None,
        embeddings: Names = None,
        explanation: Names = None,
        group_id: str | None = None,
        rank: str | None = None,
    ) -> int:
        """Records a data frame of predictions and returns the number of its rows that were taken to be sent.

        Each argument names the column of that role (or the columns: a list, or a mapping from a name to a column).
        `features` left out are all columns without another role; ids and times left out are made. Unlike `log` it
        waits while the buffer is full: a frame is work in bulk, and half of it would be of no use.
        """
        single = (prediction_id, timestamp, prediction_label, prediction_score, prediction_value)
        many = (features, prediction_scores, tags, embeddings, explanation)
        roles = prediction_roles((*single, weight, group_id, rank), many)
        start = (Kind.PREDICTIONS, model_id, model_version, environment or self._environment)
        return self._take_frame(frame, start, *roles)

    def log_actuals_frame(
        self,
        frame: object,
        *,
        model_id: str,
        prediction_id: str,
        actual_label: str | None = None,
        actual_value: str | None = None,
        actual_score: str | None = None,
        relevance: str | None = None,
        timestamp: str | None = None,
        environment: str | None = None,
        tags: Names = None,
        prediction_timestamp: str | None = None,
    ) -> int:
        """Records a data frame of actuals, with columns named as in `log_frame`; returns the number of rows taken."""
        single = {
            Role.PREDICTION_ID: prediction_id,
            Role.TIMESTAMP: timestamp,
            Role.ACTUAL_LABEL: actual_label,
            Role.ACTUAL_SCORE: actual_score,
            Role.ACTUAL_VALUE: actual_value,
            Role.RELEVANCE: relevance,
            Role.PREDICTION_TIMESTAMP: prediction_timestamp,
        }
        start = (Kind.ACTUALS, model_id, "", environment or self._environment)
        return self._take_frame(frame, start, single, {Role.TAG: tags})

    def set_reference(
        self,
        frame: object,
        *,
        model_id: str,
        model_version: str,
        prediction_id: str | None = None,
        timestamp: str | None = None,
        prediction_label: str | None = None,
        prediction_score: str | None = None,
        prediction_value: str | None = None,
        prediction_scores: Names = None,
        features: Names = None,
        tags: Names = None,
        environment: str | None = None,
        weight: str | None = None,
        embeddings: Names = None,
        explanation: Names = None,
        group_id: str | None = None,
        rank: str | None = None,
        actual_label: str | None = None,
        actual_value: str | None = None,
        actual_score: str | None = None,
        relevance: str | None = None,
    ) -> None:
        """Makes the data frame what later predictions are compared with; the columns are named as in `log_frame`.

        With the columns of what came true, the performance on these rows is what later performance is held against:
        the predictions should then be those of a model that had not seen the rows.
        It sends the frame in pieces and waits for the answer. As an explicit step of setting up it raises
        `ModelwatchError`, with what the server says, whatever `raise_errors` is.
        """
        single = (prediction_id, timestamp, prediction_label, prediction_score, prediction_value)
        many = (features, prediction_scores, tags, embeddings, explanation)
        named, lists = prediction_roles((*single, weight, group_id, rank), many)
        named |= truth_roles(actual_label, actual_value, actual_score, relevance)
        from modelwatch.client import frames, reference
        from modelwatch.core.frame import open_frame

        key = rows.must_key((Kind.PREDICTIONS, model_id, model_version, environment or self._environment))
        opened = open_frame(frame)
        reference.upload(opened, frames.plan(opened, named, lists), key, self._transport)

    def flush(self, timeout: float | None = 30.0) -> bool:
        """Waits until the server has answered for all that was logged before; False when time (seconds) runs out."""
        before = self._buffer.stats()
        if before.queued:
            self._start()
            self._sender.hurry()
        done = self._buffer.wait_settled(timeout)
        after = self._buffer.stats()
        if self._raise and (not done or after.rejected + after.failed > before.rejected + before.failed):
            raise ModelwatchError(
                f"{after.queued} rows are unsent, {after.rejected} were rejected, {after.failed} failed",
                hint=after.last_error or "the server may be slow: give flush more time",
            )
        return done

    def close(self, timeout: float | None = 30.0) -> None:
        """Flushes, then stops; what is logged afterwards is dropped and counted. Closing twice does no harm."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self._at_exit)
        self._shut(timeout)

    def stats(self) -> Stats:
        """What became of each row: logged = queued + sent + rejected + duplicate + dropped + failed + sampled_out."""
        return self._buffer.stats()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self) -> None:
        """A new producer with nothing in its buffer."""
        self._buffer = Buffer(self._max_rows)
        self._complaints = Complaints()
        self._sender = Sender(self._buffer, self._transport, producer=os.urandom(16).hex(), complaints=self._complaints)
        self._ids = Ids()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        if self._closed:
            self._buffer.close()

    def _take(self, row: Row) -> None:
        if self._raise:
            rows.insist(row)
        taken = self._buffer.add(row)
        if self._thread is None:
            self._start()
        if not taken and self._raise:
            raise Busy("the row was dropped", retry_after=1.0, hint="the buffer is full, or the client closed")

    def _weighed(self, row: Row) -> float | None:
        """The weight of a prediction that is kept; one that is not is counted."""
        if self._raise:
            rows.insist(row)
        weight = weighed(row, self._sampler)
        if weight is None:
            self._buffer.sample_out()
        return weight

    def _take_frame(
        self,
        frame: object,
        start: tuple[object, ...],
        single: Mapping[Role, str | None],
        many: Mapping[Role, Names],
    ) -> int:
        from modelwatch.client import frame_sampling, frames
        from modelwatch.core.frame import open_frame

        now_us = time.time_ns() // 1000
        new_id = (lambda: self._ids.next(now_us // 1000)) if start[0] is Kind.PREDICTIONS else None
        seen = taken = 0
        try:
            key = rows.must_key(start)
            opened = open_frame(frame)
            planned = frames.plan(opened, single, many)
            thin = frame_sampling.thinner(self._sampler, key, now_us, new_id)
            for batch, unreadable, sampled_out in frames.batches(opened, planned, key, now_us, new_id, thin):
                seen += batch.rows + unreadable + sampled_out
                if unreadable:
                    self._buffer.reject(unreadable, f"{unreadable} timestamps of a frame cannot be read")
                self._buffer.sample_out(sampled_out)
                if batch.rows and self._buffer.add_batch(batch):
                    taken += batch.rows
                    self._start()
        except Exception as error:  # the boundary, as in log
            if self._raise:
                raise
            left = max(0, (len(frame) if isinstance(frame, Sized) else 1) - seen)
            self._buffer.drop(left, f"a frame could not be read: {error}", str(start[1]))
            self._complaints.say("frame", f"{left} rows of a frame were not taken: {error}")
        return taken

    def _start(self) -> None:
        with self._starting:
            if self._thread is not None or self._closed:
                return
            thread = threading.Thread(
                target=self._sender.run, args=(self._flush_interval,), name="modelwatch-sender", daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # no threads any more: the interpreter is shutting down, and the exit flush will send
                return
            self._thread = thread
            if workers := sys.modules.get("multiprocessing.util"):
                # a worker of multiprocessing ends without atexit
                workers.Finalize(None, self._at_exit, exitpriority=1)

    def _lost(self, error: Exception, model: object) -> None:
        if self._raise:
            raise error
        self._buffer.drop(1, f"a row could not be copied: {error!r}", str(model))

    def _shut(self, timeout: float | None) -> None:
        if self._buffer.stats().queued:
            self._start()
            self._sender.hurry()
            if self._thread is None:
                self._sender.drain()
            self._buffer.wait_settled(timeout)
        left = self._buffer.close()
        self._sender.stop()
        if left:
            why = self._buffer.stats().last_error
            self._complaints.say("left", f"{left} rows were left unsent: {why or 'there was no more time'}")

    def _at_exit(self) -> None:
        try:
            self._closed = True
            self._shut(EXIT_TIMEOUT_S)
        except Exception as error:  # an exiting service has nobody to catch this
            self._complaints.say("exit", f"the last flush failed: {error!r}")
