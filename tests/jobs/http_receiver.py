"""A receiver on a real socket that answers as receivers do: well, busy, broken, slowly, or not at all."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Behaviour = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers with the next of `answers`, then with `always`; keeps what arrived."""

    port: int = 0
    always: bytes | Behaviour = OK
    answers: list[bytes | Behaviour] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    open: list[socket.socket] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def hang(self, _connection: socket.socket) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)

    def drip(self, first: bytes, rest: bytes) -> Behaviour:
        """Send `first`, then `rest` byte by byte, fast enough for a timeout per byte."""

        def send(connection: socket.socket) -> None:
            connection.sendall(first)
            for each in rest:
                if self.over.wait(0.02):
                    return
                connection.sendall(bytes([each]))

        return send


def answer(status: int, body: bytes = b"", **headers: Any) -> bytes:
    """An answer as bytes."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def read_request(connection: socket.socket) -> Request | None:
    """The request that a connection brings; None when there is none."""
    stream = connection.makefile("rb")
    line = stream.readline().decode("latin-1").strip()
    headers = {}
    while (text := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Request(line, headers, body) if line else None


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on loopback; every connection gets one answer."""
    state = Receiver()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    state.port = listener.getsockname()[1]
    threads = []

    def serve(raw: socket.socket) -> None:
        try:
            with raw, tls.wrap_socket(raw, server_side=True) if tls else raw as connection:
                request = read_request(connection)
                if request is None:
                    return
                state.seen.append(request)
                how = state.answers.pop(0) if state.answers else state.always
                if isinstance(how, bytes):
                    connection.sendall(how)
                else:
                    how(connection)
        except (OSError, ValueError):
            pass  # who called hung up, or did not trust the certificate

    def accept() -> None:
        while not state.over.is_set():
            try:
                raw, _ = listener.accept()
            except TimeoutError:
                continue
            raw.settimeout(30)
            threads.append(threading.Thread(target=serve, args=(raw,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield state
    finally:
        state.over.set()
        accepting.join()
        listener.close()
        for thread in threads:
            thread.join(10)
