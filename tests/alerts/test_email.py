"""E-mail: one thread per group, text and HTML that say the same, and no name that becomes a header or a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Answer, Letter, Transport
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.outgoing import Outgoing, trusted
from tests.alerts.speaking import answering, hostile, line, notification
from tests.jobs.certificates import make
from tests.jobs.mail_server import PASSWORD, USER, Post, posting

deliver = NOTIFIERS["email"].deliver
SAID = {"host": "mail.example.org", "sender": "alerts@example.org", "to": "on-call@example.org, ml@example.org"}
TAGS = {"html", "head", "meta", "body", "h2", "span", "p", "b", "br", "ul", "li", "a", "img"}


class Seen(HTMLParser):
    """The tags, addresses and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def letter(said: Notification, thread: dict[str, str] | None = None, **fields: str) -> Letter:
    recorder = answering(always=Answer(250))
    assert deliver(said, {**SAID, **fields}, thread or {}, recorder.ways).delivered
    return recorder.letters[0]


def arrived(sent: EmailMessage) -> EmailMessage:
    """The letter after the way over the wire."""
    made = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def part(message: EmailMessage, kind: str) -> EmailMessage:
    found = message.get_body((kind,))
    assert isinstance(found, EmailMessage)
    return found


def test_a_group_is_one_thread_with_one_subject() -> None:
    recorder = answering(always=Answer(250))
    first = deliver(notification(key="g41-1"), SAID, {}, recorder.ways)
    deliver(notification(key="g41-2", title="worse", told=Told.CHANGED), SAID, first.thread, recorder.ways)
    deliver(notification(key="g41-3", title="over", told=Told.RESOLVED), SAID, first.thread, recorder.ways)
    sent = [each.message for each in recorder.letters]
    subject = "[modelwatch] fraud 2.1.0: amount drifted, PSI 0.41"
    assert [each["Subject"] for each in sent] == [subject, f"Re: {subject}", f"Re: {subject}"]
    assert [each["Message-ID"] for each in sent] == [f"<g41-{i}@example.org>" for i in (1, 2, 3)]
    assert (
        {each["References"] for each in sent} == {each["In-Reply-To"] for each in sent} == {"<group.g41@example.org>"}
    )
    assert "Resolved: over" in part(sent[2], "plain").get_content()


def test_the_headers_say_that_a_machine_wrote_it_and_the_letter_is_the_same_on_every_try() -> None:
    sent = letter(notification())
    assert sent.recipients == ("on-call@example.org", "ml@example.org")
    said = {name: str(sent.message[name]) for name in ("From", "To", "Date", "Auto-Submitted", "List-Id", "Importance")}
    assert said == {
        "From": "modelwatch <alerts@example.org>",
        "To": "on-call@example.org, ml@example.org",
        "Date": "Mon, 24 Nov 2025 15:59:00 +0000",
        "Auto-Submitted": "auto-generated",
        "List-Id": "<default.modelwatch.example.org>",
        "Importance": "high",
    }
    assert (sent.port, sent.security) == (587, "starttls")
    again = letter(notification()).message
    assert again.items() == sent.message.items()


def test_text_and_html_say_the_same_and_the_picture_is_inside() -> None:
    message = arrived(letter(notification([line(i, model=f"m{i}") for i in range(30)], more=3, models=33)).message)
    text, html = part(message, "plain").get_content(), part(message, "html").get_content()
    for wanted in ("m0 2.1.0", "m24 2.1.0", "and 8 more alerts", "since 2025-11-24 14:00 UTC", "How sure", "How bad"):
        assert wanted in text, wanted
        assert wanted in html, wanted
    assert "m25 " not in text + html
    (picture,) = [each for each in message.walk() if each.get_content_type() == "image/png"]
    assert picture.get_payload(decode=True)[:8] == b"\x89PNG\r\n\x1a\n"
    assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    assert "src=" not in part(arrived(letter(notification(picture=None)).message), "html").get_content()


