"""How a model gets what it is compared with: an uploaded reference, or its own first rows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from modelwatch.core.column import ColumnKey
from modelwatch.core.judging import Judging
from modelwatch.core.segment import WHOLE
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.outcome_rows import Truth, truth_of, without_actuals
from modelwatch.ingest.part import open_part
from modelwatch.ingest.reference import open_reference
from modelwatch.jobs.blocks import Blocks, block_rows
from modelwatch.jobs.catalog import Deployment, Model
from modelwatch.jobs.judging import Groups
from modelwatch.jobs.learn import learn
from modelwatch.jobs.outcome_rows import labelled, seen
from modelwatch.jobs.pending import Adopted
from modelwatch.jobs.profiled import first_rows, joined, profiled_values, text_size, thinned, vector_numbers
from modelwatch.jobs.segment_references import first_of, reference_segments
from modelwatch.jobs.task import infer_task
from modelwatch.log.entry import Entry, Part
from modelwatch.monitors.drift.dependence import estimate
from modelwatch.profiles import Binning, Values, encode, fit
from modelwatch.profiles.outcomes import Outcomes, merge
from modelwatch.store import references
from modelwatch.store.engine import reading

FIT_ROWS = 2_000_000
"""Rows that bins are fitted on: quantiles of more would move by less than their own bin."""
FIT_NUMBERS = 1 << 26
"""Numbers of vectors that are kept for the fit, evenly spread over these rows: 256 MB."""
FIT_TEXT = 1 << 28
"""Characters of distinct texts after which no more rows are looked at."""
MOST_DAYS = 400
"""Days of a reference whose outcomes are kept apart, to see how they vary."""
FIRST_ROWS = "first_rows"
UPLOADED = "uploaded"
NO_TASK: tuple[str, str | None] = ("", None)


def adopt_first_rows(model: Model, count: int, now_us: int) -> Adopted:
    """Make the first `count` rows that were held back the model's reference, and its binning from them."""
    told, batches, sizes, times, weights = [], [], [], [], []
    first = model.held[0]
    owners = {each.id: each for each in model.deployments.values()}
    for waiting in model.held:
        rows = conform(open_part(waiting.body), Kind.PREDICTIONS, owners[waiting.deployment_id].schema)
        told.append(rows)
        batches.append(profiled_values(rows))
        sizes.append(waiting.rows)
        times.append(rows.timestamp)
        weights.append(np.ones(waiting.rows) if rows.weight is None else rows.weight)
    n = min(count, sum(sizes))
    columns = first_rows(joined(batches, sizes), n)
    stamps, weight = np.concatenate(times)[:n], np.concatenate(weights)[:n]
    binning = fit(columns, weight)
    owner = owners[first.deployment_id]
    start, end = int(stamps.min()), int(stamps.max())
    blocks = Blocks(binning, block_rows(n, binning))
    blocks.add(columns, n, weight)
    label = f"first {n:,} rows"
    model.binning = binning
    made = (FIRST_ROWS, label, "", "{}")
    found = adopted(model, owner, blocks, made, (start, end), now_us, infer_task(told))
    return replace(found, segments=reference_segments(model.watched, binning, lambda: first_of(told, n)))


def adopted(
    model: Model,
    owner: Deployment,
    blocks: Blocks,
    made: tuple[str, str, str, str],
    period: tuple[int | None, int | None],
    now_us: int,
    task: tuple[str, str | None],
) -> Adopted:
    """A binning and a reference as they are stored; `made` is its kind, label, file and the file's roles as JSON."""
    kind, label, file, roles = made
    binning, counted = blocks.binning, blocks.total()
    row = references.BinningRow(binning.id, kind, owner.last_event_us, now_us, binning.to_bytes())
    values: dict[str, Any] = {
        "model_id": model.id,
        "environment": owner.environment,
        "version": owner.version,
        "kind": kind,
        "label": label,
        "rows": counted.rows,
        "start_us": period[0],
        "end_us": period[1],
        "created_us": now_us,
        "binning": binning.id,
        "file": file,
        "roles": roles,
        "body": encode(counted, binning),
        "dependence": estimate(blocks.profiles, binning).to_bytes(),
    }
    return Adopted(model.id, row, values, task)


