"""What an answer means for the rows that were sent, and how long to wait before sending them again. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from modelwatch.client.buffer import Outcome
from modelwatch.client.transport import Response

FIRST_DELAY = 0.1
LONGEST_DELAY = 30.0
LONGEST_RETRY_AFTER = 300.0
MAX_ATTEMPTS = 8
"""For answers that another try may cure but need not: a bug in the server, or an answer that says nothing."""

_AWAY = frozenset({408, 425, 429, 502, 503, 504, 507})
_HINTS = {
    401: "the API key is missing or wrong",
    403: "this API key may not send here",
    404: "there is no modelwatch server at this address",
    409: "too old: the server has seen over 1,024 later batches of this client",
}


NOTHING = Outcome()


class Action(Enum):
    """What to do with a batch after an answer."""

    SETTLE = auto()
    RETRY = auto()
    SPLIT = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with its reason; `outcome` counts all rows of the batch when the action is to settle them."""

    action: Action
    outcome: Outcome = NOTHING
    reason: str = ""


def judge(response: Response, rows: int, attempt: int) -> Verdict:
    """What the answer to the attempt (counted from 1) at sending `rows` rows means."""
    status = response.status
    reason = f"{status}: {_detail(response)}"
    if status in (200, 422) and (outcome := _counted(response, rows)) is not None:
        return Verdict(Action.SETTLE, outcome, outcome.error)
    if status in _AWAY:
        return Verdict(Action.RETRY, reason=reason)
    if status == 413 and rows > 1:
        return Verdict(Action.SPLIT, reason=reason)
    if (status < 300 or status >= 500) and attempt < MAX_ATTEMPTS:
        return Verdict(Action.RETRY, reason=reason)
    if status == 422:
        return Verdict(Action.SETTLE, Outcome(rejected=rows, error=reason), reason)
    return Verdict(Action.SETTLE, Outcome(failed=rows, error=reason), reason)


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Seconds before the next try: anything up to a bound that doubles with each attempt ('full jitter').

    Source: Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.

    >>> [backoff(attempt, lambda: 1.0) for attempt in (1, 2, 3, 50)]
    [0.1, 0.2, 0.4, 30.0]
    """
    return random() * min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(attempt - 1, 16))


def retry_after(header: str, now_s: float) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or an HTTP date; None for anything else.

    >>> retry_after("7", 0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20), retry_after("soon", 0)
    (7.0, 40.0, None)
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            seconds = parsedate_to_datetime(header).timestamp() - now_s
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if seconds == seconds else None


def _counted(response: Response, rows: int) -> Outcome | None:
    """The counts of an answer, or None when it has none that add up."""
    body = _json(response.body)
    rejected, duplicate = body.get("rejected"), body.get("duplicate")
    if not isinstance(rejected, int) or not isinstance(duplicate, int) or not isinstance(body.get("accepted"), int):
        return None
    sent = rows - rejected - duplicate
    if min(sent, rejected, duplicate) < 0:
        return None
    error = ""
    errors = body.get("errors")
    if rejected and isinstance(errors, list) and errors and isinstance(errors[0], dict):
        error = f"{rejected} rows rejected, the first: {errors[0].get('reason')}: {errors[0].get('detail')}"
    elif rejected:
        error = f"{rejected} rows rejected"
    return Outcome(sent=sent, rejected=rejected, duplicate=duplicate, error=error)


def _detail(response: Response) -> str:
    body = _json(response.body)
    said = " ".join(str(body[name]) for name in ("title", "detail", "hint") if body.get(name))
    return said or _HINTS.get(response.status) or response.body[:200].decode("utf-8", "replace")


def _json(body: bytes) -> dict[str, object]:
    import json

    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def explain(response: Response) -> str:
    """What a server said when it refused, for a person."""
    return _detail(response)
