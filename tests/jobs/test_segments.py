"""Segments hold the rows that a filter on the lake gives, however they were asked for and whatever crashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import Segment
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.jobs import counted
from modelwatch.lake.naming import lake_name
from modelwatch.profiles import CategoryValues, NumericValues, profile
from modelwatch.server.queries.settings import change_settings
from modelwatch.store import models, references, segments
from modelwatch.store.engine import reading
from modelwatch.store.profiles import Series, dirty_series
from modelwatch.store.tables import checks, profiles
from tests.jobs.folding import HOLD, NOW, World, new_world

REGION, CARRIER = ColumnKey(Role.TAG, "region"), ColumnKey(Role.FEATURE, "c")
HOUR_S = 3600


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as made:
        yield made


def send(world: World, values: Sequence[object], tag: str = "region", hours: int = 1) -> None:
    """One request with a row per value of the tag, some hours apart."""
    rows = []
    for i, value in enumerate(values):
        world.ids += 1
        rows.append(
            {
                "model_id": "m",
                "model_version": "1",
                "prediction_id": f"p{world.ids}",
                "prediction_score": 0.5,
                "timestamp": NOW / 1e6 - (len(values) - i) * HOUR_S * hours,
                "features": {"x": float(world.ids % 17), "c": "abc"[world.ids % 3], "flag": world.ids % 5 == 0},
                "tags": {tag: value},
            }
        )
    world.send(rows)


def ask(world: World, names: Sequence[object], limit: int | None = None) -> None:
    """A setting as the api stores it."""
    change_settings(world.engine, "default", "m", {"segments": list(names) or None, "max_segments": limit}, NOW)


def tend(world: World) -> None:
    """What the worker does between two steps, until nothing is left to do."""
    while world.fold.tend_segments(lambda: True):
        pass


def watched(world: World) -> list[str]:
    """The keys of the segments that have a place."""
    with reading(world.engine) as connection:
        return [each.key for each in segments.load_watched(connection, 1)]


def building(world: World) -> bool:
    with reading(world.engine) as connection:
        return any(each.building for each in segments.load_watched(connection, 1))


def key(value: str | None, column: ColumnKey = REGION) -> str:
    return Segment(column, value).key


def filtered(world: World, column: ColumnKey, value: str | None) -> pa.Table:
    """The rows of the lake that a segment should hold."""
    rows = world.lake_rows()
    cells = pc.cast(rows.column(lake_name(column)), pa.string())
    return rows.filter(pc.is_null(cells) if value is None else pc.fill_null(pc.equal(cells, value), False))


def assert_exact(world: World, column: ColumnKey, value: str | None) -> None:
    """A segment's counts are those of its rows in the lake."""
    world.flush()
    binning, total = world.total(segment=key(value, column))
    rows = filtered(world, column, value)
    names = pc.cast(rows.column("feature_c"), pa.string()).to_pylist()
    vocabulary = sorted(set(names))
    expected = profile(
        binning,
        {
            ColumnKey(Role.FEATURE, "x"): NumericValues(rows.column("feature_x").to_numpy()),
            CARRIER: CategoryValues(np.array([vocabulary.index(n) for n in names], np.int32), vocabulary),
        },
    )
    assert total.rows == rows.num_rows
    for name in ("x", "c"):
        f = binning.index(ColumnKey(Role.FEATURE, name))
        np.testing.assert_array_equal(total.counts[f], expected.counts[f])


def test_segments_are_counted_from_the_first_row(world: World) -> None:
    send(world, ["eu", None])
    world.run()
    ask(world, ["region", "c"])
    tend(world)
    rng = np.random.default_rng(1)
    for _ in range(5):
        send(world, [None if v == "none" else v for v in rng.choice(["eu", "us", "none", "asia"], 60).tolist()])
        world.run()
    assert sorted(watched(world)) == sorted(
        [key("eu"), key("us"), key("asia"), key(None), *(key(c, CARRIER) for c in "abc")]
    )
    assert not building(world)
    for value in ("eu", "us", "asia", None):
        assert_exact(world, REGION, value)
    assert_exact(world, CARRIER, "b")


