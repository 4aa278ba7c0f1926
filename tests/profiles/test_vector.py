"""The laws of vector columns, and their sums against numbers computed one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.profiles import (
    INFINITE,
    MISTYPED,
    NAN,
    NULL,
    Binning,
    NumericValues,
    VectorBinning,
    decode,
    encode,
    fit,
    merge,
    merge_blocks,
    profile,
    profile_buckets,
    subtract,
)
from modelwatch.profiles.directions import bits, normals, uniforms
from modelwatch.profiles.vector import REACH, UNIT, features_of, lengthened, projection
from tests.profiles.vectors import IMG, vectors

laws = settings(max_examples=40, deadline=None)


def bins_of(binning: Binning) -> VectorBinning:
    bins = binning.columns[0].bins
    assert isinstance(bins, VectorBinning)
    return bins


@pytest.fixture(scope="module")
def reference():
    return np.random.default_rng(1).normal(size=(800, 12)).astype(np.float32)


@pytest.fixture(scope="module")
def binning(reference):
    return fit({IMG: vectors(reference)})


def near(a, b, rows):
    """Equal but for the last bit of single features, which may depend on how many rows are multiplied at once."""
    bins = slice(0, -1 - 4 - 20)
    assert np.array_equal(a.counts[0, 256:], b.counts[0, 256:])
    assert np.abs(a.counts - b.counts)[:, bins].max(initial=0) <= max(1.0, rows / 100)
    assert (a.rows, a.weight, a.weight_sq) == (b.rows, b.weight, b.weight_sq)


@laws
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_merging_is_counting_all_rows(binning, p, q, seed):
    x = np.random.default_rng(seed).normal(size=(p + q, 12)) * 2
    merged = merge(*(profile(binning, {IMG: vectors(part)}) for part in (x[:p], x[p:])))
    whole = profile(binning, {IMG: vectors(x)})
    near(merged, whole, p + q)
    assert merged.counts[0, bins_of(binning).rows] == p + q
    assert np.array_equal(subtract(whole, merged).counts, whole.counts - merged.counts)


def test_features_are_what_their_formulas_say(binning, reference):
    """Row by row in float64; the fixture's fit gives only its own numbers."""
    bins = bins_of(binning)
    x = np.random.default_rng(5).normal(size=(50, 12)) * 1.5
    found = features_of(bins, x.astype(np.float32))
    waves = normals(bins.seed, 0, 12 * bins.waves).reshape(12, -1) / bins.bandwidth
    phase = 2 * np.pi * uniforms(bins.seed, 9, bins.waves)
    for row, values, outside in zip(x, found.values, found.outside, strict=True):
        z = np.clip((row - bins.mean) / bins.scale, -8, 8)
        expected = (1 + np.cos(waves.T @ z + phase)) / 2 * UNIT
        assert np.abs(values[: bins.waves] - expected).max() <= 0.51
        along = lengthened(bins.axes) @ z / bins.deviations[: len(bins.axes)]
        axes = values[bins.waves : bins.waves + len(bins.axes)]
        assert np.abs(axes - np.clip((0.5 + along / (2 * REACH)) * UNIT, 0, UNIT)).max() <= 0.51
        length = (np.linalg.norm(row) - bins.norm[0]) / bins.norm[1]
        assert abs(values[-1] - np.clip(0.5 + length / (2 * REACH), 0, 1) * UNIT) <= 0.51
        assert outside == (np.linalg.norm(z) > bins.farthest)
    assert found.outside.any()


def test_the_axes_are_the_principal_directions(reference):
    stretched = reference * np.r_[8.0, 4.0, np.ones(10)]
    mixed = stretched @ np.linalg.qr(np.random.default_rng(2).normal(size=(12, 12)))[0]
    bins = bins_of(fit({IMG: vectors(mixed)}))
    z = (mixed - bins.mean) / bins.scale
    exact = np.linalg.svd(z - z.mean(axis=0), full_matrices=False)[2]
    assert np.abs(np.einsum("ij,ij->i", lengthened(bins.axes)[:2], exact[:2])) == pytest.approx([1, 1], abs=1e-3)


def test_directions_of_the_rest_are_at_right_angles_to_the_axes():
    bins = bins_of(fit({IMG: vectors(np.random.default_rng(3).normal(size=(500, 40)))}))
    matrix, _ = projection(bins)
    rest = matrix[:, bins.waves + len(bins.axes) :]
    assert rest.shape == (40, 16)
    assert np.abs(lengthened(bins.axes) @ rest).max() < 1e-4


def test_no_row_is_lost_whatever_it_holds(binning):
    x = np.zeros((6, 12), np.float32)
    x[1, 3], x[2, 0], x[3, 11] = np.nan, np.inf, -np.inf
    x[3, 0] = np.nan
    x[4] = 3e38
    held = [True, True, True, False, True, True, True, False]
    mistyped = [False] * 7 + [True]
    found = profile(binning, {IMG: vectors(x, held, mistyped)}).counts[0]
    bins = bins_of(binning)
    assert found[[bins.rows, NULL, NAN, INFINITE, MISTYPED]].tolist() == [3, 1, 2, 1, 1]
    assert found[bins.outside] == 1
    assert np.isfinite(found).all()


