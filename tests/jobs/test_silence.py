"""Models that fall silent: only live ones, only after longer than usual, and data sets them back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from modelwatch.core.level import Level
from modelwatch.core.window import BUCKET_US, DAY_US, HOUR_US
from modelwatch.jobs.silence import mark_silent
from modelwatch.store import models
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


def test_replayed_history_is_never_silent(deployed: Deployed) -> None:
    deployed.events([START, START + BUCKET_US], live=False)
    assert mark_silent(deployed.engine, START + 400 * DAY_US) == 0
    assert deployed.level() is Level.OK
