"""The first thing that sees a request: host, origin, key. It refuses before anything of the body is read.

- Host must be a name of this server, so that a foreign page cannot reach it through a name of its own (DNS rebinding).
- A browser's cross-site request may not change anything: `Origin` must be this server, `Sec-Fetch-Site` same-origin.
- With an API key set, everything needs it but the health checks and the dashboard's own files, which hold no data.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelwatch.errors import ModelwatchError, Unauthorized
from modelwatch.server.headers import SECURITY_HEADERS
from modelwatch.server.permission import EVERYTHING, HELD
from modelwatch.server.problems import Refused, of_error
from modelwatch.settings import LOOPBACK, Settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PROTECTED = ("/api", "/graphql", "/metrics", "/docs", "/openapi.json")
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})


class Guard:
    """ASGI middleware that refuses strangers and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.key = settings.api_key.encode()
        self.names = host_names(settings)
        self.any_address = settings.host in ANY_ADDRESS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        protected = is_protected(scope["path"])

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if protected:
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        try:
            self.check_host(headers)
            check_origin(scope["method"], headers)
            known = self.knows(headers)
            if protected and not known:
                raise Unauthorized("this needs the API key", hint="send it as `Authorization: Bearer KEY`")
            scope[HELD] = EVERYTHING if known else frozenset()
        except ModelwatchError as error:
            await of_error(error)(scope, receive, send_guarded)
            return
        await self.app(scope, receive, send_guarded)

    def knows(self, headers: Mapping[str, str]) -> bool:
        """True when the caller holds the key, or none is needed."""
        if not self.key:
            return True
        scheme, _, token = headers.get("authorization", "").partition(" ")
        given = token.strip().encode("latin-1", "replace")
        return scheme.lower() == "bearer" and hmac.compare_digest(given, self.key)

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Raises `Refused` when the Host header names something that this server is not called."""
        name = host_name(headers.get("host", ""))
        if name in self.names or "*" in self.names or (self.any_address and is_address(name)):
            return
        raise Refused(
            403,
            "foreign-host",
            f"this server is not called {name!r}" if name else "the request has no usable Host header",
            hint="add the name to MODELWATCH_ALLOWED_HOSTS if it is meant to be",
        )


def host_names(settings: Settings) -> frozenset[str]:
    """The names under which this server may be asked: loopback, what it listens on, and those that were allowed."""
    extra = (name.strip().lower().strip("[]") for name in settings.allowed_hosts.split(","))
    return LOOPBACK | {settings.host.lower()} - ANY_ADDRESS | {name for name in extra if name}


def host_name(host: str) -> str:
    """The name in a Host header, in lower case, without port, brackets and a last dot; '' when it is none.

    >>> host_name("LOCALHOST:8470"), host_name("[::1]:80"), host_name("a.b."), host_name("[::1"), host_name("a:b:c")
    ('localhost', '::1', 'a.b', '', '')
    """
    host = host.strip().lower()
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        return name if bracket and (not port or (port[1:].isdecimal() and port[0] == ":")) else ""
    name, colon, port = host.partition(":")
    return "" if colon and not port.isdecimal() else name.removesuffix(".")


def is_address(name: str) -> bool:
    """True for an IP address: a foreign page cannot make one point here, as it can with a name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_protected(path: str) -> bool:
    """True for every path that holds data.

    >>> is_protected("/api/v1/models"), is_protected("/models/fraud"), is_protected("/apis"), is_protected("/metrics/")
    (True, False, False, True)
    """
    return any(path == each or path.startswith(f"{each}/") for each in PROTECTED)


def check_origin(method: str, headers: Mapping[str, str]) -> None:
    """Raises `Refused` when a browser sends a request that may change something on behalf of another site."""
    if method in SAFE:
        return
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin")
    same = origin is None or origin.lower().split("://", 1)[-1] == headers.get("host", "").strip().lower()
    if site not in ("same-origin", "none") or not same:
        raise Refused(
            403,
            "foreign-origin",
            "a page of another site may not change anything here",
            hint="call the API from a program, or from the dashboard itself",
        )
