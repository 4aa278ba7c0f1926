"""The predictions of a time range with what came true of each, those that wait for the lake included."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from modelwatch.core.wire import Kind
from modelwatch.errors import TooLarge
from modelwatch.lake import labels
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.ids import chosen_ids
from modelwatch.lake.naming import ENVIRONMENT, LOG_POSITION, VERSION
from modelwatch.lake.scan import between

NEEDED = frozenset({labels.ID, labels.TIMESTAMP, VERSION, ENVIRONMENT, LOG_POSITION})
"""Columns of predictions that joining them with labels takes."""
ACTUALS = (labels.ACTUAL, labels.NUMBER, labels.FIRST_AT)
ALL_ROWS = 1 << 62
HELD = 4
"""So many times the rows that are wanted are held at most while they are looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """The predictions and labels of a time range: found, and not read yet. Files may be gone when they are read, then
    `read` raises `Conflict`."""

    predictions: pa.RecordBatchReader
    labels: pa.RecordBatchReader
    unwritten: pa.Table

    def read(
        self, version: str | None = None, environment: str = "", most: int = ALL_ROWS
    ) -> tuple[pa.Table, pa.Table]:
        """The predictions (of one version in one environment, or all), and of each prediction the newest label.

        Raises `TooLarge` when there are more than `most` predictions.
        """
        kept: list[pa.RecordBatch] = []
        count = 0
        for batch in self.predictions:
            mine = batch if version is None else of_version(batch, version, environment)
            count += mine.num_rows
            if count > most:
                raise TooLarge(f"there are more than {most:,} rows", hint="choose shorter windows")
            kept.append(mine)
        rows = pa.Table.from_batches(kept, self.predictions.schema).unify_dictionaries().combine_chunks()
        stored = self.labels.read_all()
        return rows, labels.newest(labels.together([self.unwritten, *([stored] if stored.num_rows else [])]))

    def sample(self, version: str, environment: str, most: int) -> tuple[pa.Table, float]:
        """The labelled predictions of one version as `with_actuals` has them, about `most` of them at most.

        Which ones are in it is decided by their ids, so that asking again gives the same. The number is the share of
        all that was taken.
        """
        newest, share = self.newest_labels(version, environment, most)
        kept = []
        for batch in self.predictions:
            mine = of_version(batch, version, environment)
            kept.append(mine.filter(pa.array(chosen_ids(mine.column(labels.ID), share))))
        rows = pa.Table.from_batches(kept, self.predictions.schema).unify_dictionaries().combine_chunks()
        joined = with_actuals(rows, newest)
        return joined.filter(pc.is_valid(joined.column(labels.FIRST_AT))), share

    def newest_labels(self, version: str, environment: str, most: int) -> tuple[pa.Table, float]:
        """The newest label of each prediction of one version, about `most` at most, and the share that was taken.

        While they are read, the share is halved whenever too many are held: memory does not grow with the range.
        """
        share, held, rows = 1.0, list[pa.Table](), 0
        for batches in (self.unwritten.to_batches(), self.labels):
            for batch in batches:
                held.append(sampled(pa.Table.from_batches([of_version(batch, version, environment)]), share))
                rows += held[-1].num_rows
                while rows > HELD * most:
                    share /= 2
                    held = [sampled(labels.together(held), share)]
                    rows = held[0].num_rows
        newest = labels.newest(labels.together(held))
        last = min(1.0, most / max(newest.num_rows, 1))
        return sampled(newest, share * last), share * last


def opened(
    lake: Lake,
    place: tuple[str, str],
    columns: Collection[str],
    unwritten: pa.Table,
    start_us: int,
    end_us: int,
    waiting: Sequence[pa.Table] = (),
) -> Opened:
    """Finds the rows with start <= timestamp < end of a model, `place` being its project and name.

    `columns` are lake names, beside those of `NEEDED`. `unwritten` are joined labels, `waiting` predictions that are
    not in the lake yet; who calls this sees to it that nothing moves into the lake between taking them and this.
    """
    predictions = lake.scan(
        TableKey(*place, Kind.PREDICTIONS), sorted(NEEDED | set(columns)), start_us, end_us, waiting
    )
    said = lake.scan(TableKey(*place, Kind.LABELS), labels.SCHEMA.names, start_us, end_us)
    return Opened(predictions, said, between(unwritten, start_us, end_us))


def sampled(rows: pa.Table, share: float) -> pa.Table:
    """The rows whose ids belong to a sample of that share."""
    if share >= 1.0:
        return rows
    return rows.filter(pa.array(chosen_ids(rows.column(labels.ID).combine_chunks(), share)))


def of_version(batch: pa.RecordBatch, version: str, environment: str) -> pa.RecordBatch:
    """The rows of one version in one environment."""
    mine = (
        pc.equal(batch.column(name).cast(pa.string()), said)
        for name, said in zip((VERSION, ENVIRONMENT), (version, environment), strict=True)
    )
    return batch.filter(pc.and_(*mine))


def with_actuals(predictions: pa.Table, newest: pa.Table) -> pa.Table:
    """The predictions with the columns of what came true of them, null where that is not known."""
    source = labels.labels_of(predictions, newest) if predictions.num_rows else np.empty(0, np.int64)
    said = newest.select(ACTUALS).take(pa.array(source, mask=source < 0))
    known = predictions.select([name for name in predictions.column_names if name not in ACTUALS])
    for i, name in enumerate(ACTUALS):
        known = known.append_column(labels.SCHEMA.field(name), said.column(i))
    return known


def labelled_times(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The event times [labelled] of the rows that have a label, ascending."""
    mine = rows.filter(pc.is_valid(rows.column(labels.FIRST_AT)))
    found: np.ndarray[tuple[int], np.dtype[np.int64]] = np.sort(
        mine.column(labels.TIMESTAMP).cast(pa.int64()).to_numpy()
    )
    return found
