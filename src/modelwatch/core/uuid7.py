"""Prediction ids that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
from collections.abc import Callable


def uuid7(unix_ms: int, random: Callable[[int], bytes] = os.urandom) -> str:
    """A UUIDv7 as text: 48 bits of milliseconds, then 74 random bits.

    >>> uuid7(0x017F22E279B0, lambda n: bytes.fromhex("0cc318c4dc0c0c07398f")[:n])
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    """
    tail = int.from_bytes(random(10), "big")
    rand_a = (tail >> 64) & 0x0FFF
    rand_b = tail & 0x3FFF_FFFF_FFFF_FFFF
    number = (unix_ms & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid7_ms(text: str) -> int | None:
    """The milliseconds since 1970 inside a UUIDv7, or None when `text` is not one.

    >>> uuid7_ms("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == 0x017F22E279B0
    True
    >>> uuid7_ms("p1") is None
    True
    """
    if len(text) != 36 or text[14] != "7" or text[8] != "-" or text[13] != "-" or text[19] not in "89abAB":
        return None
    try:
        return int(text[:8] + text[9:13], 16)
    except ValueError:
        return None
