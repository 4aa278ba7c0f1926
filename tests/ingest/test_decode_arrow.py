"""Rows of an Arrow body: what is kept as it came, what is made, what is refused row by row."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelwatch.core.wire import Kind, Sequenced
from modelwatch.errors import InvalidRequest, UnsupportedWire
from modelwatch.ingest.arrow_bounds import fields_of_stretch
from modelwatch.ingest.decode import decode
from modelwatch.ingest.part import open_part
from modelwatch.ingest.reason import Reason
from modelwatch.log.entry import PartKind
from tests.ingest.bodies import (
    DICTIONARY,
    IDENTITY,
    META,
    NOW,
    batch_of,
    body_of,
    column,
    counter,
    take,
    usual,
    usual_body,
)

LATE = NOW + 16 * 60 * 1_000_000


def rows_of(body: bytes, kind: Kind = Kind.PREDICTIONS) -> dict[str, list[Any]]:
    """The accepted rows of a body as plain values."""
    (part,) = take(body, kind).parts
    return dict(open_part(part.body).to_pydict())


def reasons(body: bytes, kind: Kind = Kind.PREDICTIONS) -> dict[int, str]:
    """The reason of each refused row; what is not refused is accepted."""
    decoded = take(body, kind)
    assert decoded.received == decoded.accepted + len(decoded.rejected)
    return {rejection.row: rejection.reason for rejection in decoded.rejected}


def test_a_right_body_goes_to_the_log_untouched() -> None:
    body = usual_body(meta=META | IDENTITY)
    decoded = take(body)
    (part,) = decoded.parts
    assert part.body is body
    assert (part.kind, part.model, part.version, part.environment, part.rows) == (
        PartKind.PREDICTIONS,
        "fraud",
        "2.1.0",
        "production",
        3,
    )
    assert decoded.identity == Sequenced("p", 3, 17)
    assert (decoded.received, decoded.rejected, decoded.single_id) == (3, (), None)


def test_the_fields_of_a_producer_are_read_once() -> None:
    fields_of_stretch.cache_clear()
    for sequence in ("1", "22", "333"):
        take(usual_body(meta=META | IDENTITY | {"modelwatch.sequence": sequence}))
    assert (fields_of_stretch.cache_info().misses, fields_of_stretch.cache_info().hits) == (1, 2)


def test_the_environment_is_kept() -> None:
    assert take(usual_body(meta={**META, "modelwatch.environment": "staging"})).parts[0].environment == "staging"


def test_an_empty_batch_is_no_part() -> None:
    decoded = take(usual_body(0))
    assert (decoded.received, decoded.parts, decoded.rejected) == (0, (), ())


def test_batches_of_one_stream_are_joined_with_their_dictionaries() -> None:
    first, second = batch_of(usual()), batch_of(usual())
    other = second.set_column(4, second.schema.field(4), pa.array(["z", "a", "z"]).dictionary_encode())
    rows = rows_of(body_of(first, other))
    assert rows["shop"] == ["a", "b", None, "z", "a", "z"]
    assert rows["prediction_id"] == ["p0", "p1", "p2"] * 2


def test_ids_and_times_that_are_left_out_are_made() -> None:
    rows = rows_of(body_of(batch_of([column("prediction_score", [0.5, 0.6])])))
    assert rows["prediction_id"] == ["new-0", "new-1"]
    assert [stamp.timestamp() * 1e6 for stamp in rows["timestamp"]] == [NOW, NOW]


def test_a_null_time_is_the_time_of_arrival() -> None:
    stamps = column("timestamp", [None, 5], kind=pa.timestamp("us", "UTC"))
    (part,) = take(body_of(batch_of([stamps, column("prediction_score", [0.5, 0.6])]))).parts
    assert open_part(part.body)["timestamp"].cast(pa.int64()).to_pylist() == [NOW, 5]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1_700_000_000], pa.int64(), 1_700_000_000_000_000),
        ([1_700_000_000.5], pa.float64(), 1_700_000_000_500_000),
        ([1_700_000_000], pa.timestamp("s"), 1_700_000_000_000_000),
        ([1_700_000_000_001], pa.timestamp("ms", "America/New_York"), 1_700_000_000_001_000),
        ([-1_999], pa.timestamp("ns", "UTC"), -2),
        ([-62_135_596_800], pa.timestamp("s"), -62_135_596_800_000_000),
    ],
)
def test_times_come_in_many_units(values: list[float], kind: Any, expected: int) -> None:
    (part,) = take(body_of(batch_of([column("timestamp", values, kind=kind), column("prediction_score", [1.0])]))).parts
    assert open_part(part.body)["timestamp"].cast(pa.int64()).to_pylist() == [expected]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([2**62], pa.timestamp("us")),
        ([2**62], pa.timestamp("s")),
        ([-(2**62)], pa.timestamp("ms")),
        ([float("nan")], pa.float64()),
        ([float("-inf")], pa.float64()),
        ([1e300], pa.float64()),
        ([2**63 - 1], pa.int64()),
    ],
)
def test_times_outside_of_the_calendar_are_refused(values: list[float], kind: Any) -> None:
    body = body_of(batch_of([column("timestamp", values, kind=kind), column("prediction_score", [1.0])]))
    assert reasons(body) == {0: Reason.INVALID_TIMESTAMP}


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        (["a", None], pa.large_utf8(), ["a", None]),
        ([1, None], pa.uint8(), [1, None]),
        ([2**64 - 1, None], pa.uint64(), [str(2**64 - 1), None]),
        ([2**63 - 1, None], pa.uint64(), [2**63 - 1, None]),
        ([0.5, None], pa.float16(), [0.5, None]),
        (["a", None], pa.dictionary(pa.int8(), pa.utf8()), ["a", None]),
        (["a", None], pa.dictionary(pa.uint16(), pa.large_utf8()), ["a", None]),
        (["a", None], pa.dictionary(pa.int32(), pa.utf8(), ordered=True), ["a", None]),
    ],
)
def test_other_widths_are_brought_to_the_clients(values: list[Any], kind: Any, expected: list[Any]) -> None:
    scores = column("prediction_score", [0.1, 0.2])
    assert rows_of(body_of(batch_of([scores, column("feature", values, "x", kind)])))["x"] == expected


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.list_(pa.float32(), 2), pa.list_(pa.float32())])
def test_embeddings_come_as_any_list_of_floats(kind: Any) -> None:
    body = body_of(
        batch_of([column("prediction_score", [0.1, 0.2]), column("embedding", [[1.0, 2.0], None], "e", kind)])
    )
    (part,) = take(body).parts
    batch = open_part(part.body)
    assert batch["e"].type == pa.list_(pa.float32())
    assert batch["e"].to_pylist() == [[1.0, 2.0], None]


def test_ids_may_be_integers_or_a_dictionary() -> None:
    scores = column("prediction_score", [0.1, 0.2])
    assert rows_of(body_of(batch_of([column("prediction_id", [7, 8]), scores])))["prediction_id"] == ["7", "8"]
    ids = column("prediction_id", ["a", "b"], kind=DICTIONARY)
    assert rows_of(body_of(batch_of([ids, scores])))["prediction_id"] == ["a", "b"]


def test_bad_rows_never_sink_the_good_ones() -> None:
    columns = [
        column("prediction_id", ["ok", None, "", "x" * 513, "future", "weight", "inf", "nothing", "ok2"]),
        column("timestamp", [NOW] * 4 + [LATE] + [NOW] * 4, kind=pa.timestamp("us", "UTC")),
        column("weight", [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, float("inf"), 1.0, None]),
        column("prediction_score", [0.5] * 7 + [None, 0.5]),
        column("feature", pa.array(list("abcdefghi")).dictionary_encode(), "f"),
    ]
    body = body_of(batch_of(columns))
    assert reasons(body) == {
        1: Reason.MISSING_PREDICTION_ID,
        2: Reason.INVALID_PREDICTION_ID,
        3: Reason.INVALID_PREDICTION_ID,
        4: Reason.TIMESTAMP_IN_FUTURE,
        5: Reason.INVALID_WEIGHT,
        6: Reason.INVALID_WEIGHT,
        7: Reason.NO_PREDICTION,
    }
    rows = rows_of(body)
    assert (rows["prediction_id"], rows["f"]) == (["ok", "ok2"], ["a", "i"])


def test_a_refused_row_is_kept_as_the_json_that_could_be_sent_again() -> None:
    columns = [
        column("prediction_id", ["p1"]),
        column("timestamp", [LATE], kind=pa.timestamp("us", "UTC")),
        column("prediction_score", [float("nan")]),
        column("feature", [3], "n"),
        column("tag", ["north"], "region"),
    ]
    (rejection,) = take(body_of(batch_of(columns))).rejected
    assert rejection.model == "fraud"
    again = decode(rejection.record.encode(), "application/json", Kind.PREDICTIONS, received_us=LATE, new_id=counter())
    (part,) = again.parts
    values = open_part(part.body).to_pydict()
    assert np.isnan(values["prediction_score"][0])
    assert (values["prediction_id"], values["n"], values["region"]) == (["p1"], [3], ["north"])


def test_a_row_is_refused_for_its_embedding() -> None:
    vectors = [[1.0], [], [1.0] * 4097, [1.0, None], None, [float("nan")]]
    columns = [column("prediction_score", [0.1] * 6), column("embedding", vectors, "e", pa.list_(pa.float32()))]
    assert reasons(body_of(batch_of(columns))) == dict.fromkeys((1, 2, 3), Reason.INVALID_EMBEDDING)


def test_when_every_row_is_bad_there_is_no_part() -> None:
    decoded = take(body_of(batch_of([column("prediction_score", [None, None], kind=pa.float64())])))
    assert (decoded.parts, decoded.received, len(decoded.rejected)) == ((), 2, 2)


def test_every_refused_row_is_counted_but_not_every_one_is_kept_whole() -> None:
    many = pa.array([None] * 5_000, pa.float64())
    decoded = take(body_of(batch_of([column("prediction_score", many)])))
    assert len(decoded.rejected) == 5_000
    assert sum(bool(rejection.record) for rejection in decoded.rejected) == 1_000


def test_a_record_is_cut_where_it_is_endless() -> None:
    columns = [column("prediction_score", [None], kind=pa.float64()), column("feature", ["x" * 100_000], "f")]
    (rejection,) = take(body_of(batch_of(columns))).rejected
    assert len(rejection.record) == 16_000


def test_actuals_are_taken_without_a_version() -> None:
    meta = {"modelwatch.wire": "1", "modelwatch.model": "fraud"}
    columns = [column("prediction_id", ["a", "b"]), column("actual_label", ["yes", None])]
    decoded = take(body_of(batch_of(columns, meta)), Kind.ACTUALS)
    assert (decoded.parts[0].kind, decoded.parts[0].version, decoded.accepted) == (PartKind.ACTUALS, "", 1)
    assert decoded.rejected[0].reason == Reason.NO_ACTUAL
    assert json.loads(decoded.rejected[0].record)["prediction_id"] == "b"


@pytest.mark.parametrize("kind", [pa.timestamp("us", "UTC"), pa.timestamp("ms"), pa.float64()])
def test_an_actual_may_say_when_its_prediction_was_made(kind: Any) -> None:
    meta = {"modelwatch.wire": "1", "modelwatch.model": "fraud"}
    unit = {pa.float64(): 1.0, pa.timestamp("ms"): 1_000}.get(kind, 1_000_000)
    said = pa.array([60 * unit, None, NOW // 1_000_000 * unit + 3_600 * unit], kind)
    columns = [
        column("prediction_id", ["a", "b", "c"]),
        column("actual_label", ["yes"] * 3),
        column("timestamp", [NOW] * 3, kind=pa.timestamp("us", "UTC")),
        column("prediction_timestamp", said),
    ]
    body = body_of(batch_of(columns, meta))
    assert reasons(body, Kind.ACTUALS) == {2: Reason.TIMESTAMP_IN_FUTURE}
    made = open_part(take(body, Kind.ACTUALS).parts[0].body).column("prediction_timestamp")
    assert made.type == pa.timestamp("us", "UTC")
    assert made.cast(pa.int64()).to_pylist() == [60_000_000, None]
    with pytest.raises(InvalidRequest):
        take(body_of(batch_of([*usual(), column("prediction_timestamp", said)])))


@pytest.mark.parametrize("name", ["../../x", "'; DROP TABLE predictions; --", "<script>alert(1)</script>", "timestamp"])
def test_a_feature_may_have_any_name(name: str) -> None:
    assert rows_of(body_of(batch_of([column("prediction_score", [0.1]), column("feature", [1.5], name)])))[name] == [
        1.5
    ]


def test_a_name_may_stand_in_two_roles() -> None:
    columns = [column("prediction_score", [0.1]), column("feature", [1.5], "x"), column("tag", ["a"], "x")]
    assert take(body_of(batch_of(columns))).accepted == 1


@pytest.mark.parametrize("media", ["", "text/html", "application/x-www-form-urlencoded", "application/octet-stream"])
def test_another_content_type_is_its_own_error(media: str) -> None:
    with pytest.raises(UnsupportedWire):
        decode(b"{}", media, Kind.PREDICTIONS, NOW, counter())
