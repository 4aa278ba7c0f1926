"""The sender: every row ends in exactly one count, and a batch is the same batch however often it is sent."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.client import batch as batches
from modelwatch.client import sender as senders
from modelwatch.client.buffer import Buffer, Stats
from modelwatch.client.complaints import Complaints
from modelwatch.client.sender import Sender, pace
from modelwatch.client.transport import Request, Response
from modelwatch.core.wire import Kind
from tests.client.receiver import Answer, Receiver, column, decode, identity, success


class Waits:
    """Stands in for waiting: remembers how long it should have been, and never waits."""

    def __init__(self) -> None:
        self.delays: list[float] = []

    def __call__(self, event: threading.Event, seconds: float) -> bool:
        self.delays.append(seconds)
        return event.is_set()


def row(number: int, model: Any = "m", stamp: Any = None, **features: Any) -> tuple[Any, ...]:
    start = (Kind.PREDICTIONS, model, "1", "production", f"p{number}", 1_000_000 * number, stamp)
    return (*start, "yes", 0.5, None, None, features or {"x": float(number)}, None, None, None, None, None, None)


def sent(
    rows: list[tuple[Any, ...]], answers: list[Answer] | None = None, **kwargs: Any
) -> tuple[Receiver, Stats, Waits]:
    """All rows through a sender and a scripted server."""
    receiver, buffer, waits = Receiver(answers or []), Buffer(10**6), Waits()
    for one in rows:
        assert buffer.add(one)
    Sender(
        buffer,
        receiver,
        producer="me",
        complaints=Complaints(),
        wait=waits,
        random=lambda: 1.0,
        now_s=lambda: 1000.0,
        breathe=lambda: None,
        **kwargs,
    ).drain()
    stats = buffer.stats()
    total = stats.queued + stats.sent + stats.rejected + stats.duplicate + stats.dropped + stats.failed
    assert stats.logged == total == len(rows)
    return receiver, stats, waits


ANSWERS = st.one_of(
    st.sampled_from([Response(code, b"", after) for code in (429, 503, 500, 413, 400) for after in ("", "3")]),
    st.just(ConnectionResetError("gone")),
    st.just(TimeoutError("slow")),
)


@given(st.integers(0, 40), st.lists(ANSWERS, max_size=12))
def test_whatever_the_server_answers_every_row_is_counted_once(rows: int, answers: list[Answer]) -> None:
    receiver, stats, _ = sent([row(i) for i in range(rows)], list(answers))
    assert stats.queued == 0
    assert stats.sent == receiver.rows == len(set(receiver.values("prediction_id")))
    assert stats.sent + stats.failed == rows


def test_a_lost_answer_is_a_duplicate_not_a_second_batch() -> None:
    receiver = Receiver()

    def taken_but_unanswered(request: Request) -> Response:
        receiver.take(request)
        raise ConnectionResetError("after it was taken")

    receiver.answers.append(taken_but_unanswered)
    buffer = Buffer(100)
    buffer.add(row(1))
    Sender(buffer, receiver, producer="me", complaints=Complaints(), wait=Waits(), random=lambda: 0.0).drain()
    assert receiver.rows == 1
    assert buffer.stats().duplicate == 1
    assert receiver.requests[0] == receiver.requests[1]


def test_a_batch_keeps_its_number_and_the_next_has_the_next() -> None:
    receiver, stats, waits = sent(
        [row(1), row(2, model="other")], [ConnectionRefusedError("away")] * 3 + [Response(503, b"")]
    )
    assert [identity(decode(request.body)) for request in receiver.requests] == [  # type: ignore[arg-type]
        *[("me", "0", "1")] * 5,
        ("me", "0", "2"),
    ]
    assert waits.delays == [0.1, 0.2, 0.4, 0.8]
    assert (stats.sent, stats.retried) == (2, 4)


def test_retry_after_is_respected() -> None:
    _, _, waits = sent([row(1)], [Response(429, b"", "7"), Response(503, b"", "Thu, 01 Jan 1970 00:17:00 GMT")])
    assert waits.delays == [7.1, 20.2]


def test_rows_are_batched_by_model_and_at_most_2000_at_a_time() -> None:
    receiver, _, _ = sent([row(i, model="ab"[i % 2]) for i in range(8_100)])
    shape = [(table.schema.metadata[b"modelwatch.model"], table.num_rows) for table in receiver.tables]
    assert sorted(shape) == sorted([(b"a", 2000), (b"b", 2000)] * 2 + [(b"a", 50), (b"b", 50)])
    assert sorted(receiver.values("prediction_id")) == sorted(f"p{i}" for i in range(8_100))


def test_a_batch_stays_under_its_bytes() -> None:
    receiver, stats, _ = sent([row(i, text=str(i) * 4_000) for i in range(1_000)])
    assert stats.sent == 1_000
    assert max(len(request.body) for request in receiver.requests) < 4.1 * 2**20  # type: ignore[arg-type]
    assert len(receiver.requests) > 1


def test_too_large_for_the_server_is_halved_until_it_fits() -> None:
    receiver = Receiver()

    def at_most_three(request: Request) -> Response | None:
        return Response(413, b"") if decode(request.body).num_rows > 3 else None  # type: ignore[arg-type]

    receiver.answers = [at_most_three] * 50
    buffer = Buffer(100)
    for i in range(20):
        buffer.add(row(i))
    Sender(buffer, receiver, producer="me", complaints=Complaints(), wait=Waits()).drain()
    assert buffer.stats().sent == 20
    assert receiver.values("prediction_id") == [f"p{i}" for i in range(20)]
    assert len(receiver.seen) == len(receiver.tables)


def test_a_row_that_cannot_be_encoded_does_not_sink_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    real = batches.build

    def build(key: Any, rows: Any, breathe: Callable[[], object]) -> batches.Batch:
        if any(one[4] == "p7" for one in rows):
            raise RuntimeError("poison")
        return real(key, rows, breathe)

    monkeypatch.setattr(senders, "build", build)
    receiver, stats, _ = sent([row(i) for i in range(20)])
    assert (stats.sent, stats.failed) == (19, 1)
    assert "p7" not in receiver.values("prediction_id")
    assert "poison" in (stats.last_error or "")


@pytest.mark.parametrize(
    "bad", [row(9, model=None), row(9, model=""), row(9, stamp="soon"), row(9, stamp=float("nan"))]
)
def test_a_row_that_no_server_could_take_is_rejected_with_a_reason(bad: tuple[Any, ...]) -> None:
    receiver, stats, _ = sent([row(1), bad, row(2)])
    assert (stats.sent, stats.rejected) == (2, 1)
    assert receiver.rows == 2
    assert stats.last_error


def test_odd_names_are_sent_as_text() -> None:
    receiver, stats, _ = sent([row(1, model=7), row(2, model=["a"])])
    assert stats.sent == 2
    assert {table.schema.metadata[b"modelwatch.model"] for table in receiver.tables} == {b"7", b"['a']"}


def test_a_sender_that_fails_counts_what_it_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("a bug")

    monkeypatch.setattr(senders, "encode", broken)
    _, stats, _ = sent([row(1), row(2)])
    assert stats.failed == 2
    assert "a bug" in (stats.last_error or "")


@pytest.mark.parametrize("name", ["x" * 600, "", "a\0b"])
def test_names_that_no_server_takes_are_left_out_and_counted(name: str) -> None:
    receiver, stats, _ = sent([row(1, **{name: 1.0, "ok": 2.0})])
    assert stats.coerced == 1
    assert receiver.tables[0].column_names.count(name) == 0
    assert column(receiver.tables[0], "feature", "ok") == [2.0]


def test_names_that_are_the_same_as_text_are_one_column() -> None:
    start = row(1)
    features = {1: "a", "1": "b", "\ud800": 1.0, "\\ud800": 2.0}
    receiver, stats, _ = sent([(*start[:11], features, *start[12:])])
    assert column(receiver.tables[0], "feature", "1") == ["a"]
    assert column(receiver.tables[0], "feature", "\\ud800") == [1.0]
    assert (stats.sent, stats.coerced) == (1, 2)


def test_trouble_is_said_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    complaints = Complaints(lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            complaints.say("retry", "away")
        now[0] = 61.0
        complaints.say("retry", "away")
    assert [record.getMessage() for record in caplog.records] == [
        "modelwatch: away",
        "modelwatch: away (9 more like this since the last one)",
    ]


def test_the_sender_gives_way_once_in_a_millisecond() -> None:
    now, slept = [0.0], list[float]()
    breathe = pace(lambda: now[0], slept.append)
    for _ in range(100):
        now[0] += 0.0001
        breathe()
    assert 8 <= len(slept) <= 10


def test_partly_rejected_is_counted_by_what_the_server_says() -> None:
    answer = {"accepted": 3, "rejected": 2, "duplicate": 0, "errors": [{"row": 0, "reason": "r", "detail": "d"}]}
    _, stats, _ = sent([row(i) for i in range(5)], [Response(200, json.dumps(answer).encode())])
    assert (stats.sent, stats.rejected, stats.last_error) == (3, 2, "2 rows rejected, the first: r: d")


def test_stopping_leaves_what_is_unsent() -> None:
    buffer = Buffer(100)
    buffer.add(row(1))
    sender = Sender(buffer, lambda _: success(1), producer="me", complaints=Complaints(), wait=Waits())
    sender.stop()
    sender.drain()
    assert buffer.stats().queued == 1
    assert buffer.close() == 1
    assert buffer.stats().dropped == 1
