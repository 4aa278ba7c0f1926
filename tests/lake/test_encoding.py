from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelwatch.lake.columns import CATEGORY, tight
from modelwatch.lake.encoding import SPLIT, dictionary_bytes, plan, sample, split_bytes
from modelwatch.lake.parquet import write_parquet

ROWS = 40_000


def columns(rows: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {
        "amount": np.round(random.lognormal(3, 1, rows), 2),
        "count": random.poisson(1.0, rows).astype(float),
        "code": random.integers(10_000, 99_999, rows).astype(float),
        "measure": random.normal(0, 1, rows).astype(np.float32).astype(float),
        "noise": random.normal(0, 1, rows),
        "constant": np.full(rows, 3.5),
    }


def size(values: np.ndarray, dictionary: bool, path: Path) -> int:
    encoding = {"use_dictionary": True} if dictionary else {"use_dictionary": False, "column_encoding": {"x": SPLIT}}
    pq.write_table(
        pa.table({"x": values}),
        path,
        compression="zstd",
        compression_level=1,
        write_statistics=False,
        dictionary_pagesize_limit=1 << 24,
        **encoding,
    )
    return path.stat().st_size


@pytest.mark.parametrize("name", sorted(columns(1)))
def test_the_choice_is_the_smaller_one(name: str, tmp_path: Path) -> None:
    values = columns(ROWS)[name]
    chosen = name in plan(pa.table({name: values}), ROWS).dictionary
    sizes = {kind: size(values, kind, tmp_path / "x") for kind in (True, False)}
    assert sizes[chosen] <= 1.02 * sizes[not chosen] + 64


@pytest.mark.parametrize("name", ["amount", "code", "measure", "count"])
def test_the_estimate_is_near_the_truth(name: str, tmp_path: Path) -> None:
    values = columns(ROWS)[name]
    bits = sample(pa.chunked_array([values]))
    dictionary = dictionary_bytes(bits, ROWS) < split_bytes(bits)
    estimate = min(dictionary_bytes(bits, ROWS), split_bytes(bits))
    assert estimate == pytest.approx(size(values, dictionary, tmp_path / "x") / ROWS, rel=0.25)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(st.none(), st.floats(), st.sampled_from([0.0, -0.0, 2.0**53 + 2, 5e-324])), max_size=300),
    st.integers(1, 50),
)
def test_every_bit_of_a_double_survives(tmp_path: Path, values: list[float | None], repeat: int) -> None:
    rows = pa.table({"feature_x": pa.array(values * repeat, pa.float64())})
    write_parquet(rows, plan(rows, max(1, rows.num_rows)), tmp_path / "x.parquet")
    back = pq.read_table(tmp_path / "x.parquet").column("feature_x").to_pylist()
    assert [bits(v) for v in back] == [bits(v) for v in values * repeat]


def bits(value: float | None) -> bytes | None:
    return None if value is None else struct.pack("<d", value)


def test_every_type_survives(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "prediction_id": pa.array(["a", "b", "\U0001f600"]),
            "timestamp": pa.array([-(2**50), 0, 2**50], pa.timestamp("us", "UTC")),
            "feature_c": pa.array(["x", None, ""]).cast(CATEGORY),
            "feature_b": pa.array([True, None, False]),
            "embedding_e": pa.array([[1.5, 2.5], None, []], pa.list_(pa.float32())),
            "extra": pa.array([None, None, "{}"]),
        }
    )
    write_parquet(rows, plan(rows, 3), tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet").to_pylist() == rows.to_pylist()


def test_a_dictionary_keeps_only_what_rows_have() -> None:
    words = pa.array(["a", "b", "c", "d"])
    parts = [pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words) for codes in ([3, None], [1, 3])]
    rows = pa.table({"feature_c": pa.chunked_array(parts)})
    kept = tight(rows)
    assert kept.to_pylist() == rows.to_pylist()
    assert {tuple(chunk.dictionary.to_pylist()) for chunk in kept.column(0).chunks} == {("b", "d")}


def test_dictionaries_that_differ_from_chunk_to_chunk_still_become_one(tmp_path: Path) -> None:
    parts = [pa.array([f"level-{i}"] * 5_000).dictionary_encode() for i in range(8)]
    rows = tight(pa.table({"feature_c": pa.chunked_array(parts)}))
    write_parquet(rows, plan(rows, 40_000), tmp_path / "x.parquet")
    encodings = pq.read_metadata(tmp_path / "x.parquet").row_group(0).column(0).encodings
    assert "RLE_DICTIONARY" in encodings
    assert (tmp_path / "x.parquet").stat().st_size < 2_000
