import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData
from modelwatch.monitors.drift import DriftTable, Thresholds, check
from modelwatch.monitors.drift.table import LEVELS, METRICS
from modelwatch.profiles import CategoryValues, NumericValues, empty, fit, profile
from tests.monitors.drift.frames import X, column, pair

NAMES = [f"v{i}" for i in range(40)]


def mixed(rng, n, shift=0.0):
    """12 columns of different kinds; the first is shifted."""
    columns = {ColumnKey(Role.FEATURE, "n0"): NumericValues(rng.normal(shift, 1, size=n))}
    for i in range(1, 6):
        columns[ColumnKey(Role.FEATURE, f"n{i}")] = NumericValues(rng.lognormal(size=n), rng.random(n) < 0.02 * i)
    columns[ColumnKey(Role.FEATURE, "count")] = NumericValues(rng.poisson(2, size=n).astype(float))
    columns[ColumnKey(Role.FEATURE, "zeros")] = NumericValues(
        np.where(rng.random(n) < 0.9, 0.0, rng.exponential(size=n))
    )
    for i, tail in enumerate((1.2, 2.0, 4.0)):
        codes = np.minimum(rng.zipf(tail, size=n) - 1, 39).astype(np.int32)
        columns[ColumnKey(Role.FEATURE, f"c{i}")] = CategoryValues(codes, NAMES)
    columns[ColumnKey(Role.FEATURE, "flag")] = CategoryValues.of_booleans(rng.random(n) < 0.004)
    return columns


@pytest.mark.parametrize("n", [250, 2_000])
def test_undrifted_checks_are_at_notice_in_1_of_100_at_most(n):
    rng = np.random.default_rng(20)
    reference = mixed(rng, 50_000)
    binning = fit(reference)
    before = profile(binning, reference)
    noticed = raised = 0
    checks = 400
    for _ in range(checks):
        levels = check(profile(binning, mixed(rng, n)), before, binning).levels
        noticed += bool((levels < CODE[Level.OK]).any())
        raised += bool((levels <= CODE[Level.WARNING]).any())
    assert noticed / checks <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / checks)
    assert raised == 0


@pytest.mark.parametrize(("shift", "level"), [(0.2, Level.NOTICE), (0.4, Level.WARNING), (0.8, Level.CRITICAL)])
def test_drift_is_seen_where_it_is_and_nowhere_else(shift, level):
    rng = np.random.default_rng(21)
    reference = mixed(rng, 50_000)
    binning = fit(reference)
    table = check(profile(binning, mixed(rng, 2_000, shift)), profile(binning, reference), binning)
    assert [ORDER[code] for code in table.levels] == [level] + [Level.OK] * 11


@pytest.mark.parametrize("change", ["scale", "mix", "category", "seen again"])
def test_other_kinds_of_drift_are_seen(change):
    rng = np.random.default_rng(22)
    before = rng.normal(size=50_000)
    now = {
        "scale": lambda: rng.normal(0, 2, size=2_000),
        "mix": lambda: np.where(rng.random(2_000) < 0.3, 4.0, rng.normal(size=2_000)),
        "category": lambda: ["a"] * 1_500 + ["b"] * 500,
        "seen again": lambda: [None] * 100 + ["a"] * 950 + ["b"] * 950,
    }[change]()
    if change in ("category", "seen again"):
        before = ["a"] * 5_000 + ["b"] * 5_000
    assert ORDER[check(*pair(now, before)).levels[0]].raised


def test_under_200_rows_nothing_is_judged():
    rng = np.random.default_rng(23)
    far, near = rng.normal(9, 1, size=5_000), rng.normal(size=5_000)
    for now, before in ((far[:199], near), (far, near[:199])):
        table = check(*pair(now, before))
        assert ORDER[table.levels[0]] is Level.INSUFFICIENT_DATA
        assert table.judged == 0
    assert ORDER[check(*pair(far[:200], near)).levels[0]] is Level.CRITICAL


def test_weights_count_as_the_rows_that_they_are_worth():
    rng = np.random.default_rng(24)
    before = {X: NumericValues(rng.normal(size=5_000))}
    binning = fit(before)
    weights = np.concatenate((np.full(50, 100.0), np.full(950, 0.01)))
    now = profile(binning, {X: NumericValues(rng.normal(3, 1, size=1_000))}, weights)
    assert now.effective_rows < 60
    assert ORDER[check(now, profile(binning, before), binning).levels[0]] is Level.INSUFFICIENT_DATA


