"""Parts add up, are those of the rows, and move as resampled rows move them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_a_design_effect_widens():
    before, now = (loss_sums(loss, codes, 5) for loss, codes, _ in sides(6, continuous=True))
    one, four = (contributions(before, now, effect).segments for effect in (1.0, 4.0))
    wide = {each.segment: each for each in four}
    for each in one:
        assert wide[each.segment].within.value == each.within.value
        assert wide[each.segment].mix.high - each.mix.value > 1.6 * (each.mix.high - each.mix.value)
        assert wide[each.segment].rows == pytest.approx(each.rows / 4)


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
