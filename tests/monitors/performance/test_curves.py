"""Curves pass through the points that scikit-learn has for the same rows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

from modelwatch.monitors.performance import (
    confusion,
    pr_curve,
    reliability,
    roc_curve,
    score_histogram,
    scores_of,
    top_label_scores,
)
from modelwatch.monitors.performance.curves import predicted_histogram
from modelwatch.profiles.outcomes import EMPTY, NONE, Rows
from tests.monitors.performance.rows import binary_rows, outcomes_of


def drawn(n: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    score = random.beta(1.5, 3, n)
    return (random.random(n) < score**1.2).astype(int), score


def test_roc_curve() -> None:
    actual, score = drawn()
    found = roc_curve(scores_of(outcomes_of(binary_rows(actual, score)), "yes"))
    assert (found.false_positive_rate[0], found.true_positive_rate[0]) == (0, 0)
    assert (found.false_positive_rate[-1], found.true_positive_rate[-1]) == pytest.approx((1, 1))
    for i in (20, 80, 140):
        called = score >= found.threshold[i]
        assert found.true_positive_rate[i] == pytest.approx(called[actual == 1].mean())
        assert found.false_positive_rate[i] == pytest.approx(called[actual == 0].mean())
    area = np.trapezoid(found.true_positive_rate, found.false_positive_rate)
    assert area == pytest.approx(sk.roc_auc_score(actual, score), abs=0.001)


def test_pr_curve() -> None:
    actual, score = drawn()
    found = pr_curve(scores_of(outcomes_of(binary_rows(actual, score)), "yes"))
    for i in (10, 60, 120):
        called = score >= found.threshold[i]
        assert found.precision[i] == pytest.approx(sk.precision_score(actual, called))
        assert found.recall[i] == pytest.approx(sk.recall_score(actual, called))


def test_reliability_is_the_calibration_curve() -> None:
    actual, score = drawn()
    found = reliability(scores_of(outcomes_of(binary_rows(actual, score)), "yes"))
    share, mean = calibration_curve(actual, score, n_bins=10)
    assert found.share == pytest.approx(share)
    assert found.score == pytest.approx(mean)
    assert found.weight.sum() == len(score)
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


def test_score_histogram_is_numpy_s() -> None:
    actual, score = drawn()
    outcomes = outcomes_of(binary_rows(actual, score))
    found = score_histogram(scores_of(outcomes, "yes"))
    assert found.hits.tolist() == np.histogram(score[actual == 1], found.edges)[0].tolist()
    assert found.misses.tolist() == np.histogram(score[actual == 0], found.edges)[0].tolist()
    every = predicted_histogram(outcomes)
    assert (every.hits + every.misses).tolist() == (found.hits + found.misses).tolist()


def test_of_nothing_there_are_no_curves() -> None:
    scores = scores_of(EMPTY, "yes")
    assert len(roc_curve(scores).threshold) == len(pr_curve(scores).threshold) == 0
    assert len(reliability(scores).score) == len(reliability(top_label_scores(EMPTY)).score) == 0
    assert score_histogram(scores).hits.sum() == 0
    assert confusion(EMPTY).labels == ()
    assert confusion(EMPTY).weight == 0


def test_rows_without_a_predicted_label_are_no_confusion() -> None:
    rows = Rows(None, ("a", "b"), np.array([0, -1, 1]), np.array([0, 1, 0]))
    found = confusion(outcomes_of(rows))
    assert found.counts.tolist() == [[1, 1], [0, 0]]
    assert NONE not in found.counts
