import numpy as np
import pytest
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData
from modelwatch.monitors.drift import Dependence, check, estimate
from modelwatch.monitors.drift.dependence import independent
from modelwatch.profiles import CategoryValues, NumericValues, fit, merge, profile, profile_buckets

NAMES = ["a", "b", "c", "d", "e"]
NUMBER, LOG, WORD = (ColumnKey(Role.FEATURE, name) for name in ("number", "log", "word"))
ROWS, BLOCKS = 64_000, 128


def rows(rng, n, size, correlation):
    """Rows of customers, `size` each, whose values have an intra-class correlation."""

    def latent():
        own = np.repeat(rng.normal(size=n // size), size)
        return np.sqrt(correlation) * own + np.sqrt(1 - correlation) * rng.normal(size=n)

    codes = np.searchsorted(stats.norm.ppf([0.2, 0.4, 0.6, 0.8]), latent()).astype(np.int32)
    missing = stats.norm.cdf(latent()) < 0.05
    return {
        NUMBER: NumericValues(latent(), missing),
        LOG: NumericValues(np.exp(latent())),
        WORD: CategoryValues(codes, NAMES),
    }


def reference(rng, size, correlation):
    columns = rows(rng, ROWS, size, correlation)
    binning = fit(columns)
    slots = (np.arange(ROWS) * BLOCKS // ROWS).astype(np.int32)
    return binning, profile(binning, columns), profile_buckets(binning, columns, slots, BLOCKS)


@pytest.mark.parametrize(("size", "correlation"), [(10, 0.1), (10, 0.3), (50, 0.3)])
def test_design_effects_are_those_of_the_formula(size, correlation):
    """1 + (size - 1) x correlation (Kish, 1965) for the mean; ranks of a normal column are nearly as correlated."""
    _, _, blocks = found = reference(np.random.default_rng(1), size, correlation)
    effect = estimate(blocks, found[0])
    expected = 1 + (size - 1) * correlation
    assert effect.largest[:2] == pytest.approx(expected, rel=0.35)
    assert 1 < effect.scale[2] < expected * 1.4
    assert effect.rate[0] < expected
    assert effect.rate[0] > 1 or correlation == 0.1  # 1.2 is too little to tell from chance
    assert effect.rate[1:].tolist() == [1.0, 1.0]


def test_independent_rows_count_as_they_are():
    rng = np.random.default_rng(2)
    seen = 0
    for _ in range(8):
        binning, _, blocks = reference(rng, 1, 0.0)
        effect = estimate(blocks, binning)
        seen += int((effect.largest > 1).sum() + (effect.rate > 1).sum())
        assert effect.largest.max() < 2
    assert seen <= 6  # of 48; 2.5 to 4.5 % are allowed


@pytest.mark.parametrize(("size", "correlation"), [(10, 0.3), (50, 0.1)])
def test_checks_of_dependent_rows_are_as_quiet_as_they_say(size, correlation):
    rng = np.random.default_rng(3)
    binning, before, blocks = reference(rng, size, correlation)
    effect = estimate(blocks, binning)
    corrected = naive = 0
    for _ in range(300):
        now = profile(binning, rows(rng, 2_000, size, correlation))
        naive += check(now, before, binning).test_p.min() < 0.01 / 3
        corrected += check(now, before, binning, dependence=effect).test_p.min() < 0.01 / 3
    assert corrected <= stats.binom.isf(1e-4, 300, 0.01)
    assert naive > 60


def test_drift_of_dependent_rows_is_still_seen():
    rng = np.random.default_rng(4)
    binning, before, blocks = reference(rng, 10, 0.3)
    moved = rows(rng, 5_000, 10, 0.3)
    moved[NUMBER] = NumericValues(moved[NUMBER].values + 1.0, moved[NUMBER].null)
    table = check(profile(binning, moved), before, binning, dependence=estimate(blocks, binning))
    assert table.levels.tolist()[0] == 0
    assert table.design_effect[0] > 2


def test_too_few_blocks_tell_nothing():
    binning, _, blocks = reference(np.random.default_rng(5), 50, 0.3)
    seven = [merge(a, b) for a, b in zip(blocks[:7], blocks[7:14], strict=True)]
    assert estimate(seven, binning).largest.tolist() == [1.0, 1.0, 1.0]
    assert np.isinf(independent(3).freedom)


def test_they_come_back_from_their_bytes():
    binning, _, blocks = reference(np.random.default_rng(6), 10, 0.3)
    effect = estimate(blocks, binning)
    again = Dependence.from_bytes(effect.to_bytes())
    for name in ("scores", "scale", "thinning", "rate"):
        np.testing.assert_allclose(getattr(again, name), getattr(effect, name), rtol=1e-6)
    assert again.blocks == effect.blocks >= 32
    for damaged in (b"", b"x" * 40, effect.to_bytes()[:-1]):
        with pytest.raises(CorruptData):
            Dependence.from_bytes(damaged)
