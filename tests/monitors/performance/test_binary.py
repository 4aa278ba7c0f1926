"""Metrics of two classes are those of scikit-learn on the rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelwatch.monitors.performance import METRICS, binary, binning_bounds, measures, metrics_of, scores_of
from modelwatch.profiles.outcomes import EMPTY, Cuts, Rows, count_labelled, merge
from tests.monitors.performance.rows import binary_rows, by_name, outcomes_of


def calibrated(seed: int, n: int, sharp: float = 1.0, middle: float = -1.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    score = 1 / (1 + np.exp(-(middle + sharp * random.normal(size=n))))
    return (random.random(n) < score).astype(int), score


def exact(actual: np.ndarray, score: np.ndarray, at: float, weight: np.ndarray | None) -> dict[str, float]:
    said = (score >= at).astype(int)
    w = {"sample_weight": weight}
    return {
        "accuracy": sk.accuracy_score(actual, said, **w),
        "balanced_accuracy": sk.balanced_accuracy_score(actual, said, **w),
        "precision": sk.precision_score(actual, said, **w),
        "recall": sk.recall_score(actual, said, **w),
        "f1": sk.f1_score(actual, said, **w),
        "specificity": sk.recall_score(actual, said, pos_label=0, **w),
        "log_loss": sk.log_loss(actual, score, **w),
        "brier": sk.brier_score_loss(actual, score, **w),
    }


def ece(actual: np.ndarray, score: np.ndarray, weight: np.ndarray) -> float:
    tenth = np.digitize(score, np.arange(1, 10) / 10)
    gaps = [abs((weight * (actual - score))[tenth == i].sum()) for i in range(10)]
    return sum(gaps) / weight.sum()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_equal_to_scikit_learn(seed: int, weighted: bool) -> None:
    actual, score = calibrated(seed, 3_000)
    weight = np.random.default_rng(seed).integers(1, 5, len(actual)).astype(float) if weighted else None
    outcomes = outcomes_of(binary_rows(actual, score, 0.4, weight))
    found = by_name(binary(outcomes, "yes"))
    assert tuple(found) == tuple(m.name for m in metrics_of("binary"))
    for name, value in exact(actual, score, 0.4, weight).items():
        assert found[name].value == pytest.approx(value, abs=1e-12), name
        assert found[name].low < value < found[name].high
        assert found[name].error > 0
    w = np.ones(len(actual)) if weight is None else weight
    rate = np.full(len(actual), np.average(actual, weights=w))
    base = sk.log_loss(actual, rate, sample_weight=w)
    assert found["log_loss_ratio"].value == pytest.approx(found["log_loss"].value / base)
    assert found["ece"].value == pytest.approx(ece(actual, score, w), abs=1e-12)
    assert found["positive_rate"].value == pytest.approx(np.average(actual, weights=w))
    assert found["predicted_positive_rate"].value == pytest.approx(np.average(score >= 0.4, weights=w))
    assert found["accuracy"].rows == pytest.approx(w.sum() ** 2 / (w**2).sum())
    bounds = binning_bounds(scores_of(outcomes, "yes"))
    for name, value in (
        ("roc_auc", sk.roc_auc_score(actual, score, sample_weight=weight)),
        ("pr_auc", sk.average_precision_score(actual, score, sample_weight=weight)),
    ):
        assert abs(found[name].value - value) < 0.001
        assert abs(found[name].value - value) <= bounds[name]


def test_gain_is_the_share_of_positives_among_the_first_tenth() -> None:
    actual, score = calibrated(5, 20_000)
    found = by_name(binary(outcomes_of(binary_rows(actual, score)), "yes"))
    top = np.argsort(-score)[:2_000]
    assert found["gain_10"].value == pytest.approx(actual[top].sum() / actual.sum(), abs=0.002)
    assert found["lift_10"].value == pytest.approx(10 * found["gain_10"].value)


def test_breast_cancer_held_out() -> None:
    data = load_breast_cancer()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    score = cross_val_predict(model, data.data, data.target, method="predict_proba")[:, 1]
    outcomes = outcomes_of(binary_rows(data.target, score))
    found = by_name(binary(outcomes, "yes"))
    assert found["roc_auc"].value == pytest.approx(sk.roc_auc_score(data.target, score), abs=0.001)
    assert found["pr_auc"].value == pytest.approx(sk.average_precision_score(data.target, score), abs=0.001)
    assert found["log_loss"].value == pytest.approx(sk.log_loss(data.target, score))


@given(st.integers(0, 10**6), st.integers(2, 80), st.sampled_from([3, 10, 1_000]))
@settings(max_examples=80, deadline=None)
def test_bounds_hold_whatever_the_ties(seed: int, n: int, steps: int) -> None:
    random = np.random.default_rng(seed)
    score = random.integers(0, steps, n) / steps
    actual = random.integers(0, 2, n)
    actual[:2] = 0, 1
    outcomes = outcomes_of(binary_rows(actual, score))
    found = by_name(binary(outcomes, "yes"))
    bounds = binning_bounds(scores_of(outcomes, "yes"))
    assert abs(found["roc_auc"].value - sk.roc_auc_score(actual, score)) <= bounds["roc_auc"] + 1e-12
    assert abs(found["pr_auc"].value - sk.average_precision_score(actual, score)) <= bounds["pr_auc"] + 1e-12


@given(st.integers(0, 10**6), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_two_halves_together_are_the_whole(seed: int, n: int) -> None:
    actual, score = calibrated(seed, n)
    rows = binary_rows(actual, score)
    half = np.random.default_rng(seed).integers(0, 2, n)
    parts = [
        outcomes_of(binary_rows(actual[half == side], score[half == side])) for side in (0, 1) if (half == side).any()
    ]
    for one, other in zip(binary(merge(parts), "yes"), binary(outcomes_of(rows), "yes"), strict=True):
        assert (one.metric, one.cut) == (other.metric, other.cut)
        for name in ("value", "error", "low", "high", "rows"):
            # a variance of exactly 0 is left at rounding by one order of adding and not by another
            assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=True, abs=1e-7)


def test_a_cut_is_the_rows_of_it() -> None:
    actual, score = calibrated(2, 500)
    side = np.random.default_rng(2).integers(0, 2, 500)
    rows = binary_rows(actual, score)
    rows = Rows(
        labels=rows.labels,
        predicted=rows.predicted,
        actual=rows.actual,
        score=rows.score,
        positive=1,
        cuts=(Cuts(side, ("a", "b")),),
    )
    one = binary(outcomes_of(rows), "yes", "a")
    other = binary(outcomes_of(binary_rows(actual[side == 0], score[side == 0])), "yes")
    assert [each.value for each in one] == pytest.approx([each.value for each in other])
    assert {each.cut for each in one} == {"a"}


@pytest.mark.parametrize("actual", [np.zeros(300, int), np.ones(300, int)])
def test_one_class_leaves_ranking_unsaid(actual: np.ndarray) -> None:
    score = np.random.default_rng(1).random(300)
    found = by_name(binary(outcomes_of(binary_rows(actual, score)), "yes"))
    assert math.isnan(found["roc_auc"].value)
    assert found["accuracy"].value == pytest.approx(np.mean((score >= 0.5) == actual))
    assert math.isnan(found["recall"].value) == (not actual.any())
    assert math.isnan(found["pr_auc"].value) == (not actual.any())


def test_nothing_at_all() -> None:
    for task in ("binary", "multiclass", "regression", "ranking"):
        found = by_name(measures(EMPTY, task, "yes"))
        assert all(math.isnan(each.value) and each.rows == 0 for each in found.values())
    assert measures(EMPTY, "unknown") == []


def test_rows_without_score_or_label_are_left_out() -> None:
    actual, score = calibrated(7, 400)
    score[:100] = np.nan
    rows = binary_rows(actual, score)
    predicted = rows.predicted.copy()
    predicted[-50:] = -1
    rows = Rows(labels=rows.labels, predicted=predicted, actual=actual, score=score, positive=1)
    found = by_name(binary(outcomes_of(rows), "yes"))
    assert found["accuracy"].rows == 350
    assert found["roc_auc"].rows == found["log_loss"].rows == 300
    assert found["roc_auc"].value == pytest.approx(sk.roc_auc_score(actual[100:], score[100:]), abs=0.002)


def test_scores_that_tell_all_have_an_interval() -> None:
    actual = np.repeat([0, 1], 50)
    found = by_name(binary(outcomes_of(binary_rows(actual, actual * 0.9)), "yes"))
    for name in ("roc_auc", "pr_auc", "accuracy", "f1"):
        assert found[name].value == found[name].high == 1.0
        assert 0.85 < found[name].low < 1
        assert found[name].error > 0


def test_facts_agree_with_what_is_measured() -> None:
    actual, score = calibrated(3, 400)
    for each in binary(outcomes_of(binary_rows(actual, score)), "yes"):
        fact = METRICS[each.metric]
        assert fact.low <= each.low <= each.value <= each.high <= fact.high + (each.metric == "lift_10")
        assert fact.source or fact.up_is_good is None


def test_labels_not_yet_come_leave_the_share_predicted() -> None:
    actual, score = calibrated(4, 300)
    rows = binary_rows(actual, score)
    outcomes = merge([outcomes_of(Rows(labels=rows.labels, predicted=rows.predicted, actual=np.full(300, -1)))])
    found = by_name(binary(outcomes, "yes"))
    assert found["predicted_positive_rate"].value == pytest.approx((score >= 0.5).mean())
    assert math.isnan(found["accuracy"].value)
    assert count_labelled(rows, np.zeros(300, np.int64), 1)[0].totals()[0] == 300
