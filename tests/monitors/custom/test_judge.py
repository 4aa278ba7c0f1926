"""How much a value matters: thresholds against scipy's normal tail, change against scipy's prediction interval."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from modelwatch.core.level import Level
from modelwatch.metrics import evaluate
from modelwatch.monitors.custom.judge import judge, z
from modelwatch.monitors.custom.metric import Direction, Lack, Metric, MetricValue
from modelwatch.monitors.custom.watched import Watched, watched_metrics
from modelwatch.monitors.drift import Thresholds

ALLOWED = Thresholds(looks=12, part=0.2)
UP = Watched(Metric("m", "avg(x)", direction=Direction.UP_IS_BAD), warning=10.0, critical=20.0)
DOWN = Watched(Metric("m", "avg(x)", direction=Direction.DOWN_IS_BAD), warning=10.0, critical=5.0)
FREE = Watched(Metric("m", "avg(x)"))


def around(value: float, error: float) -> MetricValue:
    return MetricValue(value, (value - 1.959964 * error, value + 1.959964 * error), 500)


@pytest.mark.parametrize("p", [0.4, 0.01, 1e-4, 1e-8])
def test_z_is_the_normal_point(p: float) -> None:
    assert z(p) == pytest.approx(stats.norm.isf(p))


@pytest.mark.parametrize("watched", [UP, DOWN])
def test_a_level_needs_certainty_at_the_budget(watched: Watched) -> None:
    sign = 1 if watched is UP else -1
    point = stats.norm.isf(ALLOWED.certain_below(3))
    for more, level in ((1.01, Level.WARNING), (0.99, Level.NOTICE), (0.1, Level.OK), (-5, Level.OK)):
        found = judge(watched, around(10 + sign * more * point * 0.1, 0.1), 500, "", [], ALLOWED, 3)
        assert found.level is level
    assert judge(watched, around(20 if watched is UP else 5, 2.0), 500, "", [], ALLOWED, 3).level is not Level.CRITICAL
    far = judge(watched, around(30 if watched is UP else -20, 0.1), 500, "", [], ALLOWED, 3)
    assert far.level is Level.CRITICAL
    assert "(critical)" in far.text
    assert far.size > 0


def test_without_an_interval_a_value_is_taken_as_it_is() -> None:
    assert judge(UP, MetricValue(10.001, None, 500), 500, "", [], ALLOWED, 1).level is Level.WARNING
    assert judge(UP, MetricValue(10.0, None, 500), 500, "", [], ALLOWED, 1).level is Level.OK


def test_a_value_that_lost_its_interval_by_chance_is_not_certain() -> None:
    thin = judge(UP, MetricValue(99.0, None, 500, lack=Lack.THIN), 500, "", [], ALLOWED, 1)
    assert (thin.level, thin.text[-23:]) == (Level.INSUFFICIENT_DATA, "; too few rows carry it")
    assert judge(UP, MetricValue(9.0, None, 500, lack=Lack.THIN), 500, "", [], ALLOWED, 1).level is Level.OK
    rare = Watched(Metric("m", "avg(x)", direction=Direction.DOWN_IS_BAD), warning=0.01)
    common = Watched(Metric("m", "avg(x)", direction=Direction.DOWN_IS_BAD), warning=0.5)
    nothing = MetricValue(0.0, None, 300, lack=Lack.FLAT, alike=300)
    assert judge(rare, nothing, 300, "", [], ALLOWED, 1).level is Level.OK
    assert judge(common, nothing, 300, "", [], ALLOWED, 1).level is Level.WARNING
    five = MetricValue(0.0, None, 300, lack=Lack.FLAT, alike=5)
    assert judge(common, five, 300, "", [], ALLOWED, 1).level is Level.OK


def test_rows_that_are_alike_are_counted() -> None:
    table = pa.table({"x": [1.0] * 40, "kind": ["a"] * 15 + ["b"] * 25})
    assert evaluate(Metric("m", "avg(x)"), table).alike == 40
    assert evaluate(Metric("m", "avg(x) filter (where kind = 'a')"), table).alike == 15
    nothing = evaluate(Metric("m", "sum(x) filter (where kind = 'c') / count(*)"), table)
    assert (nothing.value, nothing.lack) == (None, None)
    none = evaluate(Metric("m", "count(*) filter (where kind = 'c')"), table)
    assert (none.value, none.lack, none.alike) == (0.0, Lack.FLAT, 40)
    few = evaluate(Metric("m", "avg(if(kind = 'a', 1, 0)) filter (where x > 0)"), table)
    assert few.interval is not None


def test_what_cannot_be_judged_says_why() -> None:
    few = judge(UP, around(99, 0.1), 199, "", [], ALLOWED, 1)
    assert (few.level, few.text) == (Level.INSUFFICIENT_DATA, "199 of 200 rows that it takes to judge")
    assert judge(UP, around(99, 0.1), 200, "too young", [], ALLOWED, 1).text == "too young"
    assert judge(UP, MetricValue(None, None, 500), 500, "", [], ALLOWED, 1).level is Level.INSUFFICIENT_DATA
    failed = judge(UP, MetricValue(None, None, 5, "ZeroDivisionError: x"), 5, "", [], ALLOWED, 1)
    assert (failed.level, failed.text) == (Level.ERROR, "ZeroDivisionError: x")


def test_without_thresholds_a_change_is_a_notice_at_most() -> None:
    earlier = list(np.random.default_rng(0).normal(50, 2, 7))
    n, mean, spread = 7, np.mean(earlier), np.std(earlier, ddof=1) * math.sqrt(1 + 1 / 7)
    edge = stats.t.isf(0.005, n - 1) * spread
    for more, level in ((1.01, Level.NOTICE), (-1.01, Level.NOTICE), (0.99, Level.OK), (100, Level.NOTICE)):
        found = judge(FREE, around(mean + more * edge, 0.1), 500, "", earlier, ALLOWED, 0)
        assert found.level is level
        assert found.baseline == pytest.approx(mean)
    assert judge(FREE, around(1e9, 0.1), 500, "", earlier[:3], ALLOWED, 0).level is Level.OK
    assert judge(FREE, around(5, 0.1), 500, "", [5.0] * 7, ALLOWED, 0).level is Level.OK
    assert judge(FREE, around(6, 0.1), 500, "", [5.0] * 7, ALLOWED, 0).level is Level.NOTICE


def test_an_undrifted_metric_is_seldom_at_notice() -> None:
    random = np.random.default_rng(1)
    hits = 0
    for _ in range(4000):
        values = random.normal(0, 1, 8).tolist()
        hits += judge(FREE, around(values[7], 0.1), 500, "", values[:7], ALLOWED, 0).level is Level.NOTICE
    assert hits <= stats.binom.isf(1e-4, 4000, 0.01)


@pytest.mark.parametrize("watched", [UP, DOWN, FREE])
def test_settings_and_back(watched: Watched) -> None:
    assert watched_metrics([watched.to_json()]) == [watched]
