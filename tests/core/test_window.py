"""Windows, their grid, and which of them a bucket touches, against a plain enumeration."""

from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.window import (
    BUCKET_US,
    DAY_US,
    WINDOW_LENGTHS_US,
    Window,
    bucket_start,
    choose_length,
    disjoint,
    ends_touched,
    grid,
    last_end,
)

TIMES = st.integers(-(10**15), 3 * 10**15)


@given(TIMES)
def test_a_bucket_holds_its_time(time: int) -> None:
    start = bucket_start(time)
    assert start % BUCKET_US == 0
    assert start <= time < start + BUCKET_US


@given(st.sampled_from(WINDOW_LENGTHS_US), TIMES, st.integers(0, 40))
def test_the_windows_touched_are_those_that_hold_the_bucket_and_have_begun(length: int, time: int, later: int) -> None:
    bucket = bucket_start(time)
    now = time + later * grid(length)
    ends = ends_touched(length, [bucket], now)
    step = grid(length)
    all_ends = range(bucket - bucket % step, bucket + length + 2 * step, step)
    held = [end for end in all_ends if end - length <= bucket < end and end <= last_end(length, now)]
    assert ends == held


@given(st.sampled_from(WINDOW_LENGTHS_US), TIMES)
def test_the_newest_window_holds_now_and_ends_on_the_grid(length: int, now: int) -> None:
    window = Window(length, last_end(length, now))
    assert window.start <= now < window.end
    assert window.end % grid(length) == 0
    assert window.end - now <= grid(length)


@given(st.sampled_from(WINDOW_LENGTHS_US))
def test_a_window_is_a_whole_number_of_grid_cells_of_whole_buckets(length: int) -> None:
    assert length % grid(length) == 0
    assert grid(length) % BUCKET_US == 0


def test_disjoint_windows_share_no_row() -> None:
    assert list(disjoint(100, 30, 3)) == [100, 70, 40]


@given(st.floats(0, 1e9))
def test_the_chosen_length_is_the_shortest_that_holds_enough_rows(rate: float) -> None:
    length = choose_length(rate)
    shorter = [each for each in WINDOW_LENGTHS_US if each < length]
    assert length == WINDOW_LENGTHS_US[-1] or rate * length / DAY_US >= 2000
    assert all(rate * each / DAY_US < 2000 for each in shorter)


@given(st.floats(1, 1e8), st.floats(0.75, 1.3))
def test_a_rate_that_wavers_does_not_change_the_length_back_and_forth(rate: float, factor: float) -> None:
    first = choose_length(rate)
    assert choose_length(rate * factor, choose_length(rate * factor, first)) == choose_length(rate * factor, first)
    once = choose_length(rate * factor, first)
    assert choose_length(rate, once) in (first, once)
