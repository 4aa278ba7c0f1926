"""Hands alerts to a Prometheus Alertmanager, which then does the rest.

It forgets what is not said again: each firing alert is sent with an end that lies `HORIZON_S` ahead, and sent anew
while it goes on. What stops being sent, because it resolved or because modelwatch is down, ends by itself.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from modelwatch.alerts import words
from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.alerts.notifiers.answers import outcome
from modelwatch.alerts.notifiers.contract import Answer, Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.core.level import SEVERITY, Level

HORIZON_S = 300.0
"""How long an alert lasts that is not sent again: four resends of a minute may get lost."""
TEST_S = 60.0
LABEL = 1024
"""Characters of a label's or an annotation's value."""


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One POST with all alerts; a digest and an action are none, and nothing is sent of them."""
    if notification.told in (Told.DIGEST, Told.ACTED):
        return Delivery(True)
    now = ways.now()
    sent = [test(notification, now)] if notification.told is Told.TEST else alerts(notification, now)
    headers = {"Content-Type": "application/json"}
    if said.get("user"):
        login = f"{said['user']}:{said.get('password', '')}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(login).decode()}"
    url = said["url"].rstrip("/") + "/api/v2/alerts"
    answer = ways.http(Call(url, json.dumps(sent).encode(), headers))
    return outcome(answer, now, reason(answer))


def reason(answer: Answer) -> str:
    """What Alertmanager found wrong, in its words."""
    try:
        reply = json.loads(answer.body)
    except ValueError:
        return ""
    found = reply.get("message", "") if isinstance(reply, dict) else reply
    return found if isinstance(found, str) else ""


def alerts(notification: Notification, now: float) -> list[dict[str, Any]]:
    """One alert for each line. Its level is one of its labels, so that after a change of level the alert with the
    level before is another alert, which is ended."""
    made: list[dict[str, Any]] = []
    for line in notification.lines:
        over = notification.told is Told.RESOLVED or words.over(line)
        made.append(alert(notification, line, line.level, now if over else now + HORIZON_S))
        if line.news in ("worse", "better"):
            others = {Level.CRITICAL, Level.WARNING} - {line.level}
            made += [alert(notification, line, level, now) for level in sorted(others)]
    return made


def alert(notification: Notification, line: Line, level: Level, ends: float) -> dict[str, Any]:
    """One alert as Alertmanager knows it; `alert_id` keeps alerts apart that are alike in all else."""
    told = words.entry(line)
    labels = {
        "alertname": f"modelwatch_{line.kind}",
        "alert_id": str(line.alert_id),
        "model": line.model,
        "version": line.version,
        "environment": line.environment,
        "kind": line.kind,
        "severity": SEVERITY.get(level, level.value),
        "project": notification.project,
    }
    annotations = {
        "summary": told.what,
        "since": told.since,
        "sure": told.sure,
        "bad": told.bad,
        "facts": "; ".join(told.facts),
        "url": told.url,
        "silence_url": told.silence_url,
    }
    return {
        "labels": valued(labels),
        "annotations": valued(annotations),
        "startsAt": time(min(line.since, ends - 1.0)),
        "endsAt": time(ends),
        **({"generatorURL": told.url} if told.url else {}),
    }


def test(notification: Notification, now: float) -> dict[str, Any]:
    """An alert that ends by itself after a minute."""
    return {
        "labels": valued({"alertname": "modelwatch_test", "severity": "info", "project": notification.project}),
        "annotations": valued({"summary": notification.title}),
        "startsAt": time(now),
        "endsAt": time(now + TEST_S),
    }


def valued(names: dict[str, str]) -> dict[str, str]:
    """Those that have a value: for Alertmanager an empty label is none."""
    kept = {name: words.clean(value, LABEL) for name, value in names.items()}
    return {name: value for name, value in kept.items() if value}


def time(seconds: float) -> str:
    """A time in RFC 3339, to the millisecond."""
    return words.moment(seconds).isoformat(timespec="milliseconds")


NOTIFIER = Notifier(
    kind="alertmanager",
    title="Prometheus Alertmanager",
    fields=(
        Field("url", "Address", hint="http://alertmanager:9093, without /api", where=True),
        Field("user", "User", required=False, hint="for basic authentication"),
        Field("password", "Password", secret=True, required=False),
    ),
    deliver=deliver,
    resends=True,
)
