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
    kolmogorov_tail,
    normal_tail,
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
