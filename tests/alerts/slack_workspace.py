"""A Slack workspace of one channel, on loopback: keeps messages and files, refuses what Slack refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.alerts import limits
from tests.alerts.receivers import Heard, Receiver, Reply, receiving

TOKEN, CHANNEL = "xoxb-0123", "C0123456789"


@dataclass
class Workspace:
    """`fails` maps a method to what it answers instead, once each."""

    receiver: Receiver = field(default_factory=Receiver)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)
    updates: list[str] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    fails: dict[str, Reply] = field(default_factory=dict)

    def take(self, said: Heard) -> Reply:
        if said.path.startswith("/upload/"):
            assert "authorization" not in said.headers, "the token went to another address"
            file = self.files[said.path.removeprefix("/upload/")]
            assert len(said.body) == file["length"]
            file["body"] = said.body
            return 200, {}, b"OK"
        method = said.path.removeprefix("/api/")
        if method in self.fails:
            return self.fails.pop(method)
        if said.headers.get("authorization") != f"Bearer {TOKEN}":
            return refused("invalid_auth")
        methods = {
            "chat.postMessage": self.post,
            "chat.update": self.update,
            "files.getUploadURLExternal": self.place,
            "files.completeUploadExternal": self.share,
        }
        return methods[method](said)

    def post(self, said: Heard) -> Reply:
        problem, body = limits.slack(said), json.loads(said.body)
        if problem or body["channel"] != CHANNEL:
            return refused(problem or "channel_not_found")
        if "thread_ts" in body and body["thread_ts"] not in self.messages:
            return refused("thread_not_found")
        stamp = f"1764000000.{len(self.messages):06}"
        self.messages[stamp] = body
        return fine(ts=stamp, channel=CHANNEL)

    def update(self, said: Heard) -> Reply:
        problem, body = limits.slack(said), json.loads(said.body)
        if problem or body["ts"] not in self.messages:
            return refused(problem or "message_not_found")
        self.messages[body["ts"]] |= {"text": body["text"], "blocks": body["blocks"]}
        self.updates.append(body["ts"])
        return fine(ts=body["ts"], channel=CHANNEL)

    def place(self, said: Heard) -> Reply:
        assert said.headers["content-type"] == "application/x-www-form-urlencoded"
        asked = parse_qs(said.body.decode("ascii"), strict_parsing=True, keep_blank_values=True)
        name = f"F{len(self.files)}"
        self.files[name] = {"length": int(asked["length"][0]), "alt": asked.get("alt_txt", [""])[0]}
        return fine(upload_url=f"{self.receiver.url}/upload/{name}", file_id=name)

    def share(self, said: Heard) -> Reply:
        body = json.loads(said.body)
        for file in body["files"]:
            self.files[file["id"]]["thread"] = body["thread_ts"]
        return fine()

    def fail(self, method: str, error: str) -> None:
        """Answer the next call of a method with an error."""
        self.fails[method] = refused(error)

    def header(self, stamp: str) -> str:
        """What the first line of a message says now."""
        return str(self.messages[stamp]["blocks"][0]["text"]["text"])


def fine(**said: str) -> Reply:
    return 200, {}, json.dumps({"ok": True, **said}).encode()


def refused(error: str) -> Reply:
    return 200, {}, json.dumps({"ok": False, "error": error}).encode()


@contextmanager
def workspace() -> Iterator[Workspace]:
    """A workspace that listens."""
    state = Workspace()
    with receiving(state.take) as receiver:
        state.receiver = receiver
        yield state
