"""Whatever models are called and however many there are: what is sent passes receivers that refuse what the real ones
refuse, and no name becomes more than a name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from modelwatch.alerts.notification import Notification, Told, drawable, from_json
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.slack import SECTION, escaped
from tests.alerts import limits
from tests.alerts.receivers import LOOPBACK, Heard, Receiver, receiving, refusing
from tests.alerts.speaking import answering, hostile, line, notification

KEY = "0123456789abcdef0123456789abcdef"
STRICT = {
    "slack": (limits.slack, (200, {}, b"ok")),
    "pagerduty": (limits.pagerduty, (202, {}, b'{"status":"success"}')),
    "teams": (limits.teams, (202, {}, b"")),
}
MANY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=STRICT)
def strict(request: pytest.FixtureRequest) -> Iterator[tuple[str, Receiver]]:
    with receiving(refusing(*STRICT[request.param])) as receiver:
        yield request.param, receiver


def said_to(receiver: Receiver) -> dict[str, str]:
    return {"url": f"{receiver.url}/hook", "routing_key": KEY, "api": receiver.url}


@MANY
@given(said=hostile)
def test_no_name_is_refused_or_more_than_a_name(strict: tuple[str, Receiver], said: Notification) -> None:
    kind, receiver = strict
    went = NOTIFIERS[kind].deliver(said, said_to(receiver), {}, LOOPBACK)
    assert went.delivered, went.error


def test_two_hundred_alerts_with_the_longest_names_fit(strict: tuple[str, Receiver]) -> None:
    kind, receiver = strict
    worst = [
        line(
            i,
            model="𒀀" * 512,
            title="&" * 512,
            sure="<" * 512,
            bad="é" * 512,
            facts=("👩" * 512,) * 8,
            url=f"https://a.example/{'&' * 1900}",
        )
        for i in range(200)
    ]
    said = notification(worst, title=">" * 5000, notes=("&" * 3000,) * 20, more=10**6)
    went = NOTIFIERS[kind].deliver(said, said_to(receiver), {}, LOOPBACK)
    assert went.delivered, went.error


def test_the_receivers_refuse_what_is_beyond() -> None:
    """What a careless channel would send does not pass: the receivers bite."""
    json_header = {"content-type": "application/json"}
    recorder = answering()
    NOTIFIERS["slack"].deliver(notification(), {"url": "https://r.example"}, {}, recorder.ways)
    good = json.loads(recorder.calls[0].body)
    assert limits.slack(Heard("/", json_header, json.dumps(good).encode())) == ""
    section = {"type": "section", "text": {"type": "plain_text", "text": "<!channel>", "emoji": False}}
    bold = {"type": "section", "text": {"type": "mrkdwn", "text": "*x*", "verbatim": True}}
    for blocks in ([section], [bold], good["blocks"] * 20, [], [{"type": "section", "text": {}}]):
        assert limits.slack(Heard("/", json_header, json.dumps(good | {"blocks": blocks}).encode()))
    NOTIFIERS["pagerduty"].deliver(notification(), {"routing_key": KEY}, {}, recorder.ways)
    event = json.loads(recorder.calls[1].body)
    assert limits.pagerduty(Heard("/v2/enqueue", {}, json.dumps(event).encode())) == ""
    long = event["payload"] | {"summary": "x" * 1025}
    for changed in ({"routing_key": "x"}, {"payload": long}, {"dedup_key": "x" * 256}, {"client": "x" * 512_000}):
        assert limits.pagerduty(Heard("/v2/enqueue", {}, json.dumps(event | changed).encode()))
    NOTIFIERS["teams"].deliver(notification(), {"url": "https://r.example"}, {}, recorder.ways)
    card = json.loads(recorder.calls[2].body)
    assert limits.teams(Heard("/", {}, json.dumps(card).encode())) == ""
    card["attachments"][0]["content"]["body"].append({"type": "TextBlock", "text": "[x](https://evil.example)"})
    assert limits.teams(Heard("/", {}, json.dumps(card).encode()))


@MANY
@given(said=hostile)
def test_a_webhook_takes_any_notification_as_it_is(said: Notification) -> None:
    recorder = answering()
    assert NOTIFIERS["webhook"].deliver(said, {"url": "https://r.example"}, {}, recorder.ways).delivered
    shown = None if said.picture is None else drawable(said.picture)
    assert from_json(recorder.calls[0].body.decode("ascii")) == replace(said, picture=shown)


def test_entities_are_not_cut_in_two() -> None:
    assert all(not limits.ENTITY.search(escaped("&<>" * 2000, longest)) for longest in range(SECTION - 6, SECTION))


def test_the_state_shows_in_colour_and_in_words() -> None:
    def header(**changes: object) -> str:
        recorder = answering()
        NOTIFIERS["slack"].deliver(notification(**changes), {"url": "https://r.example"}, {}, recorder.ways)
        return str(json.loads(recorder.calls[0].body)["blocks"][0]["text"]["text"])

    assert header() == "🔴 Critical: fraud 2.1.0: amount drifted, PSI 0.41"
    assert header(told=Told.RESOLVED).startswith("🟢 Resolved: ")
    assert header(told=Told.ACKNOWLEDGED).startswith("🔵 Acknowledged: ")
    assert header(told=Told.TEST).startswith("⚪ Test: ")
