"""Reference files: three formats, one form; broken ones are refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import ARROW_STREAM, Kind, Role
from modelwatch.errors import InvalidRequest, TooLarge, UnsupportedWire
from modelwatch.ingest.conform import conform
from modelwatch.ingest.reference import CSV, PARQUET, ReferenceFile, open_reference
from tests.ingest.bodies import META, batch_of, body_of, column, usual

TABLE: dict[str, Any] = {
    "id": ["a", "b", "c"],
    "timestamp": ["2024-01-15T10:30:00Z", "2024-01-15", "2024-01-15T00:00:00.5"],
    "prediction_score": [0.1, 0.2, 0.3],
    "late": ["no", "yes", "no"],
    "amount": [1.5, None, 3.0],
    "carrier": ["AA", "UA", None],
    "count": [1, 2, 3],
}
ROLES = {"prediction_id": "id", "prediction_label": "late", "tags": ["carrier"]}


def as_parquet(path: Path, table: pa.Table) -> tuple[Path, str]:
    pq.write_table(table, path)
    return path, PARQUET


def as_csv(path: Path, table: pa.Table) -> tuple[Path, str]:
    csv.write_csv(table, path)
    return path, CSV


def rows_of(reference: ReferenceFile) -> dict[tuple[str, str], list[Any]]:
    """All values by role and name."""
    values: dict[tuple[str, str], list[Any]] = {(key.role.value, key.name): [] for key in reference.columns}
    for batch in reference.batches():
        for key, array in zip(reference.columns, batch.columns, strict=True):
            if key.role is Role.TIMESTAMP:
                assert array.type == pa.timestamp("us", "UTC")
                array = array.cast(pa.int64())
            values[(key.role.value, key.name)] += array.to_pylist()
    return values


@pytest.mark.parametrize("write", [as_parquet, as_csv])
def test_a_plain_table_takes_its_roles_from_the_sender_or_its_names(tmp_path: Path, write: Any) -> None:
    reference = open_reference(*write(tmp_path / "file", pa.table(TABLE)), ROLES)
    assert rows_of(reference) == {
        ("prediction_id", ""): ["a", "b", "c"],
        ("timestamp", ""): [1705314600_000000, 1705276800_000000, 1705276800_500000],
        ("prediction_score", ""): [0.1, 0.2, 0.3],
        ("prediction_label", ""): ["no", "yes", "no"],
        ("feature", "amount"): [1.5, None, 3.0],
        ("tag", "carrier"): ["AA", "UA", None],
        ("feature", "count"): [1, 2, 3],
    }
    assert reference.timed
    assert reference.count() == 3
    assert reference.left_out == ()


@pytest.mark.parametrize("write", [as_parquet, as_csv])
def test_features_that_are_said_leave_the_others_out(tmp_path: Path, write: Any) -> None:
    reference = open_reference(*write(tmp_path / "file", pa.table(TABLE)), {"features": ["amount"]})
    assert [key.name or key.role.value for key in reference.columns] == ["timestamp", "prediction_score", "amount"]
    assert reference.left_out == ("id", "late", "carrier", "count")


def test_the_same_rows_give_the_same_columns_in_every_format(tmp_path: Path) -> None:
    table = pa.table({name: TABLE[name] for name in ("prediction_score", "late", "amount", "count")})
    stream = batch_of(
        [
            column("prediction_score", TABLE["prediction_score"]),
            *(column("feature", TABLE[name], name) for name in ("late", "amount", "count")),
        ]
    )
    (tmp_path / "arrow").write_bytes(body_of(stream))
    files = [
        as_parquet(tmp_path / "parquet", table),
        as_csv(tmp_path / "csv", table),
        (tmp_path / "arrow", ARROW_STREAM),
    ]
    came = []
    for path, media in files:
        (batch,) = open_reference(path, media, {}).batches()
        rows = conform(batch, Kind.PREDICTIONS, None)
        came.append((rows.schema, {key: values.values.to_pylist() for key, values in rows.columns.items()}))
    assert came[0] == came[1] == came[2]


def test_an_arrow_stream_says_its_own_roles(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(body_of(batch_of(usual()), batch_of(usual(5))))
    reference = open_reference(path, ARROW_STREAM, {})
    assert reference.count() == 8
    assert ColumnKey(Role.FEATURE, "shop") in reference.columns
    assert rows_of(reference)[("feature", "amount")] == [0.0, 1.5, 3.0, 0.0, 1.5, 3.0, 4.5, 6.0]


def test_a_reference_may_be_larger_than_a_request(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(body_of(batch_of([column("feature", pa.array([True] * 150_000), "x")])))
    assert open_reference(path, ARROW_STREAM, {}).count() == 150_000


def test_a_reference_needs_no_times(tmp_path: Path) -> None:
    assert not open_reference(*as_csv(tmp_path / "file", pa.table({"x": [1.5]})), {}).timed


def test_what_is_nested_is_left_out_and_vectors_are_embeddings(tmp_path: Path) -> None:
    table = pa.table(
        {
            "x": [1.0],
            "deep": [{"a": 1}],
            "day": pa.array([1], pa.date32()),
            "e": pa.array([[1.0, 2.0]], pa.list_(pa.float64())),
            "price": pa.array([1], pa.decimal128(9, 2)),
            "code": pa.array(["a"], pa.large_utf8()).dictionary_encode(),
            "small": pa.array([2**64 - 1], pa.uint64()),
        }
    )
    reference = open_reference(*as_parquet(tmp_path / "file", table), {})
    assert reference.left_out == ("deep", "day")
    assert rows_of(reference) == {
        ("feature", "x"): [1.0],
        ("embedding", "e"): [[1.0, 2.0]],
        ("feature", "price"): [1.0],
        ("feature", "code"): ["a"],
        ("feature", "small"): [str(2**64 - 1)],
    }


def test_a_csv_keeps_ids_as_text_and_numbers_as_float(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text('prediction_id,x,flag,note\n007,3,true,"a\nb"\n008,,false,NA\n')
    values = rows_of(open_reference(path, CSV, {}))
    assert values == {
        ("prediction_id", ""): ["007", "008"],
        ("feature", "x"): [3.0, None],
        ("feature", "flag"): [True, False],
        ("feature", "note"): ["a\nb", None],
    }


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ({"prediction_id": "nope"}, "no column"),
        ({"prediction_label": "Late"}, "no column"),
        ({"features": ["amount", "nope"]}, "no column"),
        ({"prediction_id": "id", "tags": ["id"]}, "two roles"),
        ({"label": "late"}, "no role"),
        ({"outcome": "late"}, "no role"),
        ({"prediction_score": "late"}, "type"),
        ({"weight": "carrier"}, "type"),
    ],
)
def test_a_role_that_cannot_be_is_refused(tmp_path: Path, roles: Mapping[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        open_reference(*as_parquet(tmp_path / "file", pa.table(TABLE)), roles)


def test_a_wrong_column_name_is_met_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest) as raised:
        open_reference(*as_csv(tmp_path / "file", pa.table(TABLE)), {"prediction_label": "lat"})
    assert "'late'" in raised.value.hint


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"", CSV),
        (b"", PARQUET),
        (b"", ARROW_STREAM),
        (b"PAR1 and nothing more PAR1", PARQUET),
        (b"a,b\n1,2\n", PARQUET),
        (b"a,b\n1,2\n", ARROW_STREAM),
        (b"a,a\n1,2\n", CSV),
        (b"a,\n1,2\n", CSV),
        (b"a,b\n1\n", CSV),
        (b"a,b\n1,\xff\xfe\n", CSV),
        (b"weight\n-1\n", CSV),
        (b"x,timestamp\n1,yesterday\n", CSV),
        (b"x,timestamp\n1,\n2,2024-01-01\n", CSV),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, media: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest):
        open_reference(path, media, {}).count()


def test_text_after_8_mb_of_numbers_is_said_with_its_column(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("amount\n" + "1.25\n" * 2_000_000 + "many\n")
    with pytest.raises(InvalidRequest, match=r"amount|#0"):
        open_reference(path, CSV, {}).count()


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("write", [as_parquet, None])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, cut: float, write: Any) -> None:
    path, media = tmp_path / "file", ARROW_STREAM
    path.write_bytes(body_of(batch_of(usual())))
    if write is not None:
        path, media = write(path, pa.table(TABLE))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    with pytest.raises(InvalidRequest):
        open_reference(path, media, {}).count()


def test_damage_in_the_middle_of_a_parquet_file_is_refused_or_harmless(tmp_path: Path) -> None:
    path, media = as_parquet(tmp_path / "file", pa.table({"x": ["abc" * 50] * 100}))
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), 9):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            open_reference(path, media, {}).count()
        except InvalidRequest:
            refused += 1
    assert refused > 10


def test_too_many_columns_are_too_large(tmp_path: Path) -> None:
    table = pa.table({f"c{i}": [1] for i in range(2_001)})
    with pytest.raises(TooLarge):
        open_reference(*as_csv(tmp_path / "file", table), {})


def test_a_stream_of_another_wire_version_and_another_type_are_their_own_error(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(body_of(batch_of(usual(), META | {"modelwatch.wire": "2"})))
    for media in (ARROW_STREAM, "application/json"):
        with pytest.raises(UnsupportedWire):
            open_reference(path, media, {})


def test_a_reference_may_hold_what_came_true(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(body_of(batch_of([column("actual_label", ["a"])])))
    opened = open_reference(path, ARROW_STREAM, {})
    assert opened.columns == (ColumnKey(Role.ACTUAL_LABEL, ""),)
    assert opened.count() == 1
