"""One try of an action: a request past the guard, or a function in a process of its own. Never a shell.

What comes back is words for the record, without any secret in them.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, assert_never

from modelwatch.alerts.notifiers.answers import line, outcome
from modelwatch.alerts.notifiers.contract import Transport
from modelwatch.alerts.remediation.action import Action, Python, Secrets, Webhook
from modelwatch.alerts.remediation.request import call
from modelwatch.jobs.send import hidden

MOST_KEPT: Final = 500
"""Characters of an answer that are kept."""
GRACE_S: Final = 5.0
"""How long the process of a function may take to begin and end, beside the function's own time."""

Ways = Callable[[float], Transport]
"""The guarded ways out of a request that may take so many seconds."""


@dataclass(frozen=True, slots=True)
class Went:
    """How one try went; `again` when another may do better, after `retry_after` seconds if the receiver said so."""

    done: bool
    text: str
    again: bool = False
    retry_after: float | None = None


def perform(action: Action, said: dict[str, Any], key: str, secrets: Secrets, ways: Ways) -> Went:
    """Do what was shown and decided: `said` is the request as it is on record."""
    match action.do:
        case Webhook():
            return requested(action.do, said["body"], key, secrets, ways(action.timeout_seconds))
        case Python():
            return called(action.do.entry, said["input"], action.timeout_seconds)
        case never:
            assert_never(never)


def requested(do: Webhook, body: str, key: str, secrets: Secrets, ways: Transport) -> Went:
    """One request; any 2xx means that it was taken."""
    now = ways.now()
    answer = ways.http(call(do, body, key, secrets, now))
    went = outcome(answer, now)
    if answer.status == 0:
        text = went.error
    else:
        reply = line(answer.body[: 4 * MOST_KEPT].decode("utf-8", "replace"))
        text = f"HTTP {answer.status}" + (f": {reply}" if reply else "")
    text = hidden(text, secrets.readable())[:MOST_KEPT]
    return Went(went.delivered, text, not went.delivered and not went.permanent, went.retry_after)


def called(entry: str, said: dict[str, Any], seconds: float) -> Went:
    """One call of a registered function. It gets none of the server's settings from the environment, and is not called
    again when it fails: what it did by then nobody knows."""
    whole = math.ceil(seconds)
    command = [sys.executable, "-m", "modelwatch.jobs.action_child", entry, str(whole)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MODELWATCH_")}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean, start_new_session=True
    ) as process:
        try:
            out, _ = process.communicate(json.dumps(said).encode(), whole + GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # and what it started
            out = b""
    return told(process.returncode, out, whole)


def told(code: int, out: bytes, seconds: int) -> Went:
    """What a process that ended tells."""
    if code in (-signal.SIGALRM, -signal.SIGKILL):
        return Went(False, f"the function did not end within {seconds} s")
    try:
        said = json.loads(out)
    except ValueError:
        return Went(False, f"the function's process ended with {code} and said nothing")
    if "error" in said:
        return Went(False, line(said["error"])[:MOST_KEPT])
    return Went(True, f"the function gave {said['text']}"[:MOST_KEPT])
