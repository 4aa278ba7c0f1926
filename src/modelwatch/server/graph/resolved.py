"""A field that a query answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry


def resolved(resolver: Callable[..., object], description: str | None = None) -> Any:
    """A field whose declared type is a type of this schema while its resolver gives the value of a query."""
    return strawberry.field(resolver=resolver, description=description)
