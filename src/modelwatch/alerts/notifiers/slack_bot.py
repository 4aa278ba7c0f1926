"""Posts to a Slack channel as a bot: one message per group, kept current, and a thread with what happened since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.answers import line, outcome, short
from modelwatch.alerts.notifiers.contract import Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.alerts.notifiers.keys import token
from modelwatch.alerts.notifiers.slack import message
from modelwatch.alerts.picture import png

API = "https://slack.com/api"
AGAIN = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "rollup_error",
        "service_unavailable",
        "team_added_to_org",
    }
)
"""What Slack says of its own state rather than of the message: worth another try."""
GONE = frozenset({"message_not_found", "thread_not_found"})
"""What it says when somebody deleted the message that began the thread."""
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def deliver(notification: Notification, said: Said, thread: Said, ways: Transport) -> Delivery:
    """The first message of a group begins a thread; later ones reply in it and bring the first up to date.

    What was posted is delivered, even when the update or the picture then fails: a second try would post it again.
    """
    first = dict(thread) if thread.get("ts") and thread.get("channel") else {}
    body = post_body(notification, said, first)
    went, reply = called("chat.postMessage", body, said, ways)
    if first and went.error in GONE:
        first = {}
        went, reply = called("chat.postMessage", post_body(notification, said, first), said, ways)
    if not went.delivered:
        return went
    failed = update(notification, said, first, ways) if first else ""
    kept = first or {"ts": str(reply.get("ts", "")), "channel": str(reply.get("channel", ""))}
    if notification.picture is not None and notification.told in (Told.OPENED, Told.CHANGED, Told.TEST):
        failed = failed or upload(notification, said, kept, ways)
    return Delivery(True, error=failed, thread=kept)


def post_body(notification: Notification, said: Said, first: Said) -> dict[str, Any]:
    """A message, or a reply in the thread; the channel sees a reply, too, when it got worse or goes on unseen."""
    body = message(notification, news_only=bool(first)) | {
        "channel": first.get("channel") or said["channel"],
        "metadata": {"event_type": "modelwatch", "event_payload": {"key": token(notification.key)}},
    }
    if first:
        loud = notification.told in (Told.OPENED, Told.REPEATED)
        loud = loud or (notification.told is Told.CHANGED and words.worse(notification))
        body |= {"thread_ts": first["ts"], "reply_broadcast": loud}
    return body


def update(notification: Notification, said: Said, first: Said, ways: Transport) -> str:
    """Make the message that began the thread say what holds now; returns what went wrong."""
    body = message(notification) | {"channel": first["channel"], "ts": first["ts"]}
    went, _ = called("chat.update", body, said, ways)
    return "" if went.delivered else short(f"the first message was not updated: {went.error}")


def upload(notification: Notification, said: Said, first: Said, ways: Transport) -> str:
    """Put the picture into the thread; returns what went wrong."""
    assert notification.picture is not None
    picture, title = png(notification.picture), words.clean(notification.picture.title, 100)
    asked = {"filename": "metric.png", "length": str(len(picture)), "alt_txt": title}
    went, reply = called("files.getUploadURLExternal", asked, said, ways)
    place = str(reply.get("upload_url", ""))
    if went.delivered and place.startswith("https://" if base(said).startswith("https://") else "http"):
        sent = ways.http(Call(place, picture, {"Content-Type": "application/octet-stream"}))
        went = outcome(sent, ways.now())
        if went.delivered:
            files = [{"id": str(reply.get("file_id", "")), "title": title}]
            shared = {"files": files, "channel_id": first["channel"], "thread_ts": first["ts"]}
            went, _ = called("files.completeUploadExternal", shared, said, ways)
    elif went.delivered:
        went = Delivery(False, error="no address to send it to")
    return "" if went.delivered else short(f"the picture was not sent: {went.error}")


def called(method: str, body: Mapping[str, Any], said: Said, ways: Transport) -> tuple[Delivery, Mapping[str, Any]]:
    """One call of Slack's API: how it went, and what it answered."""
    headers = {"Authorization": f"Bearer {line(said['token'])}", "Content-Type": "application/json; charset=utf-8"}
    sent = json.dumps(body).encode()
    if method == "files.getUploadURLExternal":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = "&".join(f"{name}={percent(value)}" for name, value in body.items()).encode()
    answer = ways.http(Call(f"{base(said)}/{method}", sent, headers))
    went = outcome(answer, ways.now())
    if not went.delivered:
        return went, {}
    try:
        reply = json.loads(answer.body)
    except ValueError:
        return Delivery(False, error="the answer is no JSON"), {}
    if not isinstance(reply, dict):
        return Delivery(False, error="the answer is no JSON object"), {}
    if reply.get("ok") is True:
        return went, reply
    error = short(str(reply.get("error", "no reason given")))
    return Delivery(False, permanent=error not in AGAIN, error=error), reply


def base(said: Said) -> str:
    """Where Slack's API is."""
    return (said.get("api") or API).rstrip("/")


def percent(text: str) -> str:
    """The text as a value of a form.

    >>> percent("PSI of a&b")
    'PSI%20of%20a%26b'
    """
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in text.encode())


NOTIFIER = Notifier(
    kind="slack_bot",
    title="Slack (bot)",
    fields=(
        Field("token", "Bot token", secret=True, hint="xoxb-..., with chat:write and files:write"),
        Field("channel", "Channel", hint="the id, such as C0123456789; the bot must be a member"),
        Field("api", "API address", required=False, default=API, hint="another one for GovSlack", where=True),
    ),
    deliver=deliver,
)
