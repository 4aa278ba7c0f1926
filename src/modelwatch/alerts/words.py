"""What every message says, in words that a channel only lays out: what, where, since when, how sure, how bad.

Names are data. Here they lose what does not print and what reorders the text around it, and are cut; what a channel's
own syntax makes of the rest is for that channel to escape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.core.level import Level

IN_FULL = 5
"""Alerts that are told in full; the others in one line each."""
NAMED = 25
"""Alerts that a message names unless its channel has room for fewer; the page names all."""
JOINERS = frozenset("\u200c\u200d")
"""Do not print, but letters of several scripts and some emoji need them."""
NEWS = {"opened": "new", "worse": "worse", "better": "better"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert in words; a link is empty where there is none that may be shown."""

    level: Level
    mark: str
    where: str
    what: str
    since: str
    sure: str
    bad: str
    facts: tuple[str, ...]
    url: str
    silence_url: str

    @property
    def line(self) -> str:
        """The alert in one line."""
        return f"{self.mark}: {self.where}: {self.what}, {self.since}"


def clean(text: str, longest: int) -> str:
    """The text on one line: no control characters, nothing that reorders text, at most `longest` characters.

    >>> clean("amount\\r\\nBcc: \\u202ex", 80)
    'amount Bcc: x'
    >>> clean("abcdef", 4)
    'abc…'
    """
    kept = "".join(c if c.isprintable() or c in JOINERS else " " if c.isspace() or c < " " else "" for c in text)
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def link(url: str) -> str:
    """The address if it can be shown as a link everywhere, else nothing.

    >>> link("https://watch.example.org/alerts/7"), link("javascript:alert(1)"), link("https://a/|x>")
    ('https://watch.example.org/alerts/7', '', '')
    """
    plain = url.isascii() and url.isprintable() and not set(' <>|"\\^`{}').intersection(url)
    return url if plain and url.startswith(("https://", "http://")) and len(url) <= 2000 else ""


def moment(seconds: float) -> datetime:
    """Epoch seconds as a time with its zone; what no calendar holds is its nearest day."""
    return EPOCH + timedelta(seconds=max(-62_135_596_800.0, min(253_402_300_799.0, seconds)))


def when(seconds: float) -> str:
    """A time that says its zone.

    >>> when(1_764_000_000.0)
    '2025-11-24 16:00 UTC'
    """
    return f"{moment(seconds).replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"


def level_word(level: Level) -> str:
    """What people call a level.

    >>> level_word(Level.NOTICE), level_word(Level.NO_DATA)
    ('Info', 'No data')
    """
    return "Info" if level is Level.NOTICE else level.value.replace("_", " ").capitalize()


def state(notification: Notification) -> str:
    """In a word or two, where the matter stands."""
    word = level_word(notification.level)
    match notification.told:
        case Told.OPENED:
            return word
        case Told.CHANGED:
            return f"{word}, {change(notification)}"
        case Told.REPEATED:
            return f"{word}, still"
        case Told.ACTED:
            return "Action"
        case Told.ACKNOWLEDGED | Told.RESOLVED | Told.DIGEST | Told.TEST:
            return notification.told.value.capitalize()


def change(notification: Notification) -> str:
    """Which way it went since the message before."""
    if worse(notification):
        return "worse" if any(each.news == "worse" for each in notification.lines) else "more alerts"
    return "better" if any(each.news in ("better", "resolved") for each in notification.lines) else "changed"


def worse(notification: Notification) -> bool:
    """True when something is new or got worse."""
    return any(each.news in ("opened", "worse") for each in notification.lines)


def headline(notification: Notification, longest: int = 300) -> str:
    """The message in one line."""
    return clean(f"{state(notification)}: {notification.title}", longest)


def scope(notification: Notification) -> str:
    """How much it touches, in which project, as of when."""
    alerts = len(notification.lines) + notification.more
    counts = [counted(notification.models, "model"), counted(alerts, "alert")]
    return ", ".join([*(c for c in counts if c), f"project {clean(notification.project, 80)}", when(notification.at)])


def counted(number: int, noun: str) -> str:
    """The number with its noun, nothing for none.

    >>> counted(1, "model"), counted(1200, "alert"), counted(0, "model")
    ('1 model', '1,200 alerts', '')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else ""


def left_out(notification: Notification, named: int) -> str:
    """How many alerts the message does not name, nothing when it names all."""
    rest = notification.more + max(0, len(notification.lines) - named)
    return f"and {counted(rest, 'more alert')}" if rest else ""


def over(line: Line) -> bool:
    """True when the alert goes on no more."""
    return line.status == "resolved" or line.news == "resolved"


def mark(line: Line) -> str:
    """The alert's level and what is new of it."""
    if over(line):
        return f"Resolved, was {level_word(line.level).lower()}"
    more = [NEWS.get(line.news, ""), "acknowledged" if line.status == "acknowledged" else ""]
    return ", ".join([level_word(line.level), *(word for word in more if word)])


def entry(line: Line) -> Entry:
    """One alert in words."""
    place = clean(f"{clean(line.model, 80)} {clean(line.version, 40)}", 121)
    return Entry(
        line.level,
        mark(line),
        f"{place} ({clean(line.environment, 40)})",
        clean(line.title, 200),
        f"since {when(line.since)}",
        clean(line.sure, 300),
        clean(line.bad, 300),
        tuple(kept for fact in line.facts[:5] if (kept := clean(fact, 120))),
        link(line.url),
        link(line.silence_url),
    )


def entries(notification: Notification, most: int = NAMED) -> tuple[Entry, ...]:
    """The worst alerts in words."""
    return tuple(entry(line) for line in notification.lines[:most])


def notes(notification: Notification) -> tuple[str, ...]:
    """What else a person should know."""
    return tuple(kept for note in notification.notes[:10] if (kept := clean(note, 300)))


def in_full(told: Entry) -> tuple[str, ...]:
    """An alert in a few lines, without its links."""
    sure = f"How sure: {told.sure}" if told.sure else ""
    bad = f"How bad: {told.bad}" if told.bad else ""
    return tuple(each for each in (told.line, sure, bad, "; ".join(told.facts)) if each)


def plain(notification: Notification, most: int = NAMED) -> str:
    """The whole message as plain text."""
    named = entries(notification, most)
    parts = [headline(notification), scope(notification)]
    for number, each in enumerate(named):
        if number < IN_FULL:
            links = (
                f"Look: {each.url}" if each.url else "",
                f"Silence: {each.silence_url}" if each.silence_url else "",
            )
            said = [*in_full(each), *(text for text in links if text)]
            parts.append("\n" + "\n  ".join(said))
        else:
            parts.append(("\n" if number == IN_FULL else "") + each.line)
    rest, page = left_out(notification, len(named)), link(notification.url)
    parts.extend(f"\n{note}" for note in notes(notification))
    parts.append("\n" + ": ".join(part for part in (rest or "All of it", page or "on the page") if part))
    return "\n".join(parts) + "\n"


def shrunk(build: Callable[[int], bytes], limit: int, most: int) -> bytes:
    """What `build` makes of as many alerts as fit into `limit` bytes: `most`, or by halves fewer."""
    body = build(most)
    while len(body) > limit and most:
        most //= 2
        body = build(most)
    return body
