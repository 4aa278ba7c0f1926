"""95 % intervals hold the truth in 93 to 98 of 100 samples, and standard errors are what the figures scatter by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from modelwatch.core.measure import Measure
from modelwatch.monitors.performance import binary, measures, multiclass, ranking, regression
from modelwatch.monitors.performance.estimate import share
from modelwatch.profiles.outcomes import Outcomes, Rows, count_labelled, count_ranked, count_seen, merge, ranked_groups
from tests.monitors.performance.rows import binary_rows

SAMPLES = 1_000
ROWS = 500
MANY = 1_000_000


def split(rows: Rows, k: int) -> list[Outcomes]:
    slots = np.repeat(np.arange(k), rows.n // k)
    return [merge(pair) for pair in zip(count_seen(rows, slots, k), count_labelled(rows, slots, k), strict=True)]


def two_classes(random: np.random.Generator, n: int) -> Rows:
    score = 1 / (1 + np.exp(-random.normal(-1.2, 1.3, n)))
    tilted = 1 / (1 + np.exp(-(0.8 * np.log(score / (1 - score)) + 0.2)))
    return binary_rows((random.random(n) < tilted).astype(int), score, 0.4)


def weighted(random: np.random.Generator, n: int) -> Rows:
    rows = two_classes(random, n)
    weight = random.choice([1.0, 4.0], n, p=[0.7, 0.3])
    return Rows(weight, rows.labels, rows.predicted, rows.actual, rows.score, rows.positive)


def three_classes(random: np.random.Generator, n: int) -> Rows:
    chance = random.dirichlet((2, 1, 0.8), n)
    actual = (chance.cumsum(axis=1) > random.random((n, 1))).argmax(axis=1)
    said = np.sqrt(chance)
    said = said / said.sum(axis=1, keepdims=True)
    return Rows(None, ("a", "b", "c"), chance.argmax(axis=1), actual, said.max(axis=1), class_scores=said)


def numbers(random: np.random.Generator, n: int) -> Rows:
    truth = 1 + random.gamma(2, 2, n)
    return Rows(value=0.2 + truth * 0.9 + random.standard_t(8, n) * np.sqrt(truth) / 2, truth=truth)


def checked(samples: Sequence[Sequence[Measure]], truth: Sequence[Measure]) -> None:
    for i, true in enumerate(truth):
        if true.metric == "roc_auc_macro" or true.label or np.isnan(true.value):
            continue
        mine = [sample[i] for sample in samples]
        held = np.mean([each.low <= true.value <= each.high for each in mine])
        assert 0.93 <= held <= 0.985, (true.metric, held)
        if true.metric != "ece":  # its errors are less than independent
            scatter = np.std([each.value for each in mine])
            assert np.mean([each.error for each in mine]) == pytest.approx(scatter, rel=0.1), true.metric


@pytest.mark.parametrize(
    ("draw", "measure"),
    [
        (two_classes, lambda outcomes: binary(outcomes, "yes")),
        (weighted, lambda outcomes: binary(outcomes, "yes")),
        (three_classes, multiclass),
        (numbers, regression),
    ],
    ids=["binary", "weighted", "multiclass", "regression"],
)
def test_intervals_hold_the_truth(
    draw: Callable[[np.random.Generator, int], Rows], measure: Callable[[Outcomes], list[Measure]]
) -> None:
    samples = [measure(each) for each in split(draw(np.random.default_rng(17), ROWS * SAMPLES), SAMPLES)]
    (truth,) = split(draw(np.random.default_rng(23), MANY), 1)
    checked(samples, measure(truth))


def test_intervals_of_ranking_hold_the_truth() -> None:
    def groups(seed: int, count: int) -> object:
        random = np.random.default_rng(seed)
        score = random.random(count * 15)
        relevance = (random.random(count * 15) < 0.3 * score) * random.integers(1, 4, count * 15).astype(float)
        return ranked_groups(np.repeat(np.arange(count), 15), None, relevance, score)

    many, all_of_them = groups(1, 200 * SAMPLES), groups(2, 200_000)
    samples = [ranking(each) for each in count_ranked(many, many.code // 200, SAMPLES)]
    checked(samples, ranking(*count_ranked(all_of_them, all_of_them.code * 0, 1)))


def test_an_area_of_classes_claims_no_more_than_it_knows() -> None:
    random = np.random.default_rng(5)
    chance = random.dirichlet((2, 1, 1), ROWS * 300)
    actual = (chance.cumsum(axis=1) > random.random((len(chance), 1))).argmax(axis=1)
    rows = Rows(None, ("a", "b", "c"), chance.argmax(axis=1), actual, chance.max(axis=1), class_scores=chance)
    found = [measures(each, "multiclass") for each in split(rows, 300)]
    areas = [next(each for each in one if each.metric == "roc_auc_macro") for one in found]
    assert np.mean([each.error for each in areas]) > np.std([each.value for each in areas])


def test_calibrated_scores_are_not_called_uncalibrated() -> None:
    random = np.random.default_rng(11)
    score = random.beta(1.2, 3, ROWS * SAMPLES)
    rows = binary_rows((random.random(len(score)) < score).astype(int), score)
    found = [next(each for each in binary(one, "yes") if each.metric == "ece") for one in split(rows, SAMPLES)]
    assert np.mean([each.low > 0 for each in found]) < 0.1


def test_the_interval_of_a_share_is_wilson_s() -> None:
    from scipy.stats import binomtest

    for hits, rows in ((0, 30), (7, 50), (50, 50)):
        low, high = binomtest(hits, rows).proportion_ci(method="wilson")
        found = share(hits, rows)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)
        assert found.error > 0
    assert share(14, 100, 2.0).high == share(7, 50).high
