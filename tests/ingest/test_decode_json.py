"""JSON bodies: an object, a list, NDJSON; what each value becomes, and why a row is refused."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from modelwatch.core.wire import MAX_COLUMNS, MAX_ROWS, Kind
from modelwatch.errors import InvalidRequest, TooLarge
from modelwatch.ingest.decode import Decoded, decode
from modelwatch.ingest.decode_json import MAX_PARTS
from modelwatch.ingest.part import open_part
from modelwatch.ingest.reason import SENTENCES, Reason
from tests.ingest.bodies import NOW, counter

NOW_S = NOW / 1e6
GOOD: dict[str, Any] = {
    "model_id": "fraud",
    "model_version": "2.1.0",
    "prediction_id": "p1",
    "prediction_label": "fraud",
    "prediction_score": 0.87,
    "features": {"amount": 12.5, "shop": "a", "known": True, "count": 3},
    "tags": {"region": "us-west"},
    "timestamp": "2024-01-15T10:30:00Z",
}
TRUTH: dict[str, Any] = {"model_id": "fraud", "prediction_id": "p1", "actual_label": "fraud"}


def send(body: Any, kind: Kind = Kind.PREDICTIONS, media: str = "application/json; charset=utf-8") -> Decoded:
    """Decode a body that is given as text or as plain values."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    decoded = decode(raw, media, kind, NOW, counter())
    assert decoded.received == decoded.accepted + len(decoded.rejected)
    return decoded


def lines(*rows: bytes) -> Decoded:
    """Decode NDJSON."""
    return send(b"\n".join(rows), media="application/x-ndjson")


def row(**values: Any) -> dict[str, Any]:
    """A good prediction with some fields changed."""
    return {**GOOD, **values}


def stored(body: Any, kind: Kind = Kind.PREDICTIONS) -> pa.RecordBatch:
    """The one part of a body."""
    (part,) = send(body, kind).parts
    return open_part(part.body)


def feature(*values: Any) -> pa.Array:
    """The column that a feature with these values becomes."""
    return stored([row(prediction_id=str(i), features={"x": value}) for i, value in enumerate(values)])["x"]


def test_a_single_object_says_its_id() -> None:
    decoded = send(GOOD)
    assert (decoded.received, decoded.accepted, decoded.single_id, decoded.identity) == (1, 1, "p1", None)


def test_a_list_of_one_is_a_list() -> None:
    assert send([GOOD]).single_id is None


def test_an_id_is_made_when_there_is_none() -> None:
    without = {key: value for key, value in GOOD.items() if key != "prediction_id"}
    assert send(without).single_id == "new-0"
    assert send(row(prediction_id=None)).single_id == "new-0"
    assert stored([without, without])["prediction_id"].to_pylist() == ["new-0", "new-1"]


def test_each_role_has_its_column() -> None:
    batch = stored(
        row(
            prediction_value=3,
            prediction_scores={"fraud": 0.87, "fine": 0.13},
            weight=2,
            embeddings={"text": [1, 2.5]},
            explanation={"amount": 0.5},
            group_id=7,
            rank=1,
            prediction_label=True,
        )
    )
    said = {(field.metadata[b"role"].decode(), field.name) for field in batch.schema}
    assert said == {
        *((role, role) for role in ("prediction_id", "timestamp", "prediction_label", "prediction_score")),
        *((role, role) for role in ("prediction_value", "weight", "group_id", "rank")),
        *(("feature", name) for name in ("amount", "shop", "known", "count")),
        *(("prediction_scores", name) for name in ("fraud", "fine")),
        ("tag", "region"),
        ("embedding", "text"),
        ("explanation", "amount"),
    }
    (values,) = batch.to_pylist()
    assert (values["prediction_label"], values["group_id"], values["weight"]) == ("true", "7", 2.0)
    assert values["text"] == [1.0, 2.5]


def test_an_actual_needs_no_version() -> None:
    decoded = send(TRUTH, Kind.ACTUALS)
    assert (decoded.parts[0].version, decoded.parts[0].environment, decoded.single_id) == ("", "production", "p1")


