import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnType
from modelwatch.profiles import fit, profile
from modelwatch.profiles.describe import MAX_BARS, describe, deviation, mean, quantile
from tests.profiles.oracle import X, category, numbers, numeric


def described(now, before, make=numeric):
    binning = fit({X: make(before)})
    return describe(profile(binning, {X: make(now)}), profile(binning, {X: make(before)}), binning, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(numbers, max_size=60), st.lists(numbers, max_size=60))
def test_every_row_is_drawn_once(now, before):
    d = described(now, before)
    assert len(d.bars) <= MAX_BARS
    for side, rows in (("reference", before), ("window", now)):
        drawn = sum(getattr(bar, side) for bar in d.bars) + sum(getattr(s, side) for s in d.specials)
        has_place = d.bars or not any(isinstance(row, float) and np.isfinite(row) for row in rows)
        if rows and has_place:
            assert drawn == pytest.approx(1)
    for left, right in zip(d.bars, d.bars[1:], strict=False):
        assert left.lower < left.upper == right.lower
    assert all(bar.reference >= -1e-12 and bar.window >= -1e-12 for bar in d.bars)


def test_bars_follow_the_rows():
    rng = np.random.default_rng(40)
    before, now = rng.normal(size=50_000).tolist(), rng.normal(1, 1, size=20_000).tolist()
    d = described(now, before)
    assert len(d.bars) == MAX_BARS
    edges = [bar.lower for bar in d.bars] + [d.bars[-1].upper]
    np.testing.assert_allclose([b.reference for b in d.bars], np.histogram(before, edges)[0] / 50_000, atol=0.003)
    drawn, counted = np.array([b.window for b in d.bars]), np.histogram(now, edges)[0] / 20_000
    known = np.array(edges[1:]) <= np.quantile(before, 0.99)
    np.testing.assert_allclose(drawn[known], counted[known], atol=0.005)
    # where the reference has one wide bin, and beyond it, rows are counted and drawn evenly
    np.testing.assert_allclose(drawn[~known].sum(), counted[~known].sum(), atol=0.01)
    above = next(s for s in d.specials if s.name == "above")
    assert above.window == pytest.approx(np.mean(np.array(now) > edges[-1]), abs=0.003)


def test_few_whole_numbers_have_a_bar_each():
    d = described([2.0] * 30 + [0.0] * 10, [0.0, 1.0, 2.0, 3.0] * 25)
    assert [(bar.lower, bar.upper) for bar in d.bars] == [(-0.5, 0.5), (0.5, 1.5), (1.5, 2.5), (2.5, 3.5)]
    assert [bar.reference for bar in d.bars] == pytest.approx([0.25] * 4)
    assert [bar.window for bar in d.bars] == pytest.approx([0.25, 0.0, 0.75, 0.0])


@pytest.mark.parametrize("value", [0.0, 0.3, -7.0, 1e300])
def test_a_constant_is_one_bar(value):
    d = described([value] * 3, [value] * 5)
    assert [(bar.reference, bar.window) for bar in d.bars] == [(1.0, 1.0)]
    assert d.bars[0].lower <= value < d.bars[0].upper
    assert d.window_median == value
    assert d.window_mean == pytest.approx(value)


def test_categories_come_in_order_with_other_and_unseen():
    before = ["a"] * 5 + ["b"] * 3 + [f"w{i:02}" for i in range(32)]
    d = described(["b", "new", None, "w31"], before, category)
    assert d.kind is ColumnType.CATEGORY
    assert d.bars == ()
    assert [share.name for share in d.categories[:3]] == ["a", "b", "w00"]
    assert len(d.categories) == 30
    assert {s.name: s.window for s in d.specials} == {"null": 0.25, "other": 0.25, "unseen": 0.25}
    assert d.reference_median is None


def test_moments_and_quantiles_are_those_of_the_rows():
    rows = np.random.default_rng(41).lognormal(size=20_000)
    values = {X: numeric(rows.tolist())}
    binning = fit(values)
    p = profile(binning, values)
    assert mean(p, binning, 0) == pytest.approx(rows.mean())
    assert deviation(p, binning, 0) == pytest.approx(rows.std())
    for q in (0.01, 0.25, 0.5, 0.75, 0.99):
        found = quantile(p, binning, 0, q)
        assert abs(np.mean(rows <= found) - q) <= 1 / 254
    assert quantile(p, binning, 0, 0.0) == pytest.approx(rows.min())
    assert quantile(p, binning, 0, 1.0) == pytest.approx(rows.max())


def test_the_median_of_whole_numbers_is_whole():
    values = {X: numeric([float(i) for i in np.random.default_rng(42).poisson(900, size=5_000)])}
    binning = fit(values)
    assert quantile(profile(binning, values), binning, 0, 0.5) == pytest.approx(900, abs=3)
    assert float(quantile(profile(binning, values), binning, 0, 0.5)).is_integer()


def test_numbers_near_the_ends_of_float64_are_drawn():
    d = described([1e308, -1e308], [1e308, -1e308, 0.5])
    assert sum(bar.window for bar in d.bars) == pytest.approx(1)
    assert d.window_mean == pytest.approx(0.0, abs=1e300)


def test_bars_are_no_finer_than_the_steps_of_the_data():
    rng = np.random.default_rng(4)
    values = (np.round(rng.normal(5, 8, size=40_000) * 2) / 2 * 1.8 + 32.02).tolist()
    d = described(values, values)
    shares = np.array([bar.reference for bar in d.bars])
    inner = shares[np.cumsum(shares) > 0.05][:-3]
    assert (inner > 0).all()
    assert len(d.bars) < MAX_BARS


def test_a_window_beyond_the_reference_is_drawn_where_it_went():
    rng = np.random.default_rng(4)
    d = described((rng.normal(size=5_000) + 12).tolist(), rng.normal(size=5_000).tolist())
    assert sum(bar.window for bar in d.bars if bar.lower > 3) > 0.9
    assert sum(bar.reference for bar in d.bars) > 0.98
