"""Sends PagerDuty events (version 2): one incident per group, triggered, acknowledged and resolved by its key."""

from __future__ import annotations

import json
from typing import Any

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.answers import outcome
from modelwatch.alerts.notifiers.contract import Answer, Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.alerts.notifiers.keys import token
from modelwatch.core.level import Level

API = "https://events.pagerduty.com"
SUMMARY, EVENT, NAMED = 1024, 512_000, 200
"""Characters of a summary, bytes of an event, alerts that we put into one."""
SEVERITIES = {Level.CRITICAL: "critical", Level.WARNING: "warning", Level.ERROR: "error", Level.NO_DATA: "warning"}


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One event; a test is triggered and at once resolved; a digest and an action are changes, which wake nobody."""
    if notification.told in (Told.DIGEST, Told.ACTED):
        return posted("/v2/change/enqueue", notification, said, ways, "")
    if notification.told is Told.TEST:
        went = posted("/v2/enqueue", notification, said, ways, "trigger")
        if went.delivered:
            posted("/v2/enqueue", notification, said, ways, "resolve")
        return went
    return posted("/v2/enqueue", notification, said, ways, action(notification))


def action(notification: Notification) -> str:
    """What the incident is told. A trigger with a key that is open already adds to its incident."""
    match notification.told:
        case Told.RESOLVED:
            return "resolve"
        case Told.ACKNOWLEDGED:
            return "acknowledge"
        case _:
            return "trigger"


def posted(path: str, notification: Notification, said: Said, ways: Transport, do: str) -> Delivery:
    """One POST of an event that is small enough."""

    def body(most: int) -> bytes:
        made = event(notification, most, do) if do else change(notification, most)
        return json.dumps({"routing_key": said["routing_key"].strip(), **made}).encode()

    url = (said.get("api") or API).rstrip("/") + path
    answer = ways.http(Call(url, words.shrunk(body, EVENT, NAMED), {"Content-Type": "application/json"}))
    return outcome(answer, ways.now(), reason(answer))


def reason(answer: Answer) -> str:
    """What PagerDuty found wrong with the event, in its words."""
    try:
        reply = json.loads(answer.body)
    except ValueError:
        return ""
    errors = reply.get("errors") if isinstance(reply, dict) else None
    return "; ".join(str(error) for error in errors) if isinstance(errors, list) else ""


def event(notification: Notification, most: int, do: str) -> dict[str, Any]:
    """An alert event with at most so many alerts in its details."""
    made: dict[str, Any] = {"event_action": do, "dedup_key": token(notification.group)}
    if do != "trigger":
        return made
    test = notification.told is Told.TEST
    severity = "info" if test else SEVERITIES.get(notification.level, "info")
    first = notification.lines[0] if notification.lines else None
    payload = {
        "summary": words.headline(notification, SUMMARY),
        "source": words.clean(first.model if first else "", 200) or "modelwatch",
        "severity": severity,
        "timestamp": words.moment(notification.at).isoformat(),
        "component": words.clean(first.environment, 200) if first else "",
        "group": words.clean(notification.project, 200),
        "class": words.clean(first.kind, 200) if first else "",
        "custom_details": details(notification, most),
    }
    return made | {"payload": payload, "client": "modelwatch"} | addresses(notification)


def change(notification: Notification, most: int) -> dict[str, Any]:
    """A change event."""
    payload = {
        "summary": words.headline(notification, SUMMARY),
        "source": "modelwatch",
        "timestamp": words.moment(notification.at).isoformat(),
        "custom_details": details(notification, most),
    }
    return {"payload": payload, "links": addresses(notification)["links"]}


def addresses(notification: Notification) -> dict[str, Any]:
    """Where to look, and where to silence the worst."""
    page, first = words.link(notification.url), next(iter(words.entries(notification, 1)), None)
    links = [{"href": page, "text": "Look"}] if page else []
    if first is not None and first.silence_url:
        links.append({"href": first.silence_url, "text": "Silence"})
    return {"links": links, **({"client_url": page} if page else {})}


def details(notification: Notification, most: int) -> dict[str, Any]:
    """What the incident shows beneath its summary."""
    named = words.entries(notification, most)
    return {
        "scope": words.scope(notification),
        "alerts": [
            {"alert": each.line, "sure": each.sure, "bad": each.bad, "facts": list(each.facts), "url": each.url}
            for each in named
        ],
        "left_out": words.left_out(notification, len(named)),
        "notes": list(words.notes(notification)),
    }


NOTIFIER = Notifier(
    kind="pagerduty",
    title="PagerDuty",
    fields=(
        Field("routing_key", "Integration key", secret=True, hint="of an Events API v2 integration: 32 characters"),
        Field(
            "api",
            "API address",
            required=False,
            default=API,
            hint="https://events.eu.pagerduty.com in Europe",
            where=True,
        ),
    ),
    deliver=deliver,
)