def test_the_reference_rows_of_segments_are_those_of_the_first_rows(world: World) -> None:
    values = ["eu"] * 60 + ["us"] * 30 + [None] * 30
    for asked_first in (True, False):
        send(world, values[:10] if asked_first else values[10:])
        world.run()
        if asked_first:
            ask(world, ["region"])
            tend(world)
    with reading(world.engine) as connection:
        (row,) = references.list_references(connection, 1)
        early = segments.reference_rows(connection, row.id)
    assert early == {key("eu"): 60, key("us"): 30, key(None): HOLD - 90}
    ask(world, [])
    tend(world)
    ask(world, ["region"])
    tend(world)
    with reading(world.engine) as connection:
        assert segments.reference_rows(connection, row.id) == early


def test_a_setting_that_comes_late_counts_the_past_from_the_lake(world: World) -> None:
    for value in ("eu", "us", "eu"):
        send(world, [value] * 70, hours=2)
    world.run()
    send(world, ["asia"] * 9)
    ask(world, ["region"])
    assert world.fold.tend_segments(lambda: True)
    assert building(world)
    world.run()
    send(world, ["eu"] * 5 + ["asia"] * 3)
    world.run()
    tend(world)
    assert not building(world)
    assert watched(world)[:2] == [key("eu"), key("us")]
    for value in ("eu", "us", "asia"):
        assert_exact(world, REGION, value)


def test_a_killed_worker_counts_segments_once(world: World) -> None:
    send(world, ["eu", "us"] * 80)
    world.run()
    ask(world, ["region"])
    world.fold.tend_segments(lambda: True)
    world.restart()
    send(world, ["eu", "asia"] * 30)
    world.fold.step()
    world.restart()
    world.fold.tend_segments(lambda: True)
    world.fold.step()
    world.restart()
    world.run()
    tend(world)
    for value in ("eu", "us", "asia"):
        assert_exact(world, REGION, value)


def test_a_crash_inside_a_day_repeats_it_and_doubles_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    send(world, ["eu", "us"] * 80)
    world.run()
    ask(world, ["region"])
    with monkeypatch.context() as patch:
        sound, calls = segments.day_done, []

        def dies_once(*given: object) -> None:
            calls.append(given)
            if len(calls) == 2:
                raise RuntimeError("power is gone")
            sound(*given)  # type: ignore[arg-type]

        patch.setattr(segments, "day_done", dies_once)
        world.fold.tend_segments(lambda: True)
        world.fold.tend_segments(lambda: True)
        with pytest.raises(RuntimeError):
            world.fold.tend_segments(lambda: True)
    world.restart()
    world.run()
    tend(world)
    for value in ("eu", "us"):
        assert_exact(world, REGION, value)


def test_the_most_frequent_values_of_the_reference_have_places_and_the_rest_is_counted(world: World) -> None:
    rng = np.random.default_rng(2)
    region = rng.choice(["rare", "common", "middle"], 4000, p=[0.1, 0.6, 0.3])
    send(world, ["new", "rare", "other"])
    world.run()
    ask(world, ["region"], 2)
    tend(world)
    table = pa.table({"x": rng.normal(8, 5, 4000), "c": rng.choice(["a", "b"], 4000), "region": region})
    world.upload(table, roles={"tags": ["region"]})
    world.run()
    send(world, ["newer", "common"])
    world.run()
    assert watched(world) == [key("common"), key("middle")]
    with reading(world.engine) as connection:
        assert segments.count_others(connection, 1) == {REGION: 4}
        (row,) = references.list_references(connection, 1)
        assert segments.reference_rows(connection, row.id) == {
            key("common"): (region == "common").sum(),
            key("middle"): (region == "middle").sum(),
        }
    ask(world, ["region"], 4)
    tend(world)
    send(world, ["newer"])
    world.run()
    tend(world)
    assert watched(world)[:3] == [key("common"), key("middle"), key("rare")]
    assert len(watched(world)) == 4
    assert_exact(world, REGION, "rare")
    with reading(world.engine) as connection:
        assert segments.reference_rows(connection, row.id)[key("rare")] == (region == "rare").sum()


