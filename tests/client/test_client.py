"""The verbs, with the network replaced by a function."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import modelwatch as mw
from modelwatch.client import Client
from modelwatch.client.ids import Ids
from modelwatch.client.transport import Request, Response
from modelwatch.core.uuid7 import uuid7_ms
from modelwatch.errors import Busy, InvalidRequest, InvalidSettings, ModelwatchError
from tests.client.receiver import Receiver, column, role

NAMES = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8),
)


def as_sent(given: object, got: object) -> bool:
    """Equal; or, in a column of mixed types, its text."""
    if isinstance(got, str) and not isinstance(given, str):
        return got == (repr(given).lower() if isinstance(given, bool) else repr(given))
    return got == given or (isinstance(given, float) and math.isnan(given) and got != got)


def features_of(table: pa.Table) -> list[dict[str, object]]:
    """The features of each row, by name."""
    features = [i for i in range(table.num_columns) if role(table, i) == "feature"]
    names = [table.schema.field(i).name for i in features]
    values = [table.column(i).to_pylist() for i in features]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)] or [{}] * table.num_rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=6), min_size=1, max_size=12))
def test_any_dicts_of_features_arrive_as_equal_values(rows: list[dict[str, object]]) -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        for features in rows:
            client.log(model_id="m", model_version="1", prediction_id="p", features=features)
        assert client.flush(10)
    got = [arrived for table in receiver.tables for arrived in features_of(table)]
    assert len(got) == len(rows)
    for sent, arrived in zip(rows, got, strict=True):
        assert all(as_sent(value, arrived.get(name)) for name, value in sent.items()), (sent, arrived)
        assert all(arrived[name] is None for name in set(arrived) - set(sent))


def test_every_argument_of_log_arrives_in_its_role() -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        client.log(
            model_id="fraud",
            model_version="2.1.0",
            prediction_id="p1",
            prediction_label="fraud",
            prediction_score=0.87,
            prediction_value=3,
            prediction_scores={"fraud": 0.87, "ok": 0.13},
            features={"timestamp": 5, "amount": 12.5},
            tags={"region": "us-west", "tier": 1},
            timestamp="2026-01-02T03:04:05Z",
            environment="staging",
            weight=2.0,
            embeddings={"text": [0.5, 0.25]},
            explanation={"amount": -0.5},
            group_id=7,
            rank=3,
        )
    table = receiver.tables[0]
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert (
        metadata.items()
        >= {
            "modelwatch.wire": "1",
            "modelwatch.model": "fraud",
            "modelwatch.version": "2.1.0",
            "modelwatch.environment": "staging",
            "modelwatch.epoch": "0",
            "modelwatch.sequence": "1",
        }.items()
    )
    assert receiver.requests[0].path == "/api/v1/predictions"
    expected = {
        ("prediction_id", "prediction_id"): "p1",
        ("timestamp", "timestamp"): datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        ("prediction_label", "prediction_label"): "fraud",
        ("prediction_score", "prediction_score"): 0.87,
        ("prediction_value", "prediction_value"): 3.0,
        ("prediction_scores", "fraud"): 0.87,
        ("prediction_scores", "ok"): 0.13,
        ("feature", "timestamp"): 5,
        ("feature", "amount"): 12.5,
        ("tag", "region"): "us-west",
        ("tag", "tier"): "1",
        ("weight", "weight"): 2.0,
        ("embedding", "text"): [0.5, 0.25],
        ("explanation", "amount"): -0.5,
        ("group_id", "group_id"): "7",
        ("rank", "rank"): 3.0,
    }
    got = {(role(table, i), table.schema.field(i).name): table.column(i)[0].as_py() for i in range(table.num_columns)}
    assert got == expected


def test_every_argument_of_log_actual_arrives_in_its_role() -> None:
    receiver = Receiver()
    with Client(transport=receiver, environment="staging") as client:
        client.log_actual(
            model_id="m", prediction_id="p1", actual_label=1.0, actual_value=2, actual_score=0.5, relevance=3
        )
        client.log_actual(model_id="m", prediction_id="p2", actual_label=False, tags={"a": "b"}, timestamp=60)
        client.log_actual(model_id="m", prediction_id="p3", actual_label="x", prediction_timestamp="1970-01-02")
    table = receiver.tables[0]
    assert receiver.requests[0].path == "/api/v1/actuals"
    assert table.schema.metadata[b"modelwatch.environment"] == b"staging"
    assert column(table, "actual_label") == ["1", "false", "x"]
    assert column(table, "actual_value") == [2.0, None, None]
    assert column(table, "actual_score") == [0.5, None, None]
    assert column(table, "relevance") == [3.0, None, None]
    assert column(table, "tag", "a") == [None, "b", None]
    assert column(table, "prediction_timestamp") == [None, None, datetime(1970, 1, 2, tzinfo=UTC)]
    assert column(table, "timestamp")[1] == datetime(1970, 1, 1, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp",
    [
        datetime(2026, 1, 1, 12),  # noqa: DTZ001
        datetime(2026, 1, 1, 12, tzinfo=UTC),
        datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        "2026-01-01T12:00:00",
        "2026-01-01T14:00:00+02:00",
        1767268800,
        1767268800.0,
        np.float64(1767268800),
        np.datetime64("2026-01-01T12:00"),
    ],
)
def test_a_time_may_be_given_in_many_ways(stamp: Any) -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        client.log(model_id="m", model_version="1", timestamp=stamp)
    assert receiver.values("timestamp") == [datetime(2026, 1, 1, 12, tzinfo=UTC)]


def test_ids_are_uuid7_of_now_and_never_twice() -> None:
    receiver = Receiver()
    before = datetime.now(UTC).timestamp() * 1000 - 1
    with Client(transport=receiver) as client:
        ids = [client.log(model_id="m", model_version="1") for _ in range(5_000)]
    after = datetime.now(UTC).timestamp() * 1000
    assert receiver.values("prediction_id") == ids
    assert len(set(ids)) == 5_000
    assert all(before <= (uuid7_ms(one) or 0) <= after for one in ids)


@given(st.binary(min_size=10, max_size=10), st.integers(0, 2**48 - 1))
def test_an_id_has_the_shape_of_its_version_whatever_was_drawn(drawn: bytes, ms: int) -> None:
    ids = Ids(lambda n: drawn[:n])
    assert uuid7_ms(ids.next(ms)) == ms
    assert ids.next(ms) < ids.next(ms)


def test_what_the_caller_changes_afterwards_is_not_sent() -> None:
    receiver = Receiver()
    features: dict[str, object] = {"x": 1.0}
    vector, array = [1.0, 2.0], np.array([3.0, 4.0])
    with Client(transport=receiver) as client:
        client.log(model_id="m", model_version="1", features=features, embeddings={"a": vector, "b": array})
        features["x"] = 2.0
        features["y"] = 3.0
        vector.append(5.0)
        array[:] = 0
    table = receiver.tables[0]
    assert column(table, "feature", "x") == [1.0]
    assert column(table, "embedding", "a") == [[1.0, 2.0]]
    assert column(table, "embedding", "b") == [[3.0, 4.0]]
    assert "y" not in table.column_names


class Held:
    """A server that answers only when it is let go."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.free = threading.Event()

    def __call__(self, request: Request, /) -> Response:
        self.asked.set()
        assert self.free.wait(30)
        return Receiver()(request)


