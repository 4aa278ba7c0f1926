"""A lake of very many predictions for `bench.join`, made once and kept in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from modelwatch.core.column import Column as SchemaColumn
from modelwatch.core.column import ColumnKey, ColumnType, Schema
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import DEFAULT_ENVIRONMENT, DEFAULT_PROJECT, Kind, Role
from modelwatch.lake.columns import OWN, TIME, lake_field
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.lake.naming import table_folder

Ints = NDArray[np.int64]

START_US: Final = 1_750_032_000_000_000
"""The first day: 2025-06-16."""
FILE_ROWS: Final = 300_000
RECORD_ROWS: Final = 2_000
RECORD_BYTES: Final = 200_000
END_POSITION: Final = 1 << 40
"""A place in the log behind all predictions."""
VERSION: Final = "2.1.0"
HEX: Final = np.frombuffer("".join(f"{i:02x}" for i in range(256)).encode(), np.uint8).reshape(256, 2)
ID_BYTES: Final = 36
COLUMNS: Final = {
    ColumnKey(Role.PREDICTION_LABEL, ""): ColumnType.CATEGORY,
    ColumnKey(Role.PREDICTION_SCORE, ""): ColumnType.NUMERIC,
    ColumnKey(Role.FEATURE, "amount"): ColumnType.NUMERIC,
    ColumnKey(Role.FEATURE, "age"): ColumnType.NUMERIC,
}
SCHEMA: Final = Schema(tuple(SchemaColumn(key, kind) for key, kind in COLUMNS.items()))


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: so many days of one model with so many predictions each."""

    days: int
    rows: int

    @property
    def end_us(self) -> int:
        """The end of the last day."""
        return START_US + self.days * DAY_US


def key_of(model: str) -> TableKey:
    """The table of a model's predictions."""
    return TableKey(DEFAULT_PROJECT, model, Kind.PREDICTIONS)


def texts(raw: NDArray[np.uint8]) -> pa.Array:
    """UUIDs [n, 16] as Arrow text."""
    digits = HEX[raw].reshape(len(raw), 32)
    text = np.full((len(raw), ID_BYTES), ord("-"), np.uint8)
    for low, high, at in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        text[:, at : at + high - low] = digits[:, low:high]
    offsets = np.arange(len(raw) + 1, dtype=np.int32) * ID_BYTES
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(offsets), pa.py_buffer(text))


def ids(random: np.random.Generator, times: Ints, timed: bool) -> pa.Array:
    """UUIDs of version 7 made at the time of each prediction, or of version 4."""
    raw = np.frombuffer(random.bytes(16 * len(times)), np.uint8).reshape(-1, 16).copy()
    if timed:
        raw[:, :6] = (times // 1000).astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    raw[:, 6] = (raw[:, 6] & 0x0F) | (0x70 if timed else 0x40)
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    return texts(raw)


def predictions(random: np.random.Generator, low_us: int, high_us: int, n: int, position: int, timed: bool) -> pa.Table:
    """Rows of a lake table: a binary model with two features, as the worker writes them."""
    times = np.sort(random.integers(low_us, high_us, n))
    received, version, environment, _, where = OWN
    fixed = pa.array(np.zeros(n, np.int32))
    score = random.beta(0.5, 5, n)
    place = position + np.arange(n) // RECORD_ROWS * RECORD_BYTES
    columns = {
        lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY): ids(random, times, timed),
        lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC): pa.array(times).cast(TIME),
        received: pa.array(np.repeat(times[::RECORD_ROWS], RECORD_ROWS)[:n] + 1_000_000).cast(TIME),
        version: pa.DictionaryArray.from_arrays(fixed, pa.array([VERSION])),
        environment: pa.DictionaryArray.from_arrays(fixed, pa.array([DEFAULT_ENVIRONMENT])),
        where: pa.array(place.astype(np.float64)),
    }
    values: list[Any] = [
        pa.DictionaryArray.from_arrays((score > 0.5).astype(np.int32), pa.array(["no", "yes"])),
        pa.array(score),
        pa.array(np.round(random.lognormal(4, 1, n), 2)),
        pa.array(random.normal(41, 13, n).clip(18, 95).round()),
    ]
    columns |= {lake_field(each, kind): value for (each, kind), value in zip(COLUMNS.items(), values, strict=True)}
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(list(columns)))


def fill(folder: Path, model: str, size: Size, timed: bool) -> LocalLake:
    """A lake with a model's predictions, made where it is not there yet; what broke off is gone on with."""
    lake = LocalLake(folder)
    key = key_of(model)
    done = lake.committed(key)
    sequence, position = 0, 0
    for day in range(size.days):
        starts = range(0, size.rows, FILE_ROWS)
        for start in starts:
            n = min(FILE_ROWS, size.rows - start)
            if sequence > done:
                low = START_US + day * DAY_US
                bounds = low + start * DAY_US // size.rows, low + (start + n) * DAY_US // size.rows
                random = np.random.default_rng([int(timed), sequence])
                rows = predictions(random, *bounds, n, position, timed)
                lake.commit(key, rows.schema, lake.write(key, rows, f"{sequence:08d}"), sequence)
            sequence += 1
            position += (n + RECORD_ROWS - 1) // RECORD_ROWS * RECORD_BYTES
        if sequence - 1 > done:
            print(f"  made day {day + 1} of {size.days} of {model}", flush=True)
    return lake


def files(folder: Path, model: str) -> list[Path]:
    """The files of a model's predictions, oldest first."""
    return sorted((folder / table_folder(key_of(model))).glob("date=*/*.parquet"))


def chosen(paths: list[Path], n: int, random: np.random.Generator) -> Iterator[tuple[pa.Array, pa.Array, Ints]]:
    """(ids, predicted labels, times) of `n` predictions drawn evenly from files."""
    counts = np.full(len(paths), n // len(paths))
    counts[: n % len(paths)] += 1
    for path, count in zip(paths, counts.tolist(), strict=True):
        table = pq.read_table(path, columns=["prediction_id", "prediction_label", "timestamp"], partitioning=None)
        some = table.take(pa.array(np.sort(random.choice(table.num_rows, count, replace=False))))
        yield (
            some.column("prediction_id").combine_chunks(),
            some.column("prediction_label").combine_chunks().cast(pa.string()),
            some.column("timestamp").cast(pa.int64()).to_numpy(),
        )
