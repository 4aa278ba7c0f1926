"""What the client sends, the server's own door takes: every row accepted, nothing changed on the way."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.client import Client
from modelwatch.client.transport import Request, Response
from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import ARROW_STREAM, Kind, Role, Sequenced
from modelwatch.errors import ModelwatchError
from modelwatch.ingest.decode import Decoded, decode
from modelwatch.ingest.reference_arrow import open_arrow

NOW_US = 1_800_000_000_000_000


class Door:
    """A transport that hands each body to `ingest`."""

    def __init__(self) -> None:
        self.taken: list[Decoded] = []

    def __call__(self, request: Request, /) -> Response:
        assert isinstance(request.body, bytes)
        kind = Kind(request.path.rpartition("/")[2])
        assert request.headers["Content-Type"] == ARROW_STREAM
        try:
            got = decode(request.body, ARROW_STREAM, kind, NOW_US, lambda: "made by the server")
        except ModelwatchError as error:
            return Response(400, str(error).encode())
        self.taken.append(got)
        reasons = [{"reason": one.reason, "detail": one.detail} for one in got.rejected]
        counts = {"accepted": got.accepted, "rejected": len(reasons), "duplicate": 0, "errors": reasons}
        return Response(200, json.dumps(counts).encode())


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.builds(np.float32, st.floats(width=32)),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=4),
)
NAMES = st.text(max_size=8)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {"features": st.dictionaries(NAMES, VALUES, max_size=5)},
            optional={
                "prediction_label": st.one_of(st.text(max_size=5), st.integers(), st.booleans()),
                "prediction_value": VALUES,
                "prediction_scores": st.dictionaries(NAMES, st.floats(0, 1), max_size=3),
                "tags": st.dictionaries(NAMES, VALUES, max_size=3),
                "embeddings": st.dictionaries(NAMES, st.lists(st.floats(width=32), min_size=2, max_size=2), max_size=2),
                "explanation": st.dictionaries(NAMES, st.floats(), max_size=3),
                "group_id": st.integers(),
                "rank": st.integers(1, 10),
            },
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_logged_is_a_batch_that_the_server_can_read(rows: list[dict[str, Any]]) -> None:
    door = Door()
    with Client(transport=door) as client:
        for number, row in enumerate(rows):
            client.log(model_id="m", model_version="1", prediction_id=str(number), prediction_score=0.5, **row)
        assert client.flush(10)
        stats = client.stats()
    assert (stats.sent, stats.failed, stats.last_error) == (len(rows), 0, None)
    assert sum(got.received for got in door.taken) == len(rows)


def test_a_batch_is_known_by_its_identity_and_its_parts_by_model() -> None:
    door = Door()
    with Client(transport=door, environment="staging", flush_interval=60) as client:
        for number in range(3_000):
            features = {"x": float(number), "word": f"w{number % 5}", "n": number, "nan": math.nan, "flag": True}
            client.log(model_id="m", model_version="1", prediction_score=0.5, features=features)
        for number in range(10):
            client.log_actual(model_id="m", prediction_id=str(number), actual_label=True)
    parts = [part for got in door.taken for part in got.parts]
    # the sender takes what is there when a batch is full: how much came beside it depends on who was faster
    sequences = [got.identity.sequence for got in door.taken if isinstance(got.identity, Sequenced)]
    assert sequences == list(range(1, len(parts) + 1))
    assert len(parts) in (3, 4)
    assert {(part.model, part.environment) for part in parts} == {("m", "staging")}
    assert [(part.kind, part.rows) for part in (parts[0], parts[-1])] == [(Kind.PREDICTIONS, 2_000), (Kind.ACTUALS, 10)]
    assert sum(part.rows for part in parts[1:-1] if part.kind == Kind.PREDICTIONS) == 1_000
    table = pa.ipc.open_stream(parts[0].body).read_all()
    assert table.column("x").to_pylist() == [float(number) for number in range(2_000)]
    assert table.column("word").to_pylist()[:6] == ["w0", "w1", "w2", "w3", "w4", "w0"]


def test_a_streamed_reference_is_read_batch_by_batch(tmp_path: Path) -> None:
    path = tmp_path / "reference.arrow"

    def keep(request: Request, /) -> Response:
        path.write_bytes(b"".join(request.body))  # type: ignore[arg-type]
        return Response(200, b"{}")

    rows = 50_000
    frame = pl.DataFrame(
        {"x": [float(i) for i in range(rows)], "word": [f"w{i // 10_000}" for i in range(rows)], "y": [1, 0] * 25_000}
    )
    with Client(transport=keep) as client:
        client.set_reference(frame, model_id="m", model_version="1", prediction_label="y")
    keys, read = open_arrow(path)
    assert set(keys) == {
        ColumnKey(Role.FEATURE, "x"),
        ColumnKey(Role.FEATURE, "word"),
        ColumnKey(Role.PREDICTION_LABEL, ""),
    }
    batches = list(read())
    assert len(batches) > 1
    assert [value for batch in batches for value in batch.column("x").to_pylist()] == frame["x"].to_list()
    assert [value for batch in batches for value in batch.column("word").to_pylist()] == frame["word"].to_list()
