"""Prediction ids for callers that bring none: UUIDv7, made in a fraction of a microsecond."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count


class Ids:
    """UUIDs of version 7 whose last 48 bits count up from a random start (RFC 9562, section 6.2, method 1).

    Each process gets 73 random bits of its own: two ids can only be equal when two processes drew the same 26 and
    count through the same numbers in the same millisecond. `next` on a count is atomic, so no lock is needed.
    """

    def __init__(self, random: Callable[[int], bytes] = os.urandom) -> None:
        drawn = int.from_bytes(random(10), "big")
        self._middle = f"-7{drawn & 0xFFF:03x}-{0x8000 | drawn >> 12 & 0x3FFF:04x}-"
        self._counter = count(drawn >> 26 & (2**47 - 1))

    def next(self, unix_ms: int) -> str:
        """The id of a prediction made at that time."""
        return f"{unix_ms >> 16:08x}-{unix_ms & 0xFFFF:04x}{self._middle}{next(self._counter):012x}"
