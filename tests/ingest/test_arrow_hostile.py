"""Arrow from strangers: each known attack is a clean refusal, before anything is allocated for it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from modelwatch.client.arrow_stream import END_OF_STREAM
from modelwatch.client.flatbuffer import Node, finish, offsets, padding, string, table
from modelwatch.core.wire import MAX_BODY_BYTES, MAX_COLUMNS, MAX_ROWS, Kind
from modelwatch.errors import InvalidRequest, TooLarge, UnsupportedWire
from tests.ingest.bodies import (
    DICTIONARY,
    META,
    batch_of,
    body_of,
    buffer_at,
    changed,
    column,
    header_of,
    messages,
    take,
    usual,
    usual_body,
    with_number,
)

BATCH, DICTIONARY_BATCH = 3, 2


def feature(array: pa.Array) -> bytes:
    """The usual columns and one more feature."""
    return body_of(batch_of([*usual(), column("feature", array, "x")]))


def null_rows() -> bytes:
    endless = pa.Array.from_buffers(pa.null(), 2**40, [None])
    return body_of(batch_of([column("feature", endless, "x")]), allow_64bit=True)


def forged_rows() -> bytes:
    header, start, _ = header_of(usual_body(), BATCH)
    return changed(usual_body(), start + header.place(0), struct.pack("<q", 2**40))


def text_offset() -> bytes:
    body = usual_body()
    return changed(body, buffer_at(body, BATCH, 1) + 4, struct.pack("<i", 1 << 30))


def falling_offsets() -> bytes:
    body = usual_body()
    return changed(body, buffer_at(body, BATCH, 1) + 4, struct.pack("<i", -5))


def invalid_utf8() -> bytes:
    body = usual_body()
    return changed(body, buffer_at(body, BATCH, 2), b"\xff")


def invalid_utf8_in_dictionary() -> bytes:
    body = usual_body()
    return changed(body, buffer_at(body, DICTIONARY_BATCH, 2), b"\xff")


def index(number: int) -> bytes:
    body = usual_body()
    return changed(body, buffer_at(body, BATCH, 10), struct.pack("<i", number))


def shared_bytes() -> bytes:
    values = pa.array([1.0] * 1000)
    body = body_of(batch_of([column("feature", values, f"f{i}") for i in range(3)]))
    places = header_of(body, BATCH)[0].int64s(2)
    return with_number(body, BATCH, 2, 2 * 3, places[2])


def delta() -> bytes:
    field = column("feature", pa.array(["a"]).dictionary_encode(), "x")
    first, second = batch_of([field]), batch_of([column("feature", pa.array(["a", "b"]).dictionary_encode(), "x")])
    return body_of(first, second, emit_dictionary_deltas=True)


def null_in_dictionary() -> bytes:
    return feature(pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int32()), pa.array(["a", None])))


def long_text_from_a_dictionary() -> bytes:
    codes = pa.array([0] * 100_000, pa.int32())
    return body_of(batch_of([column("feature", pa.DictionaryArray.from_arrays(codes, pa.array(["x" * 10_000])), "x")]))


def schema_message(slots: dict[int, bytes | Node]) -> bytes:
    """A stream of nothing but a schema that no library would write."""
    metadata = finish(table({0: struct.pack("<h", 4), 1: b"\1", 2: table(slots)}))
    metadata += padding(len(metadata))
    return struct.pack("<Ii", 0xFFFFFFFF, len(metadata)) + metadata + END_OF_STREAM


def big_endian() -> bytes:
    return schema_message({0: struct.pack("<h", 1), 1: offsets([]), 2: offsets([])})


def one_string_many_times() -> bytes:
    pair = table({0: string(b"key"), 1: string(b"x" * 100_000)})
    vector = struct.pack("<I", 200) + b"".join(struct.pack("<I", 804 + pair.root - 4 - 4 * i) for i in range(200))
    return schema_message({1: offsets([]), 2: Node(vector + bytes(4) + pair.data, 0)})


def fields_without_end() -> bytes:
    return schema_message({1: Node(struct.pack("<I", 1 << 30) + bytes(4), 0), 2: offsets([])})


def without_schema() -> bytes:
    second = list(messages(usual_body()))[1][1] - 8
    return usual_body()[second:]


def field_metadata() -> bytes:
    field = pa.field("x", pa.float64(), metadata={"role": "feature", "note": "x" * 10_000})
    return body_of(batch_of([(field, pa.array([1.0]))]))


def file_format() -> bytes:
    sink = pa.BufferOutputStream()
    batch = batch_of(usual())
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()


def message_metadata() -> bytes:
    sink = pa.BufferOutputStream()
    batch = batch_of(usual())
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch, custom_metadata={str(i): "x" for i in range(100)})
    return sink.getvalue().to_pybytes()


CASES: dict[str, Callable[[], bytes]] = {
    "2^40 null rows in 200 bytes": null_rows,
    "a batch that says 2^40 rows": forged_rows,
    "a zstd bomb": lambda: body_of(batch_of(usual()), compression="zstd"),
    "lz4 with a forged length": lambda: body_of(batch_of(usual()), compression="lz4"),
    "text that ends outside of its bytes": text_offset,
    "offsets that fall": falling_offsets,
    "text that is not UTF-8": invalid_utf8,
    "a dictionary that is not UTF-8": invalid_utf8_in_dictionary,
    "an index beyond the dictionary": lambda: index(1_000_000),
    "a negative index": lambda: index(-1),
    "columns over the same bytes": shared_bytes,
    "a buffer behind the body": lambda: with_number(usual_body(), BATCH, 2, 2, 1 << 40),
    "a buffer before the body": lambda: with_number(usual_body(), BATCH, 2, 2, -64),
    "a buffer shorter than its column": lambda: with_number(usual_body(), BATCH, 2, 2 * 6 + 1, 0),
    "a column longer than its batch": lambda: with_number(usual_body(), BATCH, 1, 0, 1 << 50),
    "a null count that lies": lambda: with_number(usual_body(), BATCH, 1, 1, 2),
    "a dictionary with a null": null_in_dictionary,
    "a delta dictionary": delta,
    "a dictionary that stands for 1 GB": long_text_from_a_dictionary,
    "a dictionary of numbers": lambda: feature(pa.array([1, 2, 1]).dictionary_encode()),
    "a struct": lambda: feature(pa.array([{"a": 1}] * 3)),
    "a map": lambda: feature(pa.array([[("a", 1)]] * 3, pa.map_(pa.utf8(), pa.int64()))),
    "a list in a list": lambda: feature(pa.array([[[1.0]]] * 3)),
    "a list of text": lambda: feature(pa.array([["a"]] * 3)),
    "a list as a feature": lambda: feature(pa.array([[1.0]] * 3)),
    "a view": lambda: feature(pa.array(["a"] * 3, pa.string_view())),
    "a null column": lambda: feature(pa.nulls(3)),
    "a decimal": lambda: feature(pa.array([1, 2, 3], pa.decimal128(5))),
    "bytes": lambda: feature(pa.array([b"a"] * 3)),
    "a date": lambda: feature(pa.array([1, 2, 3], pa.date32())),
    "a time as a feature": lambda: feature(pa.array([1, 2, 3], pa.timestamp("us", "UTC"))),
    "an extension type": lambda: feature(pa.array([b"0" * 16] * 3, pa.uuid())),
    "run-end encoding": lambda: feature(pa.RunEndEncodedArray.from_arrays([3], [1.0])),
    "a time zone without end": lambda: body_of(
        batch_of([column("timestamp", [1], kind=pa.timestamp("us", "U" * 100)), column("prediction_score", [1.0])])
    ),
    "metadata without end on a field": field_metadata,
    "metadata without end on a message": message_metadata,
    "big-endian data": big_endian,
    "one string as the value of 200 keys": one_string_many_times,
    "2^30 fields": fields_without_end,
    "no columns": lambda: schema_message({}),
    "the file format": file_format,
    "nothing": lambda: b"",
    "JSON": lambda: b'{"model_id": "fraud"}',
    "bytes after the end": lambda: usual_body() + b"\0" * 8,
    "two streams": lambda: usual_body() * 2,
    "a batch before its schema": without_schema,
}


@pytest.mark.parametrize("name", CASES)
def test_an_attack_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        take(CASES[name]())
    assert raised.value.message


def test_what_is_refused_was_right_before_it_was_changed() -> None:
    assert take(usual_body()).accepted == 3


@pytest.mark.parametrize("end", range(0, len(usual_body()), 7))
def test_a_body_that_was_cut_off_is_refused(end: int) -> None:
    with pytest.raises(InvalidRequest):
        take(usual_body()[:end])


def test_a_body_cut_off_between_two_messages_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="end mark"):
        take(usual_body()[:-8])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (lambda: b"\0" * (MAX_BODY_BYTES + 1), "bytes"),
        (lambda: body_of(batch_of([column("feature", [1.0], f"f{i}") for i in range(MAX_COLUMNS + 1)])), "entries"),
        (lambda: body_of(batch_of([column("feature", [True] * (MAX_ROWS + 1), "x")])), "rows"),
        (lambda: body_of(*[batch_of([column("feature", [True] * (MAX_ROWS // 2 + 1), "x")])] * 2), "rows"),
    ],
    ids=["bytes", "columns", "rows of a batch", "rows of all batches"],
)
def test_too_much_is_said_to_be_too_much(body: Callable[[], bytes], said: str) -> None:
    with pytest.raises(TooLarge, match=said):
        take(body())


def test_as_many_columns_as_allowed_are_taken() -> None:
    columns = [*usual(1)[:3], *(column("feature", [1.0], f"f{i}") for i in range(MAX_COLUMNS - 3))]
    assert take(body_of(batch_of(columns))).accepted == 1


@pytest.mark.parametrize("version", ["2", "", "1.0", "x" * 1000])
def test_a_wire_version_that_is_not_known_is_its_own_error(version: str) -> None:
    with pytest.raises(UnsupportedWire):
        take(usual_body(meta={**META, "modelwatch.wire": version}))


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {key: value for key, value in META.items() if key != "modelwatch.model"},
        {key: value for key, value in META.items() if key != "modelwatch.version"},
        {**META, "modelwatch.model": "x" * 600},
        {**META, "modelwatch.model": "a\0b"},
        {**META, "modelwatch.producer": "p"},
        {**META, "modelwatch.producer": "p", "modelwatch.epoch": "-1", "modelwatch.sequence": "1"},
        {**META, "modelwatch.producer": "p", "modelwatch.epoch": "1", "modelwatch.sequence": "9" * 19},
        {**META, "modelwatch.producer": "p", "modelwatch.epoch": "1", "modelwatch.sequence": "²"},
    ],
)
def test_metadata_that_is_wrong_is_refused_with_a_hint(meta: dict[str, str]) -> None:
    with pytest.raises(InvalidRequest) as raised:
        take(usual_body(meta=meta))
    assert raised.value.hint


@pytest.mark.parametrize(
    "columns",
    [
        [(pa.field("x", pa.float64()), pa.array([1.0]))],
        [column("features", [1.0], "x")],
        [column("feature", [1.0], "x"), column("feature", [1.0], "x")],
        [column("prediction_score", [1.0], "a"), column("prediction_score", [1.0], "b")],
        [column("actual_label", ["a"])],
        [column("prediction_score", ["a"])],
        [column("timestamp", ["2024-01-01"]), column("prediction_score", [1.0])],
        [column("embedding", [1.0], "e")],
        [column("feature", [1.0], "x" * 600)],
        [column("feature", [1.0], "a\0b")],
        [column("feature", [1.0], "x")],
    ],
    ids=[
        "no role",
        "unknown role",
        "one name twice",
        "one role twice",
        "an actual among predictions",
        "text as a score",
        "text as a time",
        "a number as an embedding",
        "a long name",
        "a NUL in a name",
        "no outcome at all",
    ],
)
def test_columns_that_have_no_place_are_refused_with_a_reason(columns: list[Any]) -> None:
    with pytest.raises(InvalidRequest) as raised:
        take(body_of(batch_of(columns)))
    assert raised.value.message


def test_actuals_need_ids() -> None:
    with pytest.raises(InvalidRequest, match="prediction_id"):
        take(body_of(batch_of([column("actual_label", ["a"])])), Kind.ACTUALS)


def test_a_buffer_a_few_bytes_too_short_is_refused() -> None:
    body = feature(pa.array([1.0, 2.0, 3.0]))
    last = len(header_of(body, BATCH)[0].int64s(2)) - 1
    with pytest.raises(InvalidRequest):
        take(with_number(body, BATCH, 2, last, 24 - 3))


def test_the_dictionary_type_of_the_client_is_native() -> None:
    assert take(usual_body()).parts[0].body == usual_body()
    assert usual()[4][0].type == DICTIONARY
