"""One Delta table on a local folder: its handle, its log, and commits that are durable and made once.

delta-rs neither syncs what it writes nor refuses a transaction that it has seen, so both are done here
(delta-rs#2580, #3821). Only the process that writes a table may call what changes it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
from deltalake import DeltaTable
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, CommitProperties, PostCommitHookProperties, RemoveAction, Transaction

from modelwatch.errors import CorruptData
from modelwatch.lake.columns import CATEGORY, canonical
from modelwatch.lake.contract import DataFile, TableKey
from modelwatch.lake.durable import make_folder, sync
from modelwatch.lake.naming import DATE, RECEIVED_AT

APP_ID: Final = "modelwatch"
LOG: Final = "_delta_log"
CHECKPOINT_EVERY: Final = 50
FIRST_DAY: Final = date(1, 1, 1)
LAST_DAY: Final = date(9999, 12, 31)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_MIN: Final = -(2**63)
UNKNOWN_MAX: Final = 2**63 - 1

_HOOKS: Final = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that the table holds now, and the latest arrival among its rows (the least integer when not known)."""

    file: DataFile
    received_us: int


def open_table(folder: Path) -> DeltaTable | None:
    """The table in that folder as it is now, None when there is none."""
    if not (folder / LOG).is_dir():
        return None
    try:
        return DeltaTable(str(folder))
    except TableNotFoundError:
        return None


def create(folder: Path, root: Path, key: TableKey, schema: pa.Schema) -> DeltaTable:
    """Make an empty table that says whose it is, durable before it returns."""
    make_folder(folder / LOG, root)
    DeltaTable.create(
        str(folder),
        schema=pa.schema([*map(stored, schema), pa.field(DATE, pa.date32())]),
        mode="ignore",
        partition_by=[DATE],
        name=key.model,
        description=f"{key.kind.value} of the model {key.model} in the project {key.project}",
        configuration={f"{APP_ID}.{name}": value for name, value in _names(key).items()},
        raise_if_key_not_exists=False,
        post_commithook_properties=_HOOKS,
    )
    sync_log(folder, 0)
    return DeltaTable(str(folder))


def check_names(table: DeltaTable, key: TableKey) -> None:
    """Raise CorruptData when the folder holds the table of another model."""
    configuration = table.metadata().configuration
    found = {name: configuration.get(f"{APP_ID}.{name}") for name in _names(key)}
    if found != _names(key):
        raise CorruptData(f"the lake folder of {key} holds the table of {found}", hint="move that folder away")


def _names(key: TableKey) -> dict[str, str]:
    return {"project": key.project, "model": key.model, "kind": key.kind.value}


def stored(field: pa.Field) -> pa.Field:
    """The field as Delta knows it: categories are strings."""
    return field.with_type(pa.string()) if field.type == CATEGORY else field


def table_schema(table: DeltaTable) -> pa.Schema:
    """The columns of the table with the types that `scan` gives them, without the partition column."""
    return pa.schema([canonical(field) for field in pa.schema(table.schema().to_arrow()) if field.name != DATE])


def add_columns(folder: Path, table: DeltaTable, fields: Sequence[pa.Field]) -> None:
    """Give the table more columns, in a commit of its own."""
    before = table.version()
    table.alter.add_columns(
        DeltaSchema.from_arrow(pa.schema(list(map(stored, fields)))).fields, post_commithook_properties=_HOOKS
    )
    sync_log(folder, before + 1)
    table.update_incremental()


def committed(table: DeltaTable) -> int:
    """The last sequence that the table has seen, -1 when none."""
    version = table.transaction_version(APP_ID)
    return -1 if version is None else version


def commit(
    folder: Path,
    table: DeltaTable,
    add: Sequence[DataFile],
    remove: Sequence[DataFile],
    now_us: int,
    *,
    sequence: int | None = None,
    changes: bool = True,
) -> None:
    """Add and remove files in one durable commit; `changes` is False when the rows stay what they are."""
    before = table.version()
    actions: list[AddAction | RemoveAction] = [
        AddAction(file.path, file.bytes, {DATE: file.partition}, now_us // 1000, changes, file.stats) for file in add
    ]
    actions += [RemoveAction(file.path, changes, now_us // 1000, file.bytes, {DATE: file.partition}) for file in remove]
    table.create_write_transaction(
        actions,
        "append",
        table.schema(),
        [DATE],
        commit_properties=CommitProperties(
            app_transactions=None if sequence is None else [Transaction(APP_ID, sequence)]
        ),
        post_commithook_properties=_HOOKS,
    )
    sync_log(folder, before + 1)
    table.update_incremental()
    if table.version() % CHECKPOINT_EVERY == 0:
        checkpoint(folder, table)


def checkpoint(folder: Path, table: DeltaTable) -> None:
    """Sum up the log, so that opening the table stays quick."""
    table.create_checkpoint()
    for path in (folder / LOG).glob(f"{table.version():020d}.checkpoint*"):
        sync(path)
    sync(folder / LOG / "_last_checkpoint")
    sync(folder / LOG)


def sync_log(folder: Path, first: int) -> None:
    """Make the commit files from version `first` on durable."""
    version = first
    while (path := folder / LOG / f"{version:020d}.json").exists():
        sync(path)
        version += 1
    sync(folder / LOG)


def files(table: DeltaTable) -> list[Held]:
    """The files that the table holds, oldest day first."""
    actions = pa.table(table.get_add_actions(flatten=True))
    if actions.num_rows == 0:
        return []

    def column(name: str, absent: object) -> list[object]:
        if name not in actions.column_names:
            return [absent] * actions.num_rows
        values = actions.column(name)
        values = values.cast(pa.int64()) if pa.types.is_timestamp(values.type) else values
        return [absent if value is None else value for value in values.to_pylist()]

    rows = zip(
        column("path", ""),
        column("num_records", 0),
        column("size_bytes", 0),
        column("min.timestamp", UNKNOWN_MIN),
        column("max.timestamp", UNKNOWN_MAX),
        column(f"max.{RECEIVED_AT}", UNKNOWN_MIN),
        column(f"partition.{DATE}", FIRST_DAY),
        strict=True,
    )
    held = [
        Held(
            DataFile(str(path), int(str(count)), int(str(size)), int(str(low)), int(str(high)), "", str(day)),
            int(str(received)),
        )
        for path, count, size, low, high, received, day in rows
    ]
    return sorted(held, key=lambda item: (item.file.partition, item.file.path))


def day_of(time_us: int) -> date:
    """The UTC day of an event time; times that no calendar names are put on its first or last day."""
    days = time_us // 86_400_000_000
    if days < -719_162:
        return FIRST_DAY
    return LAST_DAY if days > 2_932_896 else EPOCH.date() + timedelta(days=days)


def statistics(rows: int, ranges: dict[str, tuple[object, object]]) -> str:
    """The statistics JSON of an `add` action; `ranges` are the least and greatest value of columns without nulls."""
    return json.dumps(
        {
            "numRecords": rows,
            "minValues": {name: low for name, (low, _) in ranges.items()},
            "maxValues": {name: high for name, (_, high) in ranges.items()},
            "nullCount": dict.fromkeys(ranges, 0),
        },
        separators=(",", ":"),
    )


def time_text(time_us: int) -> str | None:
    """A time as Delta's statistics spell it, None for a time that no calendar names.

    >>> time_text(1)
    '1970-01-01T00:00:00.000001Z'
    """
    try:
        return (EPOCH + timedelta(microseconds=time_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except OverflowError:
        return None
