"""The laws of id sketches, against ids counted one by one."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.profiles import id_sketch
from modelwatch.profiles.id_sketch import NOTHING, SIZE, IdSketch, hash_texts, merge_ids, sketch_ids

laws = settings(max_examples=60, deadline=None)
ids = st.lists(st.integers(0, 900), max_size=400)


def hashes(names):
    array = pa.array([str(name) for name in names], pa.utf8())
    _, offsets, data = array.buffers()
    return hash_texts(np.frombuffer(offsets, np.int32)[: len(names) + 1], np.frombuffer(data or b"", np.uint8))


def sketch(names):
    if not names:
        return NOTHING
    return sketch_ids(hashes(names), np.ones(len(names), bool), np.zeros(len(names), np.int32), 1)[0]


def counted(names):
    """The 256 smallest of the hashes with the rows of each, by a dictionary."""
    rows = Counter(hashes(names).tolist())
    kept = sorted(rows)[:SIZE]
    return kept, [rows[each] for each in kept]


def same(found, names):
    assert found.rows == len(names)
    assert (found.hashes.tolist(), found.counts.tolist()) == counted(names)


@laws
@given(ids)
def test_a_sketch_holds_the_smallest_hashes_with_all_of_their_rows(names):
    same(sketch(names), names)


@laws
@given(ids, ids, ids)
def test_merging_sketches_is_counting_all_rows_in_any_order(a, b, c):
    p, q, r = sketch(a), sketch(b), sketch(c)
    same(merge_ids([p, q]), a + b)
    same(merge_ids([p, q, r]), a + b + c)
    assert merge_ids([p, merge_ids([q, r])]) == merge_ids([merge_ids([r, p]), q])
    assert merge_ids([p, NOTHING]) == p


@pytest.mark.parametrize("distinct", [3, 300, 50_000, 10**9])
def test_many_rows_are_sketched_as_few_are(distinct):
    """The short way for large buckets gives what all rows sorted give, also when few ids come often."""
    names = np.random.default_rng(distinct).integers(0, distinct, 20_000).tolist()
    same(sketch(names), names)


@laws
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 4), st.booleans()), max_size=200))
def test_buckets_are_sketched_apart_and_rows_without_an_id_are_none(rows):
    if not rows:
        return
    slots, present = np.array([row[1] for row in rows], np.int32), np.array([row[2] for row in rows])
    found = sketch_ids(hashes([row[0] for row in rows]), present, slots, 5)
    for slot, each in enumerate(found):
        same(each, [name for name, place, has in rows if place == slot and has])


@laws
@given(ids)
def test_the_stored_form_gives_the_sketch_back(names):
    assert IdSketch.from_bytes(sketch(names).to_bytes()) == sketch(names)


@laws
@given(st.lists(st.text(max_size=40), min_size=1, max_size=50, unique=True))
def test_texts_that_differ_have_hashes_that_differ(names):
    found = hashes(names)
    assert len(set(found.tolist())) == len(names)
    assert found.tolist() == [hashes([name])[0] for name in names]


def test_hashes_of_ids_that_count_up_are_even():
    found = hashes(range(50_000)).astype(np.float64) / 2**64
    share = np.histogram(found, bins=64, range=(0, 1))[0] / 50_000
    assert np.abs(share * 64 - 1).max() < 0.2
    assert hashes(["a"])[0] == hashes(["a"])[0] != hashes(["b"])[0]


def test_stored_bytes_that_are_no_sketch_are_refused():
    whole = sketch([1, 2, 2]).to_bytes()
    for damaged in (b"", whole[:-1], whole + b"x", b"MWXX" + whole[4:]):
        with pytest.raises(CorruptData):
            IdSketch.from_bytes(damaged)
    assert id_sketch.SIZE == 256