@settings(max_examples=20, deadline=None)
@given(said=hostile)
def test_no_name_becomes_a_header_or_a_tag(said: Notification) -> None:
    sent = letter(said).message
    message = arrived(sent)
    known = {name.lower() for name in letter(notification()).message.keys()}  # noqa: SIM118
    assert {name.lower() for name in message.keys()} <= known | {"importance"}  # noqa: SIM118
    assert len(message.keys()) == len(set(message.keys()))
    assert re.fullmatch(r"<[^<>\s]{1,64}@example\.org>", message["Message-ID"])
    assert re.fullmatch(r"<group\.[^<>\s]{1,64}@example\.org>", message["References"])
    assert [address.addr_spec for address in message["To"].addresses] == ["on-call@example.org", "ml@example.org"]
    assert max(len(each) for each in sent.as_bytes().splitlines()) <= 998
    seen = Seen()
    seen.feed(part(message, "html").get_content())
    assert seen.tags <= TAGS
    assert seen.names <= {"lang", "charset", "name", "content", "style", "href", "src", "alt", "width", "height"}
    assert all(re.match(r"https?://|cid:metric@modelwatch$", each) for each in seen.links)


@pytest.mark.parametrize(
    "fields",
    [
        {"to": ""},
        {"to": "nobody"},
        {"to": "a@example.org\r\nBcc: b@example.org, x"},
        {"to": "<a@example.org>"},
        {"sender": "a@example.org\nX: y"},
        {"sender": "a@-"},
        {"port": "0"},
        {"port": "smtp"},
        {"security": "ssl3"},
    ],
)
def test_fields_that_make_no_letter_are_told_at_once(fields: dict[str, str]) -> None:
    recorder = answering(always=Answer(250))
    went = deliver(notification(), {**SAID, **fields}, {}, recorder.ways)
    assert (went.delivered, went.permanent, recorder.letters) == (False, True, [])
    assert went.error.isprintable()


@pytest.mark.parametrize(("status", "permanent"), [(421, False), (451, False), (535, True), (550, True), (0, False)])
def test_what_the_servers_digits_mean(status: int, permanent: bool) -> None:
    went = deliver(notification(), SAID, {}, answering(Answer(status, error="said so")).ways)
    assert (went.delivered, went.permanent) == (False, permanent)
    assert "said so" in went.error


@dataclass
class Office:
    """A mail server, what a channel must be told to reach it, and the guarded way there."""

    post: Post
    fields: dict[str, str]
    ways: Transport


@pytest.fixture(params=["starttls", "tls", "none"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    authority, tls = make(tmp_path, "mail.example.org")
    secured = {} if request.param == "none" else {request.param: tls}
    out = Outgoing(allowed("127.0.0.1"), trusted(str(authority)), resolve=lambda *_: ["127.0.0.1"])
    with posting(**secured) as post:
        fields = {**SAID, "port": str(post.port), "security": request.param}
        login = {} if request.param == "none" else {"user": USER, "password": PASSWORD}
        yield Office(post, {**fields, **login}, out.transport())


def test_a_real_server_takes_it_with_and_without_tls(office: Office) -> None:
    went = deliver(notification(), office.fields, {}, office.ways)
    assert (went.delivered, went.error) == (True, "")
    (envelope,) = office.post.letters
    assert (envelope.mail_from, envelope.rcpt_tos) == ("alerts@example.org", ["on-call@example.org", "ml@example.org"])
    assert isinstance(envelope.content, bytes)
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "[modelwatch] fraud 2.1.0: amount drifted, PSI 0.41"
    assert part(message, "plain").get_content().startswith("Critical: fraud 2.1.0: amount drifted")
    assert office.post.secure == [office.fields["security"] == "starttls"]  # with tls it listens to nothing else


def test_a_real_server_refuses_for_now_or_for_good(office: Office) -> None:
    office.post.data_reply = "451 4.3.0 later"
    assert not deliver(notification(), office.fields, {}, office.ways).permanent
    office.post.data_reply = "550 5.7.1 not wanted here"
    went = deliver(notification(), office.fields, {}, office.ways)
    assert (went.permanent, "not wanted here" in went.error) == (True, True)


def test_a_recipient_that_is_refused_beside_others_is_told(office: Office) -> None:
    office.post.refuse = {"ml@example.org": "550 5.1.1 nobody of that name"}
    went = deliver(notification(), office.fields, {}, office.ways)
    assert (went.delivered, "1 of 2" in went.error) == (True, True)


def test_a_wrong_password_is_final(office: Office) -> None:
    went = deliver(notification(), {**office.fields, "user": USER, "password": "wrong"}, {}, office.ways)
    assert (went.delivered, went.permanent) == (False, True)
    assert "wrong" not in went.error
