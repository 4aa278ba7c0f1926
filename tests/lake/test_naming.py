from __future__ import annotations

import re

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from modelwatch.core.column import ColumnKey, ColumnType
from modelwatch.core.wire import NAMED_ROLES, Kind, Role
from modelwatch.lake.columns import OWN, column_key, fit, lake_field
from modelwatch.lake.contract import TableKey
from modelwatch.lake.naming import DATE, MAX_COLUMN, lake_name, table_folder

USER_NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.text("aAbB~%_1", max_size=6),
    st.text("aA", min_size=150, max_size=300),
)
KEYS = st.builds(ColumnKey, st.sampled_from(sorted(NAMED_ROLES)), USER_NAMES)


@given(KEYS)
def test_a_lake_name_is_safe_for_every_reader(key: ColumnKey) -> None:
    name = lake_name(key)
    assert re.fullmatch(r"[A-Za-z0-9_%~-]+", name)
    assert len(name) <= MAX_COLUMN


@given(KEYS, KEYS)
@example(ColumnKey(Role.FEATURE, "Age"), ColumnKey(Role.FEATURE, "age"))
@example(ColumnKey(Role.FEATURE, "age~1"), ColumnKey(Role.FEATURE, "Age"))
@example(ColumnKey(Role.FEATURE, "%c3"), ColumnKey(Role.FEATURE, "%C3"))
@example(ColumnKey(Role.FEATURE, "a" * 300), ColumnKey(Role.FEATURE, "a" * 301))
@example(ColumnKey(Role.FEATURE, "A" * 300), ColumnKey(Role.FEATURE, "a" * 300))
def test_different_columns_differ_even_without_case(one: ColumnKey, other: ColumnKey) -> None:
    assert (lake_name(one).lower() == lake_name(other).lower()) == (one == other)


def test_no_user_name_takes_a_column_of_ours() -> None:
    own = {field.name for field in OWN} | {DATE} | {role.value for role in Role if role not in NAMED_ROLES}
    tempting = [ColumnKey(role, name) for role in NAMED_ROLES for name in ["", "score", "timestamp", "id", DATE, *own]]
    assert not own & {lake_name(key) for key in tempting}


@given(KEYS)
def test_a_field_remembers_the_users_name(key: ColumnKey) -> None:
    assert column_key(lake_field(key, ColumnType.NUMERIC)) == key


def test_our_own_columns_are_no_users() -> None:
    assert [column_key(field) for field in OWN] == [None] * len(OWN)


@given(st.text(max_size=30), st.text(max_size=30))
@example("fraud", "Fraud")
@example("a/b", "a-b")
def test_folders_are_apart_and_inside(one: str, other: str) -> None:
    folders = [table_folder(TableKey("default", name, Kind.PREDICTIONS)) for name in (one, other)]
    assert (folders[0].lower() == folders[1].lower()) == (one == other)
    for folder in folders:
        assert re.fullmatch(r"default-[0-9a-f]{16}/[a-z0-9-]{16,60}/predictions", folder)


@given(KEYS, st.sampled_from(sorted(ColumnType)), st.sampled_from(sorted(ColumnType)))
def test_two_types_of_one_column_never_share_a_place(key: ColumnKey, before: ColumnType, after: ColumnType) -> None:
    known = pa.schema([lake_field(key, before)])
    [placed] = fit(pa.schema([lake_field(key, after)]), known)
    assert (placed.name == known.names[0]) == (before == after)
    assert placed.type == lake_field(key, after).type
    assert fit(pa.schema([lake_field(key, after)]), pa.schema({*known, placed})) == [placed]
