"""The worker process: folds the log without pause; beside it checks, messages and housekeeping in their own threads."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import DEFAULT_PROJECT, Kind
from modelwatch.jobs.catch_up import catch_up
from modelwatch.jobs.check import check_series
from modelwatch.jobs.deliver import Deliver
from modelwatch.jobs.dispatch import Telling, dispatch
from modelwatch.jobs.failing import Failing
from modelwatch.jobs.flush import finish_commits, flush_table
from modelwatch.jobs.fold import Fold
from modelwatch.jobs.join import Join
from modelwatch.jobs.measure import Measure
from modelwatch.jobs.pace import due, interval_of
from modelwatch.jobs.remediate import Remediate
from modelwatch.jobs.retain import retain
from modelwatch.jobs.rules import evaluate_changed
from modelwatch.jobs.runner import LocalRunner, Runner
from modelwatch.jobs.self_watch import Beat, Inside, SelfWatch
from modelwatch.jobs.settle_outcomes import ripen
from modelwatch.jobs.silence import mark_silent
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.log.waiting import oldest_waiting
from modelwatch.store import lake_commits, ledger, models, segments
from modelwatch.store.decisions import end_silences
from modelwatch.store.engine import checkpoint, reading, writing
from modelwatch.store.profiles import Series, dirty_series

logger = logging.getLogger("modelwatch.worker")

IDLE_S = 0.02
IDLE_COMMIT_US = 100_000
TICK_S = 0.5
HOUSEKEEPING_S = 30.0
MEASURE_S = 2.0
REMEDIATE_S = 5.0
REMEDIATE_REST = 19
"""How many times as long as actions were looked at they are not."""
MEASURE_US = 10_000_000
"""How long metrics of users are computed at a time; a window that was begun is finished."""
RETRY_US = 60_000_000
COMPACT_EVERY_US = HOUR_US
MOST_REST_US = 30_000_000
"""As long as a join took nothing is joined, but no longer than this: folding and checking must go on."""
REST = 3
"""How many times as long as metrics of users took none is computed."""
TEND_US = 1_000_000
"""How often the fold looks after segments, and how long it may do so at a time."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """When things happen: times in microseconds, sizes in rows."""

    check_interval_us: int
    flush_us: int
    flush_rows: int
    beat: Beat | None = None


class Worker:
    """Owns the fold, the lake commits and the WAL checkpoints; one per data folder."""

    def __init__(
        self,
        engine: Engine,
        fold: Fold,
        lake: Lake,
        clock: Callable[[], int],
        options: WorkerOptions,
        telling: Telling,
        sending: Deliver,
        remediating: Remediate,
    ) -> None:
        self.engine, self.fold, self.lake = engine, fold, lake
        self.clock, self.options = clock, options
        self.telling, self.sending, self.remediating = telling, sending, remediating
        self.runner: Runner = LocalRunner(self.check, self.check_failed)
        self.join = Join(engine, lake, fold.buffer, self.caught_up, clock)
        self.join_us = 0
        self.measure = Measure(engine, lake, fold.buffer, self.join.alone, self.caught_up, clock)
        self.measure_us = 0
        self.remediate_us = 0
        self.retry_us: dict[Series, int] = {}
        self.failing = Failing(engine)
        self.self_watch = SelfWatch(engine, fold.uploads.parent, options.check_interval_us, clock)
        self.done_us = dict.fromkeys(("fold", "schedule", "deliver", "join_labels"), clock())
        self.stopping = threading.Event()
        self.urgent = threading.Event()
        self.to_compact: deque[TableKey] = deque()
        self.compacted_us = self.tended_us = clock()

    def run(self) -> None:
        """Work until `stop`; raises what made it impossible to go on."""
        finish_commits(self.engine, self.lake)
        helpers = [
            threading.Thread(
                target=self.forever, args=(each, pause, wake), name=f"modelwatch-{each.__name__}", daemon=True
            )
            for each, pause, wake in (
                (self.schedule, TICK_S, self.stopping),
                (self.deliver, TICK_S, self.urgent),
                (self.remediate, REMEDIATE_S, self.stopping),
                (self.join_labels, TICK_S, self.stopping),
                (self.measure_metrics, MEASURE_S, self.stopping),
                (self.evaluate_rules, TICK_S, self.stopping),
                (self.keep_house, HOUSEKEEPING_S, self.stopping),
            )
        ]
        for helper in helpers:
            helper.start()
        try:
            while not self.stopping.is_set():
                self.done_us["fold"] = self.clock()
                if self.advance() == 0 and not self.compact():
                    self.stopping.wait(IDLE_S)
        finally:
            self.stop()
            self.runner.close()
            self.sending.close()
            self.remediating.close()
            for helper in helpers:
                helper.join(timeout=30)
        self.fold.commit()
        self.flush(everything=True)
        self.join.flush(self.clock(), 0)
        self.self_watch.end()

    def stop(self) -> None:
        """End the run: what waits is committed and flushed."""
        self.stopping.set()
        self.urgent.set()

    def advance(self) -> int:
        """Fold what there is, commit when idle, flush what is due; returns the records folded."""
        records = self.fold.step()
        self.tend_segments()
        if records == 0 and self.fold.pending.records and self.clock() - self.fold.committed_us >= IDLE_COMMIT_US:
            self.fold.commit()
        self.tell_at_once()
        self.flush(everything=False)
        return records

    def tell_at_once(self) -> None:
        """What a critical model's test raised is on its way to people before anything else is done."""
        raised = [] if self.fold.critical is None else self.fold.critical.take_raised()
        if raised:
            self.urgent.set()
        for series in raised:
            self.runner.submit(series)

    def caught_up(self) -> bool:
        """True when the buffer and the lake hold everything that is in the profiles."""
        return self.fold.position >= self.fold.folded

    def join_labels(self) -> None:
        """Join the labels that wait, for half of the time at most."""
        begun = self.clock()
        if begun < self.join_us:
            return
        self.join.step()
        self.join.flush(begun - self.options.flush_us, self.options.flush_rows)
        self.join_us = self.clock() + min(self.clock() - begun, MOST_REST_US)

    def measure_metrics(self) -> None:
        """Compute the metrics that users write, for a quarter of the time at most."""
        begun = self.clock()
        if begun < self.measure_us:
            return
        self.measure.step(lambda: self.stopping.is_set() or self.clock() - begun >= MEASURE_US)
        self.measure_us = self.clock() + REST * (self.clock() - begun)

    def evaluate_rules(self) -> None:
        """Evaluate rules that were written since."""
        evaluate_changed(self.engine, self.clock())

    def tend_segments(self) -> None:
        """Cut models anew and count past days for their segments, for a second at most between two steps.

        Then count outcomes anew, and take over what an older version left.
        """
        begun = self.clock()
        if begun - self.tended_us >= TEND_US:
            self.fold.tend_segments(lambda: self.clock() - begun >= TEND_US)
            if self.caught_up():
                catch_up(self.engine, self.lake, self.fold.buffer)
            self.fold.tend_outcomes(self.join.alone)
            self.tended_us = self.clock()

    def flush(self, everything: bool) -> None:
        """Write buffered rows to the lake: what is old, what is large, the largest while memory is short."""
        buffer, options = self.fold.buffer, self.options
        now = self.clock()
        chosen = buffer.tables() if everything else buffer.due(now - options.flush_us, options.flush_rows)
        flushed = len(chosen)
        for key in chosen:
            flush_table(self.engine, self.lake, buffer, self.fold.catalog, key, now)
        while buffer.full and (largest := buffer.largest()) is not None:
            flush_table(self.engine, self.lake, buffer, self.fold.catalog, largest, now)
            flushed += 1
        if flushed:
            self.release()

    def compact(self) -> bool:
        """While there is nothing to fold, merge the small files of one table's past days; True when it did.

        This is the thread of the flush, because one writer at a time may commit to a table.
        """
        now = self.clock()
        if not self.to_compact and now - self.compacted_us >= COMPACT_EVERY_US:
            self.compacted_us = now
            with reading(self.engine) as connection:
                names = {m.id: (m.project, m.name) for m in models.list_models(connection, DEFAULT_PROJECT)}
                tables = lake_commits.load_progress(connection)
            self.to_compact.extend(TableKey(*names[model_id], Kind(kind)) for model_id, kind in tables)
        if not self.to_compact:
            return False
        key = self.to_compact.popleft()
        if key.kind is not Kind.LABELS:
            self.lake.compact(key, now - now % DAY_US)
        elif self.join.alone.acquire(blocking=False):  # else labels are being joined: the next time will do
            try:
                self.lake.compact(key, now - now % DAY_US)
            finally:
                self.join.alone.release()
        return True

    def release(self) -> None:
        """Let the log drop what is in profiles and in the lake."""
        safe = min(self.fold.folded, self.fold.buffer.first_position(self.fold.folded))
        with writing(self.engine) as connection:
            ledger.save_offset(connection, ledger.LAKE, safe, self.clock())
        self.fold.log.release(safe)

    def forever(self, job: Callable[[], None], pause: float, wake: threading.Event) -> None:
        """Run a job again and again; a failure is logged and tried again, it never ends the worker."""
        while True:
            wake.wait(pause)
            if self.stopping.is_set():
                return
            if wake is self.urgent:
                wake.clear()
            try:
                job()
            except Exception:  # the job boundary
                logger.exception("%s failed; it is tried again", job.__name__)
            else:
                if job.__name__ in self.done_us:
                    self.done_us[job.__name__] = self.clock()

    def schedule(self) -> None:
        """Submit every series whose changes have been collected for long enough; a segment whose past days are being
        counted waits for them, so that its windows are checked once."""
        now = self.clock()
        with reading(self.engine) as connection:
            lacking = segments.lacking(connection)
            for series, since, _ in dirty_series(connection):
                deployment = models.get_deployment(connection, series.deployment_id)
                model = models.get_model(connection, deployment.model_id)
                interval = interval_of(model, self.options.check_interval_us)
                if (model.id, series.segment) in lacking:
                    continue
                if due(since, deployment, interval, now) and self.retry_us.get(series, 0) <= now:
                    self.runner.submit(series)

    def check(self, series: Series) -> None:
        """Check the dirty windows of a series until none is left that was dirty when it began."""
        check_series(self.engine, series, self.clock())
        self.retry_us.pop(series, None)
        self.failing.succeeded(series, self.clock())

    def check_failed(self, series: Series, error: Exception) -> None:
        """Show that a check failed, and try it again in a minute."""
        logger.error("check of deployment %d %s failed", series.deployment_id, series.segment, exc_info=error)
        now = self.clock()
        self.retry_us[series] = now + RETRY_US
        self.failing.failed(series, error, now)

    def deliver(self) -> None:
        """Decide what is told to whom, and send what waits, also while nothing new can be decided."""
        try:
            dispatch(self.engine, self.telling, self.clock())
        finally:
            self.sending.step()

    def remediate(self) -> None:
        """Do what is due about alerts that last, for a twentieth of the time at most."""
        begun = self.clock()
        if begun < self.remediate_us:
            return
        self.remediating.step()
        self.remediate_us = self.clock() + REMEDIATE_REST * (self.clock() - begun)

    def keep_house(self) -> None:
        """Roll up, expire, look for silent models, and move the write-ahead log into the database."""
        retain(self.engine, self.fold.uploads, self.clock())
        mark_silent(self.engine, self.clock())
        ripen(self.engine, self.clock())
        end_silences(self.engine, self.clock())
        checkpoint(self.engine)
        self.look_at_self()

    def look_at_self(self) -> None:
        """Tell of what stands still in modelwatch itself, and call outside while nothing does."""
        now, log = self.clock(), self.fold.log
        end, folded = log.end(), self.fold.folded
        waits = oldest_waiting(log, folded, end, now)
        idle = {name: (now - at) / 1e6 for name, at in self.done_us.items()}
        facts = self.self_watch.step(Inside(max(0, end - folded), waits, self.failing.count, idle))
        self.self_watch.beat(self.options.beat, facts)
