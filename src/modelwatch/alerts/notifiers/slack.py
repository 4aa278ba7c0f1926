"""Posts to a Slack incoming webhook: blocks, with the same in plain text for the notification.

Names go into `plain_text` objects only, where Slack looks for no formatting, and are escaped as well, so that neither
`<!channel>` nor `*bold*` in a name is more than a name. `mrkdwn` holds our own words and links.
"""

from __future__ import annotations

import json
import re
from typing import Any

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.answers import outcome
from modelwatch.alerts.notifiers.contract import Answer, Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.core.level import Level

SECTION, HEADER, FALLBACK = 3000, 150, 3000
"""Characters that Slack takes in a section's text and in a header, and those that we put into the fallback."""
CODES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
DOTS = {Level.CRITICAL: "🔴", Level.WARNING: "🟠"}
Block = dict[str, Any]


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One POST; Slack answers errors in one word."""
    body = json.dumps(message(notification)).encode()
    answer = ways.http(Call(said["url"], body, {"Content-Type": "application/json"}))
    return outcome(answer, ways.now(), word(answer))


def word(answer: Answer) -> str:
    """Slack's word for what was wrong, nothing when it said something else."""
    text = answer.body[:80].decode("ascii", "replace").strip()
    return text if re.fullmatch(r"[a-z_]+", text) else ""


def message(notification: Notification, *, news_only: bool = False) -> dict[str, Any]:
    """What is posted: blocks, and their text for where blocks are not shown."""
    return {
        "text": escaped(words.plain(notification, 10), FALLBACK),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks(notification, news_only=news_only),
    }


def escaped(text: str, longest: int) -> str:
    """The text with Slack's three control characters as entities, cut to `longest` characters between entities.

    >>> escaped("<!channel> & more", 20)
    '&lt;!channel&gt; …'
    """
    kept: list[str] = []
    size = 0
    for code in (CODES.get(c, c) for c in text):
        if size + len(code) > longest - 1:
            return "".join([*kept, "…"])
        kept.append(code)
        size += len(code)
    return "".join(kept)


def blocks(notification: Notification, *, news_only: bool = False) -> list[Block]:
    """Header, scope, each of the worst alerts with its links, the others in one section, what is left out: at most
    18 blocks. With `news_only` just the alerts of which something is new, if there are any."""
    named = words.entries(notification)
    if news_only and any(line.news for line in notification.lines):
        shown = [line for line in notification.lines[: words.NAMED] if line.news]
        named = tuple(words.entry(line) for line in shown)
    full, brief = named[: words.IN_FULL], named[words.IN_FULL :]
    told: list[Block] = [
        {"type": "header", "text": literal(f"{dot(notification)} {words.headline(notification)}", HEADER)},
        {"type": "context", "elements": [literal(words.scope(notification), SECTION)]},
    ]
    for each in full:
        told.append(section("\n".join(words.in_full(each))))
        told += links(("Look", each.url), ("Silence", each.silence_url))
    if brief:
        told.append(section("\n".join(each.line for each in brief)))
    rest = "" if news_only else words.left_out(notification, len(named))
    said = [*words.notes(notification), *([rest] if rest else [])]
    if said:
        told.append(section("\n".join(said)))
    return told + links(("All of it", words.link(notification.url)))


def dot(notification: Notification) -> str:
    """The colour of the matter, for scanning; the words say the same."""
    if notification.told in (Told.RESOLVED, Told.ACKNOWLEDGED):
        return "🟢" if notification.told is Told.RESOLVED else "🔵"
    return "⚪" if notification.told is Told.TEST else DOTS.get(notification.level, "🔵")


def literal(text: str, longest: int) -> Block:
    """A text object in which nothing is formatted."""
    return {"type": "plain_text", "text": escaped(text, longest), "emoji": False}


def section(text: str) -> Block:
    """A block of text."""
    return {"type": "section", "text": literal(text, SECTION)}


def links(*targets: tuple[str, str]) -> list[Block]:
    """One block with the links that there are, none without any."""
    texts = [f"<{url.replace('&', CODES['&'])}|{name}>" for name, url in targets if url]
    shown = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts if len(text) <= SECTION]
    return [{"type": "context", "elements": shown}] if shown else []


NOTIFIER = Notifier(
    kind="slack",
    title="Slack (incoming webhook)",
    fields=(Field("url", "Webhook address", secret=True, hint="https://hooks.slack.com/services/..."),),
    deliver=deliver,
)
