"""What holds for every kind of channel, found in the registry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Answer, Delivery, Notifier, Transport
from tests.alerts.speaking import Recorder, answering, hostile, notification

GUIDE = Path(__file__).parent.parent.parent / "docs/how-to/set-up-channels.md"
SAID = {
    "url": "https://r.example/hook",
    "token": "xoxb-0-secret",
    "channel": "C1",
    "host": "mail.example.org",
    "sender": "alerts@example.org",
    "to": "on-call@example.org",
    "routing_key": "0123456789abcdef0123456789abcdef",
    "password": "pass-secret",
}
GUARDED = [each for each in NOTIFIERS.values() if each.kind != "apprise"]
each_kind = pytest.mark.parametrize("notifier", GUARDED, ids=lambda each: each.kind)


def deliver(notifier: Notifier, recorder: Recorder, said: Notification | None = None) -> Delivery:
    return notifier.deliver(said or notification(picture=None), SAID, {}, recorder.ways)


@each_kind
@settings(max_examples=10, deadline=None)
@given(said=hostile)
def test_whatever_comes_back_is_an_answer_and_no_exception(notifier: Notifier, said: Notification) -> None:
    bodies = (b"[]", b"null", b'"x"', b"\xff{", b'{"ok":false}', b'{"ok":true,"ts":1}', b'{"errors":3,"message":[]}')
    answers = [Answer(status) for status in (0, 250, 302, 429, 550)]
    for answer in [*answers, *(Answer(status, {"Retry-After": "x"}, body) for status in (200, 400) for body in bodies)]:
        went = deliver(notifier, answering(always=answer), replace(said, picture=None))
        assert isinstance(went, Delivery)
        assert went.delivered or went.error


@each_kind
def test_what_may_come_back_is_tried_again_and_what_may_not_is_not(notifier: Notifier) -> None:
    mail = notifier.kind == "email"
    again = [Answer(451), Answer(421), Answer(0)] if mail else [Answer(429), Answer(500), Answer(503), Answer(0)]
    never = [Answer(550), Answer(535)] if mail else [Answer(400), Answer(404)]
    for answer in again:
        went = deliver(notifier, answering(always=answer))
        assert (went.delivered, went.permanent) == (False, False), answer
    for answer in [*never, Answer(0, error="10.0.0.1 is private", refused=True)]:
        went = deliver(notifier, answering(always=answer))
        assert (went.delivered, went.permanent) == (False, True), answer


@each_kind
def test_a_receiver_that_says_when_is_asked_then(notifier: Notifier) -> None:
    if notifier.kind != "email":
        went = deliver(notifier, answering(always=Answer(429, {"Retry-After": "120"})))
        assert went.retry_after == 120.0


@each_kind
def test_errors_repeat_no_secret(notifier: Notifier) -> None:
    for answer in (Answer(400, {}, b"xoxb-0-secret pass-secret /hook"), Answer(0), Answer(550)):
        went = deliver(notifier, answering(always=answer))
        assert [each for each in ("secret", "0123456789abcdef", "/hook") if each in went.error] == []


@each_kind
def test_the_same_message_is_said_the_same_on_every_try(notifier: Notifier) -> None:
    recorder = answering()
    deliver(notifier, recorder, notification())
    deliver(notifier, recorder, notification())
    half = len(recorder.calls) // 2
    assert recorder.calls[:half] == recorder.calls[half:]


@each_kind
@pytest.mark.parametrize("told", Told)
def test_everything_that_is_told_can_be_said(notifier: Notifier, told: Told) -> None:
    always = Answer(200, {}, b'{"ok":true,"ts":"1.2","channel":"C1"}')
    said = replace(notification(picture=None), told=told)
    assert deliver(notifier, answering(always=always), said).delivered


@pytest.mark.parametrize("notifier", NOTIFIERS.values(), ids=lambda each: each.kind)
def test_every_kind_and_field_is_in_the_guide(notifier: Notifier) -> None:
    text = GUIDE.read_text("utf-8")
    start = text.index(f"\n## {notifier.title}\n")
    section = text[start : text.index("\n## ", start + 4)]
    assert f"`{notifier.kind}`" in section
    assert [each.name for each in notifier.fields if f"`{each.name}`" not in section] == []


def test_without_a_transport_nothing_goes_out() -> None:
    def never(_: object) -> Answer:
        raise AssertionError("a digest is no alert")

    ways = Transport(never, never, lambda: 0.0)
    digest = notification(told=Told.DIGEST)
    assert NOTIFIERS["alertmanager"].deliver(digest, SAID, {}, ways).delivered
