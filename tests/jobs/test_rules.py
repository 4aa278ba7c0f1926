"""Rules evaluated where windows settle: on real checks, late data included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from modelwatch.alerts.rule_json import rule_from_json
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.errors import NotFound
from modelwatch.jobs.check import check_series
from modelwatch.jobs.rules import evaluate_changed
from modelwatch.server.queries.backtest import back_test
from modelwatch.store import alerts, models, rules
from modelwatch.store.engine import reading, writing
from modelwatch.store.rules import KIND_PREFIX, RuleRow
from tests.jobs.history import START, History, Rows, new_history, traffic

PSI = {"metric": "psi", "feature": "x", "threshold": 0.25}
DAYS = 6
NOW = START + (DAYS + 1) * DAY_US


@dataclass
class Told:
    """An alert, in short."""

    opened: int
    resolved: int | None
    level: Level
    title: str


def write(engine: Engine, name: str = "r", model: str = "m", **said: Any) -> RuleRow:
    """Store a rule."""
    rule = rule_from_json({"rule_name": name, "model_id": model, **said})
    with writing(engine) as connection:
        return rules.add_rule(connection, "default", f"rule_{name}", rule, "somebody", 1)


def told(engine: Engine, row: RuleRow) -> list[Told]:
    """The alerts of a rule, by the time at which they opened."""
    with reading(engine) as connection:
        found = alerts.list_alerts(connection, kind=row.kind)
    found.sort(key=lambda each: each.opened_us)
    return [Told(each.opened_us, each.resolved_us, each.level, each.title) for each in found]


def state(engine: Engine, row: RuleRow) -> str:
    """What was last said of a rule for the one version there is."""
    with reading(engine) as connection:
        (found,) = rules.load_states(connection, [row.id])[row.id]
    return found.state.state


def one_day(rng: np.random.Generator, day: int, shift: float = 0.0) -> Rows:
    """A day of traffic in which x does not follow the hour."""
    rows = traffic(rng, 1, 400, START + day * DAY_US)
    rows[:, 1] = rng.normal(shift, 1, len(rows))
    return rows


@pytest.fixture
def history(engine: Engine) -> History:
    """Six days of traffic in windows of six hours; on the third and fourth x has moved."""
    rng = np.random.default_rng(3)
    made = new_history(engine, rng, 6 * 3600)
    for day in range(DAYS):
        made.put(one_day(rng, day, 1.5 if day in (2, 3) else 0.0))
    return made


def check(history: History) -> None:
    check_series(history.engine, history.series, NOW)


def test_a_rule_opens_and_resolves_alerts_with_its_severity_and_channels(engine: Engine, history: History) -> None:
    row = write(engine, "High PSI", condition=PSI, severity="critical", channels=["slack"])
    check(history)
    (found,) = told(engine, row)
    assert START + 2 * DAY_US < found.opened <= START + 2 * DAY_US + 6 * HOUR_US
    assert found.resolved is not None
    assert START + 4 * DAY_US < found.resolved <= START + 4 * DAY_US + 12 * HOUR_US
    assert found.level is Level.CRITICAL
    assert found.title.startswith("psi of x ")
    assert found.title.endswith("> 0.25 (High PSI)")
    with reading(engine) as connection:
        (alert,) = alerts.list_alerts(connection, kind=row.kind)
    assert (alert.rule_id, alert.channels) == (row.id, ("slack",))
    assert state(engine, row) == "ok"


def test_info_makes_a_notice(engine: Engine, history: History) -> None:
    row = write(engine, condition=PSI, severity="info")
    check(history)
    assert {each.level for each in told(engine, row)} == {Level.NOTICE}


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (0, 5, 3, 1, 2, 4), (3, 0, 4, 2, 5, 1)])
def test_days_in_any_order_make_the_same_alerts(engine: Engine, order: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    made = new_history(engine, rng, 6 * 3600)
    row = write(engine, condition=PSI, **{"for": {"k": 2, "n": 3}})
    days = [one_day(rng, day, 1.5 if day in (2, 3) else 0.0) for day in range(DAYS)]
    for day in order:
        made.put(days[day])
        check(made)
    (found,) = [each for each in told(engine, row) if each.resolved != each.opened]
    assert START + 2 * DAY_US + 6 * HOUR_US < found.opened <= START + 2 * DAY_US + 12 * HOUR_US
    assert found.resolved is not None
    assert START + 4 * DAY_US + 6 * HOUR_US <= found.resolved <= START + 4 * DAY_US + 18 * HOUR_US


def test_a_rule_for_all_gives_way_to_one_of_its_name(engine: Engine, history: History) -> None:
    every = write(engine, "all", model="__any__", condition=PSI)
    with writing(engine) as connection:
        rule = rule_from_json({"rule_name": "all", "model_id": "m", "condition": PSI, "enabled": False})
        rules.add_rule(connection, "default", "rule_own", rule, "", 1)
    other = write(engine, "other", model="__any__", condition=PSI)
    check(history)
    assert told(engine, every) == []
    assert len(told(engine, other)) == 1


def test_minimum_rows_environment_and_version(engine: Engine, history: History) -> None:
    many = write(engine, "many", condition=PSI, min_rows=1_000_000)
    elsewhere = write(engine, "elsewhere", condition=PSI, environment="staging")
    older = write(engine, "older", condition=PSI, version="0")
    check(history)
    assert state(engine, many) == "insufficient_data"
    for row in (many, elsewhere, older):
        assert told(engine, row) == []


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({**PSI, "feature": "z"}, "the model has no column z"),
        ({"metric": "lost revenue", "threshold": 1}, "the model has no metric lost revenue"),
        ({**PSI, "segment": "region=eu"}, "no segment region=eu is watched"),
        ({"metric": "roc_auc", "feature": "x", "threshold": 1}, "roc_auc is not stored by feature"),
    ],
)
def test_what_can_never_be_judged_is_an_error(
    condition: dict[str, Any], text: str, engine: Engine, history: History
) -> None:
    row = write(engine, condition=condition)
    check(history)
    evaluate_changed(engine, NOW)
    with reading(engine) as connection:
        (found,) = rules.load_states(connection, [row.id])[row.id]
    assert (found.state.state, found.state.text) == ("error", text)


def test_a_rule_that_is_written_later_looks_at_the_newest_window(engine: Engine) -> None:
    rng = np.random.default_rng(3)
    made = new_history(engine, rng, 6 * 3600)
    made.put(one_day(rng, 0))
    made.put(one_day(rng, 1, 1.5))
    check(made)
    row = write(engine, condition=PSI)
    assert evaluate_changed(engine, NOW) == 1
    assert evaluate_changed(engine, NOW) == 0
    (found,) = told(engine, row)
    assert found.resolved is None
    assert state(engine, row) == "firing"
    with writing(engine) as connection:
        rules.drop_rule(connection, row.id)
        assert rules.end_alerts(connection, "default", "The rule r was deleted by somebody", NOW) == 1
    with reading(engine) as connection:
        (alert,) = alerts.list_alerts(connection, kind=KIND_PREFIX + row.id)
        newest = alerts.list_events(connection, alert.id)[0]
    assert (alert.status, newest.text) == ("resolved", "The rule r was deleted by somebody")
    made.put(one_day(rng, 2, 1.5))
    check(made)
    assert len(told(engine, row)) == 1


def test_by_decision_level_fires_with_the_decision(engine: Engine, history: History) -> None:
    row = write(engine, condition={"subject": "data_drift", "level": "warning"}, severity="by_level")
    check(history)
    with reading(engine) as connection:
        (own,) = alerts.list_alerts(connection, kind="data_drift")
    (found,) = told(engine, row)
    assert (found.opened, found.resolved, found.level) == (own.opened_us, own.resolved_us, own.level)


def test_a_default_rule_is_switched_off_or_made_less_severe(engine: Engine, history: History) -> None:
    with writing(engine) as connection:
        model = models.find_model(connection, "default", "m")
        assert model is not None
        said = {"rule_name": "default.data_drift", "severity": "info", "channels": ["log"]}
        rules.add_rule(connection, "default", "rule_d", rule_from_json(said, "m"), "", 1)
    check(history)
    with reading(engine) as connection:
        (alert,) = alerts.list_alerts(connection, kind="data_drift")
    assert (alert.level, alert.channels, alert.rule_id) == (Level.NOTICE, ("log",), "rule_d")
    assert alert.peak_items[0].level.raised
    with reading(engine) as connection:
        texts = [each.text for each in alerts.list_events(connection, alert.id) if each.kind == "level"]
    assert not [text for text in texts if "Notice" in text]


def test_a_default_rule_that_is_off_raises_nothing(engine: Engine, history: History) -> None:
    with writing(engine) as connection:
        said = {"rule_name": "default.data_drift", "enabled": False}
        rules.add_rule(connection, "default", "rule_d", rule_from_json(said, "__any__"), "", 1)
    check(history)
    with reading(engine) as connection:
        assert alerts.list_alerts(connection, kind="data_drift") == []


@pytest.mark.parametrize(
    "said",
    [
        {"condition": PSI, "for": {"k": 2, "n": 3}},
        {"condition": {**PSI, "feature": "*"}, "severity": "critical"},
        {"any": [PSI, {"metric": "rows", "operator": "less_than", "threshold": 50}]},
        {"condition": {**PSI, "threshold": 0.1, "change": "absolute", "windows_ago": 4}},
    ],
)
def test_a_back_test_says_what_was_raised_day_by_day(engine: Engine, said: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    made = new_history(engine, rng, 6 * 3600)
    row = write(engine, **said)
    for day in range(DAYS):
        made.put(one_day(rng, day, 1.5 if day in (2, 3) else 0.0))
        check(made)
    raised = [each for each in told(engine, row) if each.resolved != each.opened]
    with reading(engine) as connection:
        tried = back_test(connection, row.rule, 30, lambda: NOW)
    (one,) = tried.tested
    assert [(each.opened_at, each.resolved_at) for each in one.episodes] == [(a.opened, a.resolved) for a in raised]
    assert raised


def test_what_is_pending_goes_with_its_rule(engine: Engine, history: History) -> None:
    with writing(engine) as connection:
        fixed = {"model_id": history.model_id, "deployment_id": history.series.deployment_id, "by_hand": False}
        levels = {"level": "warning", "peak_level": "warning", "items": "[]", "peak_items": "[]", "historic": False}
        times = {"opened_us": 1, "resolved_us": None, "checked_us": 1}
        said = {"kind": "data_drift", "status": "pending", "title": "x", **fixed, **levels, **times}
        alert_id = alerts.insert_alert(connection, said)
        off = rule_from_json({"rule_name": "default.data_drift", "model_id": "m", "enabled": False})
        rules.add_rule(connection, "default", "rule_d", off, "", 1)
        assert rules.end_alerts(connection, "default", "switched off", NOW) == 1
    with reading(engine) as connection, pytest.raises(NotFound):
        alerts.get_alert(connection, alert_id)
