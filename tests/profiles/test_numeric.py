import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.profiles.numeric import MAX_BINS, NumericBinning, bins_counted, bins_needed, fit_numeric, pack
from modelwatch.profiles.values import NumericValues

finite = st.floats(allow_nan=False, allow_infinity=False)
some = st.lists(st.one_of(finite, st.integers(-20, 20).map(float)), min_size=1, max_size=400)


def fitted(values, weights=None):
    return fit_numeric(NumericValues(np.array(values, dtype=np.float64)), weights)


def shares(bins, values):
    """Counted by a loop over rows, not by the kernels."""
    edges = bins.edges.tolist()
    counts = np.zeros(bins.bins)
    for value in values:
        counts[sum(edge <= value for edge in edges)] += 1
    return counts / len(values)


@settings(max_examples=150, deadline=None)
@given(some)
def test_edges_ascend_and_the_ends_are_open_and_empty(values):
    bins = fitted(values)
    assert bins.bins <= MAX_BINS
    assert np.all(np.diff(bins.edges) > 0)
    assert bins.edges[0] == min(values)
    share = shares(bins, values)
    assert share[0] == share[-1] == 0
    assert share.sum() == pytest.approx(1)


@settings(max_examples=150, deadline=None)
@given(some)
def test_no_bin_of_several_values_holds_more_than_two_in_254(values):
    bins = fitted(values)
    single = bins.single()
    for i, share in enumerate(shares(bins, values)):
        if not single[i]:
            assert share <= 2 / 254 + 1e-12


@pytest.mark.parametrize(
    "values",
    [
        np.arange(254.0),
        np.repeat(np.arange(100.0), 50),
        np.concatenate([np.zeros(5000), np.random.default_rng(1).lognormal(size=5000)]),
    ],
    ids=["254 values", "100 whole numbers", "half zeros"],
)
def test_a_frequent_value_is_a_bin_of_its_own(values):
    bins = fitted(values)
    frequent = [v for v, n in zip(*np.unique(values, return_counts=True), strict=True) if n * 254 >= len(values)]
    assert frequent
    single = bins.single()
    for value in frequent if len(frequent) < 128 else []:
        assert single[int(np.searchsorted(bins.edges, value, side="right"))]


def test_mass_is_packed_as_evenly_as_the_bins_allow():
    values = np.random.default_rng(2).standard_cauchy(100_000)
    bins = fitted(values)
    counts = np.bincount(np.searchsorted(bins.edges, values, side="right"), minlength=bins.bins)
    assert bins.bins == MAX_BINS
    assert counts.max() <= np.ceil(100_000 / 254 * 1.002)


@pytest.mark.parametrize(
    "values",
    [
        [1.7976931348623157e308],
        [1e308, -1e308],
        [5e-324, 0.0, -5e-324],
        [0.0],
        [-0.0, 0.0],
        [1e-310] * 3,
    ],
    ids=str,
)
def test_the_ends_of_float64_work(values):
    bins = fitted(values)
    assert np.isfinite(bins.center)
    assert np.isfinite(bins.scale)
    assert bins.scale > 0
    assert shares(bins, values).sum() == pytest.approx(1)


def test_a_column_without_a_number_has_one_bin():
    empty = np.array([np.nan, np.inf, 3.0])
    bins = fit_numeric(NumericValues(empty, np.array([False, False, True])))
    assert bins == NumericBinning(np.empty(0))
    assert bins.bins == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9).map(float), st.integers(0, 4)), min_size=1, max_size=60))
def test_weights_are_repeated_rows(rows):
    values = np.array([value for value, _ in rows])
    weights = np.array([float(weight) for _, weight in rows])
    assert fitted(values, weights) == fitted(np.repeat(values, weights.astype(int)))


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3000), st.floats(1e-5, 1.0), st.floats(1e-5, 1.0))
def test_values_that_do_not_repeat_are_packed_without_a_loop_alike(n, capacity, own):
    share = np.full(n, 1 / n)
    assert bins_needed(share, capacity, own) == bins_counted(share, capacity, own)
    if share[0] < own:
        assert bins_needed(share, capacity, own) == len(pack(share, capacity, own)[0])
