"""modelwatch's alerts about itself, from facts in the database to the inbox, and its call to a watcher outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from modelwatch.alerts.notifiers.contract import Answer, Call
from modelwatch.core.wire import DEFAULT_PROJECT, SYSTEM_PROJECT
from modelwatch.jobs.self_watch import Beat, Inside, SelfWatch
from modelwatch.store import drops, ledger, models, self_facts
from modelwatch.store.alert_list import AlertFilter, list_named
from modelwatch.store.channels import Channel, add_channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.notify_tables import channel_states, messages, notice_groups
from modelwatch.store.upsert import upsert
from tests.jobs.telling import Telltale

MINUTE = 60_000_000
FINE = Inside(0, 0.0, 0, {"fold": 0.1})
BEHIND = Inside(123_456, 90.0, 0, {"fold": 0.1})


class World:
    """A clock, and the calls that went out."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.now = 1_700_000_000_000_000
        self.calls: list[Call] = []
        self.answer = Answer(200)

    def watch(self) -> SelfWatch:
        return SelfWatch(self.engine, self.folder, 300_000_000, lambda: self.now)

    def look(self, watch: SelfWatch, inside: Inside = FINE) -> None:
        """One look, half a minute after the one before, and the call that may follow."""
        self.now += MINUTE // 2
        watch.beat(Beat("https://outside/x", MINUTE, self.call), watch.step(inside))

    def call(self, call: Call) -> Answer:
        self.calls.append(call)
        return self.answer

    def alerts(self) -> list[tuple[str, str, bool]]:
        """(kind, status, is it the system's own) of the default project's inbox."""
        every = ["pending", "firing", "acknowledged", "silenced", "resolved"]
        with reading(self.engine) as connection:
            found = list_named(connection, AlertFilter(DEFAULT_PROJECT, statuses=every), 50)
        return [(each.alert.kind, each.alert.status, each.own) for each in found]


@pytest.fixture
def world(engine: Engine, tmp_path: Path) -> World:
    return World(engine, tmp_path)


def test_a_lag_opens_an_alert_in_the_inbox_and_is_over_with_it(world: World) -> None:
    watch = world.watch()
    world.look(watch, BEHIND)
    assert world.alerts() == [("monitor_behind", "pending", True)]
    world.look(watch, BEHIND)
    assert world.alerts() == [("monitor_behind", "firing", True)]
    for _ in range(2):
        world.look(watch)
    assert world.alerts() == [("monitor_behind", "resolved", True)]
    with reading(world.engine) as connection:
        assert [row.name for row in models.list_models(connection, DEFAULT_PROJECT)] == []
        assert [row.name for row in models.list_models(connection, SYSTEM_PROJECT)] == ["modelwatch"]


def test_a_fine_server_writes_no_alert_and_no_model(world: World) -> None:
    watch = world.watch()
    for _ in range(3):
        world.look(watch)
    with reading(world.engine) as connection:
        assert (world.alerts(), models.list_models(connection, SYSTEM_PROJECT)) == ([], [])


def test_a_restart_goes_on_where_the_worker_before_was(world: World) -> None:
    watch = world.watch()
    for _ in range(2):
        world.look(watch, BEHIND)
    watch.end()
    again = world.watch()
    world.look(again, BEHIND)
    assert world.alerts() == [("monitor_behind", "firing", True)]
    for _ in range(2):
        world.look(again)
    assert world.alerts() == [("monitor_behind", "resolved", True)]


def test_workers_that_die_are_counted_and_those_that_end_are_not(world: World) -> None:
    for _ in range(5):
        world.watch().end()
    watch = world.watch()
    world.look(watch)
    world.look(watch)
    assert world.alerts() == []
    for _ in range(3):
        watch = world.watch()
    world.look(watch)
    world.look(watch)
    assert world.alerts() == [("monitor_restarts", "firing", True)]


def test_dead_letters_and_dead_channels_are_told(world: World) -> None:
    watch = world.watch()
    with writing(world.engine) as connection:
        add_channel(connection, Channel(0, "default", "pager", "webhook", {}, b""))
        row = {"project": "default", "channel": "pager", "key": "k", "event": "opened", "body": "{}", "state": "dead"}
        times = {"created_us": world.now, "next_us": world.now, "done_us": world.now}
        connection.execute(insert(messages).values(**row, **times))
        state = {"project": "default", "channel": "pager", "kind": "webhook", "failed_us": world.now}
        upsert(connection, channel_states, [state], ["project", "channel"])
    world.look(watch)
    world.look(watch)
    assert {kind for kind, status, _ in world.alerts() if status == "firing"} == {
        "monitor_dead_letters",
        "monitor_channels",
    }
    for _ in range(124):
        world.look(watch)
    assert {status for _, status, _ in world.alerts()} == {"resolved"}


