"""What is written is read again, what is wrong is said, and what is sent holds secrets where what is shown has none."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.alerts.remediation.action import Secrets, Webhook, secrets_of
from modelwatch.alerts.remediation.reading import action_from
from modelwatch.alerts.remediation.request import body, call, shown
from modelwatch.errors import InvalidRequest
from tests.alerts.remediation.acting import HOOK, TRIGGER, action

FULL: dict[str, Any] = {
    "name": "retrain “fraud”",
    "on": ["concept_drift", "performance"],
    "models": ["fraud-*"],
    "min_level": "critical",
    "at_least": {"alerts": 3, "within_hours": 24, "any_kind": True},
    "lasting_hours": 6,
    "webhook": {
        "url": "https://airflow.example.com:8443/api/v2/dags/retrain/dagRuns?x=1",
        "method": "POST",
        "headers": {"Accept": "application/json"},
        "secret_headers": ["Authorization"],
        "signed": True,
        "fields": {"priority": "high", "nested": {"a": [1, None]}},
        "body": '{"logical_date": null, "conf": {"model": "{model_id}", "alert": {alert_id}}}',
    },
    "tell": ["slack"],
    "message": "🔄 Retraining of {model_id} was triggered: {why}",
    "dry_run": False,
    "approval": False,
    "expires_hours": 12,
    "cooldown_hours": 48,
    "max_per_week": 1,
    "max_per_week_all": 3,
    "timeout_seconds": 10,
}


@pytest.mark.parametrize(
    "said",
    [FULL, {"name": "a", "on": ["*"], "python": {"entry": "retrain", "fields": {"x": 1}}}],
    ids=["webhook", "python"],
)
def test_what_is_written_is_read_again(said: dict[str, Any]) -> None:
    read = action_from(said)
    assert action_from(json.loads(json.dumps(read.to_json()))) == read
    told = read.to_json()
    assert {name: told[name] for name in said} == said


def test_an_action_that_says_nothing_of_its_guard_rails_has_them() -> None:
    plain = action_from({"name": "a", "on": ["*"], "webhook": HOOK})
    assert plain.dry_run
    assert plain.approval
    assert (plain.cooldown_hours, plain.max_per_week, plain.max_per_week_all) == (24, 2, 20)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nme": 1}, "'nme' is no field of an action (did you mean name?)"),
        ({"name": " "}, "name must have 1 to 100 characters on one line"),
        ({"name": "a\nb"}, "name must have"),
        ({"name": "\ud800"}, "all of which print"),
        ({"on": []}, "on must name the kinds"),
        ({"on": ["concept-drift"]}, "did you mean concept_drift?"),
        ({"on": "concept_drift"}, "on must be a list"),
        ({"on": ["rule:"]}, "on names 'rule:'"),
        ({"models": []}, "models must name something"),
        ({"min_level": "notice"}, "min_level is 'notice' (warning or critical)"),
        ({"at_least": {"alerts": 3}}, "at_least needs alerts and within_hours"),
        ({"at_least": {"alerts": 0, "within_hours": 1}}, "alerts must lie between 1 and 1000"),
        ({"at_least": {"alerts": 1.5, "within_hours": 1}}, "alerts must be a whole number"),
        ({"lasting_hours": float("nan")}, "lasting_hours must be a number"),
        ({"cooldown_hours": -1}, "cooldown_hours must lie between"),
        ({"max_per_week": True}, "max_per_week must be a number"),
        ({"dry_run": "no"}, "dry_run must be true or false"),
        ({"webhook": None}, "or python says what is done"),
        ({"python": {"entry": "x"}}, "one of both"),
        ({"webhook": {"url": "file:///etc/passwd"}}, "url is 'file:///etc/passwd'"),
        ({"webhook": {"url": "https://user:key@example.com/"}}, "without user and password"),
        ({"webhook": {"url": "https://example.com/\r\nHost: x"}}, "url is"),
        ({"webhook": {**HOOK, "method": "GET"}}, "method is 'GET'"),
        ({"webhook": {**HOOK, "headers": {"X-A": "a\r\nX-B: b"}}}, "holds no plain text as 'X-A'"),
        ({"webhook": {**HOOK, "headers": {"X A": "a"}}}, "no name of a header"),
        ({"webhook": {**HOOK, "headers": {"host": "a"}}}, "which modelwatch sets itself"),
        ({"webhook": {**HOOK, "headers": {"X-A": "a", "x-a": "b"}}}, "names a header twice"),
        ({"webhook": {**HOOK, "headers": {"X-A": "a"}, "secret_headers": ["x-a"]}}, "both hold x-a"),
        ({"webhook": {**HOOK, "fields": {"model_id": 1}}}, "holds 'model_id'"),
        ({"webhook": {**HOOK, "fields": {"x": float("inf")}}}, "must be plain JSON"),
        ({"webhook": {**HOOK, "body": '{"a": "{modelid}"}'}}, "did you mean {model_id}?"),
        ({"webhook": {**HOOK, "body": '{"a": {model_id}}'}}, "is no JSON once it is filled"),
        ({"message": "{nobody}"}, "message has {nobody}"),
        ({"webhook": {**HOOK, "shell": "rm"}}, "'shell' is no field of webhook"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequest) as found:
        action(**changed)
    assert said in str(found.value)


HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ['","admin":true,"x":"', "{key}", "\\", '"}}', "\x00", "\u2028", "</script>", "{alert_id}"]
)


@given(HOSTILE, HOSTILE)
def test_a_name_stays_inside_its_string(model: str, title: str) -> None:
    """What a user calls a model or a column never adds to the body, with the plain body and with one of their own."""
    trigger = replace(TRIGGER, model_id=model, title=title)
    own = action(webhook={**HOOK, "body": '{"m": "{model_id}", "t": ["{title}", "{kind}"], "n": {alert_id}}'})
    assert json.loads(body(own, trigger, "k")) == {"m": model, "t": [title, "concept_drift"], "n": 7}
    plain = json.loads(body(action(), trigger, "k"))
    assert (plain["model_id"], plain["title"], plain["alert_id"], plain["schema"]) == (model, title, 7, 1)


def test_what_is_sent_is_signed_with_the_time_and_holds_the_secrets_and_what_is_shown_does_not() -> None:
    rule = action_from(FULL)
    assert isinstance(rule.do, Webhook)
    secrets = Secrets("sign-me", {"Authorization": "Bearer t0ken"})
    sent = call(rule.do, body(rule, TRIGGER, "k1"), "k1", secrets, 1_790_000_000.9)
    assert json.loads(sent.body) == {"logical_date": None, "conf": {"model": "fraud", "alert": 7}}
    expected = hmac.new(b"sign-me", b"1790000000." + sent.body, "sha256").hexdigest()
    assert dict(sent.headers) == {
        "Accept": "application/json",
        "Authorization": "Bearer t0ken",
        "Content-Type": "application/json",
        "Idempotency-Key": "k1",
        "Modelwatch-Timestamp": "1790000000",
        "Modelwatch-Signature": f"v1={expected}",
    }
    told = json.dumps(shown(rule, TRIGGER, "k1"), ensure_ascii=False)
    assert "sign-me" not in told
    assert "t0ken" not in told
    assert set(shown(rule, TRIGGER, "k1")["headers"]) == set(sent.headers)
    assert shown(rule, TRIGGER, "k1")["body"].encode() == sent.body


def test_every_form_in_which_an_answer_may_repeat_a_secret_is_known() -> None:
    secrets = Secrets('a"b', {"Authorization": "Bearer t0ken-1", "X": "é", "Y": "a b"})
    assert secrets.readable() == {'a"b', 'a\\"b', "Bearer t0ken-1", "t0ken-1", "é", "\\u00e9", "a b"}
    assert secrets_of(secrets.flat()) == secrets
