"""An entry comes back as it went in, and anything else is refused as corrupt."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.errors import CorruptData
from modelwatch.log import Rejection
from modelwatch.log.entry import Entry, Part, PartKind, decode, encode

parts = st.builds(
    Part, st.sampled_from(PartKind), st.text(), st.text(), st.text(), st.integers(0, 100_000), st.binary(max_size=40)
)
rejections = st.builds(Rejection, st.integers(0, 100_000), st.text(), st.text(), st.text(), st.text())
entries = st.builds(
    Entry,
    st.integers(-(2**62), 2**62),
    st.text(),
    st.lists(parts, max_size=4).map(tuple),
    st.lists(rejections, max_size=3).map(tuple),
)

ONE = Entry(
    1_700_000_000_000_000,
    "default",
    (
        Part(PartKind.PREDICTIONS, "fraud", "2.1.0", "production", 3, b"first body"),
        Part(PartKind.ACTUALS, "../../x", "", "production", 1, b"the second"),
    ),
    (Rejection(4, "timestamp_future", "too far ahead", "fraud", '{"a": "\ud800"}'),),
)


@given(entries)
def test_what_is_encoded_is_decoded(entry: Entry) -> None:
    assert decode(b"".join(encode(entry))) == entry


def test_bodies_are_never_copied() -> None:
    body = bytearray(b"0123456789")
    pieces = encode(Entry(0, "default", (Part(PartKind.PREDICTIONS, "m", "1", "e", 1, memoryview(body)),), ()))
    payload = bytearray(b"".join(pieces))
    decoded = decode(memoryview(payload)).parts[0].body
    body[0] = ord("x")
    assert bytes(pieces[1])[:1] == b"x"
    payload[payload.index(b"0123")] = ord("y")
    assert bytes(decoded)[:1] == b"y"


def test_every_body_begins_on_eight_bytes() -> None:
    payload = b"".join(encode(ONE))
    assert [payload.index(bytes(part.body)) % 8 for part in ONE.parts] == [0, 0]


def test_every_shortened_entry_is_corrupt() -> None:
    payload = b"".join(encode(ONE))
    for length in range(len(payload)):
        with pytest.raises(CorruptData):
            decode(payload[:length])


@given(st.binary(max_size=64))
def test_noise_is_corrupt_and_nothing_else(noise: bytes) -> None:
    with pytest.raises(CorruptData):
        decode(noise)


@given(st.binary(min_size=1, max_size=200))
def test_a_head_of_noise_is_corrupt(noise: bytes) -> None:
    prefix = b"".join(encode(ONE))[:8]
    with pytest.raises(CorruptData):
        decode(prefix + len(noise).to_bytes(4, "little") + bytes(4) + noise)


def test_an_unknown_version_says_what_to_do() -> None:
    payload = bytearray(b"".join(encode(ONE)))
    payload[4] = 9
    with pytest.raises(CorruptData, match="newer modelwatch"):
        decode(payload)


@pytest.mark.parametrize("length", [-8, 999, "8", None, 1.5])
def test_a_length_that_is_none_is_corrupt(length: object) -> None:
    rows = [["predictions", "m", "1", "e", 1, length], ["predictions", "m", "1", "e", 1, 16]]
    head = json.dumps({"received_us": 0, "project": "", "parts": rows, "rejected": []}).encode()
    with pytest.raises(CorruptData):
        decode(b"".join(encode(ONE))[:8] + len(head).to_bytes(4, "little") + bytes(4) + head + bytes(8))