def test_a_setting_that_changes_again_leaves_nothing_of_what_it_named_before(world: World) -> None:
    send(world, ["eu", "us"] * 80)
    world.run()
    ask(world, ["region"])
    tend(world)
    ask(world, ["region", {"feature": "c"}])
    tend(world)
    ask(world, [{"feature": "c"}, {"feature": "flag"}])
    tend(world)
    flag = ColumnKey(Role.FEATURE, "flag")
    assert sorted(watched(world)) == sorted([*(key(c, CARRIER) for c in "abc"), key("true", flag), key("false", flag)])
    assert_exact(world, CARRIER, "a")
    world.flush()
    assert world.total(segment=key("true", flag))[1].rows == 32
    with world.engine.connect() as connection:
        for table in (profiles, checks):
            found = set(connection.execute(table.select()).scalars("segment"))
            assert not {name for name in found if "region" in str(name)}
    with reading(world.engine) as connection:
        assert all("region" not in series.segment for series, _, _ in dirty_series(connection))
    ask(world, [])
    tend(world)
    assert watched(world) == []


HOSTILE = [
    "a=b",
    "=",
    "🙂" * 128,
    "x" * 512,
    "'; drop table profiles; --",
    "\\u0000",
    '["tag","region",null]',
    "is null",
]


def test_names_and_values_are_data(world: World) -> None:
    name = "ta=g 🙂'\"; drop table checks; --"
    column = ColumnKey(Role.TAG, name)
    send(world, [*HOSTILE, "x" * 513, None] * 12, tag=name)
    world.run()
    ask(world, [name])
    tend(world)
    send(world, [*HOSTILE, None] * 3, tag=name)
    world.run()
    assert set(watched(world)) == {key(value, column) for value in [*HOSTILE, None]}
    for value in [*HOSTILE, None]:
        assert_exact(world, column, value)
    with reading(world.engine) as connection:
        assert segments.count_others(connection, 1) == {column: 1}


def test_what_cannot_be_a_segment_is_refused_with_what_to_do(world: World) -> None:
    send(world, ["eu"] * 3)
    world.run()
    with pytest.raises(InvalidRequest, match="bands") as numeric:
        ask(world, ["x"])
    assert "x_band" in numeric.value.hint
    with pytest.raises(InvalidRequest) as unknown:
        ask(world, ["regoin"])
    assert "did you mean region?" in unknown.value.hint
    with pytest.raises(InvalidRequest, match="twice"):
        ask(world, ["region", {"tag": "region"}])
    ask(world, [{"tag": "yet_to_come"}, "flag"])
    with reading(world.engine) as connection:
        said = models.get_model(connection, 1).settings["segments"]
    assert said == [{"tag": "yet_to_come"}, {"feature": "flag"}]


def test_many_cells_are_counted_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "CELL_BYTES", 7 * 5 * 260 * 8)
    monkeypatch.setattr(counted, "MAX_TABLE", 10)
    send(world, ["eu"])
    world.run()
    ask(world, ["region"])
    tend(world)
    rng = np.random.default_rng(3)
    send(world, [None if v == "none" else v for v in rng.choice(["eu", "us", "none", "asia"], 400).tolist()])
    world.run()
    for value in ("eu", "us", "asia", None):
        assert_exact(world, REGION, value)


def test_a_new_reference_counts_segments_anew_on_its_bins(world: World) -> None:
    send(world, ["eu", "us"] * 80)
    world.run()
    ask(world, ["region"])
    tend(world)
    rng = np.random.default_rng(4)
    region = rng.choice(["eu", "us", "asia"], 3000)
    table = pa.table({"x": rng.normal(8, 5, 3000), "c": rng.choice(["a", "b", "c"], 3000), "region": region})
    world.upload(table, roles={"tags": ["region"]})
    world.run()
    tend(world)
    send(world, ["asia", "eu"] * 4)
    world.run()
    for value in ("eu", "us", "asia"):
        assert_exact(world, REGION, value)
    with reading(world.engine) as connection:
        newest = references.list_references(connection, 1)[0]
        assert segments.reference_rows(connection, newest.id)[key("asia")] == (region == "asia").sum()
        assert {series for series, _, _ in dirty_series(connection)} >= {Series(1), Series(1, key("eu"))}


def test_a_version_whose_column_holds_numbers_has_no_segment_of_them(world: World) -> None:
    send(world, ["eu"] * HOLD)
    world.run()
    ask(world, ["c"])
    tend(world)
    world.predictions(5, model_version="2", features={"x": 1.0, "c": 7.5})
    world.run()
    tend(world)
    assert world.total(2, key(None, CARRIER))[1].rows == 5
    assert json.loads(watched(world)[0])[:2] == ["feature", "c"]