def test_rows_of_many_models_become_a_part_each() -> None:
    body = [row(model_id=name, environment=where) for name in ("a", "b") for where in ("production", "test")] * 2
    decoded = send(body)
    assert {(part.model, part.environment, part.rows) for part in decoded.parts} == {
        (name, where, 2) for name in ("a", "b") for where in ("production", "test")
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-01-15T10:30:00", 1705314600_000000),
        ("2024-01-15T11:30:00.25+01:00", 1705314600_250000),
        (1705314600, 1705314600_000000),
        (1705314600.5, 1705314600_500000),
        (None, NOW),
        (-1.5, -1_500_000),
    ],
)
def test_times_are_iso_or_seconds_and_naive_is_utc(value: Any, expected: int) -> None:
    assert stored(row(timestamp=value))["timestamp"].cast(pa.int64()).to_pylist() == [expected]


def test_fifteen_minutes_ahead_are_forgiven() -> None:
    assert send(row(timestamp=NOW_S + 899)).accepted == 1
    assert send(row(timestamp=NOW_S + 901)).rejected[0].reason == Reason.TIMESTAMP_IN_FUTURE


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ((1.5, None), pa.float64(), [1.5, None]),
        ((1, 2**53 + 1), pa.int64(), [1, 2**53 + 1]),
        ((1, 2.5), pa.float64(), [1.0, 2.5]),
        ((2**53 + 1, 2.5), pa.utf8(), [str(2**53 + 1), "2.5"]),
        ((2**63, 1), pa.utf8(), [str(2**63), "1"]),
        ((2**64 + 1, 1), pa.utf8(), [str(2**64 + 1), "1"]),
        ((-(10**30), 1), pa.utf8(), [str(-(10**30)), "1"]),
        ((True, None), pa.bool_(), [True, None]),
        ((True, 2), pa.utf8(), ["true", "2"]),
        (("a", 3, 3.5), pa.utf8(), ["a", "3", "3.5"]),
        ((None, None), pa.float64(), [None, None]),
    ],
)
def test_a_feature_has_the_narrowest_type_that_holds_it_exactly(values: Any, kind: Any, expected: list[Any]) -> None:
    column = feature(*values)
    assert column.type == kind
    assert column.to_pylist() == expected


def test_nan_and_the_infinities_are_kept() -> None:
    (part,) = send(json.dumps([row(features={"x": float(word)}) for word in ("nan", "inf", "-inf")]).encode()).parts
    values = open_part(part.body)["x"].to_pylist()
    assert str(values) == "[nan, inf, -inf]"


def test_a_number_beyond_float64_is_infinity() -> None:
    body = json.dumps(GOOD).replace("12.5", "1e999").encode()
    assert stored(body)["amount"].to_pylist() == [float("inf")]


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    body = json.dumps(GOOD).replace('"amount": 12.5', '"amount": 12.5, "amount": 13.5').encode()
    assert stored(body)["amount"].to_pylist() == [13.5]


def test_a_feature_that_some_rows_lack_is_null_there() -> None:
    batch = stored([row(features={"x": 1}), row(features={"y": 2}), row(features=None)])
    assert (batch["x"].to_pylist(), batch["y"].to_pylist()) == ([1, None, None], [None, 2, None])


def test_names_are_only_data() -> None:
    names = ["../../x", "'; DROP TABLE x", "<script>", "timestamp", "a b", "ü"]
    (values,) = stored(row(features=dict.fromkeys(names, 1))).to_pylist()
    assert [values[name] for name in names if name != "timestamp"] == [1] * 5


