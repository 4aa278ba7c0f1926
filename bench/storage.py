"""What a prediction costs on the disk: `python -m bench.storage` prints a table within about a minute.

A million predictions with 50 features go through the lake as a worker would put them there (flushes of 125,000 rows),
are compacted, and are read back and compared bit by bit. The columns are independent of each other, which real ones
are not: nothing is gained from what one column says of another.

    10 amounts, lognormal, rounded to cents, 2 of them missing in 2 % of the rows
     8 integers: 2 ages, a credit score, exponential days, uniform days, minutes, 5-digit codes, heavy-tailed ids
    10 small counts, Poisson with means .3 to 8
    12 categories of 5 to 200 levels, Zipf, one missing in 2 % of the rows
     6 measurements that are float32, 4 booleans

The id is a UUIDv7 as the client makes it (the random UUID as text is measured beside it). The whole row has in
addition: event time, arrival, version, environment, label, score, two tags.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.uuid7 import uuid7
from modelwatch.core.wire import Kind, Role
from modelwatch.lake.columns import CATEGORY, OWN, TIME, lake_field
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.lake.naming import table_folder

FLUSH = 125_000
BATCH = 2_000
PER_SECOND = 1_000
START_US = 1_700_000_000_000_000
GOAL = 100.0
MEDIANS = (5, 12, 20, 35, 50, 60, 80, 120, 150, 200)
SPREADS = (0.8, 1.0, 1.2, 0.9, 1.0, 1.1, 0.7, 1.3, 1.0, 1.2)
MEANS = (0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
LEVELS = (5, 6, 8, 10, 12, 20, 25, 40, 50, 80, 120, 200)
SHARES = (0.5, 0.2, 0.05, 0.01)
KEY = TableKey("bench", "storage", Kind.PREDICTIONS)

Columns = dict[pa.Field, pa.Array]


def feature(name: str, kind: ColumnType) -> pa.Field:
    return lake_field(ColumnKey(Role.FEATURE, name), kind)


def numbers(random: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """The 34 numeric features as doubles."""
    found = {
        f"amount_{i}": np.round(random.lognormal(np.log(MEDIANS[i]), SPREADS[i], rows), 2) for i in range(len(MEDIANS))
    }
    found |= {
        "age": random.normal(41, 13, rows).clip(18, 95).round(),
        "partner_age": random.normal(43, 14, rows).clip(18, 95).round(),
        "credit_score": random.normal(680, 80, rows).clip(300, 850).round(),
        "days_since_last": random.exponential(400, rows).round(),
        "account_days": random.integers(0, 3650, rows).astype(float),
        "minute_of_day": random.integers(0, 1440, rows).astype(float),
        "postal_code": random.integers(10_000, 99_999, rows).astype(float),
        "merchant": (random.zipf(1.3, rows) % 100_000).astype(float),
    }
    found |= {f"count_{i}": random.poisson(mean, rows).astype(float) for i, mean in enumerate(MEANS)}
    found |= {f"measure_{i}": random.normal(5 * i, 1 + i, rows).astype(np.float32).astype(float) for i in range(6)}
    return found


def zipf(random: np.random.Generator, rows: int, name: str, levels: int, missing: float = 0.0) -> pa.Array:
    """A category whose k-th most frequent level comes 1 / k as often as the first."""
    shares = 1 / np.arange(1, levels + 1)
    codes = random.choice(levels, rows, p=shares / shares.sum()).astype(np.int32)
    words = pa.array([f"{name} {level}" for level in range(levels)])
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=random.random(rows) < missing), words)


def features(random: np.random.Generator, rows: int) -> Columns:
    """The 50 features."""
    columns: Columns = {}
    for name, values in numbers(random, rows).items():
        missing = random.random(rows) < (0.02 if name in ("amount_3", "amount_7") else 0.0)
        columns[feature(name, ColumnType.NUMERIC)] = pa.array(values, mask=missing)
    for i, levels in enumerate(LEVELS):
        gap = 0.02 if i == 5 else 0.0
        columns[feature(f"category_{i}", ColumnType.CATEGORY)] = zipf(random, rows, f"level {i}", levels, gap)
    for i, share in enumerate(SHARES):
        columns[feature(f"flag_{i}", ColumnType.BOOLEAN)] = pa.array(random.random(rows) < share)
    return columns


def rest(random: np.random.Generator, times: np.ndarray) -> Columns:
    """The columns of a row that are neither features nor its id."""
    rows = len(times)
    arrived = np.repeat(times[::BATCH], BATCH)[:rows] + 1_000_000
    score = random.beta(0.5, 5, rows)
    label = pa.DictionaryArray.from_arrays((score > 0.5).astype(np.int32), pa.array(["no", "yes"]))
    received, version, environment, _, position = OWN
    fixed = pa.array(np.zeros(rows, np.int32))
    return {
        lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC): pa.array(times).cast(TIME),
        received: pa.array(arrived).cast(TIME),
        version: pa.DictionaryArray.from_arrays(fixed, pa.array(["2.1.0"])),
        environment: pa.DictionaryArray.from_arrays(fixed, pa.array(["production"])),
        position: pa.array(np.repeat(np.arange(0, rows, BATCH, dtype=float) * 400.0, BATCH)[:rows]),
        lake_field(ColumnKey(Role.PREDICTION_LABEL, ""), ColumnType.CATEGORY): label,
        lake_field(ColumnKey(Role.PREDICTION_SCORE, ""), ColumnType.NUMERIC): pa.array(score),
        lake_field(ColumnKey(Role.TAG, "region"), ColumnType.CATEGORY): zipf(random, rows, "region", 12),
        lake_field(ColumnKey(Role.TAG, "channel"), ColumnType.CATEGORY): zipf(random, rows, "channel", 4),
    }


def new_ids(random: np.random.Generator, times: np.ndarray) -> pa.Array:
    """UUIDv7 text, as the client makes it at the time of each prediction."""
    return pa.array([uuid7(at // 1000, random.bytes) for at in times.tolist()])


def random_ids(random: np.random.Generator, rows: int) -> pa.Array:
    """Random UUIDs as text."""
    return pa.array([str(UUID(bytes=random.bytes(16), version=4)) for _ in range(rows)])


def flushes(random: np.random.Generator, rows: int) -> Iterable[pa.Table]:
    """What a worker writes at a time: the rows of one model at `PER_SECOND`."""
    at = START_US
    for start in range(0, rows, FLUSH):
        count = min(FLUSH, rows - start)
        times = at + np.cumsum(random.exponential(1e6 / PER_SECOND, count)).astype(np.int64)
        at = int(times[-1])
        id_field = lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY)
        columns = {id_field: new_ids(random, times), **rest(random, times), **features(random, count)}
        yield pa.table(list(columns.values()), schema=pa.schema(list(columns)))


def sizes(folder: Path) -> dict[str, int]:
    """Bytes per column of the newest version of a table; '' is what the files need beside their columns."""
    found: dict[str, int] = {"": 0}
    for path in newest(folder):
        footer = pq.read_metadata(path)
        inside = 0
        for group in range(footer.num_row_groups):
            for place in range(footer.num_columns):
                column = footer.row_group(group).column(place)
                name = column.path_in_schema
                found[name] = found.get(name, 0) + column.total_compressed_size
                inside += column.total_compressed_size
        found[""] += path.stat().st_size - inside
    return found


def newest(folder: Path) -> list[Path]:
    """The rewritten files when there are any, else all."""
    files = sorted(folder.glob("date=*/*.parquet"))
    return [path for path in files if path.name.startswith("r.")] or files


def per_row(found: Mapping[str, int], rows: int, chosen: Callable[[str], bool]) -> float:
    return sum(size for name, size in found.items() if chosen(name)) / rows


def check_equal(lake: LocalLake, written: pa.Table) -> None:
    """Raise unless every bit of every value comes back."""
    back = lake.scan(KEY, None, 0, 2**62).read_all()
    if back.num_rows != written.num_rows:
        raise SystemExit(f"{written.num_rows} rows written, {back.num_rows} read")
    mine, theirs = (np.argsort(table.column("prediction_id").to_numpy().astype("S36")) for table in (written, back))
    for name in written.column_names:
        if not same(written.column(name), mine, back.column(name), theirs):
            raise SystemExit(f"{name} did not come back as it was")


def same(one: pa.ChunkedArray, order: np.ndarray, other: pa.ChunkedArray, other_order: np.ndarray) -> bool:
    """True when both hold the same values, bit by bit, in those orders."""
    plain = [column.cast(pa.string()) if column.type == CATEGORY else column for column in (one, other)]
    left, right = (
        column.combine_chunks().take(pa.array(by)) for column, by in zip(plain, (order, other_order), strict=True)
    )
    if pa.types.is_floating(left.type):
        left, right = (column.view(pa.int64()) for column in (left, right))
    return bool(left.equals(right))


def line(title: str, found: Mapping[str, int], rows: int, random_id: float, cost: float) -> None:
    """One row of the table."""
    kinds = {
        "feat": per_row(found, rows, lambda name: name.startswith("feature_")),
        "id": per_row(found, rows, lambda name: name == "prediction_id"),
        "foot": per_row(found, rows, lambda name: name == ""),
        "row": per_row(found, rows, lambda name: True),
    }
    both = kinds["feat"] + kinds["foot"] + kinds["id"]
    other = kinds["feat"] + kinds["foot"] + random_id
    print(
        f"{title:<30}{kinds['feat']:>9.1f}{kinds['id']:>9.1f}{both:>13.1f}{other:>15.1f}{kinds['row']:>11.1f}{cost:>9.2f}"
    )
    if title.startswith("lake") and both >= GOAL:
        raise SystemExit(f"features and id take {both:.1f} bytes, the goal is {GOAL:.0f}")


def detail(found: Mapping[str, int], rows: int) -> None:
    """Bytes per kind of feature."""
    groups = {
        "10 amounts": lambda name: "amount" in name,
        "8 integers": lambda name: (
            not any(word in name for word in ("amount", "count_", "category", "measure", "flag"))
        ),
        "10 counts": lambda name: "feature_count_" in name,
        "12 categories": lambda name: "category" in name,
        "6 float32": lambda name: "measure" in name,
        "4 booleans": lambda name: "flag" in name,
    }
    features_only = {name: size for name, size in found.items() if name.startswith("feature_")}
    print("after compaction: " + ", ".join(f"{k} {per_row(features_only, rows, f):.1f}" for k, f in groups.items()))


def plain_parquet(tables: Iterable[pa.Table], path: Path) -> float:
    """Write the same flushes with pyarrow's defaults and zstd; returns CPU seconds."""
    used = time.process_time()
    for place, table in enumerate(tables):
        pq.write_table(table, path / f"{place:04d}.parquet", compression="zstd", row_group_size=FLUSH)
    return time.process_time() - used


