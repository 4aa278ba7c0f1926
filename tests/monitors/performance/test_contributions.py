"""Parts add up, are those of the rows, and move as resampled rows move them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.monitors.performance.contribution_errors import Side, errors
from modelwatch.monitors.performance.contributions import contributions
from modelwatch.monitors.performance.loss_sums import LossSums, loss_sums


def sides(seed, segments=5, rows=(300, 200), continuous=True, even=1.0):
    """Losses and segments of reference and window."""
    rng = np.random.default_rng(seed)
    found = []
    for count in rows:
        codes = rng.choice(segments, count, p=rng.dirichlet(np.full(segments, even)))
        level = rng.uniform(0.05, 0.6, segments)[codes]
        loss = rng.gamma(2, level / 2) if continuous else (rng.random(count) < level).astype(float)
        found.append((loss, codes, rng.uniform(0.5, 3, count)))
    return found


def by_rows(before, now):
    """{segment: (within, mix)} by its definition, from data frames."""
    frames = [pd.DataFrame({"loss": loss * weight, "s": codes, "w": weight}) for loss, codes, weight in (before, now)]
    sums = [frame.groupby("s").sum() for frame in frames]
    means = [each["loss"].sum() / each["w"].sum() for each in sums]
    found = {}
    for s in sorted(set(before[1]) | set(now[1])):
        share = [float(each["w"].get(s, 0.0)) / each["w"].sum() for each in sums]
        own = [each["loss"][s] / each["w"][s] if s in each.index else None for each in sums]
        a, b = own[0] if own[0] is not None else own[1], own[1] if own[1] is not None else own[0]
        found[s] = sum(share) / 2 * (b - a), (share[1] - share[0]) * ((a + b) / 2 - sum(means) / 2)
    return found, means


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.booleans(), st.booleans())
def test_parts_are_those_of_the_rows_and_add_up(seed, segments, continuous, weighted):
    before, now = sides(seed, segments, (60, 40), continuous)
    if not weighted:
        before, now = ((loss, codes, np.ones(len(loss))) for loss, codes, _ in (before, now))
    expected, means = by_rows(before, now)
    found = contributions(*(loss_sums(loss, codes, segments, weight) for loss, codes, weight in (before, now)))
    assert (found.reference_loss, found.loss) == pytest.approx(means)
    assert {each.segment for each in found.segments} == set(expected)
    for each in found.segments:
        assert (each.within.value, each.mix.value) == pytest.approx(expected[each.segment], abs=1e-12)
        for part in (each.within, each.mix):
            assert part.low <= part.value <= part.high
    assert found.within + found.mix == pytest.approx(means[1] - means[0], abs=1e-12)
    assert sum(each.value for each in found.segments) == pytest.approx(found.change, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_segments_is_nothing(seed):
    before, now = (loss_sums(loss, codes, 5) for loss, codes, _ in sides(seed))
    order = np.random.default_rng(seed).permutation(5)
    one, two = contributions(before, now), contributions(before[order], now[order])
    by_place = {int(order[each.segment]): each for each in two.segments}
    for each in one.segments:
        other = by_place[each.segment]
        assert (each.within.low, each.mix.high, each.within.p) == pytest.approx(
            (other.within.low, other.mix.high, other.within.p), abs=1e-12
        )
        assert each.named == other.named


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_other_way_round_all_signs_turn(seed):
    before, now = (loss_sums(loss, codes, 5) for loss, codes, _ in sides(seed))
    forth, back = contributions(before, now), contributions(now, before)
    turned = {each.segment: each for each in back.segments}
    for each in forth.segments:
        other = turned[each.segment]
        for name in ("within", "mix"):
            a, b = getattr(each, name), getattr(other, name)
            assert (a.value, a.low, a.high, a.p) == pytest.approx((-b.value, -b.high, -b.low, b.p), abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_weights_are_repeated_rows(seed):
    rng = np.random.default_rng(seed)
    weighted, repeated = [], []
    for loss, codes, _ in sides(seed):
        times = rng.integers(1, 5, len(loss))
        weighted.append(loss_sums(loss, codes, 5, times.astype(float)))
        repeated.append(loss_sums(np.repeat(loss, times), np.repeat(codes, times), 5))
    one, two = contributions(*weighted), contributions(*repeated)
    values = [
        {each.segment: (each.within.value, each.mix.value, each.share) for each in some.segments} for some in (one, two)
    ]
    assert values[0].keys() == values[1].keys()
    for s, each in values[0].items():
        assert each == pytest.approx(values[1][s])


@pytest.mark.parametrize("continuous", [False, True])
def test_errors_are_those_of_resampled_rows(continuous):
    before, now = sides(4, 4, (3000, 2000), continuous, even=20.0)
    rng = np.random.default_rng(5)
    drawn = []
    for _ in range(600):
        again = []
        for loss, codes, _ in (before, now):
            chosen = rng.integers(0, len(loss), len(loss))
            again.append(loss_sums(loss[chosen], codes[chosen], 4))
        by_segment = sorted(contributions(*again).segments, key=lambda each: each.segment)
        drawn.append([[each.within.value, each.mix.value] for each in by_segment])
    found = contributions(*(loss_sums(loss, codes, 4) for loss, codes, _ in (before, now)))
    z = 2.7344  # the point of .025 / 8
    for each in found.segments:
        expected = np.std(drawn, axis=0)[each.segment]
        widths = [(part.high - part.low) / 2 / z for part in (each.within, each.mix)]
        assert widths == pytest.approx(expected.tolist(), rel=0.12)


def blocks_of(loss, codes, block, segments):
    """Sums [G, S] of rows in blocks."""
    count = int(block.max()) + 1
    return loss_sums(loss, block * segments + codes, count * segments).reshape(count, segments)


def test_a_block_of_one_row_is_a_row():
    before, now = sides(6, 3, (2500, 1500), even=20.0)
    plain = contributions(*(loss_sums(loss, codes, 3) for loss, codes, _ in (before, now)))
    blocks = [blocks_of(loss, codes, np.arange(len(loss)), 3) for loss, codes, _ in (before, now)]
    found = contributions(*blocks)
    one_sided = contributions(loss_sums(*before[:2], 3), blocks[1])
    for each, other, third in zip(plain.segments, found.segments, one_sided.segments, strict=True):
        assert (each.segment, each.within.value, each.mix.value) == pytest.approx(
            (other.segment, other.within.value, other.mix.value)
        )
        for width in (other.within.high - other.within.low, third.within.high - third.within.low):
            assert width == pytest.approx(each.within.high - each.within.low, rel=0.03)


def test_errors_of_blocks_are_those_of_resampled_blocks():
    rng = np.random.default_rng(16)
    drawn = []
    for count in (60, 40):
        block = np.repeat(np.arange(count), 50)
        level = rng.gamma(8, 1 / 8, count)[block]
        # the blocks differ in their mix, too
        codes = (rng.random(len(block)) < rng.beta(4, 4, count)[block]).astype(np.int64)
        drawn.append(blocks_of(rng.gamma(2, level / 2), codes, block, 2))
    resampled = []
    for _ in range(800):
        again = [each[rng.integers(0, len(each.weight), len(each.weight))] for each in drawn]
        by_segment = sorted(contributions(*again).segments, key=lambda each: each.segment)
        resampled.append([[each.within.value, each.mix.value] for each in by_segment])
    before, now = (Side.of(each) for each in drawn)
    error, df = errors(before, now, now.own - before.own, (now.own + before.own) / 2)
    np.testing.assert_allclose(error.T, np.std(resampled, axis=0), rtol=0.12)
    assert (df > 50).all()
    assert (df < 98).all()


def test_what_one_day_did_is_not_certain_when_days_are_told():
    rng = np.random.default_rng(17)
    rows = []
    for days in (90, 10):
        day = np.repeat(np.arange(days), 300)
        codes = rng.integers(0, 3, len(day))
        level = 0.1 + 0.5 * ((codes == 1) & (day == 4) & (days == 10)) + 0.1 * ((codes == 2) & (days == 10))
        rows.append(((rng.random(len(day)) < level).astype(float), codes, day))
    plain = contributions(*(loss_sums(loss, codes, 3) for loss, codes, _ in rows))
    by_day = contributions(*(blocks_of(*each, 3) for each in rows))
    assert {each.segment: each.named for each in plain.segments} == {0: "", 1: "within", 2: "within"}
    assert {each.segment: each.named for each in by_day.segments} == {0: "", 1: "", 2: "within"}


def test_days_that_differ_by_themselves_name_nothing():
    wrong = 0
    for run in range(60):
        rng = np.random.default_rng((18, run))
        rows = []
        for days in (60, 20):
            day = np.repeat(np.arange(days), 100)
            codes = rng.integers(0, 8, len(day))
            rows.append(blocks_of((rng.random(len(day)) < rng.beta(2, 8, days)[day]).astype(float), codes, day, 8))
        wrong += any(each.named for each in contributions(*rows).segments)
    assert wrong <= 2


def planted(seed, shares, levels, rows):
    """The sums of errors with these shares and rates."""
    rng = np.random.default_rng(seed)
    codes = rng.choice(len(shares), rows, p=shares)
    return loss_sums((rng.random(rows) < np.asarray(levels)[codes]).astype(float), codes, len(shares))


def test_the_segment_that_got_worse_is_named_first():
    before = planted(0, [0.5, 0.3, 0.2], [0.1, 0.2, 0.1], 20_000)
    now = planted(1, [0.5, 0.3, 0.2], [0.1, 0.2, 0.25], 10_000)
    found = contributions(before, now)
    assert (found.segments[0].segment, found.segments[0].named) == (2, "within")
    assert [each.named for each in found.segments[1:]] == ["", ""]
    assert found.segments[0].value == pytest.approx(0.2 * 0.15, abs=0.006)
    assert found.segments[0].within.low > 0


def test_a_moved_mix_is_named_so():
    before = planted(2, [0.8, 0.2], [0.05, 0.4], 20_000)
    now = planted(3, [0.5, 0.5], [0.05, 0.4], 10_000)
    found = contributions(before, now)
    assert {each.named for each in found.segments} == {"mix"}
    assert found.mix == pytest.approx(0.3 * 0.35, abs=0.015)
    assert abs(found.within) < 0.01


def test_a_segment_that_got_better_in_all_is_not_named_for_its_share():
    before = planted(10, [0.8, 0.2], [0.1, 0.4], 40_000)
    now = planted(11, [0.7, 0.3], [0.2, 0.1], 40_000)
    grown = next(each for each in contributions(before, now).segments if each.segment == 1)
    assert grown.mix.p < 0.01
    assert grown.mix.value > 0 > grown.value
    assert grown.named == ""


def test_a_new_segment_is_all_mix():
    before = planted(4, [1.0, 0.0], [0.1, 0.0], 5000)
    now = planted(5, [0.7, 0.3], [0.1, 0.5], 5000)
    new = contributions(before, now).segments[0]
    assert (new.segment, new.within.value, new.named) == (1, 0.0, "mix")
    assert math.isnan(new.reference_loss)
    assert new.reference_share == 0.0


def test_few_rows_name_nothing():
    before, now = planted(6, [0.999, 0.001], [0.1, 0.0], 20_000), planted(7, [0.999, 0.001], [0.1, 1.0], 20_000)
    found = contributions(before, now)
    assert min(each.rows for each in found.segments) < 30
    assert [each.named for each in found.segments] == ["", ""]


def test_nothing_has_changed():
    wrong = 0
    for run in range(100):
        level = np.random.default_rng(run).uniform(0.02, 0.3, 10)
        shares = np.full(10, 0.1)
        before, now = planted((8, run), shares, level, 5000), planted((9, run), shares, level, 2000)
        wrong += any(each.named for each in contributions(before, now).segments)
    assert wrong <= 3


def test_sides_without_rows():
    empty, some = (LossSums(*(np.zeros(2),) * 4), planted(0, [0.5, 0.5], [0.1, 0.2], 100))
    for before, now in ((empty, some), (some, empty), (empty, empty)):
        found = contributions(before, now)
        assert found.segments == ()
        assert math.isnan(found.change)
    none = LossSums(*(np.zeros(0),) * 4)
    assert contributions(none, none).segments == ()
    with pytest.raises(ValueError, match="not the same"):
        contributions(none, some)


@pytest.mark.parametrize("loss", [0.0, 1.0, 0.4])
def test_constant_losses_change_nothing(loss):
    rows = loss_sums(np.full(500, loss), np.arange(500) % 3, 3)
    found = contributions(rows, rows)
    assert found.change == pytest.approx(0.0)
    assert [each.named for each in found.segments] == ["", "", ""]
