"""Counts the outcomes of a model anew, from the rows that the lake has, when it is to be judged by other rules.

Done while nothing is folded or joined, with everything that was folded in the lake. A note says that it is going on: a
crash in the middle is repaired by starting over.
"""

from __future__ import annotations

import functools
import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Engine

from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.core.wire import Kind
from modelwatch.errors import ModelwatchError
from modelwatch.ingest.outcome_rows import OUTPUT_ROLES, RANKING, Truth
from modelwatch.ingest.reference import TYPES
from modelwatch.jobs import label_batch as wire
from modelwatch.jobs.catalog import Model, wanted_judging
from modelwatch.jobs.joining import by_deployment, conformed_rows, numbers_of
from modelwatch.jobs.judging import Groups
from modelwatch.jobs.learn_losses import learn_losses
from modelwatch.jobs.outcome_rows import labelled, seen
from modelwatch.jobs.ranked import ranked_day
from modelwatch.jobs.take_reference import Upload
from modelwatch.lake import labels as labels_lake
from modelwatch.lake.columns import column_key
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.labelled import opened
from modelwatch.log.entry import Part, PartKind
from modelwatch.profiles.outcomes import Outcomes, merge
from modelwatch.store import labels, models, outcomes, references
from modelwatch.store.engine import writing
from modelwatch.store.profiles import Series, mark_dirty, spans

logger = logging.getLogger("modelwatch.fold")

Ints = NDArray[np.int64]


def recount_outcomes(engine: Engine, lake: Lake, model: Model, uploads: Path, position: int, now_us: int) -> int:
    """Replace all outcomes of a model by what its settings ask for now; returns the predictions that were counted."""
    owners = [each.id for each in model.deployments.values()]
    with writing(engine) as connection:
        row = models.get_model(connection, model.id)
        model.judging = wanted_judging(connection, row)
        model.groups = Groups(model.judging.ways)
        joined = replace(labels.load_joined(connection, model.id), judging=labels.ANEW)
        labels.save_joined(connection, joined)
        outcomes.drop_outcomes(connection, owners)
        outcomes.drop_groups(connection, model.id)
        stored = references.list_references(connection, model.id)
        waiting = labels.load_rows(connection, model.id)
    for reference in stored:
        recount_reference(engine, model, reference, uploads)
    first = min((d.first_event_us for d in model.deployments.values() if d.first_event_us is not None), default=0)
    last = max((d.last_event_us for d in model.deployments.values() if d.last_event_us is not None), default=-1)
    unwritten = wire.from_bytes([batch.body for batch in waiting], labels_lake.SCHEMA)
    counted = 0
    for day in range(first - first % DAY_US, last + 1, DAY_US):
        counted += recount_day(engine, lake, model, unwritten, day)
    with writing(engine) as connection:
        outcomes.add_groups(connection, model.id, model.groups.fresh)
        joined = replace(
            joined, judging=model.judging.to_json(), rebuilt_us=now_us, joined_us=joined.joined_us or now_us
        )
        labels.save_joined(connection, joined)
        for owner in owners:
            starts = [start for start, _, _ in spans(connection, Series(owner), -(2**62), 2**62)]
            mark_dirty(connection, Series(owner), starts, now_us, position)
    model.groups.fresh.clear()
    return counted


def recount_reference(engine: Engine, model: Model, row: references.ReferenceRow, uploads: Path) -> None:
    """Judge the rows of an uploaded reference anew, as far as its file can still be read."""
    owner = model.deployments.get((row.environment, row.version))
    if not row.file or owner is None:
        return
    said = {"file": row.file, "content_type": TYPES[Path(row.file).suffix], "roles": json.loads(row.roles)}
    part = Part(PartKind.REFERENCE, model.name, row.version, row.environment, 0, json.dumps(said).encode())
    try:
        upload = Upload(part, uploads, owner)
        found, days = upload.outcomes(model.judging, model.groups)
        losses = None if model.binning is None else learn_losses(upload, model.judging, model.binning)
    except ModelwatchError as error:
        logger.error("reference %s of %r cannot be read again for its outcomes: %s", row.file, model.name, error)
        return
    with writing(engine) as connection:
        outcomes.save_reference_outcomes(connection, row.id, found, losses, days)


