"""The loss of a regression estimated from counts of its features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.core.level import Level
from modelwatch.errors import CorruptData
from modelwatch.monitors.estimated import (
    Estimated,
    LossModel,
    decode,
    encode,
    estimate_loss,
    judge_estimated,
    learn_loss,
    rooted,
)
from modelwatch.monitors.estimated.loss import Ints
from modelwatch.profiles.binning import NULL, WIDTH

ORDERED = np.array([True, True, False])


def counts_of(codes: Ints, weight: np.ndarray | None = None) -> np.ndarray:
    counts = [np.bincount(column, weight, minlength=WIDTH) for column in codes.T]
    return np.array(counts, float).reshape(-1, WIDTH)


def inputs(random: np.random.Generator, n: int, shift: float = 1.0) -> Ints:
    """Two numbers and a category; with a shift above 1 the first number and the last category grow."""
    first = np.minimum((random.random(n) ** (1 / shift) * 256).astype(int), 255)
    second = random.integers(0, 256, n)
    third = random.choice(3, n, p=np.array([0.5, 0.3, 0.2 * shift]) / (0.8 + 0.2 * shift))
    second[random.random(n) < 0.05] = NULL
    return np.column_stack((first, second, third))


def errors(random: np.random.Generator, codes: Ints) -> np.ndarray:
    """Errors whose spread grows with the first number and the category."""
    return random.normal(size=len(codes)) * (0.5 + codes[:, 0] / 128 + codes[:, 2])


def level(found: Estimated) -> Level:
    (judgement,) = judge_estimated([found], "regression")
    return judgement.level


def said(model: LossModel, codes: Ints, weight: np.ndarray | None = None, metric: str = "mae") -> Estimated:
    total = np.ones(len(codes)) if weight is None else weight
    rows = float(total.sum() ** 2 / (total**2).sum()) if len(codes) else 0.0
    return estimate_loss(model, counts_of(codes, weight), float(total.sum()), rows, metric)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(10, 300), st.booleans())
def test_the_reference_itself_is_estimated_as_it_was_realized(seed: int, n: int, weighted: bool) -> None:
    random = np.random.default_rng(seed)
    codes = inputs(random, n)
    loss = np.abs(errors(random, codes))
    weight = random.integers(1, 4, n).astype(float) if weighted else None
    found = said(learn_loss(codes, loss, ORDERED, weight), codes, weight)
    assert found.measure.value == pytest.approx(np.average(loss, weights=weight))
    assert found.change == pytest.approx(0.0, abs=1e-9)


def test_the_estimate_is_linear_in_the_counts() -> None:
    random = np.random.default_rng(1)
    codes = inputs(random, 5_000)
    model = learn_loss(codes, np.abs(errors(random, codes)), ORDERED)
    a, b = inputs(random, 300, 2.0), inputs(random, 700, 4.0)
    whole = said(model, np.concatenate((a, b))).measure.value
    assert whole == pytest.approx(0.3 * said(model, a).measure.value + 0.7 * said(model, b).measure.value)


def test_realized_errors_lie_in_the_interval_where_inputs_move() -> None:
    random = np.random.default_rng(2)
    inside, early = [], []
    for _ in range(15):
        codes = inputs(random, 5_000)
        error = errors(random, codes)
        size, square = (learn_loss(codes, loss, ORDERED) for loss in (np.abs(error), error**2))
        assert size.explained > 0.1
        for _ in range(10):
            now = inputs(random, 1_000, 2.5)
            came = errors(random, now)
            mae, rmse = said(size, now), rooted(said(square, now))
            real = np.abs(came).mean(), np.sqrt((came**2).mean())
            inside.append([x.measure.low <= y <= x.measure.high for x, y in zip((mae, rmse), real, strict=True)])
            early.append(level(mae))
    assert np.mean(inside, axis=0).min() >= 0.87
    assert set(early) == {Level.WARNING}
    assert rmse.measure.metric == "rmse"
    assert rmse.reference.value == pytest.approx(np.sqrt((error**2).mean()))


def test_nothing_is_found_where_nothing_moves() -> None:
    random = np.random.default_rng(3)
    codes = inputs(random, 10_000)
    model = learn_loss(codes, np.abs(errors(random, codes)), ORDERED)
    z = [(each := said(model, inputs(random, 1_000))).change / each.change_error for _ in range(200)]
    assert np.std(z) == pytest.approx(1.0, abs=0.2)


def test_a_loss_that_no_feature_tells_is_the_mean_everywhere() -> None:
    random = np.random.default_rng(4)
    codes = inputs(random, 2_000)
    model = learn_loss(codes, np.abs(random.normal(size=2_000)), ORDERED)
    assert model.explained < 0.01
    found = said(model, inputs(random, 1_000, 4.0))
    assert abs(found.change) < 0.1 * model.mean
    assert level(found) in (Level.OK, Level.NOTICE)


def test_a_changed_outcome_of_the_same_input_is_not_seen() -> None:
    random = np.random.default_rng(5)
    codes = inputs(random, 5_000)
    model = learn_loss(codes, np.abs(errors(random, codes)), ORDERED)
    now = inputs(random, 2_000)
    found = said(model, now)
    assert level(found) is Level.OK
    assert np.abs(3 * errors(random, now)).mean() > 2 * found.measure.high


def test_edges() -> None:
    random = np.random.default_rng(6)
    codes = inputs(random, 100)
    constant = learn_loss(codes, np.full(100, 2.0), ORDERED)
    assert said(constant, codes[:10]).measure.value == 2.0
    zero = learn_loss(codes, np.zeros(100), ORDERED)
    assert said(zero, codes).measure.value == 0.0
    holes = learn_loss(codes, np.where(np.arange(100) < 50, np.nan, 1.0 + np.arange(100)), ORDERED)
    assert holes.mean == pytest.approx(np.arange(51, 101).mean())
    nothing = said(constant, codes[:0])
    assert np.isnan(nothing.measure.value)
    assert level(nothing) is Level.INSUFFICIENT_DATA
    with pytest.raises(ValueError, match="too few to learn from"):
        learn_loss(codes[:9], np.ones(9), ORDERED)
    no_features = learn_loss(codes[:, :0], np.arange(100.0), ORDERED[:0])
    assert said(no_features, codes[:, :0]).measure.value == pytest.approx(49.5)
    only_new = np.full((50, 3), NULL + 1)
    assert np.isfinite(said(constant, only_new).measure.value)


@pytest.mark.parametrize("features", [0, 3])
def test_the_stored_form_comes_back_as_it_was(features: int) -> None:
    random = np.random.default_rng(7)
    codes = inputs(random, 500)[:, :features]
    model = learn_loss(codes, random.random(500), ORDERED[:features])
    block = encode(model)
    back = decode(block)
    for name in model.__slots__:
        assert np.array_equal(getattr(back, name), getattr(model, name)), name
    for broken in (b"", b"MWOU" + block[4:], block[:-1], block[:4] + b"\x09" + block[5:], block[:-1] + b"?"):
        with pytest.raises(CorruptData):
            decode(broken)
