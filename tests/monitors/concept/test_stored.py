"""The stored form: equal back, and whatever else is refused."""

from __future__ import annotations

import pickle
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.monitors.concept import State, begin, from_bytes, to_bytes
from modelwatch.monitors.concept import stored as form
from tests.monitors.concept.streams import distances, mistakes, watched


def states() -> list[State]:
    """New, with few labels, with and without findings."""
    rng = np.random.default_rng(0)
    return [
        begin("binary"),
        begin("regression"),
        watched("multiclass", mistakes(rng, (0.5, 20)))[0],
        watched("binary", mistakes(rng, (0.05, 3_000), (0.4, 1_015)))[0],
        watched("regression", distances(rng, (1.0, 300)))[0],
        watched("regression", distances(rng, (1.0, 3_000), (3.0, 1_015)))[0],
    ]


STATES = states()


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.task} {state.labels}")
def test_a_state_comes_back_equal(state: State) -> None:
    again = from_bytes(to_bytes(state))
    assert again == state
    assert to_bytes(again) == to_bytes(state)


def test_a_state_of_a_million_labels_takes_few_kilobytes() -> None:
    state, _ = watched("binary", mistakes(np.random.default_rng(1), (0.05, 200_000)))
    assert len(to_bytes(state)) < 4_096


@given(st.sampled_from(STATES), st.data())
def test_damaged_bytes_are_refused(state: State, data: st.DataObject) -> None:
    good = to_bytes(state)
    at = data.draw(st.integers(0, len(good) - 1))
    flipped = bytearray(good)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for bad in (good[:at], bytes(flipped)):
        try:
            assert from_bytes(bad) == state  # zlib leaves some bits of its header without a meaning
        except CorruptData:
            pass


def test_other_bytes_are_refused() -> None:
    for bad in (b"", b"MWC\x02", pickle.dumps({}), b"MWC\x01" + zlib.compress(b"\x02\x00\x00\x00{}")):
        with pytest.raises(CorruptData):
            from_bytes(bad)


def test_a_state_of_another_river_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = [to_bytes(state) for state in STATES]
    monkeypatch.setattr(form, "release", lambda: "0.99")
    assert from_bytes(stored[2]) == STATES[2]
    with pytest.raises(CorruptData, match=r"written with river 0\.\d+, here is 0\.99 \(begin anew"):
        from_bytes(stored[3])
