"""Columns of several batches as one, and what is kept of many vectors."""

import numpy as np

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.jobs.profiled import as_type, first_rows, joined, taken, text_size, thinned, vector_numbers
from modelwatch.profiles import CategoryValues, NumericValues, VectorValues, fit, profile
from tests.profiles.texts import COMMENT, column
from tests.profiles.vectors import IMG, vectors

X = ColumnKey(Role.FEATURE, "x")


def rows_of(values):
    """Each row's vector, None where there is none."""
    assert isinstance(values, VectorValues)
    found = iter(values.vectors.tolist())
    return [next(found) if held else None for held in values.held.tolist()]


def test_batches_below_each_other_keep_their_rows():
    a = vectors([[1, 2], [3, 4]], [True, False, True])
    wide = vectors([[1, 2, 3]], [False, True])
    numbers = NumericValues(np.zeros(2), np.array([False, True]))
    both = joined([{IMG: a}, {}, {IMG: wide}, {IMG: numbers}], [3, 2, 2, 2])[IMG]
    assert rows_of(both) == [[1, 2], None, [3, 4], *[None] * 6]
    assert both.mistyped is not None
    assert both.mistyped.tolist() == [False] * 6 + [True, True, False]


def test_rows_are_cut_and_taken_with_their_vectors():
    values = vectors([[1], [2], [3]], [True, False, True, True])
    assert rows_of(first_rows({IMG: values}, 3)[IMG]) == [[1], None, [2]]
    assert rows_of(taken(values, np.array([3, 1, 0]))) == [[3], None, [1]]


def test_another_type_is_mistyped_but_null_stays_null():
    values = vectors([[1], [2]], [True, False, True])
    for wanted in (ColumnType.NUMERIC, ColumnType.CATEGORY):
        found = as_type(values, wanted)
        assert found.mistyped is not None
        assert found.mistyped.tolist() == [True, False, True]
    text = as_type(column(["a", None]), ColumnType.VECTOR)
    assert rows_of(text) == [None, None]
    assert text.mistyped is not None
    assert text.mistyped.tolist() == [True, False]
    assert as_type(values, ColumnType.VECTOR) is values


def test_thinned_columns_fit_the_same_with_fewer_vectors():
    rng = np.random.default_rng(0)
    many = vectors(rng.normal(size=(4000, 4)))
    few = thinned({IMG: many, X: NumericValues(np.arange(4000.0))}, 4)
    assert vector_numbers(few) == 4000
    assert len(few[IMG]) == 4000
    assert isinstance(few[X], NumericValues)
    whole, part = (fit({IMG: each}).columns[0].bins for each in (many, few[IMG]))
    assert np.abs(part.mean - whole.mean).max() < 0.15
    assert thinned(few, 1) is few
    counted = profile(fit({IMG: many}), {IMG: few[IMG]})
    assert counted.counts[0, 256] == 3000


def test_the_size_of_texts_is_that_of_distinct_ones():
    assert text_size({COMMENT: column(["abc", "abc", None, "de"]), IMG: vectors([[1]])}) == 5
    assert text_size({X: CategoryValues(np.zeros(0, np.int32), ())}) == 0
