"""Bands say what is in them, and hold about equally many rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.coded import OTHER, Coded, bands, capped, fit_bands, shortest

NUMBERS = st.floats(allow_nan=True, allow_infinity=True, width=64)
ROUND = st.integers(-50, 50).map(lambda value: value / 4)


def inside(label: str, value: float) -> bool:
    """Whether a value is where its label says."""
    if label.startswith("< "):
        return value < float(label[2:])
    if label.startswith("≥ "):
        return value >= float(label[2:])
    if label.startswith("["):
        low, high = label[1:-1].split(", ")
        return float(low) <= value < float(high)
    return label == "any number" or value == pytest.approx(float(label), rel=1e-14)


@given(arrays(np.float64, st.integers(0, 60), elements=st.one_of(NUMBERS, ROUND)))
def test_every_value_is_in_the_band_that_names_it(values):
    codes, labels = bands(values)
    assert len(codes) == len(values)
    for value, code in zip(values, codes, strict=True):
        if np.isnan(value):
            assert labels[code] is None
        elif np.isfinite(values).any() and np.isfinite(value) and abs(value) < 1e15 and abs(value) > 1e-12:
            assert inside(labels[code], value)
    finite = np.isfinite(values)
    assert len(np.unique(codes[finite])) == (len(labels) - 1 if finite.any() else 0)


@pytest.mark.parametrize("seed", range(5))
def test_bands_of_continuous_values_hold_about_equally_many(seed):
    rng = np.random.default_rng(seed)
    for values in (rng.normal(50, 20, 5000), rng.lognormal(0, 3, 5000), rng.exponential(1e-6, 5000)):
        codes, labels = bands(values)
        share = np.bincount(codes, minlength=len(labels))[:-1] / 5000
        assert len(share) == 8
        assert share.min() > 0.125 * 0.65
        assert share.max() < 0.125 * 1.35
        assert max(len(label.replace("e-07", "").replace("e-06", "")) for label in labels[:-1]) <= 16


def test_a_frequent_value_is_a_band_of_its_own():
    rng = np.random.default_rng(1)
    values = np.where(rng.random(4000) < 0.7, 0.0, rng.normal(0, 1, 4000))
    codes, labels = bands(values)
    assert "0" in labels
    assert (values[codes == labels.index("0")] == 0).all()
    assert np.bincount(codes)[labels.index("0")] > 2700


def test_few_values_are_named_and_hours_are_cut_at_whole_numbers():
    assert bands(np.array([0.0, 1.0, 1.0, 0.5]))[1] == ("0", "0.5", "1", None)
    _, labels = bands(np.arange(2400) % 24.0)
    assert all("." not in label for label in labels[:-1])


def test_bands_place_values_that_they_were_not_fitted_to():
    fitted = fit_bands(np.arange(100.0))
    codes = fitted.codes(np.array([-1e9, -np.inf, 1e9, np.inf, np.nan]))
    last = len(fitted.labels) - 1
    assert codes.tolist() == [0, 0, last - 1, last - 1, last]


@pytest.mark.parametrize("values", [np.empty(0), np.array([np.nan, np.nan]), np.array([np.inf, -np.inf])])
def test_nothing_to_cut(values):
    codes, labels = bands(values)
    assert labels == ("infinite", None)
    assert codes.tolist() == np.isnan(values).astype(int).tolist()


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
@example(0.0, 1e308)
@example(0.0, 5e-324)
def test_the_shortest_number_is_between(a, b):
    if a != b:
        low, high = sorted((a, b))
        assert low < shortest(low, high) <= high


@given(st.lists(st.integers(-1, 9), max_size=60), st.integers(1, 12))
def test_capped_keeps_the_most_frequent(codes, most):
    names = [f"v{i}" for i in range(10)]
    array = np.array(codes, dtype=np.int64)
    got, labels = capped(array, names, most)
    counts = {name: codes.count(i) for i, name in enumerate(names)}
    kept = [label for label in labels if label not in (None, OTHER)]
    assert len(kept) == min(most, sum(count > 0 for count in counts.values()))
    assert all(counts[label] >= counts[name] for label in kept for name in set(names) - set(kept))
    for code, place in zip(codes, got, strict=True):
        expected = None if code < 0 else names[code] if names[code] in kept else OTHER
        assert labels[place] == expected


def test_a_code_without_a_label_is_refused():
    with pytest.raises(ValueError, match="beyond its 1 labels"):
        Coded(ColumnKey(Role.FEATURE, "x"), np.array([0, 1]), ("a",))
    with pytest.raises(ValueError, match="beyond"):
        Coded(ColumnKey(Role.FEATURE, "x"), np.array([-1]), ("a",))
