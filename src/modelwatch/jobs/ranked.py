"""Ranked predictions: how well each group was ordered, counted day by day.

The metrics of a group need all of its rows, so a label changes more than its own prediction: the days that labels touch
are counted anew from the lake, and what they held before is taken back. Rows of one group are those of one `group_id`
of one day; rows without a label count as not relevant, and a group without a relevant row is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Engine

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.ingest.outcome_rows import SCORE, numbers
from modelwatch.jobs.buckets import buckets_of
from modelwatch.jobs.joining import Result, by_deployment, numbers_of
from modelwatch.jobs.label_batch import from_bytes
from modelwatch.lake import labels as labels_lake
from modelwatch.lake.columns import lake_field
from modelwatch.lake.contract import Lake
from modelwatch.lake.labelled import opened, with_actuals
from modelwatch.profiles.outcomes import Fact, Outcomes, Total, count_ranked, merge, ranked_groups
from modelwatch.profiles.outcomes.facts import cell
from modelwatch.profiles.outcomes.grids import delay_bins
from modelwatch.profiles.outcomes.outcomes import EMPTY, summed
from modelwatch.store import outcomes
from modelwatch.store.engine import reading

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Place = tuple[str, str]

GROUP: Final = ColumnKey(Role.GROUP_ID, "")
RANK: Final = ColumnKey(Role.RANK, "")
NAMES: Final = {key: lake_field(key, ColumnType.NUMERIC).name for key in (GROUP, RANK, SCORE)}


def count_days(engine: Engine, lake: Lake, result: Result, waiting: Sequence[pa.Table]) -> None:
    """Count the days anew that joined labels touch, and take back what they held."""
    subject, model = result.subject, result.subject.model
    unwritten = [from_bytes([batch.body], labels_lake.SCHEMA) for batch in subject.waiting]
    said = labels_lake.together([*unwritten, result.rows])
    for day in touched(result.rows):
        place, positive = (model.project, model.name), subject.judging.positive
        rows = ranked_day(lake, place, said, day, subject.position, positive, waiting)
        for key, deployment in subject.deployments.items():
            with reading(engine) as connection:
                held = outcomes.load_outcomes(connection, deployment.id, day, day + DAY_US, outcomes.Side.LABELLED)
            buckets = result.outcomes.setdefault(deployment.id, {})
            for start, part in (*((h.start_us, negative(h.outcomes)) for h in held), *rows.get(key, {}).items()):
                buckets[start] = merge([buckets[start], part]) if start in buckets else part


def ranked_day(
    lake: Lake,
    model: Place,
    unwritten: pa.Table,
    day_us: int,
    position: int,
    positive: str | None,
    waiting: Sequence[pa.Table] = (),
) -> dict[Place, dict[int, Outcomes]]:
    """What came true of the groups of one day, by (version, environment) and bucket of the group's first row.

    Rows at or beyond the log position are left out; of several predictions of one id the first counts.
    """
    found = opened(lake, model, NAMES.values(), unwritten, day_us, day_us + DAY_US, waiting)
    rows, newest = found.read()
    where = labels_lake.positions_of(rows)
    order = np.argsort(where, kind="stable")
    order = order[where[order] < position]
    rows = rows.take(pa.array(order)).combine_chunks()
    if not rows.num_rows or NAMES[GROUP] not in rows.column_names:
        return {}
    ids = rows.column(labels_lake.ID).combine_chunks().dictionary_encode().indices.to_numpy()
    rows = rows.take(pa.array(np.sort(np.unique(ids, return_index=True)[1])))
    judged = with_actuals(rows, newest)
    return {place: ranked(judged.take(pa.array(mine)), positive) for place, mine in by_deployment(judged)}


def ranked(rows: pa.Table, positive: str | None) -> dict[int, Outcomes]:
    """The outcomes of the rows of one version, by bucket."""
    known = rows.filter(pc.is_valid(rows.column(NAMES[GROUP]))).combine_chunks()
    times = known.column(labels_lake.TIMESTAMP).cast(pa.int64()).to_numpy()
    if not len(times):
        return {}
    groups = known.column(NAMES[GROUP]).combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    rank, score = (column_of(known, key) for key in (RANK, SCORE))
    usable = rank if rank is not None and np.isfinite(rank).any() else None
    if usable is None and score is None:
        return labelled_rows(known, times)
    found = ranked_groups(groups, usable, relevance_of(known, positive), score)
    first = np.full(int(groups.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, groups, times)
    parts = labelled_rows(known, times)
    if len(found.code):
        starts, slots = buckets_of(first[found.code])
        for start, part in zip(starts, count_ranked(found, slots.astype(np.int64), len(starts)), strict=True):
            parts[start] = merge([parts[start], part]) if start in parts else part
    return parts


def labelled_rows(rows: pa.Table, times: Ints) -> dict[int, Outcomes]:
    """How many rows have a label and how long it took, by bucket."""
    first = rows.column(labels_lake.FIRST_AT)
    mine = np.flatnonzero(pc.is_valid(first).to_numpy())
    if not len(mine):
        return {}
    delay = first.cast(pa.int64()).fill_null(0).to_numpy()[mine] - times[mine]
    starts, slots = buckets_of(times[mine])
    answer = {}
    for slot, start in enumerate(starts):
        inside = slots == slot
        bins, counts = np.unique(delay_bins(delay[inside]), return_counts=True)
        totals = cell(Fact.TOTAL, np.array([Total.ROWS, Total.WEIGHT, Total.WEIGHT_SQ], np.int64))
        keys = np.concatenate((totals, cell(Fact.DELAY, bins)))
        values = np.concatenate((np.full(3, float(inside.sum())), counts.astype(np.float64)))
        answer[start] = summed((), EMPTY.cuts, keys, values)
    return answer


def relevance_of(rows: pa.Table, positive: str | None) -> Floats:
    """How relevant each row was: its number, else 1 for the positive label; 0 without a label."""
    value = numbers_of(rows.column(labels_lake.NUMBER).combine_chunks())
    label = rows.column(labels_lake.ACTUAL).cast(pa.string())
    hit = pc.fill_null(pc.equal(label, positive or "1"), False).to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(value), value, hit.astype(np.float64))


def column_of(rows: pa.Table, key: ColumnKey) -> Floats | None:
    """A column of numbers, None where the table has it not."""
    name = NAMES[key]
    return numbers(rows.column(name).combine_chunks()) if name in rows.column_names else None


def touched(rows: pa.Table) -> Iterable[int]:
    """The days of the predictions that labels are about."""
    times = rows.column(labels_lake.TIMESTAMP).cast(pa.int64()).to_numpy()
    return [int(day) * DAY_US for day in np.unique(times // DAY_US)]


def negative(outcomes: Outcomes) -> Outcomes:
    """What takes outcomes back."""
    return Outcomes(outcomes.labels, outcomes.cuts, outcomes.keys, -outcomes.values)
