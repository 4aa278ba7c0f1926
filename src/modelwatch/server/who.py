"""The name that a decision is signed with, until there are accounts: what the request says, else where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

USER_HEADER: Final = "x-modelwatch-user"
"""Percent-encoded UTF-8, since a header holds no other letters."""


def who(headers: Mapping[str, str]) -> str:
    """The user of the header, else the page or the key.

    >>> who({"x-modelwatch-user": "J%C3%BCrgen"}), who({"sec-fetch-site": "same-origin"}), who({})
    ('Jürgen', 'dashboard', 'API key')
    """
    named = unquote(headers.get(USER_HEADER, "")).strip()
    return named or ("dashboard" if "sec-fetch-site" in headers else "API key")
