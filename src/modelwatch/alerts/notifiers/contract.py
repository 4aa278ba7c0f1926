"""What a channel is to the rest: facts about it, and one function that says a notification in its way.

The function does no I/O itself: it is handed a `Transport`, so that a test needs no network and what goes out passes
one guarded place. Its answer says how it went, never by an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

from modelwatch.alerts.notification import Notification


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a channel must be told. Secrets are encrypted at rest and never shown again. `where` says to whom
    the secrets go: with another value of it they are entered anew, so that nobody is sent what they may not see."""

    name: str
    title: str
    secret: bool = False
    required: bool = True
    default: str = ""
    hint: str = ""
    where: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` 0 when nothing did, and `error` says why. `refused` when the address is not allowed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail and the server that takes it. `security` is starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class Transport:
    """The ways out, each guarded: they refuse what may not be reached and give up in time. `now` is the time of the
    try in epoch seconds, `smtp` answers with the server's own three digits (250 when it took the letter).
    `unguarded` names the kinds that may open connections of their own, past the guard: the operator's decision."""

    http: Callable[[Call], Answer]
    smtp: Callable[[Letter], Answer]
    now: Callable[[], float]
    unguarded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one try went. `retry_after` is in seconds when the receiver said so; `thread` is kept for the group and
    handed to the next message about it."""

    delivered: bool
    permanent: bool = False
    error: str = ""
    retry_after: float | None = None
    thread: Mapping[str, str] = field(default_factory=dict)


Said = Mapping[str, str]
Deliver = Callable[[Notification, Said, Said, Transport], Delivery]
"""(notification, the channel's fields and secrets, the group's thread so far, the ways out) -> how it went."""


@dataclass(frozen=True, slots=True)
class Notifier:
    """One kind of channel."""

    kind: str
    title: str
    fields: tuple[Field, ...]
    deliver: Deliver
    resends: bool = False
    """True when the receiver forgets what is not said again while it goes on (Alertmanager)."""
