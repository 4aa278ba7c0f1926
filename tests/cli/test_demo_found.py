"""Waiting ends when everything is checked, not before; a year of windows becomes one line per feature."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from modelwatch.cli.demo.found import (
    Drift,
    Peak,
    auc_of,
    getter,
    months_of,
    peak,
    reached,
    state,
    wait_until_checked,
)
from modelwatch.core.level import Level
from modelwatch.errors import ModelwatchError

END = datetime(2014, 1, 1, 4, 59, tzinfo=UTC)
LAST = {"timestamp": "2014-01-01T08:00:00Z", "value": 0.1, "level": "ok"}


class Server:
    """Answers the next of `steps` at each look; a step is (bytes that wait for the fold, data points)."""

    def __init__(self, *steps: tuple[int, list[dict[str, object]]]) -> None:
        self.steps, self.look, self.now = steps, 0, 0.0

    def get(self, path: str) -> object:
        lag, points = self.steps[min(self.look, len(self.steps) - 1)]
        return {"fold_lag_bytes": lag} if path == "/readyz" else {"data_points": points}

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.look += 1

    def wait(self, timeout: float = 60.0) -> float:
        """How long the waiting took."""
        wait_until_checked(self.get, END, timeout, self.clock, self.sleep)
        return self.now


def test_waits_for_the_fold() -> None:
    quiet = Server((0, [LAST])).wait()
    assert Server(*[(10, [LAST])] * 8, (0, [LAST])).wait() >= quiet + 3


def test_waits_for_the_last_window() -> None:
    quiet = Server((0, [LAST])).wait()
    early = {**LAST, "timestamp": "2013-12-31T00:00:00Z"}
    assert Server(*[(0, [early])] * 8, (0, [early, LAST])).wait() >= quiet + 3


def test_waits_while_values_change() -> None:
    quiet = Server((0, [LAST])).wait()
    changing = [(0, [{**LAST, "value": float(number)}]) for number in range(8)]
    assert Server(*changing).wait() >= quiet + 3


@pytest.mark.parametrize("stuck", [(5, [LAST]), (0, [])])
def test_gives_up_when_nothing_moves(stuck: tuple[int, list[dict[str, object]]]) -> None:
    with pytest.raises(ModelwatchError, match="not caught up"):
        Server(stuck).wait(timeout=20.0)


def test_a_window_that_ends_with_the_event_does_not_hold_it() -> None:
    assert not reached([{"timestamp": END.isoformat()}], END)
    assert reached([LAST], END)
    assert not reached([], END)


def test_each_month_has_its_own_worst() -> None:
    points = [
        {"timestamp": "2013-05-01T00:00:00Z", "value": 0.3, "level": "critical"},
        {"timestamp": "2013-05-31T23:00:00Z", "value": 0.4, "level": "warning"},
        {"timestamp": "2013-06-01T00:00:00Z", "value": None, "level": "insufficient_data"},
        {"timestamp": "2014-06-01T00:00:00Z", "value": 9.0, "level": "critical"},
    ]
    drift = months_of("temp", lambda _: {"data_points": points})
    assert drift.months[1] == Peak(0.4, Level.CRITICAL)
    assert drift.months[2] == Peak(None, Level.INSUFFICIENT_DATA)
    assert drift.months[0] == Peak(None, Level.NO_DATA)
    assert drift.level is Level.CRITICAL


def test_more_months_at_the_worst_level_come_first() -> None:
    often = Drift("often", (Peak(0.3, Level.CRITICAL),) * 3)
    once = Drift("once", (Peak(2.0, Level.CRITICAL), Peak(0.0, Level.OK), Peak(0.0, Level.OK)))
    quiet = Drift("quiet", (Peak(5.0, Level.OK),) * 3)
    assert sorted([quiet, once, often], key=lambda drift: drift.rank) == [often, once, quiet]


def test_nothing_checked_is_no_data() -> None:
    assert peak([]) == Peak(None, Level.NO_DATA)


def test_a_server_that_is_away_is_an_error_with_a_hint() -> None:
    with pytest.raises(ModelwatchError, match="did not answer"):
        getter("http://127.0.0.1:9")("/readyz")


def test_the_worst_window_of_each_month_is_told_once_its_labels_have_come() -> None:
    points = [
        {"timestamp": "2013-09-20T00:00:00Z", "value": 0.66, "level": "critical", "mature": True},
        {"timestamp": "2013-09-27T00:00:00Z", "value": 0.64, "level": "warning", "mature": True},
        {"timestamp": "2013-10-01T00:00:00Z", "value": 0.2, "level": "insufficient_data", "mature": False},
    ]
    found = auc_of({"versions": [{"series": [{"data_points": points}]}]})
    assert found[5] == Peak(0.64, Level.CRITICAL)
    assert found[6] == Peak(None, Level.NO_DATA)
    assert auc_of({}) == (Peak(None, Level.NO_DATA),) * 9


def test_waits_while_labels_wait_to_be_joined() -> None:
    waiting = {"data_points": [LAST], "labels": {"waiting": 7}}
    assert state(lambda path: {"fold_lag_bytes": 0} if path == "/readyz" else waiting) == []
