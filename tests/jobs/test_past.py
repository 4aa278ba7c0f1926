"""References out of a model's own past, compared with rows that are filtered and counted directly."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.core.level import CODE, Level
from modelwatch.core.reference import Fixed, Moving, Past, Seasonal, spans
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US, grid
from modelwatch.jobs.past import Found, past_references
from modelwatch.jobs.retain import roll_up_model
from modelwatch.monitors.drift import DriftTable, check
from modelwatch.profiles import Binning, Profile
from modelwatch.store import models, references
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import reading, writing
from tests.jobs.history import START, WALL, History, new_history, traffic

DAYS = 30
LAST = START + DAYS * DAY_US


@pytest.fixture
def history(engine: Engine) -> History:
    rng = np.random.default_rng(5)
    made = new_history(engine, rng, 86_400)
    made.put(traffic(rng, DAYS, 12))
    return made


def found(history: History, rule: Past, length: int, ends: list[int], binning: Binning | None = None) -> list[Found]:
    """The references of the windows."""
    with reading(history.engine) as connection:
        binning_of = functools.partial(load_binning, connection, history.model_id)
        on = binning or history.binning
        return list(past_references(connection, [history.series], rule, ends, length, on, binning_of))


def roll_up(history: History) -> None:
    """Turn old buckets into hours."""
    with reading(history.engine) as connection:
        row = models.get_deployment(connection, history.series.deployment_id)
    while roll_up_model(history.engine, row, WALL):
        pass


def same(one: Profile, other: Profile) -> None:
    """Both hold the same rows."""
    np.testing.assert_allclose(one.counts, other.counts, atol=1e-9)
    np.testing.assert_allclose(one.moments, other.moments, atol=1e-6)
    np.testing.assert_array_equal(one.extremes, other.extremes)
    np.testing.assert_allclose((one.rows, one.weight, one.weight_sq), (other.rows, other.weight, other.weight_sq))


RULES = [
    (Moving(days=7), HOUR_US),
    (Moving(days=10, gap_us=36 * HOUR_US), DAY_US),
    (Seasonal(weeks=3), HOUR_US),
    (Seasonal(weeks=3), DAY_US),
    (Seasonal(weeks=3, zone="America/New_York"), 6 * HOUR_US),
    (Seasonal(weeks=3), 7 * DAY_US),
    (Fixed(START + 2 * DAY_US, START + 9 * DAY_US), DAY_US),
]


def test_a_reference_is_the_profile_of_the_rows_in_its_stretches(history: History) -> None:
    for rule, length in RULES:
        ends = [end for end in range(LAST - DAY_US, LAST + 1, HOUR_US) if end % grid(length) == 0][::5]
        for end, each in zip(ends, found(history, rule, length, ends), strict=True):
            same(each.profile, history.between(*spans(rule, end, length)))


def test_rolling_up_changes_no_reference(history: History) -> None:
    wanted = [(rule, length, [LAST - LAST % grid(length)]) for rule, length in RULES]
    before = [found(history, *each)[0] for each in wanted]
    roll_up(history)
    for one, other in zip(before, [found(history, *each)[0] for each in wanted], strict=True):
        same(one.profile, other.profile)
        assert one.parts == other.parts


def test_a_window_of_minutes_takes_its_part_of_the_hours_that_hold_it(history: History) -> None:
    roll_up(history)
    rule, end = Seasonal(weeks=3), LAST - DAY_US - 15 * 60 * 1_000_000
    (each,) = found(history, rule, BUCKET_US, [end])
    hours = [(stop - stop % HOUR_US, stop - stop % HOUR_US + HOUR_US) for _, stop in spans(rule, end, BUCKET_US)]
    whole = history.between(*hours)
    np.testing.assert_allclose(each.profile.counts, whole.counts / 12)
    assert each.profile.effective_rows == pytest.approx(whole.rows)


def test_late_rows_of_a_reference_period_count_from_the_next_check_on(history: History) -> None:
    rule = Moving(days=14)
    number = history.choose(rule, window_seconds=86_400)
    history.check()
    history.put(traffic(np.random.default_rng(9), 1, 200, LAST - 5 * DAY_US, shift=3.0))
    history.check()
    history.put(traffic(np.random.default_rng(10), 1, 4, LAST - DAY_US))
    history.check()
    last = history.checks()[-1]
    expected = check(
        history.between((LAST - DAY_US, LAST)), history.between(*spans(rule, LAST, DAY_US)), history.binning
    )
    np.testing.assert_allclose(DriftTable.from_bytes(last.body).psi, expected.psi, rtol=1e-6)
    assert last.reference_id == number


def test_a_moving_reference_that_is_too_short_gives_way_to_the_standing_one(engine: Engine) -> None:
    rng = np.random.default_rng(6)
    history = new_history(engine, rng, 86_400)
    number = history.choose(Moving(days=28), window_seconds=86_400)
    history.put(traffic(rng, 14, 20))
    history.check()
    with reading(engine) as connection:
        standing = references.find_reference(connection, history.model_id, "production", "1")
    assert standing is not None
    by_end = {row.end_us: row.reference_id for row in history.checks()}
    # seven whole days, a day's gap, and the window itself
    assert {by_end[end] for end in by_end if end < START + 9 * DAY_US} == {standing.id}
    assert {by_end[end] for end in by_end if end >= START + 9 * DAY_US} == {number}


def test_a_season_that_is_too_short_is_waited_for(engine: Engine) -> None:
    rng = np.random.default_rng(7)
    history = new_history(engine, rng, 86_400)
    number = history.choose(Seasonal(weeks=8), window_seconds=86_400)
    history.put(traffic(rng, 23, 20))
    history.check()
    rows = history.checks()
    assert {row.reference_id for row in rows} == {number}
    early = [row for row in rows if row.end_us < START + 21 * DAY_US]
    assert {row.level for row in early} == {Level.INSUFFICIENT_DATA}
    later = [row for row in rows if row.end_us >= START + 22 * DAY_US]
    assert later
    assert not {code for row in later for code in row.single} & {CODE[Level.INSUFFICIENT_DATA], CODE[Level.CRITICAL]}


@pytest.mark.parametrize("rule", [Seasonal(weeks=3), Moving(days=14)])
def test_a_new_version_inherits_the_past_of_its_inputs(engine: Engine, rule: Past) -> None:
    rng = np.random.default_rng(8)
    old = new_history(engine, rng, 86_400)
    old.put(traffic(rng, 25, 20))
    new = old.deploy("2")
    number = old.choose(rule, window_seconds=86_400)
    new.put(traffic(rng, 2, 20, START + 25 * DAY_US))
    new.check()
    last = new.checks()[-1]
    assert last.reference_id == number
    feature, score = last.single
    assert feature == CODE[Level.OK]
    assert score == CODE[Level.INSUFFICIENT_DATA]
    every = old.between(*spans(rule, last.end_us, DAY_US))
    expected = check(new.between((last.end_us - DAY_US, last.end_us)), every, new.binning)
    np.testing.assert_allclose(DriftTable.from_bytes(last.body).psi[0], expected.psi[0], rtol=1e-6)


def test_days_that_were_chosen_are_the_reference_of_every_version(engine: Engine) -> None:
    rng = np.random.default_rng(9)
    old = new_history(engine, rng, 86_400)
    old.put(traffic(rng, 10, 20))
    new = old.deploy("2")
    number = old.choose(Fixed(START, START + 7 * DAY_US), window_seconds=86_400)
    new.put(traffic(rng, 2, 20, START + 25 * DAY_US))
    new.check()
    last = new.checks()[-1]
    assert last.reference_id == number
    assert set(last.single) == {CODE[Level.OK]}


def test_a_new_binning_keeps_the_columns_whose_bins_are_equal(history: History) -> None:
    x, y = history.binning.columns
    changed = Binning((x, dataclasses.replace(y, bins=dataclasses.replace(y.bins, center=7.0))))
    with writing(history.engine) as connection:
        body = references.BinningRow(changed.id, "uploaded", None, 1, changed.to_bytes())
        references.save_binning(connection, history.model_id, body)
        models.set_binning(connection, history.model_id, changed.id)
    for rule, length in RULES:
        end = LAST - LAST % grid(length)
        (old,), (new,) = found(history, rule, length, [end]), found(history, rule, length, [end], changed)
        np.testing.assert_array_equal(new.profile.counts[0], old.profile.counts[0])
        assert new.profile.counts[1].sum() == 0


def test_many_ends_give_what_each_gives_alone(history: History) -> None:
    for rule, length in RULES:
        ends = list(range(LAST - 9 * DAY_US, LAST + 1, grid(length)))[::7]
        together = found(history, rule, length, ends)
        for end, each in zip(ends[::13], together[::13], strict=True):
            (alone,) = found(history, rule, length, [end])
            same(alone.profile, each.profile)
            assert alone.parts == each.parts
