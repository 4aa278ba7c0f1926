"""Posts a notification as JSON to an address, signed so that the receiver can tell who sent it and when.

The signature covers the time of the try, so a receiver that refuses old times refuses what was recorded and is sent
again by somebody else; a try of ours is always signed anew. The body is the same on every try.
"""

from __future__ import annotations

import hmac

from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers.answers import line, outcome
from modelwatch.alerts.notifiers.contract import Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.alerts.notifiers.keys import token


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One POST; any 2xx means that it arrived."""
    body, now = notification.to_json().encode(), ways.now()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": token(notification.key),
        "Modelwatch-Timestamp": str(int(now)),
    }
    if said.get("secret"):
        headers["Modelwatch-Signature"] = f"v1={signature(said['secret'], str(int(now)), body)}"
    if said.get("authorization"):
        headers["Authorization"] = line(said["authorization"])
    return outcome(ways.http(Call(said["url"], body, headers)), now)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA-256 in hexadecimal over the timestamp, a dot and the body.

    >>> signature("secret", "0", b"{}")[:16]
    '4bbe8d39de1ffea4'
    """
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()


NOTIFIER = Notifier(
    kind="webhook",
    title="Webhook",
    fields=(
        Field("url", "Address", hint="https://... that takes a POST with a JSON body", where=True),
        Field("secret", "Signing secret", secret=True, required=False, hint="signs every message, see the reference"),
        Field("authorization", "Authorization header", secret=True, required=False, hint="such as: Bearer ..."),
    ),
    deliver=deliver,
)
