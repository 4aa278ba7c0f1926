"""The search against every slice by hand; its laws; what was planted is told, and nothing else."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.monitors.performance.coded import Coded, bands
from modelwatch.monitors.performance.slice_candidates import Smallest, pairs, singles
from modelwatch.monitors.performance.slices import MOST_CLUSTERS, usable, worst_slices


def column(name, codes, labels=None) -> Coded:
    """A feature."""
    labels = tuple(labels or [f"v{i}" for i in range(int(codes.max(initial=0)) + 1)])
    return Coded(ColumnKey(Role.FEATURE, name), codes.astype(np.int64), labels)


def planted(seed, rows=8000, rate=0.4, continuous=False):
    """Three columns of four values; x=v1 with y=v2 is bad."""
    rng = np.random.default_rng(seed)
    columns = [column(name, rng.integers(0, 4, rows)) for name in "xyz"]
    bad = (columns[0].codes == 1) & (columns[1].codes == 2)
    level = np.where(bad, rate, 0.1)
    loss = rng.gamma(2, level / 2) if continuous else (rng.random(rows) < level).astype(float)
    return loss, columns


def texts(search):
    return [each.text for each in search.slices]


@pytest.mark.parametrize("continuous", [False, True])
def test_a_planted_crossing_is_told_and_its_parts_are_echoes(continuous):
    loss, columns = planted(0, continuous=continuous)
    found = worst_slices(loss, columns)
    assert texts(found) == ["x=v1 and y=v2"]
    assert (found.certain, found.echoes) == (3, 2)
    only = found.slices[0]
    rows = pd.DataFrame({"loss": loss, **{each.key.name: each.codes for each in columns}})
    inside = rows["loss"][(rows["x"] == 1) & (rows["y"] == 2)]
    outside = rows["loss"].drop(inside.index)
    assert (only.rows, only.share) == (len(inside), pytest.approx(len(inside) / len(rows)))
    assert (only.loss, only.rest) == pytest.approx((inside.mean(), outside.mean()))
    assert only.cost == pytest.approx(loss.mean() - outside.mean())
    assert only.beyond == pytest.approx(only.excess)
    assert only.low < only.excess < only.high
    assert (found.rows, found.left_out, found.loss) == (8000, 0, pytest.approx(loss.mean()))
    assert found.searched == 12 + 48


def by_hand(loss, columns, min_rows=50, min_expected=1.0):
    """Every slice's adjusted p-value from scipy and pandas: {texts: p}."""
    exact = set(loss.tolist()) <= {0.0, 1.0}
    frame = pd.DataFrame({each.key.name: each.codes for each in columns})

    def p_value(inside, outside):
        a, b = loss[inside], loss[outside]
        if a.mean() <= b.mean():
            return 1.0
        if exact:
            return stats.hypergeom.sf(a.sum() - 1, len(a) + len(b), a.sum() + b.sum(), len(a))
        both = np.concatenate([a, b])
        pooled = (a.mean() - b.mean()) / np.sqrt(both.var(ddof=1) * (1 / len(a) + 1 / len(b)))
        return max(stats.norm.sf(pooled), stats.ttest_ind(a, b, equal_var=False, alternative="greater").pvalue)

    families = []
    for size in (1, 2):
        found = {}
        for names in combinations(frame, size):
            for values, index in frame.groupby(list(names)):
                inside = frame.index.isin(index.index)
                others = [~inside]
                if size == 2:
                    others += [
                        (frame[name] == value).to_numpy() & ~inside for name, value in zip(names, values, strict=True)
                    ]
                large = min(inside.sum(), *(each.sum() for each in others)) >= min_rows
                if large and (not exact or inside.sum() * loss.mean() >= min_expected):
                    key = tuple(f"{name}=v{value}" for name, value in zip(names, values, strict=True))
                    found[key] = max(p_value(inside, each) for each in others)
        families.append(found)
    adjusted = {}
    for found in families:
        order = sorted(found, key=found.get)
        largest = 0.0
        for rank, key in enumerate(order):
            largest = max(largest, (len(order) - rank) * found[key])
            adjusted[key] = min(2 * largest, 1.0)
    return adjusted


