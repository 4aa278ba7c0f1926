"""Which names may be given to models, versions, environments, features, tags and classes.

A name is data and may hold anything that text can, markup and path separators included; only a NUL, which no
database text column holds, and an empty or endless name are refused.
"""

from __future__ import annotations

from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.ingest.reason import Reason


def name_fault(name: str) -> Reason | None:
    """Why a name cannot be taken, or None.

    >>> name_fault("../../x"), name_fault(""), name_fault("x" * 513)
    (None, <Reason.INVALID_NAME: 'invalid_name'>, <Reason.NAME_TOO_LONG: 'name_too_long'>)
    """
    if not name or "\0" in name:
        return Reason.INVALID_NAME
    if len(name) * 4 > MAX_NAME_BYTES and len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        return Reason.NAME_TOO_LONG
    return None
