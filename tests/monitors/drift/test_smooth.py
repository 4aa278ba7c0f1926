import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.smooth import smooth_p
from modelwatch.profiles import NumericValues, fit, profile
from tests.monitors.drift.frames import X, pair


def on_rows(now, before):
    """The statistic from raw rows: middle ranks in the reference, polynomials made orthonormal on all rows."""
    now, before = np.asarray(now, float), np.asarray(before, float)
    ordered = np.sort(before)

    def rank(x):
        low, high = np.searchsorted(ordered, x, "left"), np.searchsorted(ordered, x, "right")
        return (low + high) / 2 / len(before) - 0.5

    a, b = rank(now), rank(before)
    both = np.concatenate((a, b))
    design = np.column_stack((np.ones(len(both)), both, both**2))
    q, r = np.linalg.qr(design)
    kept = np.abs(np.diag(r)) > 1e-9 * np.sqrt(len(both))
    scores = q[:, kept][:, 1:] * np.sqrt(len(both))
    difference = scores[: len(a)].mean(axis=0) - scores[len(a) :].mean(axis=0)
    return len(a) * len(b) / len(both) * float(difference @ difference)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(200, 800), st.integers(1_000, 3_000))
def test_of_repeated_values_it_is_exact(seed, distinct, n, m):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=distinct)
    before, now = rng.choice(values, m), rng.choice(values, n)
    assume(len(np.unique(before)) == distinct)
    table = check(*pair(now, before))
    assert table.smooth[0] == pytest.approx(on_rows(now, before), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("draw", ["normal", "lognormal", "exponential", "uniform"])
@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_of_continuous_values_it_is_within_1_percent(draw, shift):
    rng = np.random.default_rng(3)
    before, now = getattr(rng, draw)(size=20_000), getattr(rng, draw)(size=3_000) + shift
    exact = on_rows(now, before)
    assert check(*pair(now, before)).smooth[0] == pytest.approx(exact, rel=0.01, abs=0.1)


def test_under_no_drift_it_is_chi_square_with_two_degrees_of_freedom():
    rng = np.random.default_rng(4)
    reference = {X: NumericValues(rng.lognormal(size=20_000))}
    binning = fit(reference)
    before = profile(binning, reference)
    found = []
    for _ in range(800):
        table = check(profile(binning, {X: NumericValues(rng.lognormal(size=400))}), before, binning)
        found.append(table.smooth[0])
    assert stats.kstest(found, "chi2", args=(2,)).pvalue > 0.001
    assert smooth_p(np.array([[3.0, 4.0]]), np.array([[1.0, 0.0, 1.0]]), np.inf)[1][0] == pytest.approx(
        stats.chi2.sf(25, 2)
    )


@pytest.mark.parametrize("freedom", [20, 127])
def test_with_an_estimated_covariance_it_is_hotellings(freedom):
    scores, covariance = np.array([[4.0, -3.0]]), np.array([[3.0, 1.0, 2.0]])
    distance, p = smooth_p(scores, covariance, float(freedom))
    matrix = np.array([[3.0, 1.0], [1.0, 2.0]])
    assert distance[0] == pytest.approx(scores[0] @ np.linalg.solve(matrix, scores[0]))
    assert p[0] == pytest.approx(stats.f.sf(distance[0] * (freedom - 1) / (2 * freedom), 2, freedom - 1))


def test_what_has_one_value_has_nothing_to_move():
    table = check(*pair([5.0] * 300, [5.0] * 300))
    assert (table.smooth[0], table.smooth_p[0]) == (0.0, 1.0)


@pytest.mark.parametrize("value", [1e6, -1e300, float("inf"), float("nan")])
def test_one_odd_row_changes_no_verdict(value):
    rng = np.random.default_rng(5)
    before = rng.normal(size=20_000)
    for shift in (0.0, 0.5, 1.5):
        now = rng.normal(shift, 1, size=2_000)
        odd = now.copy()
        odd[0] = value
        plain, with_odd = check(*pair(now, before)), check(*pair(odd, before))
        assert plain.levels[0] == with_odd.levels[0]
        assert with_odd.psi[0] == pytest.approx(plain.psi[0], rel=0.05, abs=0.02)
