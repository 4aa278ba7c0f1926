"""Dispatch: from alerts in the database to messages, reasons and groups; what a crash and 90 days leave of it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import Engine, func, select

from modelwatch.alerts.matcher import Matcher
from modelwatch.alerts.mute_time import MuteTime, Span
from modelwatch.alerts.notification import Told
from modelwatch.core.level import Level
from modelwatch.jobs.dispatch import next_digest_of
from modelwatch.store import groups
from modelwatch.store.engine import reading, writing
from modelwatch.store.mute_times import save_mute_time
from modelwatch.store.notify_tables import group_alerts, messages, notice_groups
from modelwatch.store.silences import add_silence, change_end
from tests.jobs.telling import DAY, HOUR, MINUTE, SECOND, T0, Telltale


@pytest.fixture
def telltale(engine: Engine) -> Telltale:
    return Telltale(engine)


def test_a_message_says_what_where_since_when_how_sure_and_how_bad(telltale: Telltale) -> None:
    alert = telltale.alert("fraud/eu", Level.CRITICAL)
    assert telltale.step() == 1
    (told,) = telltale.told()
    (line,) = told.lines
    assert (told.told, told.channel, told.level, told.title) == (
        Told.OPENED,
        "webhook",
        Level.CRITICAL,
        "fraud/eu: amount drifted, PSI 0.41",
    )
    assert told.url == line.url == f"http://here/alerts/{alert}"
    assert line.silence_url == f"http://here/alerts/{alert}?silence=1"
    assert (line.model, line.version, line.environment, line.news) == ("fraud/eu", "1", "production", "opened")
    assert line.since == T0 / 1e6
    assert line.sure == "2 of 3 windows that do not overlap agree; chance alone gives at most 0.002"
    assert line.bad == "PSI 0.41, critical from 0.25"
    assert telltale.step() == 0


def test_since_is_when_it_began_and_never_later_than_the_message(telltale: Telltale) -> None:
    telltale.alert("m", Level.CRITICAL, opened_us=T0 + 3 * MINUTE)
    telltale.alert("n", Level.CRITICAL, opened_us=T0 + 3 * MINUTE, items="[]")
    telltale.step()
    (told,) = telltale.told()
    assert {line.since for line in told.lines} == {T0 / 1e6}


def test_many_are_named_or_linked(telltale: Telltale) -> None:
    for i in range(40):
        telltale.alert(f"m{i}", Level.CRITICAL if i % 8 == 0 else Level.WARNING)
    telltale.step()
    (told,) = telltale.told()
    assert (len(told.lines), told.more, told.models, told.title) == (
        25,
        15,
        40,
        "m0: amount drifted, PSI 0.41, and 39 more",
    )
    assert [line.level for line in told.lines[:6]] == [Level.CRITICAL] * 5 + [Level.WARNING]
    with reading(telltale.engine) as connection:
        group = connection.execute(select(notice_groups)).one()
        held = connection.execute(select(func.count()).select_from(group_alerts)).scalar_one()
    assert told.url == f"http://here/alerts?group={group.id}"
    assert held == 40
    linked = {i for i in range(1, 41) if telltale.history(i, "told")}
    assert linked == set(range(1, 41)) - {line.alert_id for line in told.lines}
    assert telltale.history(40) == []


def test_a_reason_is_written_when_it_changes_and_not_every_tick(telltale: Telltale) -> None:
    alert = telltale.alert("m")
    for _ in range(5):
        telltale.step()
        telltale.now += SECOND
    assert telltale.history(alert) == ["To webhook: waits for the group until 14:13 UTC"]
    telltale.run(T0 + MINUTE)
    assert telltale.reasons(alert) == {}
    telltale.change(alert, status="acknowledged")
    telltale.run(T0 + 30 * HOUR)
    assert telltale.history(alert)[1:] == ["Repeat not sent: acknowledged"]
    assert [each.told for each in telltale.told()] == [Told.OPENED, Told.ACKNOWLEDGED]


def test_without_a_channel_that_takes_it_the_history_says_so(telltale: Telltale) -> None:
    telltale.telling = Telltale(telltale.engine).telling.__class__("http://here")
    nobody = telltale.alert("m")
    telltale.step()
    assert telltale.history(nobody) == ["Not sent: no channel is set"]
    telltale.channel("pager", min_level=Level.CRITICAL)
    quiet = telltale.alert("n")
    telltale.step()
    assert telltale.history(quiet) == ["Not sent: no channel takes level warning"]
    old = telltale.alert("o", Level.CRITICAL, historic=True)
    telltale.step()
    assert telltale.history(old) == ["Not sent: the window is history"]


def test_a_rule_chooses_its_channels(telltale: Telltale) -> None:
    telltale.channel("pager", min_level=Level.CRITICAL)
    telltale.channel("off", enabled=False)
    telltale.alert("m", channels='["pager", "off"]')
    telltale.run(T0 + MINUTE)
    assert [each.channel for each in telltale.told()] == ["pager"]


def test_an_outage_explains_what_drifts_and_its_end_lets_it_speak(telltale: Telltale) -> None:
    outage = telltale.alert("m", Level.CRITICAL, "no_data")
    drift = telltale.alert("m")
    telltale.run(T0 + 2 * HOUR)
    assert telltale.history(drift) == [
        f"Not sent: inhibited by alert {outage}, the outage of the model: it sends no data"
    ]
    telltale.resolve(outage)
    telltale.run(T0 + 4 * HOUR)
    last = telltale.told()[-1]
    assert [(line.alert_id, line.news) for line in last.lines] == [(drift, "opened")]


def test_a_warning_of_a_model_is_told_once_an_hour(telltale: Telltale) -> None:
    first = telltale.alert("m")
    telltale.run(T0 + 10 * MINUTE)
    telltale.resolve(first)
    telltale.run(T0 + 20 * MINUTE)
    second = telltale.alert("m")
    other = telltale.alert("n")
    telltale.run(T0 + 2 * HOUR)
    times = {line.alert_id: each.at for each in telltale.told() for line in each.lines if line.news == "opened"}
    assert times[other] < T0 / 1e6 + 3600
    assert times[second] >= T0 / 1e6 + 600 + 3600
    assert "within the hour" in telltale.history(second)[0]


def test_a_silence_that_is_ended_early_lets_its_alerts_speak(telltale: Telltale) -> None:
    with writing(telltale.engine) as connection:
        row = add_silence(connection, "default", Matcher(model="m"), T0, T0 + DAY, "on-call", "", T0)
    alert = telltale.alert("m", Level.CRITICAL)
    telltale.run(T0 + HOUR)
    assert telltale.told() == []
    assert telltale.history(alert) == ["Not sent: silenced by on-call until 22 Sep 14:13 UTC"]
    with writing(telltale.engine) as connection:
        change_end(connection, "default", row.id, telltale.now, telltale.now)
    telltale.step()
    assert [line.alert_id for line in telltale.told()[0].lines] == [alert]


def test_what_fires_through_a_muted_night_is_told_in_the_morning(telltale: Telltale) -> None:
    night = MuteTime("nights", "UTC", (Span(("mon", "tue"), 14 * 60, 8 * 60),), Matcher(at_most=Level.WARNING))
    with writing(telltale.engine) as connection:
        save_mute_time(connection, "default", night, T0)
    telltale.alert("m")
    over = telltale.alert("n")
    telltale.run(T0 + HOUR)
    telltale.resolve(over)
    telltale.run(T0 + 20 * HOUR)
    (told,) = telltale.told()
    assert [line.model for line in told.lines] == ["m"]
    assert time.gmtime(told.at)[3:5] == (8, 0)


def test_notices_are_told_once_a_day_to_channels_that_take_them(telltale: Telltale) -> None:
    telltale.channel("mail", min_level=Level.NOTICE)
    alert = telltale.alert("m", Level.NOTICE)
    telltale.step()
    assert telltale.history(alert) == ["In the daily digest"]
    with reading(telltale.engine) as connection:
        shown = next_digest_of(connection, "mail", telltale.telling, telltale.now)
    assert shown is not None
    telltale.run(T0 + 5 * DAY)
    told = telltale.told()
    assert [(each.told, each.channel, each.title) for each in told] == [(Told.DIGEST, "mail", "1 new")]
    assert (shown.lines, shown.title) == (told[0].lines, told[0].title)
    assert time.gmtime(told[0].at)[3:5] == (9, 0)
    telltale.resolve(alert)
    telltale.run(T0 + 8 * DAY)
    assert [each.title for each in telltale.told()] == ["1 new", "1 over"]
    with reading(telltale.engine) as connection:
        assert next_digest_of(connection, "mail", telltale.telling, telltale.now) is None


def test_a_channel_that_is_gone_leaves_nothing_due(telltale: Telltale) -> None:
    telltale.channel("slack", min_level=Level.NOTICE)
    telltale.alert("m", Level.CRITICAL)
    telltale.step()
    with writing(telltale.engine) as connection:
        connection.exec_driver_sql("update channels set enabled = 0")
    telltale.run(T0 + 3 * DAY)
    assert {each.channel for each in telltale.told()[2:]} == {"webhook"}
    with reading(telltale.engine) as connection:
        assert not groups.due(connection, telltale.now)


def test_a_resending_channel_keeps_one_message_of_what_still_fires(telltale: Telltale) -> None:
    telltale.telling = telltale.telling.__class__("http://here")
    telltale.channel("am", kind="alertmanager")
    for i in range(30):
        telltale.alert(f"m{i}")
    telltale.run(T0 + 10 * MINUTE)
    first, again = telltale.told()
    assert (first.told, len(first.lines), again.told, len(again.lines)) == (Told.OPENED, 30, Told.REPEATED, 30)
    with writing(telltale.engine) as connection:
        connection.execute(messages.update().values(state="sent"))
    telltale.run(T0 + 12 * MINUTE)
    assert [each.told for each in telltale.told()] == [Told.OPENED, Told.REPEATED]
    assert telltale.told()[-1].at > again.at


def test_a_week_of_alert_life_keeps_the_promises(telltale: Telltale) -> None:
    """Who reads the channel knows how each alert stands; `tests/alerts` lets 90 days pass in the stages."""
    chance = random.Random(11)
    going_on: dict[int, str] = {}
    while telltale.now < T0 + 7 * DAY:
        telltale.run(telltale.now + chance.randrange(10 * MINUTE, 30 * HOUR))
        free = [f"m{i}" for i in range(20) if f"m{i}" not in going_on.values()]
        for name in chance.sample(free, 4):
            going_on[telltale.alert(name, chance.choice([Level.WARNING, Level.CRITICAL]))] = name
        for alert in chance.sample(sorted(going_on), chance.randrange(1, len(going_on))):
            if chance.random() < 0.4:
                telltale.change(alert, status="acknowledged")
            else:
                telltale.resolve(alert)
                del going_on[alert]
    telltale.run(telltale.now + 2 * HOUR)
    told = telltale.told()
    state: dict[int, str] = {}
    for each in told:
        state |= {line.alert_id: line.news for line in each.lines if line.news in ("opened", "resolved")}
    assert all(state[alert] == "opened" for alert in going_on)
    assert all(news == "resolved" for alert, news in state.items() if alert not in going_on)
    assert len({each.key for each in told}) == len(told)


KILLED = """
import os, signal, sys
from pathlib import Path
from modelwatch.jobs import dispatch as job
from modelwatch.store.engine import open_database
from modelwatch.alerts.stages.group import Timing

