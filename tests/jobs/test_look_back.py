"""Did it help? A synthetic model drifts, an action is done, and what comes after it is checked as ever."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.core.figure import Figure, Subject
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.jobs.look_back import look_back
from modelwatch.store import models
from modelwatch.store.engine import writing
from modelwatch.store.outcome_checks import FigureRow, OutcomeCheck, save_outcome_checks
from modelwatch.store.profiles import Series
from tests.jobs.acting import Place
from tests.jobs.test_check import START, World, fitted


@pytest.fixture
def world(engine: Engine) -> World:
    return fitted(engine)


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Place:
    return Place(engine, tmp_path)


def retrained_after(place: Place, world: World, day: int) -> int:
    """The model drifts from its third day on, and on the given day something is done about it; the alert."""
    world.days(0, 3)
    world.days(3, day - 3, shift=2.0)
    place.clock.now_us = START + day * DAY_US
    world.check(place.clock())
    [alert] = world.alerts()
    place.act(on=["data_drift"])
    place.step()
    assert place.run().state == "done"
    return alert.id


def verdict(place: Place, world: World, day: int) -> dict[str, object]:
    """What is said of the run after that day."""
    place.clock.now_us = START + day * DAY_US
    world.check(place.clock())
    look_back(place.engine, place.clock())
    helped = place.run().helped
    assert helped is not None
    return helped


def test_a_drift_that_goes_away_was_helped_and_its_figures_say_so(place: Place, world: World) -> None:
    alert = retrained_after(place, world, 7)
    said = verdict(place, world, 7)
    assert said["verdict"] == "unknown"
    assert said["text"] == "Cannot be said yet: no window with enough rows has begun after it (version 1)"
    world.days(7, 1)
    assert verdict(place, world, 8)["verdict"] == "unknown"
    world.days(8, 2)
    said = verdict(place, world, 10)
    assert said["verdict"] == "helped"
    assert said["metric"] == "PSI of x"
    before, after = said["before"], said["after"]
    assert isinstance(before, float)
    assert isinstance(after, float)
    assert before > 1 > 0.02 > after
    assert [line.text for line in place.told(alert)][-1] == f"Action “retrain”: {said['text']}"
    assert look_back(place.engine, place.clock()) == 0
    place.job.close()


def test_a_drift_that_stays_was_not_helped_until_a_new_version_comes(place: Place, world: World) -> None:
    alert = retrained_after(place, world, 7)
    world.days(7, 3, shift=2.0)
    said = verdict(place, world, 10)
    assert (said["verdict"], said["version"]) == ("did_not_help", "1")
    with writing(world.engine) as connection:
        model = models.get_model(connection, world.model_id)
        fresh = models.ensure_deployment(connection, model.id, "production", "2", place.clock())
        other = models.ensure_deployment(connection, model.id, "staging", "3", place.clock())
    retrained = replace(world, series=Series(fresh.id), first_us=START + 10 * DAY_US)
    retrained.days(10, 3)
    replace(world, series=Series(other.id), first_us=START + 10 * DAY_US).days(10, 3, shift=2.0)
    world.days(10, 3, shift=2.0)
    retrained.check(START + 13 * DAY_US)
    said = verdict(place, world, 13)
    assert (said["verdict"], said["version"]) == ("helped", "2")
    assert "(new version 2)" in str(said["text"])
    told = [line.text for line in place.told(alert) if "helped: " in line.text.lower() or "not help" in line.text]
    assert [("Did not help" in text, "new version 2" in text) for text in told] == [(True, False), (False, True)]
    place.job.close()


def test_too_few_rows_say_nothing_and_are_given_up_after_two_weeks(place: Place, world: World) -> None:
    retrained_after(place, world, 7)
    world.days(7, 3, rows=2)
    assert verdict(place, world, 10)["verdict"] == "unknown"
    last = verdict(place, world, 22)
    assert (last["verdict"], last["final"]) == ("unknown", True)
    assert str(last["text"]).startswith("Cannot be said: no window with enough rows")
    world.days(22, 3)
    assert verdict(place, world, 25) == last
    place.job.close()


def test_concept_drift_is_held_against_the_errors_that_it_was_found_on(place: Place) -> None:
    item = (
        '[{"role": "prediction_label", "name": "", "level": "critical", "value": 0.2, "chance": null, "since_us": 0,'
        ' "figure": ["concept_drift", "error_rate", "", ""]}]'
    )
    alert = place.alert(items=item, peak_items=item)
    _, deployment = place.model()
    place.act()

    def window(end: int, accuracy: float, single: Level) -> OutcomeCheck:
        row = FigureRow(Figure(Subject.PERFORMANCE, "accuracy"), accuracy, 0.0, 1.0, 500.0, single=single, level=single)
        return OutcomeCheck(HOUR_US, end, 0, single, 500.0, 500.0, True, (row,), {}, {})

    now = place.clock()
    with writing(place.engine) as connection:
        save_outcome_checks(connection, deployment, [window(now - HOUR_US, 0.7, Level.CRITICAL)])
    place.step()
    later = [window(now + i * HOUR_US, 0.9, Level.OK) for i in range(1, 4)]
    overlapping = [window(now + HOUR_US // 2, 0.1, Level.CRITICAL), window(now + HOUR_US * 3 // 2, 0.1, Level.CRITICAL)]
    with writing(place.engine) as connection:
        save_outcome_checks(connection, deployment, [*later, *overlapping])
    place.clock.forward(4)
    look_back(place.engine, place.clock())
    helped = place.run().helped
    assert helped is not None
    assert helped["verdict"] == "helped"
    assert np.allclose([helped["before"], helped["after"]], [0.3, 0.1])  # type: ignore[list-item]
    assert helped["text"] == "Helped: error rate 0.3 before, 0.1 in 3 windows after it (version 2.1.0)"
    assert place.told(alert)[-1].text.startswith("Action “retrain”: Helped")
    place.job.close()
