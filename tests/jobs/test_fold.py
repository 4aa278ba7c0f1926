"""The fold on a real log, lake and database: whatever crashes, every row is counted once, and in the lake once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sqlalchemy import select

from modelwatch.core.column import ColumnKey
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Kind, Role
from modelwatch.lake.local import LocalLake
from modelwatch.profiles import NULL, Binning, Profile
from modelwatch.store import held, ledger, models, references
from modelwatch.store.engine import reading
from modelwatch.store.profiles import Series, load_stretches, spans
from modelwatch.store.tables import quarantine
from tests.jobs.folding import HOLD, NOW, World, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as made:
        yield made


def column(binning: Binning, total: Profile, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    index = binning.index(ColumnKey(Role.FEATURE, name))
    assert index is not None
    found: np.ndarray[tuple[int], np.dtype[np.float64]] = total.counts[index]
    return found


def test_rows_are_held_back_until_they_become_the_reference(world: World) -> None:
    world.predictions(HOLD - 1)
    world.run()
    with reading(world.engine) as connection:
        assert held.count_held(connection) == {1: HOLD - 1}
        assert spans(connection, Series(1), -(2**62), 2**62) == []
    world.restart()
    world.predictions(21)
    world.run()
    _, total = world.total()
    assert total.rows == HOLD + 20
    with reading(world.engine) as connection:
        assert held.count_held(connection) == {}
        (reference,) = references.list_references(connection, 1)
    assert (reference.rows, reference.kind, reference.label) == (HOLD, "first_rows", f"first {HOLD} rows")


def test_a_crash_before_the_commit_loses_and_doubles_nothing(world: World) -> None:
    for _ in range(4):
        world.predictions(60)
        world.fold.step()
        world.restart()
    world.run()
    world.flush()
    _, total = world.total()
    assert total.rows == 240
    assert world.lake_rows().num_rows == 240


@pytest.mark.parametrize("crash", ["after commit", "after files", "after decision", "never"])
def test_a_crash_around_a_flush_loses_and_doubles_nothing(
    world: World, crash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(Exception):
        pass

    def fail(*_: object, **__: object) -> None:
        raise Crash

    world.predictions(150)
    world.run()
    with monkeypatch.context() as patch:
        if crash == "after files":
            patch.setattr("modelwatch.jobs.flush.lake_commits.record", fail)
        elif crash == "after decision":
            patch.setattr(LocalLake, "commit", fail)
        elif crash == "after commit":
            patch.setattr("modelwatch.jobs.flush.lake_commits.done", fail)
        if crash == "never":
            world.flush()
        else:
            with pytest.raises(Crash):
                world.flush()
    world.restart()
    world.predictions(50)
    world.run()
    world.flush()
    ids = world.lake_rows().column("prediction_id")
    assert (len(ids), pc.count_distinct(ids).as_py()) == (200, 200)
    assert world.total()[1].rows == 200


def test_many_small_requests_count_as_one_large_one(world: World) -> None:
    for _ in range(HOLD):
        world.predictions(1)
    for i in range(50):
        world.predictions(1, tags={"t": "ab"[i % 2]})
    assert world.fold.step() == HOLD + 50
    world.fold.commit()
    world.flush()
    assert world.total()[1].rows == HOLD + 50
    rows = world.lake_rows()
    assert sorted(rows.column("prediction_id").to_pylist()) == sorted(f"p{i + 1}" for i in range(HOLD + 50))
    assert rows.column("tag_t").null_count == HOLD


def test_rows_that_cannot_be_folded_are_set_aside_and_harm_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.predictions(HOLD)
    world.run()
    for _ in range(5):
        world.predictions(1)
    from modelwatch.jobs import fold

    sound = fold.conform

    def conform(batch: pa.RecordBatch, *rest: Any) -> Any:
        if f"p{HOLD + 3}" in batch.column("prediction_id").to_pylist():
            raise RuntimeError("strange rows")
        return sound(batch, *rest)

    monkeypatch.setattr(fold, "conform", conform)
    world.run()
    assert world.total()[1].rows == HOLD + 4
    with reading(world.engine) as connection:
        (row,) = connection.execute(select(quarantine)).all()
        assert ledger.total_tallies(connection, "default") == (HOLD + 4, 1)
    assert row.reason == "fold_failed"
    (kept,) = (world.folder / "set-aside").iterdir()
    assert kept.name in row.detail


def test_rejected_rows_are_in_the_quarantine_once(world: World) -> None:
    world.predictions(HOLD)
    world.send([{"model_id": "m", "model_version": "1", "prediction_score": 0.1, "timestamp": NOW / 1e6 + 3600}])
    world.fold.step()
    world.restart()
    world.run()
    world.restart()
    world.run()
    with reading(world.engine) as connection:
        (row,) = connection.execute(select(quarantine)).all()
        assert ledger.total_tallies(connection, "default") == (HOLD, 1)
    assert row.reason == "timestamp_in_future"


def test_a_feature_that_is_null_at_first_is_learnt_and_a_new_one_later_is_recorded(world: World) -> None:
    world.predictions(1, features={"x": 1.0, "late": None})
    world.predictions(HOLD, features={"x": 2.0, "late": 3.5})
    world.predictions(5, features={"x": 2.0, "late": "soon", "surprise": 7})
    world.run()
    world.flush()
    binning, total = world.total()
    late = column(binning, total, "late")
    assert late[NULL] == 1
    assert late.sum() == HOLD + 6
    assert binning.index(ColumnKey(Role.FEATURE, "surprise")) is None
    with reading(world.engine) as connection:
        found = {(row.name, row.change) for row in held.list_changes(connection, [1])}
    assert ("surprise", "new") in found
    assert ("late", "type") in found
    extra = [json.loads(text) for text in world.lake_rows().column("extra").to_pylist() if text]
    assert len(extra) == 5
    assert all("surprise" in str(each) and "soon" in str(each) for each in extra)


def test_a_reference_that_comes_later_counts_everything_anew(world: World) -> None:
    world.predictions(150)
    world.run()
    before, _ = world.total()
    rng = np.random.default_rng(1)
    world.upload(pa.table({"x": rng.normal(8, 5, 5000), "c": rng.choice(["a", "b", "c"], 5000)}))
    world.run()
    binning, total = world.total()
    assert binning.id != before.id
    assert total.rows == 150
    assert column(binning, total, "x").sum() == 150
    world.predictions(30)
    world.restart()
    world.run()
    assert world.total()[1].rows == 180
    with reading(world.engine) as connection:
        found = references.find_reference(connection, 1, "production", "1")
    assert found is not None
    assert (found.kind, found.rows) == ("uploaded", 5000)


def test_a_reference_that_comes_first_is_what_rows_are_counted_on(world: World) -> None:
    rng = np.random.default_rng(1)
    world.upload(pa.table({"x": rng.normal(8, 5, 5000), "c": rng.choice(["a", "b", "c"], 5000)}))
    world.predictions(10)
    world.run()
    binning, total = world.total()
    assert total.rows == 10
    assert [c.key.name for c in binning.columns] == ["x", "c"]


def test_a_second_reference_keeps_the_bins_and_adds_what_they_lack(world: World) -> None:
    rng = np.random.default_rng(1)
    world.upload(pa.table({"x": rng.normal(8, 5, 5000)}))
    world.predictions(10)
    world.upload(pa.table({"x": rng.normal(9, 5, 3000), "z": rng.random(3000)}), version="2", name="s.parquet")
    world.predictions(10, model_version="2", features={"x": 3.0, "z": 0.5})
    world.run()
    binning, _ = world.total(2)
    assert [c.key.name for c in binning.columns] == ["x", "z"]
    with reading(world.engine) as connection:
        stretches = load_stretches(connection, Series(2), -(2**62), 2**62)
    assert sum(each.rows for each in stretches) == 10


def test_days_of_traffic_and_versions_are_counted(world: World) -> None:
    world.predictions(HOLD)
    world.predictions(48, model_version="2")
    world.run()
    with reading(world.engine) as connection:
        found = models.list_deployments(connection)
        days = ledger.load_traffic(connection, 0)
    assert [(row.version, row.rows) for row in found] == [("1", HOLD), ("2", 48)]
    assert sum(days[2].values()) == 48
    assert all(day % DAY_US == 0 for day in days[2])
    assert found[0].live_us is None or found[0].last_event_us is not None


@pytest.mark.parametrize(
    ("more", "task", "positive"),
    [
        ({}, "binary", None),
        ({"prediction_value": 3.5}, "regression", None),
        ({"prediction_scores": {"a": 0.2, "b": 0.3, "c": 0.5}}, "multiclass", None),
        ({"group_id": "q", "rank": 1}, "ranking", None),
    ],
)
def test_the_task_is_told_from_the_first_rows(
    world: World, more: dict[str, object], task: str, positive: str | None
) -> None:
    world.predictions(HOLD, **more)
    world.run()
    with reading(world.engine) as connection:
        model = models.get_model(connection, 1)
    assert (model.task, model.settings.get("positive_label")) == (task, positive)


def test_the_positive_label_is_the_one_with_the_higher_scores(world: World) -> None:
    world.predictions(HOLD // 2, prediction_label="no", prediction_score=0.1)
    world.predictions(HOLD // 2, prediction_label="fraud", prediction_score=0.9)
    world.run()
    with reading(world.engine) as connection:
        model = models.get_model(connection, 1)
    assert (model.task, model.settings) == ("binary", {"positive_label": "fraud"})


def test_actuals_stand_in_a_table_of_their_own(world: World) -> None:
    world.send([{"model_id": "m", "prediction_id": f"p{i}", "actual_label": "late"} for i in range(7)], Kind.ACTUALS)
    world.run()
    world.flush()
    rows = world.lake_rows(Kind.ACTUALS)
    assert rows.num_rows == 7
    assert set(rows.column("actual_label").to_pylist()) == {"late"}
