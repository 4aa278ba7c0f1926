"""Values of metrics on labelled rows, in whatever form Arrow holds them, whole and by window."""

from __future__ import annotations

import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.lake.columns import OWN, lake_field
from modelwatch.metrics import ColumnInfo, Metric, MetricValue, check_metric, columns_of, evaluate, evaluate_windows
from modelwatch.monitors.custom.values import Kind

LOST = "sum(amount) filter (where actual = 'fraud' and prediction = 'ok')"


def value_of(expression: str, table: pa.Table) -> float | None:
    found = evaluate(Metric("m", expression), table)
    assert found.error == ""
    return found.value


def lake_rows() -> pa.Table:
    """Rows as the lake has them, with the labels that came."""
    text, number = ColumnType.CATEGORY, ColumnType.NUMERIC
    fields = [
        lake_field(ColumnKey(Role.PREDICTION_ID, ""), text),
        lake_field(ColumnKey(Role.TIMESTAMP, ""), number),
        *OWN,
        lake_field(ColumnKey(Role.PREDICTION_LABEL, ""), text),
        lake_field(ColumnKey(Role.PREDICTION_SCORES, "not fraud"), number),
        lake_field(ColumnKey(Role.FEATURE, "amount"), number),
        lake_field(ColumnKey(Role.FEATURE, "actual"), number),
        lake_field(ColumnKey(Role.FEATURE, "zip"), number),
        lake_field(ColumnKey(Role.FEATURE, "zip"), text).with_name("feature_zip~category"),
        lake_field(ColumnKey(Role.FEATURE, 'Übel "; drop'), ColumnType.BOOLEAN),
        lake_field(ColumnKey(Role.TAG, "amount"), text),
        lake_field(ColumnKey(Role.EMBEDDING, "text"), ColumnType.VECTOR),
        lake_field(ColumnKey(Role.ACTUAL_LABEL, ""), text),
    ]
    values = [
        ["a", "b", "c", "d"],
        pa.array([40, 10, 20, 30], pa.timestamp("us", "UTC")),
        pa.array([1, 2, 3, 4], pa.timestamp("us", "UTC")),
        pa.array(["1", "1", "2", "2"]),
        pa.array(["production"] * 4),
        pa.array([None, None, None, '{"x": 1}']),
        [10.0, 11.0, 12.0, 13.0],
        pa.array(["ok", "ok", "fraud", "ok"]),
        [0.25, 0.5, None, 1.0],
        [100.0, 20.0, 3.0, None],
        [7.0, 7.0, 7.0, 8.0],
        [1.0, 2.0, None, None],
        pa.array([None, None, "x", "y"]),
        [True, False, None, True],
        pa.array(["much", "little", "little", None]),
        [[1.0], [2.0], None, None],
        pa.array(["fraud", "ok", "fraud", None]),
    ]
    arrays = [pa.array(column).cast(field.type) for column, field in zip(values, fields, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (LOST, 100.0),
        ("count(actual) / count(*)", 0.75),
        ('avg(score."not fraud")', 1.75 / 3),
        ("avg(feature.actual)", 7.25),
        ("sum(amount)", 123.0),
        ("count(*) filter (where tag.amount = 'little')", 2.0),
        ("count(distinct version)", 2.0),
        ("count(*) filter (where environment = 'production' and prediction_id > 'b')", 2.0),
        ('count(*) filter (where "Übel ""; drop")', 2.0),
        ("sum(zip)", 3.0),
        ('count("zip~text")', 2.0),
        ("max(epoch(timestamp)) * 1e6", 40.0),
        ("sum(amount) filter (where actual = 'x')", None),
    ],
)
def test_columns_of_the_lake_are_known_by_the_names_that_users_gave(expression: str, value: float | None) -> None:
    found = value_of(expression, lake_rows())
    assert found == (value if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    "hidden", ["received_at", "extra", "log_position", "text", "feature_amount", '"feature_zip~category"']
)
def test_no_other_column_of_the_lake_is_known(hidden: str) -> None:
    assert "no column is called" in evaluate(Metric("m", f"count({hidden})"), lake_rows()).error


def test_values_are_those_of_pandas_by_hand() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "prediction": rng.choice(["ok", "fraud"], 5_000),
            "actual": rng.choice(np.array(["ok", "fraud", None], object), 5_000),
            "amount": np.where(rng.random(5_000) < 0.1, np.nan, rng.gamma(2, 50, 5_000)),
            "score": rng.random(5_000),
        }
    )
    table = pa.Table.from_pandas(frame, preserve_index=False)
    labelled = frame[frame.actual.notna()]
    lost = labelled[(labelled.actual == "fraud") & (labelled.prediction == "ok")].amount.sum()
    assert value_of(LOST, table) == pytest.approx(lost)
    right = (labelled.actual == labelled.prediction).mean()
    assert value_of("avg(actual = prediction)", table) == pytest.approx(right)
    brier = ((labelled.score - (labelled.actual == "fraud")) ** 2).mean()
    assert value_of("avg(power(score - cast(actual = 'fraud' as double), 2))", table) == pytest.approx(brier)
    assert value_of("quantile_cont(amount, 0.95)", table) == pytest.approx(frame.amount.quantile(0.95))
    assert value_of("stddev(amount)", table) == pytest.approx(frame.amount.std())
    assert value_of("corr(amount, score)", table) == pytest.approx(frame.amount.corr(frame.score))


