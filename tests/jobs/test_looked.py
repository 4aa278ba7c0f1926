"""What windows say beside what they raise: pending, not judged, evaluated again."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.alerts.life import Evaluation
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.jobs.check import check_series
from modelwatch.store import alerts, models
from modelwatch.store.alerts import AlertRow
from modelwatch.store.engine import reading, writing
from tests.jobs.history import START, History, new_history

EVERY = ("pending", "firing", "acknowledged", "silenced", "resolved")


class Days:
    """A live model with windows of a day that gets rows by the hour."""

    def __init__(self, engine: Engine) -> None:
        self.rng = np.random.default_rng(5)
        self.history: History = new_history(engine, self.rng, 86_400)
        self.now = START
        with writing(engine) as connection:
            row = {"id": self.history.series.deployment_id, "live_us": START, "last_event_us": START}
            models.update_deployments(connection, [row])

    def put(self, at: int, hours: int, shift: float = 0.0, rows: int = 100) -> None:
        """Rows of `hours` hours from a time on."""
        times = at + np.repeat(np.arange(hours), rows) * HOUR_US + self.rng.integers(0, 5, hours * rows)
        columns = self.rng.normal(shift, 1, len(times)), self.rng.normal(0, 1, len(times))
        self.history.put(np.column_stack([times.astype(np.float64), *columns]))

    def day(self, shift: float = 0.0, rows: int = 100) -> None:
        """The next day, checked when it is over."""
        self.put(self.now, 24, shift, rows)
        self.now += DAY_US
        self.check()

    def check(self, after: int = 0) -> None:
        """Check now or some time later."""
        check_series(self.history.engine, self.history.series, self.now + after)

    def alerts(self, *statuses: str) -> list[AlertRow]:
        """The alerts of the model's inputs."""
        with reading(self.history.engine) as connection:
            return alerts.list_alerts(connection, kind="data_drift", statuses=statuses or EVERY)

    def lines(self, alert: AlertRow) -> list[tuple[str, str]]:
        """An alert's history, the oldest line first."""
        with reading(self.history.engine) as connection:
            return [(each.kind, each.text) for each in reversed(alerts.list_events(connection, alert.id))]


@pytest.fixture
def days(engine: Engine) -> Days:
    made = Days(engine)
    for _ in range(3):
        made.day()
    return made


def test_one_odd_day_is_pending_and_passes_without_a_trace(days: Days) -> None:
    days.put(days.now, 22)
    days.put(days.now + 22 * HOUR_US, 2, shift=5)  # one cell of the grid: no two disjoint windows hold it
    days.now += DAY_US
    days.check()
    (pending,) = days.alerts()
    assert (pending.status, pending.items[0].column.name) == ("pending", "x")
    assert pending.changed_us is None
    ((kind, text),) = days.lines(pending)
    assert (kind, text) == ("pending", f"Pending: {pending.level.value}, 1 of 3 windows")
    for _ in range(3):
        days.day()
    assert days.alerts() == []


def test_what_is_pending_fires_as_the_same_alert(days: Days) -> None:
    days.day(shift=1.5)
    (pending,) = days.alerts("pending")
    days.day(shift=1.5)
    (firing,) = days.alerts()
    assert (firing.id, firing.status) == (pending.id, "firing")
    assert firing.changed_us == days.now
    assert [kind for kind, _ in days.lines(firing)][:2] == ["pending", "firing"]


def test_days_that_are_checked_together_tell_of_the_wait_too(days: Days) -> None:
    days.put(days.now, 48, shift=1.5)
    days.now += 2 * DAY_US
    days.check()
    (firing,) = days.alerts()
    assert [kind for kind, _ in days.lines(firing)][:2] == ["pending", "firing"]


def test_an_alert_whose_window_has_too_few_rows_stays_open_and_says_so(days: Days) -> None:
    for _ in range(2):
        days.day(shift=1.5)
    days.day(rows=2)
    days.day(rows=2)
    (alert,) = days.alerts("firing")
    assert alert.evaluation.state is Evaluation.INSUFFICIENT_DATA
    assert alert.evaluation.text == "48 rows in the newest window; 200 are needed"
    since = alert.evaluation.since_us
    days.day(rows=3)
    (alert,) = days.alerts("firing")
    assert (alert.evaluation.since_us, alert.evaluation.text[:2]) == (since, "72")
    days.day(shift=1.5)
    (alert,) = days.alerts("firing")
    assert (alert.evaluation.state, alert.evaluation.text) == (Evaluation.EVALUATED, "")


def test_late_rows_that_change_what_is_shown_are_told_in_one_line_that_grows(days: Days) -> None:
    for _ in range(3):
        days.day(shift=0.8)
    (alert,) = days.alerts("firing")
    for _ in range(3):
        days.put(days.now - 10 * HOUR_US, 5, shift=1.2)
        days.check(after=DAY_US)
    lines = [text for kind, text in days.lines(alert) if kind == "evaluated_again"]
    assert len(lines) == 1
    assert lines[0].startswith("Evaluated again: 1,500 late rows; PSI 0.")
    assert lines[0].endswith("level unchanged")


def test_a_check_without_late_rows_tells_nothing(days: Days) -> None:
    for _ in range(3):
        days.day(shift=0.8)
    (alert,) = days.alerts("firing")
    before = days.lines(alert)
    days.check(after=DAY_US)
    days.day(shift=0.8)
    assert [each for each in days.lines(alert) if each not in before] == []
