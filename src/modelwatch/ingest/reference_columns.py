"""A column of a plain table -> the column that a client would have sent."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.arrow_fields import FORMS, Form
from modelwatch.ingest.arrow_rows import Faults, check_vectors, check_weights, times
from modelwatch.ingest.part import TIME_TYPE, VECTOR_TYPE
from modelwatch.ingest.timestamp import LATEST_US, microseconds

NO_FUTURE: Final = LATEST_US
"""A reference may hold any time: nothing is ahead of this."""


def form(kind: Any) -> Form | None:
    """The form of a type, None for one that is not taken."""
    if pt.is_dictionary(kind):
        return form(kind.value_type) if is_text(kind.value_type) else None
    if is_text(kind):
        return Form.TEXT
    if pt.is_boolean(kind):
        return Form.BOOLEAN
    if pt.is_integer(kind):
        return Form.INTEGER
    if pt.is_floating(kind) or pt.is_decimal(kind) or pt.is_null(kind):
        return Form.FLOAT
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return Form.TIME
    if (pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)) and pt.is_floating(kind.value_type):
        return Form.VECTOR
    return None


def is_text(kind: Any) -> bool:
    """True for text in any of its layouts."""
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def suited(key: ColumnKey, kind: Any) -> ColumnKey | None:
    """The key of a column of that type, None when the column is passed over; lists of floats are embeddings.

    Raises `InvalidRequest` for a type that a role other than feature or tag cannot have.
    """
    found = form(kind)
    if found is Form.VECTOR and key.role is Role.FEATURE:
        return ColumnKey(Role.EMBEDDING, key.name)
    if found in FORMS[key.role] or (key.role is Role.TIMESTAMP and found is Form.TEXT):
        return key
    if key.role in (Role.FEATURE, Role.TAG):
        return None
    raise InvalidRequest(
        f"the column of role {key.role} has type {kind}", hint=f"use {', '.join(sorted(FORMS[key.role]))}"
    )


def sent(key: ColumnKey, column: Any) -> Any:
    """The column in canonical form; raises `InvalidRequest` for values that no client could have sent."""
    match key.role:
        case Role.TIMESTAMP:
            return event_times(column)
        case Role.PREDICTION_ID:
            return column.cast(pa.utf8())
    plain = canonical(column)
    faults: Faults = {}
    if key.role is Role.WEIGHT:
        check_weights(plain, faults)
    elif key.role is Role.EMBEDDING:
        check_vectors(plain, key.name, faults)
    stop_at_first(faults)
    return plain


def canonical(column: Any) -> Any:
    """Numbers as int64 or float64, text as utf8 or a dictionary of it, vectors as list<float32>."""
    kind = column.type
    match form(kind):
        case Form.TEXT if pt.is_dictionary(kind):
            words = column.dictionary.cast(pa.utf8())
            if words.null_count:
                return column.cast(kind.value_type).cast(pa.utf8())
            return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), words)
        case Form.TEXT:
            return column.cast(pa.utf8())
        case Form.INTEGER:
            fits = kind != pa.uint64() or (pc.max(column).as_py() or 0) < 2**63
            return column.cast(pa.int64() if fits else pa.utf8())
        case Form.FLOAT:
            return column.cast(pa.float64())
        case Form.VECTOR:
            return column.cast(pa.list_(kind.value_type)).cast(VECTOR_TYPE, safe=False)
        case _:
            return column


def event_times(column: Any) -> Any:
    """Event times of a reference; each row must have one where the column is there."""
    kind = column.type
    if pt.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if column.null_count:
        raise InvalidRequest("the timestamp column has nulls", hint="leave the role out, or give each row a time")
    if is_text(kind):
        stamps = [microseconds(text) for text in column.to_pylist()]
        if None in stamps:
            wrong = column[stamps.index(None)].as_py()
            raise InvalidRequest(f"timestamp {wrong[:64]!r} is not ISO 8601", hint="use 2024-01-15T10:30:00Z")
        return pa.array(stamps, TIME_TYPE)
    faults: Faults = {}
    if pt.is_date(kind):
        column = column.cast(pa.timestamp("s"))
    found = Form.TIME if pt.is_timestamp(column.type) else Form.FLOAT
    values = times(column, found, NO_FUTURE, faults) if len(column) else np.zeros(0, np.int64)
    stop_at_first(faults)
    return pa.array(values, pa.int64()).cast(TIME_TYPE)


def stop_at_first(faults: Faults) -> None:
    """Raises for the first row that has a fault: a reference is taken whole or not at all."""
    if faults:
        row = min(faults)
        reason, detail = faults[row]
        raise InvalidRequest(f"{reason.value}: {detail}", hint=f"see row {row} of its batch")
