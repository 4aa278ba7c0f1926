"""Messages to a webhook: one receiver that answers as receivers do."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine, select

from modelwatch.jobs.notify import GIVE_UP_AFTER, notify, pause_us, webhook
from modelwatch.store import alerts, models
from modelwatch.store.engine import reading, writing
from modelwatch.store.tables import outbox


@dataclass
class Receiver:
    """Answers with the next of `answers` (status, headers), 200 when there is none left."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    seen: list[tuple[str, dict[str, object]]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            state.seen.append((self.headers["Idempotency-Key"], json.loads(text)))
            status, headers = state.answers.pop(0) if state.answers else (200, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def alert(engine: Engine) -> int:
    with writing(engine) as connection:
        model = models.ensure_model(connection, "default", "m", 0)
        deployment = models.ensure_deployment(connection, model.id, "production", "1", 0)
        values = {
            "model_id": model.id,
            "deployment_id": deployment.id,
            "kind": "data_drift",
            "level": "critical",
            "status": "firing",
            "title": "x drifted",
            "items": "[]",
            "peak_level": "critical",
            "peak_items": "[]",
            "historic": False,
            "by_hand": False,
            "opened_us": 0,
            "checked_us": 0,
        }
        return alerts.insert_alert(connection, values)


def queue(engine: Engine, alert: int, key: str = "k1") -> None:
    with writing(engine) as connection:
        alerts.queue_message(connection, alert, "webhook", key, json.dumps({"schema": 1, "alert_id": alert}), 0)


def state(engine: Engine) -> list[tuple[str, int, int]]:
    with reading(engine) as connection:
        return [(row.state, row.attempts, row.next_us) for row in connection.execute(select(outbox))]


def test_a_message_arrives_once_with_its_key(engine: Engine, alert: int, receiver: Receiver) -> None:
    queue(engine, alert)
    queue(engine, alert)
    send = webhook(receiver.url)
    assert notify(engine, send, 1) == 1
    assert notify(engine, send, 10**12) == 0
    assert receiver.seen == [("k1", {"schema": 1, "alert_id": alert})]


def test_a_busy_receiver_is_asked_again_when_it_said(engine: Engine, alert: int, receiver: Receiver) -> None:
    receiver.answers = [(429, {"Retry-After": "120"}), (500, {})]
    queue(engine, alert)
    send = webhook(receiver.url)
    assert notify(engine, send, 0, lambda: 1.0) == 0
    assert state(engine) == [("waiting", 1, 120_000_000)]
    assert notify(engine, send, 119_999_999, lambda: 1.0) == 0
    assert len(receiver.seen) == 1
    assert notify(engine, send, 120_000_000, lambda: 1.0) == 0
    assert state(engine) == [("waiting", 2, 120_000_000 + pause_us(1, 1.0))]
    assert notify(engine, send, 10**12, lambda: 1.0) == 1
    assert {key for key, _ in receiver.seen} == {"k1"}


@pytest.mark.parametrize("status", [400, 401, 404, 410, 301])
def test_what_can_never_arrive_is_dead_at_once_or_after_all_tries(
    engine: Engine, alert: int, receiver: Receiver, status: int
) -> None:
    receiver.answers = [(status, {"Location": receiver.url})] * (GIVE_UP_AFTER + 1)
    queue(engine, alert)
    send = webhook(receiver.url)
    for i in range(GIVE_UP_AFTER + 1):
        notify(engine, send, i * 10**12)
    ((final, attempts, _),) = state(engine)
    assert final == "dead"
    assert attempts == (1 if status != 301 else GIVE_UP_AFTER)


def test_a_receiver_that_is_away_gets_it_later(engine: Engine, alert: int, receiver: Receiver) -> None:
    queue(engine, alert)
    assert notify(engine, webhook("http://127.0.0.1:1/nobody"), 0) == 0
    assert notify(engine, webhook(receiver.url), 10**12) == 1


def test_pauses_grow_and_are_spread() -> None:
    assert pause_us(0, 0.0) == 2_500_000
    assert pause_us(0, 1.0) == 5_000_000
    assert pause_us(30, 1.0) == 3_600_000_000
