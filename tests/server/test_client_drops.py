"""What a sender had to drop is known to the server: the real client, over HTTP, to the log, the fold and the counts."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator

import pytest
import uvicorn

import modelwatch as mw
from modelwatch.client.transport import HttpTransport, Request, Response
from modelwatch.server.app import create_app
from modelwatch.server.meters import Meters
from modelwatch.server.services import Services
from modelwatch.server.state import system_state
from modelwatch.store import drops
from modelwatch.store.engine import reading
from tests.server.running import NOW_US, fold


class Announced(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self.listens.set()


class Gate:
    """A transport that waits at a gate before each request, as one to a server that is away."""

    def __init__(self, url: str) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self.way = HttpTransport(url, api_key=None, timeout=30.0)

    def __call__(self, request: Request, /) -> Response:
        self.reached.set()
        assert self.open.wait(30.0)
        return self.way(request)


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    server = Announced(
        uvicorn.Config(create_app(services), host="127.0.0.1", port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.listens.wait(30.0)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(30.0)


def test_rows_that_found_no_room_are_told_with_the_next_batch_and_counted_once(url: str, services: Services) -> None:
    gate = Gate(url)
    client = mw.Client(url, max_buffer_rows=10, flush_interval=0.01, transport=gate)

    def log(model: str, rows: int) -> None:
        for i in range(rows):
            client.log(model_id=model, model_version="1", prediction_score=i / 100, timestamp=NOW_US / 1e6)

    log("fraud", 10)
    assert gate.reached.wait(30.0)
    log("fraud", 7)
    log("churn", 3)
    assert client.stats().dropped == 10
    gate.open.set()
    assert client.flush()
    log("fraud", 1)  # the first batch since then: it says what was lost before
    assert client.flush()
    log("fraud", 1)
    assert client.flush()
    client.close()
    fold(services)
    fold(services)
    with reading(services.engine) as connection:
        # no batch of `churn` has come since its rows were dropped, so nobody has said so
        assert drops.drops_by_model(connection, "default") == {"fraud": 7}
    assert client.stats().sent == 12
    assert client.stats().logged == 22


def test_the_state_of_the_server_tells_of_them(url: str, services: Services) -> None:
    gate = Gate(url)
    client = mw.Client(url, max_buffer_rows=1, flush_interval=0.01, transport=gate)
    client.log(model_id="fraud", model_version="1", prediction_score=0.5, timestamp=NOW_US / 1e6)
    assert gate.reached.wait(30.0)
    for _ in range(4):
        client.log(model_id="fraud", model_version="1", prediction_score=0.5, timestamp=NOW_US / 1e6)
    gate.open.set()
    assert client.flush()
    client.log(model_id="fraud", model_version="1", prediction_score=0.5, timestamp=NOW_US / 1e6)
    client.close()
    fold(services)
    with reading(services.engine) as connection:
        assert system_state(connection, services, Meters(), services.clock()).client_dropped == 4
    with urllib.request.urlopen(f"{url}/api/v1/models/fraud", timeout=30.0) as answer:
        assert json.load(answer)["client_dropped"] == 4
