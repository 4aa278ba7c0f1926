"""Names for messages and groups that every protocol takes."""

from __future__ import annotations

from hashlib import sha256

SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")


def token(key: str, longest: int = 128) -> str:
    """The key itself where it is short and plain, else its hash: the same for the same key, and never an injection.

    >>> token("alert-7-opened")
    'alert-7-opened'
    >>> token("a\\r\\nBcc: b")
    'sha256-c4c09579a97c8fe4b2441fefaece349c'
    """
    if key and len(key) <= longest and SAFE.issuperset(key):
        return key
    return f"sha256-{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