def test_another_dimension_and_another_type_are_mistyped(binning):
    wrong = profile(binning, {IMG: vectors(np.ones((3, 5)), [True, True, False, True])})
    assert wrong.counts[0, [MISTYPED, NULL]].tolist() == [3, 1]
    number = profile(binning, {IMG: NumericValues(np.zeros(4), np.array([True, False, False, False]))})
    assert number.counts[0, [MISTYPED, NULL]].tolist() == [3, 1]
    assert profile(binning, {}, np.ones(2)).counts[0, NULL] == 2


@pytest.mark.parametrize(
    "rows",
    [
        np.random.default_rng(0).normal(size=(300, 1)),
        np.ones((300, 4)),
        np.zeros((300, 4)),
        np.full((300, 3), 3e38),
        np.zeros((0, 7)),
        np.full((5, 3), np.nan),
        np.eye(3),
        np.where(np.arange(600).reshape(300, 2) == 7, 1e6, np.random.default_rng(0).normal(size=(300, 2))),
        np.random.default_rng(0).normal(size=(50, 4096)),
        np.full((300, 2), 1e-38),
    ],
    ids=["one", "equal", "zero", "huge", "none", "nan", "three", "outlier", "wide", "tiny"],
)
def test_any_reference_can_be_fitted_counted_and_stored(rows):
    binning = fit({IMG: vectors(rows)})
    again = Binning.from_bytes(binning.to_bytes())
    assert again == binning
    assert again.columns == binning.columns
    counted = profile(again, {IMG: vectors(rows)})
    bins = bins_of(binning)
    usable = np.isfinite(rows).all(axis=1).sum()
    assert counted.counts[0, bins.rows] == usable
    assert counted.counts[0, bins.outside] == 0
    assert decode(encode(counted, binning), binning) == counted
    assert all(np.isfinite(each).all() for each in (bins.mean, bins.scale, bins.whitening, bins.deviations))


def test_a_wild_number_leaves_the_scale_of_the_others():
    x = np.random.default_rng(0).normal(size=(2000, 8))
    wild = x.copy()
    wild[17, 3] = 1e6
    plain, other = (bins_of(fit({IMG: vectors(each)})) for each in (x, wild))
    assert other.scale == pytest.approx(plain.scale, rel=0.05)
    assert other.bandwidth == pytest.approx(plain.bandwidth, rel=0.05)


def test_weights_are_repeated_rows(binning):
    x = np.random.default_rng(7).normal(size=(40, 12))
    weights = np.arange(40) % 4
    repeated = profile(binning, {IMG: vectors(np.repeat(x, weights, axis=0))})
    counted = profile(binning, {IMG: vectors(x)}, weights.astype(np.float64))
    assert np.abs(counted.counts - repeated.counts).max() <= 3


def test_buckets_are_counted_each_for_itself(binning):
    x = np.random.default_rng(8).normal(size=(90, 12))
    slots = np.random.default_rng(9).integers(0, 3, 90).astype(np.int32)
    found = profile_buckets(binning, {IMG: vectors(x)}, slots, 3)
    for s, each in enumerate(found):
        near(each, profile(binning, {IMG: vectors(x[slots == s])}), 90)


def test_blocks_add_up_beyond_what_32_bits_hold(binning):
    x = np.random.default_rng(10).normal(size=(64, 12))
    heavy = profile(binning, {IMG: vectors(x)}, np.full(64, 200_000.0))
    total = merge_blocks([encode(heavy, binning)] * 40, binning)
    assert np.array_equal(total.counts, heavy.counts * 40)
    light = profile(binning, {IMG: vectors(x)}, np.full(64, 0.25))
    assert decode(encode(light, binning), binning) == light


def test_a_block_takes_a_kilobyte(binning):
    x = np.random.default_rng(11).normal(size=(2000, 12))
    assert len(encode(profile(binning, {IMG: vectors(x)}), binning)) < 1100


def test_a_binning_is_small_and_notices_damage():
    data = fit({IMG: vectors(np.random.default_rng(0).normal(size=(2000, 768)))}).to_bytes()
    assert len(data) < 35_000
    with pytest.raises(CorruptData):
        Binning.from_bytes(data[:100] + b"x" + data[101:])


def test_the_random_stream_is_the_one_written_down():
    """splitmix64 with seed 0 as its authors print it; the rest is what binnings in the field stand on."""
    assert [hex(x) for x in bits(0, 0, 3).tolist()] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4", "0x6c45d188009454f"]
    x = normals(0x6D77, 0, 200_001)
    assert len(x) == 200_001
    assert [round(float(v), 3) for v in (x.mean(), x.var(), (x**3).mean(), (x**4).mean())] == pytest.approx(
        [0, 1, 0, 3], abs=0.05
    )
    u = uniforms(1, 2, 10_000)
    assert u.min() > 0
    assert u.max() < 1
