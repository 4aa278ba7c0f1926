"""The only way out: HTTP and e-mail to where channels and actions point, past one guard.

A call ends within its deadline and answers with what happened, never with an exception. The host is resolved once, and
the address that was looked at is the one connected to. Redirects are not followed, proxies are not used, certificates
are verified, and of an answer's body at most 64 kB are read.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from modelwatch.alerts.notifiers.contract import Answer, Call, Letter, Transport
from modelwatch.core.version import VERSION
from modelwatch.errors import InvalidSettings
from modelwatch.jobs.addresses import Allowed, Resolve, resolve
from modelwatch.jobs.dial import Deadline, Refused, TimedSocket, dial
from modelwatch.jobs.mail import post_letter

DEADLINE_S: Final = 10.0
MOST_BYTES: Final = 64 * 1024
AGENT: Final = f"modelwatch/{VERSION}"
PORTS: Final = {"http": 80, "https": 443}
UNSAFE: Final = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes: the parts of its address. `host` is as TLS names it."""

    secure: bool
    host: str
    port: int
    path: str
    named: str
    """The Host header."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Calls and letters to where `allowed` lets them. `clock` is monotonic and in seconds, `wall` in epoch seconds."""

    allowed: Allowed
    tls: ssl.SSLContext
    resolve: Resolve = resolve
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    deadline_s: float = DEADLINE_S

    def transport(self) -> Transport:
        """The ways out as notifiers are handed them; Apprise may use its own where the operator has named it."""
        return Transport(self.http, self.smtp, self.wall, self.allowed.hosts & {"apprise"})

    def http(self, call: Call) -> Answer:
        """One request. `refused` when it can never go out as it is, or was redirected."""
        deadline = Deadline(self.clock() + self.deadline_s, self.clock)
        try:
            target = target_of(call.url)
            line = dial(target.host, target.port, self.allowed, self.resolve, deadline)
            try:
                if target.secure:
                    line.secure(self.tls, target.host)
                return exchange(call, target, line)
            finally:
                line.hang_up()
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(0, error=reason(error), refused=hopeless(error))

    def smtp(self, letter: Letter) -> Answer:
        """One letter. `status` is the server's own three digits: 250 when it took the letter, 4xx to be tried again,
        5xx never; `error` tells of recipients that were refused beside others that were not."""
        deadline = Deadline(self.clock() + self.deadline_s, self.clock)
        try:
            line = dial(letter.host.strip(), letter.port, self.allowed, self.resolve, deadline)
            try:
                return post_letter(letter, line, self.tls)
            finally:
                line.hang_up()
        except (OSError, ValueError) as error:
            return Answer(0, error=reason(error), refused=hopeless(error))


def trusted(ca_file: str) -> ssl.SSLContext:
    """TLS that verifies certificates against the system's authorities and those of a PEM file; raises
    `InvalidSettings`."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as error:
            raise InvalidSettings(
                f"outgoing_ca_file {ca_file} cannot be read: {error.strerror or 'no certificates'}",
                hint="it must be a PEM file of certificate authorities",
            ) from error
    return context


def target_of(url: str) -> Target:
    """The parts of an address; raises `Refused`, which repeats nothing of it: an address may be a secret.

    >>> target_of("https://example.org:8443/hook?x=1")
    Target(secure=True, host='example.org', port=8443, path='/hook?x=1', named='example.org:8443')
    """
    if UNSAFE.search(url):
        raise Refused("the address holds spaces or control characters")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:
        raise Refused("the address is no URL") from None
    if parts.scheme not in PORTS or not host or port == 0:
        raise Refused("the address must begin with http:// or https:// and name a host")
    if "@" in parts.netloc or "%" in host:
        raise Refused("the address must hold no user name, password or zone")
    shown = f"[{host}]" if ":" in host else host
    return Target(
        parts.scheme == "https",
        host,
        port or PORTS[parts.scheme],
        path_of(parts),
        shown if port in (None, PORTS[parts.scheme]) else f"{shown}:{port}",
    )


def host_of(url: str) -> str:
    """The host that an address names, '' when it names none."""
    try:
        return target_of(url).host
    except Refused:
        return ""


def path_of(parts: SplitResult) -> str:
    """What the request line asks for."""
    asked = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    return "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in asked)


def exchange(call: Call, target: Target, line: TimedSocket) -> Answer:
    """Send the request, and read the answer as far as it may be read."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line
    headers = {"User-Agent": AGENT, **call.headers, "Host": target.named, "Connection": "close"}
    try:
        connection.request(call.method, target.path, call.body, headers)
    except (BrokenPipeError, ConnectionResetError):
        pass  # a server may answer and hang up before it has read everything: what it said tells why
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    if 300 <= response.status < 400:
        return Answer(response.status, found, error=f"it redirects{to(call.url, found)}", refused=True)
    try:
        body, trouble = response.read(MOST_BYTES), ""
    except (OSError, http.client.HTTPException) as error:
        body, trouble = b"", f"the answer broke off: {reason(error)}"
    return Answer(response.status, found, body, trouble)


def to(url: str, headers: dict[str, str]) -> str:
    """Where a redirect points, without what may be secret in it, and that nobody goes there."""
    try:
        parts = urlsplit(urljoin(url, headers.get("location", "")))
        where = f" to {parts.scheme}://{parts.hostname}{'' if parts.port is None else f':{parts.port}'}"
    except ValueError:
        where = ""
    return f"{where}; redirects are not followed: enter the address that it moved to"


def hopeless(error: Exception) -> bool:
    """Whether another try could do no better."""
    return isinstance(error, Refused | ValueError) and not isinstance(error, http.client.HTTPException)


def reason(error: Exception) -> str:
    """What went wrong in words; nothing of what was sent, which may be secret."""
    match error:
        case Refused():
            return str(error)
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS failed: {error.reason or 'the connection broke off'}"
        case http.client.RemoteDisconnected():
            return "it hung up without an answer"
        case TimeoutError():
            return "no answer in time"
        case OSError():
            return error.strerror or type(error).__name__
        case http.client.HTTPException():
            return "what came back is no HTTP"
        case _:
            return "the request holds something that cannot be sent"
