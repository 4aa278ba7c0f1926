"""Models that fall silent: only live ones, only after longer than usual, and data sets them back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from modelwatch.alerts.life import Verb
from modelwatch.core.level import Level
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs import conditions
from modelwatch.jobs.silence import fall_silent, mark_silent
from modelwatch.store import alerts, models
from modelwatch.store.decisions import Decided, decide
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series, Stretch, save_stretches

START = 1_700_000_000_000_000 // DAY_US * DAY_US


@dataclass
class Deployed:
    """A deployment with a bucket of events at each given time."""

    engine: Engine
    id: int

    def events(self, times: list[int], live: bool = True) -> None:
        with writing(self.engine) as connection:
            save_stretches(connection, Series(self.id), [Stretch(t, BUCKET_US, 10, "b", b"") for t in times])
            values = {"last_event_us": times[-1], "first_event_us": times[0], "live_us": times[0] if live else None}
            models.update_deployments(connection, [{"id": self.id, "level": Level.OK.value, **values}])

    def level(self) -> Level:
        with reading(self.engine) as connection:
            return models.get_deployment(connection, self.id).level


@pytest.fixture
def deployed(engine: Engine) -> Deployed:
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        return Deployed(engine, models.ensure_deployment(connection, model.id, "production", "1", 0).id)


def test_a_steady_model_is_silent_after_an_hour(deployed: Deployed) -> None:
    deployed.events([START + i * BUCKET_US for i in range(100)])
    last = START + 99 * BUCKET_US
    assert mark_silent(deployed.engine, last + HOUR_US) == 0
    assert mark_silent(deployed.engine, last + HOUR_US + 1) == 1
    assert deployed.level() is Level.NO_DATA
    assert mark_silent(deployed.engine, last + 2 * HOUR_US) == 0


def test_a_model_that_rests_at_night_is_not_silent_at_night(deployed: Deployed) -> None:
    days = [START + day * DAY_US + hour * HOUR_US for day in range(5) for hour in range(8, 20)]
    deployed.events(days)
    assert mark_silent(deployed.engine, days[-1] + 13 * HOUR_US) == 0
    assert mark_silent(deployed.engine, days[-1] + 24 * HOUR_US) == 1


def test_data_that_come_meanwhile_are_no_silence(deployed: Deployed) -> None:
    deployed.events([START])
    with reading(deployed.engine) as connection:
        seen = models.get_deployment(connection, deployed.id)
    deployed.events([START + BUCKET_US])
    with writing(deployed.engine) as connection:
        assert not fall_silent(connection, seen, BUCKET_US, START + DAY_US)
    assert deployed.level() is Level.OK
    assert history_of(deployed.engine) == []


def test_replayed_history_is_never_silent(deployed: Deployed) -> None:
    deployed.events([START, START + BUCKET_US], live=False)
    assert mark_silent(deployed.engine, START + 400 * DAY_US) == 0
    assert deployed.level() is Level.OK


def history_of(engine: Engine, *statuses: str) -> list[tuple[str, str, list[str]]]:
    """(status, title, lines, the oldest first) of the alerts about silence."""
    with reading(engine) as connection:
        found = alerts.list_alerts(connection, kind="no_data", statuses=statuses or None)
        return [
            (row.status, row.title, [e.text for e in reversed(alerts.list_events(connection, row.id))]) for row in found
        ]


def test_silence_is_an_alert_that_says_what_was_usual_and_ends_with_data(deployed: Deployed) -> None:
    deployed.events([START + i * HOUR_US for i in range(48)])
    last = START + 47 * HOUR_US
    for minutes in (0, 1, 2):
        mark_silent(deployed.engine, last + 3 * HOUR_US + minutes * 60_000_000)
    ((status, title, lines),) = history_of(deployed.engine)
    assert status == "firing"
    assert title == "No predictions since 2023-11-15 23:00 UTC; the longest usual gap is 55 min"
    assert lines == ["Firing: warning; silent for 3 h, longer than in the two weeks before"]
    deployed.events([last, last + 3 * HOUR_US])
    mark_silent(deployed.engine, last + 3 * HOUR_US + BUCKET_US)
    ((status, _, lines),) = history_of(deployed.engine)
    assert (status, lines[-1]) == ("resolved", "Data have come again")


def test_other_alerts_of_a_silent_model_say_why_they_cannot_be_judged(deployed: Deployed) -> None:
    deployed.events([START + i * HOUR_US for i in range(48)])
    with writing(deployed.engine) as connection:
        drift = conditions.Condition("data_drift", Level.WARNING, "x drifted", "x")
        conditions.hold(connection, 1, deployed.id, drift, START)
    last = START + 47 * HOUR_US
    mark_silent(deployed.engine, last + 3 * HOUR_US)

    def evaluation() -> tuple[str, str]:
        with reading(deployed.engine) as connection:
            (row,) = alerts.list_alerts(connection, kind="data_drift")
        return row.status, row.evaluation.state.value

    assert evaluation() == ("firing", "no_data")
    deployed.events([last, last + 3 * HOUR_US])
    mark_silent(deployed.engine, last + 3 * HOUR_US + BUCKET_US)
    assert evaluation() == ("firing", "evaluated")


def test_silence_that_a_person_resolved_is_told_again_only_after_data(deployed: Deployed) -> None:
    deployed.events([START + i * HOUR_US for i in range(48)])
    last = START + 47 * HOUR_US
    mark_silent(deployed.engine, last + 3 * HOUR_US)
    with writing(deployed.engine) as connection:
        (row,) = alerts.list_alerts(connection, kind="no_data")
        decide(connection, row.id, Decided(Verb.RESOLVE, "ana"), last + 4 * HOUR_US)
    mark_silent(deployed.engine, last + 5 * HOUR_US)
    assert history_of(deployed.engine, "firing") == []
    deployed.events([last, last + 6 * HOUR_US])
    mark_silent(deployed.engine, last + 6 * HOUR_US + BUCKET_US)
    mark_silent(deployed.engine, last + 20 * HOUR_US)
    assert len(history_of(deployed.engine, "firing")) == 1


def test_a_newer_version_ends_the_silence_of_an_older_one(deployed: Deployed) -> None:
    deployed.events([START + i * HOUR_US for i in range(48)])
    last = START + 47 * HOUR_US
    mark_silent(deployed.engine, last + 3 * HOUR_US)
    with writing(deployed.engine) as connection:
        newer = models.ensure_deployment(connection, 1, "production", "2", 0).id
    Deployed(deployed.engine, newer).events([last + 3 * HOUR_US, last + 4 * HOUR_US])
    mark_silent(deployed.engine, last + 4 * HOUR_US)
    ((status, _, lines),) = history_of(deployed.engine)
    assert (status, lines[-1]) == ("resolved", "A newer version has taken its place")
