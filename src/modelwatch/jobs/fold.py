"""The log, folded: every record once into profiles, counts and the quarantine, and once into the lake's buffers.

What a record adds is collected in memory and written by `commit` together with the log position behind it, in one
transaction: a crash anywhere leaves either both or neither, and the record is folded again or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from modelwatch.core.wire import Kind
from modelwatch.errors import ModelwatchError, NotFound
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.part import open_part
from modelwatch.jobs.buckets import buckets_of
from modelwatch.jobs.catalog import Catalog, Deployment, Model
from modelwatch.jobs.flush import flush_table
from modelwatch.jobs.lake_rows import lake_table
from modelwatch.jobs.learn import learn
from modelwatch.jobs.pending import Pending, commit_pending
from modelwatch.jobs.profiled import profiled_values
from modelwatch.jobs.recount import recount
from modelwatch.jobs.take_reference import Upload, adopt_first_rows, known_already, take_reference
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.log import Readable, Rejection, Stored
from modelwatch.log.entry import Entry, Part, PartKind, decode
from modelwatch.profiles import Binning, profile_buckets
from modelwatch.store import ledger
from modelwatch.store.engine import reading
from modelwatch.store.held import HeldRows
from modelwatch.store.lake_commits import load_progress

CONSUMER = "fold"
LAKE = "lake"
READ_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoldOptions:
    """`hold_rows`: rows that become the reference of a model without one; the rest bounds what waits in memory."""

    hold_rows: int = 1000
    commit_rows: int = 200_000
    commit_us: int = 1_000_000
    commit_bytes: int = 256 * 1024 * 1024
    live_within_us: int = 15 * 60 * 1_000_000


class Fold:
    """Reads the log from where it left off; `step` until it returns 0, `commit` now and then."""

    def __init__(
        self,
        engine: Engine,
        log: Readable,
        lake: Lake,
        buffer: Buffer,
        uploads: Path,
        clock: Callable[[], int],
        options: FoldOptions,
    ) -> None:
        self.engine, self.log, self.lake, self.buffer = engine, log, lake, buffer
        self.uploads, self.clock, self.options = uploads, clock, options
        self.catalog = Catalog(engine)
        self.pending = Pending()
        self.lake_through: dict[tuple[int, str], int] = {}
        self.position = self.folded = self.lake_start = 0
        self.committed_us = clock()
        self.skipped_bytes = 0
        self.failed_parts = 0
        self.resume()

    def resume(self) -> None:
        """Go back to what was committed: where profiles stand, and from where rows may be missing in the lake."""
        with reading(self.engine) as connection:
            self.folded = ledger.load_offset(connection, CONSUMER) or self.log.first()
            lake = ledger.load_offset(connection, LAKE)
            self.lake_through = {key: through for key, (through, _) in load_progress(connection).items()}
        self.position = self.lake_start = min(self.folded, self.log.first() if lake is None else lake)
        self.pending = Pending()
        self.buffer.clear()
        self.catalog.forget()

    def step(self) -> int:
        """Fold the next records, a few MB at most; returns how many there were."""
        try:
            records = self.log.read(self.position, READ_BYTES)
        except NotFound:
            self.skipped_bytes += self.log.first() - self.position
            self.position = self.log.first()
            return 1
        for record in records:
            self.take(record)
            self.position = record.next
            if self.due():
                self.commit()
        return len(records)

    def due(self) -> bool:
        """True when enough is waiting to be committed."""
        waiting = self.pending
        return (
            waiting.rows >= self.options.commit_rows
            or waiting.bytes >= self.options.commit_bytes
            or (waiting.records > 0 and self.clock() - self.committed_us >= self.options.commit_us)
        )

    def take(self, record: Stored) -> None:
        """Fold one record. Records before `folded` are in the profiles already and are only put into the lake again."""
        entry = decode(record.payload)
        fresh = record.position >= self.folded
        if fresh:
            self.pending.records += 1
            self.pending.reject(entry.project, entry.received_us, entry.rejected)
        for part in entry.parts:
            try:
                self.take_part(entry, part, record, fresh)
            except ModelwatchError as error:
                # the api let it pass, so it is our mistake or damage: kept where a person can read it, never lost
                self.failed_parts += 1
                if fresh:
                    refused = Rejection(0, "fold_failed", str(error), part.model, "")
                    self.pending.reject(
                        entry.project, entry.received_us, [refused], rows=part.rows, kind=part.kind.value
                    )

    def take_part(self, entry: Entry, part: Part, record: Stored, fresh: bool) -> None:
        """Fold the rows of one model version."""
        model = self.catalog.model(entry.project, part.model, entry.received_us)
        if part.kind is PartKind.REFERENCE:
            if fresh:
                self.take_upload(entry, part, model)
            return
        kind = Kind(part.kind.value)
        batch = open_part(part.body)
        if kind is Kind.ACTUALS:
            rows = conform(batch, kind, None)
        else:
            deployment = self.catalog.deployment(model, part.environment, part.version, entry.received_us)
            known = deployment.schema
            if known is not None:
                known = learn(known, batch, model.binning, deployment.rows < self.options.hold_rows)
            rows = conform(batch, kind, known)
            if fresh:
                self.count(entry, part, model, deployment, rows)
        if record.position >= self.lake_through.get((model.id, kind.value), 0):
            key = TableKey(model.project, model.name, kind)
            table = lake_table(rows, part.version, part.environment, entry.received_us)
            self.buffer.add(key, table, record.position, record.next)
        if fresh:
            self.pending.accept(entry.project, part.model, kind.value, part.rows)

    def count(self, entry: Entry, part: Part, model: Model, deployment: Deployment, rows: Conformed) -> None:
        """Add predictions to the profiles of their buckets, or hold them back while there is no reference."""
        changes = set(rows.changes) - deployment.told
        if rows.schema != deployment.schema:
            deployment.schema = rows.schema
            self.pending.schemas[deployment.id] = rows.schema
        if changes:
            deployment.told |= changes
            self.pending.changes.append((deployment.id, entry.received_us, changes))
        first, last = int(rows.timestamp.min()), int(rows.timestamp.max())
        deployment.saw(first, last, entry.received_us, part.rows, self.options.live_within_us)
        self.pending.deployments[deployment.id] = deployment
        self.pending.count_days(deployment.id, rows.timestamp)
        self.pending.rows += part.rows
        if model.binning is not None:
            self.profile(model.binning, deployment.id, rows)
            return
        model.held.append(HeldRows(deployment.id, part.rows, bytes(part.body)))
        self.pending.held.append((model.id, model.held[-1]))
        if sum(each.rows for each in model.held) >= self.options.hold_rows:
            self.pending.adopted.append(adopt_first_rows(model, self.options.hold_rows, entry.received_us))
            self.release_held(model)

    def release_held(self, model: Model) -> None:
        """Count the batches that had to wait for a binning."""
        assert model.binning is not None
        owners = {each.id: each for each in model.deployments.values()}
        for waiting in model.held:
            owner = owners[waiting.deployment_id]
            self.pending.deployments[owner.id] = owner
            self.profile(model.binning, owner.id, conform(open_part(waiting.body), Kind.PREDICTIONS, owner.schema))
        model.held.clear()

    def take_upload(self, entry: Entry, part: Part, model: Model) -> None:
        """Make an uploaded file the reference of its version; everything counted on first rows is counted anew."""
        self.commit()
        owner = self.catalog.deployment(model, part.environment, part.version, entry.received_us)
        upload = Upload(part, self.uploads, owner)
        if known_already(self.engine, model.id, upload.file):
            return
        found, replaced = take_reference(self.engine, model, owner, upload, entry)
        assert owner.schema is not None
        assert model.binning is not None
        self.pending.records += 1
        self.pending.schemas[owner.id] = owner.schema
        self.pending.deployments[owner.id] = owner
        self.pending.adopted.append(found)
        self.release_held(model)
        if replaced:
            key = TableKey(model.project, model.name, Kind.PREDICTIONS)
            flush_table(self.engine, self.lake, self.buffer, self.catalog, key, entry.received_us)
            recount(self.engine, self.lake, model, model.binning, self.position, self.clock())

    def profile(self, binning: Binning, deployment_id: int, rows: Conformed) -> None:
        """Add rows to the pending profiles of their buckets."""
        starts, slots = buckets_of(rows.timestamp)
        counted = profile_buckets(binning, profiled_values(rows, binning), slots, len(starts), rows.weight)
        for start, profile in zip(starts, counted, strict=True):
            self.pending.add_profile(deployment_id, start, profile)

    def commit(self) -> None:
        """Write all that is pending and the log position behind it, in one transaction."""
        self.committed_us = self.clock()
        if self.position <= self.folded and not self.pending.records:
            return
        commit_pending(self.engine, self.pending, CONSUMER, self.position, self.committed_us)
        self.folded = max(self.folded, self.position)
        self.pending = Pending()
