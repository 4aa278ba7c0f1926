"""The same verbs under asyncio: none of them holds up the loop."""

from __future__ import annotations

import asyncio
import inspect
import threading

import polars as pl

from modelwatch.client import AsyncClient, Client
from modelwatch.client.transport import Request, Response
from tests.client.receiver import Receiver, column


async def test_every_verb_works() -> None:
    receiver = Receiver()
    async with AsyncClient(transport=receiver) as client:
        made = await client.log(model_id="m", model_version="1", features={"x": 1.0})
        await client.log_actual(model_id="m", prediction_id=made, actual_label="yes")
        frame = pl.DataFrame({"id": ["a"], "x": [2.0]})
        assert await client.log_frame(frame, model_id="m", model_version="1", prediction_id="id") == 1
        assert await client.log_actuals_frame(frame, model_id="m", prediction_id="id", actual_value="x") == 1
        await client.set_reference(frame, model_id="m", model_version="1")
        assert await client.flush(10)
        assert (await client.stats()).sent == 4
    sent = {name for table in receiver.tables if table.num_columns > 2 for name in column(table, "prediction_id")}
    assert sent == {made, "a"}
    assert sorted(request.method for request in receiver.requests) == ["POST"] * 4 + ["PUT"]


async def test_the_loop_runs_on_while_the_server_thinks() -> None:
    asked, free = threading.Event(), threading.Event()

    def server(request: Request, /) -> Response:
        asked.set()
        assert free.wait(30)
        return Receiver()(request)

    client = AsyncClient(transport=server)
    await client.log(model_id="m", model_version="1")
    flushing = asyncio.create_task(client.flush(30))
    reference = asyncio.create_task(client.set_reference(pl.DataFrame({"x": [1]}), model_id="m", model_version="1"))
    assert await asyncio.to_thread(asked.wait, 30)
    for _ in range(100):  # the server holds both, and the loop still turns
        await client.log(model_id="m", model_version="1")
        await asyncio.sleep(0)
    assert not flushing.done()
    assert not reference.done()
    free.set()
    assert await flushing
    await reference
    await client.close()
    assert (await client.stats()).sent == 101


def test_the_verbs_are_those_of_the_client_with_the_same_arguments() -> None:
    verbs = {name for name in vars(Client) if not name.startswith("_")}
    assert verbs == {name for name in vars(AsyncClient) if not name.startswith("_")}
    for verb in verbs:
        assert inspect.signature(getattr(AsyncClient, verb)) == inspect.signature(getattr(Client, verb))
        assert inspect.iscoroutinefunction(getattr(AsyncClient, verb))
    assert inspect.signature(AsyncClient) == inspect.signature(Client)
