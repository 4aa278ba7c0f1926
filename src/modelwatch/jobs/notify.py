"""Sends what waits in the outbox; at least once, with the same key on every try."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from sqlalchemy import Engine

from modelwatch.store.alerts import Message, due_messages, message_tried
from modelwatch.store.engine import reading, writing

GIVE_UP_AFTER = 12
"""Tries: with doubling pauses from 5 s up to an hour the last one comes after about seven hours."""
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one try went: `retry_after` seconds when the receiver said so."""

    delivered: bool
    permanent: bool = False
    error: str = ""
    retry_after: float | None = None


Send = Callable[[Message], Delivery]


class NoRedirect(HTTPRedirectHandler):
    """A receiver that moved is an error to be shown, not an address to be followed."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


def webhook(url: str) -> Send:
    """Posts the message as JSON to one address."""
    opener = build_opener(NoRedirect)

    def send(message: Message) -> Delivery:
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key, "User-Agent": "modelwatch"}
        request = Request(url, message.payload.encode(), headers, method="POST")
        try:
            with opener.open(request, timeout=TIMEOUT_S):
                return Delivery(True)
        except HTTPError as error:
            retry = error.headers.get("Retry-After", "")
            after = float(retry) if retry.isdigit() else None
            permanent = 400 <= error.code < 500 and error.code not in (408, 425, 429)
            return Delivery(False, permanent, f"HTTP {error.code}", after)
        except (URLError, OSError, ValueError) as error:
            return Delivery(False, False, str(error))

    return send


def pause_us(attempts: int, chance: float) -> int:
    """How long to wait after a failed try: 5 s doubling up to an hour, spread by half (`chance` in 0..1)."""
    base = min(5.0 * 2**attempts, 3600.0)
    return int(base * (0.5 + 0.5 * chance) * 1e6)


def notify(engine: Engine, send: Send, now_us: int, chance: Callable[[], float] = random.random) -> int:
    """Try every message that is due once; returns how many were delivered."""
    with reading(engine) as connection:
        messages = due_messages(connection, now_us)
    delivered = 0
    for message in messages:
        result = send(message)
        delivered += result.delivered
        if result.delivered:
            state, after = "sent", 0
        elif result.permanent or message.attempts + 1 >= GIVE_UP_AFTER:
            state, after = "dead", 0
        else:
            wait = pause_us(message.attempts, chance())
            state, after = "waiting", max(wait, int((result.retry_after or 0.0) * 1e6))
        with writing(engine) as connection:
            message_tried(connection, message, state, now_us + after, result.error)
    return delivered
