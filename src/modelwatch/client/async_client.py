"""The same verbs, awaited."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import update_wrapper
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from modelwatch.client.client import Client
from modelwatch.client.sampling.sampler import Sampler
from modelwatch.client.transport import Transport
from modelwatch.core.wire import DEFAULT_ENVIRONMENT

Args = ParamSpec("Args")
Result = TypeVar("Result")


def _at_once(
    verb: Callable[Concatenate[Client, Args], Result],
) -> Callable[Concatenate[AsyncClient, Args], Coroutine[Any, Any, Result]]:
    """A verb that only puts something into memory: it runs where it is awaited."""

    async def awaited(self: AsyncClient, /, *args: Args.args, **kwargs: Args.kwargs) -> Result:
        return verb(self._client, *args, **kwargs)

    update_wrapper(awaited, verb)
    return awaited


def _aside(
    verb: Callable[Concatenate[Client, Args], Result],
) -> Callable[Concatenate[AsyncClient, Args], Coroutine[Any, Any, Result]]:
    """A verb that waits or computes: it runs in a thread, and the event loop goes on."""

    async def awaited(self: AsyncClient, /, *args: Args.args, **kwargs: Args.kwargs) -> Result:
        import asyncio

        return await asyncio.to_thread(verb, self._client, *args, **kwargs)

    update_wrapper(awaited, verb)
    return awaited


class AsyncClient:
    """`Client` for asyncio: every verb takes the same arguments and is awaited; none blocks the event loop."""

    def __init__(
        self,
        url: str = "http://localhost:8470",
        *,
        api_key: str | None = None,
        environment: str = DEFAULT_ENVIRONMENT,
        max_buffer_rows: int = 100_000,
        flush_interval: float = 1.0,
        raise_errors: bool = False,
        timeout: float = 30.0,
        sampler: Sampler | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._client = Client(
            url,
            api_key=api_key,
            environment=environment,
            max_buffer_rows=max_buffer_rows,
            flush_interval=flush_interval,
            raise_errors=raise_errors,
            timeout=timeout,
            sampler=sampler,
            transport=transport,
        )

    log = _at_once(Client.log)
    log_actual = _at_once(Client.log_actual)
    stats = _at_once(Client.stats)
    log_frame = _aside(Client.log_frame)
    log_actuals_frame = _aside(Client.log_actuals_frame)
    set_reference = _aside(Client.set_reference)
    flush = _aside(Client.flush)
    close = _aside(Client.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
