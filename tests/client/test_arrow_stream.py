"""The hand-written Arrow stream, read back by pyarrow."""

from __future__ import annotations

from array import array

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.client import columns
from modelwatch.client.arrow_stream import ColumnKind, Data, WireColumn, encode, stream
from modelwatch.client.columns import nothing
from modelwatch.core.wire import Role
from tests.client.receiver import decode

ONE_OF_EACH = {
    ColumnKind.INT64: ([1, None, -(2**63)], pa.int64()),
    ColumnKind.FLOAT64: ([1.5, None, 1e300], pa.float64()),
    ColumnKind.FLOAT32: ([1.5, None, 0.25], pa.float32()),
    ColumnKind.UTF8: (["a", None, "äö\U0001f600"], pa.utf8()),
    ColumnKind.BOOL: ([True, None, False], pa.bool_()),
    ColumnKind.TIMESTAMP: ([1, None, -5], pa.timestamp("us", "UTC")),
    ColumnKind.CATEGORY: (["a", None, "a"], pa.dictionary(pa.int32(), pa.utf8())),
    ColumnKind.VECTOR: ([[1.0, 2.0], None, []], pa.list_(pa.float32())),
}


def make(kind: ColumnKind, values: list) -> Data:
    if kind is ColumnKind.VECTOR:
        data = columns.vectors(values)[0]
        assert data is not None
        return data
    return columns.fitted(values, kind)


@pytest.mark.parametrize("kind", ColumnKind)
def test_every_kind_arrives_with_its_type_and_values(kind: ColumnKind) -> None:
    values, type_ = ONE_OF_EACH[kind]
    table = decode(encode([WireColumn(Role.FEATURE, "x", make(kind, values))], {}))
    assert table.schema.field("x").type == type_
    assert table.column("x").cast(type_).combine_chunks().equals(pa.array(values, type_).cast(type_)) or (
        table.column("x").to_pylist() == values
    )
    assert table.column("x").null_count == 1


@pytest.mark.parametrize("kind", ColumnKind)
@pytest.mark.parametrize("length", [1, 8, 9])
def test_a_column_of_nulls_is_valid_in_every_kind(kind: ColumnKind, length: int) -> None:
    table = decode(encode([WireColumn(Role.FEATURE, "x", nothing(length, kind))], {}))
    assert table.column("x").to_pylist() == [None] * length
    assert table.schema.field("x").type == ONE_OF_EACH[kind][1]


@given(
    st.lists(st.tuples(st.sampled_from(Role), st.text(max_size=20), st.sampled_from(ColumnKind)), max_size=12),
    st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=5),
)
def test_any_schema_arrives_with_its_names_roles_and_metadata(
    fields: list[tuple[Role, str, ColumnKind]], metadata: dict[str, str]
) -> None:
    sent = [WireColumn(role, name, make(kind, ONE_OF_EACH[kind][0])) for role, name, kind in fields]
    schema = pa.ipc.open_stream(encode(sent, metadata)).schema
    assert schema.names == [name for _, name, _ in fields]
    assert [schema.field(i).metadata[b"role"].decode() for i in range(len(fields))] == [role for role, _, _ in fields]
    assert {k.decode(): v.decode() for k, v in (schema.metadata or {}).items()} == metadata
    assert [schema.field(i).type for i in range(len(fields))] == [ONE_OF_EACH[kind][1] for _, _, kind in fields]


@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=30), min_size=1, max_size=4))
def test_a_stream_of_many_batches_replaces_its_dictionaries(parts: list[list[str | None]]) -> None:
    batches = [[WireColumn(Role.TAG, "x", columns.fitted(part, ColumnKind.CATEGORY))] for part in parts]
    reader = pa.ipc.open_stream(b"".join(stream(batches, {})))
    assert [batch.column(0).to_pylist() for batch in reader] == parts


def test_a_stream_refuses_a_second_schema() -> None:
    one = [WireColumn(Role.FEATURE, "x", Data(ColumnKind.FLOAT64, 1, 0, (b"", array("d", [1]).tobytes())))]
    two = [WireColumn(Role.FEATURE, "y", one[0].data)]
    with pytest.raises(ValueError, match="one schema"):
        list(stream([one, two], {}))
