"""Messages are sent at least once, in order within a group, and no channel waits for another."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest
from sqlalchemy import Engine

from modelwatch.alerts.notifiers.contract import Delivery, Notifier, Transport
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.deliver import GIVE_UP_US, LEAST_TRIES, Deliver, pause_us
from modelwatch.jobs.outgoing import Outgoing, trusted
from modelwatch.jobs.send import Send, hidden
from modelwatch.server.queries.messages import shown
from modelwatch.store import alerts, channels, messages, models
from modelwatch.store.channels import load_states
from modelwatch.store.engine import reading, writing
from modelwatch.store.vault import Vault
from tests.jobs.http_receiver import Receiver, answer, receiving
from tests.jobs.sending import NOW_US, Clock, Recorder, add_channel, add_group, queue, stored, work

FAILED = Delivery(False, error="HTTP 500")
Make = Callable[..., Deliver]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def deliver(engine: Engine, clock: Clock) -> Iterator[Make]:
    made: list[Deliver] = []

    def make(send: Recorder | Send, **more: object) -> Deliver:
        made.append(Deliver(engine, send, clock, chance=lambda: 1.0, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def real(engine: Engine, clock: Clock, tmp_path: object) -> Send:
    """Sends to receivers on loopback."""
    out = Outgoing(allowed("127.0.0.1"), trusted(""), wall=lambda: clock() / 1e6, deadline_s=5.0)
    return Send(Vault(tmp_path), out.transport(), out.transport())  # type: ignore[arg-type]


def an_alert(engine: Engine) -> int:
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        deployment = models.ensure_deployment(connection, model.id, "production", "1", 0)
        values = {"level": "critical", "status": "firing", "title": "x", "items": "[]", "peak_level": "critical"}
        fixed = {"kind": "data_drift", "peak_items": "[]", "historic": False, "by_hand": False}
        where = {"model_id": model.id, "deployment_id": deployment.id, "opened_us": 0, "checked_us": 0}
        return alerts.insert_alert(connection, {**values, **fixed, **where})


def lines(engine: Engine, alert: int) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [(event.kind, event.text) for event in alerts.list_events(connection, alert)]


def test_a_message_arrives_once_and_its_alerts_say_so(
    engine: Engine, clock: Clock, deliver: Make, real: Send, receiver: Receiver
) -> None:
    add_channel(engine, "#ml-oncall", receiver.url)
    alert = an_alert(engine)
    queue(engine, "k1", "#ml-oncall", alerts=(alert, 404))
    queue(engine, "k1", "#ml-oncall", alerts=(alert, 404))
    clock.move(0.9)
    sending = deliver(real)
    work(sending)
    clock.move(100_000)
    work(sending)
    assert [request.headers["idempotency-key"] for request in receiver.seen] == ["k1"]
    assert (stored(engine)["k1"].state, stored(engine)["k1"].attempts) == ("sent", 1)
    assert lines(engine, alert) == [("sent", "Sent to #ml-oncall; 0.9 s after it was due")]


def test_what_a_message_that_arrived_lacks_is_told(engine: Engine, deliver: Make) -> None:
    add_channel(engine)
    alert = an_alert(engine)
    queue(engine, "k1", alerts=(alert,))
    work(deliver(Recorder(lambda *_: Delivery(True, error="the picture was not sent: missing_scope"))))
    assert (stored(engine)["k1"].state, stored(engine)["k1"].attempts) == ("sent", 1)
    assert lines(engine, alert)[0][1].endswith("; the picture was not sent: missing_scope")


@pytest.mark.parametrize("how", ["seconds", "date"])
def test_a_busy_receiver_holds_back_its_channel_and_no_other(
    how: str, engine: Engine, clock: Clock, deliver: Make, real: Send, receiver: Receiver
) -> None:
    said = "120" if how == "seconds" else formatdate(clock() / 1e6 + 120, usegmt=True)
    receiver.answers = [answer(429, Retry_After=said)]
    add_channel(engine, "busy", receiver.url)
    add_channel(engine, "other", f"{receiver.url}/other")
    sending = deliver(real)
    queue(engine, "k1", "busy")
    work(sending)
    queue(engine, "k2", "busy")
    queue(engine, "k3", "other")
    clock.move(119)
    work(sending)
    assert [request.headers["idempotency-key"] for request in receiver.seen] == ["k1", "k3"]
    clock.move(1.1)
    work(sending)
    assert [request.headers["idempotency-key"] for request in receiver.seen] == ["k1", "k3", "k2", "k1"]
    with reading(engine) as connection:
        assert load_states(connection, "default")["busy"].held_us is None


def test_pauses_double_up_to_an_hour(engine: Engine, clock: Clock, deliver: Make) -> None:
    add_channel(engine)
    queue(engine, "k1")
    sending = deliver(Recorder(lambda *_: FAILED))
    seen = []
    for _ in range(12):
        work(sending)
        seen.append(round((stored(engine)["k1"].next_us - clock()) / 1e6))
        clock.us = stored(engine)["k1"].next_us
    assert seen == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert [pause_us(0, 0.0), pause_us(0, 1.0)] == [2_500_000, 5_000_000]


@pytest.mark.parametrize("status", [400, 401, 404, 410, 302])
def test_what_can_never_arrive_is_dead_at_once_and_its_alerts_say_so(
    status: int, engine: Engine, deliver: Make, real: Send, receiver: Receiver
) -> None:
    receiver.answers = [answer(status, b"never", Location="http://10.0.0.1/")]
    add_channel(engine, url=receiver.url)
    alert = an_alert(engine)
    queue(engine, "k1", alerts=(alert,))
    work(deliver(real))
    found = stored(engine)["k1"]
    assert (found.state, found.attempts, len(receiver.seen)) == ("dead", 1, 1)
    [(kind, text)] = lines(engine, alert)
    assert kind == "not_delivered"
    assert text == f"Not delivered to ops: {found.error}"
    assert found.error.startswith("it redirects to http://10.0.0.1" if status == 302 else f"HTTP {status}")


def test_after_a_day_it_is_given_up_and_can_be_sent_by_hand(engine: Engine, clock: Clock, deliver: Make) -> None:
    add_channel(engine)
    queue(engine, "k1")
    recorder = Recorder(lambda *_: FAILED)
    sending = deliver(recorder)
    while stored(engine)["k1"].state == "waiting":
        work(sending)
        clock.us = max(clock.us, stored(engine)["k1"].next_us)
    assert GIVE_UP_US <= clock() - NOW_US < GIVE_UP_US + 2 * 3_600_000_000
    recorder.say = lambda *_: Delivery(True)
    with writing(engine) as connection:
        [dead] = messages.list_messages(connection, "default", states=["dead"])
        messages.retry_message(connection, "default", dead.id, clock())
    work(sending)
    assert stored(engine)["k1"].state == "sent"
    assert set(recorder.keys) == {"k1"}


def test_what_is_old_because_nothing_ran_still_gets_its_tries(engine: Engine, clock: Clock, deliver: Make) -> None:
    add_channel(engine)
    queue(engine, "k1", at_us=NOW_US - 3 * GIVE_UP_US)
    recorder = Recorder(lambda *_: FAILED)
    sending = deliver(recorder)
    while stored(engine)["k1"].state == "waiting":
        work(sending)
        clock.us = max(clock.us, stored(engine)["k1"].next_us)
    assert len(recorder.tries) == LEAST_TRIES


def test_order_is_kept_within_a_group_and_another_group_does_not_wait(
    engine: Engine, clock: Clock, deliver: Make
) -> None:
    add_channel(engine)
    one, two = add_group(engine, "one"), add_group(engine, "two")
    recorder = Recorder(lambda _channel, told, _thread: FAILED if told.key == "a1" else Delivery(True))
    sending = deliver(recorder)
    for key, group in (("a1", one), ("a2", one), ("b1", two)):
        queue(engine, key, group=group)
    work(sending)
    clock.move(6)
    work(sending)
    assert [key for key in recorder.keys if key != "a1"] == ["b1"]
    recorder.say = lambda *_: Delivery(True)
    clock.move(60)
    work(sending)
    assert recorder.keys[-2:] == ["a1", "a2"]


def test_a_dead_message_lets_its_group_go_on(engine: Engine, deliver: Make) -> None:
    add_channel(engine)
    group = add_group(engine, "one")
    recorder = Recorder(lambda _c, told, _t: Delivery(False, True, "gone") if told.key == "a1" else Delivery(True))
    queue(engine, "a1", group=group)
    queue(engine, "a2", group=group)
    work(deliver(recorder))
    assert recorder.keys == ["a1", "a2"]


def test_one_message_that_always_fails_does_not_slow_the_rest(engine: Engine, clock: Clock, deliver: Make) -> None:
    add_channel(engine)
    recorder = Recorder(lambda _c, told, _t: FAILED if told.key == "poison" else Delivery(True))
    sending = deliver(recorder)
    queue(engine, "poison")
    for i in range(100):
        queue(engine, f"k{i}")
        clock.move(6)
        work(sending)
    assert sum(message.state == "sent" for message in stored(engine).values()) >= 99
    assert recorder.keys.count("poison") < 10


def test_a_thread_is_kept_for_the_group_and_handed_on(engine: Engine, deliver: Make) -> None:
    add_channel(engine)
    one, two = add_group(engine, "one"), add_group(engine, "two")
    recorder = Recorder(lambda _c, told, thread: Delivery(True, thread={**thread, told.key: "ts"}))
    for key, group in (("a1", one), ("b1", two), ("a2", one), ("a3", one)):
        queue(engine, key, group=group)
    work(deliver(recorder))
    assert recorder.threads == [{}, {}, {"a1": "ts"}, {"a1": "ts", "a2": "ts"}]


def test_a_channel_that_hangs_delays_no_other(engine: Engine, deliver: Make) -> None:
    hangs, other = threading.Event(), threading.Event()

    def say(channel: channels.Channel, *_: object) -> Delivery:
        if channel.name == "hangs":
            assert hangs.wait(20)
        else:
            other.set()
        return Delivery(True)

    for name in ("hangs", "other"):
        add_channel(engine, name)
    for i in range(5):
        queue(engine, f"h{i}", "hangs")
    queue(engine, "o", "other")
    recorder = Recorder(say)
    sending = deliver(recorder)
    sending.step()
    assert other.wait(20)
    assert [name for name, _ in recorder.tries].count("hangs") == 1, "one message in flight per channel"
    assert sending.step() == 0, "what is in flight is not begun again"
    hangs.set()
    sending.settle()
    work(sending)
    assert [key for name, key in recorder.tries if name == "hangs"] == [f"h{i}" for i in range(5)]


def test_a_channel_that_is_down_for_an_hour_gets_everything_in_order(
    engine: Engine, clock: Clock, deliver: Make
) -> None:
    add_channel(engine)
    groups = [add_group(engine, f"g{i}") for i in range(10)]
    recorder = Recorder(lambda *_: FAILED)
    sending = Deliver(engine, recorder, clock, chance=random.Random(1).random)
    arrived: list[str] = []

    def up(_c: object, told: object, _t: object) -> Delivery:
        arrived.append(told.key)  # type: ignore[attr-defined]
        return Delivery(True)

    for second in range(0, 3_600, 20):
        queue(engine, f"{second // 20 % 10}-{second:04d}", group=groups[second // 20 % 10], at_us=clock())
        work(sending)
        clock.move(20)
    tries = len(recorder.tries)
    recorder.say = up
    for _ in range(20):
        work(sending)
        clock.move(20)
    sending.close()
    assert tries < 180, "a channel that is down is not asked by every message"
    assert len(arrived) == len(set(arrived)) == 180
    assert {message.state for message in stored(engine).values()} == {"sent"}
    for i in range(10):
        mine = [key for key in arrived if key.startswith(f"{i}-")]
        assert mine == sorted(mine)


def test_what_waits_for_a_channel_that_is_no_more_is_dropped(engine: Engine, deliver: Make) -> None:
    add_channel(engine, "off", enabled=False)
    alert = an_alert(engine)
    queue(engine, "k1", "off", alerts=(alert,))
    queue(engine, "k2", "never")
    recorder = Recorder()
    work(deliver(recorder))
    assert recorder.tries == []
    assert {key: (m.state, m.error) for key, m in stored(engine).items()} == {
        "k1": ("dropped", "the channel is switched off"),
        "k2": ("dropped", "there is no such channel any more"),
    }
    assert lines(engine, alert) == [("not_delivered", "Not delivered to off: the channel is switched off")]


def test_the_operators_webhook_reaches_a_private_address(
    engine: Engine, clock: Clock, deliver: Make, tmp_path: object, receiver: Receiver
) -> None:
    guarded, own = Outgoing(allowed(""), trusted("")), Outgoing(allowed("", "127.0.0.1"), trusted(""))
    send = Send(Vault(tmp_path), guarded.transport(), own.transport())  # type: ignore[arg-type]
    add_channel(engine, "ops", receiver.url)
    queue(engine, "k1", "webhook")
    queue(engine, "k2", "ops")
    work(deliver(send, webhook_url=receiver.url))
    assert [request.headers["idempotency-key"] for request in receiver.seen] == ["k1"]
    assert (stored(engine)["k1"].state, stored(engine)["k2"].state) == ("sent", "dead")
    assert "not at a public address" in stored(engine)["k2"].error


def test_an_error_of_a_channels_code_is_told_without_its_words(
    engine: Engine, deliver: Make, tmp_path: object, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vault = Vault(tmp_path)  # type: ignore[arg-type]
    secret = "s3cr3t-token"

    def broken(_told: object, said: dict[str, str], *_: object) -> Delivery:
        raise ValueError(f"cannot use {said['token']}")

    ways = Transport(None, None, None)  # type: ignore[arg-type]
    send = Send(vault, ways, ways, {"webhook": Notifier("webhook", "Webhook", (), broken)})  # type: ignore[arg-type]
    with writing(engine) as connection:
        sealed = vault.seal({"token": secret})
        channels.add_channel(connection, channels.Channel(-1, "default", "ops", "webhook", {}, sealed))
    queue(engine, "k1")
    work(deliver(send))
    found = stored(engine)["k1"]
    assert (found.state, found.error) == ("waiting", "an error of modelwatch itself: ValueError")
    assert "ValueError" in caplog.text
    assert secret not in caplog.text


@pytest.mark.parametrize(
    ("text", "secret", "expected"),
    [
        ("bad token xoxb-123-abc", "xoxb-123-abc", "bad token ***"),
        ("bad token a%2Fb%3D", "a/b=", "bad token ***"),
        ("no team T0123456", "https://hooks.example.org/services/T0123456/B1/xyzxyz", "no team ***"),
        ("see https://hooks.example.org/services/T0/B1/x", "https://hooks.example.org/services/T0/B1/x", "see ***"),
        ("key=abcdefgh was wrong", "https://example.org/?key=abcdefgh", "*** was wrong"),
        ("nothing here", "", "nothing here"),
    ],
)
def test_secrets_are_hidden_in_what_a_receiver_says(text: str, secret: str, expected: str) -> None:
    assert hidden(text, [secret]).replace("?***", "***").replace("key=***", "***") == expected


def test_what_another_version_stored_is_dead_and_holds_up_nothing(engine: Engine, deliver: Make) -> None:
    add_channel(engine)
    group = add_group(engine, "one")
    queue(engine, "k1", group=group)
    queue(engine, "k2", group=group)
    with writing(engine) as connection:
        connection.exec_driver_sql("update messages set body = '{\"schema\": 9}' where \"key\" = 'k1'")
    recorder = Recorder()
    work(deliver(recorder))
    assert recorder.keys == ["k2"]
    found = stored(engine)["k1"]
    assert (found.state, found.error) == ("dead", "what is stored of the message cannot be read by this version")
    assert shown(found).title == found.error


def test_what_was_done_with_a_month_ago_is_forgotten(engine: Engine, clock: Clock, deliver: Make) -> None:
    add_channel(engine)
    queue(engine, "old")
    work(deliver(Recorder()))
    queue(engine, "waits", at_us=clock())
    with writing(engine) as connection:
        assert messages.forget_messages(connection, clock()) == 0
        assert messages.forget_messages(connection, clock() + 1) == 1
    assert list(stored(engine)) == ["waits"]
