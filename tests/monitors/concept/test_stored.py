"""The stored form: equal back, and whatever else is refused."""

from __future__ import annotations

import base64
import pickle
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.monitors.concept import State, advance, begin, from_bytes, to_bytes
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
STORED = (
    "O;<w!cmZo?U|^_LD#|QNEmE>lP%_XnGE>q~P%23*&Ia+5GV>CPDnTMSiAkwB#XvDb0|Ov8EwiY&1jGZf6LS)aazRqjKp7B<1uMu)"
    "$;?X!3xoItiA5z~j=337iJ_T}f{6uKwIz^gXl4;x`)B3HOTI}7_6k5Ju>vsyh&VvlDo|PiLN|y(`4JG>V3WgI1_p-JK%4-"
    "?AOJH5MzcVK8Q7pSe(Hlgx;%0E&~+i)L7M%T=1^)sEF6e4hg|=^zz8>(z1aPaX%EEbnBu7JeuH5TL?5O&%zh?lkfNFcvj;|FhC56"
    "IRo^?P{V*D)3X{f`wn1*<f-"
    "8llVTKJ*GZFm9dwtjBO%gjWKgsF|*X>vK#d(XRWGtoNe3%glPzH>Ki6=rCFd8PF1ZBWzn0PXj0izY5d`6f8C@p}>cYt!?v;tH>5l"
    "X}O22ehfazLjQpaPC)5&=*?ny>?m4*)hrS~&"
)
"""What river 0.26.1 made of 100 labels, every 19th of them wrong."""


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state.task} {state.labels}")
def test_a_state_comes_back_equal(state: State) -> None:
    again = from_bytes(to_bytes(state))
    assert again == state
    assert to_bytes(again) == to_bytes(state)


def test_a_state_that_was_stored_before_is_read_as_it_was() -> None:
    numbers = np.arange(100)
    state, _ = advance(begin("binary"), (numbers % 19 == 0).astype(np.float64), numbers, numbers)
    assert from_bytes(base64.b85decode(STORED)) == state


def test_a_state_of_many_labels_takes_few_kilobytes() -> None:
    state, _ = watched("binary", mistakes(np.random.default_rng(1), (0.05, 200_000)))
    assert len(to_bytes(state)) < 4_096


@settings(deadline=None)
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
