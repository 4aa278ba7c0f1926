"""Outcomes add up: whatever rows are cut into, whatever was seen first; held against counting with pandas."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, confusion_matrix, log_loss

from modelwatch.errors import CorruptData
from modelwatch.profiles.outcomes import (
    EMPTY,
    NONE,
    Cuts,
    Fact,
    Outcomes,
    Rows,
    Total,
    count_labelled,
    count_seen,
    decode,
    encode,
    merge,
    subtract,
)
from modelwatch.profiles.outcomes.grids import (
    ACCURACY,
    SCORE_BINS,
    SCORE_EDGES,
    delay_bins,
    delay_ends_s,
    error_bins,
    error_values,
    score_bins,
)

LABELS = ("no", "yes", "maybe")


def rows_of(seed: int, n: int, labels: tuple[str, ...] = LABELS) -> Rows:
    random = np.random.default_rng(seed)
    return Rows(
        weight=random.integers(1, 4, n).astype(float),
        labels=labels,
        predicted=random.integers(-1, len(labels), n),
        actual=random.integers(-1, len(labels), n),
        score=np.where(random.random(n) < 0.1, np.nan, random.integers(0, 101, n) / 100),
        positive=1,
        delay_us=random.integers(-(10**6), 10**13, n),
        cuts=(Cuts(random.integers(-1, 2, n), ('["tag","sex","F"]', '["tag","sex","M"]')),),
    )


def taken(rows: Rows, chosen: np.ndarray) -> Rows:
    return Rows(
        weight=rows.weight[chosen],
        labels=rows.labels,
        predicted=rows.predicted[chosen],
        actual=rows.actual[chosen],
        score=rows.score[chosen],
        positive=rows.positive,
        delay_us=rows.delay_us[chosen],
        cuts=tuple(Cuts(cut.codes[chosen], cut.keys) for cut in rows.cuts),
    )


def same(a: Outcomes, b: Outcomes) -> bool:
    """Equal whatever the order in which labels and cuts were met."""

    def told(each: Outcomes) -> dict[tuple[object, ...], float]:
        found = {}
        for cut in each.cuts:
            for fact in Fact:
                for x, y, z, value in zip(*each.cells(fact, cut), strict=True):
                    if fact in (Fact.PREDICTED, Fact.PREDICTED_SCORE, Fact.LABELLED, Fact.LABELLED_SCORE):
                        y = each.labels[y] if y < len(each.labels) else int(y)
                        if fact in (Fact.LABELLED, Fact.LABELLED_SCORE):
                            z = each.labels[z] if z < len(each.labels) else int(z)
                    if abs(value) > 1e-9:
                        found[cut, fact, int(x), y, z] = pytest.approx(float(value), abs=1e-6)
        return found

    return told(a) == told(b)


def whole(rows: Rows) -> Outcomes:
    slots = np.zeros(rows.n, np.int64)
    return merge([*count_seen(rows, slots, 1), *count_labelled(rows, slots, 1)])


@given(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_merging_the_slots_is_counting_all(seed: int, n: int, k: int) -> None:
    rows = rows_of(seed, n)
    slots = np.random.default_rng(seed + 1).integers(0, k, n)
    parts = [*count_seen(rows, slots, k), *count_labelled(rows, slots, k)]
    assert same(merge(parts), whole(rows))
    assert same(merge(parts[::-1]), whole(rows))


@given(st.integers(0, 10**6), st.integers(1, 60), st.permutations(LABELS))
@settings(max_examples=60, deadline=None)
def test_the_order_of_labels_does_not_matter(seed: int, n: int, order: list[str]) -> None:
    rows = rows_of(seed, n)
    chosen = np.random.default_rng(seed + 2).random(n) < 0.5
    first, second = taken(rows, np.flatnonzero(chosen)), taken(rows, np.flatnonzero(~chosen))
    at = np.array([order.index(name) for name in LABELS] + [-1])
    second = Rows(
        weight=second.weight,
        labels=tuple(order),
        predicted=at[second.predicted],
        actual=at[second.actual],
        score=second.score,
        positive=order.index("yes"),
        delay_us=second.delay_us,
        cuts=second.cuts,
    )
    parts = [whole(each) for each in (first, second) if each.n]
    assert same(merge(parts), whole(rows))
    assert same(merge(parts[::-1]), whole(rows))


@given(st.integers(0, 10**6), st.integers(2, 60))
@settings(max_examples=40, deadline=None)
def test_subtracting_takes_back_what_was_added(seed: int, n: int) -> None:
    rows = rows_of(seed, n)
    part = whole(taken(rows, np.arange(n // 2)))
    rest = whole(taken(rows, np.arange(n // 2, n)))
    assert same(subtract(merge([part, rest]), part), rest)
    assert same(subtract(part, part), EMPTY)


@given(st.integers(0, 10**6), st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_the_stored_form_keeps_everything(seed: int, n: int) -> None:
    found = whole(rows_of(seed, n))
    back = decode(encode(found))
    assert (back.labels, back.cuts) == (found.labels, found.cuts)
    assert np.array_equal(back.keys, found.keys)
    assert np.array_equal(back.values, found.values)


def test_a_damaged_block_is_told() -> None:
    block = bytearray(encode(whole(rows_of(1, 50))))
    block[-3] ^= 1
    with pytest.raises(CorruptData, match="checksum"):
        decode(bytes(block))
    with pytest.raises(CorruptData):
        decode(b"")
    assert len(decode(encode(EMPTY)).keys) == 0


def test_the_counts_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    n = 3000
    score = random.random(n)
    rows = Rows(
        labels=("no", "yes"),
        predicted=(score > 0.5).astype(int),
        actual=(random.random(n) < score).astype(int),
        score=score,
        positive=1,
        cuts=(Cuts(random.integers(0, 2, n), ("a", "b")),),
    )
    found = whole(rows)
    for cut, chosen in (("", np.ones(n, bool)), ("a", rows.cuts[0].codes == 0)):
        _, b, c, value = found.cells(Fact.LABELLED, cut)
        table = np.zeros((2, 2))
        np.add.at(table, (c, b), value)
        assert np.array_equal(table, confusion_matrix(rows.actual[chosen], rows.predicted[chosen]))
        totals = found.totals(cut)
        assert totals[Total.LOG_LOSS] / totals[Total.SCORED] == pytest.approx(
            log_loss(rows.actual[chosen], score[chosen])
        )
        assert totals[Total.BRIER] / totals[Total.SCORED] == pytest.approx(
            brier_score_loss(rows.actual[chosen], score[chosen])
        )
        assert np.array_equal(found.only(cut).totals(), totals)


def test_regression_sums_are_those_of_pandas() -> None:
    random = np.random.default_rng(4)
    value, truth = random.normal(5, 2, 500), random.normal(5, 3, 500).round()
    truth[:20] = np.nan
    found = whole(Rows(value=value, truth=truth, weight=np.full(500, 2.0)))
    frame = pd.DataFrame({"value": value, "truth": truth}).dropna()
    error, totals = frame["value"] - frame["truth"], found.totals()
    assert totals[Total.ROWS] == 480
    assert totals[Total.ABSOLUTE] / totals[Total.WEIGHT] == pytest.approx(error.abs().mean())
    assert totals[Total.ERROR_SQ] / totals[Total.WEIGHT] == pytest.approx((error**2).mean())
    percent = (error / frame["truth"]).abs()[frame["truth"] != 0]
    assert totals[Total.PERCENT] / totals[Total.PERCENT_WEIGHT] == pytest.approx(percent.mean())
    assert found.totals(fact=Fact.SEEN)[Total.ROWS] == 500


def test_predictions_without_label_or_score_are_counted() -> None:
    rows = Rows(predicted=np.array([-1, -1]), score=np.array([0.2, np.nan]), labels=("x",))
    (found,) = count_seen(rows, np.zeros(2, np.int64), 1)
    a, b, _, value = found.cells(Fact.PREDICTED)
    assert b.tolist() == [NONE, NONE]
    assert value.tolist() == [1.0, 1.0]
    assert a.tolist() == [int(score_bins(np.array([0.2]))[0]), SCORE_BINS]


def test_multiclass_losses_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(5)
    chance = random.dirichlet((1, 1, 1), 400)
    actual, predicted = random.integers(0, 3, 400), chance.argmax(axis=1)
    found = whole(
        Rows(labels=LABELS, predicted=predicted, actual=actual, score=chance.max(axis=1), class_scores=chance)
    )
    totals = found.totals()
    assert totals[Total.LOG_LOSS] / totals[Total.SCORED] == pytest.approx(log_loss(actual, chance))
    a, b, c, value = found.cells(Fact.CLASS_SCORE)
    assert value[(b == 1) & (c == 1)].sum() == (actual == 1).sum()
    assert (a <= SCORE_BINS).all()


def test_score_bins_hold_the_tenths() -> None:
    assert len(SCORE_EDGES) == 255
    assert (np.diff(SCORE_EDGES) > 0).all()
    assert np.isin(np.arange(1, 10) / 10, SCORE_EDGES).all()
    assert score_bins(np.array([-0.1, 1.1, np.inf, np.nan])).tolist() == [SCORE_BINS] * 4


@given(st.floats(-1e20, 1e20).filter(lambda x: x == 0 or abs(x) > 1e-8))
def test_an_error_is_found_again_within_one_percent(error: float) -> None:
    (back,) = error_values(error_bins(np.array([error])))
    assert abs(back - error) <= ACCURACY * abs(error) * (1 + 1e-9)


def test_delay_bins_end_where_they_say() -> None:
    ends = delay_ends_s()
    seconds = np.array([-5.0, 0.5, 1.0, 59.0, 3600.0, 30 * 86400.0, 1e12])
    found = delay_bins((seconds * 1e6).astype(np.int64))
    assert found[0] == found[1] == 0
    assert (seconds < ends[found]).all()
    assert (seconds[2:] >= ends[found - 1][2:]).all()


def test_scores_at_and_beside_every_edge_are_in_the_bin_that_a_search_finds() -> None:
    beside = [np.nextafter(SCORE_EDGES, to) for to in (0.0, 1.0)]
    scores = np.concatenate([SCORE_EDGES, *beside, [0.0, 1.0, 1e-300], np.random.default_rng(0).random(10_000)])
    assert score_bins(scores).tolist() == np.searchsorted(SCORE_EDGES, scores, side="right").tolist()
    assert score_bins(np.array([-1e-9, 1 + 1e-9, np.inf, -np.inf])).tolist() == [SCORE_BINS] * 4


def test_few_rows_in_many_slots_are_counted_as_many_in_few() -> None:
    """The former are sorted, the latter have a table of all cells."""
    rows = rows_of(5, 600)
    alone = count_labelled(rows, np.arange(600), 600)
    assert same(merge(alone), count_labelled(rows, np.zeros(600, np.int64), 1)[0])


def test_rows_beyond_the_slots_are_refused_and_codes_beyond_the_names_are_none() -> None:
    rows = rows_of(1, 10)
    for slot in (-1, 3):
        with pytest.raises(ValueError, match="slots"):
            count_seen(rows, np.full(10, slot), 3)
    (cut,) = rows.cuts
    beyond = dataclasses.replace(rows, cuts=(Cuts(np.full(10, 7), cut.keys),))
    assert same(whole(beyond), whole(dataclasses.replace(rows, cuts=())))
