"""Data frames of three libraries arrive alike, and a reference is streamed."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.client import Client
from modelwatch.client.transport import Response
from modelwatch.errors import InvalidRequest, ModelwatchError, Unauthorized
from tests.client.receiver import Receiver, column, decode, role

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def table() -> pa.Table:
    return pa.table(
        {
            "id": ["a", "b", "c"],
            "when": pa.array([NOON, None, NOON], pa.timestamp("us", "UTC")),
            "label": [1, 0, None],
            "score": [0.5, 0.25, 1.0],
            "x": [1.5, math.nan, -math.inf],
            "small": pa.array([0.5, 1.5, 2.5], pa.float32()),
            "n": pa.array([1, None, 3], pa.int64()),
            "flag": [True, False, None],
            "word": ["é", None, "é"],
            "cat": pa.array(["u", "v", "u"]).dictionary_encode(),
            "day": pa.array([NOON, NOON, None], pa.timestamp("ns")),
        }
    )


def pandas_nullable(frame: pa.Table) -> pd.DataFrame:
    return frame.to_pandas().astype({"n": "Int64", "flag": "boolean", "label": "Int64"})


FRAMES = {"pyarrow": lambda frame: frame, "polars": pl.from_arrow, "pandas": pandas_nullable}


def log_frame(frame: Any, **roles: Any) -> pa.Table:
    receiver = Receiver()
    with Client(transport=receiver, raise_errors=True) as client:
        assert client.log_frame(frame, model_id="m", model_version="1", **roles) == len(frame)
        assert client.flush(10)
    assert receiver.rows == len(frame)
    return receiver.tables[0]


@pytest.mark.parametrize("library", FRAMES)
def test_a_frame_arrives_with_its_roles_types_and_nulls(library: str) -> None:
    got = log_frame(
        FRAMES[library](table()),
        prediction_id="id",
        timestamp="when",
        prediction_label="label",
        prediction_score="score",
        tags=["cat"],
    )
    assert column(got, "prediction_id") == ["a", "b", "c"]
    times = column(got, "timestamp")
    assert (times[0], times[2]) == (NOON, NOON)
    assert times[1] > NOON
    assert column(got, "prediction_label") == ["1", "0", None]
    assert column(got, "prediction_score") == [0.5, 0.25, 1.0]
    assert column(got, "tag", "cat") == ["u", "v", "u"]
    x = column(got, "feature", "x")
    assert math.isnan(x[1])
    assert (x[0], x[2]) == (1.5, -math.inf)
    assert column(got, "feature", "small") == [0.5, 1.5, 2.5]
    assert got.schema.field("small").type == pa.float32()
    assert column(got, "feature", "n") == [1, None, 3]
    assert got.schema.field("n").type == pa.int64()
    assert column(got, "feature", "flag") == [True, False, None]
    assert got.schema.field("flag").type == pa.bool_()
    assert column(got, "feature", "word") == ["é", None, "é"]
    assert column(got, "feature", "day") == [NOON.timestamp(), NOON.timestamp(), None]
    features = {got.schema.field(i).name for i in range(got.num_columns) if role(got, i) == "feature"}
    assert features == {"x", "small", "n", "flag", "word", "day"}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats()),
            st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
            st.one_of(st.none(), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5)),
            st.one_of(st.none(), st.booleans()),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from(["pyarrow", "polars"]),
)
def test_any_frame_arrives_as_it_is(rows: list[tuple[Any, ...]], library: str) -> None:
    types = (pa.float64(), pa.int64(), pa.utf8(), pa.bool_())
    given_table = pa.table(
        [pa.array(values, type_) for values, type_ in zip(zip(*rows, strict=True), types, strict=True)], names=[*"fist"]
    )
    got = log_frame(FRAMES[library](given_table))
    for name in "fist":
        sent, arrived = given_table.column(name).to_pylist(), column(got, "feature", name)
        assert all(a == b or (a != a and b != b) for a, b in zip(sent, arrived, strict=True))


def test_names_may_be_mapped_and_vectors_are_taken() -> None:
    frame = pl.DataFrame({"p0": [0.5], "p1": [0.5], "shap_x": [0.1], "vec": [[1.0, 2.0]], "x": [1.0], "w": [2]})
    got = log_frame(
        frame,
        prediction_scores={"no": "p0", "yes": "p1"},
        explanation={"x": "shap_x"},
        embeddings=["vec"],
        features=["x"],
        weight="w",
    )
    assert column(got, "prediction_scores", "yes") == [0.5]
    assert column(got, "explanation", "x") == [0.1]
    assert column(got, "embedding", "vec") == [[1.0, 2.0]]
    assert column(got, "weight") == [2.0]
    assert len(set(column(got, "prediction_id"))) == 1


def test_actuals_arrive() -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        frame = pd.DataFrame({"id": ["a", "b"], "y": [1.0, math.nan], "amount": [0.5, 2]})
        client.log_actuals_frame(frame, model_id="m", prediction_id="id", actual_label="y", actual_value="amount")
    got = receiver.tables[0]
    assert receiver.requests[0].path == "/api/v1/actuals"
    assert column(got, "actual_label") == ["1", None]
    assert column(got, "actual_value") == [0.5, 2.0]
    assert got.num_columns == 4


def test_actuals_say_when_their_predictions_were_made() -> None:
    receiver = Receiver()
    at = datetime(2026, 1, 2, 3, tzinfo=UTC)
    made = [at, None]
    rows = {"id": ["a", "b"], "y": ["1", "0"]}
    with Client(transport=receiver) as client:
        for frame in (pl.DataFrame({**rows, "t": made}), pd.DataFrame({**rows, "t": [at.isoformat(), None]})):
            client.log_actuals_frame(
                frame, model_id="m", prediction_id="id", actual_label="y", prediction_timestamp="t"
            )
            client.flush(10)
    assert [column(got, "prediction_timestamp") for got in receiver.tables] == [made, made]


def test_a_large_frame_goes_in_batches_through_a_small_buffer() -> None:
    receiver = Receiver()
    with Client(transport=receiver, max_buffer_rows=3_000) as client:
        frame = pl.DataFrame({"x": range(10_000)})
        assert client.log_frame(frame, model_id="m", model_version="1") == 10_000
        stats = client.stats()
        assert (stats.logged, stats.dropped) == (10_000, 0)
        assert stats.queued <= 3_000
        assert client.flush(10)
    assert receiver.values("feature", "x") == list(range(10_000))
    assert {got.num_rows for got in receiver.tables} == {2_000}


def test_a_wide_frame_stays_under_the_bytes_of_a_batch() -> None:
    receiver = Receiver()
    frame = pd.DataFrame(np.zeros((2_000, 600)), columns=[f"x{i}" for i in range(600)])
    with Client(transport=receiver) as client:
        client.log_frame(frame, model_id="m", model_version="1")
    assert receiver.rows == 2_000
    assert max(len(request.body) for request in receiver.requests) < 4.2 * 2**20  # type: ignore[arg-type]


def test_rows_whose_time_cannot_be_read_are_rejected_and_the_others_sent() -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        frame = pl.DataFrame({"t": ["2026-01-01", "soon", None], "x": [1, 2, 3]})
        assert client.log_frame(frame, model_id="m", model_version="1", timestamp="t") == 2
        assert client.flush(10)
        stats = client.stats()
    assert (stats.logged, stats.sent, stats.rejected) == (3, 2, 1)
    assert receiver.values("feature", "x") == [1, 3]


@pytest.mark.parametrize(
    ("frame", "roles", "said"),
    [
        (pl.DataFrame({"score": [1.0]}), {"prediction_score": "scor"}, "did you mean 'score'"),
        ({"a": 1}, {}, "dict is no data frame"),
        (pl.Series([1]), {}, "no data frame"),
    ],
)
def test_a_mistake_is_counted_or_raised_with_a_hint(frame: Any, roles: dict[str, str], said: str) -> None:
    with Client(transport=Receiver(), raise_errors=True) as client, pytest.raises(InvalidRequest, match=said):
        client.log_frame(frame, model_id="m", model_version="1", **roles)  # type: ignore[arg-type]
    with Client(transport=Receiver()) as client:
        assert client.log_frame(frame, model_id="m", model_version="1", **roles) == 0  # type: ignore[arg-type]
        assert client.stats().dropped == 1
        assert said in (client.stats().last_error or "")


def test_a_reference_is_streamed_in_pieces_of_one_schema() -> None:
    rows = 45_000
    mixed: list[object] = [i if i < rows - 1 else "last" for i in range(rows)]
    frame = pd.DataFrame(
        {
            "x": np.arange(rows, dtype="float64"),
            "mixed": pd.Series(mixed, dtype=object),
            "rare": pd.Series([None] * (rows - 1) + ["z"], dtype=object),
            "label": ["a", "b", "c"] * (rows // 3),
            "vec": [None] * 30_000 + [[1.0]] * 15_000,
        }
    )
    pieces: list[bytes] = []
    receiver = Receiver()

    def take(request: Any) -> Response:
        assert not isinstance(request.body, bytes)
        pieces.extend(request.body)
        return Response(200, b'{"status":"success"}')

    receiver.answers = [take]
    with Client(transport=receiver) as client:
        client.set_reference(
            frame,
            model_id="a/b ü",
            model_version="1?#",
            prediction_label="label",
            embeddings=["vec"],
            environment="x&y",
        )
    request = receiver.requests[0]
    assert request.method == "PUT"
    assert request.path == "/api/v1/models/a%2Fb%20%C3%BC/versions/1%3F%23/reference?environment=x%26y"
    assert len(pieces) > 3
    got = decode(b"".join(pieces))
    assert column(got, "feature", "x") == list(range(rows))
    assert column(got, "feature", "mixed") == [str(value) for value in mixed]
    assert column(got, "feature", "rare")[-2:] == [None, "z"]
    assert column(got, "prediction_label")[:3] == ["a", "b", "c"]
    assert column(got, "embedding", "vec")[-1] == [1.0]
    metadata = {key.decode(): value.decode() for key, value in got.schema.metadata.items()}
    assert metadata == {
        "modelwatch.wire": "1",
        "modelwatch.model": "a/b ü",
        "modelwatch.version": "1?#",
        "modelwatch.environment": "x&y",
    }


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (Response(401, b""), Unauthorized, "API key"),
        (Response(422, b'{"detail":"two columns are odd"}'), InvalidRequest, "two columns are odd"),
        (Response(500, b""), ModelwatchError, "500"),
        (ConnectionRefusedError("nobody"), ModelwatchError, "nobody"),
    ],
)
def test_a_reference_that_is_refused_raises_what_the_server_says(answer: Any, error: type, said: str) -> None:
    with Client(transport=Receiver([answer])) as client, pytest.raises(error, match=said):
        client.set_reference(pl.DataFrame({"x": [1.0]}), model_id="m", model_version="1")


def test_a_reference_that_makes_no_sense_raises() -> None:
    with Client(transport=Receiver()) as client:
        with pytest.raises(InvalidRequest, match="no rows"):
            client.set_reference(pl.DataFrame({"x": []}), model_id="m", model_version="1")
        with pytest.raises(InvalidRequest, match="model"):
            client.set_reference(pl.DataFrame({"x": [1]}), model_id="", model_version="1")
        with pytest.raises(InvalidRequest, match="timestamps"):
            client.set_reference(pl.DataFrame({"t": ["soon"]}), model_id="m", model_version="1", timestamp="t")


def test_a_reference_keeps_missing_times_missing() -> None:
    receiver = Receiver()
    with Client(transport=receiver) as client:
        client.set_reference(table(), model_id="m", model_version="1", prediction_id="id", timestamp="when")
    assert column(receiver.tables[0], "timestamp") == [NOON, None, NOON]
    assert column(receiver.tables[0], "prediction_id") == ["a", "b", "c"]
