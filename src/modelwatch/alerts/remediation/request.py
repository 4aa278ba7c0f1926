"""What an action sends: the facts of the alert, the user's fields or the user's body, and a signature.

`shown` is what people see and what is kept of it, without secrets; `call` is what goes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from modelwatch.alerts.notifiers.contract import Call
from modelwatch.alerts.notifiers.webhook import signature
from modelwatch.alerts.remediation.action import MARK, Action, Python, Secrets, Webhook

SCHEMA: Final = 1
"""Changes when the meaning of a field does."""
HOLE: Final = re.compile(r"\{([a-z_]+)\}")
"""A placeholder: a name in braces, which no JSON text has outside of strings."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """The alert that an action answers. `why` says what made it due, `at` is the time of the decision in epoch
    seconds, `since` when the alert opened, in event time."""

    project: str
    model_id: str
    model_version: str
    environment: str
    alert_id: int
    kind: str
    level: str
    title: str
    since: float
    at: float
    why: str
    url: str


SAMPLE: Final = Trigger("default", 'a "b"', "1", "production", 1, "data_drift", "warning", "x", 0.0, 0.0, "y", "u")
"""Stands for any alert where a body is looked at before there is one."""
NAMES: Final = ("action", "key", *Trigger.__dataclass_fields__)
"""What a placeholder may name, and no field of the user's may be called, `schema` and `event` neither."""
RESERVED: Final = frozenset({"schema", "event", *NAMES})


def facts(action: Action, trigger: Trigger, key: str) -> dict[str, Any]:
    """Everything that is said, by its name."""
    return {"action": action.name, "key": key, **asdict(trigger)}


def payload(action: Action, trigger: Trigger, key: str) -> dict[str, Any]:
    """The body where the user wrote none, and what a Python function is handed."""
    return {"schema": SCHEMA, "event": "action", **facts(action, trigger, key), **action.do.fields}


def body(action: Action, trigger: Trigger, key: str) -> str:
    """The text that is sent: the same for the same trigger on every try."""
    do = action.do
    if isinstance(do, Webhook) and do.body:
        return filled(do.body, facts(action, trigger, key))
    return json.dumps(payload(action, trigger, key), ensure_ascii=False, allow_nan=False)


def filled(template: str, said: Mapping[str, Any]) -> str:
    """The template with each {name} replaced, escaped as inside a JSON string.

    >>> filled('{"conf": {"model": "{model_id}"}}', {"model_id": 'a "b"'})
    '{"conf": {"model": "a \\\\"b\\\\""}}'
    """
    return HOLE.sub(lambda hole: json.dumps(str(said[hole[1]]), ensure_ascii=False)[1:-1], template)


def sentence(template: str, said: Mapping[str, Any]) -> str:
    """A message to people with each {name} replaced as it is; channels escape it in their own way."""
    return HOLE.sub(lambda hole: str(said[hole[1]]), template)


def shown(action: Action, trigger: Trigger, key: str) -> dict[str, Any]:
    """What would be done, in full, without secrets."""
    do = action.do
    if isinstance(do, Python):
        return {"python": do.entry, "input": payload(action, trigger, key)}
    hidden = dict.fromkeys(do.secret_headers, MARK)
    if do.signed:
        hidden["Modelwatch-Signature"] = f"v1={MARK}"
    return {
        "method": do.method,
        "url": do.url,
        "headers": {**plain_headers(do, key), "Modelwatch-Timestamp": "the second of the try", **hidden},
        "body": body(action, trigger, key),
    }


def plain_headers(do: Webhook, key: str) -> dict[str, str]:
    """The headers that anybody may see."""
    return {**do.headers, "Content-Type": "application/json", "Idempotency-Key": key}


def call(do: Webhook, text: str, key: str, secrets: Secrets, now: float) -> Call:
    """The request of one try, with secrets; `now` in epoch seconds is signed with the body."""
    sent, moment = text.encode(), str(int(now))
    headers = {**plain_headers(do, key), "Modelwatch-Timestamp": moment}
    headers |= {name: secrets.headers[name] for name in do.secret_headers if name in secrets.headers}
    if secrets.signing:
        headers["Modelwatch-Signature"] = f"v1={signature(secrets.signing, moment, sent)}"
    return Call(do.url, sent, headers, do.method)