file, place, count, now = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
holder, name = {
    "queue_message": (job, "queue_message"), "compose": (job, "compose"), "save_group": (job.groups, "save_group"),
    "save_reasons": (job.cases, "save_reasons"), "look_again_at": (job.cases, "look_again_at"),
    "changed_ids": (job.cases, "changed_ids"), "dispatch": (job, "dispatch"),
}[place]
inner, calls = getattr(holder, name), []

def outer(*given, **named):
    answer = inner(*given, **named)
    calls.append(1)
    if len(calls) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(holder, name, outer)
job.dispatch(open_database(Path(file)), job.Telling("http://here", "http://hook"), now)
"""
PLACES = [("changed_ids", 1), ("save_group", 1), ("compose", 1), ("queue_message", 1), ("queue_message", 2)]
PLACES += [("save_reasons", 1), ("look_again_at", 1), ("dispatch", 1)]


@pytest.mark.parametrize(("place", "count"), PLACES)
def test_a_kill_at_any_boundary_loses_no_message_and_doubles_none(telltale: Telltale, place: str, count: int) -> None:
    telltale.channel("slack")
    for i in range(3):
        telltale.alert(f"m{i}", Level.CRITICAL)
    held = telltale.alert("quiet", Level.CRITICAL, historic=True)
    file = str(telltale.engine.url.database)
    ran = subprocess.run([sys.executable, "-c", KILLED, file, place, str(count), str(T0)], check=False, timeout=60)
    assert ran.returncode == -signal.SIGKILL
    assert len(telltale.told()) == (2 if place == "dispatch" else 0)
    telltale.now += SECOND
    telltale.step()
    told = telltale.told()
    assert sorted(each.channel for each in told) == ["slack", "webhook"]
    assert all({line.alert_id for line in each.lines} == {1, 2, 3} for each in told)
    assert telltale.history(held) == ["Not sent: the window is history"]
    telltale.run(T0 + HOUR)
    assert len(telltale.told()) == 2