@pytest.mark.parametrize(
    "array",
    [
        pa.array(["a", None, "b", "a"]),
        pa.array(["a", None, "b", "a"], pa.large_string()),
        pa.array(["a", None, "b", "a"]).dictionary_encode(),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 0], pa.int8()), pa.array(["a", None, "b"])),
        pa.chunked_array([pa.array(["a", None]).dictionary_encode(), pa.array(["b", "a"]).dictionary_encode()]),
        pa.chunked_array([["a"], [], [None, "b", "a"]], pa.string()),
        pa.array(["a", None, "b", "a"], pa.string_view()),
    ],
)
def test_texts_may_be_held_in_any_form(array: pa.Array) -> None:
    table = pa.table({"region": array})
    assert value_of("count(*) filter (where region = 'a')", table) == 2
    assert value_of("count(region) + 10 * count(distinct region)", table) == 23


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, None, 3], pa.int8()),
        pa.array([1, None, 3], pa.uint64()),
        pa.array([1, None, 3], pa.float32()),
        pa.array([1, None, 3], pa.float16()),
        pa.array([Decimal("1.00"), None, Decimal("3.00")], pa.decimal128(10, 2)),
        pa.array([1.0, None, 3.0]).dictionary_encode(),
        pa.chunked_array([[1.0], [None, 3.0]]),
    ],
)
def test_numbers_may_be_held_in_any_form(array: pa.Array) -> None:
    assert value_of("sum(x) + 10 * count(x)", pa.table({"x": array})) == 24


def test_columns_that_the_lake_would_not_hold_do_no_harm() -> None:
    table = pa.table(
        {
            "timestamp": pa.array([1, 1_500, None], pa.timestamp("ns")),
            "large": pa.array([2**63 + 1, 1, None], pa.uint64()),
            "nothing": pa.nulls(3),
            "day": pa.array([18_262, None, None], pa.date32()),
            "list": [[1], None, [2]],
            "bytes": [b"a", b"", None],
        }
    )
    assert value_of("sum(large)", table) == 2.0**63
    assert value_of("avg(year(day))", table) == 2020
    assert value_of("count(nothing) + count(*) filter (where nothing = 'x')", table) == 0
    assert [one.rows for one in evaluate_windows(Metric("m", "count(*)"), table, [0, 1, 2], 1)] == [1, 1, 0]
    for column in ("list", "bytes"):
        assert "no column" in evaluate(Metric("m", f"count({column})"), table).error
    (found,) = evaluate_windows(Metric("m", "count(*)"), table.drop_columns("timestamp"), [0], 1)
    assert found.error == "the rows have no timestamp"


def test_what_has_no_value_is_null() -> None:
    table = pa.table({"x": pa.array([1.0, np.nan, None, -4.0, 0.0])})
    assert value_of("count(x)", table) == 3
    assert value_of("sum(x)", table) == -3
    assert value_of("sum(1 / x)", table) == 0.75
    assert value_of("count(sqrt(x))", table) == 2
    assert value_of("count(ln(x))", table) == 1
    assert value_of("sum(x) / count(*) filter (where x > 9)", table) is None
    assert value_of("max(x) filter (where x > 9)", table) is None


def test_an_infinite_result_is_an_error_that_says_what_to_do() -> None:
    table = pa.table({"x": [1.0, np.inf]})
    found = evaluate(Metric("m", "sum(x)"), table)
    assert found.value is None
    assert "isfinite" in found.error
    assert value_of("sum(x) filter (where isfinite(x))", table) == 1
    assert value_of("count(*) filter (where x > 5)", table) == 1
    assert "infinite" in evaluate(Metric("m", "exp(sum(x) * 1000) "), table.slice(0, 1)).error


def test_no_rows_give_null_and_a_count_of_none() -> None:
    for table in (lake_rows().slice(0, 0), lake_rows().schema.empty_table()):
        assert evaluate(Metric("m", LOST), table) == MetricValue(None, None, 0)
        assert value_of("count(*)", table) == 0
        assert value_of("count(distinct prediction_id)", table) == 0
        assert value_of("median(amount)", table) is None


def test_a_column_that_the_model_has_and_these_rows_have_not_is_null() -> None:
    columns = [*columns_of(lake_rows().schema), ColumnInfo("feature", "discount", Kind.NUMBER)]
    check_metric(Metric("m", "sum(amount - coalesce(discount, 1))"), columns)
    found = evaluate(Metric("m", "sum(amount - coalesce(discount, 1))"), lake_rows(), columns)
    assert found.value == 120
    assert "no column" in evaluate(Metric("m", "sum(discount)"), lake_rows()).error


