"""Performance estimated from confidence: laws, simulated shift, and NannyML's car-loan data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.level import Level
from modelwatch.monitors.estimated import Estimated, estimate, judge_estimated, learn, surprise
from modelwatch.monitors.performance import METRICS, measures
from modelwatch.profiles.outcomes import EMPTY, Cuts, Outcomes, Rows, merge
from tests.monitors.estimated.rows import binary, car_loan, together


def level(
    found: tuple[Estimated, ...] | list[Estimated], metric: str = "balanced_accuracy", task: str = "binary"
) -> Level:
    return {each.metric: each.level for each in judge_estimated(found, task)}[metric]


def by_metric(found: tuple[Estimated, ...]) -> dict[tuple[str, str], Estimated]:
    return {(each.measure.metric, each.measure.label): each for each in found}


def realized(outcomes: Outcomes, positive: str | None = "yes", cut: str = "") -> dict[tuple[str, str], float]:
    return {(each.metric, each.label): each.value for each in learn(outcomes, positive, cut).realized}


def three_classes(random: np.random.Generator, n: int, sure: float = 1.0) -> Outcomes:
    actual = random.integers(0, 3, n)
    score = np.clip(random.beta(4 * sure, 2, n), 0.34, 1)
    right = random.random(n) < score
    predicted = np.where(right, actual, (actual + random.integers(1, 3, n)) % 3)
    return together(Rows(None, ("a", "b", "c"), predicted, actual, score))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 400), st.booleans(), st.booleans())
def test_the_reference_itself_is_estimated_as_it_was_realized(seed: int, n: int, weighted: bool, many: bool) -> None:
    random = np.random.default_rng(seed)
    if many:
        outcomes, positive = three_classes(random, n), None
    else:
        weight = random.integers(1, 4, n).astype(float) if weighted else None
        score = random.integers(0, 101, n) / 100
        outcomes, positive = binary(score, random.random(n) < score**2, weight, random.integers(0, 2, n)), "yes"
    confidence = learn(outcomes, positive)
    for each, real in zip(estimate(confidence, outcomes), confidence.realized, strict=True):
        assert each.measure.value == pytest.approx(real.value, abs=1e-9, nan_ok=True)
        assert each.change == pytest.approx(0.0 if np.isfinite(real.value) else np.nan, abs=1e-9, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 300), st.integers(1, 300))
def test_what_comes_out_is_a_probability_and_labels_of_the_window_change_nothing(seed: int, m: int, n: int) -> None:
    random = np.random.default_rng(seed)
    reference = binary(random.random(m), random.random(m) < 0.3)
    score = random.beta(0.5, 0.5, n)
    one, other = (estimate(learn(reference, "yes"), binary(score, actual)) for actual in (score > 2, score < 2))
    for a, b in zip(one, other, strict=True):
        assert str(a) == str(b)
        if np.isfinite(a.measure.value):
            assert 0 <= a.measure.low <= a.measure.value <= a.measure.high <= METRICS[a.measure.metric].high
            assert a.measure.error >= 0
            assert a.change_error >= 0


def test_order_of_labels_and_of_merging_changes_nothing() -> None:
    random = np.random.default_rng(4)
    reference, a, b = (three_classes(random, 500) for _ in range(3))
    swapped = together(Rows(None, ("c", "a", "b"), np.array([0, 1, 2]), np.array([0, 1, 1]), np.array([0.5, 0.6, 0.9])))
    confidence = learn(reference)
    one, other = estimate(confidence, merge((a, b, swapped))), estimate(confidence, merge((swapped, b, a)))
    for x, y in zip(one, other, strict=True):
        assert (x.measure.metric, x.measure.label) == (y.measure.metric, y.measure.label)
        assert x.measure.value == pytest.approx(y.measure.value)


def test_a_weight_of_two_is_two_rows_in_value_and_one_in_certainty() -> None:
    random = np.random.default_rng(5)
    score = random.random(2_000)
    actual = random.random(2_000) < score
    confidence = learn(binary(random.random(5_000), random.random(5_000) < 0.5), "yes")
    plain, heavy = (estimate(confidence, binary(score, actual, w)) for w in (None, np.full(2_000, 2.0)))
    for a, b in zip(plain, heavy, strict=True):
        assert a.measure.value == pytest.approx(b.measure.value)
        assert a.measure.error == pytest.approx(b.measure.error)
        assert a.measure.rows == pytest.approx(b.measure.rows)


@pytest.mark.parametrize("odds", [0.0, -1.0])
@pytest.mark.parametrize(("rows", "window"), [(1_000, 500), (10_000, 2_000)])
def test_realized_figures_lie_in_the_interval_under_covariate_shift(odds: float, rows: int, window: int) -> None:
    """Scores move, what a score means does not: 95 % intervals hold the realized value in 87 % of windows or more."""
    random = np.random.default_rng(6)

    def draw(a: float, b: float, n: int) -> Outcomes:
        score = random.beta(a, b, n)
        return binary(score, random.random(n) < 1 / (1 + np.exp(-np.log(score / (1 - score)) - odds)))

    inside: dict[tuple[str, str], list[bool]] = {}
    for _ in range(120):
        confidence, now = learn(draw(2, 3, rows), "yes"), draw(3, 2, window)
        came = realized(now)
        for name, each in by_metric(estimate(confidence, now)).items():
            inside.setdefault(name, []).append(each.measure.low <= came[name] <= each.measure.high)
    assert {name: round(float(np.mean(held)), 2) for name, held in inside.items() if np.mean(held) < 0.87} == {}


def test_without_a_shift_changes_are_as_uncertain_as_is_said() -> None:
    random = np.random.default_rng(7)
    score = random.beta(2, 3, 10_000)
    confidence = learn(binary(score, random.random(10_000) < score), "yes")
    found: dict[str, list[float]] = {}
    for _ in range(300):
        now = random.beta(2, 3, 1_000)
        for each in estimate(confidence, binary(now, now > 0.5)):
            found.setdefault(each.measure.metric, []).append(each.change / each.change_error)
    for name, z in found.items():
        assert np.std(z) == pytest.approx(1.0, abs=0.2), name
        assert (np.abs(z) > 2.576).mean() < 0.04, name


def test_many_classes_under_shift() -> None:
    random = np.random.default_rng(8)
    confidence = learn(three_classes(random, 30_000))
    now = three_classes(random, 5_000, sure=0.5)
    came, told = realized(now, None), estimate(confidence, now)
    found = by_metric(told)
    assert came["accuracy", ""] < learn(three_classes(random, 5_000)).realized[0].value - 0.05
    for name in (("accuracy", ""), ("f1_macro", ""), ("precision_macro", ""), ("recall_macro", "")):
        each = found[name]
        assert each.measure.low <= came[name] <= each.measure.high
    assert level(told, "accuracy", "multiclass") is level(told, "recall_macro", "multiclass") is Level.WARNING


def test_what_is_taken_as_realized_is_what_performance_says() -> None:
    random = np.random.default_rng(14)
    score = random.random(3_000)
    weight = random.integers(1, 4, 3_000).astype(float)
    outcomes = binary(score, random.random(3_000) < score, weight)
    known = {measure.metric: measure for measure in measures(outcomes, "binary", "yes")}
    for mine in learn(outcomes, "yes").measures:
        assert mine.value == pytest.approx(known[mine.metric].value, abs=2e-4)
        assert mine.error == pytest.approx(known[mine.metric].error, rel=0.03)
    many = three_classes(random, 3_000)
    known = {(measure.metric, measure.label): measure for measure in measures(many, "multiclass")}
    for mine in learn(many).measures:
        assert mine.value == pytest.approx(known[mine.metric, mine.label].value)
        assert mine.error == pytest.approx(known[mine.metric, mine.label].error, rel=0.05)


def test_nannymls_car_loan_data_is_estimated_as_well_as_they_do_and_the_same_five_chunks_are_found() -> None:
    confidence = learn(merge(car_loan(f"reference {i}") for i in range(10)), "yes")
    chunks = [car_loan(f"analysis {i}") for i in range(10)]
    told, came = [estimate(confidence, chunk) for chunk in chunks], [realized(chunk) for chunk in chunks]
    found = [by_metric(each) for each in told]

    def mean_error(metric: str) -> float:
        return float(
            np.mean([abs(a[metric, ""].measure.value - b[metric, ""]) for a, b in zip(found, came, strict=True)])
        )

    assert mean_error("roc_auc") <= 0.0022
    assert mean_error("accuracy") <= 0.0036
    assert mean_error("f1") <= 0.003
    levels = {name: [level(each, name) for each in told] for name in ("roc_auc", "balanced_accuracy")}
    assert levels["balanced_accuracy"] == [Level.OK] * 5 + [Level.WARNING] * 5
    # AUC falls by .010, which is certain and less than a warning's .02
    assert levels["roc_auc"] == [Level.OK] * 5 + [Level.NOTICE] * 5


def test_a_changed_outcome_of_the_same_input_is_not_seen() -> None:
    """What no estimate without labels can see, so that nobody builds on it."""
    random = np.random.default_rng(9)
    score = random.beta(2, 2, 20_000)
    confidence = learn(binary(score, random.random(20_000) < score), "yes")
    now = random.beta(2, 2, 5_000)
    turned = binary(now, random.random(5_000) < 1 - now)
    told = estimate(confidence, turned)
    each = by_metric(told)["accuracy", ""]
    assert level(told) is Level.OK
    assert realized(turned)["accuracy", ""] < 0.4 < 0.6 < each.measure.low
    came = {measure.metric: measure for measure in measures(turned, "binary", "yes")}
    assert surprise(each, came["accuracy"]) < -20, "but it is when the labels come"
    as_before = {x.metric: x for x in measures(binary(now, random.random(5_000) < now), "binary", "yes")}
    assert abs(surprise(each, as_before["accuracy"])) < 3
    assert np.isnan(surprise(replace(each, measure=replace(each.measure, error=np.nan)), came["accuracy"]))


def test_predictions_without_score_are_left_out_and_said_so() -> None:
    random = np.random.default_rng(10)
    score = random.random(1_000)
    confidence = learn(binary(score, random.random(1_000) < score), "yes")
    half = np.where(np.arange(1_000) < 600, np.nan, score)
    found = estimate(confidence, binary(half, score > 0.5))
    assert {round(each.left_out, 9) for each in found} == {0.6}
    assert level(found) is Level.INSUFFICIENT_DATA
    assert judge_estimated(found, "binary")[0].evidence["left_out"] == pytest.approx(0.6)
    assert estimate(confidence, binary(np.full(10, np.nan), np.ones(10))) == ()


def test_scores_without_predicted_labels_give_what_needs_scores_alone() -> None:
    random = np.random.default_rng(11)
    score = random.random(3_000)
    none = np.full(3_000, -1)
    reference = binary(score, random.random(3_000) < score, predicted=none)
    found = by_metric(estimate(learn(reference, "yes"), binary(score**2, score > 2, predicted=none)))
    assert [name for (name, _), each in found.items() if np.isfinite(each.measure.value)] == [
        "roc_auc",
        "log_loss",
        "log_loss_ratio",
    ]


@pytest.mark.parametrize("actual", [0, 1])
def test_a_reference_of_one_class_says_what_it_can(actual: int) -> None:
    score = np.linspace(0, 1, 500)
    told = estimate(learn(binary(score, np.full(500, actual)), "yes"), binary(score**2, score > 0.5))
    found = by_metric(told)
    assert np.isfinite(found["accuracy", ""].measure.value)
    assert np.isnan(found["roc_auc", ""].measure.value)
    assert "roc_auc" not in {each.metric for each in judge_estimated(told, "binary")}


def test_nothing_at_all_gives_no_estimate() -> None:
    rows = binary(np.array([0.2, 0.8]), np.array([0, 1]))
    assert estimate(learn(rows, "yes"), EMPTY) == ()
    assert estimate(learn(EMPTY, "yes"), rows) == ()
    assert estimate(learn(EMPTY), rows) == ()


def test_classes_that_the_reference_never_saw_are_left_out() -> None:
    random = np.random.default_rng(12)
    confidence = learn(three_classes(random, 2_000))
    new = together(Rows(None, ("a", "d"), np.array([0, 1, 1, 1]), np.array([0, 0, 1, 1]), np.full(4, 0.9)))
    found = by_metric(estimate(confidence, new))
    assert found["accuracy", ""].left_out == pytest.approx(0.75)


def test_a_cut_is_estimated_as_if_it_were_all() -> None:
    random = np.random.default_rng(13)
    score, side = random.random(4_000), random.integers(0, 2, 4_000)
    actual = random.random(4_000) < score
    key = '["tag","side","left"]'
    outcomes = binary(score, actual, cuts=(Cuts(np.where(side == 0, 0, -1), (key,)),))
    alone = binary(score[side == 0], actual[side == 0])
    confidence = learn(outcomes, "yes")
    for a, b in zip(estimate(confidence, outcomes, key), estimate(confidence, alone), strict=True):
        assert a.measure.value == pytest.approx(b.measure.value)
        assert a.measure.error == pytest.approx(b.measure.error)
        assert a.measure.cut == key
    assert realized(outcomes, cut=key) == pytest.approx(realized(alone))
