"""Arrays over windows: thinning hides nothing, `since` is when a level began."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from modelwatch.core.level import CODE, ORDER, Level
from modelwatch.server.queries.windows import since, stretches, thin_largest, thin_last, thin_worst

CODES = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 3)), elements=st.sampled_from(range(len(ORDER))))
VALUES = arrays(
    np.float64,
    st.tuples(st.integers(1, 40), st.integers(1, 3)),
    elements=st.floats(0, 9) | st.just(math.nan),
)


@given(st.integers(1, 5_000), st.integers(1, 600))
def test_stretches_hold_every_window_once_and_are_few(count: int, most: int) -> None:
    starts = stretches(count, most)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert len(starts) <= most
    sizes = np.diff([*starts, count])
    assert sizes.sum() == count
    assert len(set(sizes[1:].tolist())) <= 1
    assert sizes[0] <= max(sizes)


@given(VALUES, st.integers(1, 10))
def test_the_largest_value_is_never_lost(values: np.ndarray, most: int) -> None:  # type: ignore[type-arg]
    starts = stretches(len(values), most)
    thinned = thin_largest(values, starts)
    for i, (start, end) in enumerate(zip(starts, [*starts[1:], len(values)], strict=True)):
        for f in range(values.shape[1]):
            known = [value for value in values[start:end, f].tolist() if not math.isnan(value)]
            assert thinned[i, f] == max(known) if known else math.isnan(thinned[i, f])


@given(CODES, st.integers(1, 10))
def test_the_worst_level_is_never_lost(codes: np.ndarray, most: int) -> None:  # type: ignore[type-arg]
    order = (Level.CRITICAL, Level.WARNING, Level.ERROR, Level.NOTICE, Level.OK, Level.INSUFFICIENT_DATA, Level.NO_DATA)
    starts = stretches(len(codes), most)
    thinned = thin_worst(codes, starts)
    for i, (start, end) in enumerate(zip(starts, [*starts[1:], len(codes)], strict=True)):
        for f in range(codes.shape[1]):
            assert ORDER[thinned[i, f]] == min((ORDER[code] for code in codes[start:end, f]), key=order.index)


def test_the_last_of_each_stretch_is_its_own() -> None:
    assert thin_last([1, 2, 3, 4, 5], [0, 1, 3]) == [1, 3, 5]


@given(CODES)
def test_since_is_the_first_window_of_the_run_of_a_state(codes: np.ndarray) -> None:  # type: ignore[type-arg]
    unjudged = {CODE[Level.INSUFFICIENT_DATA], CODE[Level.NO_DATA]}
    raised = {CODE[Level.CRITICAL], CODE[Level.WARNING]}
    for f, told in enumerate(since(codes, list(range(100, 100 + len(codes))))):
        column = codes[:, f].tolist()
        newest = column[-1]
        if newest in unjudged | {CODE[Level.OK]}:
            assert told is None
            continue
        first = len(column) - 1
        for i in range(len(column) - 1, -1, -1):
            if column[i] == newest or {column[i], newest} <= raised:
                first = i
            elif column[i] not in unjudged:
                break
        assert told == 100 + first
