"""Labelled rows that a question is answered from: of a time range, from the lake, or of the reference's file.

The api process sees what the worker has written to the lake, and the joined labels that wait for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from modelwatch.core.column import ColumnKey, Schema
from modelwatch.core.judging import Judging
from modelwatch.core.wire import Kind, Role
from modelwatch.errors import Conflict, ModelwatchError, TooLarge
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.outcome_rows import OUTPUT_ROLES, Truth, numbers, outcome_rows, truth_of, without_actuals
from modelwatch.ingest.reference import TYPES, open_reference
from modelwatch.ingest.reference_roles import Roles
from modelwatch.lake import labels as said
from modelwatch.lake.columns import as_wire, column_key
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.labelled import ACTUALS, opened
from modelwatch.profiles.outcomes import Rows
from modelwatch.server.queries.subject import Subject
from modelwatch.store.labels import load_rows
from modelwatch.store.profiles import Series, rows_between
from modelwatch.store.references import ReferenceRow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_ROWS: Final = 200_000
"""Labelled rows that one answer is drawn from; of more a sample is taken, the same one each time."""
MOST_SCANNED: Final = 3_000_000
"""Predictions that are looked through for one answer: some five seconds."""
MOST_COLUMNS: Final = 60
"""Tags and features that are looked at, the first ones of the schema; crossings grow with their square."""
CUT_ROLES: Final = (Role.TAG, Role.FEATURE)
ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class LabelledRows:
    """Predictions [n] of which it is known what came true: their columns, and the same as they are judged.

    `share` of all labelled rows of their range is in them; `timed` says whether their times are known.
    """

    columns: tuple[Conformed, ...]
    judged: tuple[Rows, ...]
    share: float = 1.0
    timed: bool = True

    @property
    def n(self) -> int:
        """How many rows there are."""
        return sum(each.rows for each in self.columns)

    @property
    def times(self) -> Ints:
        """The event time of each row."""
        return np.concatenate([each.timestamp for each in self.columns] or [np.empty(0, np.int64)])

    @property
    def weight(self) -> Floats | None:
        """The weight of each row, None when all weigh the same."""
        if all(each.weight is None for each in self.columns):
            return None
        return np.concatenate([np.ones(c.rows) if c.weight is None else c.weight for c in self.columns])

    @property
    def score(self) -> Floats:
        """What the model said as a number, NaN where it said none."""
        held = [r.value if r.value is not None else r.score for r in self.judged]
        parts = [np.full(r.n, np.nan) if s is None else s for r, s in zip(self.judged, held, strict=True)]
        return np.concatenate(parts or [np.empty(0)])

    def over(self, each: Callable[[Rows], Floats]) -> Floats:
        """One number for each row."""
        return np.concatenate([each(rows) for rows in self.judged] or [np.empty(0)])


NO_ROWS: Final = LabelledRows((), ())


def looked_at(schema: Schema) -> tuple[Schema, int]:
    """What of a version's columns is read, and how many tags and features are left out."""
    cut = [column for column in schema.columns if column.key.role in CUT_ROLES]
    outputs = [column for column in schema.columns if column.key.role in OUTPUT_ROLES]
    return Schema((*cut[:MOST_COLUMNS], *outputs)), max(len(cut) - MOST_COLUMNS, 0)


def scanned(connection: Connection, subject: Subject, start_us: int, end_us: int) -> float:
    """The predictions that have to be looked through for a range: those of every version lie in one table."""
    return sum(rows_between(connection, Series(each.id), start_us, end_us) for each in subject.versions)


def check_size(connection: Connection, subject: Subject, start_us: int, end_us: int) -> None:
    """Raises `TooLarge` for a range with too many predictions."""
    count = scanned(connection, subject, start_us, end_us)
    if count > MOST_SCANNED:
        hint = f"ask for a range with at most {MOST_SCANNED:,}"
        raise TooLarge(f"there are {count:,.0f} predictions in that range", hint=hint)


def read_rows(
    connection: Connection,
    open_lake: Callable[[], Lake],
    subject: Subject,
    judging: Judging,
    start_us: int,
    end_us: int,
) -> LabelledRows:
    """The labelled rows of one version with start <= timestamp < end; a sample where there are many."""
    schema = subject.deployment.schema
    if schema is None:
        return NO_ROWS
    lake, (schema, _) = open_lake(), looked_at(schema)
    place = (subject.model.project, subject.model.name)
    wanted = {column.key for column in schema.columns} | {ColumnKey(Role.WEIGHT, "")}
    held = lake.schema(TableKey(*place, Kind.PREDICTIONS)) or ()
    names = [field.name for field in held if column_key(field) in wanted]
    # labels on their way into the lake may be met twice, never not at all; the newest of each counts anyway
    unwritten = said.stored([batch.body for batch in load_rows(connection, subject.model.id)])
    owner = subject.deployment
    for attempt in range(ATTEMPTS):
        try:
            found = opened(lake, place, names, unwritten, start_us, end_us)
            rows, share = found.sample(owner.version, owner.environment, MOST_ROWS)
            return of_table(rows, schema, judging, share)
        except Conflict:  # its files were merged meanwhile
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("the loop returns or raises")


def of_table(rows: pa.Table, schema: Schema, judging: Judging, share: float) -> LabelledRows:
    """Rows of the lake with what came true of them."""
    if not rows.num_rows:
        return NO_ROWS
    (batch,) = rows.drop_columns(list(ACTUALS)).unify_dictionaries().combine_chunks().to_batches()
    columns = conform(as_wire(batch), Kind.PREDICTIONS, schema)
    label = rows.column(said.ACTUAL).cast(pa.string()).combine_chunks()
    value = rows.column(said.NUMBER).fill_null(np.nan).to_numpy()
    return LabelledRows((columns,), (outcome_rows(judging, columns, Truth(label, value)),), share)


def read_reference_rows(
    uploads: Path, row: ReferenceRow, schema: Schema | None, judging: Judging, most: int = MOST_ROWS
) -> LabelledRows:
    """The rows of an uploaded reference whose file says what came true; none when it does not, or is gone.

    Of a long file a sample is taken, the same one each time.
    """
    kind = TYPES.get(Path(row.file).suffix) if row.file else None
    if schema is None or kind is None:
        return NO_ROWS
    try:
        return of_file(uploads / row.file, kind, json.loads(row.roles), looked_at(schema)[0], judging, most, row.rows)
    except (ModelwatchError, OSError):  # no file, or one that is not what it was
        return NO_ROWS


def of_file(
    path: Path, kind: str, roles: Roles, schema: Schema, judging: Judging, most: int, rows: float
) -> LabelledRows:
    """The rows of one file; of more than `most` a sample, drawn by chance from the same seed each time."""
    share, random = min(1.0, most / max(rows, 1.0)), np.random.default_rng(0)
    columns, judged = [], []
    reference = open_reference(path, kind, roles)
    for batch in reference.batches():
        taken = batch if share >= 1.0 else batch.filter(pa.array(random.random(batch.num_rows) < share))
        truth = truth_of(taken) if taken.num_rows else None
        if truth is None:
            continue
        columns.append(conform(without_actuals(taken), Kind.PREDICTIONS, schema))
        judged.append(outcome_rows(judging, columns[-1], truth))
    return LabelledRows(tuple(columns), tuple(judged), share, reference.timed)


def numbers_of(parts: Sequence[Conformed], key: ColumnKey) -> Floats:
    """A numeric column [n], NaN for null."""
    return np.concatenate([numbers(part.columns[key].values) for part in parts])
