"""Posts an Adaptive Card to a Microsoft Teams workflow.

All text is in `TextRun`s, which Teams shows as it stands: unlike a `TextBlock` it knows no Markdown, so that no name
can be a link or a heading.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from modelwatch.alerts import words
from modelwatch.alerts.notification import Notification, Told
from modelwatch.alerts.notifiers.answers import outcome
from modelwatch.alerts.notifiers.contract import Call, Delivery, Field, Notifier, Said, Transport
from modelwatch.alerts.picture import png
from modelwatch.core.level import Level

LIMIT = 27_000
"""Bytes of a message: Teams takes about 28 kB."""
COLOURS = {Level.CRITICAL: "Attention", Level.WARNING: "Warning"}
Element = dict[str, Any]


def deliver(notification: Notification, said: Said, _thread: Said, ways: Transport) -> Delivery:
    """One POST of a card that is small enough; without its picture where that makes it too large."""
    picture = "" if notification.picture is None else base64.b64encode(png(notification.picture, 1)).decode()
    sent = body(notification, words.NAMED, picture)
    if len(sent) > LIMIT:
        sent = words.shrunk(lambda most: body(notification, most, ""), LIMIT, words.NAMED)
    return outcome(ways.http(Call(said["url"], sent, {"Content-Type": "application/json"})), ways.now())


def body(notification: Notification, most: int, picture: str) -> bytes:
    """The message around the card."""
    made = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card(notification, most, picture),
    }
    return json.dumps({"type": "message", "attachments": [made]}, ensure_ascii=False).encode("utf-8", "replace")


def card(notification: Notification, most: int, picture: str) -> Element:
    """The card: title, scope, picture, each of the worst alerts with its links, the others in one line each."""
    named = words.entries(notification, most)
    told = [rich(run(words.headline(notification), weight="Bolder", size="Medium", color=colour(notification)))]
    told.append(rich(run(words.scope(notification), isSubtle=True)))
    if picture and notification.picture is not None:
        alt = words.clean(notification.picture.title, 100)
        told.append({"type": "Image", "url": f"data:image/png;base64,{picture}", "altText": alt, "size": "Stretch"})
    for number, each in enumerate(named):
        if number < words.IN_FULL:
            first, *more = words.in_full(each)
            told.append(rich(linked(first, each.url, weight="Bolder"), spacing="Medium"))
            told += [rich(run(text), spacing="None") for text in more]
            if each.silence_url:
                told.append(rich(linked("Silence", each.silence_url), spacing="None"))
        else:
            told.append(rich(linked(each.line, each.url), spacing="Small"))
    rest = words.left_out(notification, len(named))
    told += [rich(run(text), spacing="Medium") for text in (*words.notes(notification), rest) if text]
    page = words.link(notification.url)
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": told,
        "actions": [{"type": "Action.OpenUrl", "title": "Look", "url": page}] if page else [],
    }


def colour(notification: Notification) -> str:
    """The colour of the title, as the card names them."""
    return "Good" if notification.told is Told.RESOLVED else COLOURS.get(notification.level, "Default")


def rich(inline: Element, **looks: str) -> Element:
    """A paragraph of one run."""
    return {"type": "RichTextBlock", "inlines": [inline], **looks}


def run(text: str, **looks: str | bool) -> Element:
    """Text as it stands."""
    return {"type": "TextRun", "text": text, **looks}


def linked(text: str, url: str, **looks: str) -> Element:
    """Text that leads somewhere, if there is an address."""
    return run(text, **looks) | ({"selectAction": {"type": "Action.OpenUrl", "url": url}} if url else {})


NOTIFIER = Notifier(
    kind="teams",
    title="Microsoft Teams",
    fields=(Field("url", "Workflow address", secret=True, hint="https://...logic.azure.com/... of a workflow"),),
    deliver=deliver,
)