REFUSED: list[tuple[Any, Reason]] = [
    (1, Reason.NOT_AN_OBJECT),
    (None, Reason.NOT_AN_OBJECT),
    ([GOOD], Reason.NOT_AN_OBJECT),
    (row(featuers={}), Reason.UNKNOWN_FIELD),
    (row(actual_label="a"), Reason.UNKNOWN_FIELD),
    (row(model_id=None), Reason.MISSING_MODEL_ID),
    (row(model_id=""), Reason.MISSING_MODEL_ID),
    (row(model_version=None), Reason.MISSING_MODEL_VERSION),
    (row(model_id=1), Reason.INVALID_NAME),
    (row(model_version=2.1), Reason.INVALID_NAME),
    (row(environment=""), Reason.INVALID_NAME),
    (row(model_id="a\0b"), Reason.INVALID_NAME),
    (row(features={"": 1}), Reason.INVALID_NAME),
    (row(features={"a\0": 1}), Reason.INVALID_NAME),
    (row(model_id="x" * 513), Reason.NAME_TOO_LONG),
    (row(tags={"ü" * 257: "a"}), Reason.NAME_TOO_LONG),
    (row(prediction_id=""), Reason.INVALID_PREDICTION_ID),
    (row(prediction_id=True), Reason.INVALID_PREDICTION_ID),
    (row(prediction_id=1.5), Reason.INVALID_PREDICTION_ID),
    (row(prediction_id="ü" * 257), Reason.INVALID_PREDICTION_ID),
    (row(timestamp="yesterday"), Reason.INVALID_TIMESTAMP),
    (row(timestamp=True), Reason.INVALID_TIMESTAMP),
    (row(timestamp=float("nan")), Reason.INVALID_TIMESTAMP),
    (row(timestamp=1e300), Reason.INVALID_TIMESTAMP),
    (row(timestamp=10**30), Reason.INVALID_TIMESTAMP),
    (row(timestamp=[]), Reason.INVALID_TIMESTAMP),
    (row(timestamp="9999-12-31"), Reason.TIMESTAMP_IN_FUTURE),
    (row(timestamp=NOW_S * 1000), Reason.INVALID_TIMESTAMP),
    (row(prediction_label=None, prediction_score=None), Reason.NO_PREDICTION),
    (row(prediction_label=None, prediction_score=None, prediction_scores={"a": None}), Reason.NO_PREDICTION),
    (row(prediction_label={}), Reason.INVALID_LABEL),
    (row(prediction_score="high"), Reason.INVALID_SCORE),
    (row(prediction_score=True), Reason.INVALID_SCORE),
    (row(prediction_score=10**400), Reason.INVALID_SCORE),
    (row(prediction_scores=[0.5]), Reason.INVALID_SCORE),
    (row(prediction_scores={"a": "b"}), Reason.INVALID_SCORE),
    (row(prediction_value="12"), Reason.INVALID_VALUE),
    (row(weight=-0.1), Reason.INVALID_WEIGHT),
    (row(weight=float("inf")), Reason.INVALID_WEIGHT),
    (row(weight="1"), Reason.INVALID_WEIGHT),
    (row(group_id=1.5), Reason.INVALID_GROUP_ID),
    (row(rank="first"), Reason.INVALID_RANK),
    (row(features=[1]), Reason.INVALID_FEATURES),
    (row(features={"x": {"y": 1}}), Reason.INVALID_FEATURES),
    (row(features={"x": [1.0]}), Reason.INVALID_FEATURES),
    (row(tags="a"), Reason.INVALID_TAGS),
    (row(tags={"a": ["b"]}), Reason.INVALID_TAGS),
    (row(embeddings=[1.0]), Reason.INVALID_EMBEDDING),
    (row(embeddings={"e": []}), Reason.INVALID_EMBEDDING),
    (row(embeddings={"e": [0.0] * 4097}), Reason.INVALID_EMBEDDING),
    (row(embeddings={"e": [1.0, None]}), Reason.INVALID_EMBEDDING),
    (row(embeddings={"e": "text"}), Reason.INVALID_EMBEDDING),
    (row(explanation={"amount": "much"}), Reason.INVALID_EXPLANATION),
    (row(features={f"f{i}": i for i in range(10_000)}), Reason.TOO_MANY_COLUMNS),
    (row(features={"x": "\ud800"}), Reason.INVALID_TEXT),
]
REFUSED_ACTUALS: list[tuple[Any, Reason]] = [
    ({**TRUTH, "prediction_id": None}, Reason.MISSING_PREDICTION_ID),
    ({**TRUTH, "actual_label": None}, Reason.NO_ACTUAL),
    ({**TRUTH, "actual_label": [1]}, Reason.INVALID_LABEL),
    ({**TRUTH, "actual_score": "a"}, Reason.INVALID_SCORE),
    ({**TRUTH, "actual_value": "a"}, Reason.INVALID_VALUE),
    ({**TRUTH, "relevance": "a"}, Reason.INVALID_RELEVANCE),
    ({**TRUTH, "features": {}}, Reason.UNKNOWN_FIELD),
    ({**TRUTH, "prediction_timestamp": "soon"}, Reason.INVALID_TIMESTAMP),
    ({**TRUTH, "prediction_timestamp": "2999-01-01"}, Reason.TIMESTAMP_IN_FUTURE),
]


