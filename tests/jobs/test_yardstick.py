"""Design effects as the jobs find them: in blocks of a reference's rows, and between windows of the past."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from modelwatch.core.reference import Moving, Past, Seasonal, spans
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs.blocks import BLOCKS, Blocks, block_rows
from modelwatch.jobs.windows import realign_dependence
from modelwatch.jobs.yardstick import Yardstick, Yardsticks, blocks_wanted, stride
from modelwatch.monitors.drift.dependence import estimate, independent
from modelwatch.profiles import Binning, NumericValues, fit, profile
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import reading
from tests.jobs.history import START, History, Rows, X, Y, new_history, traffic


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=12), size=st.integers(1, 50), seed=st.integers(0, 99))
def test_blocks_hold_equal_rows_in_order_however_they_come(sizes: list[int], size: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=sum(sizes))
    binning = fit({X: NumericValues(np.arange(-3, 3, 0.1))})
    blocks = Blocks(binning, size)
    at = 0
    for n in sizes:
        blocks.add({X: NumericValues(values[at : at + n])}, n, None)
        at += n
    alone = [profile(binning, {X: NumericValues(values[i : i + size])}) for i in range(0, len(values), size)]
    assert len(blocks.profiles) == len(alone)
    for block, expected in zip(blocks.profiles, alone, strict=True):
        np.testing.assert_array_equal(block.counts, expected.counts)
        assert block.rows == expected.rows
    np.testing.assert_array_equal(blocks.total().counts, profile(binning, {X: NumericValues(values)}).counts)


def test_customers_who_follow_each_other_are_seen_and_shuffled_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    customers, each, icc = 4_000, 10, 0.3
    own = np.repeat(rng.normal(0, np.sqrt(icc), customers), each)
    values = own + rng.normal(0, np.sqrt(1 - icc), customers * each)
    found = []
    for rows in (values, rng.permutation(values)):
        binning = fit({X: NumericValues(values)})
        blocks = Blocks(binning, block_rows(len(rows), binning))
        blocks.add({X: NumericValues(rows)}, len(rows), None)
        assert len(blocks.profiles) == BLOCKS
        found.append(float(estimate(blocks.profiles, binning).largest[0]))
    # Kish: 1 + (10 - 1) .3 = 3.7
    assert 2.5 < found[0] < 5.5
    assert found[1] == 1.0


def noisy(rng: np.random.Generator, weeks: int, per_hour: int, noise: float) -> Rows:
    """Traffic whose x follows the hour strongly and whose every hour has a mean of its own beside."""
    rows = traffic(rng, 7 * weeks, per_hour)
    hours = (rows[:, 0].astype(np.int64) - START) // HOUR_US
    rows[:, 1] = rows[:, 1] / 3 + rng.normal(0, noise, int(hours.max()) + 1)[hours] / 3
    return rows


def stick(history: History, rule: Past, length: int, end: int, kept: Yardsticks | None = None) -> Yardstick:
    """The yardstick for a window."""
    with reading(history.engine) as connection:
        binning_of = functools.partial(load_binning, connection, history.model_id)
        sticks = kept or Yardsticks()
        return sticks.get(connection, [history.series], rule, end, length, history.binning, binning_of)


def test_weeks_that_differ_by_themselves_are_the_yardstick_and_hours_that_differ_are_not(engine: Engine) -> None:
    rng = np.random.default_rng(2)
    history = new_history(engine, rng, 3_600)
    history.put(noisy(rng, 5, 40, 0.0))
    end = START + 35 * DAY_US
    still = stick(history, Seasonal(weeks=4), HOUR_US, end)
    assert still.dependence.largest.tolist() == [1.0, 1.0]
    assert still.rows == pytest.approx(40, rel=0.1)
    moving = stick(history, Moving(days=28), HOUR_US, end)
    assert moving.dependence.largest[0] > 10
    assert moving.dependence.largest[1] == 1.0


def test_the_spread_from_week_to_week_is_found_as_large_as_it_is(engine: Engine) -> None:
    rng = np.random.default_rng(3)
    history = new_history(engine, rng, 3_600)
    history.put(noisy(rng, 5, 40, 0.5))
    found = stick(history, Seasonal(weeks=4), HOUR_US, START + 35 * DAY_US)
    # 1 + 40 rows x .25 of variance that they share, in scores of ranks a little less
    assert 6 < found.dependence.largest[0] < 14
    assert found.dependence.largest[1] == 1.0
    twice = found.for_window(80.0)
    assert twice.largest[0] == pytest.approx(1 + 80.0 / found.rows * (found.dependence.largest[0] - 1))
    assert found.for_window(20.0) is found.dependence


def test_late_rows_change_the_yardstick(engine: Engine) -> None:
    rng = np.random.default_rng(4)
    history = new_history(engine, rng, 3_600)
    history.put(noisy(rng, 5, 4, 0.0))
    kept, end = Yardsticks(), START + 35 * DAY_US
    first = stick(history, Seasonal(weeks=4), HOUR_US, end, kept)
    assert stick(history, Seasonal(weeks=4), HOUR_US, end + 5 * HOUR_US, kept) is first
    history.put(traffic(rng, 1, 400, START + 10 * DAY_US, shift=3.0))
    later = stick(history, Seasonal(weeks=4), HOUR_US, end, kept)
    assert later.rows > first.rows
    assert later.dependence.largest[0] > first.dependence.largest[0]


@given(
    rule=st.builds(Seasonal, st.integers(3, 26)) | st.builds(Moving, st.integers(1, 366)),
    length=st.sampled_from([BUCKET_US, HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US]),
    end=st.integers(1_000 * 288, 2_000 * 288).map(lambda n: n * BUCKET_US),
)
def test_blocks_lie_before_the_window_and_are_few(rule: Past, length: int, end: int) -> None:
    groups = blocks_wanted(rule, length, end, 256)
    flat = [span for group in groups for span in group]
    assert 0 < len(flat) <= 256 + 26
    assert all(span.end <= end - end % DAY_US for span in flat)
    assert len(set(flat)) == len(flat)
    if isinstance(rule, Moving):
        ((start, stop),) = spans(rule, end - end % DAY_US, length)
        assert all(start <= span.start < span.end <= stop for span in flat)


@given(count=st.integers(1, 10_000), most=st.integers(1, 300))
def test_a_stride_misses_no_hour(count: int, most: int) -> None:
    step = stride(count, most)
    assert np.gcd(step, 24) == 1
    assert -(-count // step) <= most


def test_design_effects_survive_a_new_binning_where_bins_are_equal() -> None:
    rng = np.random.default_rng(5)
    old = fit({X: NumericValues(rng.normal(size=500)), Y: NumericValues(rng.normal(size=500))})
    x, y = old.columns
    new = Binning((dataclasses.replace(y, bins=dataclasses.replace(y.bins, center=3.0)), x))
    stored = independent(2).scaled(1.0)
    stored.scores[:] = [(2.0, 0.1, 3.0), (4.0, 0.2, 5.0)]
    moved = realign_dependence(stored.to_bytes(), old, new)
    np.testing.assert_allclose(moved.scores, [(1.0, 0.0, 1.0), (2.0, 0.1, 3.0)], rtol=1e-6)
    assert realign_dependence(None, old, new).largest.tolist() == [1.0, 1.0]
