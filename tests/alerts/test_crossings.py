"""What the sequential test of a critical model raises, among the windows: one alert, whoever is first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.episodes import Episode, episodes
from modelwatch.alerts.persistence import Crossed, Persistence, Point, raised_items
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, Level
from modelwatch.core.window import DAY_US
from modelwatch.core.wire import Role

LENGTH = DAY_US
RULE = Persistence(2, 3)
TEMP, WIND = ColumnKey(Role.FEATURE, "temp"), ColumnKey(Role.FEATURE, "wind")
C, I, O = CODE[Level.CRITICAL], CODE[Level.INSUFFICIENT_DATA], CODE[Level.OK]  # noqa: E741
HOW = "seen by the sequential test after 312 rows"


def history(*codes: int) -> dict[int, Point]:
    """Disjoint windows of `temp`, one after the other."""
    return {(i + 1) * LENGTH: Point((i + 1) * LENGTH, {TEMP: c}, {TEMP: (0.3, 0.01)}) for i, c in enumerate(codes)}


def crossing(days: float, level: Level = Level.CRITICAL, column: ColumnKey = TEMP) -> Crossed:
    return Crossed(int(days * LENGTH), column, level, 0.5, HOW)


def told(codes: list[int], *crossings: Crossed) -> list[Episode]:
    return episodes(raised_items(sorted(history(*codes)), LENGTH, history(*codes), RULE, {}, crossings))


def test_a_crossing_opens_an_alert_at_its_own_time_and_says_how() -> None:
    (alert,) = told([O, O], crossing(1.5))
    assert (alert.opened_us, alert.level, alert.resolved_us) == (int(1.5 * LENGTH), Level.CRITICAL, None)
    assert HOW in alert.events[0].text
    assert alert.items[0].since_us == alert.opened_us


@pytest.mark.parametrize("codes", [[O, O, C, C, C], [O, C, C, C, C], [C, C, C, C, C]])
def test_windows_that_agree_make_no_second_alert(codes: list[int]) -> None:
    (alert,) = told(codes, crossing(1.5))
    assert alert.resolved_us is None
    assert sum(event.kind == "firing" for event in alert.events) == 1


def test_quiet_windows_end_it_when_they_have_had_the_time_to_see_it() -> None:
    (alert,) = told([O, O, O, O, O], crossing(1.5))
    assert alert.resolved_us == 4 * LENGTH


def test_windows_that_cannot_judge_end_nothing() -> None:
    (alert,) = told([O, I, I, I, I], crossing(1.5))
    assert alert.resolved_us is None


def test_a_worse_crossing_changes_the_level_of_the_same_alert() -> None:
    (alert,) = told([O, O], crossing(1.2, Level.WARNING), crossing(1.3))
    assert [event.kind for event in alert.events] == ["firing", "level"]
    assert alert.level is Level.CRITICAL


def test_another_column_joins() -> None:
    (alert,) = told([O], crossing(1.2), crossing(1.3, column=WIND))
    assert [event.text for event in alert.events][1:] == [f"wind joined; {HOW}"]


def test_windows_that_are_clearly_later_open_a_new_alert() -> None:
    first, second = told([O, O, O, O, O, O, C, C], crossing(0.5))
    assert (first.resolved_us, second.opened_us) == (3 * LENGTH, 8 * LENGTH)


@given(
    st.lists(st.sampled_from([C, I, O]), min_size=2, max_size=10),
    st.lists(st.floats(0.01, 9.9), max_size=3),
    st.integers(1, 9),
)
def test_going_on_from_what_is_stored_gives_what_one_run_gives(codes: list[int], at: list[float], cut: int) -> None:
    points, found = history(*codes), [crossing(days) for days in sorted(at)]
    once = raised_items(sorted(points), LENGTH, points, RULE, {}, found)
    border = cut * LENGTH
    early, late = [e for e in points if e < border], [e for e in points if e >= border]
    first = raised_items(early, LENGTH, points, RULE, {}, [c for c in found if c.at_us < border])
    before = first[max(first)] if first else {}
    second = raised_items(late, LENGTH, points, RULE, before, [c for c in found if c.at_us >= border])
    assert {**first, **second} == once