@pytest.mark.parametrize(("bad", "reason"), REFUSED)
def test_a_bad_prediction_is_refused_beside_a_good_one(bad: Any, reason: Reason) -> None:
    decoded = send([GOOD, bad, GOOD])
    assert decoded.accepted == 2
    (rejection,) = decoded.rejected
    assert (rejection.row, rejection.reason) == (1, reason)
    assert rejection.detail
    json.loads(rejection.record[:16_000] if len(rejection.record) < 16_000 else "null")


@pytest.mark.parametrize(("bad", "reason"), REFUSED_ACTUALS)
def test_a_bad_actual_is_refused_beside_a_good_one(bad: Any, reason: Reason) -> None:
    decoded = send([TRUTH, bad], Kind.ACTUALS)
    assert (decoded.accepted, decoded.rejected[0].reason) == (1, reason)


def test_every_reason_is_shown_by_a_row() -> None:
    shown = {reason for _, reason in [*REFUSED, *REFUSED_ACTUALS]}
    assert shown | {Reason.MALFORMED_JSON, Reason.TOO_MANY_MODELS} == set(Reason) == set(SENTENCES)


def test_an_unknown_field_names_the_one_that_was_meant() -> None:
    assert "'features'" in send(row(featuers={})).rejected[0].detail


def test_milliseconds_are_suspected() -> None:
    assert "milliseconds" in send(row(timestamp=NOW_S * 1000)).rejected[0].detail


def test_a_broken_line_sinks_only_itself() -> None:
    good = json.dumps(GOOD).encode()
    decoded = lines(good, b'{"model_id": "fr', b"", b"  ", good + b"\r", b"\xff", b"[" * 5_000, good)
    assert (decoded.received, decoded.accepted) == (6, 3)
    assert [(rejection.row, rejection.reason) for rejection in decoded.rejected] == [
        (1, Reason.MALFORMED_JSON),
        (3, Reason.MALFORMED_JSON),
        (4, Reason.MALFORMED_JSON),
    ]
    assert decoded.rejected[0].record == '{"model_id": "fr'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "line 1 column 1"),
        (b'[{"a": 1},\n {"b" 2}]', "line 2 column 7"),
        (b'{"a": "\xff"}', "byte 7"),
        (b"[" * 100_000, "deep"),
        (b'{"a":' * 100_000, "deep"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "digits"),
        (b'{"a": 1} {"a": 2}', "line 1 column 10"),
    ],
)
def test_broken_json_is_refused_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        send(body)


def test_nothing_at_all_is_no_error() -> None:
    assert send([]).received == 0
    assert lines(b"").received == 0


def test_too_many_rows_are_too_large() -> None:
    with pytest.raises(TooLarge, match="rows"):
        send(b"[" + b"1," * MAX_ROWS + b"1]")


def test_rows_that_share_no_columns_do_not_fill_the_memory() -> None:
    body = [row(features={f"f{i % 1_900}": 1}, tags=None) for i in range(4_000)]
    with pytest.raises(TooLarge, match="in common"):
        send(body)


def test_only_the_rows_that_bring_too_many_columns_are_refused() -> None:
    body = [row(features={f"f{i}-{j}": 1 for j in range(1_000)}, tags=None) for i in range(3)]
    decoded = send([*body, GOOD])
    assert [rejection.row for rejection in decoded.rejected] == [1, 2]
    assert len(open_part(decoded.parts[0].body).schema) <= MAX_COLUMNS


def test_a_request_has_room_for_a_thousand_models() -> None:
    decoded = send([row(model_id=f"m{i}") for i in range(MAX_PARTS + 2)] + [row(model_id="m0")])
    assert len(decoded.parts) == MAX_PARTS
    assert [(rejection.row, rejection.reason) for rejection in decoded.rejected] == [
        (MAX_PARTS, Reason.TOO_MANY_MODELS),
        (MAX_PARTS + 1, Reason.TOO_MANY_MODELS),
    ]


def test_what_is_kept_of_a_refused_row_can_be_stored_anywhere() -> None:
    (rejection,) = send(b'[{"model_id": "a\\u0000b", "x": "\\ud800"}]').rejected
    assert rejection.model == ""
    assert (rejection.record + rejection.detail).encode()
    assert "\0" not in rejection.record