def recount_day(engine: Engine, lake: Lake, model: Model, unwritten: pa.Table, day: int) -> int:
    """Judge the predictions of one day anew."""
    found: dict[tuple[int, outcomes.Side], dict[int, list[Outcomes]]] = {}
    counted = 0
    held = judged_rows(lake, model, unwritten, day)
    if held is not None:
        rows, truth = held
        counted = rows.num_rows
        for (version, environment), places in by_deployment(rows):
            owner = model.deployments.get((environment, version))
            if owner is None or owner.schema is None:
                continue
            conformed = conformed_rows(rows.take(pa.array(places)), owner.schema, model.judging)
            add = functools.partial(collect, found, owner.id)
            add(outcomes.Side.SEEN, seen(model.judging, model.groups, conformed))
            known = np.flatnonzero(truth.known[places])
            if len(known) and model.judging.task != RANKING:
                mine = places[known]
                conformed = conformed_rows(rows.take(pa.array(mine)), owner.schema, model.judging)
                add(outcomes.Side.LABELLED, labelled(model.judging, model.groups, conformed, truth.of(mine)))
    if model.judging.task == RANKING:
        ranked = ranked_day(lake, (model.project, model.name), unwritten, day, 1 << 62, model.judging.positive)
        for (version, environment), sums in ranked.items():
            collect(found, model.deployments[environment, version].id, outcomes.Side.LABELLED, sums)
    with writing(engine) as connection:
        for (owner_id, side), parts in found.items():
            merged = {start: merge(each) for start, each in parts.items()}
            outcomes.add_outcomes(connection, owner_id, side, BUCKET_US, merged)
    return counted


def collect(
    found: dict[tuple[int, outcomes.Side], dict[int, list[Outcomes]]],
    owner: int,
    side: outcomes.Side,
    parts: dict[int, Outcomes],
) -> None:
    """Keep what was counted until the day is through."""
    buckets = found.setdefault((owner, side), {})
    for start, part in parts.items():
        buckets.setdefault(start, []).append(part)


class Known:
    """What came true of rows [n]; `known` says of which."""

    def __init__(self, rows: pa.Table, newest: pa.Table) -> None:
        self.source = labels_lake.labels_of(rows, newest)
        self.known = self.source >= 0
        self.newest, self.times = newest, rows.column(labels_lake.TIMESTAMP).cast(pa.int64()).to_numpy()

    def of(self, rows: Ints) -> Truth:
        """What came true of known rows."""
        chosen = self.newest.take(pa.array(self.source[rows]))
        first = chosen.column(labels_lake.FIRST_AT).cast(pa.int64()).to_numpy()
        label = chosen.column(labels_lake.ACTUAL).cast(pa.string()).combine_chunks()
        return Truth(label, numbers_of(chosen.column(labels_lake.NUMBER).combine_chunks()), first - self.times[rows])


def judged_rows(lake: Lake, model: Model, unwritten: pa.Table, day: int) -> tuple[pa.Table, Known] | None:
    """The predictions of one day with what came true of them; None when there are none."""
    wanted = model.judging.columns()
    names = set()
    for column in lake.schema(TableKey(model.project, model.name, Kind.PREDICTIONS)) or ():
        said = column_key(column)
        if said is not None and (said.role in OUTPUT_ROLES or said in wanted):
            names.add(column.name)
    rows, newest = opened(lake, (model.project, model.name), names, unwritten, day, day + DAY_US).read()
    return (rows, Known(rows, newest)) if rows.num_rows else None
