"""Importance against one-way analysis of variance; the ranking against its bound; words that claim no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.causes import Cause, causes, importance
from modelwatch.monitors.performance.contributions import contributions
from modelwatch.monitors.performance.loss_sums import loss_sums
from modelwatch.monitors.performance.sentences import (
    LossName,
    cause_sentence,
    segment_sentence,
    slice_sentence,
)
from modelwatch.monitors.performance.slices import Condition, Search, Slice


@pytest.mark.parametrize("seed", range(4))
def test_importance_is_epsilon_squared(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 6, 900)
    score = 1000 + rng.normal(size=900) + rng.uniform(0.1, 0.5) * codes
    f = stats.f_oneway(*(score[codes == i] for i in range(6))).statistic
    assert importance(score, [codes])[0] == pytest.approx((f - 1) / (f + (900 - 6) / 5))


def test_noise_is_worth_nothing_however_many_bins_it_has():
    rng = np.random.default_rng(5)
    score = rng.beta(2, 8, 4000)
    assert (importance(score, [rng.integers(0, size, 4000) for size in (2, 30, 300) * 20]) > 0).sum() <= 3


def test_one_in_a_hundred_features_of_noise_is_believed():
    found = 0
    for run in range(400):
        rng = np.random.default_rng((6, run))
        found += int((importance(rng.normal(size=400), [rng.integers(0, 8, 400) for _ in range(5)]) > 0).sum())
    assert 5 <= found <= 40


def test_the_bins_that_make_the_score_explain_it_all():
    codes = np.arange(1000) % 4
    assert importance(codes * 0.25, [codes, codes // 2])[0] == pytest.approx(1.0)
    assert 0.7 < importance(codes * 0.25, [codes // 2])[0] < 0.9


@given(st.integers(0, 2**32 - 1))
def test_order_and_scale_are_nothing(seed):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, 200)
    score = rng.normal(size=200) + codes
    order = rng.permutation(200)
    plain = importance(score, [codes])
    for other in (
        importance(score[order], [codes[order]]),
        importance(7 * score - 3, [codes]),
        importance(-score, [codes]),
    ):
        np.testing.assert_allclose(other, plain, atol=1e-9)
    np.testing.assert_allclose(importance(score, [codes], np.full(200, 2.5)), plain, atol=1e-9)


@pytest.mark.parametrize(
    ("score", "codes"),
    [
        (np.empty(0), np.empty(0, np.int64)),
        (np.full(50, np.nan), np.arange(50) % 3),
        (np.full(50, 0.3), np.arange(50) % 3),
        (np.arange(50.0), np.zeros(50, np.int64)),
        (np.arange(50.0), np.arange(50)),
    ],
    ids=["empty", "no scores", "constant", "one bin", "a bin each"],
)
def test_nothing_to_explain(score, codes):
    assert importance(score, [codes]).tolist() == [0.0]


def test_rows_without_a_score_are_left_out():
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 3, 300)
    score = rng.normal(size=300) + codes
    spoilt = np.where(np.arange(300) < 100, np.nan, score)
    assert importance(spoilt, [codes]) == pytest.approx(importance(score[100:], [codes[100:]]))
    with pytest.raises(ValueError, match="same rows"):
        importance(score, [codes[1:]])


def test_ranking():
    found = causes(np.array([8.0, 0.0, 0.2, np.nan, 0.3]), np.array([0.0, 0.9, 0.5, 0.5, 0.1]))
    assert [each.feature for each in found] == [2, 4, 0, 1, 3]
    assert [each.reach for each in found] == pytest.approx([np.sqrt(0.1), np.sqrt(0.03), 0, 0, 0])
    assert sum(each.share for each in found) == pytest.approx(1.0)
    assert [each.share for each in causes(np.zeros(2), np.ones(2))] == [0.0, 0.0]
    assert causes(np.empty(0), np.empty(0)) == []
    with pytest.raises(ValueError, match="not of the same features"):
        causes(np.zeros(2), np.zeros(3))


@given(st.integers(0, 2**32 - 1))
def test_reach_is_the_most_that_a_small_drift_moves_the_mean_score(seed):
    rng = np.random.default_rng(seed)
    before = rng.dirichlet(np.full(6, 20.0))
    now = before * np.exp(rng.normal(0, 0.05, 6))
    now /= now.sum()
    means, spread = rng.normal(size=6), rng.uniform(0, 2)
    psi = float(((now - before) * np.log(now / before)).sum())
    between = float((before * (means - before @ means) ** 2).sum())
    eta = between / (between + spread**2)
    moved = abs(float((now - before) @ means)) / np.sqrt(between + spread**2)
    assert moved <= 1.05 * causes(np.array([psi]), np.array([eta]))[0].reach


X = ColumnKey(Role.FEATURE, "hour")
SLICE = Slice((Condition(X, "≥ 20", "hour ≥ 20"),), 1234, 0.1, 0.3, 0.2, 0.05, 0.15, 1e-6, 0.1)
SEARCH = Search((SLICE,), 12_340, 0, 0.21, 4567, 1, 0)


def test_sentence_of_a_slice():
    text = slice_sentence(SLICE, SEARCH).replace("\u2009", "")
    assert text == (
        "Where hour ≥ 20, error rate is 30%, elsewhere 20% (1,234 rows, 10% of all). With 4,567 slices searched, the "
        "difference is between +5 points and +15 points. It says where the model is worse, not why."
    )
    assert "mean absolute error is 0.3, elsewhere 0.2" in slice_sentence(SLICE, SEARCH, LossName("mean absolute error"))


def test_sentence_of_a_segment():
    def sums(shares, levels, rows):
        codes = np.repeat(np.arange(2), [int(share * rows) for share in shares])
        losses = [
            np.arange(int(share * rows)) < level * share * rows for share, level in zip(shares, levels, strict=True)
        ]
        return loss_sums(np.concatenate(losses).astype(float), codes, 2)

    before = sums([0.8, 0.2], [0.1, 0.2], 20_000)
    within = contributions(before, sums([0.8, 0.2], [0.1, 0.4], 10_000))
    text = segment_sentence(within.segments[0], within, "carrier=EV").replace("\u2009", "")
    assert text == (
        "Of the change of error rate from 12% to 16% (+4 points), rows with carrier=EV carry +4 points: in them it "
        "went from 20% to 40%. This is where the change is, not what caused it."
    )
    assert "may be chance" in segment_sentence(within.segments[1], within, "carrier=UA")
    mix = contributions(before, sums([0.4, 0.6], [0.1, 0.2], 10_000))
    up, down = (segment_sentence(each, mix, "it").replace("\u2009", "") for each in mix.segments)
    assert ": their share of rows went from 20% to 60%, and their error rate is above the average. " in up
    assert ": their share of rows went from 80% to 40%, and their error rate is below the average. " in down


def test_sentences_of_causes():
    told = cause_sentence(Cause(0, 0.4, 0.1, 0.2, 1.0), "temp").replace("\u2009", "")
    assert told == (
        "temp moved (PSI 0.4 beyond chance), and its bins explain 10% of the variance of the score: by itself it may "
        "have moved the mean score by up to about 0.2 standard deviations. Whether it did is not shown."
    )
    assert "explains nothing" in cause_sentence(Cause(0, 0.4, 0.0, 0.0, 0.0), "temp")
    assert "has not moved" in cause_sentence(Cause(0, 0.0, 0.3, 0.0, 0.0), "temp")
