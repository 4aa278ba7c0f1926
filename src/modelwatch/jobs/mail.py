"""One letter over a connection that is there: STARTTLS or TLS with a verified certificate, log in, hand it over."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any, Final

from modelwatch.alerts.notifiers.contract import Answer, Letter
from modelwatch.jobs.dial import Refused, TimedSocket

TAKEN: Final = 250
SECURITIES: Final = ("starttls", "tls", "none")
MOST_REPLY: Final = 300


class Session(smtplib.SMTP):
    """`smtplib` over a line that was dialled already."""

    def __init__(self, line: TimedSocket, host: str) -> None:
        address = str(line.plain.getsockname()[0])
        super().__init__(local_hostname=f"[IPv6:{address}]" if ":" in address else f"[{address}]")
        self.sock, self._host = line, host  # type: ignore[assignment]
        self.line = line

    def greeting(self) -> None:
        """Hear the server out before saying anything."""
        code, reply = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, reply)
        self.ehlo_or_helo_if_needed()

    def turn_secure(self, tls: ssl.SSLContext, host: str) -> None:
        """STARTTLS; raises `Refused` when the server has none. What was heard before it is forgotten."""
        if not self.has_extn("starttls"):
            raise Refused("the server offers no STARTTLS, and nothing is sent without")
        code, reply = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, reply)
        self.line.secure(tls, host)
        self.file = self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False
        self.ehlo_or_helo_if_needed()

    def log_in(self, user: str, password: str) -> None:
        """One try by one mechanism: a wrong password tried by each of them would lock an account the sooner."""
        said: dict[str, Any] = {"PLAIN": self.auth_plain, "LOGIN": self.auth_login, "CRAM-MD5": self.auth_cram_md5}
        offered = str(self.esmtp_features.get("auth", "")).upper().split()
        mechanism = next((each for each in said if each in offered), None)
        if mechanism is None:
            raise Refused("the server offers no way to log in that is known here")
        self.user, self.password = user, password
        self.auth(mechanism, said[mechanism])


def post_letter(letter: Letter, line: TimedSocket, tls: ssl.SSLContext) -> Answer:
    """Hand the letter over; raises `OSError` and `ValueError` where no reply of the server says what is wrong."""
    if letter.security not in SECURITIES:
        raise Refused(f"security must be one of {', '.join(SECURITIES)}")
    if letter.security == "none" and (letter.user or letter.password):
        raise Refused("a password is not sent without TLS")
    if any(not each.isprintable() for each in (letter.sender, *letter.recipients)):
        raise Refused("an address holds control characters")
    if letter.security == "tls":
        line.secure(tls, letter.host.strip())
    session = Session(line, letter.host.strip())
    try:
        session.greeting()
        if letter.security == "starttls":
            session.turn_secure(tls, letter.host.strip())
        if letter.user or letter.password:
            session.log_in(letter.user, letter.password)
        refused = session.send_message(letter.message, letter.sender, list(letter.recipients))
        goodbye(session)
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = min(error.recipients.values(), default=(550, b"no recipient"))
        return replied(code, f"every recipient was refused: {words(code, reply)}")
    except smtplib.SMTPResponseException as error:
        return replied(error.smtp_code, words(error.smtp_code, error.smtp_error))
    except smtplib.SMTPServerDisconnected:
        line.deadline.left()  # smtplib says the same of a server that is too slow
        return Answer(0, error="it hung up in the middle of the session")
    except smtplib.SMTPException as error:
        return Answer(0, error=str(error)[:MOST_REPLY], refused=True)
    if not refused:
        return Answer(TAKEN)
    code, reply = min(refused.values())
    return Answer(TAKEN, error=f"{len(refused)} of {len(letter.recipients)} recipients refused: {words(code, reply)}")


def goodbye(session: Session) -> None:
    """Part in peace; the letter is taken, whatever becomes of that."""
    try:
        session.docmd("QUIT")
    except (smtplib.SMTPException, OSError):
        pass


def replied(code: int, error: str) -> Answer:
    """A failure in the server's own digits."""
    return Answer(code, error=error) if 200 <= code < 600 else Answer(0, error="what came back is no SMTP")


def words(code: int, reply: bytes | str) -> str:
    """A reply as text."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {' '.join(text.split())}"[:MOST_REPLY]
