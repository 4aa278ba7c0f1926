"""Sends an e-mail: the message as plain text and as HTML with its picture, all of one group in one thread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime
from html import escape

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification
from modelwatch.alerts.notifiers.answers import short
from modelwatch.alerts.notifiers.contract import Answer, Delivery, Field, Letter, Notifier, Said, Transport
from modelwatch.alerts.notifiers.keys import token
from modelwatch.alerts.picture import png
from modelwatch.core.level import Level

SECURITY = ("starttls", "tls", "none")
PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,120}[A-Za-z0-9])?")
"""An address that every mail server takes as it stands."""
WIRE = policy.SMTP.clone(max_line_length=400)
"""Longer lines than usual, so that identifiers are never folded: at 78 characters they would be encoded as words."""
BADGES = {Level.CRITICAL: "#c8251d", Level.WARNING: "#855200"}
CID = "metric@modelwatch"


class Unfit(Exception):
    """A field of the channel that cannot be used; says which and why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The channel's fields, looked at."""

    port: int
    security: str
    sender: Address
    recipients: tuple[Address, ...]


def deliver(notification: Notification, said: Said, thread: Said, ways: Transport) -> Delivery:
    """One letter to all recipients; the subject of a group's first letter is kept for the thread."""
    try:
        envelope = opened(said)
    except Unfit as error:
        return Delivery(False, True, str(error))
    subject = thread.get("subject") or words.clean(f"[modelwatch] {notification.title}", 200)
    message = composed(notification, envelope, subject, again=bool(thread.get("subject")))
    login = said.get("user", ""), said.get("password", "")
    names = tuple(each.addr_spec for each in envelope.recipients)
    sender = envelope.sender.addr_spec
    letter = Letter(said["host"], envelope.port, envelope.security, *login, sender, names, message)
    return outcome(ways.smtp(letter), {"subject": subject})


def outcome(answer: Answer, thread: Said) -> Delivery:
    """What the mail server's digits mean: 2 is taken, 4 is to be tried again, 5 is never."""
    if 200 <= answer.status < 300:
        return Delivery(True, error=short(answer.error), thread=thread)
    error = short(f"SMTP {answer.status} {answer.error}" if answer.status else answer.error or "no answer")
    return Delivery(False, permanent=answer.refused or answer.status >= 500, error=error)


def opened(said: Said) -> Envelope:
    """The channel's fields as they are used; raises `Unfit`."""
    port, security = said.get("port") or "587", said.get("security") or SECURITY[0]
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise Unfit(short(f"port {port} is no port"))
    if security not in SECURITY:
        raise Unfit(short(f"security {security} is none of {', '.join(SECURITY)}"))
    recipients = tuple(address(text) for text in re.split(r"[,;\s]+", said["to"]) if text)
    if not recipients:
        raise Unfit("nobody is named to send it to")
    return Envelope(int(port), security, address(said["sender"].strip()), recipients)


def address(text: str) -> Address:
    """An address without a name around it; raises `Unfit`."""
    if not PLAIN.fullmatch(text):
        raise Unfit(short(f"{text} is no e-mail address"))
    try:
        return Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        raise Unfit(short(f"{text} is no e-mail address")) from None


def composed(notification: Notification, envelope: Envelope, subject: str, *, again: bool) -> EmailMessage:
    """The letter. All of one group refer to the same identifier, which no letter has: no reply can be missing it."""
    domain = envelope.sender.domain
    root = f"<group.{token(notification.group, 64)}@{domain}>"
    message = EmailMessage(WIRE)
    message["From"] = Address("modelwatch", addr_spec=envelope.sender.addr_spec)
    message["To"] = envelope.recipients
    message["Subject"] = words.clean(f"Re: {subject}" if again else subject, 204)
    message["Date"] = format_datetime(words.moment(notification.at))
    message["Message-ID"] = f"<{token(notification.key, 64)}@{domain}>"
    message["In-Reply-To"] = root
    message["References"] = root
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"<{label(notification.project)}.modelwatch.{domain}>"
    message["X-Modelwatch-Key"] = token(notification.key)
    message["X-Modelwatch-Told"] = notification.told.value
    message["X-Modelwatch-Level"] = notification.level.value
    if notification.level is Level.CRITICAL:
        message["Importance"] = "high"
    message.set_content(words.plain(notification), cte="quoted-printable")
    picture = None if notification.picture is None else png(notification.picture)
    message.add_alternative(page(notification, shown=picture is not None), "html", cte="quoted-printable")
    if picture is not None:
        html = message.get_payload(1)
        assert isinstance(html, MIMEPart)
        html.add_related(picture, "image", "png", cid=f"<{CID}>", filename="metric.png", disposition="inline")
    return message


def label(project: str) -> str:
    """The project as a part of a List-Id."""
    return re.sub(r"[^A-Za-z0-9-]", "-", token(project, 40))


def page(notification: Notification, *, shown: bool) -> str:
    """The message as HTML: no style sheet, no script, nothing that is loaded from elsewhere."""
    named = words.entries(notification)
    told = [heading(notification), f"<p>{escape(words.scope(notification))}</p>"]
    if shown and notification.picture is not None:
        alt = escape(words.clean(notification.picture.title, 100))
        told.append(f'<p><img src="cid:{CID}" width="600" height="200" alt="{alt}" style="max-width:100%"></p>')
    told.extend(paragraph(each) for each in named[: words.IN_FULL])
    brief = "".join(f"<li>{anchor(each.url, each.line)}</li>" for each in named[words.IN_FULL :])
    told.append(f"<ul>{brief}</ul>" if brief else "")
    told.extend(f"<p>{escape(note)}</p>" for note in words.notes(notification))
    rest = words.left_out(notification, len(named)) or "All of it on the page"
    told.append(f"<p>{anchor(words.link(notification.url), rest)}</p>")
    body = "\n".join(part for part in told if part)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font:14px/20px Inter,system-ui,'Segoe UI',Roboto,sans-serif;max-width:640px">
{body}
</body></html>
"""


def heading(notification: Notification) -> str:
    """The state on its colour, and the title."""
    colour = BADGES.get(notification.level, "#5a6472")
    if notification.told.value == "resolved":
        colour = "#1f6b53"
    badge = f'<span style="background:{colour};color:#ffffff;padding:2px 6px;border-radius:4px">'
    return f"<h2>{badge}{escape(words.state(notification))}</span> {escape(words.clean(notification.title, 300))}</h2>"


def paragraph(told: words.Entry) -> str:
    """One alert in full, with its links."""
    first, *more = words.in_full(told)
    links = [anchor(url, name) for url, name in ((told.url, "Look"), (told.silence_url, "Silence")) if url]
    lines = [f"<b>{escape(first)}</b>", *map(escape, more), *([" · ".join(links)] if links else [])]
    return f"<p>{'<br>'.join(lines)}</p>"


def anchor(url: str, text: str) -> str:
    """A link where there is an address, else just the text."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


NOTIFIER = Notifier(
    kind="email",
    title="E-mail",
    fields=(
        Field("host", "SMTP server", where=True),
        Field("port", "Port", required=False, default="587", hint="587 for starttls, 465 for tls", where=True),
        Field("security", "Security", required=False, default="starttls", hint="starttls, tls or none"),
        Field("user", "User", required=False),
        Field("password", "Password", secret=True, required=False),
        Field("sender", "From", hint="alerts@example.org"),
        Field("to", "To", hint="one or more addresses, separated by commas"),
    ),
    deliver=deliver,
)
