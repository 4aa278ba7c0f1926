"""Rows of the lake and of a reference's file as they are judged: numbers, many classes, and files that are long."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest

from modelwatch.core.column import Column, ColumnKey, ColumnType, Schema
from modelwatch.core.judging import Judging
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.reference import CSV
from modelwatch.lake import labels as said
from modelwatch.lake.columns import CATEGORY, TIME, lake_field
from modelwatch.server.queries.coded_columns import coded_columns
from modelwatch.server.queries.labelled_rows import NO_ROWS, LabelledRows, of_file, of_table
from modelwatch.server.queries.losses import check_loss, loss_of

X = Column(ColumnKey(Role.FEATURE, "x"), ColumnType.NUMERIC)
SIZE = Column(ColumnKey(Role.TAG, "size"), ColumnType.CATEGORY)
VALUE = Column(ColumnKey(Role.PREDICTION_VALUE, ""), ColumnType.NUMERIC)
LABEL = Column(ColumnKey(Role.PREDICTION_LABEL, ""), ColumnType.CATEGORY)
CLASSES = [Column(ColumnKey(Role.PREDICTION_SCORES, name), ColumnType.NUMERIC) for name in "abc"]


def lake_rows(columns: dict[Column, pa.Array], labels: pa.Array, numbers: pa.Array) -> LabelledRows:
    """Rows of the lake, read."""
    n = len(labels)
    task = "regression" if VALUE in columns else "multiclass"
    arrays = [pa.array([f"p{i}" for i in range(n)]), pa.array(np.arange(n)).cast(TIME), *columns.values()]
    id_field = lake_field(ColumnKey(Role.PREDICTION_ID, ""), ColumnType.CATEGORY)
    time_field = lake_field(ColumnKey(Role.TIMESTAMP, ""), ColumnType.NUMERIC)
    fields = [id_field, time_field, *(lake_field(each.key, each.type) for each in columns)]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    for name, array in ((said.ACTUAL, labels), (said.NUMBER, numbers), (said.FIRST_AT, pa.array([1] * n).cast(TIME))):
        table = table.append_column(said.SCHEMA.field(name), array)
    return of_table(table, Schema(tuple(columns)), Judging(task), 1.0)


def test_numbers_lose_their_absolute_error() -> None:
    columns = {
        X: pa.array([1.0, None, 3.0]),
        SIZE: pa.array(["s", None, "l"]).cast(CATEGORY),
        VALUE: pa.array([1.0, 2, 3]),
    }
    rows = lake_rows(columns, pa.nulls(3, CATEGORY), pa.array([2.0, None, 0.0]))
    lost = loss_of(None, "regression", rows)
    assert lost.kind == "absolute_error"
    np.testing.assert_array_equal(lost.values, [1, np.nan, 3])
    np.testing.assert_array_equal(rows.score, [1, 2, 3])
    x, size = coded_columns(Schema((X, SIZE)), rows.columns)
    assert [x.text(code) for code in x.codes] == ["x=1", "x is null", "x=3"]
    assert [size.text(code) for code in size.codes] == ["size=s", "size is null", "size=l"]


def test_many_classes_lose_by_label_and_by_score() -> None:
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]])
    columns = {each: pa.array(scores[:, i]) for i, each in enumerate(CLASSES)}
    rows = lake_rows(columns, pa.array(["a", "c", "c"]).cast(CATEGORY), pa.nulls(3, pa.float64()))
    np.testing.assert_array_equal(loss_of(None, "multiclass", rows).values, [0, 1, 0])
    np.testing.assert_allclose(loss_of("log_loss", "multiclass", rows).values, -np.log([0.7, 0.1, 0.5]))


def test_of_a_long_file_a_sample_is_taken(tmp_path: Path) -> None:
    n = 1_000
    table = pa.table({"x": np.arange(n) * 1.0, "prediction_label": ["a"] * n, "actual_label": ["a", "b"] * (n // 2)})
    csv.write_csv(table, tmp_path / "r.csv")
    schema = Schema((X, LABEL))
    every = of_file(tmp_path / "r.csv", CSV, {}, schema, Judging("multiclass"), n, n)
    assert (every.n, every.share, every.timed) == (n, 1.0, False)
    assert loss_of(None, "multiclass", every).values.mean() == 0.5
    some = of_file(tmp_path / "r.csv", CSV, {}, schema, Judging("multiclass"), 300, n)
    again = of_file(tmp_path / "r.csv", CSV, {}, schema, Judging("multiclass"), 300, n)
    x, x_again = (each.columns[0].columns[X.key].values.to_numpy() for each in (some, again))
    assert some.share == 0.3
    assert 250 < some.n < 350
    np.testing.assert_array_equal(x, x_again)


def test_rows_without_anything() -> None:
    assert (NO_ROWS.n, NO_ROWS.weight, len(NO_ROWS.times), len(NO_ROWS.score)) == (0, None, 0, 0)
    assert len(loss_of(None, "binary", NO_ROWS).values) == 0


@pytest.mark.parametrize(
    ("loss", "task"), [("error", "regression"), ("absolute_error", "binary"), ("error", "ranking")]
)
def test_a_loss_that_a_task_has_not_is_refused(loss: str, task: str) -> None:
    with pytest.raises(InvalidRequest):
        check_loss(loss, task)
