"""PSI and KL against the same groups recounted from raw rows by a loop."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.groups import GROUPS, grouped
from modelwatch.monitors.drift.kullback_leibler import kullback_leibler
from modelwatch.monitors.drift.psi import psi, psi_chance, psi_mean
from tests.monitors.drift.frames import pair


def quantile_bounds(reference, binning):
    """Tenths of the reference, on its own bins, by counting rows: the first value of each group and its end."""
    edges = binning.columns[0].bins.edges.tolist()
    held = [0] * (len(edges) + 1)
    finite = [x for x in reference if x is not None and math.isfinite(x)]
    for x in finite:
        held[sum(edge <= x for edge in edges)] += 1
    group, passed = 0, 0
    answer: list[int] = []
    started = False
    for count in held:
        if count:
            middle = (passed + count / 2) / len(finite)
            group = min(int(middle * 10), 9)
            if not started:
                answer = [group] * len(answer)
                started = True
        passed += count
        answer.append(group)
    return edges, answer


def by_rows(current, reference, place):
    """PSI and KL of two lists of rows whose group is `place(row)`: floored at 1e-4, renormalised, natural logarithm."""
    names = sorted({place(row) for row in [*current, *reference]}, key=str)

    def shares(rows):
        raw = [max(sum(place(row) == name for row in rows) / len(rows), 1e-4) for name in names]
        return [share / math.fsum(raw) for share in raw]

    p, q = shares(current), shares(reference)
    return (
        math.fsum((a - b) * math.log(a / b) for a, b in zip(p, q, strict=True)),
        math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True)),
    )


def number_place(reference, binning):
    edges, groups = quantile_bounds(reference, binning)

    def place(x):
        if x is None or not math.isfinite(x):
            return "null" if x is None else "nan" if math.isnan(x) else "infinite"
        return groups[sum(edge <= x for edge in edges)]

    return place


numbers = st.lists(
    st.one_of(
        st.none(),
        st.sampled_from([0.0, 0.0, 1.0, math.nan, math.inf]),
        st.floats(-1e6, 1e6),
        st.integers(-3, 9).map(float),
    ),
    min_size=1,
    max_size=80,
)


@settings(max_examples=150, deadline=None)
@given(numbers, numbers)
def test_numbers_are_the_same_from_rows(current, reference):
    now, before, binning = pair(current, reference)
    table = check(now, before, binning)
    expected = by_rows(current, reference, number_place(reference, binning))
    assert table.psi[0] == pytest.approx(expected[0], abs=1e-12)
    assert table.kl[0] == pytest.approx(expected[1], abs=1e-12)


words = st.lists(st.sampled_from([None, *"abcdefgh", ""]), min_size=1, max_size=80)


@settings(max_examples=100, deadline=None)
@given(words, words)
def test_categories_are_the_same_from_rows(current, reference):
    current, reference = [*current, "a"], [*reference, "a"] * 2  # twice, so that none foretells an unseen one
    now, before, binning = pair(current, reference)
    table = check(now, before, binning)
    seen = set(reference)
    expected = by_rows(current, reference, lambda row: row if row is None or row in seen else "unseen!")
    assert table.psi[0] == pytest.approx(expected[0], abs=1e-12)
    assert table.kl[0] == pytest.approx(expected[1], abs=1e-12)


def test_many_categories_are_the_thirty_most_frequent_other_and_unseen():
    rng = np.random.default_rng(4)
    reference = [f"v{int(i)}" for i in rng.zipf(1.6, 20_000) % 300] * 2  # twice, so that none occurs once
    current = [f"v{int(i)}" for i in rng.zipf(1.4, 3_000) % 330]
    now, before, binning = pair(current, reference)
    top, seen = set(binning.columns[0].bins.categories[:30]), set(reference)
    expected = by_rows(current, reference, lambda v: v if v in top else "other" if v in seen else "unseen")
    assert check(now, before, binning).psi[0] == pytest.approx(expected[0], abs=1e-12)


def test_at_most_ten_quantile_groups():
    rng = np.random.default_rng(5)
    now, before, binning = pair(rng.normal(size=5000), rng.normal(size=5000))
    groups = grouped(now.counts, before.counts, binning)
    assert groups.reference.shape == (1, GROUPS)
    assert groups.freedom.tolist() == [9]
    assert groups.reference[0, :10] == pytest.approx(np.full(10, 500), abs=40)


def test_what_leaves_the_reference_range_is_seen():
    rng = np.random.default_rng(6)
    reference = rng.uniform(size=5000)
    far = np.where(rng.random(2000) < 0.3, 1e6, rng.uniform(size=2000))
    assert check(*pair(far, reference)).psi[0] > 0.25


@pytest.mark.parametrize(("n", "point"), [(200, 0.109), (500, 0.043), (2_000, 0.011), (10_000, 0.0024)])
def test_chance_is_what_a_simulation_without_drift_gives(n, point):
    """10 groups, m = 100,000, as measured in FACTS; 20,000 repetitions know the 99 % point within about 3 %."""
    rng = np.random.default_rng(7)
    m, repetitions = 100_000, 20_000
    now = np.maximum(rng.multinomial(n, np.full(10, 0.1), size=repetitions) / n, 1e-4)
    before = np.maximum(rng.multinomial(m, np.full(10, 0.1), size=repetitions) / m, 1e-4)
    spread, freedom = np.array([1 / n + 1 / m]), np.array([9])
    values = psi(now, before)
    chance = psi_chance(spread, freedom)[0]
    assert np.quantile(values, 0.99) == pytest.approx(chance, rel=0.07)
    assert chance == pytest.approx(point, rel=0.1)
    assert values.mean() == pytest.approx(psi_mean(spread, freedom)[0], rel=0.05)
    assert np.quantile(kullback_leibler(now, before), 0.99) == pytest.approx(chance / 2, rel=0.07)
    assert chance == pytest.approx((1 / n + 1 / m) * stats.chi2.isf(0.01, 9))
