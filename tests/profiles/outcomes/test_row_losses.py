"""What each row lost, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error

from modelwatch.profiles.outcomes import Rows, row_errors, row_log_losses

LABELS = ("no", "yes", "maybe")


def test_two_classes() -> None:
    random = np.random.default_rng(0)
    score, actual = random.random(500), random.integers(0, 2, 500)
    rows = Rows(labels=LABELS, predicted=(score > 0.5).astype(np.int64), actual=actual, score=score, positive=1)
    assert row_errors(rows).mean() == pytest.approx(1 - accuracy_score(actual, score > 0.5))
    assert row_log_losses(rows).mean() == pytest.approx(log_loss(actual, score))


def test_many_classes() -> None:
    random = np.random.default_rng(1)
    scores, actual = random.dirichlet(np.ones(3), 500), random.integers(0, 3, 500)
    predicted = scores.argmax(axis=1)
    rows = Rows(labels=LABELS, predicted=predicted, actual=actual, score=scores.max(axis=1), class_scores=scores)
    assert row_errors(rows).mean() == pytest.approx(1 - accuracy_score(actual, predicted))
    assert row_log_losses(rows).mean() == pytest.approx(log_loss(actual, scores))


def test_numbers() -> None:
    random = np.random.default_rng(2)
    value, truth = random.normal(size=300), random.normal(size=300)
    assert row_errors(Rows(value=value, truth=truth)).mean() == pytest.approx(mean_absolute_error(truth, value))
    assert np.isnan(row_log_losses(Rows(value=value, truth=truth))).all()


def test_what_is_missing_has_no_loss() -> None:
    rows = Rows(
        labels=LABELS,
        predicted=np.array([0, -1, 1, 1]),
        actual=np.array([0, 0, -1, 0]),
        score=np.array([0.2, 0.4, 0.9, np.nan]),
        positive=1,
    )
    np.testing.assert_array_equal(row_errors(rows), [0, np.nan, np.nan, 1])
    np.testing.assert_array_equal(np.isfinite(row_log_losses(rows)), [True, True, False, False])
    np.testing.assert_array_equal(
        row_errors(Rows(value=np.array([1.0, np.nan]), truth=np.array([3.0, 1.0]))), [2, np.nan]
    )
    assert np.isnan(row_errors(Rows(labels=LABELS, actual=np.array([0]), score=np.array([0.5]), positive=1))).all()
