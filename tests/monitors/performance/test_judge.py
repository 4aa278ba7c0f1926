"""A loss is raised when it is certain and large; gains, small losses and few rows never are."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from modelwatch.core.level import Level
from modelwatch.core.measure import Measure
from modelwatch.monitors.drift.thresholds import DEFAULT, Thresholds
from modelwatch.monitors.performance import (
    FLOORS,
    HEADLINES,
    METRICS,
    allowance,
    binary,
    judge,
    judged,
    regression,
    scatter,
)
from modelwatch.monitors.performance.judge import Sizes
from modelwatch.profiles.outcomes import Rows
from tests.monitors.performance.rows import binary_rows, outcomes_of

ALLOWED = allowance(DEFAULT, 4)


def auc(value: float, rows: float = 1e6, error: float = 1e-4) -> Measure:
    return Measure("roc_auc", value, error, value - error, value + error, rows)


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0.75, Level.OK),
        (0.80, Level.OK),
        (0.745, Level.NOTICE),
        (0.73, Level.WARNING),
        (0.701, Level.WARNING),
        (0.69, Level.CRITICAL),
    ],
)
def test_levels_of_a_certain_change(value: float, level: Level) -> None:
    found = judge(auc(value), auc(0.75), FLOORS["roc_auc"], ALLOWED)
    assert found.level is level
    assert found.loss == pytest.approx(0.75 - value)
    assert (found.threshold_warning, found.threshold_critical) == pytest.approx((0.73, 0.70))
    assert found.loss_low < found.loss < found.loss_high


def test_what_is_large_and_not_certain_is_not_raised() -> None:
    assert judge(auc(0.68, 500, 0.02), auc(0.75, 5_000, 0.005), FLOORS["roc_auc"], ALLOWED).level is Level.NOTICE
    assert judge(auc(0.72, 500, 0.02), auc(0.75, 5_000, 0.005), FLOORS["roc_auc"], ALLOWED).level is Level.OK
    # the baseline's own error counts
    assert judge(auc(0.68, 5_000, 0.005), auc(0.75, 500, 0.02), FLOORS["roc_auc"], ALLOWED).level is Level.NOTICE


def test_relative_floors_follow_the_baseline() -> None:
    def loss(value: float) -> Measure:
        return Measure("rmse", value, 0.001, value, value, 1e6)

    levels = [judge(loss(v), loss(10.0), FLOORS["rmse"], ALLOWED).level for v in (9.0, 10.5, 11.1, 12.6)]
    assert levels == [Level.OK, Level.NOTICE, Level.WARNING, Level.CRITICAL]


def test_few_rows_decide_nothing() -> None:
    few = judge(auc(0.5, 199), auc(0.9), FLOORS["roc_auc"], ALLOWED)
    one_sided = judge(auc(0.5), auc(0.9), FLOORS["roc_auc"], ALLOWED, Sizes(1_000, 19))
    dependent = judge(auc(0.5, 1_000), auc(0.9), FLOORS["roc_auc"], allowance(DEFAULT, 4, design_effect=6))
    missing = judge(auc(math.nan), auc(0.9), FLOORS["roc_auc"], ALLOWED)
    assert {each.level for each in (few, one_sided, dependent, missing)} == {Level.INSUFFICIENT_DATA}


def test_dependent_rows_need_more() -> None:
    now, before = auc(0.70, 2_000, 0.01), auc(0.75, 20_000, 0.003)
    alone, held = (judge(now, before, FLOORS["roc_auc"], allowance(DEFAULT, 1, effect)) for effect in (1.0, 4.0))
    assert alone.p_value < held.p_value
    assert alone.level is Level.CRITICAL
    assert held.level is Level.NOTICE
    assert held.loss_high - held.loss_low == pytest.approx(2 * (alone.loss_high - alone.loss_low))


def test_windows_that_vary_are_judged_by_how_they_vary() -> None:
    random = np.random.default_rng(1)
    windows = [[auc(float(value), 2_000, 0.01)] for value in random.normal(0.75, np.hypot(0.03, 0.01), 400)]
    varies = scatter(windows)
    assert varies["roc_auc"].windows == 400
    assert varies["roc_auc"].variance ** 0.5 == pytest.approx(0.03, rel=0.1)
    assert scatter(windows, held_in_one=4)["roc_auc"].variance == varies["roc_auc"].variance / 4
    before = auc(0.75, 8e5, 0.0005)
    alone = judge(auc(0.68, 2_000, 0.01), before, FLOORS["roc_auc"], ALLOWED)
    told = judge(auc(0.68, 2_000, 0.01), before, FLOORS["roc_auc"], ALLOWED, varies=varies["roc_auc"])
    assert alone.level is Level.CRITICAL
    assert told.level is Level.OK
    assert judge(auc(0.55, 2_000, 0.01), before, FLOORS["roc_auc"], ALLOWED, varies=varies["roc_auc"]).level.raised
    false = [judge(one[0], before, FLOORS["roc_auc"], ALLOWED, varies=varies["roc_auc"]).p_value for one in windows]
    assert np.mean(np.array(false) < 0.1) == pytest.approx(0.1, abs=0.04)


def test_few_windows_tell_nothing_and_chance_is_no_scatter() -> None:
    windows = [[auc(0.75 + shift, 2_000, 0.01)] for shift in (-0.01, 0.0, 0.01, 0.0)]
    assert scatter(windows) == {}
    assert scatter([*windows, [auc(math.nan, 2_000)], [auc(0.1, 50)]]) == {}
    assert scatter([*windows, [auc(0.75, 2_000, 0.01)]])["roc_auc"] == (0.0, 5)
    assert scatter([[]]) == {}


def test_p_values_are_those_of_welch() -> None:
    random = np.random.default_rng(3)
    samples = random.gamma(2, 1.1, 300), random.gamma(2, 1, 900)
    now, before = (regression(outcomes_of(Rows(value=each, truth=np.zeros(len(each)))))[0] for each in samples)
    assert now.metric == "mae"
    found = judge(now, before, FLOORS["mae"], ALLOWED)
    exact = stats.ttest_ind(*samples, equal_var=False, alternative="greater").pvalue
    assert found.p_value == pytest.approx(exact, rel=1e-9)


def test_the_budget_is_that_of_drift() -> None:
    thresholds = Thresholds(looks=288, series=3)
    found = allowance(thresholds, 4)
    assert found.certain_p == thresholds.certain_below(4) == pytest.approx(0.001 / (4 * 288 * 3))
    assert found.notice_p == pytest.approx(0.01 / 4)


def test_every_metric_with_a_good_way_has_a_floor() -> None:
    good = {name for name, metric in METRICS.items() if metric.up_is_good is not None}
    assert good == set(FLOORS)
    assert all(set(names) <= good for names in HEADLINES.values())
    assert all(0 < floor.warning < floor.critical for floor in FLOORS.values())


def drawn(seed: int, n: int, sharp: float) -> list[Measure]:
    random = np.random.default_rng(seed)
    score = 1 / (1 + np.exp(-random.normal(-1.5, 1.2, n)))
    tilted = 1 / (1 + np.exp(-(-1.5 + sharp * (np.log(score / (1 - score)) + 1.5))))
    return binary(outcomes_of(binary_rows((random.random(n) < tilted).astype(int), score)), "yes")


def test_a_window_against_its_baseline() -> None:
    before = drawn(0, 20_000, 1.0)
    assert {each.level for each in judged(drawn(1, 5_000, 1.0), before, "binary")} == {Level.OK}
    worse = {each.metric: each for each in judged(drawn(2, 5_000, 0.4), before, "binary")}
    assert tuple(worse) == HEADLINES["binary"]
    assert worse["roc_auc"].level is Level.CRITICAL
    better = {each.metric: each for each in judged(drawn(2, 5_000, 2.0), before, "binary")}
    assert better["roc_auc"].loss < -0.05
    assert better["roc_auc"].level is Level.OK
    asked = judged(drawn(2, 5_000, 0.4), before, "binary", headlines=("f1", "log_loss"))
    assert [each.metric for each in asked] == ["f1", "log_loss"]
    assert judged([], before, "binary") == judged(before, [], "binary") == []


def test_other_shares_of_classes_are_no_loss() -> None:
    def flights(seed: int, positives: float) -> list[Measure]:
        """A calibrated model of AUC .76, whatever the share of positives."""
        random = np.random.default_rng(seed)
        actual = random.random(20_000) < positives
        x = random.normal(size=20_000) + actual
        base = np.log(positives / (1 - positives))
        score = 1 / (1 + np.exp(-(base + x - 0.5)))
        return binary(outcomes_of(binary_rows(actual.astype(int), score, 1 / (1 + np.exp(-base)))), "yes")

    found = judged(flights(1, 0.3), flights(2, 0.2), "binary")
    assert {each.level for each in found} == {Level.OK}
    moved = judged(flights(1, 0.3), flights(2, 0.2), "binary", headlines=("accuracy", "log_loss"))
    assert [each.level for each in moved] == [Level.OK, Level.CRITICAL]


def test_a_metric_that_nobody_has_takes_nothing_from_the_others() -> None:
    random = np.random.default_rng(1)
    actual = random.integers(0, 2, 5_000)
    said = np.where(random.random(5_000) < 0.1, 1 - actual, actual)
    measured = binary(outcomes_of(Rows(labels=("no", "yes"), predicted=said, actual=actual)), "yes")
    found = judged(measured, measured, "binary")
    assert [each.metric for each in found] == ["balanced_accuracy"]
    assert found[0].evidence["certain_below"] == DEFAULT.certain_below(1)