def test_a_slow_server_holds_up_nobody_and_a_full_buffer_is_counted() -> None:
    server = Held()
    client = Client(transport=server, max_buffer_rows=10)
    client.log(model_id="m", model_version="1", prediction_id="0")
    client._sender.hurry()
    assert server.asked.wait(10)
    for number in range(1, 25):  # would hang here for ever if log() waited for the server
        client.log(model_id="m", model_version="1", prediction_id=str(number))
    stats = client.stats()
    assert (stats.logged, stats.queued, stats.dropped) == (25, 10, 15)
    assert not client.flush(0)
    server.free.set()
    assert client.flush(10)
    assert client.stats().sent == 10
    client.close()
    client.log(model_id="m", model_version="1")
    assert client.stats().dropped == 16


def test_a_server_that_comes_back_gets_everything_in_order() -> None:
    receiver = Receiver([ConnectionRefusedError("away")] * 4)
    client = Client(transport=receiver)
    for number in range(100):
        client.log(model_id="m", model_version="1", prediction_id=str(number))
    while not client.flush(1):
        pass
    assert receiver.values("prediction_id") == [str(number) for number in range(100)]
    assert client.stats().retried == 4
    client.close()


def test_many_threads_lose_nothing() -> None:
    receiver = Receiver()
    client = Client(transport=receiver, flush_interval=0.01)

    def work(name: int) -> None:
        for number in range(2_000):
            client.log(model_id="m", model_version="1", prediction_id=f"{name}-{number}", features={"x": number})
            stats = client.stats() if number % 100 == 0 else None
            assert stats is None or stats.logged == stats.queued + stats.sent

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert client.stats().sent == 8_000
    assert sorted(receiver.values("prediction_id")) == sorted(f"{n}-{i}" for n in range(4) for i in range(2_000))


