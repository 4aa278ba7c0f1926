"""Segments are checked apart from the whole: own windows, levels and references, and one alert that names them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.core import reference
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.segment import Cut, Segment
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.jobs.check import check_series, load_subject
from modelwatch.jobs.retain import roll_up_model
from modelwatch.monitors.drift import DriftTable
from modelwatch.profiles import Binning, NumericValues, Profile, encode, fit, merge, profile
from modelwatch.server.queries.choose_reference import named
from modelwatch.store import alerts, models, references, segments
from modelwatch.store.checks import CheckRow, load_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, Stretch, dirty_series, mark_dirty, save_stretches, spans

X = ColumnKey(Role.FEATURE, "x")
REGION = ColumnKey(Role.TAG, "region")
NAMES = ("big", "small", "tiny")
KEYS = {name: Segment(REGION, name).key for name in NAMES}
START = 1_700_000_000_000_000 // DAY_US * DAY_US


@dataclass
class World:
    """A model cut into a segment of most rows, a small one, and one that has too few rows in the reference."""

    engine: Engine
    rng: np.random.Generator
    model_id: int
    binning: Binning

    def put(self, start: int, rows: dict[str, int], shift: dict[str, float]) -> None:
        """Rows of each segment in one bucket, in the whole and in their segment."""
        parts: dict[str, Profile] = {}
        for name, count in rows.items():
            values = NumericValues(self.rng.normal(shift.get(name, 0.0), 1, count))
            parts[KEYS[name]] = profile(self.binning, {X: values})
        whole = profile(self.binning, {X: NumericValues(np.zeros(0))})
        for part in parts.values():
            whole = merge(whole, part)
        with writing(self.engine) as connection:
            for key, each in {"": whole, **parts}.items():
                block = Stretch(start, BUCKET_US, each.rows, self.binning.id, encode(each, self.binning))
                save_stretches(connection, Series(1, key), [block])
                mark_dirty(connection, Series(1, key), [start], 0, 1)
            newest = start + BUCKET_US - 1
            models.update_deployments(connection, [{"id": 1, "last_event_us": newest, "first_event_us": START}])

    def days(self, first: int, count: int, shift: dict[str, float]) -> None:
        for hour in range(0, 24 * count, 4):
            start = START + first * DAY_US + hour * HOUR_US
            self.put(start, {"big": 720, "small": 80, "tiny": 20}, shift)

    def check(self) -> None:
        """As the worker does, the whole first."""
        with reading(self.engine) as connection:
            waiting = [series for series, _, _ in dirty_series(connection)]
        assert waiting == sorted(waiting, key=lambda series: series.segment)
        for series in waiting:
            check_series(self.engine, series, START + 1000 * DAY_US)

    def checks(self, name: str = "") -> list[CheckRow]:
        with reading(self.engine) as connection:
            return load_checks(connection, Series(1, KEYS.get(name, "")), -(2**62), 2**62)

    def alerts(self) -> list[alerts.AlertRow]:
        with reading(self.engine) as connection:
            return alerts.list_alerts(connection)


@pytest.fixture
def world(engine: Engine) -> World:
    rng = np.random.default_rng(3)
    values = {"big": 18_000, "small": 2_000, "tiny": 50}
    columns = {name: {X: NumericValues(rng.normal(0, 1, count))} for name, count in values.items()}
    binning = fit({X: NumericValues(np.concatenate([each[X].values for each in columns.values()]))})
    counted = {KEYS[name]: profile(binning, each) for name, each in columns.items()}
    whole = merge(merge(*list(counted.values())[:2]), counted[KEYS["tiny"]])
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        models.ensure_deployment(connection, model.id, "production", "1", 0)
        models.set_settings(connection, model.id, "", {"window_seconds": 86_400})
        references.save_binning(
            connection, model.id, references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
        )
        models.set_binning(connection, model.id, binning.id)
        reference_id = references.save_reference(
            connection,
            {
                "model_id": model.id,
                "environment": "production",
                "version": "1",
                "kind": "uploaded",
                "label": "training",
                "rows": whole.rows,
                "created_us": 0,
                "binning": binning.id,
                "file": "",
                "body": encode(whole, binning),
            },
        )
        cut = Cut((REGION,), 3).to_json()
        segments.ask_for(connection, model.id, cut)
        segments.replace_watched(connection, model.id, cut, False, {key: i for i, key in enumerate(KEYS.values())}, [])
        segments.save_references(
            connection,
            reference_id,
            {k: segments.SegmentReference(p.rows, binning.id, encode(p, binning)) for k, p in counted.items()},
        )
    return World(engine, rng, model.id, binning)


def test_a_segment_has_its_own_windows_level_and_reference(world: World) -> None:
    world.days(0, 4, {})
    world.check()
    assert world.checks()[-1].level is Level.OK
    assert world.checks("big")[-1].level is Level.OK
    assert world.checks("big")[-1].length_us == DAY_US
    small = world.checks("small")[-1]
    assert (small.level, small.length_us) == (Level.OK, 7 * DAY_US)
    assert small.rows == 20 * 24 * 4
    assert world.checks("tiny")[-1].level is Level.INSUFFICIENT_DATA
    assert world.alerts() == []


def test_a_drift_of_one_segment_is_one_alert_that_names_it(world: World) -> None:
    world.days(0, 7, {})
    world.days(7, 28, {"small": 1.2})
    world.check()
    (alert,) = world.alerts()
    assert (alert.kind, alert.level, alert.status) == ("segment_drift", Level.CRITICAL, "firing")
    (item,) = alert.items
    assert item.segment == Segment(REGION, "small")
    assert item.column == X
    assert alert.title.startswith("region=small drifted; x most, PSI ")
    with reading(world.engine) as connection:
        assert models.get_deployment(connection, 1).level is world.checks()[-1].level
        assert not models.get_deployment(connection, 1).level.raised


def test_what_the_whole_says_is_not_said_again(world: World) -> None:
    world.days(0, 2, {})
    world.days(2, 4, {"big": 1.5, "small": 1.5, "tiny": 1.5})
    world.check()
    assert world.checks("big")[-1].level is Level.CRITICAL
    assert [alert.kind for alert in world.alerts()] == ["data_drift"]


def test_checking_in_pieces_says_what_checking_at_once_says(world: World) -> None:
    for day in range(0, 36, 3):
        world.days(day, 3, {"small": 1.2 if 6 <= day < 24 else 0.0})
        world.check()
    piecewise = [(a.opened_us, a.resolved_us, a.level, a.kind) for a in world.alerts()]
    assert len(piecewise) == 1
    with writing(world.engine) as connection:
        for series in segments.series_of(connection, world.model_id, 1):
            mark_dirty(connection, series, [s for s, _, _ in spans(connection, series, -(2**62), 2**62)], 0, 2)
    world.check()
    again = [(a.opened_us, a.resolved_us, a.level, a.kind) for a in world.alerts()]
    assert again == piecewise


def test_a_replay_that_outruns_the_checks_leaves_one_alert(world: World) -> None:
    world.days(0, 7, {})
    world.days(7, 20, {"small": 1.2})
    world.check()
    for first in (27, 38):
        world.days(first, 11, {"small": 1.2})
        for series in (Series(1), Series(1, KEYS["big"])):
            check_series(world.engine, series, START + 1000 * DAY_US)
            assert [alert.status for alert in world.alerts()] == ["firing"]
    world.check()
    assert [alert.status for alert in world.alerts()] == ["firing"]


def test_a_segment_that_lost_its_place_leaves_no_open_alert(world: World) -> None:
    world.days(0, 7, {})
    world.days(7, 21, {"small": 1.2})
    world.check()
    assert [alert.status for alert in world.alerts()] == ["firing"]
    with writing(world.engine) as connection:
        nothing = Cut((), 3).to_json()
        segments.ask_for(connection, world.model_id, nothing)
        segments.replace_watched(connection, world.model_id, nothing, False, {}, [])
        newest = spans(connection, Series(1), -(2**62), 2**62)[-1]
        mark_dirty(connection, Series(1), [newest[0]], 0, 2)
    world.check()
    assert [alert.status for alert in world.alerts()] == ["resolved"]
    assert world.checks("small") == []


def test_segments_roll_up_as_the_whole_does(world: World) -> None:
    world.days(0, 3, {})
    world.check()
    with reading(world.engine) as connection:
        row = models.get_deployment(connection, 1)
        before = [world_rows(connection, key) for key in ("", *KEYS.values())]
    while roll_up_model(world.engine, row, START + 2000 * DAY_US):
        pass
    with reading(world.engine) as connection:
        for series in segments.series_of(connection, world.model_id, 1):
            kept = spans(connection, series, -(2**62), START + DAY_US)
            assert {span for _, span, _ in kept} == {HOUR_US}
        assert [world_rows(connection, key) for key in ("", *KEYS.values())] == before


def world_rows(connection: object, key: str) -> float:
    return sum(rows for _, _, rows in spans(connection, Series(1, key), -(2**62), 2**62))  # type: ignore[arg-type]


def test_a_reference_out_of_the_past_is_the_segments_own_past(world: World) -> None:
    with writing(world.engine) as connection:
        row = models.get_model(connection, world.model_id)
        rule = reference.Moving(days=7, gap_us=0)
        settings = {**row.settings, "reference": reference.to_json(rule)}
        models.set_settings(connection, row.id, "", settings)
        references.save_reference(connection, named(row, rule, 0))
    world.days(0, 10, {"small": 1.2})
    world.check()
    newest = DriftTable.from_bytes(world.checks("big")[-1].body)
    assert newest.reference_rows == 180 * 24 * 7
    assert world.checks("small")[-1].level is Level.CRITICAL
    world.days(10, 14, {"small": 1.2})
    world.check()
    newest = DriftTable.from_bytes(world.checks("small")[-1].body)
    assert newest.reference_rows == 20 * 24 * 7
    assert newest.psi[0] < 0.05


def test_segments_share_the_alarm_budget(world: World) -> None:
    with reading(world.engine) as connection:
        cut_ = load_subject(connection, Series(1, KEYS["big"]), START)
        whole = load_subject(connection, Series(1), START)
    assert cut_ is not None
    assert whole is not None
    assert cut_.thresholds.series == whole.thresholds.series == 4
