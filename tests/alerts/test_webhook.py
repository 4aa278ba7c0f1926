"""The generic webhook: a signed, versioned body, and what its answers mean."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from modelwatch.alerts.notification import from_json
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Answer
from tests.alerts.speaking import NOW, answering, notification

deliver = NOTIFIERS["webhook"].deliver
REFERENCE = Path(__file__).parent.parent.parent / "docs/reference/webhook.md"


def headers_of(**said: str) -> dict[str, str]:
    recorder = answering()
    assert deliver(notification(), {"url": "https://r.example", **said}, {}, recorder.ways).delivered
    return dict(recorder.calls[0].headers)


def test_the_body_holds_every_field_and_the_same_key_on_every_try() -> None:
    recorder = answering(Answer(503))
    assert not deliver(notification(), {"url": "https://r.example/x"}, {}, recorder.ways).delivered
    assert deliver(notification(), {"url": "https://r.example/x"}, {}, recorder.ways).delivered
    first, second = recorder.calls
    assert first == second
    assert (first.method, first.url, first.headers["Idempotency-Key"]) == ("POST", "https://r.example/x", "g41-3")
    assert from_json(first.body.decode()) == notification()
    assert json.loads(first.body)["schema"] == 1


def test_a_receiver_that_does_as_the_reference_says_tells_genuine_from_forged() -> None:
    code = re.search(r"```python\n(.+?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    assert code is not None
    place: dict[str, object] = {}
    exec(code[1].replace("time.time()", str(NOW)), place)
    genuine = place["genuine"]
    assert callable(genuine)
    recorder = answering()
    deliver(notification(), {"url": "https://r.example", "secret": "s"}, {}, recorder.ways)
    call = recorder.calls[0]
    assert genuine(call.headers, call.body, "s")
    assert not genuine(call.headers, call.body + b" ", "s")
    assert not genuine(call.headers, call.body, "t")
    old = str(int(NOW) - 301)
    replayed = hmac.new(b"s", old.encode() + b"." + call.body, "sha256").hexdigest()
    assert not genuine({"Modelwatch-Timestamp": old, "Modelwatch-Signature": f"v1={replayed}"}, call.body, "s")
    assert not genuine({**call.headers, "Modelwatch-Timestamp": str(int(NOW) + 1)}, call.body, "s")


def test_without_a_secret_nothing_is_signed() -> None:
    assert set(headers_of()) == {"Content-Type", "Idempotency-Key", "Modelwatch-Timestamp"}


def test_headers_hold_one_line_whatever_was_said() -> None:
    assert headers_of(authorization="Bearer a\r\nX-Evil: 1")["Authorization"] == "Bearer a X-Evil: 1"
    recorder = answering()
    deliver(notification(key="k\r\nX-Evil: 1"), {"url": "https://r.example"}, {}, recorder.ways)
    assert re.fullmatch(r"sha256-[0-9a-f]{32}", recorder.calls[0].headers["Idempotency-Key"])


@pytest.mark.parametrize(
    ("answer", "permanent", "retry_after"),
    [
        (Answer(429, {"Retry-After": "120"}), False, 120.0),
        (Answer(503, {"retry-after": "Mon, 24 Nov 2025 16:01:00 GMT"}), False, 60.0),
        (Answer(503, {"retry-after": "soon"}), False, None),
        (Answer(408), False, None),
        (Answer(302), True, None),
        (Answer(0, error="timed out"), False, None),
        (Answer(0, error="10.0.0.1 is private", refused=True), True, None),
        (Answer(400), True, None),
        (Answer(410), True, None),
    ],
)
def test_what_an_answer_means(answer: Answer, permanent: bool, retry_after: float | None) -> None:
    went = deliver(notification(), {"url": "https://r.example"}, {}, answering(answer).ways)
    assert (went.delivered, went.permanent, went.retry_after) == (False, permanent, retry_after)
    assert went.error


def test_the_reference_shows_the_fields_that_there_are() -> None:
    shown = re.search(r"```json\n(.+?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    assert shown is not None
    example = json.loads(shown[1])
    assert from_json(shown[1]).to_json() == json.dumps(example, separators=(",", ":"))
    assert set(example) == {"schema", *asdict(notification())}
