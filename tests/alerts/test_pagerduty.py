"""PagerDuty: one incident per group, from its trigger to its end."""

from __future__ import annotations

import json
from typing import Any

from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Answer
from modelwatch.core.level import Level
from tests.alerts.speaking import answering, line, notification

deliver = NOTIFIERS["pagerduty"].deliver
SAID = {"routing_key": "0123456789abcdef0123456789abcdef"}


def events(*said: Notification) -> list[dict[str, Any]]:
    recorder = answering()
    for each in said:
        assert deliver(each, SAID, {}, recorder.ways).delivered
    return [json.loads(call.body) for call in recorder.calls]


def test_a_group_is_one_incident_until_it_is_over() -> None:
    life = (Told.OPENED, Told.CHANGED, Told.REPEATED, Told.ACKNOWLEDGED, Told.RESOLVED)
    told = events(*(notification(told=each, key=f"g41-{i}") for i, each in enumerate(life)))
    assert [event["event_action"] for event in told] == ["trigger"] * 3 + ["acknowledge", "resolve"]
    assert {event["dedup_key"] for event in told} == {"g41"}


def test_a_trigger_says_what_where_how_bad_and_leads_to_the_page_and_to_silence() -> None:
    (event,) = events(notification())
    payload = event["payload"]
    assert payload["summary"] == "Critical: fraud 2.1.0: amount drifted, PSI 0.41"
    assert [payload[name] for name in ("source", "severity", "component", "group", "class")] == [
        "fraud",
        "critical",
        "production",
        "default",
        "data_drift",
    ]
    assert payload["timestamp"] == "2025-11-24T15:59:00+00:00"
    assert [link["href"] for link in event["links"]] == [
        "https://watch.example.org/alerts/7",
        "https://watch.example.org/alerts/7?silence=1",
    ]
    assert payload["custom_details"]["alerts"][0]["bad"] == "PSI 0.41, critical from 0.25."


def test_levels_are_severities() -> None:
    said = [notification(level=level) for level in Level]
    told = dict(zip(Level, (event["payload"]["severity"] for event in events(*said)), strict=True))
    assert told == {
        Level.CRITICAL: "critical",
        Level.WARNING: "warning",
        Level.ERROR: "error",
        Level.NO_DATA: "warning",
        Level.NOTICE: "info",
        Level.INSUFFICIENT_DATA: "info",
        Level.OK: "info",
    }


def test_an_event_that_is_too_large_names_fewer_alerts_and_says_how_many_are_left() -> None:
    facts = ("\u4e00" * 120,) * 5
    (event,) = events(notification([line(i, sure="\u4e00" * 300, bad="\u4e00" * 300, facts=facts) for i in range(200)]))
    assert len(json.dumps(event)) <= 512_000
    details = event["payload"]["custom_details"]
    assert 0 < len(details["alerts"]) < 200
    assert details["left_out"] == f"and {200 - len(details['alerts'])} more alerts"


def test_a_test_leaves_nothing_open_and_a_digest_wakes_nobody() -> None:
    recorder = answering()
    deliver(notification(told=Told.TEST), SAID, {}, recorder.ways)
    deliver(notification(told=Told.DIGEST), SAID, {}, recorder.ways)
    trigger, resolve, digest = (json.loads(call.body) for call in recorder.calls)
    assert (trigger["event_action"], trigger["payload"]["severity"]) == ("trigger", "info")
    assert (resolve["event_action"], resolve["dedup_key"]) == ("resolve", trigger["dedup_key"])
    assert "event_action" not in digest
    assert [call.url for call in recorder.calls][1:] == [
        "https://events.pagerduty.com/v2/enqueue",
        "https://events.pagerduty.com/v2/change/enqueue",
    ]


def test_a_test_that_did_not_arrive_is_not_resolved() -> None:
    recorder = answering(Answer(429, {"Retry-After": "7"}))
    went = deliver(notification(told=Told.TEST), SAID, {}, recorder.ways)
    assert (went.delivered, went.retry_after, len(recorder.calls)) == (False, 7.0, 1)


def test_what_pagerduty_finds_wrong_is_told_in_its_words() -> None:
    body = b'{"status":"invalid event","message":"Event object is invalid","errors":["\'routing_key\' is invalid"]}'
    went = deliver(notification(), SAID, {}, answering(Answer(400, {}, body)).ways)
    assert (went.permanent, went.error) == (True, "HTTP 400: 'routing_key' is invalid")
