"""Parts add up and are those of the rows; what was planted is named, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import Segment
from modelwatch.core.wire import Role
from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.segments import Sides, carriers
from modelwatch.monitors.holm import adjusted
from modelwatch.profiles import CategoryValues, NumericValues, fit, profile

X = ColumnKey(Role.FEATURE, "x")
TAG = ColumnKey(Role.TAG, "region")
NAMES = ["a", "b", "c", "d"]


def seg(s):
    return Segment(TAG, f"s{s}")


def ranking(now, before, watched=None):
    """Carriers of a column given as (values, segment numbers) of window and reference; all segments are watched."""
    make = (lambda v: CategoryValues(v, NAMES)) if now[0].dtype == np.int32 else NumericValues
    binning = fit({X: make(before[0])})

    def counted(values, chosen):
        return profile(binning, {X: make(values[chosen])})

    every = sorted(set(now[1].tolist()) | set(before[1].tolist())) if watched is None else watched
    cut = {seg(s): Sides(counted(now[0], now[1] == s), counted(before[0], before[1] == s)) for s in every}
    whole = counted(now[0], slice(None)), counted(before[0], slice(None))
    return carriers(*whole, cut, binning, 0), check(*whole, binning)


def by_rows(now, before):
    """The parts by their definition, from rows: {segment: (within, mix)}."""
    groups = sorted(set(now[0].tolist()) | set(before[0].tolist()))

    def share(side, g, s=None):
        rows = side[0] if s is None else side[0][side[1] == s]
        return float(np.mean(rows == g)) if len(rows) else None

    floored = [np.array([max(share(side, g), 1e-4) for g in groups]) for side in (now, before)]
    p, q = (each / each.sum() for each in floored)
    found = {}
    for s in sorted(set(now[1].tolist()) | set(before[1].tolist())):
        w, v = float(np.mean(now[1] == s)), float(np.mean(before[1] == s))
        within = mix = 0.0
        for i, g in enumerate(groups):
            ps, qs = share(now, g, s), share(before, g, s)
            ps, qs = (qs if ps is None else ps), (ps if qs is None else qs)
            weight = np.log(p[i] / q[i])
            within += weight * (w + v) / 2 * (ps - qs)
            mix += weight * (w - v) * ((ps + qs) / 2 - (share(now, g) + share(before, g)) / 2)
        found[s] = within, mix
    return found


def drawn(rng, rows, weights, tables):
    """Rows of a four-level column whose distribution depends on the segment."""
    segment = rng.choice(len(weights), rows, p=weights)
    values = np.array([rng.choice(4, p=tables[s]) for s in segment], dtype=np.int32)
    return values, segment


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(250, 900))
def test_parts_are_those_of_the_rows_and_add_up_to_psi(seed, count, rows):
    rng = np.random.default_rng(seed)
    now = drawn(rng, rows, rng.dirichlet(np.ones(count) * 3), rng.dirichlet(np.ones(4) * 5, count))
    before = drawn(rng, 2 * rows, rng.dirichlet(np.ones(count) * 3), rng.dirichlet(np.ones(4) * 5, count))
    found, table = ranking(now, before)
    expected = by_rows(now, before)
    got = {int(each.segment.value[1:]): (each.within, each.mix) for each in found.carriers}
    assert got.keys() == expected.keys()
    for s, parts in expected.items():
        np.testing.assert_allclose(got[s], parts, rtol=1e-9, atol=1e-12)
    assert found.total == pytest.approx(found.within + found.mix)
    assert abs(found.total - float(table.psi[0])) < 4 * 1e-4 * np.log(1e4)


def test_rows_of_no_watched_segment_have_their_part_too():
    rng = np.random.default_rng(5)
    now = drawn(rng, 800, [0.5, 0.3, 0.2], rng.dirichlet(np.ones(4) * 5, 3))
    before = drawn(rng, 1500, [0.5, 0.3, 0.2], rng.dirichlet(np.ones(4) * 5, 3))
    expected = by_rows(now, (before[0], before[1]))
    found, _ = ranking(now, before, watched=[0, 1])
    assert [each.segment for each in found.carriers].count(None) == 1
    rest = next(each for each in found.carriers if each.segment is None)
    assert (rest.within, rest.mix) == pytest.approx(expected[2])
    assert found.total == pytest.approx(sum(sum(parts) for parts in expected.values()))


def test_without_is_the_psi_of_the_rows_that_are_left():
    rng = np.random.default_rng(6)
    tables = rng.dirichlet(np.ones(4) * 5, 3)
    now, before = drawn(rng, 900, [0.4, 0.3, 0.3], tables), drawn(rng, 2000, [0.2, 0.4, 0.4], tables)
    found, _ = ranking(now, before)
    for each in found.carriers:
        s = int(each.segment.value[1:])
        left = [(side[0][side[1] != s], side[1][side[1] != s]) for side in (now, before)]
        _, table = ranking(*left)
        assert each.without == pytest.approx(float(table.psi[0]), rel=1e-9)


def numbers(rng, rows, weights, means, shift=0.0, moved=None):
    segment = rng.choice(len(weights), rows, p=weights)
    values = rng.normal(np.asarray(means)[segment], 1.0)
    return values + np.where(segment == moved, shift, 0.0), segment


WEIGHTS = np.array([0.3, 0.2, 0.15, 0.1, 0.1, 0.08, 0.07])
MEANS = np.array([0.0, 0.5, -0.5, 0.2, 0.0, -0.2, 0.3])


def test_a_drift_planted_in_one_segment_ranks_it_first_and_names_no_other():
    rng = np.random.default_rng(7)
    first = others = 0
    for i in range(100):
        moved = i % 5
        before = numbers(rng, 20_000, WEIGHTS, MEANS)
        now = numbers(rng, 4_000, WEIGHTS, MEANS, 0.8, moved)
        found, _ = ranking(now, before)
        first += found.carriers[0].segment == seg(moved) and found.carriers[0].named == "within"
        others += any(each.named for each in found.carriers[1:])
    assert first >= 95
    assert others <= 4


def test_a_pure_mix_shift_is_named_as_mix_shift():
    rng = np.random.default_rng(8)
    means = np.array([0.0, 2.0, -1.0, 0.0])
    named = []
    for _ in range(60):
        before = numbers(rng, 20_000, [0.4, 0.1, 0.3, 0.2], means)
        now = numbers(rng, 4_000, [0.25, 0.35, 0.25, 0.15], means)
        found, _ = ranking(now, before)
        named.append([(each.segment, each.named) for each in found.carriers if each.named])
        assert found.mix > 5 * abs(found.within)
    assert sum(each[:1] == [(seg(1), "mix")] for each in named) >= 57
    assert sum(any(kind == "within" for _, kind in each) for each in named) <= 2


def test_no_drift_names_no_segment_in_99_of_100():
    rng = np.random.default_rng(9)
    before = numbers(rng, 50_000, WEIGHTS, MEANS)
    wrong = 0
    for _ in range(300):
        found, _ = ranking(numbers(rng, 4_000, WEIGHTS, MEANS), before)
        wrong += any(each.named for each in found.carriers)
    assert wrong <= 9  # P(more | 1 %) < .005


def test_a_mix_that_does_not_matter_to_the_column_is_not_named():
    rng = np.random.default_rng(10)
    wrong = 0
    for _ in range(40):
        before = numbers(rng, 20_000, [0.5, 0.5], [0.0, 0.0])
        found, _ = ranking(numbers(rng, 3_000, [0.8, 0.2], [0.0, 0.0]), before)
        wrong += any(each.named for each in found.carriers)
    assert wrong <= 3


def test_empty_sides_carry_nothing():
    empty = np.zeros(0, dtype=np.int32)
    found, _ = ranking((empty, empty), (np.zeros(300, np.int32), np.zeros(300, np.int32)))
    assert found.total == 0.0
    assert [each.named for each in found.carriers] == [""]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_are_holms(p):
    got = adjusted(p)
    order = sorted(range(len(p)), key=lambda i: p[i])
    largest = 0.0
    for rank, i in enumerate(order):
        largest = max(largest, (len(p) - rank) * p[i])
        assert got[i] == pytest.approx(min(largest, 1.0))
