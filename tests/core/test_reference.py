"""Which stretches of the past a window is compared with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modelwatch.core.reference import (
    DEFAULT,
    Fixed,
    Moving,
    Past,
    Rule,
    Seasonal,
    Standing,
    from_json,
    spans,
    text,
    to_json,
    weeks_before,
)
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US, WINDOW_LENGTHS_US

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUMMER_BEGINS = 73_465_200_000_000
"""1972-04-30 in New York, when its clocks went from two to three."""
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
moving = st.builds(Moving, st.integers(1, 60), st.none() | st.integers(0, 90 * 24).map(lambda hours: hours * HOUR_US))
seasonal = st.builds(Seasonal, st.integers(3, 26), st.sampled_from(ZONES))
ends = st.integers(300 * DAY_US // BUCKET_US, 30_000 * DAY_US // BUCKET_US).map(lambda n: n * BUCKET_US)
lengths = st.sampled_from(WINDOW_LENGTHS_US)


@given(rule=moving | seasonal, end=ends, length=lengths)
@example(rule=Seasonal(3, "America/New_York"), end=SUMMER_BEGINS, length=7 * DAY_US)
def test_a_window_is_never_part_of_its_own_reference(rule: Past, end: int, length: int) -> None:
    assert all(start < stop <= end - length for start, stop in spans(rule, end, length))


@given(rule=moving, end=ends, length=lengths)
def test_a_moving_reference_is_whole_days_behind_its_gap_and_no_day_more(rule: Moving, end: int, length: int) -> None:
    ((start, stop),) = spans(rule, end, length)
    assert start % DAY_US == stop % DAY_US == 0
    assert stop - start == rule.days * DAY_US
    gap = length if rule.gap_us is None else rule.gap_us
    assert gap <= (end - length) - stop < gap + DAY_US


@given(rule=seasonal, end=ends, length=lengths)
@example(rule=Seasonal(3, "America/New_York"), end=SUMMER_BEGINS, length=7 * DAY_US)
def test_a_seasonal_reference_ends_at_the_same_time_of_the_week(rule: Seasonal, end: int, length: int) -> None:
    zone = ZoneInfo(rule.zone)

    def clock(time_us: int) -> tuple[int, int, int]:
        local = (EPOCH + timedelta(microseconds=time_us)).astimezone(zone)
        return local.weekday(), local.hour, local.minute

    found = spans(rule, end, length)
    assert len(found) == rule.weeks
    # the week of a change to summer time is an hour short: its twin is cut where a window of seven days begins
    cut = [(start, stop) for start, stop in found if stop - start != length]
    assert all(stop == end - length and length - HOUR_US <= stop - start for start, stop in cut)
    assert len(cut) <= (1 if length == 7 * DAY_US else 0)
    # a time that a change to summer skips has no twin in that week; the hour after it stands for it
    twins = [clock(stop) == clock(end) for _, stop in found]
    assert sum(twins) >= rule.weeks - 1
    if rule.zone in ("UTC", "Asia/Kolkata"):
        assert [end - stop for _, stop in found] == [(week + 1) * 7 * DAY_US for week in range(rule.weeks)]


def test_summer_time_moves_the_hour_on_the_clock_of_the_zone_alone() -> None:
    monday = int(datetime(2026, 3, 30, 7, tzinfo=UTC).timestamp() * 1e6)  # nine o'clock in Berlin, in summer time
    assert datetime.fromtimestamp(weeks_before(monday, 1, "Europe/Berlin") / 1e6, UTC).hour == 8
    assert datetime.fromtimestamp(weeks_before(monday, 1, "UTC") / 1e6, UTC).hour == 7


@pytest.mark.parametrize(
    "rule",
    [DEFAULT, Standing("uploaded"), Standing("first_rows"), Fixed(0, DAY_US), Moving(3), Moving(3, 0), Seasonal(4)],
)
def test_a_rule_survives_its_stored_form(rule: Rule) -> None:
    assert from_json(to_json(rule)) == rule
    assert (text(rule) == text(Seasonal(4))) == (rule == Seasonal(4))


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule"):
        from_json({"kind": "moving"})
