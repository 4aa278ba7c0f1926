"""The log, folded: every record once into profiles, counts and the quarantine, and once into the lake's buffers.

What a record adds is collected in memory and written by `commit` together with the log position behind it, in one
transaction: a crash anywhere leaves either both or neither, and the record is folded again or not at all.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Engine

from modelwatch.core.wire import DEFAULT_PROJECT, Kind
from modelwatch.errors import CorruptData, NotFound
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.part import open_part
from modelwatch.jobs.catalog import Catalog, Deployment, Model
from modelwatch.jobs.counted import Counted, count
from modelwatch.jobs.critical import Critical
from modelwatch.jobs.cut import build_days, cut_anew
from modelwatch.jobs.flush import flush_table
from modelwatch.jobs.gather import Group, Piece, Place, gather, kind_of, runs
from modelwatch.jobs.id_sketches import bucket_sketches
from modelwatch.jobs.label_batch import label_batch
from modelwatch.jobs.lake_rows import lake_table
from modelwatch.jobs.learn import learn
from modelwatch.jobs.learn_losses import learn_losses
from modelwatch.jobs.outcome_rows import seen
from modelwatch.jobs.pending import Pending, commit_pending
from modelwatch.jobs.recount import recount
from modelwatch.jobs.recount_outcomes import recount_outcomes
from modelwatch.jobs.take_reference import Upload, adopt_first_rows, known_already, take_reference
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.log import Readable, Rejection, Stored
from modelwatch.log.entry import PartKind, decode
from modelwatch.store import labels, ledger, segments
from modelwatch.store.engine import reading
from modelwatch.store.held import HeldRows
from modelwatch.store.lake_commits import load_progress
from modelwatch.store.ledger import LAKE
from modelwatch.store.models import get_model

logger = logging.getLogger("modelwatch.fold")

CONSUMER = "fold"
READ_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoldOptions:
    """`hold_rows`: rows that become the reference of a model without one; the rest bounds what waits in memory."""

    hold_rows: int = 1000
    commit_rows: int = 200_000
    commit_us: int = 1_000_000
    commit_bytes: int = 256 * 1024 * 1024
    live_within_us: int = 15 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows that are ready to be counted; `counted` is None when there is no binning yet, or nothing to count."""

    group: Group
    rows: Conformed
    table: pa.Table
    counted: Counted | None


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
        critical: Critical | None = None,
    ) -> None:
        self.engine, self.log, self.lake, self.buffer = engine, log, lake, buffer
        self.critical = critical
        self.uploads, self.clock, self.options = uploads, clock, options
        self.catalog = Catalog(engine)
        self.pending = Pending()
        self.lake_through: dict[tuple[int, str], int] = {}
        self.position = self.folded = self.lake_start = 0
        self.committed_us = clock()
        self.skipped_bytes = 0
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
        if self.critical is not None:
            self.critical.forget()

    def step(self) -> int:
        """Fold the next records, a few MB at most; returns how many there were."""
        try:
            records = self.log.read(self.position, READ_BYTES)
        except NotFound:
            self.skipped_bytes += self.log.first() - self.position
            self.position = self.log.first()
            return 1
        if self.critical is not None:
            self.critical.refresh()
        self.take(records)
        if self.due() or (self.critical is not None and self.critical.look()):
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

    def take(self, records: Sequence[Stored]) -> None:
        """Fold records. Those before `folded` are in the profiles already and are only put into the lake again."""
        pieces: list[tuple[Piece, bool]] = []
        for record in records:
            fresh = record.position >= self.folded
            try:
                entry = decode(record.payload)
            except CorruptData as error:
                self.set_aside(DEFAULT_PROJECT, "", 0, "record", bytes(record.payload), record.position, str(error))
                continue
            self.pending.records += fresh
            if fresh:
                self.pending.reject(entry.project, entry.received_us, entry.rejected)
                if entry.dropped is not None:
                    self.pending.drop(entry.project, entry.dropped)
            pieces.extend((Piece(entry, part, record.position, record.next), fresh) for part in entry.parts)
        for group in gather(pieces):
            if group.place.kind is PartKind.REFERENCE:
                self.position = group.pieces[0].position
                self.take_upload(group)
            else:
                self.take_group(group)
        self.position = records[-1].next if records else self.position

    def take_group(self, group: Group) -> None:
        """Fold rows of one model version; a piece that cannot be folded is set aside and harms no other."""
        place, entry = group.place, group.pieces[0].entry
        model = self.catalog.model(place.project, place.model, entry.received_us)
        owner: Deployment | None = None
        if place.kind is PartKind.PREDICTIONS:
            owner = self.catalog.deployment(model, place.environment, place.version, entry.received_us)
        opened = []
        for piece in group.pieces:
            try:
                opened.append((piece, open_part(piece.part.body)))
            except Exception as error:  # the boundary to bytes that the api let pass: our mistake, or damage
                self.set_piece_aside(place, piece, error)
        for run, batch in runs(opened):
            self.take_run(model, owner, Group(place, run), batch)

    def take_run(self, model: Model, owner: Deployment | None, group: Group, batch: pa.RecordBatch) -> None:
        """Fold rows with the same columns together; when that fails, piece by piece."""
        try:
            ready = self.prepare(model, owner, group, batch)
        except Exception as error:  # the boundary to rows that the api let pass
            if len(group.pieces) == 1:
                self.set_piece_aside(group.place, group.pieces[0], error)
                return
            at = 0
            for piece in group.pieces:
                self.take_run(model, owner, Group(group.place, [piece]), batch.slice(at, piece.part.rows))
                at += piece.part.rows
            return
        self.add(model, owner, ready)

    def prepare(self, model: Model, owner: Deployment | None, group: Group, batch: pa.RecordBatch) -> Prepared:
        """Everything that can fail on strange rows, before anything is counted."""
        known = owner.schema if owner is not None else None
        if owner is not None and known is not None:
            known = learn(known, batch, model.binning, owner.rows < self.options.hold_rows)
        kind = kind_of(group.place)
        rows = conform(batch, kind, known)
        table = lake_table(rows, group.place.version, group.place.environment, group.received(), group.positions())
        counted: Counted | None = None
        if owner is not None:
            owner.schema = rows.schema
            if model.binning is not None and group.place.fresh:
                counted = count(model.binning, rows, model.watched, owner.segment_span_us)
        return Prepared(group, rows, table, counted)

    def add(self, model: Model, owner: Deployment | None, ready: Prepared) -> None:
        """Add prepared rows to what is pending and to the lake's buffer."""
        place, pieces = ready.group.place, ready.group.pieces
        if place.fresh:
            if owner is not None:
                self.count(model, owner, ready)
            else:
                self.pending.labels.append(label_batch(model.id, ready.rows, ready.group))
                self.pending.bytes += len(self.pending.labels[-1].body)
            self.pending.accept(place.project, place.model, place.kind.value, ready.group.rows)
        through = self.lake_through.get((model.id, place.kind.value), 0)
        late = [piece for piece in pieces if piece.position >= through]
        if late:
            key = TableKey(model.project, model.name, kind_of(place))
            skipped = ready.group.rows - sum(piece.part.rows for piece in late)
            self.buffer.add(key, ready.table.slice(skipped), late[0].position, late[-1].next)

    def count(self, model: Model, owner: Deployment, ready: Prepared) -> None:
        """Add predictions to the profiles of their buckets, or hold them back while there is no reference."""
        rows, last = ready.rows, ready.group.pieces[-1].entry.received_us
        self.pending.schemas[owner.id] = rows.schema
        changes = set(rows.changes) - owner.told
        if changes:
            owner.told |= changes
            self.pending.changes.append((owner.id, last, changes))
        low, high = int(rows.timestamp.min()), int(rows.timestamp.max())
        owner.saw(low, high, last, rows.rows, self.options.live_within_us)
        self.pending.deployments[owner.id] = owner
        self.pending.count_days(owner.id, rows.timestamp)
        self.pending.add_sketches(owner.id, bucket_sketches(rows))
        self.pending.rows += rows.rows
        if model.binning is not None:
            span = owner.segment_span_us
            counted = ready.counted or count(model.binning, rows, model.watched, span)
            self.pending.add(model, owner, counted)
            self.pending.add_outcomes(model, owner, seen(model.judging, model.groups, rows))
            if self.critical is not None:
                self.critical.add(owner.id, counted.whole, last, high)
            return
        for piece in ready.group.pieces:
            model.held.append(HeldRows(owner.id, piece.part.rows, bytes(piece.part.body)))
            self.pending.held.append((model.id, model.held[-1]))
        if sum(each.rows for each in model.held) >= self.options.hold_rows:
            found = adopt_first_rows(model, self.options.hold_rows, last)
            learn_task(model, found.task)
            self.pending.adopted.append(found)
            self.pending.models[model.id] = model
            self.release_held(model)

    def set_piece_aside(self, place: Place, piece: Piece, error: Exception) -> None:
        """Keep rows that could not be folded."""
        if place.fresh:
            logger.error("rows of %r at %d could not be folded", place.model, piece.position, exc_info=error)
            body, rows = bytes(piece.part.body), piece.part.rows
            self.set_aside(place.project, place.model, rows, place.kind.value, body, piece.position, repr(error))

    def set_aside(
        self, project: str, model: str, rows: int, kind: str, body: bytes, position: int, reason: str
    ) -> None:
        """Keep what cannot be folded as a file, and say so in the quarantine: nothing is lost in silence."""
        name = f"{position:020d}-{blake2b(body, digest_size=4).hexdigest()}.{kind}"
        write_durably(self.uploads.parent / "set-aside" / name, body)
        detail = f"{rows} rows could not be counted ({reason}); they are kept in set-aside/{name}"
        refused = Rejection(0, "fold_failed", detail, model, "")
        self.pending.records += 1
        self.pending.reject(project, self.clock(), [refused], rows=rows, kind=kind)

    def release_held(self, model: Model) -> None:
        """Count the batches that had to wait for a binning."""
        assert model.binning is not None
        owners = {each.id: each for each in model.deployments.values()}
        for waiting in model.held:
            owner = owners[waiting.deployment_id]
            self.pending.deployments[owner.id] = owner
            rows = conform(open_part(waiting.body), Kind.PREDICTIONS, owner.schema)
            self.pending.add(model, owner, count(model.binning, rows, model.watched, owner.segment_span_us))
            self.pending.add_outcomes(model, owner, seen(model.judging, model.groups, rows))
        model.held.clear()

    def take_upload(self, group: Group) -> None:
        """Make an uploaded file the reference of its version; everything counted on first rows is counted anew."""
        (piece,) = group.pieces
        entry, part = piece.entry, piece.part
        if not group.place.fresh:
            return
        self.commit()
        model = self.catalog.model(entry.project, part.model, entry.received_us)
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
        learn_task(model, found.task)
        losses = learn_losses(upload, model.judging, model.binning)
        whole, days = upload.outcomes(model.judging, model.groups)
        found = replace(found, outcomes=whole, days=days, losses=losses)
        self.pending.adopted.append(found)
        self.pending.models[model.id] = model
        self.release_held(model)
        if replaced:
            key = TableKey(model.project, model.name, Kind.PREDICTIONS)
            flush_table(self.engine, self.lake, self.buffer, self.catalog, key, entry.received_us)
            recount(self.engine, self.lake, model, model.binning, self.position, self.clock())

    def tend_segments(self, until: Callable[[], bool]) -> bool:
        """Cut models anew that were asked to be, and count past days for new segments; False when there was nothing.

        For the thread of the fold, between two steps: what is folded is committed and flushed first. Nothing is done
        while the lake still lacks rows that are in the profiles.
        """
        if self.position < self.folded:
            return False
        with reading(self.engine) as connection:
            anew = segments.asked_anew(connection)
            lacking = [model_id for model_id in segments.being_built(connection) if model_id not in anew]
            names = {each: get_model(connection, each) for each in (*anew, *lacking)}
        for model_id in (*anew, *lacking):
            model = self.catalog.model(names[model_id].project, names[model_id].name, self.clock())
            key = TableKey(model.project, model.name, Kind.PREDICTIONS)
            self.commit()
            flush_table(self.engine, self.lake, self.buffer, self.catalog, key, self.clock())
            if model_id in anew:
                cut_anew(self.engine, self.lake, model, self.uploads, self.position, self.clock())
            else:
                build_days(self.engine, self.lake, model, self.position, self.clock(), until)
            if until():
                break
        return bool(names)

    def tend_outcomes(self, alone: threading.RLock) -> bool:
        """Count the outcomes of models anew that are to be judged otherwise; False when there was nothing to do.

        Like `tend_segments`, and while no label is joined: `alone` is the lock of the join.
        """
        if self.position < self.folded:
            return False
        with reading(self.engine) as connection:
            asked = {each: get_model(connection, each) for each in labels.asked_rebuilt(connection)}
        for row in asked.values():
            model = self.catalog.model(row.project, row.name, self.clock())
            self.commit()
            key = TableKey(model.project, model.name, Kind.PREDICTIONS)
            flush_table(self.engine, self.lake, self.buffer, self.catalog, key, self.clock())
            with alone:
                recount_outcomes(self.engine, self.lake, model, self.uploads, self.position, self.clock())
        return bool(asked)

    def commit(self) -> None:
        """Write all that is pending and the log position behind it, in one transaction."""
        self.committed_us = self.clock()
        if self.position <= self.folded and not self.pending.records:
            return
        critical = self.critical
        if critical is not None:
            critical.look(hurry=True)
        commit_pending(self.engine, self.pending, CONSUMER, self.position, self.committed_us, critical)
        self.folded = max(self.folded, self.position)
        if critical is not None:
            critical.saved()
        for model in self.pending.models.values():
            model.watched.settled()
            model.groups.fresh.clear()
        self.pending = Pending()


def learn_task(model: Model, told: tuple[str, str | None]) -> None:
    """Judge by the task that the rows of a reference tell, where nothing else was said."""
    task, positive = told
    if task and not model.judging.task:
        said = model.judging.positive
        model.judging = replace(model.judging, task=task, positive=positive if said is None else said)


def write_durably(path: Path, body: bytes) -> None:
    """Write a file so that it survives power loss."""
    path.parent.mkdir(exist_ok=True)
    with open(path, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
