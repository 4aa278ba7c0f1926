"""What the answer to a call means: delivered, to be tried again, or never."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from modelwatch.alerts.notifiers.contract import Answer, Delivery

AGAIN = frozenset({408, 425, 429})
"""What a client may send again although it is told 4xx: too slow, too early, too many."""
LONGEST = 200
"""Characters of an error that are kept."""


def outcome(answer: Answer, now: float, said: str = "") -> Delivery:
    """How a try went by its status alone; `said` is what the receiver added, in words.

    A redirect is never followed: whoever set the address has to look where it leads.

    >>> outcome(Answer(429, {"retry-after": "120"}), now=0.0)
    Delivery(delivered=False, permanent=False, error='HTTP 429', retry_after=120.0, thread={})
    """
    if 200 <= answer.status < 300:
        return Delivery(True)
    if answer.refused:
        return Delivery(False, True, short(answer.error or "the address is not allowed"))
    if answer.status == 0:
        return Delivery(False, False, short(answer.error or "no answer"))
    permanent = 300 <= answer.status < 500 and answer.status not in AGAIN
    error = f"HTTP {answer.status}{': ' if said else ''}{said}"
    return Delivery(False, permanent, short(error), retry_after(answer.headers, now))


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the receiver wants to be asked again: it says a number or a date.

    >>> retry_after({"Retry-After": "Thu, 01 Jan 1970 00:01:00 GMT"}, now=15.0)
    45.0
    """
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now)


def line(text: str) -> str:
    """The text on one line, without anything that does not print: what a header may hold.

    >>> line("a\\r\\nBcc: b")
    'a Bcc: b'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def short(text: str) -> str:
    """One line of at most `LONGEST` characters."""
    kept = line(text)
    return kept if len(kept) <= LONGEST else f"{kept[: LONGEST - 1]}…"
