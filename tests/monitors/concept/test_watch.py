"""Concept drift on a stream of labels: what is found, when, and that it does not matter how the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.concept import Found, State, advance, begin, from_bytes, to_bytes
from tests.monitors.concept.streams import Floats, consume, distances, mistakes, watched

RNG = np.random.default_rng(11)
STREAMS = {
    "binary": mistakes(RNG, (0.05, 2_500), (0.3, 1_500), (0.02, 1_200)),
    "regression": distances(RNG, (1.0, 2_500), (4.0, 1_500), (0.5, 1_200)),
}
WHOLE = {task: watched(task, errors) for task, errors in STREAMS.items()}


def cut(task: str, cuts: list[int], stored: bool) -> tuple[State, tuple[Found, ...]]:
    """The stream in pieces, through the stored form after each when asked."""
    state, found = begin(task), ()
    for piece in np.split(STREAMS[task], sorted(cuts)):
        state, more = consume(state, piece)
        found += more
        if stored:
            state = from_bytes(to_bytes(state))
    return state, found


@pytest.mark.parametrize("task", STREAMS)
def test_changes_there_and_back_are_found(task: str) -> None:
    found = WHOLE[task][1]
    assert [each.worse for each in found] == [True, False]
    assert [each.level for each in found] == [Level.CRITICAL, Level.NOTICE]


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(sorted(STREAMS)), st.lists(st.integers(0, 5_200), max_size=12), st.booleans())
def test_how_the_stream_is_cut_does_not_matter(task: str, cuts: list[int], stored: bool) -> None:
    assert cut(task, cuts, stored) == WHOLE[task]


@pytest.mark.parametrize("task", STREAMS)
def test_one_label_at_a_time_gives_the_same(task: str) -> None:
    assert cut(task, list(range(5_200)), stored=False) == WHOLE[task]


def test_a_state_is_not_changed_by_advancing_it() -> None:
    state, _ = watched("binary", STREAMS["binary"][:2_400])
    before = to_bytes(state)
    first = consume(state, STREAMS["binary"][2_400:])
    assert to_bytes(state) == before
    assert consume(state, STREAMS["binary"][2_400:]) == first


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_no_labels_change_nothing(task: str) -> None:
    state = begin(task)
    assert consume(state, np.zeros(0)) == (state, ())
    assert state.learning
    assert state.since is None
    assert np.isnan(state.mean)


def test_a_finding_says_where_how_much_and_who() -> None:
    errors = mistakes(np.random.default_rng(5), (0.05, 10_000), (0.10, 4_000))
    state, (found,) = watched("binary", errors)
    assert found.level.raised
    assert 10_000 < found.label < 12_000
    assert abs(found.since_label - 10_000) < 500
    assert (found.order, found.at_us) == (3 * found.label, 1_000_000 * found.label)
    assert found.since_order == 3 * found.since_label
    assert 0 <= found.since_us - 1_000_000 * found.since_label <= 32_000_000
    assert found.labels_before == found.since_label - 1
    assert found.labels_before + found.labels_after == found.label
    assert found.before == errors[: found.labels_before].mean()
    assert found.after == errors[found.labels_before : found.label].mean()
    assert len(found.detectors) == len(found.alarms) >= 2
    assert list(found.alarms) == sorted(found.alarms)
    assert set(found.detectors) <= {"ADWIN", "DDM", "Page-Hinkley"}
    assert found.text.startswith("The share of mistakes rose, 5")
    assert " agree; " in found.text
    assert state.since == found
    assert state.findings == (found,)
    assert state.mean == errors[found.label :].mean()


def test_absolute_errors_are_told_in_their_own_unit_whatever_it_is() -> None:
    errors = distances(np.random.default_rng(6), (1.0, 6_000), (2.0, 1_000))
    state, (found,) = watched("regression", errors)
    _, (large,) = watched("regression", errors * 1e6)
    assert found.level.raised
    assert 6_000 < found.label < 6_500
    assert large.before == pytest.approx(found.before * 1e6)
    assert (large.label, large.level, large.pairs) == (found.label, found.level, found.pairs)
    assert found.pairs == pytest.approx(0.69, abs=0.06)
    assert "larger than an earlier one in" in found.text
    assert state.learning == (7_000 - found.label < 500)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("task", ["binary", "regression"])
def test_constant_errors_are_no_drift(task: str, value: float) -> None:
    state, found = watched(task, np.full(20_000, value))
    assert found == ()
    assert state.mean == value
    assert not state.learning


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_from_never_to_always_wrong_is_found_at_once(task: str) -> None:
    _, (found,) = watched(task, np.repeat([0.0, 1.0], [3_000, 1_000]))
    assert found.level is Level.CRITICAL
    assert found.label <= 3_160
    assert found.before < 0.01
    assert found.after > 0.6


def test_a_few_errors_after_none_are_no_concept() -> None:
    errors = np.zeros(20_000)
    errors[15_000:15_009] = 1
    assert watched("binary", errors)[1] == ()


def test_one_giant_error_is_one_error() -> None:
    errors = distances(np.random.default_rng(7), (1.0, 8_000))
    errors[5_000] = 1e300
    assert watched("regression", errors)[1] == ()


def test_nothing_is_decided_on_few_labels() -> None:
    errors = mistakes(np.random.default_rng(8), (0.0, 250), (1.0, 230))
    state, found = watched("binary", errors)
    assert found == ()
    assert state.learning


@pytest.mark.parametrize(("task", "labels"), [("binary", 5_000), ("regression", 5_000)])
def test_cold_starts_without_drift_raise_nothing(task: str, labels: int) -> None:
    rng = np.random.default_rng(9)
    make = mistakes if task == "binary" else distances
    assert [f for _ in range(40) for f in watched(task, make(rng, (0.05, labels)))[1]] == []


def test_a_rise_from_5_to_10_percent_is_never_missed_and_found_within_a_thousand_labels_as_a_rule() -> None:
    delays = []
    for seed in range(40):
        _, found = watched("binary", mistakes(np.random.default_rng(seed), (0.05, 5_000), (0.10, 5_000)))
        delays.append(next(each.label - 5_000 for each in found if each.label > 5_000 and each.level.raised))
    assert np.median(delays) <= 1_000


def test_alike_neighbours_count_for_less() -> None:
    """Errors in bursts, which ADWIN alone takes for drift all the time."""
    rng = np.random.default_rng(10)
    lengths = rng.geometric(1 / 200, 500)
    rates = np.repeat(np.where(np.arange(500) % 2, 0.08, 0.02), lengths)
    _, found = watched("binary", (rng.random(len(rates)) < rates).astype(np.float64))
    assert len(found) <= 4


def test_errors_that_come_and_go_are_said_to_recur_and_then_taken_for_waves() -> None:
    errors = mistakes(np.random.default_rng(12), *[(0.05, 2_000), (0.5, 2_000)] * 15)
    state, found = watched("binary", errors)
    assert [each.recurs for each in found if each.worse] == [0, 1]
    assert len(found) <= 4
    assert state.findings == found


def test_days_that_differ_are_no_drift_and_a_change_that_lasts_is() -> None:
    """A thousand labels a day, each day with an error rate of its own."""
    rng = np.random.default_rng(13)
    rates = np.repeat(np.clip(rng.normal(0.25, 0.12, 120), 0.01, 0.9), 1_000)
    days = (rng.random(len(rates)) < rates).astype(np.float64)
    first = watched("binary", days)[1]
    assert all(each.label < 10_000 for each in first)  # of the first days nobody knows yet that days differ
    later = np.repeat(np.clip(rng.normal(0.6, 0.12, 40), 0.01, 0.95), 1_000)
    _, found = watched("binary", np.concatenate((days, (rng.random(len(later)) < later).astype(np.float64))))
    assert [each.worse for each in found[len(first) :]] == [True]
    assert 120_000 < found[-1].label < 130_000


@pytest.mark.parametrize(
    ("task", "errors", "why"),
    [
        ("binary", [0.0, np.nan], "error 1 is nan"),
        ("regression", [np.inf, 1.0], "error 0 is inf"),
        ("multiclass", [0.5], "0 for right and 1 for wrong"),
        ("regression", [-1.0], "not negative"),
    ],
)
def test_errors_that_cannot_be_are_refused(task: str, errors: list[float], why: str) -> None:
    numbers = np.arange(len(errors))
    with pytest.raises(InvalidRequest, match=why):
        advance(begin(task), np.array(errors), numbers, numbers)


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="one length"):
        advance(begin("binary"), np.zeros(3), np.zeros(2, np.int64), np.zeros(3, np.int64))


def test_other_tasks_are_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidRequest, match="binary, multiclass, regression"):
        begin("ranking")


def test_the_task_decides_nothing_else() -> None:
    errors: Floats = STREAMS["binary"]
    assert watched("multiclass", errors)[1] == WHOLE["binary"][1]
