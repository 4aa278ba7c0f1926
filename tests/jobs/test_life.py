"""The life of alerts under any order of windows and verbs: what always holds, and 90 days of it in seconds."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from modelwatch.alerts.life import ON, TOLD, State, Status, Verb, after, allowed, verbs
from modelwatch.alerts.persistence import Item
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.core.wire import Role
from modelwatch.errors import Conflict
from modelwatch.jobs.looked import Looked
from modelwatch.jobs.raise_alerts import align
from modelwatch.store import alerts, decisions, models, tables
from modelwatch.store.alerts import AlertRow, EventRow
from modelwatch.store.engine import reading, writing

START = 1_700_000_000_000_000 // DAY_US * DAY_US
KEY = ColumnKey(Role.FEATURE, "amount")
EVERY = tuple(Status)
PEOPLE = ("ana", "ben", "API key")
WINDOWS = ("ok", "pending", "warning", "critical")
ACTIONS = st.one_of(
    st.sampled_from(WINDOWS),
    st.just("time"),
    st.tuples(st.sampled_from(list(Verb)), st.sampled_from(PEOPLE)),
)


class Lived:
    """One model on a clock of its own; every hour may bring a window, every person may say something."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self.said: list[tuple[int, Verb, str]] = []
        with writing(engine) as connection:
            for table in (tables.alert_events, tables.alerts, tables.deployments, tables.models):
                connection.execute(delete(table))
            self.model = models.ensure_model(connection, "default", "m", START)
            made = models.ensure_deployment(connection, self.model.id, "production", "1", START)
            models.update_deployments(connection, [{"id": made.id, "live_us": START, "last_event_us": START}])
        self.id = made.id

    def window(self, says: str) -> None:
        """The next window, and what it raises or leaves pending."""
        self.now += HOUR_US
        item = Item(KEY, Level.CRITICAL if says == "critical" else Level.WARNING, 0.3, None, self.now, how="1 of 3")
        raised: dict[Any, Item] = {KEY: item} if says in ("warning", "critical") else {}
        waits = {self.now: {KEY: item}} if says == "pending" else {self.now: {}}
        looked = Looked(HOUR_US, True, waits)
        with writing(self.engine) as connection:
            models.update_deployments(connection, [{"id": self.id, "last_event_us": self.now - 1}])
            row = models.get_deployment(connection, self.id)
            align(connection, self.model, row, "data_drift", HOUR_US, {self.now: raised}, self.now, looked)

    def say(self, verb: Verb, by: str) -> None:
        """A person does something with the newest alert; what its state forbids changes nothing."""
        found = self.alerts()
        if not found:
            return
        row = max(found, key=lambda each: (each.opened_us, each.id))
        self.now += 1_000_000
        said = decisions.Decided(verb, by, f"because of {verb}", "ben", self.now + 5 * HOUR_US)
        with writing(self.engine) as connection:
            if not allowed(row.state, verb):
                with pytest.raises(Conflict):
                    decisions.decide(connection, row.id, said, self.now)
                assert alerts.get_alert(connection, row.id) == row
                return
            new = decisions.decide(connection, row.id, said, self.now)
        self.said.append((row.id, verb, by))
        assert new.state.status is after(row.state, verb).status
        assert (new.changed_us == self.now) is (verb in TOLD)

    def act(self, action: Any) -> None:
        """One thing happens."""
        if action == "time":
            self.now += 3 * HOUR_US
            decisions.end_silences(self.engine, self.now)
        elif isinstance(action, str):
            self.window(action)
        else:
            self.say(*action)

    def alerts(self) -> list[AlertRow]:
        with reading(self.engine) as connection:
            return alerts.list_alerts(connection, statuses=EVERY, limit=10_000)

    def lines(self, alert_id: int) -> list[EventRow]:
        """An alert's history as it was written."""
        with reading(self.engine) as connection:
            return sorted(alerts.list_events(connection, alert_id), key=lambda each: each.at_us)

    def hold(self) -> None:
        """What always holds."""
        found = self.alerts()
        assert sum(row.state.status in ON for row in found) <= 1
        assert sum(row.state.status is Status.PENDING for row in found) <= 1
        by_people = [(row.id, each.kind, each.by) for row in found for each in self.lines(row.id) if each.by]
        assert sorted(by_people) == sorted((i, decisions.PAST[verb], by) for i, verb, by in self.said)
        for row in found:
            assert (row.resolved_us is not None) is (row.state.status is Status.RESOLVED)
            assert (row.silenced_until_us is not None) is (row.state.status is Status.SILENCED)
            assert told(self.lines(row.id)) is row.state.status, self.lines(row.id)
            if row.state.status is Status.PENDING:
                assert row.changed_us is None


