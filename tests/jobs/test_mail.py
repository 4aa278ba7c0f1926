"""Letters to a real mail server: STARTTLS and TLS verified, logged in, refusals in the server's own digits."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from modelwatch.alerts.notifiers.contract import Letter
from modelwatch.jobs.addresses import Allowed, allowed
from modelwatch.jobs.outgoing import Outgoing, trusted
from tests.jobs.certificates import make
from tests.jobs.http_receiver import receiving
from tests.jobs.mail_server import PASSWORD, USER, Post, posting

HOST = "mail.example.org"


@pytest.fixture
def certified(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    return make(tmp_path, HOST)


@pytest.fixture
def post(certified: tuple[Path, ssl.SSLContext]) -> Iterator[Post]:
    with posting(starttls=certified[1]) as found:
        yield found


@pytest.fixture
def out(certified: tuple[Path, ssl.SSLContext]) -> Outgoing:
    return Outgoing(allowed("127.0.0.1"), trusted(str(certified[0])), resolve=lambda *_: ["127.0.0.1"])


def letter(port: int, **changes: object) -> Letter:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "Ein Test, äöü"
    message.set_content("text\n.\nmore")
    said: dict[str, object] = {
        "host": HOST,
        "port": port,
        "security": "starttls",
        "user": USER,
        "password": PASSWORD,
        "sender": "a@example.org",
        "recipients": ("b@example.org", "c@example.org"),
        "message": message,
    }
    return Letter(**{**said, **changes})  # type: ignore[arg-type]


def test_a_letter_arrives_over_starttls(out: Outgoing, post: Post) -> None:
    found = out.smtp(letter(post.port))
    assert (found.status, found.error, found.refused) == (250, "", False)
    [arrived] = post.letters
    assert post.secure == [True]
    assert (arrived.mail_from, arrived.rcpt_tos) == ("a@example.org", ["b@example.org", "c@example.org"])
    assert b"text\r\n.\r\nmore" in bytes(arrived.content or b"")


def test_a_letter_arrives_over_tls(out: Outgoing, certified: tuple[Path, ssl.SSLContext]) -> None:
    with posting(tls=certified[1]) as post:
        assert out.smtp(letter(post.port, security="tls")).status == 250
        assert len(post.letters) == 1


def test_without_tls_only_without_a_password(out: Outgoing) -> None:
    with posting() as post:
        refused = out.smtp(letter(post.port, security="none"))
        assert (refused.refused, refused.error) == (True, "a password is not sent without TLS")
        assert out.smtp(letter(post.port, security="none", user="", password="")).status == 250


def test_a_server_without_starttls_gets_nothing(out: Outgoing) -> None:
    with posting() as post:
        found = out.smtp(letter(post.port, user="", password=""))
    assert (found.refused, post.letters) == (True, [])
    assert "no STARTTLS" in found.error


def test_a_certificate_for_another_name_is_refused(out: Outgoing, post: Post) -> None:
    found = out.smtp(letter(post.port, host="other.example.org"))
    assert (found.status, post.letters) == (0, [])
    assert "Hostname mismatch" in found.error


def test_a_wrong_password_is_told_without_it(out: Outgoing, post: Post) -> None:
    found = out.smtp(letter(post.port, password="wrong-p4ssw0rd"))
    assert (found.status, post.letters) == (535, [])
    assert "wrong-p4ssw0rd" not in found.error


@pytest.mark.parametrize("reply", ["451 try later", "550 no such user"])
def test_a_refusal_of_all_keeps_the_servers_digits(reply: str, out: Outgoing, post: Post) -> None:
    post.refuse = {"b@example.org": reply, "c@example.org": reply}
    found = out.smtp(letter(post.port))
    assert found.status == int(reply[:3])
    assert reply in found.error


def test_one_that_may_come_later_makes_it_worth_another_try(out: Outgoing, post: Post) -> None:
    post.refuse = {"b@example.org": "550 no such user", "c@example.org": "451 try later"}
    assert out.smtp(letter(post.port)).status == 451


def test_a_refusal_of_some_is_told_and_the_rest_arrives(out: Outgoing, post: Post) -> None:
    post.refuse = {"b@example.org": "550 no such user"}
    found = out.smtp(letter(post.port))
    assert (found.status, found.error) == (250, "1 of 2 recipients refused: 550 no such user")
    assert len(post.letters) == 1


@pytest.mark.parametrize("reply", ["452 disk full", "554 spam"])
def test_a_refusal_of_the_letter_keeps_the_servers_digits(reply: str, out: Outgoing, post: Post) -> None:
    post.data_reply = reply
    found = out.smtp(letter(post.port))
    assert (found.status, found.error) == (int(reply[:3]), reply)


def test_a_recipient_smuggles_no_command(out: Outgoing, post: Post) -> None:
    found = out.smtp(letter(post.port, recipients=("b@example.org>\r\nRCPT TO:<evil@example.org",)))
    assert (found.status, found.refused, post.letters) == (0, True, [])


def test_a_private_mail_server_is_refused_unless_allowed(out: Outgoing, post: Post) -> None:
    guarded = Outgoing(Allowed(), out.tls, resolve=lambda *_: ["127.0.0.1"])
    found = guarded.smtp(letter(post.port))
    assert (found.refused, post.letters) == (True, [])
    assert "not at a public address" in found.error


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_server_that_hangs_or_drips_is_given_up_in_time(security: str, out: Outgoing) -> None:
    with receiving() as receiver:
        quick = Outgoing(out.allowed, out.tls, out.resolve, deadline_s=0.3)
        begun = time.monotonic()
        found = quick.smtp(letter(receiver.port, security=security))
        assert (found.status, found.refused) == (0, False)
        assert time.monotonic() - begun < 8


def test_what_is_no_mail_server_is_told(out: Outgoing) -> None:
    import socket
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=greet)
    thread.start()
    found = out.smtp(letter(listener.getsockname()[1]))
    thread.join()
    listener.close()
    assert (found.status, found.error) == (0, "what came back is no SMTP")