class Broken:
    """Looks like a mapping, and is none."""

    def keys(self) -> list[str]:
        raise RuntimeError("no keys today")


def test_nothing_is_raised_into_the_service() -> None:
    client = Client(transport=Receiver())
    client.log(model_id="m", model_version="1", features=Broken())  # type: ignore[arg-type]
    client.log(model_id="m", model_version="1", embeddings={"a": 7})  # type: ignore[dict-item]
    client.log(model_id=None, model_version="1")  # type: ignore[arg-type]
    client.log_actual(model_id="m", prediction_id=None)  # type: ignore[arg-type]
    client.log(model_id="m", model_version="1", prediction_score="high")  # type: ignore[arg-type]
    client.close()
    stats = client.stats()
    assert (stats.logged, stats.sent, stats.dropped, stats.rejected) == (5, 1, 2, 2)


def test_a_misspelt_argument_is_a_type_error() -> None:
    with Client(transport=Receiver()) as client, pytest.raises(TypeError, match="modle_id"):
        client.log(modle_id="m", model_version="1")  # type: ignore[call-arg]


def test_errors_are_raised_where_they_were_asked_for() -> None:
    client = Client(transport=Receiver([Response(401, b"")]), raise_errors=True, max_buffer_rows=2)
    with pytest.raises(InvalidRequest, match="model_id"):
        client.log(model_id="", model_version="1")
    with pytest.raises(InvalidRequest, match="timestamp 'soon'"):
        client.log(model_id="m", model_version="1", timestamp="soon")
    with pytest.raises(RuntimeError, match="no keys"):
        client.log(model_id="m", model_version="1", features=Broken())  # type: ignore[arg-type]
    client.log(model_id="m", model_version="1")
    with pytest.raises(ModelwatchError, match=r"1 failed.*API key"):
        client.flush(10)
    client.close()
    with pytest.raises(Busy):
        client.log(model_id="m", model_version="1")


@pytest.mark.parametrize("url", ["localhost:8470", "ftp://x", "http://", "http://x:99999", "http://[x"])
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(InvalidSettings, match="address"):
        Client(url)


def test_the_package_offers_what_it_names() -> None:
    assert mw.Client is Client
    assert all(hasattr(mw, name) for name in mw.__all__)


def test_flush_waits_for_what_was_logged_before_it_only() -> None:
    receiver = Receiver()
    client = Client(transport=receiver, flush_interval=3600)
    client.log(model_id="m", model_version="1")
    assert client.flush(10)
    assert receiver.rows == 1
    assert client.flush(0)
    client.close()
    client.close()


def test_rows_left_at_close_are_counted_and_said(caplog: pytest.LogCaptureFixture) -> None:
    server = Held()
    client = Client(transport=server)
    client.log(model_id="m", model_version="1")
    client.close(timeout=0)
    assert client.stats().dropped == 1
    assert "1 rows were left unsent" in caplog.text
    server.free.set()


def test_a_wrong_address_fails_with_its_reason() -> None:
    client = Client(transport=lambda _: Response(404, b"nothing here"))
    client.log(model_id="m", model_version="1")
    client.close()
    assert client.stats().failed == 1
    assert client.stats().last_error == "404: there is no modelwatch server at this address"
