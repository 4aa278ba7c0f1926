"""Laws over any input: counts add up, and accepted values come out as they went in."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import ARROW_STREAM, Kind, Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.ingest.decode import decode
from modelwatch.ingest.part import open_part
from tests.ingest.bodies import NOW, counter

NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SCALARS = st.none() | st.booleans() | st.integers() | st.integers(-3, 3) | st.floats() | TEXT
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
FIELDS = st.sampled_from(
    [
        *("model_id", "model_version", "prediction_id", "prediction_label", "prediction_score", "features", "tags"),
        *("timestamp", "environment", "weight", "embeddings", "explanation", "prediction_scores", "other"),
    ]
)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def plainly(value: Any) -> str:
    """A scalar as text, told without the code under test."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value) and abs(value) <= 2**53 and value == int(value):
        return str(int(value))
    return value if isinstance(value, str) else repr(value)


def read_back(rows: Conformed, key: ColumnKey, row: int) -> Any:
    """One value: the exact one beside the columns where there is one, else that of the column."""
    kept = json.loads(rows.extra[row].as_py() or "{}") if rows.extra is not None else {}
    beside = kept.get(key.role.value, {})
    if key.name in beside:
        return beside[key.name]
    return rows.columns[key].values[row].as_py() if key in rows.columns else None


def same(a: Any, b: Any) -> bool:
    return a == b or (isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(NAMES, SCALARS, max_size=4), min_size=1, max_size=6))
def test_features_come_out_as_they_went_in(rows: list[dict[str, Any]]) -> None:
    body = [
        {"model_id": "m", "model_version": "1", "prediction_id": str(i), "prediction_score": 0.5, "features": features}
        for i, features in enumerate(rows)
    ]
    decoded = decode(json.dumps(body).encode(), "application/json", Kind.PREDICTIONS, NOW, counter())
    assert (decoded.accepted, decoded.rejected) == (len(rows), ())
    came = conform(open_part(decoded.parts[0].body), Kind.PREDICTIONS, None)
    assert came.prediction_id.to_pylist() == [str(i) for i in range(len(rows))]
    for name in {name for features in rows for name in features}:
        key = ColumnKey(Role.FEATURE, name)
        column = next((column for column in came.schema.columns if column.key == key), None)
        sent = [features.get(name) for features in rows]
        assert (column is None) == all(value is None for value in sent)
        for i, value in enumerate(sent):
            got = read_back(came, key, i)
            if value is None:
                assert got is None
            elif column is not None and column.type is ColumnType.NUMERIC:
                assert is_number(value)
                assert same(got, value) or got == value
            elif column is not None and column.type is ColumnType.BOOLEAN:
                assert got is value
            else:
                assert got == plainly(value)


@settings(deadline=None, max_examples=200)
@given(st.lists(SCALARS, min_size=1, max_size=6), st.sampled_from(list(ColumnType)[:3]))
def test_nothing_is_lost_under_a_frozen_schema(values: list[Any], kind: ColumnType) -> None:
    """Whatever comes, the column, its mistyped mask and `extra` together still say it."""
    first: Any = {ColumnType.NUMERIC: 1.5, ColumnType.BOOLEAN: True, ColumnType.CATEGORY: "a"}[kind]
    body = [{"model_id": "m", "model_version": "1", "prediction_score": 0.5, "features": {"x": v}} for v in values]
    opening = json.dumps([{**body[0], "features": {"x": first}}]).encode()
    batches = [
        open_part(decode(raw, "application/json", Kind.PREDICTIONS, NOW, counter()).parts[0].body)
        for raw in (opening, json.dumps(body).encode())
    ]
    schema = conform(batches[0], Kind.PREDICTIONS, None).schema
    rows = conform(batches[1], Kind.PREDICTIONS, schema)
    key = ColumnKey(Role.FEATURE, "x")
    column = rows.columns[key]
    for i, value in enumerate(values):
        wrong = column.mistyped is not None and bool(column.mistyped[i])
        assert (column.values[i].as_py() is None) == (value is None or wrong)
        got = read_back(rows, key, i)
        if value is None:
            assert got is None
            continue
        spellings = {plainly(value), plainly(value).strip().lower(), repr(value), str(value)}
        if kind is ColumnType.CATEGORY:
            assert got == plainly(value)
        elif isinstance(value, str) and not wrong:
            number = {"true": 1.0, "false": 0.0}.get(value.strip().lower())
            expected = number if number is not None else float(value)
            assert same(float(got), expected) or int(value) == got
        elif isinstance(value, str):
            assert got == value
        elif is_number(value) or isinstance(value, bool):
            assert plainly(got) in spellings or same(float(got), float(value))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(JSON | st.dictionaries(FIELDS, JSON, max_size=8), max_size=5),
    st.sampled_from([Kind.PREDICTIONS, Kind.ACTUALS]),
)
def test_whatever_comes_is_taken_or_refused(rows: list[Any], kind: Kind) -> None:
    good: dict[str, Any] = {"model_id": "m", "prediction_id": "a"}
    good |= {"model_version": "1", "prediction_score": 0.5} if kind is Kind.PREDICTIONS else {"actual_label": "a"}
    body = [*rows, good, *({**good, **row} if isinstance(row, dict) else row for row in rows)]
    for raw, media in (
        (json.dumps(body).encode(), "application/json"),
        (b"\n".join(json.dumps(row).encode() for row in body), "application/x-ndjson"),
    ):
        decoded = decode(raw, media, kind, NOW, counter())
        assert decoded.received == len(body) == decoded.accepted + len(decoded.rejected)
        assert decoded.accepted >= 1
        for part in decoded.parts:
            batch = open_part(part.body)
            batch.validate(full=True)
            assert conform(batch, kind, None).rows == part.rows


@settings(deadline=None, max_examples=300)
@given(
    st.binary(max_size=300),
    st.sampled_from(["application/json", "application/x-ndjson", ARROW_STREAM, "text/csv"]),
    st.sampled_from([Kind.PREDICTIONS, Kind.ACTUALS]),
)
def test_garbage_is_refused_cleanly(body: bytes, media: str, kind: Kind) -> None:
    with contextlib.suppress(InvalidRequest):
        decoded = decode(body, media, kind, NOW, counter())
        assert decoded.received == decoded.accepted + len(decoded.rejected)
