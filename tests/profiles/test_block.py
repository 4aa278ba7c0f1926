import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.profiles import Profile, decode, empty, encode, fit, merge, merge_blocks, profile
from modelwatch.profiles import block as stored
from tests.profiles.oracle import C, X, category, numbers, numeric, words

columns = st.lists(st.tuples(numbers, words), min_size=1, max_size=30).map(
    lambda rows: {X: numeric([x for x, _ in rows]), C: category([c for _, c in rows])}
)
laws = settings(max_examples=80, deadline=None)


@laws
@given(columns, columns, st.sampled_from([None, 1.0, 20.0, 300.0, 70_000.0, 5e9, 0.1, 1 / 3]))
def test_a_decoded_block_is_the_profile(reference, batch, weight):
    binning = fit(reference)
    weights = None if weight is None else np.full(len(batch[X]), weight)
    p = profile(binning, batch, weights)
    block = encode(p, binning)
    assert decode(block, binning) == p
    assert encode(p, binning) == block


@laws
@given(columns, st.lists(st.tuples(columns, st.sampled_from([1.0, 40.0, 0.5])), max_size=5))
def test_merged_blocks_are_the_merged_profiles(reference, batches):
    binning = fit(reference)
    profiles = [profile(binning, batch, np.full(len(batch[X]), weight)) for batch, weight in batches]
    expected = empty(binning)
    for each in profiles:
        expected = merge(expected, each)
    found = merge_blocks([encode(each, binning) for each in profiles], binning)
    assert np.array_equal(found.counts, expected.counts)
    assert np.array_equal(found.extremes, expected.extremes)
    assert (found.rows, found.weight, found.weight_sq) == (expected.rows, expected.weight, expected.weight_sq)
    np.testing.assert_allclose(found.moments, expected.moments, rtol=1e-12)


@pytest.mark.parametrize("largest", [0, 1, 15, 16, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 0.5, -1.0])
@pytest.mark.parametrize("full", [True, False])
def test_every_form_of_a_column_comes_back(largest, full):
    binning = fit({X: numeric(np.random.default_rng(0).normal(size=300).tolist()), C: category(["a", "b", "a"])})
    counts = np.zeros((2, 260))
    counts[0, : binning.size[0]] = np.arange(binning.size[0]) % 16 if full else 0
    counts[0, [0, 3, 256, 259]] = largest
    counts[1, [1, 257]] = largest
    p = Profile(binning.id, counts, np.ones((2, 2)) * [[1], [0]], empty(binning).extremes, 5.0, 7.0, 9.0)
    assert decode(encode(p, binning), binning) == p


def test_many_large_blocks_do_not_overflow():
    binning = fit({X: numeric([1.0, 2.0])})
    p = profile(binning, {X: numeric([1.0])}, np.array([2.0**31]))
    assert merge_blocks([encode(p, binning)] * 9, binning).counts[0].max() == 9 * 2.0**31


def test_every_changed_bit_is_noticed():
    binning = fit({X: numeric([1.0, 2.0, 3.0]), C: category(["a", "b"])})
    block = encode(profile(binning, {X: numeric([1.0, 2.0, None]), C: category(["a", "c", "b"])}), binning)
    for i in range(len(block)):
        for bit in (0, 7):
            damaged = block[:i] + bytes([block[i] ^ 1 << bit]) + block[i + 1 :]
            with pytest.raises(CorruptData):
                decode(damaged, binning)
        with pytest.raises(CorruptData):
            decode(block[:i], binning)


def test_forged_counts_with_a_right_checksum_are_refused():
    binning = fit({X: numeric([1.0, 2.0, 3.0])})
    _, start = stored.layout(binning)
    for form in ([6], [6, 0x0002_0009_0000_0002], [1], [9]):
        body = np.zeros(start // 8 + len(form) - 1, dtype=np.uint64)
        body[stored.FORMS // 8] = form[0]
        body[start // 8 :] = form[1:]
        check = int(stored.checksum(body))
        head = stored.HEAD.pack(stored.MAGIC, stored.HEAD.size + body.nbytes, bytes.fromhex(binning.id), check)
        with pytest.raises(CorruptData):
            decode(head + body.tobytes(), binning)


def test_a_block_of_another_binning_is_refused():
    a, b = fit({X: numeric([1.0])}), fit({X: numeric([2.0])})
    with pytest.raises(CorruptData, match="stands on binning"):
        decode(encode(empty(a), a), b)
    with pytest.raises(ValueError, match="cannot be stored"):
        encode(empty(a), b)
