"""Levels, schemas and ids."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from modelwatch.core.column import Column, ColumnKey, ColumnType, Schema
from modelwatch.core.level import CODE, ORDER, Level, worst
from modelwatch.core.uuid7 import uuid7, uuid7_ms
from modelwatch.core.wire import Role

COLUMNS = st.builds(
    Column,
    st.builds(ColumnKey, st.sampled_from(Role), st.text()),
    st.sampled_from(ColumnType),
    st.integers(0, 4096),
)


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_ids_are_uuids_of_version_7_that_keep_their_time(ms: int, tail: bytes) -> None:
    text = uuid7(ms, lambda n: tail[:n])
    parsed = uuid.UUID(text)
    assert parsed.version == 7
    assert parsed.variant == uuid.RFC_4122
    assert uuid7_ms(text) == ms


@given(st.uuids(version=4))
def test_other_uuids_tell_no_time(other: uuid.UUID) -> None:
    assert uuid7_ms(str(other)) is None


@given(st.lists(COLUMNS))
def test_a_schema_survives_being_stored(columns: list[Column]) -> None:
    schema = Schema(tuple(columns))
    assert Schema.from_json(schema.to_json()) == schema


@given(st.lists(st.sampled_from(Level)))
def test_the_worst_level_is_the_first_in_order(levels: list[Level]) -> None:
    expected = next((level for level in ORDER if level in levels), Level.OK)
    assert worst(levels) is expected


def test_level_codes_are_stored_and_never_change() -> None:
    assert {level.value: code for level, code in CODE.items()} == {
        "critical": 0,
        "warning": 1,
        "error": 2,
        "no_data": 3,
        "notice": 4,
        "insufficient_data": 5,
        "ok": 6,
    }
