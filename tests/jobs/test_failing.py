"""Checks that fail: pending at first, an alert at the second failure, over with a success."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from modelwatch.core.level import Level
from modelwatch.jobs.failing import Failing
from modelwatch.store import alerts, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.profiles import Series

NOW = 1_700_000_000_000_000
MINUTE = 60_000_000


@pytest.fixture
def series(engine: Engine) -> Series:
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        return Series(models.ensure_deployment(connection, model.id, "production", "1", 0).id)


def lines(engine: Engine) -> list[tuple[str, list[str]]]:
    """(status, history, the oldest line first) of every alert."""
    every = ("pending", "firing", "resolved")
    with reading(engine) as connection:
        return [
            (row.status, [each.text for each in reversed(alerts.list_events(connection, row.id))])
            for row in alerts.list_alerts(connection, statuses=every)
        ]


def test_one_failure_is_pending_and_passes(engine: Engine, series: Series) -> None:
    failing = Failing(engine)
    failing.failed(series, ValueError("a secret"), NOW)
    assert [status for status, _ in lines(engine)] == ["pending"]
    with reading(engine) as connection:
        assert models.get_deployment(connection, series.deployment_id).level is Level.ERROR
    failing.succeeded(series, NOW + MINUTE)
    assert (lines(engine), failing.count) == ([], 0)


def test_the_second_failure_is_told_by_the_class_of_the_error_alone(engine: Engine, series: Series) -> None:
    failing = Failing(engine)
    for i in range(3):
        failing.failed(series, ValueError("a secret"), NOW + i * MINUTE)
    ((status, said),) = lines(engine)
    assert (status, len(said)) == ("firing", 2)
    assert "ValueError, 2 tries" in said[1]
    assert "secret" not in str(said)
    with reading(engine) as connection:
        (row,) = alerts.list_alerts(connection)
    assert (row.title, row.changed_us) == ("Checks fail: ValueError", NOW + MINUTE)


def test_a_success_after_a_restart_ends_it_when_nothing_else_fails(engine: Engine, series: Series) -> None:
    part = Series(series.deployment_id, '["tag", "region", "us"]')
    before = Failing(engine)
    for _ in range(2):
        before.failed(series, ValueError(), NOW)
    failing = Failing(engine)
    failing.failed(series, ValueError(), NOW)
    failing.succeeded(part, NOW + MINUTE)
    assert [status for status, _ in lines(engine)] == ["firing"]
    failing.succeeded(series, NOW + 2 * MINUTE)
    ((status, said),) = lines(engine)
    assert (status, said[-1]) == ("resolved", "Checks succeed again")
