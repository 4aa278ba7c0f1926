"""Alerts page by page: every one once, in the order of the page, and never those of another project."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert

from modelwatch.errors import NotFound
from modelwatch.store.alert_list import AlertFilter, count_open, find_alert, histories, list_named
from modelwatch.store.engine import reading, writing
from modelwatch.store.tables import alert_events, alerts, deployments, models

LIVES = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 4)), max_size=12)


def fill(engine: Engine, lives: list[tuple[int, bool, int]]) -> None:
    """Deployments 1 and 2 are of project `default`, 3 and 4 of `other`; times repeat on purpose."""
    with writing(engine) as connection:
        for table in (alert_events, alerts, deployments, models):
            connection.execute(delete(table))
        for i, project in ((1, "default"), (2, "default"), (3, "other"), (4, "other")):
            connection.execute(insert(models).values(id=i, project=project, name=f"m{i}", created_us=0))
            values = {"id": i, "model_id": i, "environment": "production", "version": str(i), "seen_us": 0}
            connection.execute(insert(deployments).values(**values))
        for i, (opened, resolved, deployment) in enumerate(lives):
            values = {
                "id": i + 1,
                "model_id": deployment,
                "deployment_id": deployment,
                "kind": "data_drift",
                "level": "critical" if i % 2 else "warning",
                "status": "resolved" if resolved else "firing",
                "title": "",
                "items": "[]",
                "peak_level": "critical",
                "peak_items": "[]",
                "historic": False,
                "opened_us": opened,
                "resolved_us": opened + 1 if resolved else None,
                "checked_us": opened,
                "by_hand": False,
            }
            connection.execute(insert(alerts).values(**values))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES, limit=st.integers(1, 5))
def test_pages_hold_every_alert_once_in_order(lives: list[tuple[int, bool, int]], limit: int, engine: Engine) -> None:
    fill(engine, lives)
    mine = [(i + 1, *life) for i, life in enumerate(lives) if life[2] <= 2]
    expected = [i for i, *_ in sorted(mine, key=lambda each: (each[2], -each[1], -each[0]))]
    found: list[int] = []
    with reading(engine) as connection:
        while True:
            wanted = AlertFilter("default", after=found[-1] if found else None)
            page = list_named(connection, wanted, limit)
            found += [each.alert.id for each in page]
            if len(page) < limit:
                break
        assert count_open(connection, "default") == sum(not resolved for _, _, resolved, _ in mine)
    assert found == expected


def test_filters_narrow(engine: Engine) -> None:
    fill(engine, [(0, False, 1), (1, True, 1), (2, False, 2)])
    with reading(engine) as connection:

        def ids(**narrow: object) -> set[int]:
            return {each.alert.id for each in list_named(connection, AlertFilter("default", **narrow), 10)}  # type: ignore[arg-type]

        assert ids(model="m1") == {1, 2}
        assert ids(model="m3") == set()
        assert ids(environment="staging") == set()
        assert ids(version="2") == {3}
        assert ids(statuses=["resolved"]) == {2}
        assert ids(levels=["warning"]) == {1, 3}


def test_another_projects_alert_is_not_there(engine: Engine) -> None:
    fill(engine, [(0, False, 3)])
    with reading(engine) as connection:
        assert find_alert(connection, "other", 1).model == "m3"
        with pytest.raises(NotFound):
            find_alert(connection, "default", 1)


def test_histories_are_newest_first(engine: Engine) -> None:
    fill(engine, [(0, False, 1), (0, False, 1)])
    with writing(engine) as connection:
        rows = [{"alert_id": a, "at_us": t, "kind": "x", "text": str(t)} for a, t in ((1, 5), (2, 7), (1, 9))]
        connection.execute(insert(alert_events), rows)
    with reading(engine) as connection:
        found = histories(connection, [1, 2])
    assert {alert: [event.text for event in events] for alert, events in found.items()} == {1: ["9", "5"], 2: ["7"]}
