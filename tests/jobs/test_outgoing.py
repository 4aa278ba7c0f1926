"""HTTP to receivers on real sockets: what goes out, what is refused, and that nothing takes longer than it may."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from modelwatch.alerts.notifiers.contract import Call
from modelwatch.errors import InvalidSettings
from modelwatch.jobs.addresses import Allowed, allowed, resolve
from modelwatch.jobs.outgoing import MOST_BYTES, Outgoing, trusted
from tests.jobs.certificates import make
from tests.jobs.http_receiver import OK, Receiver, answer, receiving

LOOPBACK = allowed("127.0.0.1")
PLAIN = ssl.create_default_context()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def out(deadline_s: float = 5.0, permitted: Allowed = LOOPBACK, **more: object) -> Outgoing:
    return Outgoing(permitted, PLAIN, deadline_s=deadline_s, **more)  # type: ignore[arg-type]


def test_a_call_goes_out_as_it_was_said(receiver: Receiver) -> None:
    receiver.answers = [answer(202, b"taken", X_Word="a")]
    found = out().http(Call(f"{receiver.url}/ü?x=é", b"{}", {"Content-Type": "application/json"}, "PUT"))
    assert (found.status, found.body, found.headers["x-word"], found.error) == (202, b"taken", "a", "")
    [seen] = receiver.seen
    assert seen.line == "PUT /hook/%C3%BC?x=%C3%A9 HTTP/1.1"
    assert (seen.body, seen.headers["content-type"]) == (b"{}", "application/json")
    assert seen.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert seen.headers["user-agent"].startswith("modelwatch/")


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_what_the_receiver_says_comes_back_whatever_it_is(status: int, receiver: Receiver) -> None:
    receiver.answers = [answer(status, b"why", Retry_After="7")]
    found = out().http(Call(receiver.url))
    assert (found.status, found.body, found.headers["retry-after"]) == (status, b"why", "7")
    assert not found.refused


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_says_where_it_pointed(status: int, receiver: Receiver) -> None:
    receiver.answers = [answer(status, Location="http://169.254.169.254/latest/meta-data?secret=1")]
    found = out().http(Call(receiver.url))
    assert (found.status, found.refused) == (status, True)
    assert "redirects to http://169.254.169.254;" in found.error
    assert "meta-data" not in found.error
    assert len(receiver.seen) == 1


def test_what_hangs_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.always = receiver.hang
    begun = time.monotonic()
    found = out(0.3).http(Call(receiver.url))
    assert (found.status, found.error, found.refused) == (0, "no answer in time", False)
    assert time.monotonic() - begun < 8


def test_what_drips_is_given_up_in_time_although_every_byte_came_soon(receiver: Receiver) -> None:
    receiver.always = receiver.drip(b"", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2_000)
    begun = time.monotonic()
    found = out(0.4).http(Call(receiver.url))
    assert (found.status, found.error) == (0, "no answer in time")
    assert time.monotonic() - begun < 8


def test_a_body_that_drips_ends_in_time_and_the_status_counts(receiver: Receiver) -> None:
    receiver.always = receiver.drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x" * 9999)
    begun = time.monotonic()
    found = out(2.0).http(Call(receiver.url))
    assert (found.status, found.error) == (200, "the answer broke off: no answer in time")
    assert time.monotonic() - begun < 8


def test_of_a_body_without_end_little_is_read(receiver: Receiver) -> None:
    receiver.answers = [answer(200, b"x" * (MOST_BYTES * 4)), b"HTTP/1.1 200 OK\r\n\r\n" + b"y" * (MOST_BYTES * 4)]
    assert out().http(Call(receiver.url)).body == b"x" * MOST_BYTES
    assert out().http(Call(receiver.url)).body == b"y" * MOST_BYTES


@pytest.mark.parametrize(
    ("bytes_", "error"),
    [
        (b"", "it hung up without an answer"),
        (b"SSH-2.0-OpenSSH_9\r\n", "what came back is no HTTP"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70_000, "what came back is no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", "what came back is no HTTP"),
    ],
)
def test_what_is_no_answer_is_told(bytes_: bytes, error: str, receiver: Receiver) -> None:
    receiver.answers = [bytes_]
    found = out().http(Call(receiver.url))
    assert (found.status, found.error, found.refused) == (0, error, False)


def test_nobody_there_is_told() -> None:
    with receiving() as gone:
        url = gone.url
    found = out().http(Call(url))
    assert (found.status, found.error, found.refused) == (0, "Connection refused", False)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "example.org/hook",
        "//example.org/hook",
        "http://",
        "http:///hook",
        "http://user:password@127.0.0.1/",
        "http://user@127.0.0.1/",
        "http://@127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        "http://[fe80::1%25lo]/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1\\@example.org/",
        "http://a..b/",
        f"http://{'a' * 64}.org/",
        "",
    ],
)
def test_an_address_that_can_never_be_called_is_refused(url: str) -> None:
    def asked(*_: object) -> Sequence[str]:
        raise AssertionError("nothing is resolved")

    found = out(resolve=asked).http(Call(url))
    assert (found.status, found.refused) == (0, True)
    assert "password" not in found.error.replace("user name, password", "")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_refused_however_it_is_spelled(host: str, receiver: Receiver) -> None:
    found = out(permitted=Allowed()).http(Call(f"http://{host}:{receiver.port}/hook"))
    assert found.status == 0
    assert found.refused or "Name or service not known" in found.error
    assert receiver.seen == []


def test_the_address_that_was_looked_at_is_the_one_called(receiver: Receiver) -> None:
    """A name that changes its address between the look and the call (DNS rebinding) gains nothing."""
    given = [["127.0.0.1"], ["10.0.0.1"]]

    def rebinding(_host: str, _port: int, _seconds: float) -> Sequence[str]:
        return given.pop(0)

    found = out(resolve=rebinding).http(Call(f"http://hooks.example.org:{receiver.port}/hook"))
    assert (found.status, len(given)) == (200, 1)
    assert receiver.seen[0].headers["host"] == f"hooks.example.org:{receiver.port}"


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver: Receiver) -> None:
    found = out(permitted=Allowed(), resolve=lambda *_: ["93.184.216.34", "10.0.0.1"]).http(
        Call(f"http://hooks.example.org:{receiver.port}/hook")
    )
    assert (found.refused, found.status) == (True, 0)
    assert "10.0.0.1" not in found.error, "what is inside is not told"


def test_the_next_address_is_tried_when_one_is_away(receiver: Receiver) -> None:
    permitted = allowed("127.0.0.0/8")
    url = f"http://hooks.example.org:{receiver.port}/hook"
    found = out(permitted=permitted, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]).http(Call(url))
    assert found.status == 200


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert out().http(Call(receiver.url)).status == 200


def test_what_cannot_be_sent_is_told_without_repeating_it(receiver: Receiver) -> None:
    found = out().http(Call(receiver.url, headers={"Authorization": "Bearer s3cret\r\nX: y"}))
    assert (found.refused, found.error) == (True, "the request holds something that cannot be sent")
    assert receiver.seen == []


def test_a_resolver_that_hangs_takes_no_longer_than_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    over = threading.Event()
    monkeypatch.setattr("modelwatch.jobs.addresses.socket.getaddrinfo", lambda *_, **__: over.wait(10) and [])
    begun = time.monotonic()
    found = out(0.2, resolve=resolve).http(Call("http://slow.example.org/"))
    over.set()
    assert (found.status, found.refused) == (0, False)
    assert time.monotonic() - begun < 8


def test_certificates_are_verified_by_name(tmp_path: Path) -> None:
    authority, server = make(tmp_path, "hooks.example.org")
    with receiving(server) as receiver:
        calls = {
            name: Outgoing(LOOPBACK, trusted(file), resolve=lambda *_: ["127.0.0.1"], deadline_s=5.0).http(
                Call(f"https://{name}:{receiver.port}/hook")
            )
            for name, file in (("hooks.example.org", str(authority)), ("other.example.org", str(authority)))
        }
        stranger = Outgoing(LOOPBACK, trusted(""), resolve=lambda *_: ["127.0.0.1"], deadline_s=5.0).http(
            Call(f"https://hooks.example.org:{receiver.port}/hook")
        )
    assert calls["hooks.example.org"].status == 200
    assert "Hostname mismatch" in calls["other.example.org"].error
    assert "its certificate is not trusted" in stranger.error
    assert len(receiver.seen) == 1


def test_a_handshake_that_hangs_is_given_up(tmp_path: Path) -> None:
    with receiving() as receiver:
        receiver.always = receiver.hang
        begun = time.monotonic()
        found = out(0.3).http(Call(receiver.url.replace("http:", "https:")))
    assert found.status == 0
    assert time.monotonic() - begun < 8


def test_an_authority_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for file in (tmp_path / "missing.pem", tmp_path / "empty.pem"):
        with pytest.raises(InvalidSettings, match="outgoing_ca_file"):
            trusted(str(file))


def test_an_answer_before_the_body_was_read_is_still_an_answer(receiver: Receiver) -> None:
    receiver.always = OK
    assert out().http(Call(receiver.url, b"x" * 5_000_000)).status == 200
