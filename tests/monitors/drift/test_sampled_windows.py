"""Windows of which a sampler kept part: their weights make them whole, and chance is still chance."""

import numpy as np
import pytest
from scipy import stats

from modelwatch.client.sampling import LowConfidence, Stratified
from modelwatch.client.sampling.sampler import weighed
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.wire import Kind, Role
from modelwatch.monitors.drift import check
from modelwatch.profiles import CategoryValues, NumericValues, fit, profile

SCORE, X, C = ColumnKey(Role.PREDICTION_SCORE, ""), ColumnKey(Role.FEATURE, "x"), ColumnKey(Role.FEATURE, "c")
CARRIERS = ["aa", "bb", "cc"]
ROWS = 2_400
SAMPLERS = {
    "low confidence": lambda: LowConfidence(0.2),
    "stratified": lambda: Stratified(feature="c", rates={"aa": 0.15, "bb": 0.6}, other=1.0),
}


def world(rng, n):
    """Scores that lean on x, and a category."""
    x = rng.normal(size=n)
    return 1 / (1 + np.exp(-2 * x - rng.normal(size=n))), x, rng.choice(3, p=[0.7, 0.2, 0.1], size=n).astype(np.int32)


def columns(score, x, c):
    return {SCORE: NumericValues(score), X: NumericValues(x), C: CategoryValues(c, CARRIERS)}


def thinned(sampler, rows, draw_number):
    """The rows that are kept, and their weights."""
    kept, weights = [], []
    for i, (score, x, c) in enumerate(zip(*(column.tolist() for column in rows), strict=True)):
        start = (Kind.PREDICTIONS, "m", "1", "production", f"{draw_number}-{i}", 0, None, None, score, None, None)
        weight = weighed((*start, {"x": x, "c": CARRIERS[c]}, None, None), sampler)
        if weight is not None:
            kept.append(i)
            weights.append(weight)
    return columns(*(column[kept] for column in rows)), np.array(weights)


@pytest.fixture(scope="module")
def reference():
    rows = columns(*world(np.random.default_rng(1), 100_000))
    binning = fit(rows)
    return binning, profile(binning, rows)


@pytest.mark.parametrize("make", SAMPLERS.values(), ids=SAMPLERS)
def test_the_weighted_profile_of_what_is_kept_estimates_that_of_all(make, reference):
    """Horvitz-Thompson: the mean over 80 samples of one window lies within 5 standard errors of it, in every bin."""
    binning, _ = reference
    rows = world(np.random.default_rng(2), ROWS)
    full = profile(binning, columns(*rows))
    found = np.array([profile(binning, *thinned(make(), rows, number)).counts for number in range(80)])
    error = np.maximum(found.std(axis=0, ddof=1), 1.0) / np.sqrt(len(found))
    assert np.all(np.abs(found.mean(axis=0) - full.counts) <= 5 * error)


@pytest.mark.parametrize("make", SAMPLERS.values(), ids=SAMPLERS)
def test_a_biased_sample_without_drift_raises_no_more_than_chance(make, reference):
    """400 checks at 1 %: more than 11 would come up once in 1,000 times by chance. Without weights, all come up."""
    binning, before = reference
    rng = np.random.default_rng(3)
    found = blind = 0
    for number in range(400):
        kept, weights = thinned(make(), world(rng, ROWS), number)
        now = profile(binning, kept, weights)
        assert now.effective_rows < now.rows < 0.8 * ROWS
        found += raised(check(now, before, binning))
        blind += raised(check(profile(binning, kept), before, binning)) if number < 20 else 0
    assert found <= stats.binom.ppf(0.999, 400, 0.01)
    assert blind == 20


@pytest.mark.parametrize("make", SAMPLERS.values(), ids=SAMPLERS)
def test_drift_is_still_seen_in_a_sample(make, reference):
    binning, before = reference
    score, x, c = world(np.random.default_rng(4), ROWS)
    kept, weights = thinned(make(), (score, x + 0.5, c), 0)
    table = check(profile(binning, kept, weights), before, binning)
    assert table.levels[binning.index(X)] < CODE[Level.OK]


def raised(table):
    """Whether any column is at notice or above."""
    return bool((table.levels < CODE[Level.OK]).any())
