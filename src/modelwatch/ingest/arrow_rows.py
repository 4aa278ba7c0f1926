"""An Arrow body -> its rows in canonical form, and why each row that cannot be taken cannot."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from modelwatch.core.wire import FUTURE_TOLERANCE_US, MAX_BODY_BYTES, MAX_EMBEDDING, MAX_NAME_BYTES, Kind
from modelwatch.errors import InvalidRequest, TooLarge
from modelwatch.ingest.arrow_fields import Form, WireField
from modelwatch.ingest.part import CATEGORY_TYPE, TIME_TYPE, VECTOR_TYPE
from modelwatch.ingest.reason import SENTENCES, Reason
from modelwatch.ingest.timestamp import EARLIEST_US, LATEST_US

MAX_TEXT_BYTES: Final = 8 * MAX_BODY_BYTES
"""What the indices of all dictionaries together may stand for, spelt out."""
UNIT_US: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
NO_OUTCOME: Final = {Kind.PREDICTIONS: Reason.NO_PREDICTION, Kind.ACTUALS: Reason.NO_ACTUAL}

Mask = npt.NDArray[np.bool_]
Faults = dict[int, tuple[Reason, str]]
"""Why a row is not taken, by its number; the first reason found stands."""


def read_batches(body: bytes) -> list[pa.RecordBatch]:
    """The batches of a stream that `arrow_bounds` let pass, each fully validated before anything else touches it."""
    batches = []
    with pa.ipc.open_stream(pa.py_buffer(body)) as reader:
        for batch in reader:
            batch.validate(full=True)
            batches.append(batch)
    return batches


def joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """All rows as one batch; dictionaries that differ are brought together."""
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    columns = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def check_text(columns: list[Any]) -> None:
    """Raises `TooLarge` when dictionaries stand for far more text than a request may hold; small bodies can."""
    total = 0
    for column in columns:
        values = column.dictionary
        data = values.buffers()[2]
        at_most = len(column) * (data.size if data is not None else 0)
        if total + at_most > MAX_TEXT_BYTES:
            lengths = pc.binary_length(values).to_numpy(zero_copy_only=False).astype(np.int64)
            at_most = int(lengths[column.indices.drop_null().to_numpy(zero_copy_only=False)].sum())
        total += at_most
        if total > MAX_TEXT_BYTES:
            raise TooLarge("the dictionaries stand for too much text", hint="send fewer rows in each request")


def check_ids(column: Any, faults: Faults) -> None:
    """Ids must be there, and be 1 to 512 bytes long."""
    if column.null_count:
        refuse(faults, column.is_null(), Reason.MISSING_PREDICTION_ID, "prediction_id is null")
    lengths = pc.binary_length(column).fill_null(1).to_numpy(zero_copy_only=False)
    if lengths.min() < 1 or lengths.max() > MAX_NAME_BYTES:
        wrong = (lengths < 1) | (lengths > MAX_NAME_BYTES)
        refuse(faults, wrong, Reason.INVALID_PREDICTION_ID, f"prediction_id must have 1 to {MAX_NAME_BYTES} bytes")


def check_weights(column: Any, faults: Faults) -> None:
    """Weights must be finite and at least 0; null stands for 1."""
    weights = column.to_numpy(zero_copy_only=False)
    if column.null_count:
        weights = np.where(column.is_null().to_numpy(zero_copy_only=False), 1.0, weights)
    wrong = ~((weights >= 0) & np.isfinite(weights))
    if wrong.any():
        refuse(faults, wrong, Reason.INVALID_WEIGHT, "weight must be a finite number from 0 up")


def check_outcomes(columns: list[Any], kind: Kind, faults: Faults) -> None:
    """A row must have at least one outcome that is not null."""
    if not columns:
        raise InvalidRequest(f"no column of the {kind} says an outcome", hint=SENTENCES[NO_OUTCOME[kind]])
    if all(column.null_count for column in columns):
        masks = [column.is_null().to_numpy(zero_copy_only=False) for column in columns]
        refuse(faults, np.logical_and.reduce(masks), NO_OUTCOME[kind], "every outcome of the row is null")


def check_vectors(column: Any, name: str, faults: Faults) -> None:
    """Embeddings must have 1 to 4,096 numbers, none of them null; the whole embedding may be null."""
    lengths = pc.list_value_length(column).fill_null(1).to_numpy(zero_copy_only=False)
    wrong = (lengths < 1) | (lengths > MAX_EMBEDDING)
    if wrong.any():
        refuse(faults, wrong, Reason.INVALID_EMBEDDING, f"embedding {name!r} must have 1 to {MAX_EMBEDDING} numbers")
    numbers = column.flatten()
    if numbers.null_count:
        parents = pc.list_parent_indices(column).filter(numbers.is_null()).to_numpy(zero_copy_only=False)
        holed = np.zeros(len(column), bool)
        holed[parents] = True
        refuse(faults, holed, Reason.INVALID_EMBEDDING, f"embedding {name!r} has nulls in it")


def times(column: Any, form: Form, received_us: int, faults: Faults, name: str = "timestamp") -> npt.NDArray[np.int64]:
    """Event times in microseconds; null is the time of arrival, and what is wrong or in the future is refused."""
    null = column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None
    if form is Form.TIME:
        raw = column.view(pa.int64()).to_numpy(zero_copy_only=False) if null is None else whole(column)
        unit = column.type.unit
        if unit == "ns":
            stamps = np.floor_divide(raw, 1_000)
            wrong = np.zeros(0, bool)
        else:
            factor = UNIT_US[unit]
            wrong = (raw > LATEST_US // factor) | (raw < -(-EARLIEST_US // factor))
            stamps = np.where(wrong, 0, raw) * factor if factor > 1 else raw
    else:
        seconds = pc.fill_null(column.cast(pa.float64(), safe=False), 0.0).to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            wrong = ~((seconds <= LATEST_US / 1e6 - 1) & (seconds >= EARLIEST_US / 1e6))
            stamps = np.rint(np.where(wrong, 0.0, seconds) * 1e6).astype(np.int64)
    if null is not None:
        stamps = np.where(null, received_us, stamps)
        wrong = wrong & ~null if len(wrong) else wrong
    if wrong.any():
        refuse(faults, wrong, Reason.INVALID_TIMESTAMP, f"{name} lies outside of the years 1 to 9999")
    if len(stamps) and stamps.max() > received_us + FUTURE_TOLERANCE_US:
        late = stamps > received_us + FUTURE_TOLERANCE_US
        refuse(faults, late, Reason.TIMESTAMP_IN_FUTURE, f"{name} is more than 15 minutes ahead of the server")
    return stamps


def whole(column: Any) -> npt.NDArray[np.int64]:
    """The integers of a column with nulls, which become 0."""
    filled: npt.NDArray[np.int64] = column.view(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return filled


def refuse(faults: Faults, wrong: Any, reason: Reason, detail: str) -> None:
    """Note the reason for every row that the mask marks and that has none yet."""
    mask = wrong if isinstance(wrong, np.ndarray) else wrong.fill_null(False).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(mask).tolist():
        faults.setdefault(row, (reason, detail))


def canonical(column: Any, field: WireField) -> Any:
    """A column that is not as the client would write it, as the client would."""
    match field.form:
        case Form.TEXT if field.dictionary:
            return pa.DictionaryArray.from_arrays(
                column.indices.cast(pa.int32()), column.dictionary.cast(pa.utf8())
            ).cast(CATEGORY_TYPE)
        case Form.TEXT:
            return column.cast(pa.utf8())
        case Form.INTEGER:
            fits = column.type != pa.uint64() or not len(column) or (pc.max(column).as_py() or 0) < 2**63
            return column.cast(pa.int64() if fits else pa.utf8())
        case Form.FLOAT:
            return column.cast(pa.float64())
        case Form.VECTOR:
            return column.cast(pa.list_(column.type.value_type)).cast(VECTOR_TYPE, safe=False)
        case Form.BOOLEAN | Form.TIME:
            return column


def time_column(stamps: npt.NDArray[np.int64], null: Mask | None = None) -> Any:
    """Times as the canonical column."""
    return pa.array(stamps, pa.int64(), mask=null).cast(TIME_TYPE)
