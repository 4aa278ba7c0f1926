"""What Slack, PagerDuty and Teams refuse, as their documentation says it: each returns what is wrong, or nothing."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from tests.alerts.receivers import Heard, parsed

TEXT_FIELDS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
LINK = re.compile(r"<https?://[^\s|<>]+\|(?:Look|Silence|All of it)>")
ENTITY = re.compile(r"&(?!amp;|lt;|gt;)")
MESSAGE = {
    "text",
    "mrkdwn",
    "unfurl_links",
    "unfurl_media",
    "blocks",
    "channel",
    "metadata",
    "thread_ts",
    "reply_broadcast",
    "ts",
}


def slack(said: Heard) -> str:
    """The limits of an incoming webhook and of chat.postMessage."""
    try:
        message: dict[str, Any] = parsed(said.body)
        assert said.headers["content-type"].startswith("application/json"), "invalid_content_type"
        assert set(message) <= MESSAGE, "invalid_payload"
        assert 0 < len(message["text"]) <= 40_000, "no_text"
        assert message["mrkdwn"] is False, "the fallback would be formatted"
        harmless(message["text"])
        assert 0 < len(message["blocks"]) <= 50, "invalid_blocks"
        for block in message["blocks"]:
            slack_block(block)
        assert len(said.body) < 100_000, "msg_blocks_too_long"
    except (AssertionError, ValueError, KeyError) as error:
        return str(error) or "invalid_payload"
    return ""


def slack_block(block: dict[str, Any]) -> None:
    """One block as Block Kit takes it."""
    match block:
        case {"type": "header", "text": {"type": "plain_text"} as text, **rest}:
            assert not rest
            slack_text(text, 150)
        case {"type": "section", "text": dict(text), **rest}:
            assert not rest
            slack_text(text, 3000)
        case {"type": "context", "elements": list(elements), **rest}:
            assert not rest
            assert 0 < len(elements) <= 10, "invalid_blocks"
            for element in elements:
                slack_text(element, 3000)
        case _:
            raise AssertionError("invalid_blocks")


def slack_text(text: dict[str, Any], longest: int) -> None:
    """A text object within its limits, in which no name is formatted or calls anybody."""
    assert set(text) == TEXT_FIELDS[text["type"]], "invalid_blocks"
    assert 0 < len(text["text"]) <= longest, "invalid_blocks"
    assert text["text"].strip(), "invalid_blocks"
    if text["type"] == "mrkdwn":
        assert LINK.fullmatch(text["text"]), "a name is formatted"
    else:
        harmless(text["text"])


def harmless(text: str) -> None:
    """Nothing that Slack would take as a mention or a link, and every entity whole."""
    assert "<" not in text, "a control character"
    assert ">" not in text, "a control character"
    assert not ENTITY.search(text), "half an entity"


def pagerduty(said: Heard) -> str:
    """The limits of the Events API, version 2."""
    try:
        assert len(said.body) <= 512_000, "event is larger than 512 kB"
        event: dict[str, Any] = parsed(said.body)
        assert re.fullmatch(r"[0-9a-f]{32}", event["routing_key"]), "invalid routing key"
        if said.path == "/v2/change/enqueue":
            pagerduty_payload(event["payload"], {"summary", "source", "timestamp", "custom_details"})
            pagerduty_links(event["links"])
        else:
            assert said.path == "/v2/enqueue", "no such address"
            assert event["event_action"] in ("trigger", "acknowledge", "resolve"), "event_action"
            assert 0 < len(event["dedup_key"]) <= 255, "dedup_key"
            if event["event_action"] == "trigger":
                pagerduty_trigger(event)
    except (AssertionError, ValueError, KeyError) as error:
        return json.dumps({"status": "invalid event", "message": "Event object is invalid", "errors": [str(error)]})
    return ""


def pagerduty_trigger(event: dict[str, Any]) -> None:
    """A trigger with all that it needs."""
    names = {"summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"}
    pagerduty_payload(event["payload"], names)
    assert event["payload"]["severity"] in ("critical", "error", "warning", "info"), "severity"
    pagerduty_links(event["links"])


def pagerduty_payload(payload: dict[str, Any], names: set[str]) -> None:
    """What every event says."""
    assert set(payload) == names, "unknown fields"
    assert 0 < len(payload["summary"]) <= 1024, "summary"
    assert payload["source"], "source"
    assert datetime.fromisoformat(payload["timestamp"]).tzinfo is not None, "timestamp"


def pagerduty_links(links: list[dict[str, str]]) -> None:
    """Links that lead to a page."""
    for link in links:
        assert set(link) == {"href", "text"}, "links"
        assert re.fullmatch(r"https?://\S+", link["href"]), "links"


def teams(said: Heard) -> str:
    """The size of a Teams message, and of Adaptive Cards 1.4 what formats nothing."""
    try:
        assert len(said.body) <= 28_000, "RequestEntityTooLarge"
        message: dict[str, Any] = parsed(said.body)
        assert message["type"] == "message", "type"
        (attachment,) = message["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "contentType"
        card = attachment["content"]
        assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4"), "version"
        for element in card["body"]:
            teams_element(element)
        for action in card["actions"]:
            assert re.fullmatch(r"https?://\S+", action["url"]), "url"
    except (AssertionError, ValueError, KeyError) as error:
        return str(error) or "invalid card"
    return ""


def teams_element(element: dict[str, Any]) -> None:
    """Pictures that are in the card, and runs of text, which know no Markdown."""
    if element["type"] == "Image":
        assert element["url"].startswith("data:image/png;base64,"), "image"
        return
    assert element["type"] == "RichTextBlock", f"{element['type']} may be formatted"
    for inline in element["inlines"]:
        assert inline["type"] == "TextRun", "inline"
        assert inline["text"].strip(), "text"
        if "selectAction" in inline:
            assert re.fullmatch(r"https?://\S+", inline["selectAction"]["url"]), "url"