@pytest.mark.parametrize(
    "expression",
    ["count(*)", "count(x)", "sum(x)", "avg(x)", "stddev_pop(x)", "corr(x, y)", "min(x)", "count(distinct x)", LOST],
)
def test_a_row_of_weight_n_counts_as_n_rows(expression: str) -> None:
    rng = np.random.default_rng(1)
    weight = rng.integers(1, 5, 300)
    frame = pd.DataFrame({"x": rng.integers(0, 9, 300), "y": rng.random(300), "weight": weight})
    frame["amount"] = frame.y
    frame["actual"] = rng.choice(["fraud", "ok"], 300)
    frame["prediction"] = rng.choice(["fraud", "ok"], 300)
    many = frame.loc[frame.index.repeat(weight)].drop(columns="weight")
    weighted = value_of(expression, pa.Table.from_pandas(frame, preserve_index=False))
    assert weighted == pytest.approx(value_of(expression, pa.Table.from_pandas(many, preserve_index=False)))


def test_a_weighted_quantile_is_the_first_value_that_reaches_the_share() -> None:
    table = pa.table({"x": [3.0, 1.0, 2.0], "weight": [1.0, 2.0, 7.0]})
    assert [value_of(f"quantile_cont(x, {q})", table) for q in (0, 0.2, 0.21, 0.9, 0.91, 1)] == [1, 1, 2, 2, 3, 3]


def test_a_row_without_a_weight_counts_once() -> None:
    assert value_of("count(*)", pa.table({"x": [1, 2], "weight": pa.array([None, 2.0])})) == 3


def test_rows_of_weight_0_say_nothing() -> None:
    table = pa.table({"x": [1.0, 2.0], "weight": [0.0, 0.0]})
    assert value_of("count(*) + sum(x)", table) == 0
    assert value_of("avg(x)", table) is None


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 60)), st.integers(-5, 5)), max_size=60),
    st.lists(st.integers(-20, 80), max_size=8),
    st.integers(1, 50),
)
@settings(deadline=None)
def test_a_window_is_the_metric_of_its_rows(rows: list[tuple[int | None, int]], starts: list[int], length: int) -> None:
    times = pa.array([row[0] for row in rows], pa.timestamp("us", "UTC"))
    table = pa.table({"timestamp": times, "x": pa.array([float(row[1]) for row in rows], pa.float64())})
    for expression in ("sum(x) / count(*)", "count(distinct x)", "median(x) filter (where x > 0)"):
        metric = Metric("m", expression)
        found = evaluate_windows(metric, table, starts, length)
        assert len(found) == len(starts)
        for start, one in zip(starts, found, strict=True):
            inside = [place for place, (at, _) in enumerate(rows) if at is not None and start <= at < start + length]
            alone = evaluate(metric, table.take(pa.array(inside, pa.int64())))
            assert one.rows == len(inside)
            assert one.value == (None if alone.value is None else pytest.approx(alone.value))


def test_checking_says_no_before_anything_is_stored() -> None:
    columns = columns_of(lake_rows().schema)
    check_metric(Metric("revenue lost", LOST, unit="EUR"), columns)
    with pytest.raises(InvalidRequest, match=r"did you mean amount\?"):
        check_metric(Metric("revenue lost", LOST.replace("amount", "amuont")), columns)


def test_a_million_rows_take_a_moment() -> None:
    rng = np.random.default_rng(2)
    rows = 1_000_000
    words = pa.array(["ok", "fraud"])
    table = pa.table(
        {
            "timestamp": pa.array(np.arange(rows), pa.timestamp("us", "UTC")),
            "prediction": pa.DictionaryArray.from_arrays(rng.integers(0, 2, rows).astype(np.int32), words),
            "actual": pa.DictionaryArray.from_arrays(rng.integers(0, 2, rows).astype(np.int32), words),
            "amount": rng.gamma(2, 50, rows),
        }
    )
    started = time.process_time()
    found = evaluate_windows(Metric("m", LOST), table, range(0, rows, 1_000), 1_000)
    assert time.process_time() - started < 2.0
    assert sum(one.value or 0.0 for one in found) == pytest.approx(value_of(LOST, table))


def test_an_expression_that_takes_too_long_is_given_up() -> None:
    rows = 200_000
    table = pa.table({"prediction_id": [f"{number:0500}" for number in range(rows)]})
    heavy = Metric("m", "sum(length(" + "upper(lower(" * 18 + "prediction_id" + "))" * 18 + "))")
    started = time.process_time()
    found = evaluate(heavy, table, seconds=0.1)
    assert time.process_time() - started < 1.5
    assert found.value is None
    assert "given up after 0.1 s" in found.error
