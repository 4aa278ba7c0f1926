"""Rows that wait in memory -> files in the lake, each exactly once.

Files are written and synced first. Then one database transaction decides that they belong to the table, together with
the log position behind them. Then the Delta commit follows, which is idempotent by its sequence, and is made again
at the next start if a crash came between. Only then may the log let go of the rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import pyarrow as pa
from sqlalchemy import Engine

from modelwatch.core.wire import Kind
from modelwatch.jobs.catalog import Catalog
from modelwatch.lake.buffer import Buffer
from modelwatch.lake.contract import DataFile, Lake, TableKey
from modelwatch.store import lake_commits
from modelwatch.store.engine import reading, writing
from modelwatch.store.models import get_model


def finish_commits(engine: Engine, lake: Lake, kinds: Collection[Kind] = tuple(Kind)) -> int:
    """Make the Delta commits of tables of some kinds that were decided and may be missing; returns how many.

    For the start of a worker, and for a job that is tried again, before anything else is committed to these tables.
    """
    with reading(engine) as connection:
        waiting = [commit for commit in lake_commits.pending(connection) if Kind(commit.kind) in kinds]
        names = {each.model_id: get_model(connection, each.model_id) for each in waiting}
    for commit in waiting:
        model = names[commit.model_id]
        key = TableKey(model.project, model.name, Kind(commit.kind))
        files = [DataFile.from_json(row) for row in json.loads(commit.files)]
        lake.commit(key, pa.ipc.read_schema(pa.BufferReader(commit.schema)), files, commit.sequence)
        with writing(engine) as connection:
            lake_commits.done(connection, commit)
    return len(waiting)


def flush_table(engine: Engine, lake: Lake, buffer: Buffer, catalog: Catalog, key: TableKey, now_us: int) -> int:
    """Write what waits of one table; returns the rows written."""
    with buffer.flushing:
        return write_waiting(engine, lake, buffer, catalog, key, now_us)


def write_waiting(engine: Engine, lake: Lake, buffer: Buffer, catalog: Catalog, key: TableKey, now_us: int) -> int:
    """The rows of one table, to files and into the table."""
    taken = buffer.take(key)
    if taken is None:
        return 0
    model_id = catalog.model(key.project, key.model, now_us).id
    with reading(engine) as connection:
        progress = lake_commits.load_progress(connection)
    sequence = progress.get((model_id, key.kind.value), (0, -1))[1] + 1
    files = lake.write(key, taken.rows, f"{sequence:012d}-{taken.first:020d}")
    commit = lake_commits.PendingCommit(
        model_id, key.kind.value, sequence, taken.rows.schema.serialize().to_pybytes(), encode(files)
    )
    with writing(engine) as connection:
        lake_commits.record(connection, commit, taken.next)
    lake.commit(key, taken.rows.schema, files, sequence)
    with writing(engine) as connection:
        lake_commits.done(connection, commit)
    return int(taken.rows.num_rows)


def encode(files: Sequence[DataFile]) -> str:
    """Files as stored with their commit."""
    return json.dumps([file.to_json() for file in files])
