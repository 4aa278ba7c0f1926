"""When alerts open and resolve: laws over any history of windows, and the stories that people know."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.episodes import Episode, episodes
from modelwatch.alerts.persistence import Item, Persistence, Point, raised_items
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.core.window import DAY_US, grid
from modelwatch.core.wire import Role

LENGTH = DAY_US
RULE = Persistence(2, 3)
TEMP, WIND = ColumnKey(Role.FEATURE, "temp"), ColumnKey(Role.FEATURE, "wind")
C, W, N, I, O = (  # noqa: E741
    CODE[Level.CRITICAL],
    CODE[Level.WARNING],
    CODE[Level.NOTICE],
    CODE[Level.INSUFFICIENT_DATA],
    CODE[Level.OK],
)


def history(*codes: int, column: ColumnKey = TEMP) -> dict[int, Point]:
    """Disjoint windows, one after the other."""
    return {(i + 1) * LENGTH: Point((i + 1) * LENGTH, {column: c}, {column: (0.3, 0.01)}) for i, c in enumerate(codes)}


def run(
    points: dict[int, Point],
    ends: list[int] | None = None,
    current: Episode | None = None,
    settled: dict[ColumnKey, Level] | None = None,
) -> list[Episode]:
    """Persistence, then episodes, from `ends` on."""
    before = {item.column: item for item in current.items} if current else {}
    if settled:
        before |= {column: Item(column, level, 0.3, None, 0) for column, level in settled.items()}
    chosen = sorted(points) if ends is None else ends
    return episodes(raised_items(chosen, LENGTH, points, RULE, before), current, settled)


def told(*codes: int) -> list[Episode]:
    return run(history(*codes))


def test_one_odd_window_raises_nothing() -> None:
    assert told(O, C, O, O, C, O, O) == []


def test_two_of_three_windows_open_one_alert_and_it_resolves() -> None:
    (alert,) = told(O, C, C, C, O, O, O)
    assert (alert.opened_us, alert.resolved_us, alert.level) == (3 * LENGTH, 6 * LENGTH, Level.CRITICAL)
    assert alert.items[0].since_us == 2 * LENGTH


def test_one_good_window_inside_a_drift_resolves_nothing() -> None:
    (alert,) = told(C, C, O, C, C, O, C)
    assert alert.resolved_us is None


def test_a_column_at_the_edge_does_not_flap() -> None:
    assert len(told(C, C, O, C, O, C, O, C)) == 1


def test_the_phase_of_the_grid_does_not_make_it_flap() -> None:
    step = grid(LENGTH)
    raised = {0, 2 * LENGTH, 4 * LENGTH}
    points = {
        end: Point(end, {TEMP: W if end in raised else O}, {TEMP: (0.2, 0.01)}) for end in range(0, 8 * LENGTH, step)
    }
    (alert,) = run(points)
    assert (alert.opened_us, alert.resolved_us) == (2 * LENGTH, 6 * LENGTH)


def test_a_window_with_too_few_rows_decides_nothing() -> None:
    (alert,) = told(C, C, I, I, I)
    assert alert.resolved_us is None
    assert alert.checked_us == 5 * LENGTH
    assert told(C, I, I, O) == []


def test_a_level_changes_inside_the_same_alert() -> None:
    (alert,) = told(W, W, C, C, C)
    assert alert.level is Level.CRITICAL
    assert [event.kind for event in alert.events] == ["firing", "level"]


def test_columns_join_the_alert_that_is_open() -> None:
    points = history(C, C, C, C)
    late = history(O, O, C, C, column=WIND)
    both = {
        end: Point(end, {**p.levels, **late[end].levels}, {**p.values, **late[end].values}) for end, p in points.items()
    }
    (alert,) = run(both)
    assert {item.column for item in alert.items} == {TEMP, WIND}
    assert [event.kind for event in alert.events] == ["firing", "joined"]


def test_what_a_person_resolved_stays_quiet_until_it_was_clear_or_gets_worse() -> None:
    settled = {TEMP: Level.WARNING}

    def after(*codes: int) -> list[Episode]:
        """What follows a resolve by hand at the second window."""
        points = history(*codes)
        return run(points, sorted(points)[1:], settled=settled)

    assert after(W, W, W, W) == []
    assert len(after(W, W, C, C)) == 1
    assert len(after(W, W, O, O, W, W)) == 1


LEVELS = st.lists(st.sampled_from([C, W, N, I, O]), min_size=1, max_size=40)


@given(LEVELS)
def test_alerts_never_overlap_and_only_the_last_is_open(codes: list[int]) -> None:
    found = told(*codes)
    for before, after in itertools.pairwise(found):
        assert before.resolved_us is not None
        assert before.resolved_us <= after.opened_us
    assert all(episode.items for episode in found if episode.resolved_us is None)


@given(LEVELS, st.integers(0, 40))
def test_going_on_from_a_stored_alert_gives_what_one_run_gives(codes: list[int], cut: int) -> None:
    points = history(*codes)
    ends = sorted(points)
    whole = run(points)
    first = run(points, ends[:cut])
    open_one = first.pop() if first and first[-1].resolved_us is None else None
    rest = run(points, ends[cut:], open_one)
    if open_one is not None and not rest:
        rest = [open_one]
    assert [(e.opened_us, e.resolved_us, e.level) for e in first + rest] == [
        (e.opened_us, e.resolved_us, e.level) for e in whole
    ]


@given(LEVELS)
def test_an_alert_needs_k_raised_windows_among_the_last_n(codes: list[int]) -> None:
    for episode in told(*codes):
        i = episode.opened_us // LENGTH - 1
        recent = codes[max(0, i - RULE.n + 1) : i + 1]
        assert sum(ORDER[code].raised for code in recent) >= RULE.k
