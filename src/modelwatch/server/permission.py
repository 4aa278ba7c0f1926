"""Who may do what: each route names the permission that it needs, and `guard` says which ones a caller holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any, Literal

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from modelwatch.errors import Unauthorized

Permission = Literal["read", "ingest", "write"]
EVERYTHING: frozenset[Permission] = frozenset(("read", "ingest", "write"))
HELD = "modelwatch.permissions"
"""The key of the request's scope under which `guard` leaves what the caller holds."""


def require(held: Collection[Permission], needed: Permission) -> None:
    """Raises `Unauthorized` unless the permission is held."""
    if needed not in held:
        raise Unauthorized("this needs the API key", hint="send it as `Authorization: Bearer KEY`")


def permission(needed: Permission) -> Dependency:
    """A route dependency: the caller must hold `needed`."""

    async def check(request: Request) -> None:
        require(request.scope.get(HELD, ()), needed)

    check.permission = needed  # type: ignore[attr-defined]
    dependency: Dependency = Depends(check)
    return dependency


def declared(call: Callable[..., Awaitable[Any]] | None) -> Permission | None:
    """The permission that a dependency stands for, or None when it is another kind of dependency."""
    return getattr(call, "permission", None)
