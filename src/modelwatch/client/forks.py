"""What must begin anew in a forked child, since threads and identities are not shared."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner")

_restarts: WeakKeyDictionary[Any, Callable[[Any], None]] = WeakKeyDictionary()
_watching = False


def restart_in_children(owner: Owner, restart: Callable[[Owner], None]) -> None:
    """Has `restart(owner)` called in every child that is forked while the owner lives."""
    global _watching
    if not _watching and hasattr(os, "register_at_fork"):
        _watching = True
        os.register_at_fork(after_in_child=_restart)
    _restarts[owner] = restart


def _restart() -> None:
    for owner, restart in list(_restarts.items()):
        restart(owner)
