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
    "O;<w!cmeBSU|^_LD#|QNEmE>lP%_XnGE>q~P%23*&Ia+5GV>CPDnTMSiAkwB#XvDb0|Ov8EwiY&1jGZf6LS)aazRqjKp7B<1uMu)"
    "$;?X!3xoItiA5z~j=337iJ_T}f{6uKwIz^gXa-~(8XCpc{#p6)l5bLiy#ml(tU!zaA`TF?3Y3<B&<$cxeguRz*yOO5fq`K)5GMdJ"
    "2*AvN(JT;Q1~w>-pZZ{rE>E03bX^E{kY+!oIh5KD3kTxNA=m#eFv1OHFLwW9+5_=9rZ}p*-(c7S(T6Dxv!4kXq^Rb=?19mk;SLi)"
    ")%Ol+Ka7T{!lbdKZIGL|;7Xxsm|+9dOa%Y&Uf(r&lf(|pPqKQ#b^Dclao%Dn8A~ZRA7(@XlmVk*;)zfOjE0FPK^ZU_CY}ssz-R?1"
    "pAn`2N(-R!9iUt|tpF8Jgwim+0hAA=9MEY6sDLAyL;#eJChP#?!{QcI8Jq`K2UCwm!xf@31RNlIOd0_2@m*j"
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
