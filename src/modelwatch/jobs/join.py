"""The join: labels that came meet the predictions that they are about, and what came true is counted.

A label is taken from the inbox, and what follows from it is stored, in one transaction: a crash anywhere leaves both or
neither. A label whose prediction is not there yet stays, as an orphan, and is looked for again among predictions that
come later, until its horizon has passed. A correction takes back what the earlier label had counted and counts the new
one: the label that was last in the log counts, whatever the order in which they are joined.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from modelwatch.core.judging import Judging
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind
from modelwatch.errors import Conflict
from modelwatch.ingest.outcome_rows import OUTPUT_ROLES, RANKING, Truth
from modelwatch.jobs import label_batch as wire
from modelwatch.jobs.concept import evidence_of, save_evidence
from modelwatch.jobs.flush import encode as encode_files
from modelwatch.jobs.flush import finish_commits
from modelwatch.jobs.joining import (
    DIRECT_ROWS,
    Before,
    Known,
    Result,
    Subject,
    Waiting,
    by_deployment,
    conformed_rows,
    first_and_last,
    load_known,
    numbers_of,
    save,
)
from modelwatch.jobs.judging import Groups
from modelwatch.jobs.matching import Search, horizon_start, taken
from modelwatch.jobs.outcome_rows import labelled
from modelwatch.jobs.ranked import count_days
from modelwatch.lake import labels as labels_lake
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.columns import column_key
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.ids import IdTable, table_of
from modelwatch.lake.naming import ENVIRONMENT, LOG_POSITION, RECEIVED_AT, VERSION
from modelwatch.monitors.concept import load_detectors
from modelwatch.profiles.outcomes import Outcomes, merge
from modelwatch.store import labels, lake_commits, ledger, models
from modelwatch.store.engine import reading, writing

logger = logging.getLogger("modelwatch.join")

Ints = NDArray[np.int64]

MOST_ROWS: Final = 1_000_000
"""Labels that are joined at once: with their predictions and what is counted some 700 MB in memory."""
READERS: Final = 2
"""Models of few labels that are prepared at the same time."""
TOGETHER: Final = 100
"""Models of which is read at once what the join needs to know of them."""
TOLD: Final = 1_000
"""Labels that expired which are named in the quarantine, of one pass and model."""


class Join:
    """Joins the labels of all models; one thread calls `step` again and again.

    `ready` says whether everything that is in the profiles is also in the lake or the buffer.
    """

    def __init__(
        self,
        engine: Engine,
        lake: Lake,
        buffer: Buffer,
        ready: Callable[[], bool],
        clock: Callable[[], int],
    ) -> None:
        self.engine, self.lake, self.buffer = engine, lake, buffer
        self.ready, self.clock = ready, clock
        self.alone = threading.RLock()
        """Held while labels are joined or written: who holds it may rewrite the tables of labels."""

    def step(self) -> int:
        """Join what waits of every model, `MOST_ROWS` labels of one at most; returns how many labels were taken."""
        with self.alone:
            finish_commits(self.engine, self.lake, [Kind.LABELS])
            return self.take() if self.ready() else 0

    def take(self) -> int:
        """See `step`."""
        with reading(self.engine) as connection:
            waiting = Waiting(
                frozenset(labels.orphaned_models(connection)), frozenset(labels.unwritten_models(connection))
            )
            some = labels.waiting_models(connection).keys() | self.awaited(connection, waiting.orphaned)
            chosen = sorted(some - labels.catching_up(connection).keys())  # the oldest labels of these come first
        return sum(self.take_some(chosen[i : i + TOGETHER], waiting) for i in range(0, len(chosen), TOGETHER))

    def take_some(self, chosen: Sequence[int], waiting: Waiting) -> int:
        """Join what waits of some models; few labels of many models are written in one transaction."""
        with reading(self.engine) as connection:
            known = load_known(connection, chosen)
        taken = 0
        results: list[Result] = []
        few = [model_id for model_id in chosen if model_id in known.fresh]
        with ThreadPoolExecutor(READERS) as pool:  # of few labels it is opening tables that takes the time
            ready = dict(zip(few, pool.map(lambda each: self.prepare(each, waiting, known), few), strict=True))
        for model_id in chosen:
            result = ready[model_id] if model_id in ready else self.prepare(model_id, waiting, known)
            if result is None:
                continue
            taken += sum(batch.rows for batch in result.subject.fresh)
            if result.rows.num_rows >= DIRECT_ROWS:
                self.commit([result])
            else:
                results.append(result)
            if sum(each.rows.num_rows for each in results) >= DIRECT_ROWS:
                self.commit(results)
                results = []
        self.commit(results)
        return taken

    def awaited(self, connection: Connection, orphaned: Iterable[int]) -> set[int]:
        """The models with orphans that have had predictions since these were looked for."""
        position = ledger.load_offset(connection, "fold") or 0
        return {model_id for model_id in orphaned if self.has_news(connection, model_id, position)}

    def has_news(self, connection: Connection, model_id: int, position: int) -> bool:
        """True when predictions came since the last pass, or orphans may have expired."""
        joined = labels.load_joined(connection, model_id)
        if position <= joined.position:
            return False
        newest = max((d.last_arrival_us or 0 for d in models.list_deployments(connection, model_id)), default=0)
        return newest >= joined.joined_us - DAY_US // 96 or self.clock() - joined.joined_us >= DAY_US // 24

    def load(self, model_id: int, waiting: Waiting, known: Known) -> Subject | None:
        """What there is to join; None while the model has no reference, since it is not known what to judge by."""
        model, joined = known.rows[model_id], known.joined.get(model_id)
        if model.binning_hash is None or joined is None or not joined.rules:
            return None
        judging = Judging.from_json(joined.rules)
        with reading(self.engine) as connection:
            fresh = known.fresh.get(model_id, ())
            if not fresh and model_id in known.waiting:
                fresh = labels.load_inbox(connection, model_id, False, MOST_ROWS)
            return Subject(
                model,
                {(d.version, d.environment): d for d in known.deployments.get(model_id, ())},
                joined,
                judging,
                Groups(judging.ways, dict.fromkeys(known.groups.get(model_id, ()))),
                fresh,
                labels.load_inbox(connection, model_id, True) if model_id in waiting.orphaned else (),
                labels.load_rows(connection, model_id) if model_id in waiting.unwritten else (),
                known.position,
                known.waiting.get(model_id, 0) > sum(batch.rows for batch in fresh),
            )

    def prepare(self, model_id: int, waiting: Waiting, known: Known) -> Result | None:
        """Everything but writing it down; again from the start when the lake was rewritten meanwhile."""
        while True:
            subject = self.load(model_id, waiting, known)
            if subject is None or not (subject.fresh or subject.orphans):
                return None
            try:
                return self.joined(subject)
            except Conflict:
                logger.info("the lake of %r was rewritten during a join; it begins anew", subject.model.name)

    def joined(self, subject: Subject) -> Result:
        """Match labels with predictions and count what follows."""
        batches = (*subject.orphans, *subject.fresh)
        sizes = [batch.rows for batch in batches]
        said = wire.from_bytes([batch.body for batch in batches])
        began = self.clock()
        joined_us = began
        if subject.more:  # what stands behind the labels of this pass belongs to the next: pairs keep their order
            reach = int(wire.ints(said, wire.ORDER).max()) + 1
            subject, joined_us = replace(subject, position=min(subject.position, reach)), subject.joined.joined_us
        joined = replace(subject.joined, position=subject.position, joined_us=joined_us)
        result = Result(subject, joined, since_us=began)
        owner = np.repeat(np.arange(len(batches)), sizes)
        ids = table_of(said.column(wire.ID).combine_chunks() if said.num_rows else pa.array([], pa.string()))
        found = self.search(subject, said, ids, owner >= len(subject.orphans))
        matched = np.zeros(ids.count, np.bool_)
        if found is not None:
            matched[found.column("number").to_numpy()] = True
            self.count(result, said, ids, found)
            if subject.judging.task == RANKING:
                key = TableKey(subject.model.project, subject.model.name, Kind.PREDICTIONS)
                count_days(self.engine, self.lake, result, self.snapshot(key))
        self.keep_orphans(result, said, matched[ids.numbers], owner, began)
        return result

    def search(self, subject: Subject, said: pa.Table, ids: IdTable, is_fresh: NDArray[np.bool_]) -> pa.Table | None:
        """The predictions that the labels are about, one row for each id that has one."""
        key = TableKey(subject.model.project, subject.model.name, Kind.PREDICTIONS)
        fresh = np.zeros(ids.count, np.bool_)
        fresh[ids.numbers[is_fresh]] = True
        from_us = horizon_start(wire.ints(said, wire.AT), subject.horizon_us)
        told = np.full(ids.count, wire.UNKNOWN)
        np.maximum.at(told, ids.numbers, wire.predicted(said))
        search = Search(ids, fresh, told, subject.joined.joined_us, from_us, subject.position)
        waiting = self.snapshot(key)
        schema = self.lake.schema(key)
        wanted = subject.judging.columns()
        names = {LOG_POSITION, RECEIVED_AT, VERSION, ENVIRONMENT}
        for each in (schema, *(rows.schema for rows in waiting)):
            for column in each or ():
                said_of = column_key(column)
                if said_of is not None and (said_of.role in OUTPUT_ROLES or said_of in wanted or not said_of.name):
                    names.add(column.name)
        return search.run(self.lake, key, sorted(names), waiting)

    def snapshot(self, key: TableKey) -> Sequence[pa.Table]:
        """The rows that wait for the lake. To be taken before the lake's files are listed: what is flushed in between
        is seen twice, never missed."""
        with self.buffer.flushing:
            return self.buffer.rows(key)

    def count(self, result: Result, said: pa.Table, ids: IdTable, found: pa.Table) -> None:
        """Count the labels whose predictions were found, and take back what earlier labels of these had counted."""
        numbers = found.column("number").to_numpy()
        order = wire.ints(said, wire.ORDER)
        first, last = first_and_last(ids, order)
        before = self.before(result.subject, found, ids)
        rows = last[numbers]
        changes = np.flatnonzero(order[rows] > before.order)
        found, numbers, rows = taken(found, changes), numbers[changes], rows[changes]
        before = before.taken(changes)
        fresh = before.order < 0
        at = wire.ints(said, wire.AT)
        first_us = np.where(fresh, at[first[numbers]], before.first_us)
        new = said.select([wire.LABEL, wire.VALUE, wire.RECEIVED]).take(pa.array(rows))
        label, value = new.column(wire.LABEL).combine_chunks(), new.column(wire.VALUE).combine_chunks()
        if fresh.any():
            new_ones = np.flatnonzero(fresh)
            told = said.select([wire.LABEL, wire.VALUE]).take(pa.array(first[numbers[new_ones]]))
            texts, values = (told.column(name).combine_chunks() for name in (wire.LABEL, wire.VALUE))
            result.evidence = evidence_of(
                result.subject, taken(found, new_ones), texts, values, order[first[numbers[new_ones]]]
            )
        delay = first_us - found.column(labels_lake.TIMESTAMP).cast(pa.int64()).to_numpy()
        same = ~fresh & before.equal(label, value)
        new_rows, old_rows = np.flatnonzero(~same), np.flatnonzero(~fresh & ~same)
        if result.subject.judging.task != RANKING:
            self.add(result, found, label, value, delay, new_rows, 1)
            self.add(result, found, before.labels, before.values, delay, old_rows, -1)
        result.rows = labels_lake.labels_table(
            taken(found, new_rows),
            wire.ints(new, wire.RECEIVED)[new_rows],
            order[rows][new_rows],
            first_us[new_rows],
            label.take(pa.array(new_rows)),
            value.take(pa.array(new_rows)),
        )
        result.joined = replace(
            result.joined,
            matched=result.joined.matched + int(fresh.sum()),
            corrected=result.joined.corrected + len(old_rows),
            repeated=result.joined.repeated + int(same.sum()),
        )

    def before(self, subject: Subject, found: pa.Table, ids: IdTable) -> Before:
        """What was said earlier of the predictions found."""
        times = found.column(labels_lake.TIMESTAMP).cast(pa.int64()).to_numpy()
        place = np.full(ids.count, -1, np.int64)
        place[found.column("number").to_numpy()] = np.arange(found.num_rows)
        key = TableKey(subject.model.project, subject.model.name, Kind.LABELS)
        days = np.unique(times // DAY_US)
        of: list[Ints] = []

        def held(file: Any, received_us: int) -> bool:
            low, high = np.searchsorted(days, [file.min_us // DAY_US, file.max_us // DAY_US + 1])
            return bool(high > low)

        def find(some: pa.Array) -> Ints:
            rows, numbers = ids.places(some)
            mine = place[numbers] >= 0
            if mine.any():
                of.append(place[numbers[mine]])
            return rows[mine]

        waiting = [wire.from_bytes([batch.body], labels_lake.SCHEMA) for batch in subject.waiting]
        parts = list(self.lake.lookup(key, find, labels_lake.SCHEMA.names, held, waiting))
        return Before.of(labels_lake.together(parts), np.concatenate([np.empty(0, np.int64), *of]), found.num_rows)

    def add(
        self, result: Result, found: pa.Table, label: Any, value: Any, delay: Ints, chosen: Ints, sign: int
    ) -> None:
        """Count (or take back) what came true of the chosen predictions, deployment by deployment."""
        subject = result.subject
        if not len(chosen):
            return
        for place, rows in by_deployment(taken(found, chosen)):
            deployment = subject.deployments.get(place)
            if deployment is None or deployment.schema is None:
                continue
            mine = chosen[rows]
            conformed = conformed_rows(taken(found, mine), deployment.schema, subject.judging)
            truth = Truth(label.take(pa.array(mine)), numbers_of(value.take(pa.array(mine))), delay[mine])
            buckets = result.outcomes.setdefault(deployment.id, {})
            for start, part in labelled(subject.judging, subject.groups, conformed, truth).items():
                signed = Outcomes(part.labels, part.cuts, part.keys, sign * part.values)
                buckets[start] = merge([buckets[start], signed]) if start in buckets else signed

    def keep_orphans(
        self, result: Result, said: pa.Table, matched: NDArray[np.bool_], owner: Ints, now_us: int
    ) -> None:
        """Keep the labels without a prediction; let go of those whose horizon has passed."""
        subject = result.subject
        late = wire.ints(said, wire.RECEIVED) + subject.horizon_us < now_us
        gone = ~matched & late
        stays = ~matched & ~late
        for i, batch in enumerate(subject.orphans):
            mine = owner == i
            if (mine & ~stays).any():
                result.settled.add(batch.id)
                rest = said.filter(pa.array(mine & stays))
                if rest.num_rows:
                    result.left.append(replace(batch, rows=rest.num_rows, body=wire.to_bytes(rest)))
        fresh = owner >= len(subject.orphans)
        result.orphaned = said.filter(pa.array(fresh & stays))
        if gone.any():
            lost = said.filter(pa.array(gone))
            ids, at = lost.column(wire.ID).to_pylist()[:TOLD], wire.ints(lost, wire.RECEIVED)[:TOLD].tolist()
            result.expired = list(zip(ids, at, strict=True))
            result.joined = replace(result.joined, expired=result.joined.expired + int(gone.sum()))

    def commit(self, results: Sequence[Result]) -> None:
        """Write down what several models' labels change, in one transaction."""
        if not results:
            return
        direct = [
            (each, self.write(each.subject.model, each.rows)) for each in results if each.rows.num_rows >= DIRECT_ROWS
        ]
        if any(result.evidence for result in results):
            load_detectors()  # seconds the first time: not while the database is locked
        with writing(self.engine) as connection:
            save(connection, results, self.clock())
            for result in results:
                save_evidence(connection, result.subject, result.evidence, self.clock())
            for _, (commit, _) in direct:
                lake_commits.record(connection, commit, 0)
        for result, (commit, files) in direct:
            key = TableKey(result.subject.model.project, result.subject.model.name, Kind.LABELS)
            self.lake.commit(key, result.rows.schema, files, commit.sequence)
            with writing(self.engine) as connection:
                lake_commits.done(connection, commit)

    def write(self, model: models.ModelRow, rows: pa.Table) -> tuple[lake_commits.PendingCommit, list[Any]]:
        """Files of labels for the lake, and their commit, which is still to be decided."""
        with reading(self.engine) as connection:
            progress = lake_commits.load_progress(connection)
        sequence = progress.get((model.id, Kind.LABELS.value), (0, -1))[1] + 1
        key = TableKey(model.project, model.name, Kind.LABELS)
        files = self.lake.write(key, rows, f"{sequence:012d}")
        schema = rows.schema.serialize().to_pybytes()
        return lake_commits.PendingCommit(model.id, Kind.LABELS.value, sequence, schema, encode_files(files)), files

    def flush(self, since_us: int, rows: int) -> int:
        """Move joined labels that have waited since a time, or are many, to the lake; returns how many went."""
        with self.alone:
            finish_commits(self.engine, self.lake, [Kind.LABELS])
            return self.move(since_us, rows)

    def move(self, since_us: int, rows: int) -> int:
        """See `flush`."""
        with reading(self.engine) as connection:
            due = labels.rows_due(connection, since_us, rows)
        moved = 0
        for model_id in due:
            with reading(self.engine) as connection:
                model = models.get_model(connection, model_id)
                batches = labels.load_rows(connection, model_id)
            table = wire.from_bytes([batch.body for batch in batches], labels_lake.SCHEMA)
            commit, files = self.write(model, table)
            with writing(self.engine) as connection:
                lake_commits.record(connection, commit, 0)
                labels.drop_rows(connection, [batch.id for batch in batches])
            self.lake.commit(TableKey(model.project, model.name, Kind.LABELS), table.schema, files, commit.sequence)
            with writing(self.engine) as connection:
                lake_commits.done(connection, commit)
            moved += table.num_rows
        return moved
