"""One connection to an address that was looked at, with one deadline for everything that happens on it."""

from __future__ import annotations

import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from modelwatch.jobs.addresses import Allowed, Resolve

FIRST_TRY_S: Final = 3.0
"""How long an address is given while there are others to try."""


class Refused(OSError):
    """The address may not be reached, or what is asked for is refused; trying again makes it no better."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which everything must have happened, on the monotonic clock."""

    at: float
    clock: Callable[[], float] = time.monotonic

    def left(self) -> float:
        """Seconds that are left; raises `TimeoutError` when there are none."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise TimeoutError("no answer in time")
        return seconds


class TimedSocket:
    """A socket on which every call gets what is left of the time; just what `http.client` and `smtplib` use of one."""

    def __init__(self, plain: socket.socket, deadline: Deadline) -> None:
        self.plain, self.deadline = plain, deadline

    def sendall(self, data: Any) -> None:
        """Send everything."""
        view = memoryview(data).cast("B")
        while view:
            self.plain.settimeout(self.deadline.left())
            view = view[self.plain.send(view) :]

    def makefile(self, _mode: str = "rb", *_more: object, **_named: object) -> io.BufferedReader:
        """What comes in."""
        return io.BufferedReader(TimedReader(self))

    def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """Go on in TLS; raises `ssl.SSLError` when the certificate is not one for `host`."""
        self.plain.settimeout(self.deadline.left())
        self.plain = tls.wrap_socket(self.plain, server_hostname=host)

    def close(self) -> None:
        """`http.client` and `smtplib` call this while they still read; who dialled hangs up."""

    def hang_up(self) -> None:
        """End the connection."""
        self.plain.close()


class TimedReader(io.RawIOBase):
    """The reading end."""

    def __init__(self, line: TimedSocket) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.plain.settimeout(self.line.deadline.left())
        return self.line.plain.recv_into(buffer)


def dial(host: str, port: int, allowed: Allowed, resolve: Resolve, deadline: Deadline) -> TimedSocket:
    """Resolve once, look at every address, connect to one of these; raises `OSError`, `Refused` among them."""
    found = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port, deadline.left())]
    for address in found:
        if not allowed.permits(host, address):
            raise Refused(
                f"{host} is not at a public address; the setting outgoing_allow names what else may be reached"
            )
    trouble: OSError = OSError(f"{host} has no address")
    for i, address in enumerate(found):
        seconds = deadline.left() if i == len(found) - 1 else min(deadline.left(), FIRST_TRY_S)
        try:
            return TimedSocket(socket.create_connection((str(address), port), seconds), deadline)
        except OSError as error:
            trouble = error
    raise trouble
