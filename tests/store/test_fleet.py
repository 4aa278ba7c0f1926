"""What the fleet asks for all models at once is what each model would be told alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert

from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.store import fleet
from modelwatch.store.checks import CheckRow, save_checks
from modelwatch.store.engine import reading, writing
from modelwatch.store.ledger import add_traffic
from modelwatch.store.profiles import Series
from modelwatch.store.tables import checks, deployments, models

ROW = CheckRow(HOUR_US, 0, 0, 300.0, Level.OK, 1, 0.5, [{"name": "a"}], b"\6\6", b"\6\6", "b", None, b"")
KEYS = st.sets(
    st.tuples(
        st.integers(1, 3), st.sampled_from(["", "region=us"]), st.sampled_from([HOUR_US, DAY_US]), st.integers(0, 5)
    )
)


def fill(engine: Engine, keys: set[tuple[int, str, int, int]]) -> None:
    """Three deployments that use windows of an hour, a day, and none yet; the size of each window names it."""
    with writing(engine) as connection:
        for table in (checks, deployments, models):
            connection.execute(delete(table))
        connection.execute(insert(models).values(id=1, project="default", name="m", created_us=0))
        for i, length in ((1, HOUR_US), (2, DAY_US), (3, None)):
            values = {"model_id": 1, "environment": "production", "version": str(i), "seen_us": i, "length_us": length}
            connection.execute(insert(deployments).values(id=i, **values))
        for deployment, segment, length, end in keys:
            row = replace(ROW, length_us=length, end_us=end, largest=float(end))
            save_checks(connection, Series(deployment, segment), [row])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS)
def test_the_newest_window_is_that_of_the_length_in_use(keys: set[tuple[int, str, int, int]], engine: Engine) -> None:
    fill(engine, keys)
    used = {1: HOUR_US, 2: DAY_US}
    expected: dict[int, int] = {}
    for deployment, segment, length, end in keys:
        if segment == "" and used.get(deployment) == length:
            expected[deployment] = max(expected.get(deployment, -1), end)
    with reading(engine) as connection:
        found = fleet.newest_checks(connection, [1, 2, 3])
    assert {key: value.end_us for key, value in found.items()} == expected
    assert all((each.columns, each.drifted, each.raised) == (2, 1, [{"name": "a"}]) for each in found.values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=KEYS, ends=st.sets(st.integers(0, 6)))
def test_values_at_ends_are_those_of_these_windows(
    keys: set[tuple[int, str, int, int]], ends: set[int], engine: Engine
) -> None:
    fill(engine, keys)
    with reading(engine) as connection:
        found = set(fleet.largest_at(connection, [1, 2], HOUR_US, ends))
    assert found == {
        (deployment, end, float(end))
        for deployment, segment, length, end in keys
        if deployment in (1, 2) and segment == "" and length == HOUR_US and end in ends
    }


def test_only_the_project_is_listed_and_traffic_by_day(engine: Engine) -> None:
    fill(engine, set())
    with writing(engine) as connection:
        connection.execute(insert(models).values(id=2, project="other", name="x", created_us=0))
        connection.execute(insert(deployments).values(model_id=2, environment="production", version="1", seen_us=0))
        add_traffic(connection, [{"deployment_id": 1, "day_us": d * DAY_US, "predictions": d} for d in (1, 2)])
    with reading(engine) as connection:
        assert [(seen.model, seen.version) for seen in fleet.list_seen(connection, "default")] == [
            ("m", "1"),
            ("m", "2"),
            ("m", "3"),
        ]
        assert fleet.traffic_since(connection, 2 * DAY_US) == {1: {2 * DAY_US: 2}}
