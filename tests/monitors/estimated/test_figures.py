"""Figures of counted weights, held against scikit-learn, and their derivatives against small steps."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
)

from modelwatch.monitors.estimated.figures import binary_figures, multiclass_figures, score_figures


def test_binary_figures_are_scikit_learns() -> None:
    random = np.random.default_rng(1)
    n = 3_000
    bins = random.integers(0, 20, n)
    actual = (random.random(n) < bins / 25).astype(int)
    predicted = (bins >= 9).astype(int)
    weights = np.zeros((3, 2, 20))
    np.add.at(weights, (predicted, actual, bins), 1.0)
    found = {figure.metric: figure for figure in binary_figures(weights)}
    asked = {
        "accuracy": accuracy_score(actual, predicted),
        "precision": precision_score(actual, predicted),
        "recall": recall_score(actual, predicted),
        "f1": f1_score(actual, predicted),
        "balanced_accuracy": balanced_accuracy_score(actual, predicted),
        "specificity": recall_score(1 - actual, 1 - predicted),
        "roc_auc": roc_auc_score(actual, bins),
    }
    assert {name: figure.value for name, figure in found.items()} == pytest.approx(asked, abs=1e-12)
    assert found["recall"].weight == actual.sum()
    assert found["roc_auc"].fewest == min(actual.sum(), n - actual.sum())


def test_log_loss_is_scikit_learns() -> None:
    random = np.random.default_rng(4)
    score = np.array([0.0, 0.2, 0.7, 1.0])
    bins, actual = random.integers(0, 4, 500), random.integers(0, 2, 500)
    weights = np.zeros((3, 2, 4))
    np.add.at(weights, (random.integers(0, 3, 500), actual, bins), 1.0)
    loss, share = score_figures(weights, score)
    asked = log_loss(actual, score[bins])
    assert loss.value == pytest.approx(asked)
    assert share.value == pytest.approx(asked / log_loss(actual, np.full(500, actual.mean())))
    assert all(np.isnan(figure.value) for figure in score_figures(np.zeros((3, 2, 4)), score))
    weights[:, 1] = 0
    assert [np.isnan(figure.value) for figure in score_figures(weights, score)] == [False, True]


def test_macro_figures_are_scikit_learns_and_strange_actuals_are_misses() -> None:
    random = np.random.default_rng(2)
    actual, predicted = random.integers(0, 4, 500), random.integers(0, 3, 500)
    table = np.zeros((3, 4, 1))
    np.add.at(table, (predicted, actual, 0), 1.0)
    found = {(figure.metric, figure.label): figure.value for figure in multiclass_figures(table, ("a", "b", "c"))}
    asked = {"labels": [0, 1, 2], "average": "macro"}
    assert found["accuracy", ""] == pytest.approx(accuracy_score(actual, predicted))
    assert found["f1_macro", ""] == pytest.approx(f1_score(actual, predicted, **asked))
    assert found["precision_macro", ""] == pytest.approx(precision_score(actual, predicted, **asked))
    assert found["recall_macro", ""] == pytest.approx(recall_score(actual, predicted, **asked))
    assert found["recall", "b"] == pytest.approx(recall_score(actual == 1, predicted == 1))


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_derivatives_are_those_of_small_steps(kind: str) -> None:
    random = np.random.default_rng(3)
    shape = (3, 2, 5) if kind == "binary" else (3, 4, 1)
    weights = random.random(shape) * 10

    def all_figures(weights: np.ndarray) -> list[object]:
        if kind == "binary":
            return [*binary_figures(weights), *score_figures(weights, np.linspace(0.1, 0.9, 5))]
        return list(multiclass_figures(weights, ("a", "b", "c")))

    before = all_figures(weights)
    for place in np.ndindex(shape):
        more = weights.copy()
        more[place] += 1e-6
        for a, b in zip(before, all_figures(more), strict=True):
            slope = np.broadcast_to(a.slope, shape)[place]
            assert (b.value - a.value) / 1e-6 == pytest.approx(slope, abs=1e-6)


def test_figures_that_do_not_exist_are_nan() -> None:
    assert all(np.isnan(figure.value) for figure in binary_figures(np.zeros((3, 2, 4))))
    assert all(np.isnan(figure.value) for figure in multiclass_figures(np.zeros((2, 3, 1)), ("a", "b")))
    only_negatives = np.zeros((3, 2, 4))
    only_negatives[0, 0] = 5
    found = {figure.metric: figure.value for figure in binary_figures(only_negatives)}
    assert found["accuracy"] == found["specificity"] == 1
    assert np.isnan([found[name] for name in ("precision", "recall", "balanced_accuracy", "f1", "roc_auc")]).all()
