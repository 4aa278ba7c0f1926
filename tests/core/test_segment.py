"""A segment's stored name tells it from every other one, whatever people call their tags and values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import SEGMENT_ROLES, Cut, Segment, from_key, meant
from modelwatch.core.wire import Role

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(["=", "a=b", "\0", "is null"])
COLUMNS = st.builds(ColumnKey, st.sampled_from(SEGMENT_ROLES), TEXTS)
SEGMENTS = st.builds(Segment, COLUMNS, st.none() | TEXTS)


@given(SEGMENTS)
def test_a_key_gives_the_segment_back_in_plain_ascii(segment: Segment) -> None:
    assert from_key(segment.key) == segment
    assert segment.key.isascii()
    assert segment.key.isprintable()


@given(SEGMENTS, SEGMENTS)
def test_two_segments_share_no_key(one: Segment, other: Segment) -> None:
    assert (one.key == other.key) == (one == other)


@given(st.lists(SEGMENTS, max_size=6), SEGMENTS)
def test_a_label_means_what_is_there_and_nothing_else(known: list[Segment], asked: Segment) -> None:
    found = meant(asked.label, known)
    assert all(each.label == asked.label or each.key == asked.label for each in found)
    assert all(each in found for each in known if each.label == asked.label)
    assert meant(asked.key, [asked]) == [asked]


def test_labels_may_be_shared_and_keys_then_tell() -> None:
    one = Segment(ColumnKey(Role.TAG, "a=b"), "c")
    other = Segment(ColumnKey(Role.TAG, "a"), "b=c")
    assert one.label == other.label
    assert meant("a=b=c", [one, other]) == [one, other]
    assert meant(other.key, [one, other]) == [other]


@given(st.lists(COLUMNS, max_size=5), st.integers(1, 200))
def test_a_cut_survives_being_stored(columns: list[ColumnKey], limit: int) -> None:
    cut = Cut(tuple(columns), limit)
    assert Cut.from_json(cut.to_json()) == cut