@pytest.mark.parametrize("continuous", [False, True])
def test_every_p_value_is_that_of_scipy(continuous):
    rng = np.random.default_rng(11)
    size = 3000
    columns = [
        column("a", rng.integers(0, 3, size)),
        column("b", rng.integers(0, 5, size)),
        column("c", rng.integers(0, 2, size)),
    ]
    level = 0.1 + 0.1 * (columns[0].codes == 1) + 0.1 * (columns[1].codes >= 3)
    # bounded well under the cap, so that losses are tested as they are
    loss = np.minimum(rng.beta(2, 8, size) + level, 0.5) if continuous else (rng.random(size) < level).astype(float)
    expected = by_hand(loss, columns)
    rows = usable(loss, columns, None, None)
    got = {}
    for family in (singles(rows, Smallest(50, 1)), pairs(rows, Smallest(50, 1))):
        for at, codes, p in zip(family.columns, family.codes, family.p(rows, 0.01)[0], strict=True):
            got[tuple(columns[c].text(code) for c, code in zip(at, codes, strict=True))] = p
    assert got.keys() == expected.keys()
    assert sum(p < 0.01 for p in got.values()) > 2
    for key, p in got.items():
        assert p == pytest.approx(expected[key], rel=1e-5), key


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_the_order_of_rows_and_of_columns_is_nothing(seed, continuous):
    loss, columns = planted(seed, 3000, 0.45, continuous)
    order = np.random.default_rng(seed).permutation(len(loss))
    shuffled = [Coded(each.key, each.codes[order], each.labels) for each in columns]
    one, two, three = (
        worst_slices(loss, columns),
        worst_slices(loss[order], shuffled),
        worst_slices(loss, columns[::-1]),
    )
    assert texts(one) == texts(two)
    assert [set(text.split(" and ")) for text in texts(one)] == [set(text.split(" and ")) for text in texts(three)]
    for a, b, c in zip(one.slices, two.slices, three.slices, strict=True):
        assert (a.loss, a.low, a.high, a.beyond) == pytest.approx((b.loss, b.low, b.high, b.beyond))
        assert (a.loss, a.low, a.high, a.beyond) == pytest.approx((c.loss, c.low, c.high, c.beyond))
        assert a.p == pytest.approx(b.p, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_means_and_shares_of_weights_are_those_of_repeated_rows(seed, continuous):
    loss, columns = planted(seed, 4000, 0.6, continuous)
    times = np.random.default_rng(seed).integers(1, 4, len(loss))
    again = [Coded(each.key, np.repeat(each.codes, times), each.labels) for each in columns]
    weighted, repeated = worst_slices(loss, columns, times.astype(float)), worst_slices(np.repeat(loss, times), again)
    assert texts(weighted)[:1] == texts(repeated)[:1] == ["x=v1 and y=v2"]
    a, b = weighted.slices[0], repeated.slices[0]
    assert (a.loss, a.rest, a.share, a.cost, a.beyond) == pytest.approx((b.loss, b.rest, b.share, b.cost, b.beyond))
    assert a.p > b.p  # a row that stands for three tells as much as one
    assert a.low < b.low


@pytest.mark.parametrize("continuous", [False, True])
def test_scale_of_weights_and_of_losses_is_nothing(continuous):
    loss, columns = planted(3, continuous=continuous)
    plain = worst_slices(loss, columns)
    scaled = worst_slices(loss, columns, np.full(len(loss), 3.5))
    assert [(each.text, each.p) for each in plain.slices] == [
        (each.text, pytest.approx(each.p)) for each in scaled.slices
    ]
    if continuous:
        thousand = worst_slices(loss * 1000, columns).slices[0]
        assert (thousand.low, thousand.p) == (
            pytest.approx(1000 * plain.slices[0].low),
            pytest.approx(plain.slices[0].p),
        )


def test_two_bad_columns_are_told_and_not_each_crossing_of_them():
    rng = np.random.default_rng(5)
    columns = [column(name, rng.integers(0, 5, 30_000)) for name in "wxyz"]
    level = 0.1 + 0.1 * (columns[0].codes == 1) + 0.1 * (columns[1].codes == 2)
    found = worst_slices((rng.random(30_000) < level).astype(float), columns)
    assert set(texts(found)) == {"w=v1 and x=v2", "w=v1", "x=v2"}


def test_a_slice_that_is_worse_by_next_to_nothing_is_not_told():
    rng = np.random.default_rng(6)
    x = column("x", rng.integers(0, 2, 400_000))
    loss = (rng.random(400_000) < 0.2 + 0.01 * x.codes).astype(float)
    assert worst_slices(loss, [x]).slices == ()
    assert texts(worst_slices(loss, [x], floor=0.01)) == ["x=v1"]


def test_the_same_column_twice_is_told_once():
    loss, columns = planted(7)
    twin = Coded(ColumnKey(Role.TAG, "twin"), columns[0].codes, columns[0].labels)
    loss = np.where(columns[0].codes == 3, (np.random.default_rng(7).random(len(loss)) < 0.5).astype(float), loss)
    found = worst_slices(loss, [columns[0], twin])
    assert [text[-2:] for text in texts(found)].count("v3") == 1
    assert found.echoes >= 1


def test_one_absurd_loss_makes_no_slice():
    rng = np.random.default_rng(8)
    x = column("x", rng.integers(0, 20, 5000))
    loss = rng.exponential(size=5000)
    loss[np.flatnonzero(x.codes == 4)[0]] = 1e9
    assert worst_slices(loss, [x]).slices == ()


def test_what_is_seen_on_one_day_is_not_certain_when_days_are_told():
    rng = np.random.default_rng(9)
    day = np.repeat(np.arange(30), 300)
    rain = column("rain", np.isin(day, [3, 17]).astype(np.int64))
    carrier = column("carrier", rng.integers(0, 6, 9000))
    level = 0.1 + 0.3 * np.isin(day, [3]) + 0.15 * (carrier.codes == 2)
    loss = (rng.random(9000) < level).astype(float)
    independent, by_day = worst_slices(loss, [rain, carrier]), worst_slices(loss, [rain, carrier], cluster=day)
    assert "rain=v1" in texts(independent)
    assert texts(by_day) == ["carrier=v2"]
    assert by_day.slices[0].low < by_day.slices[0].excess < by_day.slices[0].high


def test_as_many_clusters_as_rows_change_little():
    loss, columns = planted(10)
    many = worst_slices(loss, columns, cluster=np.arange(len(loss)) * 7 + 1)
    assert len(loss) > MOST_CLUSTERS
    assert texts(many) == texts(worst_slices(loss, columns))
    assert many.slices[0].low == pytest.approx(worst_slices(loss, columns).slices[0].low, abs=0.03)


def test_no_structure_nothing_told():
    told = 0
    for run in range(60):
        rng = np.random.default_rng((12, run))
        columns = [
            Coded(ColumnKey(Role.FEATURE, f"f{i}"), *bands(rng.normal(size=2000)), banded=True) for i in range(6)
        ]
        told += bool(worst_slices((rng.random(2000) < 0.1).astype(float), columns).slices)
        told += bool(worst_slices(rng.lognormal(0, 1.5, 2000), columns).slices)
    assert told <= 4


def test_intervals_hold_what_is_true():
    inside = told = 0
    for run in range(40):
        loss, columns = planted((13, run), 4000, 0.3)
        for one in worst_slices(loss, columns).slices:
            if one.text == "x=v1 and y=v2":
                told += 1
                inside += one.low <= 0.2 <= one.high
    assert told > 30
    assert inside >= told - 1


def test_nulls_are_a_slice():
    rng = np.random.default_rng(14)
    values = np.where(rng.random(6000) < 0.2, np.nan, rng.normal(size=6000))
    x = Coded(ColumnKey(Role.FEATURE, "x"), *bands(values), banded=True)
    found = worst_slices((rng.random(6000) < 0.1 + 0.2 * np.isnan(values)).astype(float), [x])
    assert texts(found) == ["x is null"]
    assert found.slices[0].where[0].label is None


EMPTY = np.empty(0)


@pytest.mark.parametrize(
    ("loss", "codes"),
    [
        (EMPTY, EMPTY),
        (np.zeros(500), np.arange(500) % 2),
        (np.ones(500), np.arange(500) % 2),
        (np.full(500, 0.3), np.arange(500) % 2),
        (np.arange(500) % 2.0, np.zeros(500)),
        (np.arange(20) % 2.0, np.arange(20) % 2),
        (np.full(500, np.nan), np.arange(500) % 2),
    ],
    ids=["empty", "no loss", "all lost", "constant", "one category", "too few", "no labels"],
)
@pytest.mark.parametrize("extra", ["plain", "weight", "cluster"])
def test_nothing_to_tell(loss, codes, extra):
    x, y = column("x", codes), column("y", codes)
    weight = np.ones(len(loss)) if extra == "weight" else None
    cluster = np.arange(len(loss)) // 10 if extra == "cluster" else None
    found = worst_slices(loss, [x, y], weight, cluster)
    assert found.slices == ()
    assert found.rows + found.left_out == len(loss)
    assert np.isnan(found.loss) == (found.rows == 0)
    assert worst_slices(loss, [], weight, cluster).slices == ()


def test_rows_without_a_loss_or_a_weight_are_left_out():
    loss, columns = planted(15)
    spoilt, weight = loss.copy(), np.ones(len(loss))
    spoilt[:500], weight[500:900] = np.nan, 0.0
    kept = [Coded(each.key, each.codes[900:], each.labels) for each in columns]
    found, expected = worst_slices(spoilt, columns, weight), worst_slices(loss[900:], kept)
    assert found.left_out == 900
    assert [(each.text, each.rows) for each in found.slices] == [(each.text, each.rows) for each in expected.slices]
    assert found.loss == pytest.approx(expected.loss)


def test_wrong_input_is_refused():
    x = column("x", np.zeros(3))
    with pytest.raises(ValueError, match="same rows"):
        worst_slices(np.zeros(4), [x])
    with pytest.raises(ValueError, match="under 0"):
        worst_slices(np.array([0.0, -1.0, 2.0]), [x])
