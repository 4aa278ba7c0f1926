"""What modelwatch says of itself: nothing at the first look, an alert at the second, and no flapping at the edge."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.self_watch import LIMITS, Facts, Found, Seen, stuck, watch
from modelwatch.core.level import Level

FINE = Facts(accepted=10_000)
BAD: dict[str, dict[str, Any]] = {
    "monitor_behind": {"fold_seconds": 90.0, "fold_bytes": 5_000},
    "monitor_labels": {"label_seconds": 2_000.0},
    "monitor_checks": {"check_seconds": 1_000.0},
    "monitor_messages": {"message_seconds": 1_000.0},
    "monitor_failing_checks": {"failing_checks": 12},
    "monitor_dead_letters": {"dead_letters": 1},
    "monitor_channels": {"failing_channels": ("pager",)},
    "monitor_disk": {"disk_free": 0.05, "disk_free_bytes": 10**9},
    "monitor_drops": {"dropped": 500, "droppers": ("fraud",)},
    "monitor_rejects": {"rejected": 1_000},
    "monitor_restarts": {"restarts": 4},
    "monitor_stuck": {"idle": {"fold": 1.0, "schedule": 400.0}},
}


def looks(*facts: Facts) -> list[list[Found]]:
    """What each of the looks says."""
    seen: dict[str, Seen] = {}
    said = []
    for each in facts:
        seen, found = watch(each, seen)
        said.append(found)
    return said


def test_every_limit_has_a_case_here() -> None:
    assert set(BAD) == {limit.kind for limit in LIMITS}


@pytest.mark.parametrize("kind", BAD)
def test_a_fact_beyond_its_limit_is_pending_then_told_then_over(kind: str) -> None:
    bad = replace(FINE, **BAD[kind])
    first, second, third, fourth, fifth, sixth = looks(bad, bad, FINE, FINE, FINE, bad)
    assert [(f.kind, f.level, f.confirmed) for f in first] == [(kind, Level.WARNING, False)]
    assert [(f.kind, f.level, f.confirmed) for f in second] == [(kind, Level.WARNING, True)]
    assert [f.level for f in third] == [Level.WARNING]
    assert [f.level for f in fourth] == [Level.OK]
    assert fifth == []
    assert [f.confirmed for f in sixth] == [False]
    assert len(second[0].text) > 20


def test_a_lag_between_its_limits_does_not_flap() -> None:
    edge = [replace(FINE, fold_seconds=seconds) for seconds in (70.0, 61.0, 59.0, 30.0, 61.0, 11.0, 59.0)]
    assert [[f.level for f in found] for found in looks(*edge)] == [[Level.WARNING]] * 7


def test_a_lag_that_grows_becomes_critical_after_two_looks() -> None:
    found = looks(*(replace(FINE, fold_seconds=s) for s in (90.0, 90.0, 700.0, 700.0)))
    assert [f.level for each in found for f in each] == [Level.WARNING] * 3 + [Level.CRITICAL]


@given(st.lists(st.floats(0, 2_000), max_size=30))
def test_a_level_changes_at_most_every_second_look_and_only_with_a_reason(lags: list[float]) -> None:
    seen: dict[str, Seen] = {}
    levels = [Level.OK]
    for lag in lags:
        seen, _ = watch(replace(FINE, fold_seconds=lag), seen)
        levels.append(seen["monitor_behind"].level)
    changes = [i for i in range(1, len(levels)) if levels[i] is not levels[i - 1]]
    assert all(later - earlier >= 2 for earlier, later in itertools.pairwise(changes))
    for i in changes:
        if levels[i] is Level.OK:
            assert max(lags[i - 2 : i]) < 10
        else:
            assert min(lags[i - 2 : i]) >= (600 if levels[i] is Level.CRITICAL else 60)


def test_few_rows_are_no_share_and_a_large_disk_is_not_full() -> None:
    small = replace(FINE, accepted=10, rejected=50, dropped=50, disk_free=0.02, disk_free_bytes=10**12)
    assert looks(small, small) == [[], []]


def test_what_stands_still_keeps_the_heartbeat_and_what_is_only_bad_does_not() -> None:
    assert stuck(FINE) == ()
    for kind, values in BAD.items():
        still = kind in {"monitor_behind", "monitor_checks", "monitor_messages", "monitor_stuck"}
        assert bool(stuck(replace(FINE, **values))) is still
