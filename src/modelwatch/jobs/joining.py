"""The records of a join: what it knows, what it changes, what had been said before, and how that is written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.column import Schema
from modelwatch.core.judging import Judging
from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.core.wire import Kind
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.outcome_rows import OUTPUT_ROLES
from modelwatch.jobs import label_batch as wire
from modelwatch.jobs.judging import Groups
from modelwatch.lake import labels as labels_lake
from modelwatch.lake.columns import as_wire
from modelwatch.lake.ids import IdTable
from modelwatch.lake.labels import positions_of
from modelwatch.lake.naming import ENVIRONMENT, VERSION
from modelwatch.profiles.outcomes import Outcomes
from modelwatch.store import labels, ledger, models, outcomes
from modelwatch.store.profiles import Series, mark_many

Ints = NDArray[np.int64]

FEW_ROWS: Final = 10_000
"""Labels of one model that are loaded together with those of others."""
DIRECT_ROWS: Final = 100_000
"""Joined labels from here on go to the lake at once; fewer wait in the database until it is worth a file."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The models with orphans, and with joined labels that are not in the lake yet; known once a pass, since only the
    join makes them more or less."""

    orphaned: frozenset[int]
    unwritten: frozenset[int]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some models by their ids, all as of one moment: predictions before `position` in the log belong
    to the deployments here, and the labels before it are those `waiting` or were taken earlier.

    `fresh` holds the labels to join of models with few.
    """

    rows: Mapping[int, models.ModelRow]
    deployments: Mapping[int, Sequence[models.DeploymentRow]]
    joined: Mapping[int, labels.Joined]
    groups: Mapping[int, Sequence[str]]
    waiting: Mapping[int, int]
    fresh: Mapping[int, Sequence[labels.LabelBatch]]
    position: int


