"""The table of ids against a dict, and the times in ids against the reading of one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.uuid7 import uuid7, uuid7_ms
from modelwatch.lake.ids import chosen_ids, table_of, uuid7_times

IDS = st.lists(st.one_of(st.text(max_size=3), st.text("ab", min_size=6, max_size=20), st.uuids().map(str)), max_size=60)


@settings(deadline=None)  # the first call compiles
@given(IDS, IDS, st.integers(0, 5))
def test_ids_are_found_as_in_a_dict(own: list[str], other: list[str], start: int) -> None:
    table = table_of(pa.array(own, pa.string()).slice(start))
    own = own[start:]
    number = {each: i for i, each in enumerate(dict.fromkeys(own))}
    assert table.numbers.tolist() == [number[each] for each in own]
    assert table.first.tolist() == [own.index(each) for each in number]
    asked = [*other, *own]
    rows, numbers = table.places(pa.array(asked, pa.string()))
    assert list(zip(rows.tolist(), numbers.tolist(), strict=True)) == [
        (row, number[each]) for row, each in enumerate(asked) if each in number
    ]


def test_many_ids_over_several_blocks() -> None:
    own = [f"id {i}" for i in range(3_000)]
    table = table_of(pa.array(own))
    asked = [f"id {i}" for i in range(2_500, 6_000)]
    rows, numbers = table.places(pa.array(asked))
    assert rows.tolist() == list(range(500))
    assert numbers.tolist() == list(range(2_500, 3_000))


@settings(deadline=None)
@given(st.lists(st.one_of(st.integers(0, 2**48 - 1).map(uuid7), st.uuids().map(str), st.text(max_size=40))))
def test_the_times_in_ids_are_those_read_one_by_one(ids: list[str]) -> None:
    found = uuid7_times(pa.array(ids, pa.string()))
    known = [uuid7_ms(each) for each in ids]
    assert [-1 if ms is None else ms * 1000 for ms in known] == np.asarray(found).tolist()


def test_a_sample_of_ids_is_of_its_size_and_part_of_a_larger_one() -> None:
    for ids in ([f"order-{i:07}" for i in range(50_000)], [uuid7(1_700_000_000_000 + i) for i in range(50_000)]):
        array = pa.array(ids)
        small, large = chosen_ids(array, 0.05), chosen_ids(array, 0.3)
        assert abs(small.mean() - 0.05) < 0.005
        assert abs(large.mean() - 0.3) < 0.01
        assert not (small & ~large).any()
        turned = chosen_ids(array.slice(17).take(pa.array(np.arange(len(ids) - 18, -1, -1))), 0.3)
        np.testing.assert_array_equal(turned[::-1], large[17:])
        assert chosen_ids(array, 1.0).all()
    assert chosen_ids(pa.array([], pa.string()), 0.5).tolist() == []
