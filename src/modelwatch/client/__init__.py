"""What runs inside the user's service: record, sample, buffer, make Arrow batches, send."""

from modelwatch.client import sampling
from modelwatch.client.async_client import AsyncClient
from modelwatch.client.buffer import Stats
from modelwatch.client.client import Client

__all__ = ["AsyncClient", "Client", "Stats", "sampling"]
