"""The distance on bins against scipy's exact one from rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.kolmogorov_smirnov import kolmogorov_smirnov_chance, kolmogorov_smirnov_p
from tests.monitors.drift.frames import pair

DISTRIBUTIONS = {
    "normal": lambda r, n: r.normal(size=n),
    "uniform": lambda r, n: r.uniform(size=n),
    "cauchy": lambda r, n: r.standard_cauchy(size=n),
    "pareto": lambda r, n: r.pareto(0.5, size=n),
    "lognormal amounts": lambda r, n: np.round(r.lognormal(3, 1.5, size=n), 2),
    "ties": lambda r, n: np.round(r.normal(size=n), 1),
    "small whole numbers": lambda r, n: r.poisson(4, size=n).astype(float),
    "large whole numbers": lambda r, n: np.round(r.normal(1e6, 500, size=n)),
    "zero-inflated": lambda r, n: np.where(r.random(n) < 0.6, 0.0, r.exponential(size=n)),
    "atoms": lambda r, n: np.where(r.random(n) < 0.5, r.integers(0, 126, n), 126 * r.random(n)),
    "constant": lambda r, n: np.full(n, 3.3),
    "two values": lambda r, n: (r.random(n) < 0.3).astype(float),
    "1 to 256": lambda r, n: r.integers(1, 257, n).astype(float),
}
names = st.sampled_from(sorted(DISTRIBUTIONS))
rows = st.sampled_from([1, 2, 20, 127, 200, 254, 300, 507, 1_000, 5_000])


def exact_distance(now, before):
    with np.errstate(divide="ignore"):  # scipy's p-value of one row against one
        return stats.ks_2samp(now, before, method="asymp").statistic


@settings(max_examples=250, deadline=None)
@given(names, names, rows, rows, st.sampled_from([0.0, 0.1, 1.0]), st.integers(0, 2**32 - 1))
def test_within_1_256_of_the_exact_distance(reference, current, m, n, shift, seed):
    rng = np.random.default_rng(seed)
    before = DISTRIBUTIONS[reference](rng, m)
    now = DISTRIBUTIONS[current](rng, n) + shift
    exact = exact_distance(now, before)
    assert abs(check(*pair(now, before)).ks[0] - exact) <= 1 / 256 + 3e-5


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 30).map(float), st.floats(-50, 50)), min_size=1, max_size=600),
    st.lists(st.one_of(st.integers(0, 30).map(float), st.floats(-50, 50)), min_size=1, max_size=600),
)
def test_within_1_256_whatever_the_rows(before, now):
    exact = exact_distance(now, before)
    assert abs(check(*pair(now, before)).ks[0] - exact) <= 1 / 256 + 3e-5


def test_on_average_it_misses_little():
    rng = np.random.default_rng(8)
    misses = []
    for _ in range(20):
        before, now = rng.normal(size=20_000), rng.normal(0.05, 1, size=10_000)
        misses.append(abs(check(*pair(now, before)).ks[0] - exact_distance(now, before)))
    assert np.mean(misses) < 0.001
    assert max(misses) < 0.002


@pytest.mark.parametrize("name", sorted(DISTRIBUTIONS))
def test_a_window_equal_to_its_reference_has_next_to_no_distance(name):
    values = DISTRIBUTIONS[name](np.random.default_rng(9), 2_000)
    assert check(*pair(values, values)).ks[0] <= 1 / 256
    if name in ("normal", "uniform", "cauchy", "pareto", "ties", "constant", "two values", "small whole numbers"):
        assert check(*pair(values, values)).ks[0] <= 0.0002


def test_p_is_the_limit_distribution():
    distance, both = np.array([0.0, 0.02, 0.1, np.nan]), np.array([100.0, 5_000.0, 300.0, 300.0])
    expected = special.kolmogorov(np.sqrt(both) * np.array([0.0, 0.02, 0.1, 0.0]))
    np.testing.assert_allclose(kolmogorov_smirnov_p(distance, both), expected, rtol=1e-10)


def test_p_never_cries_wolf_and_agrees_with_scipy():
    rng = np.random.default_rng(10)
    for n in (200, 500, 2_000):
        before, now = rng.normal(size=20_000), rng.normal(0.1, 1, size=n)
        found = check(*pair(now, before)).ks_p[0]
        # scipy's exact method takes minutes at these sizes; its own asymptotic one rounds n m / (n + m)
        assert found == pytest.approx(stats.ks_2samp(now, before, method="asymp").pvalue, rel=0.5)
    small, large = rng.normal(size=200), rng.normal(size=400)
    assert check(*pair(small, large)).ks_p[0] >= stats.ks_2samp(small, large, method="exact").pvalue * 0.9


def test_chance_holds_in_99_of_100_windows():
    rng = np.random.default_rng(11)
    chance = kolmogorov_smirnov_chance(np.array([1_000 * 1_000 / 2_000]))[0]
    a, b = np.sort(rng.random((2_000, 1_000))), np.sort(rng.random((2_000, 1_000)))
    over = np.mean([stats.ks_2samp(x, y, method="asymp").statistic > chance for x, y in zip(a[:600], b, strict=False)])
    assert over <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 600)
