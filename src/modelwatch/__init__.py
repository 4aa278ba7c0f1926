"""modelwatch watches machine-learning models in production.

The data flows through the rooms in this order:
client -> ingest -> log -> profiles -> monitors -> alerts -> server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelwatch.core.version import VERSION
from modelwatch.errors import MissingExtra, ModelwatchError

if TYPE_CHECKING:
    from modelwatch.client import AsyncClient, Client, sampling
    from modelwatch.reports import Comparison, compare, expect


__version__ = VERSION
__all__ = ["AsyncClient", "Client", "Comparison", "ModelwatchError", "__version__", "compare", "expect", "sampling"]


def __getattr__(name: str) -> object:
    if name in {"Client", "AsyncClient", "sampling"}:
        from modelwatch import client

        return getattr(client, name)
    if name in {"compare", "expect", "Comparison"}:
        try:
            from modelwatch import reports
        except ImportError as error:
            hint = "pip install 'modelwatch[local]'"
            raise MissingExtra(f"comparing frames needs {error.name}", hint=hint) from error
        return getattr(reports, name)
    raise AttributeError(f"module 'modelwatch' has no attribute {name!r}")