def told(lines: list[EventRow]) -> Status:
    """The status that a history tells, line by line; once resolved, only reopening may follow."""
    state = State(Status.PENDING)
    for line in lines:
        if state.status is Status.RESOLVED:
            assert line.kind in ("reopened", "comment")
        match line.kind:
            case "firing" | "unacknowledged" | "reopened":
                state = State(Status.FIRING)
            case "level" if line.text.endswith("now critical"):
                quiet = state.status is Status.SILENCED
                state = State(state.status) if quiet else State(Status.FIRING)
            case "acknowledged" | "silenced" | "unsilenced":
                verb = {"acknowledged": Verb.ACKNOWLEDGE, "silenced": Verb.SILENCE, "unsilenced": Verb.UNSILENCE}
                state = after(state, verb[line.kind])
            case "resolved":
                state = State(Status.RESOLVED)
            case _:
                assert line.kind in ("pending", "level", "joined", "left", "assigned", "comment")
    return state.status


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, max_size=25))
def test_any_order_of_windows_and_verbs_keeps_the_history_true(engine: Engine, actions: list[Any]) -> None:
    lived = Lived(engine)
    for action in actions:
        lived.act(action)
    lived.hold()


def test_ninety_days_of_life(engine: Engine) -> None:
    lived, chance = Lived(engine), random.Random(4)
    mood = "ok"
    while lived.now < START + 90 * DAY_US:
        if chance.random() < 0.15:
            mood = chance.choice(WINDOWS)
        lived.window(mood)
        if chance.random() < 0.25:
            newest = lived.alerts()[:1]
            possible = verbs(newest[0].state) if newest and chance.random() < 0.7 else ()
            lived.say(chance.choice(possible or tuple(Verb)), chance.choice(PEOPLE))
        if chance.random() < 0.3:
            lived.act("time")
    lived.hold()
    found = lived.alerts()
    assert len(found) > 20
    assert {Verb(verb) for _, verb, _ in lived.said} == set(Verb)
    assert sum(row.by_hand for row in found) > 0


def test_what_a_person_resolved_stays_resolved_while_it_lasts_and_returns_when_it_gets_worse(engine: Engine) -> None:
    lived = Lived(engine)
    lived.window("warning")
    lived.say(Verb.RESOLVE, "ana")
    for _ in range(3):
        lived.window("warning")
    assert [row.status for row in lived.alerts()] == ["resolved"]
    lived.window("critical")
    assert [row.status for row in lived.alerts()] == ["firing", "resolved"]


def test_what_somebody_has_seen_fires_again_when_it_becomes_critical_also_behind_a_silence(engine: Engine) -> None:
    lived = Lived(engine)
    lived.window("warning")
    lived.say(Verb.ACKNOWLEDGE, "ana")
    lived.say(Verb.SILENCE, "ana")
    lived.window("critical")
    assert [row.status for row in lived.alerts()] == ["silenced"]
    lived.now += 6 * HOUR_US
    assert decisions.end_silences(engine, lived.now) == 1
    (row,) = lived.alerts()
    assert (row.status, row.changed_us) == ("firing", lived.now)


@given(st.sampled_from(list(Status)), st.booleans(), st.lists(st.sampled_from(list(Verb)), max_size=12))
def test_resolved_is_final_until_reopened(status: Status, by_hand: bool, wanted: list[Verb]) -> None:
    state = State(status, by_hand=by_hand and status is Status.RESOLVED)
    for verb in wanted:
        if verb not in verbs(state):
            continue
        new = after(state, verb)
        if state.status is Status.RESOLVED:
            assert (new.status is not Status.RESOLVED) is (verb is Verb.REOPEN)
        state = new
