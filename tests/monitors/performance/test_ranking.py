"""Metrics of ranked groups are those of scikit-learn, and of a loop over groups, on the rows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from modelwatch.monitors.performance import metrics_of, ranking
from modelwatch.profiles.outcomes import count_ranked, merge, ranked_groups, subtract
from tests.monitors.performance.rows import by_name


def slow(relevance: np.ndarray, by: np.ndarray) -> tuple[float, float, float, float]:
    """(MAP@10, reciprocal rank, hit@5, hit@10) of one group, row by row."""
    order = np.lexsort((relevance, by))
    hits = (relevance[order] > 0).tolist()
    precise, seen, first = 0.0, 0, math.inf
    for place, hit in enumerate(hits, start=1):
        if hit:
            seen += 1
            first = min(first, place)
            precise += seen / place if place <= 10 else 0.0
    return precise / min(seen, 10), 1 / first, float(first <= 5), float(first <= 10)


@given(st.integers(0, 10**6), st.integers(2, 120), st.sampled_from([3, 10, 10**6]))
@settings(max_examples=80, deadline=None)
def test_each_group_is_as_scikit_learn_has_it(seed: int, n: int, steps: int) -> None:
    random = np.random.default_rng(seed)
    group = random.integers(0, 1 + n // 8, n) * 7
    relevance = random.integers(0, 4, n) * (random.random(n) < 0.5).astype(float)
    score = random.integers(0, steps, n) / steps
    found = ranked_groups(group, None, relevance, score)
    wanted = [code for code in np.unique(group) if (relevance[group == code] > 0).any()]
    assert found.code.tolist() == wanted
    for i, code in enumerate(wanted):
        mine = group == code
        if mine.sum() > 1:  # scikit-learn refuses groups of one
            for k, values in ((5, found.ndcg_5), (10, found.ndcg_10)):
                assert values[i] == pytest.approx(ndcg_score(relevance[mine][None], score[mine][None], k=k))
        loop = slow(relevance[mine], -score[mine])
        assert (found.map_10[i], found.mrr[i], found.hit_5[i], found.hit_10[i]) == pytest.approx(loop)


def test_the_order_of_rows_does_not_matter_and_rank_is_score() -> None:
    random = np.random.default_rng(1)
    group, relevance, score = random.integers(0, 9, 90), random.integers(0, 3, 90).astype(float), random.random(90)
    shuffled = random.permutation(90)
    one = ranked_groups(group, None, relevance, score)
    other = ranked_groups(group[shuffled], None, relevance[shuffled], score[shuffled])
    rank = np.array([(score[group == g] > s).sum() + 1 for g, s in zip(group, score, strict=True)], float)
    third = ranked_groups(group, rank, relevance)
    for name in ("code", "ndcg_5", "ndcg_10", "map_10", "mrr", "hit_5", "hit_10"):
        assert np.allclose(getattr(one, name), getattr(other, name))
        assert np.allclose(getattr(one, name), getattr(third, name))


def test_a_constant_score_earns_no_first_place() -> None:
    found = ranked_groups(np.zeros(20, int), None, np.array([1.0] + [0.0] * 19), np.zeros(20))
    assert found.mrr[0] == 1 / 20
    assert found.hit_10[0] == 0
    assert 0 < found.ndcg_10[0] < 0.3


def test_rows_without_relevance_and_groups_without_a_relevant_row() -> None:
    group = np.array([1, 1, 2, 2, 3])
    relevance = np.array([1.0, np.nan, 0.0, 0.0, 2.0])
    found = ranked_groups(group, np.array([2.0, 1.0, 1.0, 2.0, np.nan]), relevance)
    assert found.code.tolist() == [1]
    assert found.mrr.tolist() == [1.0]
    with pytest.raises(ValueError, match="rank"):
        ranked_groups(group, None, relevance)
    empty = ranked_groups(group[:0], None, relevance[:0], relevance[:0])
    assert len(empty.code) == 0
    assert len(count_ranked(empty, np.empty(0, np.int64), 2)[1].keys) == 0


def test_sums_make_means_and_are_taken_back() -> None:
    random = np.random.default_rng(2)
    group, relevance, score = (
        random.integers(0, 300, 6_000),
        random.integers(0, 2, 6_000).astype(float),
        random.random(6_000),
    )
    found = ranked_groups(group, None, relevance, score)
    slots = found.code % 3
    parts = count_ranked(found, slots, 3)
    measured = by_name(ranking(merge(parts)))
    assert tuple(measured) == tuple(fact.name for fact in metrics_of("ranking"))
    for name, each in measured.items():
        values = getattr(found, name)
        assert each.value == pytest.approx(values.mean())
        assert each.rows == len(found.code)
        if not name.startswith("hit"):
            assert each.error == pytest.approx(values.std(ddof=1) / math.sqrt(len(values)))
    rest = by_name(ranking(subtract(merge(parts), parts[0])))
    assert rest["ndcg_10"].value == pytest.approx(found.ndcg_10[slots > 0].mean())
