"""What is kept of alerting, for how long, and what stays however old it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Table, func, insert, select, update

from modelwatch.core.window import DAY_US
from modelwatch.jobs.retain import MESSAGES_US, RULE_STATES_US, RUNS_US, retain
from modelwatch.store import rules
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import action_runs, group_alerts, messages, notice_groups, rule_states
from modelwatch.store.notify_tables import rules as rule_table
from modelwatch.store.rules import RuleState
from modelwatch.store.tables import alerts
from tests.jobs.telling import Telltale


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def arrived(telltale: Telltale) -> None:
    """All that waits was sent."""
    with writing(telltale.engine) as connection:
        connection.execute(update(messages).values(state="sent", done_us=telltale.now))


def aged(telltale: Telltale, by_us: int, tmp: Any) -> None:
    telltale.now += by_us
    retain(telltale.engine, tmp, telltale.now)


def test_a_group_goes_with_its_messages_once_it_is_closed(engine: Engine, tmp_path: Any) -> None:
    told = Telltale(engine)
    told.channel("c")
    alert = told.alert("m")
    told.run(told.now + DAY_US // 24)
    told.resolve(alert)
    told.run(told.now + DAY_US)
    arrived(told)
    aged(told, MESSAGES_US - DAY_US, tmp_path)
    assert count(engine, messages) > 0
    assert count(engine, notice_groups) > 0
    aged(told, 3 * DAY_US, tmp_path)
    assert [count(engine, each) for each in (messages, notice_groups, group_alerts)] == [0, 0, 0]
    assert count(engine, alerts) == 1


def test_a_group_in_which_something_fires_stays_and_forgets_what_is_over(engine: Engine, tmp_path: Any) -> None:
    told = Telltale(engine)
    told.channel("c")
    over, lasting = told.alert("a"), told.alert("b")
    told.run(told.now + DAY_US // 24)
    told.resolve(over)
    told.run(told.now + DAY_US)
    arrived(told)
    aged(told, MESSAGES_US + DAY_US, tmp_path)
    with reading(engine) as connection:
        held = set(connection.execute(select(group_alerts.c.alert_id)).scalars())
    assert lasting in held
    assert over not in held
    before = len(told.told())
    told.run(told.now + DAY_US)
    assert len(told.told()) > before, "it is still repeated"


def test_a_group_stays_while_a_message_of_it_waits(engine: Engine, tmp_path: Any) -> None:
    told = Telltale(engine)
    told.channel("c")
    alert = told.alert("m")
    told.run(told.now + DAY_US // 24)
    told.resolve(alert)
    told.run(told.now + DAY_US)
    aged(told, 2 * MESSAGES_US, tmp_path)
    assert count(engine, messages) > 0
    assert count(engine, notice_groups) > 0


def test_what_was_said_of_a_rule_goes_with_the_version_that_left(engine: Engine, tmp_path: Any) -> None:
    told = Telltale(engine)
    told.alert("m")
    with writing(engine) as connection:
        deployment = connection.execute(select(alerts.c.deployment_id)).scalar_one()
        rule = {"project": "default", "model": "m", "name": "r", "body": "{}", "created_us": 0, "updated_us": 0}
        connection.execute(insert(rule_table).values(id="rule_1", **rule))
        rules.save_states(connection, [RuleState("rule_1", deployment, "ok", "", told.now, told.now)])
    aged(told, RULE_STATES_US, tmp_path)
    assert count(engine, rule_states) == 1
    aged(told, 1, tmp_path)
    assert count(engine, rule_states) == 0


def test_a_run_stays_while_its_alert_goes_on_so_that_it_is_not_done_again(engine: Engine, tmp_path: Any) -> None:
    told = Telltale(engine)
    alert = told.alert("m")
    with writing(engine) as connection:
        model = connection.execute(select(alerts.c.model_id)).scalar_one()
        run = {"project": "default", "action": "a", "alert_id": alert, "model_id": model, "body": "{}"}
        times = {"created_us": told.now, "done_us": told.now, "dry_run": False}
        connection.execute(insert(action_runs).values(key="k", state="done", **run, **times))
    aged(told, RUNS_US + 1, tmp_path)
    assert count(engine, action_runs) == 1
    told.resolve(alert)
    aged(told, 1, tmp_path)
    assert count(engine, action_runs) == 0
