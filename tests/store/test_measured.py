"""What rules see of stored outcomes: which figures a condition is about, and when they are judged."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine

from modelwatch.alerts.rule import Condition, Rule, conditions_of
from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.alerts.rule_judging import Line, Sight
from modelwatch.core.column import ColumnKey
from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import CODE, Level
from modelwatch.core.segment import Segment
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import DriftTable
from modelwatch.monitors.drift.table import LEVELS, METRICS, ROWS
from modelwatch.store import models, segments
from modelwatch.store.checks import CheckRow, save_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.measured import read_lines
from modelwatch.store.metric_checks import MetricCheck, save_metric_checks
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, save_outcome_checks
from modelwatch.store.profiles import Series
from tests.jobs.history import new_history

END = 100 * DAY_US
WOMEN, MEN = (Segment(ColumnKey(Role.TAG, "sex"), each).key for each in ("F", "M"))


def figure(subject: Subject, metric: str, value: float, cut: str = "", label: str = "", **more: Any) -> FigureRow:
    said = {"low": value - 0.01, "high": value + 0.01, "rows": 300.0, "baseline": 0.9, "single": Level.WARNING}
    return FigureRow(Figure(subject, metric, cut, label), value, **{**said, **more})


FIGURES = (
    figure(Subject.PERFORMANCE, "roc_auc", 0.8),
    figure(Subject.PERFORMANCE, "recall", 0.7, label="fraud", single=None),
    figure(Subject.ESTIMATED, "roc_auc", 0.85, single=None),
    figure(Subject.FAIRNESS, "demographic_parity_difference", 0.2, WOMEN, MEN),
    figure(Subject.FAIRNESS, "demographic_parity_difference", 0.2, "", "sex", single=None),
    figure(Subject.TARGET, "psi", 0.3),
)


@pytest.fixture
def stored(engine: Engine) -> Engine:
    """A mature window and one whose labels are still coming, and a metric that a user wrote."""
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        models.set_settings(connection, model.id, "binary", {"metrics": [{"name": "lost", "expression": "sum(x)"}]})
        row = models.ensure_deployment(connection, model.id, "production", "1", 0)
        where = (Level.OK, 1_000.0, 400.0)
        done = OutcomeCheck(DAY_US, END, 0, *where, True, FIGURES, {}, {})
        waits = OutcomeCheck(DAY_US, END + DAY_US, 0, *where, False, FIGURES, {"reason": "labels come"}, {})
        save_outcome_checks(connection, row.id, [done, waits])
        lost = figure(Subject.CUSTOM, "lost", 5.0)
        broken = figure(Subject.CUSTOM, "lost", math.nan, single=Level.ERROR, level=Level.ERROR, text="no column x")
        checks = [
            MetricCheck(DAY_US, END + i * DAY_US, 0, "", Level.OK, (row,)) for i, row in enumerate((lost, broken))
        ]
        save_metric_checks(connection, row.id, checks)
    return engine


def seen(connection: Connection, **said: Any) -> Line:
    """What one condition sees."""
    rule = rule_from_json({"rule_name": "r", "model_id": "m", "condition": {"threshold": 1, **said}})
    assert isinstance(rule, Rule)
    (condition,) = conditions_of(rule.formula)
    model = models.find_model(connection, "default", "m")
    assert model is not None
    (row,) = models.list_deployments(connection, model.id)
    return read_lines(connection, model, row, [condition], END, END + DAY_US)[condition]


def first(line: Line) -> Sight:
    """The mature window of the one thing that is seen."""
    (track,) = line.tracks.values()
    return track[END]


@pytest.mark.parametrize(
    ("said", "value", "rows"),
    [
        ({"metric": "roc_auc"}, 0.8, 400),
        ({"metric": "recall", "class": "fraud"}, 0.7, 400),
        ({"metric": "estimated.roc_auc"}, 0.85, 1_000),
        ({"metric": "demographic_parity_difference"}, 0.2, 300),
        ({"metric": "demographic_parity_difference", "group": "sex=F"}, 0.2, 300),
        ({"metric": "target.psi"}, 0.3, 400),
        ({"metric": "lost"}, 5.0, 300),
        ({"metric": "label_coverage"}, 0.4, 1_000),
    ],
)
def test_a_condition_sees_its_figure(said: dict[str, Any], value: float, rows: int, stored: Engine) -> None:
    with reading(stored) as connection:
        sight = first(seen(connection, **said))
    assert (sight.value, sight.rows) == (value, rows)


def test_what_is_not_stored_is_not_seen(stored: Engine) -> None:
    with reading(stored) as connection:
        assert seen(connection, metric="recall").tracks == {}
        assert seen(connection, metric="demographic_parity_difference", group="sex=M").tracks == {}


def test_labels_that_still_come_are_awaited(stored: Engine) -> None:
    with reading(stored) as connection:
        (track,) = seen(connection, metric="roc_auc").tracks.values()
        (other,) = seen(connection, metric="estimated.roc_auc").tracks.values()
        (lost,) = seen(connection, metric="lost").tracks.values()
    assert math.isnan(track[END + DAY_US].value)
    assert track[END + DAY_US].text == "labels come"
    assert other[END + DAY_US].value == 0.85
    assert (lost[END + DAY_US].level, lost[END + DAY_US].text) == (Level.ERROR, "no column x")


def test_what_lies_outside_its_interval_is_outside_chance(stored: Engine) -> None:
    with reading(stored) as connection:
        sight = first(seen(connection, metric="roc_auc"))
    assert (sight.outside, sight.baseline) == (True, 0.9)


def test_a_decision_names_its_figures(stored: Engine) -> None:
    rule = rule_from_json({"rule_name": "r", "model_id": "m", "condition": {"subject": "performance"}})
    assert isinstance(rule, Rule)
    condition: Condition = next(iter(conditions_of(rule.formula)))
    with reading(stored) as connection:
        model = models.find_model(connection, "default", "m")
        assert model is not None
        (row,) = models.list_deployments(connection, model.id)
        line = read_lines(connection, model, row, [condition], END, END)[condition]
    assert [each.title for each in line.tracks] == ["performance: roc auc"]
    assert first(line).level is Level.WARNING


def test_segments_have_tracks_of_their_own(engine: Engine) -> None:
    made = new_history(engine, np.random.default_rng(1), 86_400)
    keys = [Segment(ColumnKey(Role.TAG, "region"), each).key for each in ("eu", "us")]
    quiet: dict[str, Any] = {name: np.full(2, 0.1) for name in METRICS}
    quiet |= {name: np.full(2, CODE[Level.OK], np.uint8) for name in LEVELS}
    codes = bytes([CODE[Level.OK]] * 2)
    with writing(engine) as connection:
        segments.add_watched(connection, made.model_id, {key: i for i, key in enumerate(keys)}, False)
        for i, key in enumerate(("", *keys)):
            table = DriftTable(judged=2, **{**quiet, "psi": np.full(2, i / 10)}, **dict.fromkeys(ROWS, 900.0))
            said = (DAY_US, END, 0, 900.0, Level.OK, 0, None, [], codes, codes, made.binning.id, 1, table.to_bytes())
            save_checks(connection, Series(made.series.deployment_id, key), [CheckRow(*said)])
    with reading(engine) as connection:
        every = seen(connection, metric="psi", feature="x", segment="*")
        one = seen(connection, metric="psi", feature="x", segment="region=us")
        whole = seen(connection, metric="psi")
        none = seen(connection, metric="psi", segment="region=asia")
    assert {of.title: round(track[END].value, 3) for of, track in every.tracks.items()} == {
        "psi of x, region=eu": 0.1,
        "psi of x, region=us": 0.2,
    }
    assert every.free == ("segment",)
    assert round(first(one).value, 3) == 0.2
    assert [of.title for of in whole.tracks] == ["psi of x"]
    assert none.fault == "no segment region=asia is watched"
