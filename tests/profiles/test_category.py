import numpy as np
import pytest

from modelwatch.profiles import CategoryValues, profile
from modelwatch.profiles.binning import fit
from modelwatch.profiles.category import MAX_CATEGORIES, fit_category
from tests.profiles.oracle import C, category, held


def test_the_most_frequent_come_first_and_ties_go_by_name():
    bins = fit_category(category(["b", "a", "c", "c", "d", None, "mistyped"]))
    assert bins.categories == ("c", "a", "b", "d")
    assert bins.novelty == pytest.approx(3 / 5)


def test_the_empty_text_is_a_category():
    assert fit_category(category(["", "", "a"])).categories == ("", "a")


def many(n: int) -> CategoryValues:
    return CategoryValues(np.arange(n, dtype=np.int32), [f"v{i:06}" for i in range(n)])


def test_what_is_not_kept_is_other_and_what_is_new_is_unseen():
    reference = {C: many(10_000)}
    binning = fit(reference)
    bins = binning.columns[0].bins
    assert len(bins.categories) == MAX_CATEGORIES
    assert held(profile(binning, reference).counts[0]) == {**dict.fromkeys(range(253), 1.0), 253: 10_000 - 253.0}
    fresh = {C: CategoryValues(np.array([0, 0, 1, 2], dtype=np.int32), ["new", "v000001", "v009999"])}
    assert held(profile(binning, fresh).counts[0]) == {254: 2.0, 1: 1.0, 253: 1.0}


def test_beyond_what_is_remembered_a_new_name_counts_as_other():
    ids = many(MAX_CATEGORIES + 65_537)
    bins = fit_category(CategoryValues(np.append(ids.codes, np.int32(7)), ids.dictionary))
    assert bins.forgetful
    assert bins.novelty == 0
    assert bins.categories == ("v000007",)
    assert bins.bins_of(["v000007", "v000000", "new"]).tolist() == [0, bins.other, bins.other]


def test_a_name_twice_in_a_dictionary_is_one_category():
    bins = fit_category(CategoryValues(np.array([0, 1, 2], dtype=np.int32), ["a", "a", "b"]))
    assert bins.categories == ("a", "b")
    assert bins.novelty == pytest.approx(1 / 3)


def test_a_boolean_column_knows_both_values():
    yes = CategoryValues.of_booleans(np.array([True, True, False]), null=np.array([False, False, True]))
    binning = fit({C: yes})
    assert binning.columns[0].bins.categories == ("true", "false")
    assert held(profile(binning, {C: yes}).counts[0]) == {0: 2.0, 256: 1.0}


def test_a_column_without_a_category_calls_all_unseen():
    binning = fit({C: category([None, None])})
    assert held(profile(binning, {C: category(["a", None])}).counts[0]) == {1: 1.0, 256: 1.0}
