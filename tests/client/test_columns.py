"""Values in, Arrow columns out: what arrives is equal to what was given, or is its text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.client import columns
from modelwatch.client.arrow_stream import WireColumn, encode
from modelwatch.core.wire import Role
from tests.client.receiver import decode

FLOATS = st.floats()
INTS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)


def arrives(built: columns.Built) -> pa.ChunkedArray:
    data, _ = built
    assert data is not None
    return decode(encode([WireColumn(Role.FEATURE, "x", data)], {})).column(0)


def same(left: Sequence[object], right: Sequence[object]) -> bool:
    """Equal, where NaN is NaN, null is null, and a bool is no number."""
    return len(left) == len(right) and all(
        type(a) is type(b) and (a == b or (a != a and b != b)) for a, b in zip(left, right, strict=True)
    )


@pytest.mark.parametrize("values", [FLOATS, INTS, TEXTS, st.booleans()], ids=["float", "int", "text", "bool"])
def test_values_of_one_type_with_nulls_arrive_as_they_are(values: st.SearchStrategy[object]) -> None:
    @given(st.lists(st.one_of(st.none(), values), min_size=1, max_size=60))
    def law(given_values: list[object]) -> None:
        built = columns.feature(given_values)
        if all(value is None for value in given_values):
            assert built == (None, 0)
        else:
            assert same(arrives(built).to_pylist(), given_values)
            assert built[1] == 0

    law()


@given(st.lists(st.one_of(FLOATS, st.integers(-(2**53), 2**53)), min_size=1, max_size=40))
def test_numbers_arrive_as_equal_numbers(values: list[float]) -> None:
    got = arrives(columns.feature(values)).to_pylist()
    assert all(a == b or (a != a and b != b) for a, b in zip(got, values, strict=True))


@given(st.lists(st.integers(), min_size=1, max_size=20))
def test_integers_of_any_size_keep_all_their_digits(values: list[int]) -> None:
    assert [int(value) for value in arrives(columns.feature(values)).to_pylist()] == values


@given(st.lists(st.one_of(st.none(), INTS, FLOATS, TEXTS, st.booleans()), min_size=1, max_size=40))
def test_any_mixture_arrives_and_keeps_its_nulls(values: list[object]) -> None:
    built = columns.feature(values)
    if built[0] is not None:
        got = arrives(built).to_pylist()
        assert [value is None for value in got] == [value is None for value in values]


class Colour(str, Enum):  # noqa: UP042  the kind of enum whose str() is not its value
    RED = "red"


class Grade(IntEnum):
    A = 1


class Rude:
    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("values", "expected", "coerced"),
    [
        ([1, 2**53 + 1, 0.5], ["1", "9007199254740993", "0.5"], 0),
        ([1, 0.5], [1.0, 0.5], 0),
        (["a", 1, 0.5, True], ["a", "1", "0.5", "true"], 0),
        ([True, 1], ["true", "1"], 0),
        ([np.float64(0.5), None], [0.5, None], 0),
        ([np.int64(3), np.int32(4)], [3, 4], 0),
        ([np.bool_(True)], [True], 0),
        ([np.str_("a")], ["a"], 0),
        ([np.float32(0.1), None], [float(np.float32(0.1)), None], 0),
        ([np.datetime64("1970-01-01T00:00:01.5", "ns"), np.datetime64("NaT")], [1.5, None], 0),
        ([Decimal("0.1"), Decimal("2"), Decimal("NaN")], [0.1, 2.0, math.nan], 0),
        ([Decimal("0.12345678901234567890123")], ["0.12345678901234567890123"], 0),
        ([datetime(1970, 1, 1, 0, 0, 1), datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)], [1.0, 2.0], 0),  # noqa: DTZ001
        ([date(1970, 1, 2)], [86400.0], 0),
        ([pd.Timestamp(5, unit="s"), pd.NaT, pd.NA], [5.0, None, None], 0),
        ([Colour.RED, "blue"], ["red", "blue"], 0),
        ([Grade.A], [1], 0),
        ([{"a": 1}, None], ["{'a': 1}", None], 1),
        ([b"ab\xff"], ["ab\\xff"], 1),
        ([Rude()], ["<Rude>"], 1),
        (["\ud800x"], ["\\ud800x"], 0),
        ([10**5000], [hex(10**5000)], 0),
    ],
)
def test_what_is_not_plain_becomes_plain(values: list[object], expected: list[object], coerced: int) -> None:
    built = columns.feature(values)
    assert same(arrives(built).to_pylist(), expected)
    assert built[1] == coerced


def test_float32_stays_float32() -> None:
    assert arrives(columns.feature([np.float32(0.1), np.float32(2)])).type == pa.float32()
    assert arrives(columns.feature([np.float32(0.1), 2.5])).type == pa.float64()


def test_text_that_repeats_is_a_dictionary_and_text_that_does_not_is_not() -> None:
    assert arrives(columns.feature(["a", "b"] * 50)).type == pa.dictionary(pa.int32(), pa.utf8())
    assert arrives(columns.feature([str(i) for i in range(100)])).type == pa.utf8()


@pytest.mark.parametrize(
    ("values", "expected", "coerced"),
    [
        ([0.5, 1, True, None], [0.5, 1.0, 1.0, None], 0),
        (["0.5", "high", 0.25], [0.5, None, 0.25], 2),
        ([10**400, 0.5], [None, 0.5], 1),
        ([math.inf, math.nan], [math.inf, math.nan], 0),
    ],
)
def test_scores_are_numbers_or_null(values: list[object], expected: list[object], coerced: int) -> None:
    built = columns.numbers(values)
    assert same(arrives(built).to_pylist(), expected)
    assert built[1] == coerced


def test_labels_are_text_that_matches_whichever_type_they_came_in() -> None:
    labels = ["fraud", 1, 1.0, np.int64(1), True, np.bool_(False), 0.5, None, math.nan]
    assert arrives(columns.texts(labels)).to_pylist() == ["fraud", "1", "1", "1", "true", "false", "0.5", None, None]


@given(st.lists(st.one_of(st.none(), st.lists(st.floats(width=32), max_size=5)), min_size=1, max_size=10))
def test_vectors_arrive_as_they_are(values: list[list[float] | None]) -> None:
    built = columns.vectors(values)
    if built[0] is not None:
        got = arrives(built).to_pylist()
        assert all((a is None) == (b is None) and (a is None or same(a, b)) for a, b in zip(got, values, strict=True))


def test_a_vector_that_is_none_becomes_null_and_is_counted() -> None:
    built = columns.vectors([[1.0], "ab", 7, np.array([1, 2], "f4")])  # type: ignore[list-item]
    assert arrives(built).to_pylist() == [[1.0], None, None, [1.0, 2.0]]
    assert built[1] == 2
