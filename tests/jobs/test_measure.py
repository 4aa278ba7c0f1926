"""Custom metrics end to end: from predictions and labels to the values that pandas gives, and to alerts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs import measure
from modelwatch.jobs.check import check_series
from modelwatch.jobs.join import Join
from modelwatch.jobs.measure import Measure
from modelwatch.store import models
from modelwatch.store.alerts import alerts_from
from modelwatch.store.engine import reading, writing
from modelwatch.store.metric_checks import MetricCheck, load_metric_checks
from modelwatch.store.profiles import dirty_series
from tests.jobs.folding import NOW, World, new_world

HOSTILE = 'we\'ird "näme"; drop table models --'
LOST = {"name": "lost", "expression": "sum(amount) filter (where actual = 'fraud' and prediction = 'ok')"}
COVERAGE = {"name": "coverage '\"<b>", "expression": "count(actual) / count(*)", "unit": "<i>"}
WEIRD = {
    "name": "weird",
    "expression": 'avg("we\'ird ""näme""; drop table models --") filter (where actual = \'fraud\')',
}
MISSING = {"name": "missing", "python": "no_such_function"}
PER_DAY = 300


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        yield found


class Bank:
    """Days of predictions of two versions and their labels, and the same rows for pandas."""

    def __init__(self, world: World, days: int) -> None:
        self.world = world
        self.random = np.random.default_rng(0)
        self.rows: list[dict[str, Any]] = []
        self.labels: dict[str, str] = {}
        self.first = NOW - NOW % DAY_US - days * DAY_US

    def watch(self, *metrics: dict[str, Any]) -> None:
        with writing(self.world.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            held = {"positive_label": "fraud", "window_seconds": 86_400, "label_horizon_days": 3, "k": 2, "n": 3}
            models.set_settings(connection, model.id, "binary", {**held, "metrics": list(metrics)})

    def day(self, number: int, missed: float = 0.1, labelled: float = 1.0) -> None:
        """One day; `missed` is the share of frauds that the model lets through."""
        n = PER_DAY
        fraud = self.random.random(n) < 0.3
        predicted = np.where(fraud, self.random.random(n) > missed, self.random.random(n) < 0.05)
        at = self.first + number * DAY_US + np.arange(n) * (DAY_US // n)
        rows = [
            {
                "model_id": "m",
                "model_version": "1" if i % 10 else "2",
                "prediction_id": f"{number}-{i}",
                "prediction_label": "fraud" if predicted[i] else "ok",
                "features": {"amount": round(float(self.random.lognormal(3)), 2), HOSTILE: float(i)},
                "timestamp": at[i] / 1e6,
            }
            for i in range(n)
        ]
        self.world.send(rows)
        self.rows += [{**row, **row["features"], "at": at[i]} for i, row in enumerate(rows)]
        chosen = np.flatnonzero(self.random.random(n) < labelled)
        self.label({f"{number}-{i}": "fraud" if fraud[i] else "ok" for i in chosen})

    def label(self, said: dict[str, str]) -> None:
        actuals = [
            {"model_id": "m", "prediction_id": each, "actual_label": label, "timestamp": NOW / 1e6}
            for each, label in said.items()
        ]
        self.world.send(actuals, Kind.ACTUALS)
        self.labels |= said

    def frame(self, end: int) -> pd.DataFrame:
        """The rows of version 1 in the day that ends then."""
        frame = pd.DataFrame(self.rows).drop_duplicates("prediction_id")
        frame["actual"] = frame["prediction_id"].map(self.labels)
        return frame[(frame["at"] >= end - DAY_US) & (frame["at"] < end) & (frame["model_version"] == "1")]

    def settle(self) -> int:
        """Fold, join, check, measure."""
        world = self.world
        world.run()
        join = Join(world.engine, world.lake, world.fold.buffer, lambda: True, lambda: NOW)
        while join.step():
            pass
        self.check()
        return self.measured(join.alone)

    def check(self) -> None:
        while True:
            with reading(self.world.engine) as connection:
                dirty = dirty_series(connection)
            if not dirty:
                return
            for series, _, _ in dirty:
                check_series(self.world.engine, series, self.clock())

    def clock(self) -> int:
        self.world.ids += 1
        return NOW + self.world.ids

    def measured(self, alone: Any = None) -> int:
        """Compute what is due."""
        world = self.world
        held = alone or threading.RLock()
        return Measure(world.engine, world.lake, world.fold.buffer, held, lambda: True, self.clock).step(lambda: False)

    def checks(self) -> dict[int, MetricCheck]:
        with reading(self.world.engine) as connection:
            found = load_metric_checks(connection, self.deployment(), -(2**62), 2**62)
        return {row.end_us: row for row in found}

    def deployment(self) -> int:
        with reading(self.world.engine) as connection:
            return next(each.id for each in models.list_deployments(connection) if each.version == "1")

    def alerts(self) -> list[Any]:
        with reading(self.world.engine) as connection:
            return list(alerts_from(connection, self.deployment(), "custom_metric", -(2**62)))


def figure(row: MetricCheck, name: str) -> Any:
    return next(each for each in row.figures if each.figure.metric == name)


def agree(bank: Bank) -> int:
    """Every window has what pandas has on the same rows; returns how many there are."""
    checks = bank.checks()
    for end, row in checks.items():
        rows = bank.frame(end)
        fraud = rows[rows["actual"] == "fraud"]
        lost = fraud[fraud["prediction_label"] == "ok"]["amount"]
        assert figure(row, "lost").value == pytest.approx(lost.sum() if len(lost) else np.nan, nan_ok=True)
        covered = figure(row, COVERAGE["name"])
        assert covered.value == pytest.approx(rows["actual"].notna().mean(), nan_ok=True)
        assert covered.evidence["labelled"] == rows["actual"].notna().sum()
        assert covered.evidence["rows"] == len(rows)
        weird = fraud[HOSTILE]
        assert figure(row, "weird").value == pytest.approx(weird.mean(), nan_ok=True)
        if "missing" in [each.figure.metric for each in row.figures]:
            missing = figure(row, "missing")
            assert missing.level is Level.ERROR
            assert "no_such_function" in missing.text
    return len(checks)


def test_every_window_has_the_value_that_pandas_has(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Bank(world, 5)
    bank.watch(LOST, COVERAGE, WEIRD, MISSING)
    for number in range(4):
        bank.day(number, labelled=0.8)
    assert bank.settle() > 20
    agree(bank)
    assert bank.measured() == 0
    world.flush()
    Join(world.engine, world.lake, world.fold.buffer, lambda: True, lambda: NOW).flush(NOW, 0)
    bank.day(4)
    bank.label({f"1-{i}": "fraud" for i in range(200, 300)})  # late and corrected, twice
    bank.label({f"1-{i}": "ok" for i in range(250, 260)})
    again = {**bank.rows[5], "timestamp": bank.rows[5]["timestamp"] + 2 * HOUR_US / 1e6}
    world.send([{name: again[name] for name in ("model_id", "prediction_id", "timestamp", "features")}])
    monkeypatch.setattr(measure, "MOST_ROWS", 500)  # no more than a window at a time
    touched = bank.settle()
    assert 0 < touched < len(bank.checks()) * 2  # of both versions
    assert agree(bank) > 40
    bank.watch(LOST, COVERAGE, WEIRD)
    bank.settle()
    assert agree(bank) > 40
    assert {len(row.figures) for row in bank.checks().values()} == {3}


def test_a_certain_and_lasting_excess_raises_one_alert_that_ends_with_the_metric(world: World) -> None:
    bank = Bank(world, 14)
    share = "avg(prediction = 'ok') filter (where actual = 'fraud')"
    limits = {"direction": "up_is_bad", "warning": 0.3, "critical": 0.6}
    bank.watch({"name": "missed", "expression": share, **limits}, {"name": "free", "expression": share})
    for number in range(14):
        bank.day(number, 0.1 if number < 10 else 0.9)
    bank.settle()
    checks = bank.checks()
    good, bad = checks[bank.first + 9 * DAY_US], checks[bank.first + 13 * DAY_US]
    assert figure(good, "missed").level is Level.OK
    assert figure(bad, "missed").level is Level.CRITICAL
    assert "above 0.6 (critical)" in figure(bad, "missed").text
    assert figure(bad, "free").level is Level.NOTICE
    assert "the mean of the first weeks" in figure(bad, "free").text
    newest = checks[max(checks)]
    assert (
        newest.end_us > bank.world.fold.catalog.model("default", "m", NOW).deployments["production", "1"].last_event_us
    )
    assert figure(newest, "missed").level is Level.INSUFFICIENT_DATA
    (alert,) = bank.alerts()
    assert alert.title == "missed is out of its bounds"
    assert alert.status == "firing"
    bank.watch()
    bank.measured()
    assert bank.checks() == {}
    assert bank.alerts()[0].status == "resolved"


def test_what_fails_is_an_error_with_its_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = Bank(world, 2)
    bank.watch(LOST, {"name": "gone", "expression": "avg(nowhere)"})
    bank.day(0)
    bank.settle()
    row = bank.checks()[bank.first + DAY_US]
    assert "no column is called 'nowhere'" in figure(row, "gone").text
    assert figure(row, "lost").value > 0
    monkeypatch.setattr(measure, "with_actuals", lambda *_: 1 / 0)
    bank.label({f"0-{i}": "ok" for i in range(1, 60)})
    bank.settle()
    broken = [row for row in bank.checks().values() if row.level is Level.ERROR and row.checked_us == 0]
    assert [figure(row, "lost").text for row in broken] == [
        "could not be computed: ZeroDivisionError: division by zero"
    ]
    monkeypatch.undo()
    assert bank.measured() > 0
    assert figure(bank.checks()[broken[0].end_us], "lost").level is not Level.ERROR