def measure(rows: int, folder: Path) -> None:
    """Write, compact, compare, and print the table."""
    random = np.random.default_rng(7)
    lake = LocalLake(folder / "lake")
    tables = list(flushes(random, rows))
    table_path = folder / "lake" / table_folder(KEY)

    other = folder / "plain" / "date=none"
    other.mkdir(parents=True)
    plain_cpu = plain_parquet(tables, other)

    used = time.process_time()
    for sequence, table in enumerate(tables):
        lake.commit(KEY, table.schema, lake.write(KEY, table, f"{sequence:04d}"), sequence)
    write_cpu = time.process_time() - used
    flushed = sizes(table_path)
    written = pa.concat_tables(tables)
    check_equal(lake, written)

    used = time.process_time()
    lake.compact(KEY)
    compact_cpu = time.process_time() - used
    compacted = sizes(table_path)
    check_equal(lake, written)

    ids = random_ids(random, min(rows, FLUSH))
    head = tables[0].select(["prediction_id", "timestamp"]).set_column(0, tables[0].schema.field(0), ids)
    side = TableKey("bench", "random ids", Kind.PREDICTIONS)
    lake.write(side, head, "0")
    random_id = sizes(folder / "lake" / table_folder(side))["prediction_id"] / head.num_rows

    print(f"{rows:,} predictions of 50 features, bytes per prediction; CPU in us per prediction; read back bit by bit")
    print(f"{'':<30}{'features':>9}{'id (v7)':>9}{'features+id':>13}{'with random id':>15}{'whole row':>11}{'CPU':>9}")
    line("Parquet, defaults + zstd", sizes(other.parent), rows, random_id, plain_cpu / rows * 1e6)
    line(f"lake, flushes of {min(rows, FLUSH):,}", flushed, rows, random_id, write_cpu / rows * 1e6)
    line("lake, compacted", compacted, rows, random_id, compact_cpu / rows * 1e6)
    detail(compacted, rows)


def main() -> int:
    """Parse the flags and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        measure(parser.parse_args().rows, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
