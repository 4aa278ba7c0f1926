"""The laws of profiles, against rows counted one by one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.profiles import NULL, empty, fit, merge, profile, profile_buckets, subtract
from tests.profiles.oracle import C, X, category, count_numbers, count_words, held, numbers, numeric, words

rows = st.lists(st.tuples(numbers, words), max_size=40)
laws = settings(max_examples=100, deadline=None)
tame = st.lists(st.tuples(st.one_of(st.none(), st.integers(-50, 50).map(float)), words), max_size=40)


def columns(batch):
    return {X: numeric([x for x, _ in batch]), C: category([c for _, c in batch])}


def same(a, b):
    """Equal; sums of z may be added in another order, so they may differ by rounding."""
    assert np.array_equal(a.counts, b.counts)
    assert np.array_equal(a.extremes, b.extremes)
    assert (a.binning, a.rows, a.weight, a.weight_sq) == (b.binning, b.rows, b.weight, b.weight_sq)
    close(a, b)


def close(a, b):
    """Sums of z added in another order: they may differ by the rounding of their largest terms."""
    rounding = 1e-12 * np.sqrt(max(a.rows, 1.0) * a.moments[:, 1]) + 1e-12
    assert np.all(np.abs(a.moments[:, 0] - b.moments[:, 0]) <= rounding)
    np.testing.assert_allclose(a.moments[:, 1], b.moments[:, 1], rtol=1e-12)


def recounted(p, batch, weights, binning, reference):
    xs, cs = [x for x, _ in batch], [c for _, c in batch]
    expected = count_numbers(xs, weights, binning.columns[0].bins)
    assert held(p.counts[0]) == pytest.approx(expected.slots)
    assert p.extremes[0].tolist() == [expected.low, expected.high]
    rounding = 1e-12 * (math.sqrt(max(sum(weights), 1.0) * expected.second) + 1)
    assert p.moments[0, 0] == pytest.approx(expected.first, abs=rounding)
    assert p.moments[0, 1] == pytest.approx(expected.second, rel=1e-12)
    words_held = count_words(cs, weights, binning.columns[1].bins, [c for _, c in reference])
    assert held(p.counts[1]) == pytest.approx(words_held)
    assert p.rows == len(batch)
    assert p.weight == pytest.approx(sum(weights))
    assert p.weight_sq == pytest.approx(sum(w * w for w in weights))


@laws
@given(rows, rows, rows)
def test_merging_profiles_is_counting_all_rows(reference, a, b):
    binning = fit(columns(reference))
    merged = merge(profile(binning, columns(a)), profile(binning, columns(b)))
    recounted(merged, a + b, [1.0] * len(a + b), binning, reference)


@laws
@given(rows, rows, st.data())
def test_buckets_and_weights_are_counted_row_by_row(reference, batch, data):
    binning = fit(columns(reference))
    slots = data.draw(st.lists(st.integers(0, 3), min_size=len(batch), max_size=len(batch)))
    weights = data.draw(st.lists(st.sampled_from([0.5, 1.0, 2.25]), min_size=len(batch), max_size=len(batch)))
    found = profile_buckets(binning, columns(batch), np.array(slots, dtype=np.int32), 4, np.array(weights))
    for slot, p in enumerate(found):
        mine = [i for i, s in enumerate(slots) if s == slot]
        recounted(p, [batch[i] for i in mine], [weights[i] for i in mine], binning, reference)


@laws
@given(rows, rows, rows, rows)
def test_profiles_form_a_commutative_monoid(reference, a, b, c):
    binning = fit(columns(reference))
    p, q, r = (profile(binning, columns(batch)) for batch in (a, b, c))
    assert merge(p, q) == merge(q, p)
    same(merge(merge(p, q), r), merge(p, merge(q, r)))
    assert merge(p, empty(binning)) == p


@laws
@given(tame, tame, tame)
def test_subtracting_undoes_merging_but_for_extremes(reference, a, b):
    binning = fit(columns(reference))
    p, q = profile(binning, columns(a)), profile(binning, columns(b))
    left = subtract(merge(p, q), q)
    assert np.array_equal(left.counts, p.counts)
    assert (left.rows, left.weight, left.weight_sq) == (p.rows, p.weight, p.weight_sq)
    np.testing.assert_allclose(left.moments, p.moments, rtol=1e-9, atol=1e-6)
    assert np.array_equal(left.extremes, merge(p, q).extremes)


@laws
@given(tame, st.lists(st.tuples(st.tuples(numbers, words), st.integers(0, 3)), max_size=30))
def test_weights_are_repeated_rows(reference, weighted):
    binning = fit(columns(reference))
    batch = [row for row, _ in weighted]
    weights = [weight for _, weight in weighted]
    repeated = profile(binning, columns([row for row, weight in weighted for _ in range(weight)]))
    counted = profile(binning, columns(batch), np.array(weights, dtype=np.float64))
    assert np.array_equal(counted.counts, repeated.counts)
    close(counted, repeated)
    assert counted.weight == repeated.weight


def test_effective_rows_are_fewer_when_weights_differ():
    binning = fit({X: numeric([1.0, 2.0])})
    even = profile(binning, {X: numeric([1.0] * 10)}, np.full(10, 3.0))
    uneven = profile(binning, {X: numeric([1.0] * 10)}, np.array([10.0] + [1e-9] * 9))
    assert even.effective_rows == pytest.approx(10)
    assert uneven.effective_rows == pytest.approx(1)
    assert empty(binning).effective_rows == 0


def test_a_column_that_the_batch_lacks_is_null():
    binning = fit({X: numeric([1.0, 2.0]), C: category(["a"])})
    p = profile(binning, {X: numeric([1.0, 2.0, 3.0])})
    assert held(p.counts[1]) == {NULL: 3.0}


def test_a_column_of_the_other_type_is_mistyped_where_it_has_a_value():
    binning = fit({X: numeric([1.0, 2.0]), C: category(["a"])})
    p = profile(binning, {X: category(["1", None]), C: numeric([1.0, None])})
    assert held(p.counts[0]) == held(p.counts[1]) == {256: 1.0, 259: 1.0}


def test_a_batch_without_rows_is_the_empty_profile():
    binning = fit({X: numeric([1.0]), C: category(["a"])})
    assert profile(binning, {}) == profile(binning, {X: numeric([])}) == empty(binning)


def test_what_cannot_be_added_is_refused():
    a, b = fit({X: numeric([1.0])}), fit({X: numeric([2.0])})
    for verb in (merge, subtract):
        with pytest.raises(ValueError, match="different binnings"):
            verb(empty(a), empty(b))
    with pytest.raises(ValueError, match="outside"):
        profile_buckets(a, {X: numeric([1.0])}, np.array([1], dtype=np.int32), 1)
    with pytest.raises(ValueError, match="rows of the batch"):
        profile_buckets(a, {X: numeric([1.0])}, np.array([0, 0], dtype=np.int32), 1)


def test_values_far_beyond_the_reference_leave_the_sums_finite():
    binning = fit({X: numeric([1.0, 2.0, 3.0])})
    p = profile(binning, {X: numeric([1e308, -1e308] * 500)})
    assert np.isfinite(merge(p, p).moments).all()
