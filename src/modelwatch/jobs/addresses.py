"""Which addresses may be called: public ones, and those that the operator allows.

People who may write a channel choose where the server sends requests. So nothing inside the server's own network, the
machine itself or its cloud's metadata service may be reached by that way (server-side request forgery), however it is
spelled: the decision falls on the resolved address, and that very address is connected to.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

from modelwatch.errors import InvalidSettings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int, float], Sequence[str]]
"""(host, port, seconds) -> addresses as texts; raises `OSError` when there are none in that time."""

REFUSED: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
"""What is special in IPv4 (IANA's registry), and 168.63.129.16, by which Azure speaks to its machines."""
PUBLIC_V6: Final = IPv6Network("2000::/3")
"""The only IPv6 addresses that are given out; all else is local, special or reserved."""
REFUSED_V6: Final[tuple[IPv6Network, ...]] = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
)
"""Protocol assignments (Teredo and ORCHID among them), documentation and AS112."""
MAPPED: Final = IPv6Network("::ffff:0:0/96")
NAT64: Final = IPv6Network("64:ff9b::/96")
NAME: Final = re.compile(r"(?!-)[\w-]{1,63}(\.[\w-]{1,63})*")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be reached besides public addresses: hosts by their names, and networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def permits(self, host: str, address: Address) -> bool:
        """Whether `host`, which resolved to `address`, may be called."""
        seen = embedded(address) or address
        if plain(host) in self.hosts or public(address):
            return True
        return any(each in network for network in self.networks for each in (address, seen))


def allowed(text: str, *also: str) -> Allowed:
    """The setting `outgoing_allow`: names, addresses and networks separated by commas; `also` are more of them.

    Raises `InvalidSettings` for what is none of these.

    >>> allowed("mail.internal, 10.1.0.0/16").networks
    (IPv4Network('10.1.0.0/16'),)
    """
    hosts, networks = set(), []
    for each in (plain(part) for part in (*text.split(","), *also)):
        try:
            networks.append(ipaddress.ip_network(each, strict=False))
        except ValueError:
            hosts.add(each)
    wrong = next((each for each in sorted(hosts - {""}) if not NAME.fullmatch(each)), None)
    if wrong is not None:
        raise InvalidSettings(
            f"outgoing_allow: {wrong!r} is no host name, address or network",
            hint="for example mail.internal, 10.1.2.3, 10.1.0.0/16; without http:// and port",
        )
    return Allowed(frozenset(hosts - {""}), tuple(networks))


def plain(host: str) -> str:
    """A host's name as it is compared."""
    return host.strip().lower().rstrip(".")


def embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, behind NAT64, or 6to4.

    >>> embedded(ipaddress.ip_address("64:ff9b::7f00:1"))
    IPv4Address('127.0.0.1')
    """
    if isinstance(address, IPv4Address):
        return None
    if address in MAPPED or address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def public(address: Address) -> bool:
    """Whether the address is one that anybody on the Internet could be called by."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED)
    inner = embedded(address)
    if inner is not None:
        return public(inner)
    return address in PUBLIC_V6 and not any(address in network for network in REFUSED_V6)


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The addresses of a host by the system's resolver, which has no time limit of its own; raises `OSError`."""
    found: list[str] = []
    trouble: list[OSError] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            trouble.append(error if isinstance(error, OSError) else OSError("no name of a host"))

    asking = threading.Thread(target=ask, name="modelwatch-resolve", daemon=True)
    asking.start()
    asking.join(max(seconds, 0.0))
    if trouble:
        raise trouble[0]
    if not found:
        raise TimeoutError(f"{host} was not resolved in time")
    return list(found)
