"""Ranks against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from modelwatch.monitors.concept.ranks import ranks

whole = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=40)


@settings(deadline=None)
@given(whole, whole)
def test_the_mean_rank_is_the_statistic_of_mann_and_whitney(old: list[float], new: list[float]) -> None:
    found = ranks(np.sort(np.array(old)), np.array(new))
    assert found.mean() * len(old) * len(new) == pytest.approx(stats.mannwhitneyu(new, old).statistic)


def test_ranks_know_no_scale_and_no_tail() -> None:
    rng = np.random.default_rng(0)
    old, new = np.sort(rng.exponential(1.0, 512)), rng.exponential(1.0, 1_000)
    found = ranks(old, new)
    assert (found >= 0).all()
    assert (found <= 1).all()
    assert (ranks(old * 1e9, new * 1e9) == found).all()
    assert (ranks(np.exp(old), np.exp(new)) == found).all()
    assert ranks(np.ones(512), np.array([0.0, 1.0, 2.0])).tolist() == [0.0, 0.5, 1.0]
