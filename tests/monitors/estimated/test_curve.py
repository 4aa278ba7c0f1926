"""Calibrated curves, held against scikit-learn's isotonic and logistic regression."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from modelwatch.monitors.estimated.curve import LOG_ODDS, calibrate, logistic, pooled
from modelwatch.profiles.outcomes.grids import score_bins


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.1, 100)), min_size=1, max_size=60))
def test_pools_are_isotonic_regression(pairs: list[tuple[float, float]]) -> None:
    rate, weight = np.array(pairs).T
    lengths, levels, weights = pooled(rate, weight)
    asked = IsotonicRegression().fit_transform(np.arange(len(rate)), rate, sample_weight=weight)
    assert np.repeat(levels, lengths) == pytest.approx(asked, abs=1e-9)
    assert weights.sum() == pytest.approx(weight.sum())
    assert (levels * weights).sum() == pytest.approx((rate * weight).sum())


def test_the_logistic_curve_is_logistic_regression() -> None:
    random = np.random.default_rng(1)
    bins = score_bins(random.beta(2, 3, 20_000))
    x = LOG_ODDS[bins]
    hit = random.random(len(x)) < 1 / (1 + np.exp(0.7 - 0.6 * x))
    rows, hits = (np.bincount(bins, w, minlength=256).astype(float) for w in (np.ones(len(x)), hit))
    fitted = LogisticRegression(C=1e9).fit(x[:, None], hit)
    asked = fitted.predict_proba(LOG_ODDS[:, None])[:, 1]
    assert logistic(hits, rows) == pytest.approx(asked, abs=0.002)


@pytest.mark.parametrize("hits", [0.0, 1.0])
def test_one_class_alone_is_nearly_certain_and_no_number_breaks(hits: float) -> None:
    rows = np.zeros((1, 256))
    rows[0, 40:200] = 50
    curve = calibrate(rows * hits, rows)
    assert np.isfinite(curve.chance).all()
    assert (np.diff(curve.chance) >= 0).all()
    assert np.abs(curve.chance[0, 40:200] - hits).max() < 0.02
    assert (curve.variance > 0).all()


def test_nothing_known_means_what_the_score_says() -> None:
    curve = calibrate(np.zeros((2, 256)), np.zeros((2, 256)))
    assert curve.chance == pytest.approx(np.tile(1 / (1 + np.exp(-LOG_ODDS)), (2, 1)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.integers(0, 300))
def test_curves_ascend_and_stay_probabilities(seed: int, strata: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    counts = random.multinomial(rows, np.full(strata * 256, 1 / strata / 256)).reshape(strata, 256).astype(float)
    curve = calibrate(counts * random.random((strata, 256)), counts)
    assert (np.diff(curve.chance, axis=1) >= 0).all()
    assert ((curve.chance >= 0) & (curve.chance <= 1)).all()
    assert curve.spread(random.normal(size=(strata, 256))) >= 0


def test_the_curve_says_how_sure_it_is() -> None:
    """The expected number of positives of a shifted window, over many references, spreads as is said."""
    random = np.random.default_rng(3)
    window = np.histogram(score_bins(random.beta(4, 2, 10_000)), np.arange(257))[0] / 10_000
    found, said = [], []
    for _ in range(200):
        score = random.beta(2, 2, 1_000)
        hit = random.random(1_000) < 0.2 + 0.6 * score**2
        bins = score_bins(score)
        curve = calibrate(np.bincount(bins, hit, 256)[None], np.bincount(bins, minlength=256)[None].astype(float))
        found.append(float(window @ curve.chance[0]))
        said.append(curve.spread(window[None]))
    assert np.sqrt(np.mean(said)) == pytest.approx(np.std(found), rel=0.25)
