"""From dirty buckets to checked windows and alerts, on profiles that are put into the database by hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US, grid
from modelwatch.core.wire import Role
from modelwatch.jobs.check import check_series
from modelwatch.jobs.retain import roll_up_model
from modelwatch.monitors.drift import DriftTable, check
from modelwatch.profiles import Binning, NumericValues, decode, encode, fit, profile
from modelwatch.store import alerts, models, references
from modelwatch.store.checks import CheckRow, load_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, Stretch, load_dirty, mark_dirty, save_stretches, spans

X, Y = ColumnKey(Role.FEATURE, "x"), ColumnKey(Role.FEATURE, "y")
START = 1_700_000_000_000_000 // DAY_US * DAY_US


@dataclass
class World:
    """One model with two normal features and a reference of 20,000 rows."""

    engine: Engine
    rng: np.random.Generator
    series: Series
    model_id: int
    binning: Binning
    first_us: int = START

    def put(self, start: int, rows: int, shift: float = 0.0, span: int = BUCKET_US, mark: int = 1) -> None:
        """Rows in one bucket; `x` is shifted."""
        values = {X: NumericValues(self.rng.normal(shift, 1, rows)), Y: NumericValues(self.rng.normal(0, 1, rows))}
        counted = profile(self.binning, values)
        with writing(self.engine) as connection:
            block = Stretch(start, span, counted.rows, self.binning.id, encode(counted, self.binning))
            save_stretches(connection, self.series, [block])
            mark_dirty(connection, self.series, [start], 0, mark)
            row = models.get_deployment(connection, self.series.deployment_id)
            newest = max(row.last_event_us or start, start + span - 1)
            models.update_deployments(
                connection, [{"id": row.id, "last_event_us": newest, "first_event_us": self.first_us}]
            )

    def days(self, first: int, count: int, shift: float = 0.0, rows: int = 100) -> None:
        """`rows` an hour for some days: windows of a day hold 24 times as many."""
        for hour in range(24 * count):
            self.put(START + first * DAY_US + hour * HOUR_US, rows, shift)

    def check(self, wall: int = START + 1000 * DAY_US) -> int:
        """Check until nothing is dirty."""
        return check_series(self.engine, self.series, wall)

    def checks(self) -> list[CheckRow]:
        with reading(self.engine) as connection:
            return load_checks(connection, self.series, -(2**62), 2**62)

    def alerts(self) -> list[alerts.AlertRow]:
        with reading(self.engine) as connection:
            return alerts.list_alerts(connection)


@pytest.fixture
def world(engine: Engine) -> World:
    return fitted(engine)


def fitted(engine: Engine) -> World:
    """The model with its reference, and no row yet."""
    rng = np.random.default_rng(3)
    columns = {X: NumericValues(rng.normal(0, 1, 20_000)), Y: NumericValues(rng.normal(0, 1, 20_000))}
    binning = fit(columns)
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        deployment = models.ensure_deployment(connection, model.id, "production", "1", 0)
        models.set_settings(connection, model.id, "", {"window_seconds": 86_400})
        body = references.BinningRow(binning.id, "uploaded", None, 0, binning.to_bytes())
        references.save_binning(connection, model.id, body)
        models.set_binning(connection, model.id, binning.id)
        counted = profile(binning, columns)
        references.save_reference(
            connection,
            {
                "model_id": model.id,
                "environment": "production",
                "version": "1",
                "kind": "uploaded",
                "label": "training",
                "rows": counted.rows,
                "created_us": 0,
                "binning": binning.id,
                "file": "",
                "body": encode(counted, binning),
            },
        )
    return World(engine, rng, Series(deployment.id), model.id, binning)


def test_every_window_that_holds_a_dirty_bucket_is_checked_once(world: World) -> None:
    world.put(START + 5 * HOUR_US, 500)
    assert world.check() == 1
    assert [row.end_us for row in world.checks()] == [START + 6 * HOUR_US]
    with reading(world.engine) as connection:
        assert load_dirty(connection, world.series) == []
    assert world.check() == 0


def test_a_window_is_the_sum_of_its_buckets_whatever_order_they_came_in(world: World) -> None:
    starts = [START + i * HOUR_US for i in range(24)]
    values = {start: world.rng.normal(0, 1, 50) for start in starts}
    for i in world.rng.permutation(24):
        columns = {X: NumericValues(values[starts[i]]), Y: NumericValues(values[starts[i]])}
        counted = profile(world.binning, columns)
        with writing(world.engine) as connection:
            block = Stretch(starts[i], BUCKET_US, counted.rows, world.binning.id, encode(counted, world.binning))
            save_stretches(connection, world.series, [block])
            mark_dirty(connection, world.series, [starts[i]], 0, 1)
            models.update_deployments(connection, [{"id": 1, "last_event_us": starts[-1]}])
        world.check()
    together = np.concatenate(list(values.values()))
    whole = profile(world.binning, {X: NumericValues(together), Y: NumericValues(together)})
    with reading(world.engine) as connection:
        stored = references.list_references(connection, world.model_id)[0]
    expected = check(whole, decode(stored.body, world.binning), world.binning)
    last = world.checks()[-1]
    assert last.end_us == START + DAY_US
    assert last.rows == 1200
    np.testing.assert_allclose(DriftTable.from_bytes(last.body).psi, expected.psi, rtol=1e-6)


def test_a_drift_becomes_one_alert_and_is_resolved_when_it_is_over(world: World) -> None:
    world.days(0, 3)
    world.days(3, 4, shift=1.5)
    world.days(7, 5)
    world.check()
    (alert,) = world.alerts()
    assert alert.level is Level.CRITICAL
    assert alert.status == "resolved"
    assert alert.historic
    assert START + 4 * DAY_US < alert.opened_us <= START + 6 * DAY_US
    assert alert.resolved_us is not None
    raised = [row for row in world.checks() if row.level.raised]
    assert raised
    assert all(row.raised[0]["name"] == "x" for row in raised)


def test_checking_in_pieces_gives_what_checking_at_once_gives(world: World) -> None:
    for day in range(10):
        world.days(day, 1, shift=1.5 if 3 <= day < 7 else 0.0)
        world.check()
    piecewise = [(a.opened_us, a.resolved_us, a.level, a.kind) for a in world.alerts()]
    levels = [(row.end_us, row.level) for row in world.checks()]
    with writing(world.engine) as connection:
        starts = [start for start, _, _ in spans(connection, world.series, -(2**62), 2**62)]
        mark_dirty(connection, world.series, starts, 0, 2)
    world.check()
    assert [(a.opened_us, a.resolved_us, a.level, a.kind) for a in world.alerts()] == piecewise
    assert [(row.end_us, row.level) for row in world.checks()] == levels


def test_late_rows_that_undo_a_drift_close_its_alert(world: World) -> None:
    world.days(0, 1)
    world.days(1, 4, shift=1.5)
    world.check()
    assert [alert.status for alert in world.alerts()] == ["firing"]
    for hour in range(24 * 4):
        world.put(START + DAY_US + hour * HOUR_US, 5000, 0.0, mark=2)
    world.check()
    assert [alert.status for alert in world.alerts()] == ["resolved"]


def test_too_few_rows_are_neither_ok_nor_drift(world: World) -> None:
    world.put(START, 150, shift=5.0)
    world.check()
    assert [row.level for row in world.checks()] == [Level.INSUFFICIENT_DATA]
    assert world.alerts() == []


def test_a_window_that_has_only_begun_hides_no_state(world: World) -> None:
    world.days(0, 2)
    world.check()
    before = world.checks()[-1]
    with writing(world.engine) as connection:
        models.set_settings(connection, world.model_id, "", {"window_seconds": 300})
        models.update_deployments(connection, [{"id": 1, "live_us": START}])
    now = START + 3 * DAY_US
    world.put(now - BUCKET_US, 500)
    world.put(now, 8)
    world.check(wall=now + 1)
    newest = world.checks()[-1]
    assert (newest.end_us, newest.rows, newest.level) == (now, 500, Level.OK)
    assert newest.end_us > before.end_us
    with reading(world.engine) as connection:
        assert [bucket.start_us for bucket in load_dirty(connection, world.series)] == [now]
    world.check(wall=now + BUCKET_US)
    assert (world.checks()[-1].rows, world.checks()[-1].level) == (8, Level.INSUFFICIENT_DATA)


def test_fresh_news_waits_to_be_planned_and_history_is_marked(world: World) -> None:
    world.days(0, 1)
    world.days(1, 2, shift=1.5)
    now = START + 3 * DAY_US
    world.check(wall=now)
    with reading(world.engine) as connection:
        rows = alerts.list_alerts(connection)
    assert rows
    assert {(row.changed_us, row.historic) for row in rows} == {(now, False)}
    world.check(wall=now + 60_000_000)
    with reading(world.engine) as connection:
        assert alerts.list_alerts(connection) == rows


def test_rolling_up_changes_no_window(world: World) -> None:
    world.days(0, 6)
    world.check()
    before = [(row.end_us, row.rows, DriftTable.from_bytes(row.body).psi.tolist()) for row in world.checks()]
    for hour in range(20):
        world.put(START + hour * HOUR_US + 2 * BUCKET_US, 100)
    with reading(world.engine) as connection:
        row = models.get_deployment(connection, world.series.deployment_id)
        fine = len(spans(connection, world.series, -(2**62), 2**62))
    world.check()
    middle = [(row.end_us, row.rows, DriftTable.from_bytes(row.body).psi.tolist()) for row in world.checks()]
    assert middle != before
    while roll_up_model(world.engine, row, START + 1000 * DAY_US):
        pass
    with writing(world.engine) as connection:
        coarse = spans(connection, world.series, -(2**62), 2**62)
        mark_dirty(connection, world.series, [start for start, _, _ in coarse], 0, 3)
    assert len(coarse) < fine + 20
    world.check()
    after = [(row.end_us, row.rows, DriftTable.from_bytes(row.body).psi.tolist()) for row in world.checks()]
    assert [a[:2] for a in after] == [m[:2] for m in middle]
    np.testing.assert_allclose([a[2] for a in after], [m[2] for m in middle])


def test_windows_stand_on_the_grid_and_none_is_from_the_future(world: World) -> None:
    world.days(0, 2)
    world.check()
    ends = [row.end_us for row in world.checks()]
    assert all(end % grid(DAY_US) == 0 for end in ends)
    assert max(ends) == START + 2 * DAY_US