def load_known(connection: Connection, model_ids: Sequence[int]) -> Known:
    """What is known of some models."""
    deployments: dict[int, list[models.DeploymentRow]] = {}
    for each in models.deployments_of(connection, model_ids):
        deployments.setdefault(each.model_id, []).append(each)
    waiting = labels.waiting_models(connection)
    few = [model_id for model_id in model_ids if 0 < waiting.get(model_id, 0) <= FEW_ROWS]
    return Known(
        {each.id: each for each in models.get_models(connection, model_ids)},
        deployments,
        labels.load_all_joined(connection, model_ids),
        outcomes.load_all_groups(connection, model_ids),
        waiting,
        labels.load_inboxes(connection, few),
        ledger.load_offset(connection, "fold") or 0,
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What the join needs to know of one model."""

    model: models.ModelRow
    deployments: Mapping[tuple[str, str], models.DeploymentRow]
    joined: labels.Joined
    judging: Judging
    groups: Groups
    fresh: Sequence[labels.LabelBatch]
    orphans: Sequence[labels.LabelBatch]
    waiting: Sequence[labels.LabelBatch]
    position: int
    more: bool

    @property
    def horizon_us(self) -> int:
        """How long a label is kept that finds no prediction."""
        return self.model.horizon_us


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Errors of predictions [n] whose truth is known now, in the order in which it became known."""

    errors: NDArray[np.float64]
    at_us: Ints
    order: Ints


@dataclass(slots=True)
class Result:
    """What joining one model's labels changes."""

    subject: Subject
    joined: labels.Joined
    outcomes: dict[int, dict[int, Outcomes]] = field(default_factory=dict)
    rows: pa.Table = field(default_factory=labels_lake.SCHEMA.empty_table)
    orphaned: pa.Table = field(default_factory=wire.SCHEMA.empty_table)
    settled: set[int] = field(default_factory=set)
    left: list[labels.LabelBatch] = field(default_factory=list)
    expired: list[tuple[str, int]] = field(default_factory=list)
    since_us: int = 0
    evidence: dict[int, Evidence] = field(default_factory=dict)

    def done(self) -> list[int]:
        """The batches that need not wait any longer."""
        return [*(batch.id for batch in self.subject.fresh), *self.settled]

    def still_orphaned(self) -> list[labels.LabelBatch]:
        """The labels that have to wait for their predictions."""
        if not self.orphaned.num_rows:
            return self.left
        since = int(wire.ints(self.orphaned, wire.RECEIVED).min())
        body = wire.to_bytes(self.orphaned)
        return [*self.left, labels.LabelBatch(0, self.subject.model.id, self.orphaned.num_rows, since, body)]

    def unwritten(self) -> list[labels.LabelBatch]:
        """The joined labels that are too few for a file of their own."""
        if not 0 < self.rows.num_rows < DIRECT_ROWS:
            return []
        body = wire.to_bytes(self.rows)
        return [labels.LabelBatch(0, self.subject.model.id, self.rows.num_rows, self.since_us, body)]

    def told(self) -> list[dict[str, Any]]:
        """The labels that expired, as the quarantine shows them."""
        return [expired_row(self.subject.model, each, self.subject.horizon_us) for each in self.expired]


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What was said earlier of predictions [n]: `order` is -1 where nothing was."""

    order: Ints
    first_us: Ints
    labels: Any
    values: Any

    @staticmethod
    def of(rows: pa.Table, places: Ints, n: int) -> Before:
        """The earlier labels, of which each [m] is about the prediction at its place; the last one counts."""
        where = positions_of(rows)
        if len(places) and np.bincount(places).max() > 1:
            ranked = np.lexsort((where, places))
            ranked = ranked[np.diff(places[ranked], append=-1) != 0]
        else:
            ranked = np.arange(len(places))
        source = np.full(n, -1, np.int64)
        source[places[ranked]] = ranked
        known = source >= 0
        taken = pa.array(source, mask=~known)
        order, first = np.full(n, -1, np.int64), np.zeros(n, np.int64)
        order[known] = where[source[known]]
        first[known] = rows.column(labels_lake.FIRST_AT).cast(pa.int64()).to_numpy()[source[known]]
        label = rows.column(labels_lake.ACTUAL).cast(pa.string()).combine_chunks().take(taken)
        return Before(order, first, label, rows.column(labels_lake.NUMBER).combine_chunks().take(taken))

    def taken(self, rows: Ints) -> Before:
        """Some of the rows."""
        chosen = pa.array(rows)
        return Before(self.order[rows], self.first_us[rows], self.labels.take(chosen), self.values.take(chosen))

    def equal(self, label: Any, value: Any) -> NDArray[np.bool_]:
        """Where nothing new is said."""
        alike = pc.or_(
            pc.fill_null(pc.equal(self.labels, label), False),
            pc.and_(pc.is_null(self.labels), pc.is_null(label)),
        ).to_numpy(zero_copy_only=False)
        old, new = numbers_of(self.values), numbers_of(value)
        same: NDArray[np.bool_] = alike & ((old == new) | (np.isnan(old) & np.isnan(new)))
        return same


def save(connection: Connection, results: Sequence[Result], now_us: int) -> None:
    """Everything that joining the labels of some models changes, in as few statements as if it were one model."""
    labels.drop_inbox(connection, [each for result in results for each in result.done()])
    labels.add_inbox(connection, [each for result in results for each in result.still_orphaned()], orphaned=True)
    counted = {deployment_id: parts for result in results for deployment_id, parts in result.outcomes.items()}
    outcomes.add_to_all(connection, outcomes.Side.LABELLED, BUCKET_US, counted)
    for position in {result.subject.position for result in results}:
        touched = [result.outcomes for result in results if result.subject.position == position]
        starts = {Series(deployment_id): parts for each in touched for deployment_id, parts in each.items()}
        mark_many(connection, starts, now_us, position)
    labels.add_rows(connection, [each for result in results for each in result.unwritten()])
    ledger.add_quarantine(connection, [each for result in results for each in result.told()])
    labels.save_joined(connection, *(result.joined for result in results))


def expired_row(model: models.ModelRow, expired: tuple[str, int], horizon_us: int) -> dict[str, Any]:
    """A label that found no prediction, as the quarantine shows it."""
    prediction_id, received_us = expired
    return {
        "project": model.project,
        "model": model.name,
        "received_us": received_us,
        "row": 0,
        "reason": "label_expired",
        "detail": f"no prediction of this id came within {horizon_us / DAY_US:g} days",
        "record": prediction_id,
    }


def first_and_last(ids: IdTable, order: Ints) -> tuple[Ints, Ints]:
    """For each number the row whose label was said first, and last."""
    ranked = np.lexsort((order, ids.numbers))
    sorted_numbers = ids.numbers[ranked]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(sorted_numbers) != 0)))
    ends = np.concatenate((starts[1:], [len(ranked)])) - 1
    return ranked[starts], ranked[ends]


def by_deployment(found: pa.Table) -> Iterable[tuple[tuple[str, str], Ints]]:
    """The rows of each (version, environment)."""
    version = found.column(VERSION).combine_chunks().dictionary_encode()
    environment = found.column(ENVIRONMENT).combine_chunks().dictionary_encode()
    width = max(len(environment.dictionary), 1)
    codes = version.indices.to_numpy().astype(np.int64) * width + environment.indices.to_numpy()
    for code in np.unique(codes).tolist():
        names = version.dictionary[code // width].as_py(), environment.dictionary[code % width].as_py()
        yield names, np.flatnonzero(codes == code)


def conformed_rows(found: pa.Table, schema: Schema, judging: Judging) -> Conformed:
    """Predictions of the lake as the fold would have seen them, with the columns alone that judging needs."""
    wanted = judging.columns()
    needed = [c for c in schema.columns if c.key.role in OUTPUT_ROLES or c.key in wanted]
    (batch,) = found.unify_dictionaries().combine_chunks().to_batches()
    return conform(as_wire(batch), Kind.PREDICTIONS, Schema(tuple(needed)))


def numbers_of(values: Any) -> NDArray[np.float64]:
    """float64 [n], NaN for null."""
    found: NDArray[np.float64] = values.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return found
