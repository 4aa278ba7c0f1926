"""One HTTP exchange, by the standard library; tests put a function of the same shape in its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from modelwatch.errors import InvalidSettings

if TYPE_CHECKING:
    from http.client import HTTPConnection, HTTPResponse

MAX_ANSWER_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What to send; a body that comes in pieces is sent as it comes (chunked) and cannot be sent twice."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; `retry_after` is that header as it stands, '' when there is none."""

    status: int
    body: bytes
    retry_after: str = ""


class Transport(Protocol):
    """Sends a request and gives the answer, or raises OSError when there is none."""

    def __call__(self, request: Request, /) -> Response: ...


class HttpTransport:
    """HTTP/1.1 to one server over one connection that is kept; made for one thread.

    A body in pieces gets a connection of its own. After a fork the child opens its own too.
    """

    def __init__(self, url: str, *, api_key: str | None, timeout: float) -> None:
        self._secure, self._host, self._port, self._prefix = _parts(url)
        self._timeout = timeout
        self._headers = {"User-Agent": "modelwatch"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._connection: HTTPConnection | None = None
        self._pid = 0

    def __call__(self, request: Request, /) -> Response:
        """The answer; raises OSError (also for an answer that is cut short or is no HTTP)."""
        from http.client import HTTPException

        try:
            if isinstance(request.body, bytes):
                return self._kept(request)
            connection = self._connect()
            try:
                return self._exchange(connection, request)
            finally:
                connection.close()
        except HTTPException as error:
            raise ConnectionError(f"the answer is no whole HTTP answer: {error!r}") from error

    def close(self) -> None:
        """Closes the kept connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _kept(self, request: Request) -> Response:
        if self._pid != os.getpid():
            self._connection, self._pid = None, os.getpid()
        reused = self._connection is not None
        connection = self._connection = self._connection or self._connect()
        try:
            return self._exchange(connection, request)
        except ConnectionError:
            # a server may close an idle connection at any moment: that alone is no failure
            self.close()
            if not reused:
                raise
        except BaseException:
            self.close()
            raise
        self._connection = self._connect()
        try:
            return self._exchange(self._connection, request)
        except BaseException:
            self.close()
            raise

    def _exchange(self, connection: HTTPConnection, request: Request) -> Response:
        try:
            connection.request(
                request.method,
                self._prefix + request.path,
                body=request.body,
                headers={**self._headers, **request.headers},
                encode_chunked=not isinstance(request.body, bytes),
            )
        except (BrokenPipeError, ConnectionResetError) as error:
            # a server may refuse (413) before it has read everything: then the answer waits behind the broken pipe
            try:
                answer = connection.getresponse()
            except Exception:
                raise error from None
            return _response(answer)
        return _response(connection.getresponse())

    def _connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        kind = HTTPSConnection if self._secure else HTTPConnection
        return kind(self._host, self._port, timeout=self._timeout)


def _response(answer: HTTPResponse) -> Response:
    body = answer.read(MAX_ANSWER_BYTES)
    if answer.length:
        raise ConnectionError(f"{answer.length} bytes of the answer did not come")
    return Response(answer.status, body, answer.headers.get("Retry-After", ""))


def _parts(url: str) -> tuple[bool, str, int | None, str]:
    from urllib.parse import urlsplit

    hint = "give it like http://localhost:8470"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidSettings(f"{url!r} is no address of a server: {error}", hint=hint) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidSettings(f"{url!r} is no address of a server", hint=hint)
    return parts.scheme == "https", parts.hostname, port, parts.path.rstrip("/")
