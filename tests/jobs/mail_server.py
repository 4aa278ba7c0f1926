"""A mail server on loopback that offers STARTTLS or TLS, asks for a password, and refuses as told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "alerts", "p4ssw0rd-of-alerts"


@dataclass
class Post:
    """What arrived; `refuse` gives replies to recipients, `data_reply` the one to the letter."""

    port: int = 0
    letters: list[Envelope] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    data_reply: str = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.data_reply.startswith("250"):
            self.letters.append(envelope)
            self.secure.append(session.ssl is not None)
        return self.data_reply


def known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def posting(starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Post]:
    """A mail server in a thread of its own."""
    post = Post()
    served: list[SMTP] = []
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=0,
        ssl_context=tls,
        tls_context=starttls,
        authenticator=known,
        auth_required=starttls is not None,
        auth_require_tls=starttls is not None,
        ready_timeout=20,
    )
    controller.port = free_port()
    controller.factory = keeping(controller.factory, served)  # type: ignore[method-assign]
    controller.start()
    post.port = controller.port
    try:
        yield post
    finally:
        asyncio.run_coroutine_threadsafe(hang_up(served), controller.loop).result(20)
        controller.stop()


def keeping(make: Callable[[], SMTP], served: list[SMTP]) -> Callable[[], SMTP]:
    """Keeps every session that is made."""

    def made() -> SMTP:
        served.append(make())
        return served[-1]

    return made


async def hang_up(served: list[SMTP]) -> None:
    """Close what is still open, so that no socket outlives the server."""
    for each in served:
        for transport in (each.transport, each._original_transport):
            if transport is not None:
                transport.abort()
    for _ in range(10):
        await asyncio.sleep(0)


def free_port() -> int:
    """A port that is free now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
