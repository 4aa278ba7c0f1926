"""Measures of texts against the same counted in plain Python, and what makes a column text."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import Role
from modelwatch.profiles import NULL, Binning, CategoryValues, decode, encode, fit, merge, profile
from modelwatch.profiles.binning import measure_key
from modelwatch.profiles.fit_text import MAX_WORDS, NOTHING_KNOWN, fit_vocabulary, is_text
from modelwatch.profiles.text import MEASURES, NEW_WORDS, SURPRISE, measure
from tests.profiles.texts import COMMENT, GERMAN, column, sentences

laws = settings(max_examples=150, deadline=None)
anything = st.one_of(
    st.text(max_size=40), st.text(alphabet=st.characters(), max_size=20), st.sampled_from(["", "😀 ok", "a\ud800b"])
)


@pytest.fixture(scope="module")
def english():
    return sentences(np.random.default_rng(0), 3000)


@pytest.fixture(scope="module")
def binning(english):
    return fit({COMMENT: column(english)})


def counted(text):
    """The measures without a vocabulary, one character at a time."""
    kinds = [unicodedata.category(char) for char in text]
    inside = [kind[0] in "LNM" for kind in kinds]
    words = sum(here and not before for here, before in zip(inside, [False, *inside], strict=False))
    letters = sum(kind[0] == "L" for kind in kinds)
    foreign = sum(kind[0] == "L" and ord(char) >= 128 for kind, char in zip(kinds, text, strict=True))

    def share(some, whole):
        return some / whole if whole else np.nan

    return [
        len(text),
        words,
        share(sum(inside), words),
        share(sum(kind[0] == "N" for kind in kinds), len(text)),
        share(sum(kind in ("Lu", "Lt") for kind in kinds), letters),
        share(sum(kind[0] in "PS" for kind in kinds), len(text)),
        share(foreign, letters),
    ]


@laws
@given(st.lists(anything.filter(lambda text: all(ord(char) < 0x20000 for char in text)), max_size=6))
def test_measures_are_what_plain_counting_gives(texts):
    found = measure(texts, NOTHING_KNOWN)
    for row, text in zip(found, texts, strict=True):
        assert row[:NEW_WORDS] == pytest.approx(counted(text), nan_ok=True)


def test_new_words_are_those_that_the_learnt_quarter_has_not(english):
    vocabulary = fit_vocabulary(english)
    known = measure(["The parcel arrived after two days"], vocabulary)[0, NEW_WORDS]
    alien = measure(["Wöchentlich zerbröselt dgfh qqqq"], vocabulary)[0, NEW_WORDS]
    assert known == 0
    assert alien == 1
    capital = measure(["THE PARCEL ARRIVED, AFTER: TWO (DAYS)"], vocabulary)[0, NEW_WORDS]
    assert capital == 0
    rows = measure(english, vocabulary)
    assert np.isnan(rows[:, NEW_WORDS]).mean() == pytest.approx(0.25, abs=0.03)
    assert np.array_equal(np.isnan(rows[:, NEW_WORDS]), np.isnan(rows[:, SURPRISE]))


def test_new_words_of_the_reference_are_as_many_as_of_other_texts(english):
    """Names that hardly come twice would make a window look new if the reference were measured on what it taught."""
    vocabulary = fit_vocabulary(english)
    other = measure(sentences(np.random.default_rng(1), 3000), vocabulary)[:, [NEW_WORDS, SURPRISE]]
    own = measure(english, vocabulary)[:, [NEW_WORDS, SURPRISE]]
    difference = np.nanmean(other, axis=0) - np.nanmean(own, axis=0)
    error = np.nanstd(own, axis=0) * np.sqrt(2 / 2250)
    assert np.nanmean(own[:, 0]) > 0.01
    assert np.all(np.abs(difference) < 4 * error)


def test_a_vocabulary_is_bounded_and_keeps_the_most_frequent_words():
    rare = [f"{i:x} {i * 7919:x}zq {i * 104_729:x}kj" for i in range(150_000)]
    vocabulary = fit_vocabulary([*(f"common words here {i}" for i in range(400)), *rare])
    assert len(vocabulary.words) == MAX_WORDS
    assert np.all(np.diff(vocabulary.words.astype(np.int64)) > 0)
    seen = [v for i in range(12) if (v := measure([f"common words here{'!' * i}"], vocabulary)[0, NEW_WORDS]) == v]
    assert seen
    assert set(seen) == {0.0}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (sentences(np.random.default_rng(2), 500), True),
        (sentences(np.random.default_rng(2), 500, GERMAN), True),
        ([f"今天天气很好我们去公园吧第{i}天" for i in range(200)], True),
        (["one of a few sentences", "another of the few sentences"] * 200, False),
        ([f"user-{i:08x}" for i in range(500)], False),
        ([f"https://example.com/a/b?c={i}" for i in range(500)], True),
        ([f"{i:032x}" for i in range(500)], False),
        ([f"{i}@example.com" for i in range(500)], True),
        (sentences(np.random.default_rng(2), 20), False),
        (["a", "b", "c"] * 100, False),
        ([None] * 300, False),
        ([], False),
    ],
)
def test_what_is_text(rows, expected):
    assert is_text(column(rows)) is expected


def test_a_column_of_text_becomes_its_measures(binning):
    keys = [each.key for each in binning.columns]
    assert keys == [COMMENT, *(measure_key(COMMENT, name) for name in MEASURES)]
    assert keys[1] == ColumnKey(Role.TEXT, "comment: length")
    assert [each.type for each in binning.columns] == [ColumnType.CATEGORY, *[ColumnType.NUMERIC] * 9]
    again = Binning.from_bytes(binning.to_bytes())
    assert again == binning
    assert again.columns == binning.columns
    label = ColumnKey(Role.PREDICTION_LABEL, "")
    assert len(fit({label: column(sentences(np.random.default_rng(0), 200))})) == 1


def test_every_row_is_in_the_text_column_and_only_texts_in_the_measures(binning):
    texts = [*sentences(np.random.default_rng(3), 40), "", "   ", "!!", None, None]
    values = column(texts)
    mistyped = np.zeros(45, np.bool_)
    mistyped[44] = True
    found = profile(binning, {COMMENT: CategoryValues(values.codes, values.dictionary, mistyped)})
    assert found.counts[0, [0, 1, 2, 3, NULL, 259]].tolist() == [41, 2, 0, 0, 1, 1]
    rows = found.counts[1:].sum(axis=1)
    assert rows[MEASURES.index("length")] == 43
    assert rows[MEASURES.index("word length")] == 40
    assert rows[MEASURES.index("symbols")] == 42
    assert rows[NEW_WORDS] <= 40
    assert profile(binning, {}, np.ones(3)).counts.sum() == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), anything), max_size=20), st.lists(st.one_of(st.none(), anything), max_size=20))
def test_merging_is_counting_all_texts(binning, a, b):
    merged = merge(profile(binning, {COMMENT: column(a)}), profile(binning, {COMMENT: column(b)}))
    whole = profile(binning, {COMMENT: column(a + b)})
    assert np.array_equal(merged.counts, whole.counts)
    assert np.array_equal(merged.extremes, whole.extremes)
    np.testing.assert_allclose(merged.moments, whole.moments, rtol=1e-9, atol=1e-9)
    assert decode(encode(whole, binning), binning) == whole


def test_weights_are_repeated_rows(binning):
    texts = sentences(np.random.default_rng(4), 30)
    weights = np.arange(30) % 3
    repeated = [text for text, weight in zip(texts, weights.tolist(), strict=True) for _ in range(weight)]
    weighted = profile(binning, {COMMENT: column(texts)}, weights.astype(np.float64))
    assert np.array_equal(weighted.counts, profile(binning, {COMMENT: column(repeated)}).counts)


def test_a_very_long_text_is_one_row(binning):
    found = profile(binning, {COMMENT: column(["the parcel arrived " * 60_000, "🎉" * 1000])})
    assert found.counts[0, 0] == 2
    assert found.extremes[1].tolist() == [1000, 1_140_000]
