"""A batch under its frozen schema: nothing that fits is touched, nothing that does not is lost."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from modelwatch.core.column import Change, Column, ColumnKey, ColumnType, Schema, SchemaChange
from modelwatch.core.wire import Kind, Role
from modelwatch.errors import CorruptData
from modelwatch.ingest.column_values import to_values
from modelwatch.ingest.conform import Conformed, conform
from modelwatch.profiles.values import BOOLEANS, CategoryValues, NumericValues
from tests.ingest.bodies import DICTIONARY, NOW, batch_of, column, usual

X = ColumnKey(Role.FEATURE, "x")
NAN = float("nan")


def frozen(kind: ColumnType, dimension: int = 0) -> Schema:
    """The schema of one feature."""
    return Schema((Column(X, kind, dimension),))


def fitted(kind: ColumnType, values: Any, arrow: Any = None, dimension: int = 0) -> Conformed:
    """The feature `x` with these values under a frozen type."""
    array = values if isinstance(values, pa.Array) else pa.array(values, arrow)
    envelope = [(field, array_.slice(0, 0)) for field, array_ in usual()[:2]] if not len(array) else None
    columns = envelope or usual(max(len(array), 3))[:2]
    rows = [(field, each.slice(0, len(array))) for field, each in columns]
    return conform(batch_of([*rows, column("feature", array, "x")]), Kind.PREDICTIONS, frozen(kind, dimension))


def extras(rows: Conformed) -> list[Any]:
    """What each row holds beyond the schema."""
    if rows.extra is None:
        return [None] * rows.rows
    return [None if text is None else json.loads(text) for text in rows.extra.to_pylist()]


def mistyped(rows: Conformed) -> list[bool]:
    """Which rows did not fit."""
    mask = rows.columns[X].mistyped
    return [False] * rows.rows if mask is None else mask.tolist()


def test_the_first_batch_makes_the_schema() -> None:
    more = [
        column("prediction_label", [1, 0, 1]),
        column("tag", [True, False, None], "t"),
        column("embedding", pa.array([None, [1.0, 2.0], [3.0, 4.0]], pa.list_(pa.float32())), "e"),
        column("weight", [1.0, 0.5, None]),
        column("feature", [1, 2, 3], "n"),
        column("feature", pa.nulls(3, pa.float64()), "later"),
    ]
    rows = conform(batch_of([*usual(), *more]), Kind.PREDICTIONS, None)
    assert [(c.key.role.value, c.key.name, c.type.value, c.dimension) for c in rows.schema.columns] == [
        ("prediction_score", "", "numeric", 0),
        ("feature", "amount", "numeric", 0),
        ("feature", "shop", "category", 0),
        ("feature", "known", "boolean", 0),
        ("prediction_label", "", "category", 0),
        ("tag", "t", "category", 0),
        ("embedding", "e", "vector", 2),
        ("feature", "n", "numeric", 0),
    ]
    assert rows.changes == ()
    assert rows.extra is None
    assert rows.prediction_id.to_pylist() == ["p0", "p1", "p2"]
    assert rows.timestamp.tolist() == [NOW, NOW - 1, NOW - 2]
    assert rows.weight is not None
    assert rows.weight.tolist() == [1.0, 0.5, 1.0]


def test_what_is_already_canonical_is_not_copied() -> None:
    batch = batch_of(usual())
    schema = conform(batch, Kind.PREDICTIONS, None).schema
    rows = conform(batch, Kind.PREDICTIONS, schema)
    amount = rows.columns[ColumnKey(Role.FEATURE, "amount")]
    assert rows.schema is schema
    assert amount.values.buffers()[1].address == batch.column("amount").buffers()[1].address
    assert all(each.mistyped is None for each in rows.columns.values())
    assert rows.weight is None


@pytest.mark.parametrize(
    ("kind", "values", "arrow", "expected", "wrong", "extra"),
    [
        ("numeric", [1, None], pa.int64(), [1.0, None], [], {}),
        ("numeric", [0.5, None], pa.float32(), [0.5, None], [], {}),
        ("numeric", [2**53 + 1, 2**53], pa.int64(), [2.0**53, 2.0**53], [], {0: 2**53 + 1}),
        ("numeric", [2**63 - 1, -(2**63)], pa.int64(), [2.0**63, -(2.0**63)], [], {0: 2**63 - 1}),
        ("numeric", [True, None, False], pa.bool_(), [1.0, None, 0.0], [], {}),
        ("numeric", ["34", " 3.5 ", None], pa.utf8(), [34.0, 3.5, None], [], {}),
        ("numeric", ["34", "abc", "inf"], DICTIONARY, [34.0, None, float("inf")], [1], {1: "abc"}),
        ("numeric", ["true", str(2**64 + 1)], pa.utf8(), [1.0, 2.0**64], [], {1: 2**64 + 1}),
        ("numeric", ["1_0", "٣", ""], pa.utf8(), [None] * 3, [0, 1, 2], {0: "1_0", 1: "٣", 2: ""}),
        ("numeric", [[1.0], None], pa.list_(pa.float32()), [None, None], [0], {0: [1.0]}),
        ("category", [3, None], pa.int64(), ["3", None], [], {}),
        ("category", [3.0, 0.1, NAN], pa.float64(), ["3", "0.1", "nan"], [], {}),
        ("category", [True, None], pa.bool_(), ["true", None], [], {}),
        ("category", ["a", None, "a"], pa.utf8(), ["a", None, "a"], [], {}),
        ("category", [[1.0]], pa.list_(pa.float32()), [None], [0], {0: [1.0]}),
        ("boolean", [1, 0, None, 2], pa.int64(), [True, False, None, None], [3], {3: 2}),
        ("boolean", [1.0, 0.5, NAN], pa.float64(), [True, None, None], [1, 2], {1: 0.5, 2: "NaN"}),
        ("boolean", ["TRUE", "false", "yes"], pa.utf8(), [True, False, None], [2], {2: "yes"}),
        ("boolean", [[1.0]], pa.list_(pa.float32()), [None], [0], {0: [1.0]}),
        ("vector", [[1.0, 2.0], None], pa.list_(pa.float32()), [[1.0, 2.0], None], [], {}),
        ("vector", [[1.0], [1.0, 2.0]], pa.list_(pa.float32()), [None, [1.0, 2.0]], [0], {0: [1.0]}),
        ("vector", [1.0, None], pa.float64(), [None, None], [0], {0: 1.0}),
        ("vector", ["a"], DICTIONARY, [None], [0], {0: "a"}),
    ],
)
def test_a_value_fits_or_is_kept_beside(
    kind: str, values: list[Any], arrow: Any, expected: list[Any], wrong: list[int], extra: dict[int, Any]
) -> None:
    rows = fitted(ColumnType(kind), values, arrow, dimension=2)
    assert rows.columns[X].values.to_pylist() == expected
    assert [row for row, flag in enumerate(mistyped(rows)) if flag] == wrong
    assert extras(rows) == [{"feature": {"x": extra[row]}} if row in extra else None for row in range(len(values))]


@pytest.mark.parametrize("kind", ColumnType)
@pytest.mark.parametrize("arrow", [pa.float64(), pa.int64(), pa.bool_(), pa.utf8(), DICTIONARY, pa.list_(pa.float32())])
@pytest.mark.parametrize("length", [0, 3])
def test_a_column_of_nulls_fits_every_type_and_changes_nothing(kind: ColumnType, arrow: Any, length: int) -> None:
    rows = fitted(kind, pa.nulls(length, arrow))
    assert rows.columns[X].values.to_pylist() == [None] * length
    assert rows.changes == ()
    assert not any(mistyped(rows))


@pytest.mark.parametrize("kind", ColumnType)
def test_values_have_the_frozen_type_whatever_came(kind: ColumnType) -> None:
    expected = {
        ColumnType.NUMERIC: pa.float64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.CATEGORY: DICTIONARY,
        ColumnType.VECTOR: pa.list_(pa.float32()),
    }[kind]
    for values in ([1.5], [3], [True], ["a"], ["1"], [None], pa.array([[1.0]], pa.list_(pa.float32()))):
        assert fitted(kind, values, dimension=1).columns[X].values.type == expected


def test_changes_are_told_and_harm_nothing() -> None:
    amount, gone = ColumnKey(Role.FEATURE, "amount"), ColumnKey(Role.FEATURE, "gone")
    schema = Schema((Column(amount, ColumnType.CATEGORY), Column(gone, ColumnType.NUMERIC)))
    batch = batch_of([*usual()[:2], usual()[3], column("feature", [1, None, 2], "fresh")])
    rows = conform(batch, Kind.PREDICTIONS, schema)
    assert set(rows.changes) == {
        SchemaChange(amount, Change.TYPE, "category", "numeric"),
        SchemaChange(gone, Change.MISSING, "numeric", ""),
        SchemaChange(ColumnKey(Role.FEATURE, "fresh"), Change.NEW, "", "numeric"),
    }
    assert rows.schema is schema
    assert list(rows.columns) == [amount, gone]
    assert rows.columns[gone].values.to_pylist() == [None] * 3
    assert rows.columns[amount].values.to_pylist() == ["0", "1.5", "3"]
    assert extras(rows) == [{"feature": {"fresh": 1}}, None, {"feature": {"fresh": 2}}]


def test_a_new_role_without_a_name_is_kept_under_its_role() -> None:
    rows = conform(batch_of(usual()), Kind.PREDICTIONS, Schema(()))
    kept = extras(rows)[1]
    assert kept == {"prediction_score": 0.1, "feature": {"amount": 1.5, "shop": "b", "known": False}}


def test_rows_without_ids_and_times_are_taken_for_a_reference() -> None:
    rows = conform(batch_of([column("feature", [1.0, 2.0], "x")]), Kind.PREDICTIONS, None)
    assert rows.prediction_id.to_pylist() == [None, None]
    assert rows.timestamp.tolist() == [0, 0]


def test_a_column_that_ingest_never_lets_through_is_a_damage() -> None:
    with pytest.raises(CorruptData):
        conform(batch_of([column("prediction_id", ["a"]), column("feature", [1.0], "x")]), Kind.ACTUALS, None)


def test_actuals_have_a_schema_of_their_own() -> None:
    batch = batch_of([column("prediction_id", ["a"]), column("actual_label", [True]), column("actual_value", [3])])
    rows = conform(batch, Kind.ACTUALS, None)
    assert [values.values.to_pylist() for values in rows.columns.values()] == [["true"], [3.0]]


def test_the_profiler_sees_numbers_without_a_copy() -> None:
    rows = fitted(ColumnType.NUMERIC, ["1.5", None, "a"])
    values = to_values(rows.columns[X], ColumnType.NUMERIC)
    assert isinstance(values, NumericValues)
    assert values.null is not None
    assert values.mistyped is not None
    assert (values.values[0], values.null.tolist(), values.mistyped.tolist()) == (
        1.5,
        [False, True, True],
        [False, False, True],
    )
    sliced = fitted(ColumnType.NUMERIC, pa.array([0.0, 1.0, 2.0]).slice(1, 1))
    assert np.array_equal(getattr(to_values(sliced.columns[X], ColumnType.NUMERIC), "values"), [1.0])  # noqa: B009


def test_the_profiler_sees_categories_as_codes() -> None:
    values = to_values(fitted(ColumnType.CATEGORY, ["b", None, "a", "b"]).columns[X], ColumnType.CATEGORY)
    assert isinstance(values, CategoryValues)
    assert values.codes.dtype == np.int32
    assert [None if code < 0 else values.dictionary[code] for code in values.codes] == ["b", None, "a", "b"]


def test_the_profiler_sees_booleans_as_two_categories() -> None:
    values = to_values(fitted(ColumnType.BOOLEAN, [True, None, False]).columns[X], ColumnType.BOOLEAN)
    assert isinstance(values, CategoryValues)
    assert (values.codes.tolist(), values.dictionary, values.boolean) == ([1, -1, 0], BOOLEANS, True)


@pytest.mark.parametrize("kind", list(ColumnType)[:3])
def test_the_profiler_takes_an_empty_batch(kind: ColumnType) -> None:
    values = to_values(fitted(kind, pa.array([], pa.float64())).columns[X], kind)
    assert values is not None
    assert len(values) == 0
