"""Every tail against scipy."""

import numpy as np
import pytest
from scipy import special, stats

from modelwatch.monitors.tails import (
    KOLMOGOROV_99,
    binomial_tails,
    chi_square_point,
    chi_square_points,
    chi_square_tail,
    hypergeometric_tails,
    kolmogorov_tail,
    normal_tail,
    student_tail,
    variance_ratio_tail,
)


def test_normal():
    z = np.linspace(-10, 30, 401)
    np.testing.assert_allclose(normal_tail(z), stats.norm.sf(z), rtol=1e-12)
    assert normal_tail(np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9, 10, 33, 34, 100])
def test_chi_square(df):
    x = np.concatenate(([0.0], np.geomspace(1e-8, 1200, 300)))
    np.testing.assert_allclose(chi_square_tail(x, np.full(len(x), df)), stats.chi2.sf(x, df), rtol=1e-10, atol=1e-290)


def test_chi_square_of_mixed_degrees():
    df = np.array([0, 1, 5, 12])
    x = np.array([3.0, 3.0, 7.0, 20.0])
    np.testing.assert_allclose(chi_square_tail(x, df)[1:], stats.chi2.sf(x, df)[1:], rtol=1e-12)
    assert chi_square_tail(x, df)[0] == 1.0


def test_chi_square_points():
    assert [chi_square_point(0.01, df) for df in range(1, 40)] == pytest.approx(stats.chi2.isf(0.01, range(1, 40)))
    assert chi_square_points(0.01, np.array([0, 9])).tolist() == pytest.approx([0.0, 21.665994])


def test_kolmogorov():
    x = np.concatenate(([0.0, 1e-5], np.linspace(0.05, 8, 500)))
    np.testing.assert_allclose(kolmogorov_tail(x), special.kolmogorov(x), rtol=1e-10, atol=1e-14)
    assert special.kolmogorov(KOLMOGOROV_99) == pytest.approx(0.01, rel=1e-12)


@pytest.mark.parametrize("n", [1, 3, 20, 500, 100_000])
@pytest.mark.parametrize("p", [0.001, 0.02, 0.3, 0.5, 0.9])
def test_binomial(n, p):
    k = np.unique(np.round(np.clip(n * p + np.sqrt(n * p * (1 - p)) * np.linspace(-6, 8, 30), 0, n)))
    low, high = binomial_tails(k, np.full(len(k), float(n)), np.full(len(k), p))
    np.testing.assert_allclose(low, stats.binom.cdf(k, n, p), rtol=1e-8)
    np.testing.assert_allclose(high, stats.binom.sf(k - 1, n, p), rtol=1e-8)


@pytest.mark.parametrize(("n", "hits", "total"), [(12, 5, 40), (1, 1, 2), (30, 0, 60), (30, 60, 60), (400, 700, 5_000)])
def test_hypergeometric(n, hits, total):
    k = np.arange(max(0, n - (total - hits)), min(n, hits) + 1.0)
    low, high = hypergeometric_tails(k, *(np.full(len(k), float(each)) for each in (n, hits, total)))
    exact = stats.hypergeom(total, hits, n)
    np.testing.assert_allclose(low, exact.cdf(k), rtol=1e-8, atol=1e-290)
    np.testing.assert_allclose(high, exact.sf(k - 1), rtol=1e-8, atol=1e-290)


def test_hypergeometric_far_from_the_mean_of_many_rows():
    n, hits, total = (np.full(3, each) for each in (400_000.0, 300_000.0, 1_000_000.0))
    low, high = hypergeometric_tails(np.array([100_000.0, 120_000.0, 140_000.0]), n, hits, total)
    assert low[[0, 2]].tolist() == [0.0, 1.0]
    assert high[[0, 2]].tolist() == [1.0, 0.0]
    assert low[1] == pytest.approx(stats.hypergeom(1_000_000, 300_000, 400_000).cdf(120_000), rel=1e-6)


def test_hypergeometric_of_many_kinds():
    rng = np.random.default_rng(0)
    total = rng.integers(20, 200_000, 400)
    errors, n = (total * rng.random(400)).astype(int), (total * rng.random(400) ** 2).astype(int) + 1
    k = np.clip(stats.hypergeom.rvs(total, errors, n, random_state=1) + rng.integers(-5, 25, 400), 0, n)
    _, got = hypergeometric_tails(k, n, errors, total)
    np.testing.assert_allclose(got, stats.hypergeom.sf(k - 1, total, errors, n), rtol=1e-6, atol=1e-290)


def test_hypergeometric_goes_on_between_whole_numbers():
    k = np.linspace(10, 11, 11)
    _, got = hypergeometric_tails(k, np.full(11, 60.5), np.full(11, 100.3), np.full(11, 1000.7))
    assert (np.diff(got) < 0).all()


@pytest.mark.parametrize("df", [1.0, 2.5, 9.0, 400.0])
def test_student(df):
    t = np.concatenate((np.linspace(-9, 40, 200), [np.inf, -np.inf]))
    np.testing.assert_allclose(student_tail(t, np.full(len(t), df)), stats.t.sf(t, df), rtol=1e-8, atol=1e-290)


@pytest.mark.parametrize("behind", [7.0, 36.0, 72.5, 1e6])
def test_variance_ratio(behind):
    df = np.repeat([0.5, 1.0, 3.7, 30.0], 50)
    x = np.tile(np.concatenate(([0.0], np.geomspace(1e-6, 500, 49))), 4)
    found = variance_ratio_tail(x, df, np.full(200, behind))
    np.testing.assert_allclose(found, stats.f.sf(x / df, df, behind), rtol=1e-8, atol=1e-250)
    assert variance_ratio_tail(np.array([3.0]), np.array([0.0]), np.array([9.0])).tolist() == [1.0]
