"""What every lake must do, whoever implements it: the laws of `modelwatch.lake.contract.Lake`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind, Role
from modelwatch.lake.columns import CATEGORY, TIME, lake_field
from modelwatch.lake.contract import DataFile, Lake, TableKey
from modelwatch.lake.local import LocalLake

NOW = 400 * DAY_US
KEY = TableKey("default", "fraud", Kind.PREDICTIONS)
ID = lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY)
AT = lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC)
RECEIVED = pa.field("received_at", TIME)
AMOUNT = lake_field(ColumnKey(Role.FEATURE, "amount"), ColumnType.NUMERIC)
COLOUR = lake_field(ColumnKey(Role.FEATURE, "Colour"), ColumnType.CATEGORY)
SCHEMA = pa.schema([ID, AT, RECEIVED, AMOUNT, COLOUR])
EVER = (-(2**62), 2**62)

Make = Callable[[Path], Lake]


class Forgetful:
    """A lake that commits whatever it is given: the suite must notice."""

    def __init__(self, lake: LocalLake) -> None:
        self._lake, self._next = lake, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._lake, name)

    def commit(self, table: TableKey, schema: pa.Schema, files: Sequence[DataFile], sequence: int) -> bool:
        self._next = max(self._next, self._lake.committed(table) + 1)
        return self._lake.commit(table, schema, files, self._next)


def local(folder: Path) -> Lake:
    return LocalLake(folder, lambda: NOW)


@pytest.fixture(params=[local])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def some_rows(times: Iterable[int], first: int = 0, received: int = NOW) -> pa.Table:
    times = list(times)
    return pa.table(
        [
            pa.array([f"p{first + i}" for i in range(len(times))]),
            pa.array(times, pa.int64()).cast(TIME),
            pa.array([received] * len(times), pa.int64()).cast(TIME),
            pa.array([(first + i) / 100 for i in range(len(times))], pa.float64()),
            pa.array([("red", "green", None)[(first + i) % 3] for i in range(len(times))], pa.string()).cast(CATEGORY),
        ],
        schema=SCHEMA,
    )


def put(lake: Lake, rows: pa.Table, sequence: int, key: TableKey = KEY) -> list[DataFile]:
    files = lake.write(key, rows, f"t{sequence}")
    assert lake.commit(key, rows.schema, files, sequence)
    return files


def ids(lake: Lake, start: int = EVER[0], end: int = EVER[1], key: TableKey = KEY) -> list[str]:
    rows = lake.scan(key, ["prediction_id"], start, end).read_all()
    return named(rows) if rows.column_names else []


def named(rows: pa.Table) -> list[str]:
    return sorted(rows.column("prediction_id").to_pylist())


def check_committed_once(lake: Lake) -> None:
    """A commit made again, or one that is older, changes nothing."""
    rows = some_rows(range(0, 3 * DAY_US, HOUR_US))
    files = put(lake, rows, 7)
    assert lake.commit(KEY, rows.schema, files, 7) is False
    assert lake.commit(KEY, rows.schema, files, 3) is False
    assert lake.committed(KEY) == 7
    assert ids(lake) == named(rows)


def test_a_sequence_is_committed_once(make: Make, tmp_path: Path) -> None:
    check_committed_once(make(tmp_path))


@pytest.mark.xfail(raises=AssertionError, strict=True, reason="a lake that ignores the sequence is caught")
def test_the_suite_bites(tmp_path: Path) -> None:
    check_committed_once(Forgetful(LocalLake(tmp_path, lambda: NOW)))  # type: ignore[arg-type]


def test_nothing_is_there_before_the_first_commit(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    assert lake.committed(KEY) == -1
    assert lake.schema(KEY) is None
    assert lake.scan(KEY, None, *EVER).read_all().num_rows == 0
    assert lake.compact(KEY) == lake.expire(KEY, NOW) == lake.erase(KEY, ["p1"]) == 0


def test_written_is_not_committed(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    lake.write(KEY, some_rows([1, 2]), "t0")
    assert lake.committed(KEY) == -1
    assert ids(lake) == []


def test_writing_again_under_the_same_tag_replaces(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    rows = some_rows([1, 2, DAY_US])
    first = lake.write(KEY, rows, "t0")
    assert [file.path for file in lake.write(KEY, rows, "t0")] == [file.path for file in first]
    lake.commit(KEY, rows.schema, first, 0)
    assert ids(lake) == named(rows)


def test_files_survive_as_json(make: Make, tmp_path: Path) -> None:
    files = make(tmp_path).write(KEY, some_rows([5, DAY_US + 6, DAY_US]), "t0")
    assert [DataFile.from_json(file.to_json()) for file in files] == files
    assert [(f.partition, f.rows, f.min_us, f.max_us) for f in files] == [
        ("1970-01-01", 1, 5, 5),
        ("1970-01-02", 2, DAY_US, DAY_US + 6),
    ]


def test_values_come_back_as_they_were(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    rows = some_rows(range(0, DAY_US, HOUR_US))
    put(lake, rows, 0)
    back = lake.scan(KEY, None, *EVER).read_all()
    assert back.schema.names == SCHEMA.names
    assert back.sort_by("timestamp").to_pylist() == rows.to_pylist()
    schema = lake.schema(KEY)
    assert schema is not None
    assert schema.equals(SCHEMA, check_metadata=True)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.integers(-3 * DAY_US, 3 * DAY_US), max_size=8), min_size=1, max_size=3),
    start=st.integers(-4 * DAY_US, 4 * DAY_US),
    length=st.integers(0, 3 * DAY_US),
)
def test_pruning_is_filtering(
    make: Make, tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]], start: int, length: int
) -> None:
    lake = make(tmp_path_factory.mktemp("lake"))
    everything: list[tuple[int, str]] = []
    for sequence, times in enumerate(batches):
        rows = some_rows(times, first=len(everything))
        put(lake, rows, sequence)
        everything += [(at, f"p{len(everything) + i}") for i, at in enumerate(times)]
    expected = sorted(name for at, name in everything if start <= at < start + length)
    assert ids(lake, start, start + length) == expected
    assert ids(lake) == sorted(name for _, name in everything)


def test_waiting_rows_are_seen_too(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    put(lake, some_rows([0, DAY_US]), 0)
    waiting = some_rows([1, DAY_US + 1], first=10)
    found = lake.scan(KEY, ["prediction_id"], 0, DAY_US, [waiting]).read_all()
    assert sorted(found.column("prediction_id").to_pylist()) == ["p0", "p10"]
    other = TableKey("default", "never flushed", Kind.ACTUALS)
    assert lake.scan(other, None, 0, DAY_US, [waiting]).read_all().num_rows == 1


def test_columns_may_be_added(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    put(lake, some_rows([0]), 0)
    extra = lake_field(ColumnKey(Role.TAG, "region"), ColumnType.CATEGORY)
    later = some_rows([1], first=1).append_column(extra, pa.array(["north"]).cast(CATEGORY)).drop(["feature_amount"])
    put(lake, later, 1)
    back = lake.scan(KEY, None, *EVER).read_all().sort_by("timestamp").to_pylist()
    assert [(row["prediction_id"], row["feature_amount"], row["tag_region"]) for row in back] == [
        ("p0", 0.0, None),
        ("p1", None, "north"),
    ]
    assert lake.scan(KEY, ["tag_region", "nowhere"], *EVER).read_all().column_names == ["tag_region"]


def test_a_column_that_changes_its_type_keeps_both(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    put(lake, some_rows([0]), 0)
    text = lake_field(ColumnKey(Role.FEATURE, "amount"), ColumnType.CATEGORY)
    place = SCHEMA.get_field_index("feature_amount")
    later = some_rows([1, 2], first=1).set_column(place, text, pa.array(["much", "little"]).cast(CATEGORY))
    files = put(lake, later, 1)
    assert lake.commit(KEY, later.schema, files, 1) is False
    back = lake.scan(KEY, None, *EVER).read_all().sort_by("timestamp")
    assert back.column("feature_amount").to_pylist() == [0.0, None, None]
    assert back.column("feature_amount~category").to_pylist() == [None, "much", "little"]


def test_compaction_changes_no_row(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    for sequence in range(4):
        put(lake, some_rows(range(sequence, 2 * DAY_US, DAY_US // 3), first=10 * sequence), sequence)
    before = lake.scan(KEY, None, *EVER).read_all().sort_by("prediction_id").to_pylist()
    assert lake.compact(KEY, before_us=DAY_US) == 4
    assert lake.compact(KEY, before_us=DAY_US) == 0
    assert lake.compact(KEY) == 4
    assert lake.scan(KEY, None, *EVER).read_all().sort_by("prediction_id").to_pylist() == before
    assert lake.committed(KEY) == 3


def test_expiry_takes_whole_days_by_the_later_of_event_and_arrival(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    put(lake, some_rows([0, DAY_US, 2 * DAY_US], received=2 * DAY_US), 0)
    put(lake, some_rows([1], first=10, received=5 * DAY_US), 1)
    assert lake.expire(KEY, DAY_US + HOUR_US) == 0
    assert lake.expire(KEY, 2 * DAY_US + HOUR_US) == 2
    assert ids(lake) == ["p10", "p2"]
    assert lake.expire(KEY, 6 * DAY_US) == 2
    assert ids(lake) == []
    assert lake.committed(KEY) == 1


def test_erasing_leaves_no_trace_on_the_disk(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    victim = some_rows([5], first=77)
    place = SCHEMA.get_field_index(COLOUR.name)
    victim = victim.set_column(place, COLOUR, pa.array(["ultramarine"]).cast(CATEGORY))
    rows = pa.concat_tables([some_rows([0, 1, DAY_US]), victim]).unify_dictionaries()
    put(lake, rows, 0)
    put(lake, some_rows([6], first=20), 1)
    lake.compact(KEY)
    lake.write(KEY, victim, "never-committed")
    assert b"ultramarine" in everything_on_disk(tmp_path)
    assert lake.erase(KEY, ["p77", "p2", "nobody"]) == 2
    assert ids(lake) == ["p0", "p1", "p20"]
    left = everything_on_disk(tmp_path)
    assert b"ultramarine" not in left
    assert b"p77" not in left
    assert lake.committed(KEY) == 1
    assert lake.erase(KEY, ["p77"]) == 0


def everything_on_disk(folder: Path) -> bytes:
    """All bytes below a folder; Parquet files are also decoded, dictionaries with values that no row has included."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            found.append(path.read_bytes())
            if path.suffix == ".parquet":
                with pq.ParquetFile(path, read_dictionary=[COLOUR.name]) as parquet:
                    for column in parquet.read().columns:
                        found += [
                            str(chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk).encode()
                            for chunk in column.chunks
                        ]
    return b"\n".join(found)


