"""Metrics of many classes are those of scikit-learn on the rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from modelwatch.monitors.performance import METRICS, confusion, metrics_of, multiclass
from modelwatch.profiles.outcomes import Rows, merge
from modelwatch.profiles.outcomes.facts import MAX_LABELS
from tests.monitors.performance.rows import by_name, outcomes_of

NAMES = ("a", "b", "c", "d")


def drawn(seed: int, n: int, weighted: bool = False) -> Rows:
    random = np.random.default_rng(seed)
    chance = random.dirichlet((2, 1, 1, 0.3), n)
    actual = (chance.cumsum(axis=1) > random.random((n, 1))).argmax(axis=1)
    predicted = chance.argmax(axis=1)
    weight = random.integers(1, 4, n).astype(float) if weighted else None
    return Rows(weight, NAMES, predicted, actual, chance.max(axis=1), class_scores=chance)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_equal_to_scikit_learn(seed: int, weighted: bool) -> None:
    rows = drawn(seed, 10_000, weighted)
    outcomes = outcomes_of(rows)
    measured = multiclass(outcomes)
    found = by_name(measured)
    w = {"sample_weight": rows.weight}
    actual, said, chance = rows.actual, rows.predicted, rows.class_scores
    assert found["accuracy"].value == pytest.approx(sk.accuracy_score(actual, said, **w))
    for how in ("macro", "micro", "weighted"):
        for part, oracle in (
            ("precision", sk.precision_score),
            ("recall", sk.recall_score),
            ("f1", sk.f1_score),
        ):
            each = found[f"{part}_{how}"]
            value = oracle(actual, said, average=how, zero_division=0, **w)
            assert each.value == pytest.approx(value), (part, how)
            assert each.low < value < each.high
    assert found["log_loss"].value == pytest.approx(sk.log_loss(actual, chance, **w))
    shares = np.bincount(actual, rows.weight) / np.bincount(actual, rows.weight).sum()
    base = sk.log_loss(actual, np.tile(shares, (len(actual), 1)), **w)
    assert found["log_loss_ratio"].value == pytest.approx(found["log_loss"].value / base)
    area = sk.roc_auc_score(actual, chance, multi_class="ovr", average="macro", **w)
    assert found["roc_auc_macro"].value == pytest.approx(area, abs=0.001)
    for code, name in enumerate(NAMES):
        mine = by_name(measured, name)
        kwargs = {"labels": [code], "average": None, "zero_division": 0, **w}
        assert mine["precision"].value == pytest.approx(sk.precision_score(actual, said, **kwargs)[0])
        assert mine["recall"].value == pytest.approx(sk.recall_score(actual, said, **kwargs)[0])
        assert mine["f1"].value == pytest.approx(sk.f1_score(actual, said, **kwargs)[0])
        area = sk.roc_auc_score(actual == code, chance[:, code], **w)
        assert mine["roc_auc"].value == pytest.approx(area, abs=0.001)
    assert np.allclose(confusion(outcomes).counts, sk.confusion_matrix(actual, said, **w))


def test_top_label_calibration_is_that_of_the_rows() -> None:
    rows = drawn(4, 3_000)
    right = (rows.actual == rows.predicted).astype(float)
    tenth = np.digitize(rows.score, np.arange(1, 10) / 10)
    gaps = [abs((right - rows.score)[tenth == i].sum()) for i in range(10)]
    assert by_name(multiclass(outcomes_of(rows)))["ece"].value == pytest.approx(sum(gaps) / 3_000, abs=1e-12)


def test_wine_held_out() -> None:
    data = load_wine()
    model = LogisticRegression(max_iter=5_000)
    chance = cross_val_predict(model, data.data / data.data.max(axis=0), data.target, method="predict_proba")
    said = chance.argmax(axis=1)
    rows = Rows(None, ("0", "1", "2"), said, data.target, chance.max(axis=1), class_scores=chance)
    found = by_name(multiclass(outcomes_of(rows)))
    assert found["f1_macro"].value == pytest.approx(sk.f1_score(data.target, said, average="macro"))
    area = sk.roc_auc_score(data.target, chance, multi_class="ovr")
    assert found["roc_auc_macro"].value == pytest.approx(area, abs=0.001)


def test_names_are_those_of_the_facts() -> None:
    measured = multiclass(outcomes_of(drawn(1, 50)))
    assert {each.metric for each in measured} == {fact.name for fact in metrics_of("multiclass")}
    for each in measured:
        fact = METRICS[each.metric]
        assert math.isnan(each.value) or fact.low <= each.low <= each.value <= each.high <= fact.high + 1e-12


@given(st.integers(0, 10**6), st.integers(2, 60), st.permutations(NAMES))
@settings(max_examples=40, deadline=None)
def test_two_halves_together_are_the_whole_whatever_the_order_of_labels(seed: int, n: int, order: list[str]) -> None:
    rows = drawn(seed, n)
    half = np.arange(n) < n // 2
    place = np.array([order.index(name) for name in NAMES])
    back = np.argsort(place)
    parts = [
        outcomes_of(
            Rows(
                None,
                NAMES,
                rows.predicted[half],
                rows.actual[half],
                rows.score[half],
                class_scores=rows.class_scores[half],
            )
        ),
        outcomes_of(
            Rows(
                None,
                tuple(order),
                place[rows.predicted[~half]],
                place[rows.actual[~half]],
                rows.score[~half],
                class_scores=rows.class_scores[~half][:, back],
            )
        ),
    ]
    whole = {(each.metric, each.label): each for each in multiclass(outcomes_of(rows))}
    merged = {(each.metric, each.label): each for each in multiclass(merge(parts))}
    assert set(whole) == set(merged)
    for key, one in whole.items():
        for name in ("value", "error", "low", "high", "rows"):
            assert getattr(one, name) == pytest.approx(getattr(merged[key], name), nan_ok=True, abs=1e-7), key


def test_one_class_only() -> None:
    rows = Rows(None, ("a",), np.zeros(300, int), np.zeros(300, int), np.full(300, 0.9))
    found = by_name(multiclass(outcomes_of(rows)))
    assert found["accuracy"].value == found["f1_macro"].value == 1.0
    assert 0.95 < found["f1_macro"].low < 1.0
    assert math.isnan(found["roc_auc_macro"].value)


def test_labels_beyond_the_most_count_as_one() -> None:
    many = MAX_LABELS + 50
    codes = np.arange(many)
    table = confusion(outcomes_of(Rows(None, tuple(f"c{i}" for i in codes), codes, codes)))
    assert len(table.labels) == MAX_LABELS + 1
    assert table.labels[-1] == "(other)"
    assert table.counts[-1, -1] == 50
