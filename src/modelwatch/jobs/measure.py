"""Computes the metrics that users write, over the windows whose outcomes were looked at since.

Rows are read from the lake for this, which a check never does; so it has a thread of its own and a share of the time.
Its windows are written by nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final

import pyarrow as pa
from sqlalchemy import Connection, Engine

from modelwatch.alerts.persistence import persistence_of
from modelwatch.core.figure import Subject
from modelwatch.core.level import Level
from modelwatch.core.wire import DEFAULT_PROJECT, Kind
from modelwatch.errors import Conflict, TooLarge
from modelwatch.jobs.measured import Work, earlier_values, failed, load_work, measured
from modelwatch.jobs.raise_alerts import withdraw
from modelwatch.jobs.rules import Settled, Source, evaluate_rules
from modelwatch.jobs.settle_outcomes import decided, follow
from modelwatch.lake import labels as label_rows
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.labelled import opened, with_actuals
from modelwatch.metrics.reading import lake_columns
from modelwatch.store import alerts, labels, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.metric_checks import (
    MetricCheck,
    drop_metric_checks,
    load_metric_checks,
    measured_deployments,
    save_metric_checks,
)
from modelwatch.store.outcome_checks import load_outcome_checks

logger = logging.getLogger("modelwatch.measure")

MOST_ROWS: Final = 4_000_000
"""Rows that are held at once: with ten columns some 400 MB."""
RETRY_US: Final = 60_000_000
FOREVER: Final = 1 << 62

Stop = Callable[[], bool]


class Measure:
    """Computes what there is to compute; one thread calls `step` again and again.

    `alone` is held by whoever joins labels or moves them. `ready` says whether everything that is in the profiles is
    also in the lake or the buffer.
    """

    def __init__(
        self,
        engine: Engine,
        lake: Lake,
        buffer: Buffer,
        alone: AbstractContextManager[object],
        ready: Callable[[], bool],
        clock: Callable[[], int],
    ) -> None:
        self.engine, self.lake, self.buffer, self.alone = engine, lake, buffer, alone
        self.ready, self.clock = ready, clock
        self.retry_us: dict[int, int] = {}
        self.last = 0

    def step(self, stop: Stop) -> int:
        """Compute the windows that are due until `stop` says that it is enough; returns how many."""
        if not self.ready():
            return 0
        self.forget()
        with reading(self.engine) as connection:
            chosen = [
                (model, deployment)
                for model in models.list_models(connection, DEFAULT_PROJECT)
                if model.settings.get("metrics")
                for deployment in models.list_deployments(connection, model.id)
            ]
        chosen.sort(key=lambda each: (each[1].id <= self.last, each[1].id))  # who came last begins
        count = 0
        for model, deployment in chosen:
            if self.retry_us.get(deployment.id, 0) <= self.clock() and not stop():
                count += self.measure(model, deployment, stop)
                self.last = deployment.id
        return count

    def measure(self, model: models.ModelRow, deployment: models.DeploymentRow, stop: Stop) -> int:
        """Compute what is due of one deployment, and settle what follows."""
        with reading(self.engine) as connection:
            work = load_work(connection, model, deployment, self.clock())
        if work is None:
            return 0
        fresh: dict[int, MetricCheck] = {}
        try:
            left = work
            while left.ends and not (fresh and stop()):
                ends = left.next()
                is_first = ends[0] <= work.first_weeks_end
                found = self.windows(left, ends)
                fresh |= {row.end_us: row for row in found}
                done = {row.end_us for row in found} or set(ends)
                left = replace(left, ends=tuple(end for end in left.ends if end not in done))
                if is_first:  # what comes next is held against these
                    self.settle(work, fresh, quiet=True)
        except Exception as error:  # the job boundary: one model's metrics never end those of others
            logger.exception("the metrics of %r could not be computed; they are tried again", model.name)
            self.retry_us[deployment.id] = self.clock() + RETRY_US
            told = f"could not be computed: {type(error).__name__}: {error}"[:500]
            fresh.setdefault(work.ends[-1], failed(work, work.ends[-1], told))
        self.settle(work, fresh)
        return len(fresh)

    def windows(self, work: Work, ends: Sequence[int]) -> list[MetricCheck]:
        """The windows that end then, or the last of them where all have too many rows together."""
        with reading(self.engine) as connection:
            checks = load_outcome_checks(connection, work.deployment.id, ends[0] - 1, ends[-1], work.length)
            earlier = earlier_values(connection, work)
        wanted = set(ends)
        checks = [check for check in checks if check.end_us in wanted]
        while checks:
            try:
                rows = self.rows(work, checks[0].end_us - work.length, checks[-1].end_us)
            except TooLarge as error:
                if len(checks) == 1:
                    return [replace(failed(work, checks[0].end_us, str(error)), checked_us=checks[0].checked_us)]
                checks = checks[len(checks) // 2 :]
            else:
                return measured(work, rows, checks, earlier)
        return []

    def rows(self, work: Work, start_us: int, end_us: int) -> pa.Table:
        """The predictions of a time range with what came true of them, those that wait for the lake included."""
        place = (work.model.project, work.model.name)
        key = TableKey(*place, Kind.PREDICTIONS)
        while True:
            with self.alone, self.buffer.flushing:  # nothing moves into the lake meanwhile
                waiting = self.buffer.rows(key)
                with reading(self.engine) as connection:
                    batches = labels.load_rows(connection, work.model.id)
                unwritten = label_rows.stored([batch.body for batch in batches])
                names = lake_columns([self.lake.schema(key), *(rows.schema for rows in waiting)], work.reads)
                found = opened(self.lake, place, names, unwritten, start_us, end_us, waiting)
            try:
                return with_actuals(*found.read(work.deployment.version, work.deployment.environment, MOST_ROWS))
            except Conflict:
                logger.info("the lake of %r was rewritten while it was read; it is read again", work.model.name)

    def settle(self, work: Work, fresh: dict[int, MetricCheck], quiet: bool = False) -> None:
        """Decide the levels of fresh windows and of all later ones, which look back on them, store them and bring
        alerts in line; `quiet` only stores the fresh ones."""
        if not fresh:
            return
        with writing(self.engine) as connection:
            save_metric_checks(connection, work.deployment.id, fresh.values())
            if not quiet:
                self.decide(connection, work, min(fresh))

    def decide(self, connection: Connection, work: Work, first: int) -> None:
        """The levels from the window that ends at `first` on."""
        rule = persistence_of(work.model.settings)
        deployment = work.deployment
        stored = load_metric_checks(connection, deployment.id, first - rule.n * work.length, FOREVER, work.length)
        by_end = {row.end_us: row for row in stored if row.rules == work.rules}
        ends = [end for end in by_end if end >= first]
        where = (connection, work.model, deployment, work.length, rule, by_end, ends)
        raised = follow(*where, (Subject.CUSTOM,), self.clock())
        settled = [decided(by_end[end], raised[end]) for end in ends]
        changed = [row for row in settled if levels_of(row) != levels_of(by_end[row.end_us])]
        save_metric_checks(connection, deployment.id, changed)
        if ends:
            told = Settled(Source.CUSTOM, work.length, first, ends[-1])
            evaluate_rules(connection, work.model, deployment, told, self.clock())

    def forget(self) -> None:
        """Let go of the windows and alerts of models that have no metrics any more."""
        with reading(self.engine) as connection:
            held = [models.get_deployment(connection, each) for each in measured_deployments(connection)]
            over = [row for row in held if not models.get_model(connection, row.model_id).settings.get("metrics")]
        for deployment in over:
            with writing(self.engine) as connection:
                for row in alerts.alerts_from(connection, deployment.id, Subject.CUSTOM.value, -FOREVER):
                    withdraw(connection, row, row.checked_us, self.clock(), "The metric is not watched any more")
                drop_metric_checks(connection, deployment.id)


def levels_of(row: MetricCheck) -> list[Level | None]:
    """What is said of each metric."""
    return [row.level, *(figure.level for figure in row.figures)]
