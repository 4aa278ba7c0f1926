"""Windows of outcomes end to end: from predictions and labels to figures with levels and one alert."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Kind
from modelwatch.jobs.check import check_series
from modelwatch.jobs.join import Join
from modelwatch.jobs.varies import baseline_days, varies_of
from modelwatch.profiles.outcomes import merge
from modelwatch.store import models
from modelwatch.store.alerts import alerts_from
from modelwatch.store.baselines import find_baseline
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcome_checks import OutcomeCheck, load_outcome_checks
from modelwatch.store.outcomes import find_reference_days
from modelwatch.store.profiles import Series, clear_dirty, dirty_series, load_dirty, mark_dirty
from tests.jobs.folding import NOW, World, new_world

SETTINGS = {"positive_label": "yes", "window_seconds": 86_400, "label_horizon_days": 3}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with new_world(tmp_path) as found:
        with writing(found.engine) as connection:
            model = models.ensure_model(connection, "default", "m", NOW)
            fairness = {"attributes": [{"name": "sex", "role": "tag"}]}
            models.set_settings(connection, model.id, "binary", {**SETTINGS, "fairness": fairness})
        yield found


class Days:
    """Days of 600 predictions and their labels, from the first to the last before NOW."""

    def __init__(self, world: World, days: int) -> None:
        self.world, self.days = world, days
        self.random = np.random.default_rng(0)
        self.rows: list[dict[str, Any]] = []
        self.first = NOW - NOW % DAY_US - days * DAY_US

    def day(self, number: int, skill: float, labelled: float = 1.0, unfair: bool = False) -> None:
        """One day whose scores separate the labels by `skill` standard deviations."""
        n = 600
        truth = self.random.random(n) < 0.4
        score = 1 / (1 + np.exp(-(self.random.normal(size=n) + skill * (truth - 0.5))))
        woman = self.random.random(n) < 0.5
        if unfair:
            score = np.where(woman, score * 0.6, score)
        at = self.first + number * DAY_US + np.arange(n) * (DAY_US // n)
        rows, actuals = [], []
        for i in range(n):
            row = {
                "model_id": "m",
                "model_version": "1",
                "prediction_id": f"d{number}-{i}",
                "prediction_score": float(score[i]),
                "prediction_label": "yes" if score[i] > 0.5 else "no",
                "features": {"x": float(self.random.normal())},
                "tags": {"sex": "F" if woman[i] else "M"},
                "timestamp": at[i] / 1e6,
            }
            rows.append(row)
            self.rows.append({**row, "truth": bool(truth[i]), "day": number})
            if self.random.random() < labelled:
                label = "yes" if truth[i] else "no"
                when = (at[i] + HOUR_US) / 1e6
                actuals.append(
                    {"model_id": "m", "prediction_id": f"d{number}-{i}", "actual_label": label, "timestamp": when}
                )
        self.world.send(rows)
        if actuals:
            self.world.send(actuals, Kind.ACTUALS)

    def settle(self) -> None:
        """Fold, join, check."""
        self.world.run()
        while Join(self.world.engine, self.world.lake, self.world.fold.buffer, lambda: True, lambda: NOW).step():
            pass
        while True:
            with reading(self.world.engine) as connection:
                dirty = dirty_series(connection)
            if not dirty:
                return
            for series, _, _ in dirty:
                check_series(self.world.engine, series, NOW)

    def checks(self) -> list[OutcomeCheck]:
        with reading(self.world.engine) as connection:
            return load_outcome_checks(connection, 1, -(2**62), 2**62)


def figure(check: OutcomeCheck, metric: str, subject: Subject = Subject.PERFORMANCE) -> Any:
    return next(each for each in check.figures if each.figure == Figure(subject, metric))


def alerts(world: World, kind: str) -> list[Any]:
    with reading(world.engine) as connection:
        return list(alerts_from(connection, 1, kind, -(2**62)))


def test_a_model_that_gets_worse_raises_one_alert_and_says_by_how_much(world: World) -> None:
    days = Days(world, 24)
    for number in range(24):
        days.day(number, 2.0 if number < 16 else 0.6)
    days.settle()
    checks = days.checks()
    at = {check.end_us: check for check in checks}
    for number in (9, 20):
        check = at[days.first + (number + 1) * DAY_US]
        rows = [row for row in days.rows if row["day"] == number]
        expected = roc_auc_score([row["truth"] for row in rows], [row["prediction_score"] for row in rows])
        assert figure(check, "roc_auc").value == pytest.approx(expected, abs=1e-3)
        assert check.labelled == 600
        assert check.baseline["kind"] == "first_weeks"
    good, bad = (figure(at[days.first + number * DAY_US], "roc_auc") for number in (15, 23))
    assert good.level is Level.OK
    assert bad.level is Level.CRITICAL
    expected = [figure(at[days.first + n * DAY_US], "roc_auc", Subject.ESTIMATED) for n in (15, 23)]
    assert abs(expected[0].evidence["surprise"]) < 3 < abs(expected[1].evidence["surprise"])
    assert "worse than the baseline" in bad.text
    mine = alerts(world, "performance")
    assert len(mine) == 1
    assert mine[0].title.startswith("Performance fell: ")


def test_labels_that_come_selectively_are_no_collapse(world: World) -> None:
    days = Days(world, 16)
    for number in range(15):
        days.day(number, 2.0)
    days.day(15, 2.0, labelled=0.05)
    days.settle()
    newest = days.checks()[-1]
    assert not newest.mature
    assert newest.due_us is not None
    assert figure(newest, "roc_auc").level is Level.INSUFFICIENT_DATA
    assert "labelled" in newest.labels["reason"]
    assert alerts(world, "performance") == []


def test_unequal_treatment_is_seen_without_labels_and_told_once(world: World) -> None:
    days = Days(world, 12)
    for number in range(12):
        days.day(number, 2.0, labelled=0.0, unfair=number >= 4)
    days.settle()
    mine = alerts(world, "fairness")
    assert len(mine) == 1
    assert "sex=F" in mine[0].title
    newest = days.checks()[-1]
    ratio = next(f for f in newest.figures if f.figure.metric == "demographic_parity_ratio" and f.figure.cut)
    assert ratio.level is not None
    assert ratio.level.raised
    assert ratio.value < 0.8


def test_a_target_that_changes_is_told(world: World) -> None:
    days = Days(world, 20)
    for number in range(20):
        days.day(number, 2.0)
    for row in days.rows:
        if row["day"] >= 12:
            actual = {"model_id": "m", "prediction_id": row["prediction_id"], "actual_label": "yes"}
            world.send([{**actual, "timestamp": row["timestamp"] + 7200}], Kind.ACTUALS)
    days.settle()
    newest = figure(days.checks()[-1], "psi", Subject.TARGET)
    assert newest.level is Level.CRITICAL
    assert len(alerts(world, "target_drift")) == 1


def test_what_is_marked_while_a_check_runs_stays_marked(world: World) -> None:
    days = Days(world, 2)
    days.day(0, 2.0)
    days.world.run()
    with reading(world.engine) as connection:
        read = load_dirty(connection, Series(1))
    with writing(world.engine) as connection:
        mark_dirty(connection, Series(1), [read[0].start_us], NOW, 0)  # a join that began before the last record
        clear_dirty(connection, Series(1), max(bucket.mark for bucket in read), None)
        assert [bucket.start_us for bucket in load_dirty(connection, Series(1))] == [read[0].start_us]


def test_the_days_of_a_reference_tell_how_much_a_good_model_varies(world: World) -> None:
    """Days whose skill comes and goes: one bad day in them is no loss, a worse model is."""
    random = np.random.default_rng(5)
    parts = []
    for day in range(30):
        truth = random.random(400) < 0.4
        skill = random.normal(2.0, 0.5)
        score = 1 / (1 + np.exp(-(random.normal(size=400) + skill * (truth - 0.5))))
        at = (NOW // DAY_US - 90 + day) * DAY_US + np.arange(400) * 60_000_000
        parts.append((score, truth, at, random.normal(size=400)))
    score, truth, at, x = (np.concatenate(each) for each in zip(*parts, strict=True))
    table = pa.table(
        {
            "timestamp": pa.array(at).cast(pa.timestamp("us", "UTC")),
            "x": x,
            "prediction_score": score,
            "prediction_label": np.where(score > 0.5, "yes", "no"),
            "actual_label": np.where(truth, "yes", "no"),
        }
    )
    world.upload(table)
    world.run()
    with reading(world.engine) as connection:
        days = find_reference_days(connection, 1)
        deployment = models.get_deployment(connection, 1)
        baseline = find_baseline(connection, deployment, 1, NOW)
        good = baseline_days(connection, 1, 1, baseline)
    varies, week = (varies_of(good, "binary", "yes", length) for length in (DAY_US, 7 * DAY_US))
    assert len(days) == 30
    assert merge(days).totals()[0] == 12_000
    assert 0.01 < varies["roc_auc"].variance ** 0.5 < 0.09
    assert week["roc_auc"].variance == pytest.approx(varies["roc_auc"].variance / 7)


def test_a_late_label_of_an_old_day_leaves_an_alert_alone_that_opened_since(world: World) -> None:
    days = Days(world, 24)
    for number in range(24):
        days.day(number, 2.0 if number < 16 else 0.6)
    days.settle()
    (before,) = alerts(world, "performance")
    assert before.status == "firing"
    for day in (9, 17):
        row = days.rows[day * 600 + 7]
        label = "no" if row["truth"] else "yes"
        actual = {"model_id": "m", "prediction_id": row["prediction_id"], "actual_label": label}
        world.send([{**actual, "timestamp": row["timestamp"] + 7200}], Kind.ACTUALS)
        days.settle()
        (after,) = alerts(world, "performance")
        assert (after.status, after.opened_us, after.checked_us) == ("firing", before.opened_us, before.checked_us)


def test_frauds_reported_at_once_while_all_else_waits_for_the_horizon_are_not_judged(world: World) -> None:
    days = Days(world, 2)
    for number in range(2):
        days.day(number, 2.0, labelled=0.0)
    world.send(
        [
            {
                "model_id": "m",
                "prediction_id": row["prediction_id"],
                "actual_label": "yes",
                "timestamp": row["timestamp"] + 3600,
            }
            for row in days.rows
            if row["truth"]
        ],
        Kind.ACTUALS,
    )
    days.settle()
    checks = days.checks()
    assert checks
    assert not any(check.mature for check in checks)
    assert {check.baseline["kind"] for check in checks} == {""}
    assert all(check.due_us is not None for check in checks)


def test_labels_that_begin_long_after_the_model_make_a_baseline_of_their_own_weeks(world: World) -> None:
    days = Days(world, 50)
    days.day(0, 2.0, labelled=0.0)
    for number in range(34, 46):
        days.day(number, 2.0)
    days.settle()
    newest = days.checks()[-1]
    assert newest.baseline["kind"] == "first_weeks"
    assert newest.baseline["start_us"] == days.first + 34 * DAY_US
    assert figure(newest, "roc_auc").level is Level.OK
