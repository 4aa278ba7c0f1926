"""Which addresses may be called, spelled in every way that a resolver or an attacker has."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.errors import InvalidSettings
from modelwatch.jobs.addresses import Allowed, allowed, embedded, public

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.167.255.255",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_public_is_refused(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert not public(address)
    assert not Allowed().permits("example.org", address)


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_public_may_be_called(text: str) -> None:
    assert Allowed().permits("example.org", ipaddress.ip_address(text))


@given(st.ip_addresses())
def test_nothing_is_called_that_the_standard_library_takes_for_local(address: ipaddress.IPv4Address) -> None:
    seen = embedded(address) or address
    local = seen.is_private or seen.is_multicast or seen.is_unspecified or seen.is_reserved
    assert not (public(address) and (local or seen.is_loopback or seen.is_link_local))


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_like_itself(inner: ipaddress.IPv4Address) -> None:
    for prefix, shift in (("::ffff:0:0", 0), ("64:ff9b::", 0), ("2002::", 80)):
        outer = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | int(inner) << shift)
        assert public(outer) is public(inner)


@pytest.mark.parametrize(
    ("setting", "host", "address", "expected"),
    [
        ("mail.internal", "mail.internal", "10.0.0.1", True),
        ("Mail.Internal.", "mail.internal", "10.0.0.1", True),
        ("mail.internal", "MAIL.internal.", "10.0.0.1", True),
        ("mail.internal", "other.internal", "10.0.0.1", False),
        ("10.0.0.1", "any", "10.0.0.1", True),
        ("10.0.0.1", "any", "::ffff:10.0.0.1", True),
        ("10.0.0.1", "any", "10.0.0.2", False),
        ("10.1.0.0/16", "any", "10.1.255.255", True),
        ("10.1.2.3/16", "any", "10.1.255.255", True),
        ("10.1.0.0/16", "any", "10.2.0.0", False),
        ("a, ::1 ,10.0.0.0/8", "any", "::1", True),
        ("fd00::/8", "any", "fd12::1", True),
        ("", "", "10.0.0.1", False),
    ],
)
def test_the_operator_may_allow_more(setting: str, host: str, address: str, expected: bool) -> None:
    assert allowed(setting).permits(host, ipaddress.ip_address(address)) is expected


@pytest.mark.parametrize("setting", ["http://a", "10.0.0.0/33", "a:80", "a b", "*", "ok.internal, 10.0.0.1:8080"])
def test_a_setting_that_names_nothing_is_refused(setting: str) -> None:
    with pytest.raises(InvalidSettings, match="outgoing_allow"):
        allowed(setting)
