from __future__ import annotations

import pyarrow as pa

from modelwatch.core.wire import Kind
from modelwatch.lake.buffer import Buffer, unify
from modelwatch.lake.columns import CATEGORY
from modelwatch.lake.contract import TableKey

ONE = TableKey("default", "one", Kind.PREDICTIONS)
TWO = TableKey("default", "two", Kind.PREDICTIONS)


class Clock:
    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def rows(*values: float, **more: str) -> pa.Table:
    table = pa.table({"feature_x": pa.array(values, pa.float64())})
    for name, value in more.items():
        table = table.append_column(name, pa.array([value] * len(values)).cast(CATEGORY))
    return table


def test_what_is_added_is_taken_once_with_its_positions() -> None:
    buffer = Buffer(10**6)
    buffer.add(ONE, rows(1.0, 2.0), 100, 150)
    buffer.add(TWO, rows(9.0), 150, 180)
    buffer.add(ONE, rows(3.0), 180, 200)
    assert buffer.first_position(999) == 100
    taken = buffer.take(ONE)
    assert taken is not None
    assert (taken.rows.column("feature_x").to_pylist(), taken.first, taken.next) == ([1.0, 2.0, 3.0], 100, 200)
    assert buffer.take(ONE) is None
    assert buffer.first_position(999) == 150
    assert buffer.tables() == [TWO]


def test_bytes_are_those_of_the_rows_that_wait() -> None:
    buffer = Buffer(100)
    first, second = rows(1.0, 2.0), rows(*range(50))
    buffer.add(ONE, first, 0, 1)
    assert buffer.bytes == first.nbytes
    assert not buffer.full
    buffer.add(TWO, second, 1, 2)
    assert buffer.bytes == first.nbytes + second.nbytes
    assert buffer.full
    assert buffer.largest() == TWO
    buffer.take(TWO)
    assert buffer.bytes == first.nbytes
    buffer.clear()
    assert (buffer.bytes, buffer.largest(), buffer.tables(), buffer.first_position(7)) == (0, None, [], 7)


def test_due_is_what_is_old_or_large() -> None:
    clock = Clock()
    buffer = Buffer(10**6, clock)
    buffer.add(ONE, rows(1.0), 0, 1)
    clock.now = 10
    buffer.add(TWO, rows(1.0, 2.0), 1, 2)
    buffer.add(ONE, rows(1.0), 2, 3)
    assert buffer.due(-1, 3) == []
    assert buffer.due(0, 3) == [ONE]
    assert buffer.due(-1, 2) == [ONE, TWO]
    assert buffer.due(10, 99) == [ONE, TWO]


def test_rows_that_wait_can_be_read() -> None:
    buffer = Buffer(10**6)
    assert list(buffer.rows(ONE)) == []
    buffer.add(ONE, rows(1.0), 0, 1)
    assert [part.to_pylist() for part in buffer.rows(ONE)] == [[{"feature_x": 1.0}]]


def test_columns_are_matched_by_name() -> None:
    table = unify([rows(1.0, tag_a="x"), rows(2.0, tag_b="y", tag_a="z"), pa.table({"tag_b": pa.array(["w"])})])
    assert table.to_pylist() == [
        {"feature_x": 1.0, "tag_a": "x", "tag_b": None},
        {"feature_x": 2.0, "tag_a": "z", "tag_b": "y"},
        {"feature_x": None, "tag_a": None, "tag_b": "w"},
    ]
    assert len({str(chunk.dictionary) for chunk in table.column("tag_a").chunks}) == 1


def test_a_column_that_changes_its_type_keeps_both() -> None:
    much = pa.table({"feature_x": pa.array(["much"]).cast(CATEGORY)})
    table = unify([rows(1.0), much, rows(2.0)])
    found = sorted(table.to_pylist(), key=str)
    assert found == [
        {"feature_x": 1.0, "feature_x~category": None},
        {"feature_x": 2.0, "feature_x~category": None},
        {"feature_x": None, "feature_x~category": "much"},
    ]
    assert unify([much, table]).column("feature_x").to_pylist().count("much") == 2
