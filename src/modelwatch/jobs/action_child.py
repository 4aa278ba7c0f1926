"""Runs one registered function in a process of its own: JSON in on stdin, JSON out on stdout, an end when time is up.

`python -m modelwatch.jobs.action_child NAME SECONDS`. What the function prints goes to stderr.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
import sys
from typing import Final

from modelwatch.alerts.remediation.action import GROUP
from modelwatch.metrics.functions import entries, the_one

MOST_RESULT: Final = 1_000
"""Characters of what a function gives that are handed on."""


def answer(name: str, said: object) -> dict[str, object]:
    """What the function gives as JSON, or what was wrong with it; a coroutine is awaited."""
    found = entries(GROUP).get(name)
    if found is None:
        return {"error": f"no installed package registers a function {name!r} in the group {GROUP!r}"}
    try:
        result = the_one(name, found).load()(said)
        if inspect.isawaitable(result):
            result = asyncio.run(awaited(result))
        text = json.dumps(result, allow_nan=False, ensure_ascii=False)
    except (Exception, SystemExit) as error:  # the boundary of the user's code
        return {"error": f"{type(error).__name__}: {error}"[:1_000]}
    return {"text": text[:MOST_RESULT]}


async def awaited(result: object) -> object:
    """The value of an awaitable."""
    assert inspect.isawaitable(result)
    return await result


def main(name: str, seconds: int) -> None:
    """Ends by itself, so that it outlives a parent that was killed by no more than its time."""
    signal.alarm(seconds)
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the function prints is no part of the answer
    out.write(json.dumps(answer(name, json.load(sys.stdin))))
    out.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
