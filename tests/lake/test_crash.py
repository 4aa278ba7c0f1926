"""A process that dies between any two steps, and is started again, loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind
from modelwatch.errors import Conflict, CorruptData, InvalidSettings
from modelwatch.lake import delta, durable, parquet, rewrite
from modelwatch.lake.columns import CATEGORY, TIME
from modelwatch.lake.contract import TableKey
from modelwatch.lake.local import LocalLake
from modelwatch.lake.mend import mend
from modelwatch.lake.naming import table_folder

KEY = TableKey("default", "fraud", Kind.PREDICTIONS)
NOW = 400 * DAY_US
EVER = (-(2**62), 2**62)


class Died(BaseException):
    """What a kill looks like from inside."""


class DiesAt:
    """Calls a function until the `last` call, which it dies before or after."""

    def __init__(self, real: Callable[..., object], last: int, after: bool) -> None:
        self.real, self.left, self.after = real, last, after

    def __call__(self, *args: object, **named: object) -> object:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Died
        answer = self.real(*args, **named)
        if self.left < 0:
            raise Died
        return answer


def new_lake(folder: Path) -> LocalLake:
    return LocalLake(folder, lambda: NOW)


def rows(first: int, count: int = 6) -> pa.Table:
    return pa.table(
        {
            "prediction_id": [f"p{first + i}" for i in range(count)],
            "timestamp": pa.array([i * DAY_US // 2 for i in range(count)], TIME),
            "feature_colour": pa.array(["red", "green"] * (count // 2)).cast(CATEGORY),
        }
    )


def ids(folder: Path) -> list[str]:
    found = new_lake(folder).scan(KEY, ["prediction_id"], *EVER).read_all()
    return sorted(found.column("prediction_id").to_pylist()) if found.column_names else []


def flush(folder: Path, sequence: int, first: int) -> None:
    """What a worker does, also when it does it again."""
    lake = new_lake(folder)
    if lake.committed(KEY) < sequence:
        table = rows(first)
        lake.commit(KEY, table.schema, lake.write(KEY, table, f"t{sequence}"), sequence)


STEPS = [
    (durable, "sync"),
    (parquet, "replace_file"),
    (parquet, "write_parquet"),
    (delta, "create"),
    (delta, "commit"),
    (delta, "sync_log"),
    (delta, "add_columns"),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("last", [0, 1])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_flush_that_dies_is_made_again(
    module: object, name: str, last: int, after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush(tmp_path, 0, 0)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, DiesAt(getattr(module, name), last, after))
        try:
            flush(tmp_path, 1, 10)
        except Died:
            assert new_lake(tmp_path).committed(KEY) in (0, 1)
    flush(tmp_path, 1, 10)
    assert ids(tmp_path) == sorted([f"p{i}" for i in [*range(6), *range(10, 16)]])
    assert new_lake(tmp_path).committed(KEY) == 1


def half(lake: LocalLake) -> object:
    return lake.compact(KEY)


def forget(lake: LocalLake) -> object:
    return lake.erase(KEY, ["p0", "p13"])


def age(lake: LocalLake) -> object:
    return lake.expire(KEY, DAY_US)


REWRITES = [
    (half, {*range(6), *range(10, 16)}),
    (forget, {*range(1, 6), 10, 11, 12, 14, 15}),
    (age, {*range(2, 6), *range(12, 16)}),
]
REWRITE_STEPS = [(delta, "commit"), (delta, "sync_log"), (rewrite, "unlink"), (parquet, "write_parquet")]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("module", "name"), REWRITE_STEPS, ids=[name for _, name in REWRITE_STEPS])
@pytest.mark.parametrize(("job", "left"), REWRITES, ids=["compact", "erase", "expire"])
def test_a_rewrite_that_dies_is_made_again(
    job: Callable[[LocalLake], object],
    left: set[int],
    module: object,
    name: str,
    after: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flush(tmp_path, 0, 0)
    flush(tmp_path, 1, 10)
    everything = ids(tmp_path)
    expected = sorted(f"p{i}" for i in left)
    with monkeypatch.context() as patch:
        patch.setattr(module, name, DiesAt(getattr(module, name), 0, after))
        try:
            job(new_lake(tmp_path))
        except Died:
            found = ids(tmp_path)
            assert set(expected) <= set(found) <= set(everything)
            assert len(found) == len(set(found))
    job(new_lake(tmp_path))
    assert ids(tmp_path) == expected
    assert new_lake(tmp_path).committed(KEY) == 1
    held = {item.file.path for item in delta.files(DeltaTable(str(tmp_path / table_folder(KEY))))}
    if job is forget:
        assert set(rewrite.on_disk(tmp_path / table_folder(KEY))) == held


def test_nothing_torn_is_left_beside_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "sync", DiesAt(durable.sync, 3, after=False))
    with pytest.raises(Died):
        new_lake(tmp_path).write(KEY, rows(0), "t0")
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("torn", [b"", b'{"commitInfo":{', b"\x00" * 300])
def test_a_torn_commit_is_made_again(torn: bytes, tmp_path: Path) -> None:
    flush(tmp_path, 0, 0)
    flush(tmp_path, 1, 10)
    log = tmp_path / table_folder(KEY) / "_delta_log"
    sorted(log.glob("*.json"))[-1].write_bytes(torn)
    lake = new_lake(tmp_path)
    table = rows(10)
    assert lake.commit(KEY, table.schema, lake.write(KEY, table, "t1"), 1)
    assert len(ids(tmp_path)) == 12


@pytest.mark.parametrize("name", ["checkpoint.parquet", "_last_checkpoint"])
def test_a_torn_checkpoint_is_done_without(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delta, "CHECKPOINT_EVERY", 2)
    for sequence in range(4):
        flush(tmp_path, sequence, 10 * sequence)
    log = tmp_path / table_folder(KEY) / "_delta_log"
    victim = sorted(log.glob(f"*{name}"))[-1]
    victim.write_bytes(victim.read_bytes()[:20])
    flush(tmp_path, 4, 40)
    assert len(ids(tmp_path)) == 30
    assert new_lake(tmp_path).committed(KEY) == 4


def test_a_whole_log_needs_no_mending(tmp_path: Path) -> None:
    flush(tmp_path, 0, 0)
    assert mend(tmp_path / table_folder(KEY) / "_delta_log") == []
    assert mend(tmp_path / "nowhere") == []


def test_checkpoints_keep_the_sequence_and_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delta, "CHECKPOINT_EVERY", 3)
    for sequence in range(8):
        flush(tmp_path, sequence, 10 * sequence)
    log = tmp_path / table_folder(KEY) / "_delta_log"
    assert list(log.glob("*.checkpoint.parquet"))
    newest = max(int(path.name[:20]) for path in log.glob("*.checkpoint.parquet"))
    for path in log.glob("*.json"):
        if int(path.stem) < newest:
            path.unlink()
    assert new_lake(tmp_path).committed(KEY) == 7
    assert len(ids(tmp_path)) == 48


def test_a_second_handle_sees_and_respects_the_first(tmp_path: Path) -> None:
    one, other = new_lake(tmp_path), new_lake(tmp_path)
    table = rows(0)
    files = one.write(KEY, table, "t0")
    assert one.commit(KEY, table.schema, files, 0)
    assert other.committed(KEY) == 0
    assert other.commit(KEY, table.schema, files, 0) is False
    assert other.commit(KEY, table.schema, other.write(KEY, rows(10), "t1"), 1)
    assert one.committed(KEY) == 1
    assert len(ids(tmp_path)) == 12


def test_a_reader_that_is_overtaken_is_told(tmp_path: Path) -> None:
    flush(tmp_path, 0, 0)
    reader = new_lake(tmp_path).scan(KEY, None, *EVER)
    new_lake(tmp_path).erase(KEY, ["p1"])
    with pytest.raises(Conflict, match="rewritten"):
        reader.read_all()


def test_a_reader_finishes_after_compaction(tmp_path: Path) -> None:
    lake = LocalLake(tmp_path)
    for sequence in range(3):
        table = rows(10 * sequence)
        lake.commit(KEY, table.schema, lake.write(KEY, table, f"t{sequence}"), sequence)
    reader = lake.scan(KEY, None, *EVER)
    assert lake.compact(KEY) == 9
    assert reader.read_all().num_rows == 18


def test_another_models_folder_is_not_read(tmp_path: Path) -> None:
    flush(tmp_path, 0, 0)
    other = TableKey("default", "other", Kind.PREDICTIONS)
    (tmp_path / table_folder(other)).parent.mkdir(parents=True)
    (tmp_path / table_folder(KEY)).rename(tmp_path / table_folder(other))
    with pytest.raises(CorruptData, match="other"):
        new_lake(tmp_path).scan(other, None, *EVER)


def test_a_path_that_delta_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="%20"):
        LocalLake(tmp_path / "a%20b")


@pytest.mark.parametrize("name", ["a b", "100%", "é#?"])
def test_other_paths_are_fine(name: str, tmp_path: Path) -> None:
    flush(tmp_path / name, 0, 0)
    assert len(ids(tmp_path / name)) == 6


def test_others_read_the_tables_without_us(tmp_path: Path) -> None:
    flush(tmp_path, 0, 0)
    flush(tmp_path, 1, 10)
    new_lake(tmp_path).compact(KEY)
    new_lake(tmp_path).erase(KEY, ["p1"])
    folder = str(tmp_path / table_folder(KEY))
    expected = [
        {**row, "date": row["timestamp"].date()} for row in sorted_rows([*rows(0).to_pylist(), *rows(10).to_pylist()])
    ]
    expected = [row for row in expected if row["prediction_id"] != "p1"]
    assert sorted_rows(DeltaTable(folder).to_pyarrow_table().to_pylist()) == expected
    assert sorted_rows(pl.read_delta(folder).to_dicts()) == expected
    assert DeltaTable(folder).metadata().name == "fraud"
    assert "fraud" in DeltaTable(folder).metadata().description


def sorted_rows(found: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(found, key=lambda row: str(row["prediction_id"]))