def test_a_column_without_counts_is_not_judged_and_says_nothing_of_others():
    rng = np.random.default_rng(25)
    reference = mixed(rng, 5_000)
    binning = fit(reference)
    before, now = profile(binning, reference), profile(binning, mixed(rng, 500))
    now.counts[3] = 0.0
    table = check(now, before, binning)
    assert ORDER[table.levels[3]] is Level.INSUFFICIENT_DATA
    assert table.judged == 11
    assert np.isnan(table.psi[3])
    assert ORDER[table.levels[2]] is Level.OK


odd = st.sampled_from(
    [
        [None],
        [1.0],
        [1.0, 2.0],
        [float("nan")],
        [float("inf"), 1.0],
        [None, 1.0, float("-inf"), float("nan")],
        [1e308, -1e308],
        [5e-324],
        [0.1 * i for i in range(300)],
    ]
)
odd_words = st.sampled_from([[None], ["a"], ["a", None], ["a", "b", ""], [f"w{i}" for i in range(400)]])
sizes = st.sampled_from([0, 1, 199, 200, 1_000])


def cut(values, n):
    return (values * (n // len(values) + 1))[:n]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.tuples(odd, odd), st.tuples(odd_words, odd_words)), sizes, sizes)
def test_odd_columns_neither_raise_nor_warn(values, n, m):
    now, before = cut(values[0], n), cut(values[1], m)
    if any(isinstance(v, str) for v in values[0] + values[1]):
        reference, current = {X: words(before)}, {X: words(now)}
    else:
        reference, current = {X: column(before)}, {X: column(now)}
    binning = fit(reference)
    table = check(profile(binning, current), profile(binning, reference), binning)
    level = ORDER[table.levels[0]]
    assert (level is Level.INSUFFICIENT_DATA) == (min(n, m) < 200)
    assert np.isnan(table.psi[0]) == (min(n, m) == 0)
    if values[0] is values[1] and len(values[0]) < 100 and min(n, m) >= 200:
        assert not level.raised


def words(rows):
    names = sorted({row for row in rows if row is not None})
    return CategoryValues(np.array([names.index(r) if r in names else -1 for r in rows], dtype=np.int32), names)


def test_a_table_comes_back_from_its_bytes():
    rng = np.random.default_rng(26)
    reference = mixed(rng, 5_000)
    binning = fit(reference)
    table = check(profile(binning, mixed(rng, 700, 0.5)), profile(binning, reference), binning)
    again = DriftTable.from_bytes(table.to_bytes())
    for name in METRICS:
        np.testing.assert_allclose(getattr(again, name), getattr(table, name), rtol=1e-6, atol=1e-37)
    for name in LEVELS:
        assert np.array_equal(getattr(again, name), getattr(table, name))
    assert (again.rows, again.reference_rows, again.judged) == (700.0, 5_000.0, 12)
    assert len(table.to_bytes()) < 80 * 12 + 64


def test_levels_can_be_put_in_their_place():
    now, before, binning = pair([1.0] * 300, [1.0] * 300)
    table = check(now, before, binning).with_levels(bytes([CODE[Level.NOTICE]]))
    assert table.levels.tolist() == [CODE[Level.NOTICE]]
    assert DriftTable.from_bytes(table.to_bytes()).levels.tolist() == [CODE[Level.NOTICE]]
    with pytest.raises(ValueError, match="2 levels for 1 columns"):
        table.with_levels(b"\x00\x00")


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b"XXXX" + b[4:], lambda b: b[:-1] + b"\x63", lambda b: b""]
)
def test_a_damaged_table_is_refused(damage):
    now, before, binning = pair([1.0] * 300, [1.0] * 300)
    with pytest.raises(CorruptData):
        DriftTable.from_bytes(damage(check(now, before, binning).to_bytes()))


def test_profiles_of_other_bins_are_refused():
    _, before, binning = pair([1.0], [1.0])
    other = fit({X: column([2.0])})
    with pytest.raises(ValueError, match="cannot be compared"):
        check(empty(other), before, binning)


def test_thresholds_can_be_set():
    rng = np.random.default_rng(27)
    three = pair(rng.normal(0.2, 1, size=3_000), rng.normal(size=9_000))
    assert ORDER[check(*three).levels[0]] is Level.NOTICE
    assert ORDER[check(*three, Thresholds(psi_warning=0.02)).levels[0]] is Level.WARNING
