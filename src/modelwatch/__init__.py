"""modelwatch watches machine-learning models in production.

The data flows through the rooms in this order:
client -> ingest -> log -> profiles -> monitors -> alerts -> server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelwatch.core.version import VERSION
from modelwatch.errors import ModelwatchError

if TYPE_CHECKING:
    from modelwatch.client import AsyncClient, Client, sampling


__version__ = VERSION
__all__ = ["AsyncClient", "Client", "ModelwatchError", "__version__", "sampling"]


def __getattr__(name: str) -> object:
    if name in {"Client", "AsyncClient", "sampling"}:
        from modelwatch import client

        return getattr(client, name)
    raise AttributeError(f"module 'modelwatch' has no attribute {name!r}")
