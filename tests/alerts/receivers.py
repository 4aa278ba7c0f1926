"""Receivers on loopback that take what the real ones take and refuse the rest, and the way to them."""

from __future__ import annotations

import http.client
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from modelwatch.alerts.notifiers.contract import Answer, Call, Letter, Transport
from tests.alerts.speaking import NOW

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


Take = Callable[[Heard], Reply]


@dataclass
class Receiver:
    """Where it listens, and what it heard."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list, repr=False)


@contextmanager
def receiving(take: Take) -> Iterator[Receiver]:
    """A server on a free port of loopback that answers each POST as `take` says."""
    state = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            said = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            state.heard.append(said)
            status, headers, answer = take(said)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def post(call: Call) -> Answer:
    """One request over the network."""
    parts = urlsplit(call.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(
            call.method, parts.path + (f"?{parts.query}" if parts.query else ""), call.body, call.headers
        )
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def nobody(_: Letter) -> Answer:
    return Answer(0, error="no mail here")


LOOPBACK = Transport(post, nobody, lambda: NOW)


def refusing(check: Callable[[Heard], str], taken: Reply) -> Take:
    """Answers 400 with the reason that `check` gives, else as `taken`."""

    def take(said: Heard) -> Reply:
        problem = check(said)
        return (400, {}, problem.encode()) if problem else taken

    return take


def parsed(body: bytes) -> dict[str, object]:
    """The body as an object; strict: UTF-8, no duplicate names, no NaN."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), "a name stands twice"
        return dict(pairs)

    def number(text: str) -> float:
        raise AssertionError(f"{text} is no JSON")

    made = json.loads(body.decode("utf-8"), object_pairs_hook=unique, parse_constant=number)
    assert isinstance(made, dict)
    return made
