"""The sequential test: what it keeps, what it finds and how soon, and how seldom it is wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role
from modelwatch.errors import CorruptData
from modelwatch.monitors.sequential import (
    Alarms,
    Crossing,
    Expectation,
    Floors,
    State,
    begin,
    expect,
    from_bytes,
    step,
    to_bytes,
)
from modelwatch.monitors.sequential.epochs import sums
from modelwatch.profiles import Binning, CategoryValues, NumericValues, Values, VectorValues, fit, profile

SECOND_US = 1_000_000
ANY_SIZE = Floors(-1.0, 1e9, -1.0, 1e9)
Make = Callable[[np.random.Generator, int], dict[ColumnKey, Values]]


def key(name: str) -> ColumnKey:
    return ColumnKey(Role.FEATURE, name)


def plain(rng: np.random.Generator, n: int) -> dict[ColumnKey, Values]:
    """A number and a category."""
    codes = rng.integers(0, 5, n).astype(np.int32)
    return {key("x"): NumericValues(rng.normal(0, 1, n)), key("c"): CategoryValues(codes, list("abcde"))}


class Watch:
    """A test on one reference, its rows and its clock."""

    def __init__(self, make: Make = plain, rows: int = 20_000, seed: int = 3, alarms: Alarms | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        before = make(self.rng, rows)
        self.binning: Binning = fit(before)
        self.expected: Expectation = expect(profile(self.binning, before), self.binning)
        self.alarms = alarms or Alarms()
        self.now_us = 0
        self.state: State = begin(self.expected, "k", "first look", 0, self.alarms)

    def send(self, make: Make, rows: int, batch: int = 20, pause_us: int = SECOND_US) -> list[tuple[int, Crossing]]:
        """Rows in batches, a look after each; what was raised after how many rows."""
        found = []
        for at in range(0, rows, batch):
            self.now_us += pause_us
            counts = profile(self.binning, make(self.rng, batch)).counts
            fresh = self.expected.cells(counts, 1.0)
            self.state, crossings = step(self.state, self.expected, fresh, batch, self.now_us, self.alarms)
            found += [(at + batch, each) for each in crossings]
        return found


def with_x(change: Callable[[np.random.Generator, int], Values]) -> Make:
    """Rows whose `x` is made otherwise."""
    return lambda rng, n: {**plain(rng, n), key("x"): change(rng, n)}


def with_c(change: Callable[[np.random.Generator, int], Values]) -> Make:
    """Rows whose `c` is made otherwise."""
    return lambda rng, n: {**plain(rng, n), key("c"): change(rng, n)}


def nulls(share: float) -> Make:
    return with_x(lambda rng, n: NumericValues(rng.normal(0, 1, n), rng.random(n) < share))


def nans(share: float) -> Make:
    return with_x(lambda rng, n: NumericValues(np.where(rng.random(n) < share, np.nan, rng.normal(0, 1, n))))


def unseen(share: float) -> Make:
    def change(rng: np.random.Generator, n: int) -> Values:
        codes = np.where(rng.random(n) < share, 5, rng.integers(0, 5, n)).astype(np.int32)
        return CategoryValues(codes, list("abcdef"))

    return with_c(change)


def mistyped(rng: np.random.Generator, n: int) -> dict[ColumnKey, Values]:
    return {**plain(rng, n), key("x"): CategoryValues(np.zeros(n, np.int32), ["a"])}


@pytest.mark.parametrize(
    ("change", "column", "cause", "within"),
    [
        (with_x(lambda rng, n: NumericValues(rng.normal(1.0, 1, n))), "x", "shape", 200),
        (with_x(lambda rng, n: NumericValues(rng.normal(0.5, 1, n))), "x", "shape", 700),
        (with_x(lambda rng, n: NumericValues(rng.normal(0, 1.5, n))), "x", "shape", 900),
        (with_c(lambda rng, n: CategoryValues(np.minimum(rng.integers(0, 7, n), 4).astype(np.int32), list("abcde"))),
         "c", "shape", 900),
        (nulls(0.1), "x", "null", 400),
        (nulls(0.03), "x", "null", 1_200),
        (nans(0.2), "x", "nan", 200),
        (unseen(0.03), "c", "unseen", 1_500),
        (mistyped, "x", "mistyped", 40),
        (with_x(lambda rng, n: NumericValues(np.where(rng.random(n) < 0.1, 99.0, rng.normal(0, 1, n)))),
         "x", "above", 400),
    ],
)  # fmt: skip
def test_a_change_is_found_soon_and_named(change: Make, column: str, cause: str, within: int) -> None:
    watch = Watch()
    assert watch.send(plain, 3_000) == []
    (rows, first), *_ = watch.send(change, within)
    assert rows <= within
    assert watch.binning.columns[first.column].key.name == column
    assert first.cause == cause
    assert first.evidence >= first.asked
    assert first.level in (Level.WARNING, Level.CRITICAL)


def test_what_is_certain_and_small_is_not_raised() -> None:
    watch = Watch()
    small = with_x(lambda rng, n: NumericValues(rng.normal(0.15, 1, n)))
    assert watch.send(small, 12_000, batch=200) == []
    assert watch.state.evidence.max() > watch.state.asked[0]


def test_three_bad_rows_in_a_burst_wake_nobody() -> None:
    watch = Watch()
    watch.send(plain, 1_000)
    assert watch.send(nulls(1.0), 3, batch=1) == []
    assert watch.send(plain, 1_000) == []


def test_a_column_is_raised_once_until_it_is_over_and_once_again() -> None:
    watch = Watch()
    drifted = with_x(lambda rng, n: NumericValues(rng.normal(1.5, 1, n)))
    watch.send(plain, 1_000)
    first = watch.send(drifted, 1_000)
    assert [each.level for _, each in first] in ([Level.CRITICAL], [Level.WARNING, Level.CRITICAL])
    assert watch.send(plain, 150_000, batch=500) == []
    assert watch.state.level[0] == CODE[Level.OK]
    again = watch.send(drifted, 1_000)
    assert again
    assert {each.column for _, each in again} == {0}
    assert len(again) <= 2


def test_false_alarms_stay_under_the_budget_with_a_look_after_every_batch() -> None:
    """60 model-days at one alarm a day, of any size, many rare categories among the columns: 4.5 sigma is 95."""

    def make(rng: np.random.Generator, n: int) -> dict[ColumnKey, Values]:
        many = CategoryValues(rng.integers(0, 48, n).astype(np.int32), [f"level {i}" for i in range(48)])
        return {**nulls(0.001)(rng, n), key("many"): many}

    raised = 0
    for seed in range(4):
        watch = Watch(make, rows=1_000, seed=seed, alarms=Alarms(1.0, ANY_SIZE))
        raised += len(watch.send(make, 50 * 150, batch=50, pause_us=DAY_US // 10))
    assert raised <= 95


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
@settings(max_examples=20, deadline=None)
def test_epochs_hold_the_rows_since_they_began_however_they_are_cut(sizes: list[int]) -> None:
    watch = Watch()
    for size in sizes:
        watch.send(plain, size, batch=size)
    state = watch.state
    held = sums(state)[:, 0].sum(axis=-1)
    assert np.allclose(held, state.rows - state.starts)
    assert state.rows == sum(sizes)
    assert len(state.starts) <= 4 + 2 * np.log2(1 + state.rows / 64)


def test_few_epochs_are_kept_and_none_that_is_too_old() -> None:
    watch = Watch(alarms=Alarms(oldest=10_000.0))
    watch.send(plain, 40_000, batch=100)
    assert len(watch.state.starts) <= 18
    assert watch.state.rows - watch.state.starts[0] <= 10_100


def test_no_epoch_begins_without_time_to_pay_for_it() -> None:
    watch = Watch()
    watch.send(plain, 5_000, pause_us=0)
    assert len(watch.state.starts) == 1


def test_a_state_comes_back_from_its_bytes() -> None:
    watch = Watch()
    watch.send(plain, 2_000)
    back = from_bytes(to_bytes(watch.state))
    for name in State.__slots__:
        ours, theirs = getattr(watch.state, name), getattr(back, name)
        assert np.array_equal(ours, theirs) if isinstance(ours, np.ndarray) else ours == theirs
    for damaged in (b"", b"MWS\x01", to_bytes(back)[:-5], b"X" + to_bytes(back)[1:]):
        with pytest.raises(CorruptData):
            from_bytes(damaged)


def test_weights_and_dependent_rows_count_for_less() -> None:
    watch = Watch()
    counts = profile(watch.binning, plain(watch.rng, 100), np.full(100, 3.0)).counts
    assert watch.expected.cells(counts, 1 / 3).sum(axis=1) == pytest.approx(100)
    before = plain(watch.rng, 20_000)
    deflated = expect(profile(watch.binning, before), watch.binning, np.full(2, 4.0))
    assert deflated.cells(counts, 1 / 3).sum(axis=1) == pytest.approx(25)
    assert deflated.urn.sum(axis=1) == pytest.approx(watch.expected.urn.sum(axis=1) / 4, rel=0.01)


def test_vectors_are_left_to_the_windows() -> None:
    def vectors(values: np.ndarray) -> Values:
        return VectorValues(values.astype(np.float32), np.ones(len(values), np.bool_))

    watch = Watch(lambda rng, n: {**plain(rng, n), key("v"): vectors(rng.normal(0, 1, (n, 4)))}, rows=2_000)
    assert watch.expected.judged.tolist() == [True, True, False]
    assert watch.send(lambda rng, n: {**plain(rng, n), key("v"): vectors(np.ones((n, 4)))}, 2_000) == []


def test_a_reference_of_few_rows_or_of_nothing_judges_nothing() -> None:
    watch = Watch(rows=150)
    assert not watch.expected.judged.any()
    assert watch.send(nulls(1.0), 500) == []
    empty = Watch(lambda rng, n: {key("x"): NumericValues(np.full(n, np.nan), np.ones(n, np.bool_))}, rows=1_000)
    assert np.isfinite(empty.state.asked).sum() == 0
    raised = empty.send(lambda rng, n: {key("x"): NumericValues(rng.normal(0, 1, n))}, 1_000)
    assert all(np.isfinite(each.evidence) for _, each in raised)
