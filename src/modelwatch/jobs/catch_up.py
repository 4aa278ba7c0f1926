"""Actuals that came before there was a join, from the lake to the join: once, after an upgrade.

They are joined as if they came now, in the order in which they came, before any label that came since. Done twice it
changes nothing: the join takes a label once, by its place in the log.
"""

from __future__ import annotations

import logging

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Engine

from modelwatch.core.wire import Kind, Role
from modelwatch.ingest.outcome_rows import ACTUAL_NUMBERS
from modelwatch.jobs import label_batch as wire
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import Lake, TableKey
from modelwatch.lake.naming import LOG_POSITION, RECEIVED_AT, VERSION
from modelwatch.store import labels, models
from modelwatch.store.engine import reading, writing

logger = logging.getLogger("modelwatch.join")

Ints = NDArray[np.int64]

BATCH_ROWS = 100_000
NAMES = (Role.PREDICTION_ID, Role.TIMESTAMP, Role.ACTUAL_LABEL, *ACTUAL_NUMBERS)


def catch_up(engine: Engine, lake: Lake, buffer: Buffer) -> int:
    """Have the actuals wait for the join that never did; returns how many.

    For the thread of the fold, while the lake and the buffer hold everything that was folded.
    """
    with reading(engine) as connection:
        asked = labels.catching_up(connection)
        rows = {each: models.get_model(connection, each) for each in asked}
    total = 0
    for model_id, before in asked.items():
        key = TableKey(rows[model_id].project, rows[model_id].name, Kind.ACTUALS)
        old = old_labels(lake, key, buffer, before)
        for start in range(0, old.num_rows, BATCH_ROWS):
            part = old.slice(start, BATCH_ROWS)
            since = int(wire.ints(part, wire.RECEIVED)[0])
            with writing(engine) as connection:
                batch = labels.LabelBatch(0, model_id, part.num_rows, since, wire.to_bytes(part))
                labels.add_inbox(connection, [batch])
        with writing(engine) as connection:
            labels.caught_up(connection, model_id)
        if old.num_rows:
            logger.info("%d actuals of %r from before the upgrade are joined", old.num_rows, rows[model_id].name)
        total += old.num_rows
    return total


def old_labels(lake: Lake, key: TableKey, buffer: Buffer, before: int) -> pa.Table:
    """The actuals of the lake that were folded before a log position, as they wait for the join, in their order."""
    names = [role.value for role in NAMES] + [RECEIVED_AT, VERSION, LOG_POSITION]
    found = lake.scan(key, names, -(2**63), 2**63 - 1, buffer.rows(key)).read_all()
    if not found.num_rows:
        return wire.SCHEMA.empty_table()
    position = column(found, LOG_POSITION, pa.float64()).fill_null(-1.0).to_numpy().astype(np.int64)
    received = column(found, RECEIVED_AT, pa.int64()).to_numpy()
    order = np.lexsort((received, position))
    order = order[position[order] < before]
    found, position, received = found.take(pa.array(order)), position[order], received[order]
    numbers = [column(found, role.value, pa.float64()) for role in ACTUAL_NUMBERS]
    return pa.Table.from_arrays(
        [
            column(found, Role.PREDICTION_ID.value, pa.string()),
            column(found, Role.TIMESTAMP.value, pa.int64()),
            pa.array(received),
            pa.array(places(position)),
            column(found, VERSION, pa.string()).fill_null(""),
            column(found, Role.ACTUAL_LABEL.value, pa.string()),
            pc.coalesce(*numbers),
            pa.nulls(found.num_rows, pa.int64()),
        ],
        schema=wire.SCHEMA,
    )


def column(rows: pa.Table, name: str, dtype: pa.DataType) -> pa.Array:
    """A column of that type, all null where the table has none."""
    if name not in rows.column_names:
        return pa.nulls(rows.num_rows, dtype)
    return rows.column(name).cast(dtype).combine_chunks()


def places(position: Ints) -> Ints:
    """The order of rows [n] over the whole log, as `Group.order` has it; `position` ascends.

    Rows that were written without their position (-1) are the oldest: they count from 0, each being longer than a byte.
    """
    starts = np.flatnonzero(np.diff(position, prepend=position[0] - 1)) if len(position) else position
    runs = np.diff(np.append(starts, len(position)))
    within = np.arange(len(position)) - np.repeat(starts, runs)
    found: Ints = np.maximum(position, 0) + within
    return found