NAMES = [
    "fraud",
    "Fraud",
    "FRAUD",
    "../../x",
    "..",
    "/etc/passwd",
    "CON",
    "'; DROP TABLE models; --",
    "<script>alert(1)</script>",
    "",
    " ",
    "a\nb",
    "a\x00b",
    "\u202eevil",
    "\U0001f600" * 500,
]


def test_hostile_names_stay_inside_and_apart(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path / "lake")
    for place, name in enumerate(NAMES):
        put(lake, some_rows([place], first=place), 0, TableKey("default", name, Kind.PREDICTIONS))
    for place, name in enumerate(NAMES):
        assert ids(lake, key=TableKey("default", name, Kind.PREDICTIONS)) == [f"p{place}"]
        assert ids(lake, key=TableKey("other", name, Kind.PREDICTIONS)) == []
        assert ids(lake, key=TableKey("default", name, Kind.ACTUALS)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["lake"]
    folders = [path.name for path in (tmp_path / "lake").glob("*/*")]
    assert len({name.lower() for name in folders}) == len(NAMES)


def test_a_year_in_one_write(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    rows = some_rows(range(0, 365 * DAY_US, 8 * HOUR_US))
    assert len(put(lake, rows, 0)) == 365
    assert ids(lake) == named(rows)
    assert len(ids(lake, 100 * DAY_US, 101 * DAY_US)) == 3


def test_times_that_no_calendar_names(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    times = [-(10**17), -(9 * 10**16), 0, 9 * 10**17, 10**18]
    put(lake, some_rows(times), 0)
    assert ids(lake) == ["p0", "p1", "p2", "p3", "p4"]
    assert ids(lake, -(10**17), 1) == ["p0", "p1", "p2"]
    assert lake.compact(KEY) == 0
    assert ids(lake, 10**18, 10**18 + 1) == ["p4"]


def test_no_rows_is_no_file(make: Make, tmp_path: Path) -> None:
    lake = make(tmp_path)
    assert put(lake, some_rows([]), 0) == []
    assert lake.committed(KEY) == 0
    assert ids(lake) == []


@pytest.mark.parametrize("tag", ["", "../x", "a/b", "r.1.0", "x" * 101])
def test_a_tag_that_is_no_file_name_is_refused(make: Make, tmp_path: Path, tag: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        make(tmp_path).write(KEY, some_rows([1]), tag)