def test_what_senders_drop_and_what_is_refused_counts_by_the_hour(world: World) -> None:
    watch = world.watch()
    world.look(watch)
    with writing(world.engine) as connection:
        drops.save_drops(connection, {("default", "fraud", "p1"): 400, ("default", "fraud", "p2"): 100}, world.now)
        drops.save_drops(connection, {("default", "fraud", "p1"): 300}, world.now)  # came later, said earlier
        row = {"project": "default", "model": "fraud", "kind": "rows", "accepted": 5_000, "rejected": 600}
        ledger.add_tallies(connection, [row])
        assert drops.total_drops(connection, "default", "fraud") == 500
    world.look(watch)
    world.look(watch)
    assert {kind for kind, status, _ in world.alerts() if status == "firing"} == {"monitor_drops", "monitor_rejects"}
    for _ in range(124):
        world.look(watch)
    assert {status for _, status, _ in world.alerts()} == {"resolved"}


def test_a_watcher_outside_is_called_on_time_and_only_while_all_goes_on(world: World) -> None:
    watch = world.watch()
    for _ in range(4):
        world.look(watch)
    assert [(call.url, call.method) for call in world.calls] == [("https://outside/x", "GET")] * 2
    for inside in (BEHIND, Inside(0, 0.0, 0, {"fold": 400.0})):
        for _ in range(4):
            world.look(watch, inside)
    assert len(world.calls) == 2
    world.answer = Answer(500)
    world.look(watch)
    assert len(world.calls) == 3


def test_other_processes_learn_what_stands_still(world: World) -> None:
    watch = world.watch()
    for _ in range(2):
        world.look(watch, BEHIND)
    with reading(world.engine) as connection:
        said = self_facts.standing(connection, world.now)
        assert said == ["Rows wait 1.5 min to be counted, 123,456 bytes of them"]
        later = self_facts.standing(connection, world.now + 6 * MINUTE)
        assert later[0] == "the worker has not looked after itself for minutes"


def test_what_modelwatch_tells_of_itself_goes_the_way_of_all_alerts(engine: Engine, tmp_path: Path) -> None:
    people = Telltale(engine)
    watch = SelfWatch(engine, tmp_path, 300_000_000, lambda: people.now)
    for inside in (BEHIND, BEHIND, FINE, FINE):
        people.now += MINUTE // 2
        watch.step(inside)
        people.run(people.now + 10 * MINUTE)
    opened, over = people.told()
    assert (opened.project, opened.told, over.told) == ("default", "opened", "resolved")
    (line,) = opened.lines
    assert (line.model, line.kind, line.title) == (
        "modelwatch",
        "monitor_behind",
        "Rows wait 1.5 min to be counted, 123,456 bytes of them",
    )


def test_a_channel_that_is_off_or_deleted_is_no_fault(world: World) -> None:
    watch = world.watch()
    with writing(world.engine) as connection:
        add_channel(connection, Channel(0, "default", "off", "webhook", {}, b"", enabled=False))
        for name in ("off", "deleted"):
            state = {"project": "default", "channel": name, "kind": "webhook", "failed_us": world.now}
            upsert(connection, channel_states, [state], ["project", "channel"])
    world.look(watch)
    world.look(watch)
    assert world.alerts() == []


def test_what_waits_for_a_channel_that_is_down_is_not_late_and_lets_the_heartbeat_go_on(world: World) -> None:
    watch = world.watch()
    waits = {
        "project": "default",
        "channel": "down",
        "event": "opened",
        "body": "{}",
        "state": "waiting",
        "created_us": world.now,
    }
    with writing(world.engine) as connection:
        later = world.now + 60 * MINUTE
        group = {"project": "default", "channel": "down", "state": "open", "opened_us": 0, "body": "{}"}
        connection.execute(insert(notice_groups), [{"id": i, "key": str(i), **group} for i in (7, 8)])
        connection.execute(insert(messages).values(**waits, key="1", group_id=7, next_us=later))
        connection.execute(insert(messages).values(**waits, key="2", group_id=7, next_us=world.now))
        connection.execute(insert(messages).values(**waits, key="3", group_id=8, next_us=world.now))
        state = {"project": "default", "channel": "down", "kind": "webhook", "held_us": later}
        connection.execute(insert(channel_states).values(**state))
    world.now += 30 * MINUTE
    world.look(watch)
    world.look(watch)
    assert (world.alerts(), len(world.calls)) == ([], 1)
    with writing(world.engine) as connection:
        connection.execute(
            insert(messages).values(**{**waits, "channel": "up"}, key="4", next_us=world.now - 20 * MINUTE)
        )
    world.look(watch)
    world.look(watch)
    assert world.alerts() == [("monitor_messages", "firing", True)]
    assert len(world.calls) == 1
