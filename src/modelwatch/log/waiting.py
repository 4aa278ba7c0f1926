"""How long the oldest record has waited that a consumer has not taken yet."""

from __future__ import annotations

from modelwatch.errors import NotFound
from modelwatch.log import Readable
from modelwatch.log.entry import decode


def oldest_waiting(log: Readable, folded: int, end: int, now_us: int) -> float:
    """The age in seconds of the first record behind `folded`; 0 when there is none."""
    if folded >= end:
        return 0.0
    try:
        waiting = log.read(folded, 1)
    except NotFound:
        return 0.0
    return max(0.0, (now_us - decode(waiting[0].payload).received_us) / 1e6) if waiting else 0.0
