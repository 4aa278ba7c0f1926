"""Bands hold every number once, in order."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.profiles.bands import band_labels, band_of, quantile_edges

numbers = st.lists(st.one_of(st.floats(allow_nan=True), st.integers(-3, 3).map(float)), max_size=40)


@given(numbers, st.lists(st.floats(-100, 100), max_size=5, unique=True))
def test_a_value_is_in_the_band_that_its_edges_say(values: list[float], edges: list[float]) -> None:
    edges = sorted(edges)
    low, high = [-np.inf, *edges], [*edges, np.inf]
    for value, code in zip(values, band_of(np.array(values, float), edges).tolist(), strict=True):
        if np.isnan(value):
            assert code == len(band_labels(edges))
        else:
            assert low[code] <= value
            assert value < high[code] or value == high[code] == np.inf


@given(numbers, st.integers(1, 6))
def test_no_quantile_band_is_empty_and_there_are_no_more_than_asked_for(values: list[float], count: int) -> None:
    edges = quantile_edges(np.array(values, float), count)
    known = np.array([value for value in values if np.isfinite(value)])
    held = np.bincount(band_of(known, edges), minlength=len(edges) + 1)
    assert len(held) <= count
    assert not len(known) or (held > 0).all()


def test_quantile_bands_hold_about_equally_many() -> None:
    values = np.random.default_rng(1).normal(size=10_000)
    edges = quantile_edges(values, 4)
    assert np.abs(np.bincount(band_of(values, edges)) - 2_500).max() <= 1