class Upload:
    """An uploaded reference file, read as often as it takes: once to fit bins, once to count."""

    def __init__(self, part: Part, folder: Path, owner: Deployment) -> None:
        said = json.loads(bytes(part.body))
        self.file = str(said["file"])
        self.label = str(said.get("label") or "uploaded")
        self.content_type = str(said["content_type"])
        self.roles = said.get("roles") or {}
        self.path = folder / self.file
        self.rows = part.rows
        self.owner = owner
        self.task = NO_TASK
        self.start_us: int | None = None
        self.end_us: int | None = None

    def batches(self) -> Iterator[Conformed]:
        """The rows, conformed to the schema, which grows with what the file shows first."""
        reference = open_reference(self.path, self.content_type, self.roles)
        for batch in reference.batches():
            batch = without_actuals(batch)
            known = self.owner.schema
            rows = conform(batch, Kind.PREDICTIONS, learn(known, batch, None, young=True) if known else None)
            self.owner.schema = rows.schema
            yield rows

    def judged(self) -> Iterator[tuple[Conformed, Truth | None]]:
        """The rows, conformed to the schema as it stands, with what came true of them where the file has it."""
        reference = open_reference(self.path, self.content_type, self.roles)
        for batch in reference.batches():
            yield conform(without_actuals(batch), Kind.PREDICTIONS, self.owner.schema), truth_of(batch)

    def labelled(self) -> Iterator[tuple[Conformed, Truth]]:
        """The rows of which the file says what came true."""
        for rows, truth in self.judged():
            if truth is not None:
                yield rows, truth

    def outcomes(self, judging: Judging, groups: Groups) -> tuple[Outcomes, list[Outcomes]]:
        """What the rows say and, where the file has it, what came true of them: in all, and of each day where the file
        says when its rows happened."""
        parts: list[Outcomes] = []
        days: dict[int, list[Outcomes]] = {}
        timed = self.timed()
        for rows, truth in self.judged():
            counted = [seen(judging, groups, rows)]
            if truth is not None:
                counted.append(labelled(judging, groups, rows, truth))
            for start, part in itertools.chain.from_iterable(each.items() for each in counted):
                parts.append(part)
                days.setdefault(start // DAY_US, []).append(part.only(WHOLE))
        several = timed and 1 < len(days) <= MOST_DAYS
        return merge(parts), [merge(days[day]) for day in sorted(days)] if several else []

    def fit(self, known: Binning | None) -> Binning:
        """The bins for the columns of the file; columns that `known` has keep theirs."""
        batches: list[Mapping[ColumnKey, Values]] = []
        sizes: list[int] = []
        weights: list[np.ndarray[Any, np.dtype[np.float64]]] = []
        every, text = 1, 0
        for rows in self.batches():
            if sum(sizes) >= FIT_ROWS or text >= FIT_TEXT:
                break
            self.task = infer_task([rows]) if self.task == NO_TASK else self.task
            batches.append(thinned(profiled_values(rows), every))
            text += text_size(batches[-1])
            while sum(map(vector_numbers, batches)) > FIT_NUMBERS:
                every, batches = every * 2, [thinned(batch, 2) for batch in batches]
            sizes.append(len(rows.timestamp))
            weights.append(np.ones(sizes[-1]) if rows.weight is None else rows.weight)
        columns = joined(batches, sizes)
        if known is not None:
            columns = {key: values for key, values in columns.items() if known.index(key) is None}
            if not columns:
                return known
        fitted = fit(columns, np.concatenate(weights))
        return fitted if known is None else Binning((*known.columns, *fitted.columns))

    def count(self, binning: Binning, timed: bool) -> Blocks:
        """The counts of the whole file on a binning, in blocks of rows that follow each other."""
        blocks = Blocks(binning, block_rows(self.rows, binning))
        for rows in self.batches():
            blocks.add(profiled_values(rows, binning), rows.rows, rows.weight)
            if timed and rows.rows:
                low, high = int(rows.timestamp.min()), int(rows.timestamp.max())
                self.start_us = low if self.start_us is None else min(self.start_us, low)
                self.end_us = high if self.end_us is None else max(self.end_us, high)
        return blocks

    def timed(self) -> bool:
        """True when the file says when its rows happened."""
        timed: bool = open_reference(self.path, self.content_type, self.roles).timed
        return timed


def known_already(engine: Engine, model_id: int, file: str) -> bool:
    """True when the reference of that file was stored before, and this is the same record again."""
    with reading(engine) as connection:
        return any(row.file == file for row in references.list_references(connection, model_id))


def binning_source(connection: Connection, model_id: int, binning: Binning) -> str:
    """What a binning was made of."""
    return references.load_binning(connection, model_id, binning.id).source


def take_reference(
    engine: Engine, model: Model, owner: Deployment, upload: Upload, entry: Entry
) -> tuple[Adopted, bool]:
    """The reference of an uploaded file; True when the model's own binning gave way to one made from it.

    Bins that were made from first rows are replaced, since a reference that was chosen knows the range of the data
    better. Bins of an earlier uploaded reference stay, so that charts go on; columns that they lack are added.
    """
    keep = model.binning
    if keep is not None:
        with reading(engine) as connection:
            keep = None if binning_source(connection, model.id, keep) == FIRST_ROWS else keep
    binning = upload.fit(keep)
    replaced = model.binning is not None and keep is None
    blocks = upload.count(binning, upload.timed())
    period = (upload.start_us, upload.end_us)
    made = (UPLOADED, upload.label, upload.file, json.dumps(upload.roles))
    found = adopted(model, owner, blocks, made, period, entry.received_us, upload.task)
    model.binning = binning
    return replace(found, segments=reference_segments(model.watched, binning, upload.batches)), replaced
