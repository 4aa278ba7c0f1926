"""A real HTTP server on loopback in front of a `Receiver`: threads, keep-alive, chunked bodies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from modelwatch.client.transport import Request
from tests.client.receiver import Receiver


class Handler(BaseHTTPRequestHandler):
    """Reads the whole body, asks the receiver, answers; drops the connection when the receiver raises."""

    protocol_version = "HTTP/1.1"
    server: Server

    def handle_request(self) -> None:
        try:
            answer = self.server.receiver(Request(self.command, self.path, dict(self.headers), self.body()))
        except ConnectionError:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.retry_after:
            self.send_header("Retry-After", answer.retry_after)
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_PUT = handle_request  # noqa: N815  names fixed by http.server

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Counts its connections; `url` is where it listens."""

    daemon_threads = True

    def __init__(self, receiver: Receiver, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.receiver = receiver
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serving(receiver: Receiver, port: int = 0) -> Iterator[Server]:
    """The server, running in a thread."""
    with Server(receiver, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
