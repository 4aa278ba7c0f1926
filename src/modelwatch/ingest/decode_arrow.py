"""An Arrow body -> parts and rejections."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from modelwatch.core.column import ColumnKey
from modelwatch.core.wire import (
    ACTUAL_ROLES,
    DEFAULT_ENVIRONMENT,
    META_DROPPED,
    META_ENVIRONMENT,
    META_EPOCH,
    META_MODEL,
    META_PRODUCER,
    META_SEQUENCE,
    META_VERSION,
    PREDICTION_ROLES,
    WIRE_VERSION,
    Kind,
    Role,
    Sequenced,
)
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.arrow_bounds import bounded, check_wire
from modelwatch.ingest.arrow_fields import TIME_ROLES, Layout, WireField, is_ready
from modelwatch.ingest.arrow_rows import (
    Faults,
    canonical,
    check_ids,
    check_outcomes,
    check_text,
    check_vectors,
    check_weights,
    joined,
    read_batches,
    time_column,
    times,
)
from modelwatch.ingest.decoded import Decoded
from modelwatch.ingest.names import name_fault
from modelwatch.ingest.part import Place, batch_of, part_of
from modelwatch.ingest.rejections import MAX_RECORDS, Rejections
from modelwatch.ingest.timestamp import iso
from modelwatch.log import Rejection
from modelwatch.log.entry import Dropped, Part, PartKind

ROLES = {Kind.PREDICTIONS: PREDICTION_ROLES, Kind.ACTUALS: ACTUAL_ROLES}


def decode_arrow(body: bytes, kind: Kind, received_us: int, new_id: Callable[[], str]) -> Decoded:
    """The parts, the rejections, how many rows came, and the batch's place in its producer's sequence."""
    stream = bounded(body)
    check_wire(stream.metadata, WIRE_VERSION)
    place, identity = place_of(stream.metadata, kind), identity_of(stream.metadata)
    dropped = dropped_of(stream.metadata, place, identity)
    check_roles(stream.layout, kind)
    if not stream.rows:
        return Decoded(0, (), (), identity, None)
    batch = joined(read_batches(body))
    check_text([batch.column(i) for i in stream.layout.dictionaries])
    faults: Faults = {}
    ids, stamps, ready = check(batch, stream.layout, kind, received_us, new_id, faults)
    if ready and stream.batches == 1 and not faults:
        whole = Part(PartKind(kind.value), *place, batch.num_rows, body)
        return Decoded(batch.num_rows, (whole,), (), identity, None, dropped)
    keyed = rebuilt(stream.layout, batch.columns, ids, stamps, received_us)
    rejections = refused(keyed, place, faults)
    kept = np.setdiff1d(np.arange(batch.num_rows), np.fromiter(faults, np.int64, len(faults)))
    if not len(kept):
        return Decoded(batch.num_rows, (), rejections, identity, None, dropped)
    accepted = batch_of([(key, column.take(pa.array(kept))) for key, column in keyed], place)
    return Decoded(batch.num_rows, (part_of(accepted, kind, place),), rejections, identity, None, dropped)


def check(
    batch: pa.RecordBatch,
    layout: Layout,
    kind: Kind,
    received_us: int,
    new_id: Callable[[], str],
    faults: Faults,
) -> tuple[Any, npt.NDArray[np.int64], bool]:
    """Every check of rows; gives the ids, the event times in microseconds, and whether the batch may stay as it is."""
    stamps, ids, ready = np.full(batch.num_rows, received_us, np.int64), None, layout.ready
    outcomes = []
    for i in layout.checked:
        field, column = layout.fields[i], batch.column(i)
        match field.role:
            case Role.PREDICTION_ID:
                ids = column if layout.ready else column.cast(pa.utf8())
                check_ids(ids, faults)
            case Role.TIMESTAMP:
                stamps = times(column, field.form, received_us, faults)
                ready = ready and not column.null_count
            case Role.PREDICTION_TIMESTAMP:
                times(column, field.form, received_us, faults, "prediction_timestamp")
            case Role.WEIGHT:
                check_weights(column, faults)
            case Role.EMBEDDING:
                check_vectors(column, field.name, faults)
            case _:
                outcomes.append(column)
    check_outcomes(outcomes, kind, faults)
    return ids if ids is not None else new_ids(batch.num_rows, new_id), stamps, ready


def new_ids(rows: int, new_id: Callable[[], str]) -> Any:
    """Ids for predictions that came without."""
    return pa.array([new_id() for _ in range(rows)], pa.utf8())


def place_of(metadata: dict[str, str], kind: Kind) -> Place:
    """Whose rows they are, by the schema metadata."""
    model = metadata.get(META_MODEL, "")
    version = metadata.get(META_VERSION, "")
    environment = metadata.get(META_ENVIRONMENT) or DEFAULT_ENVIRONMENT
    said = {META_MODEL: model, META_VERSION: version, META_ENVIRONMENT: environment}
    for name, value in said.items():
        if not value and name == META_VERSION and kind is Kind.ACTUALS:
            continue
        if fault := name_fault(value):
            raise InvalidRequest(
                f"`{name}` = {value[:64]!r}: {fault.value}", hint=f"set `{name}` in the schema metadata"
            )
    return Place(model, version, environment)


def identity_of(metadata: dict[str, str]) -> Sequenced | None:
    """The batch's place in its producer's sequence; all three are said, or none."""
    said = [metadata.get(name) for name in (META_PRODUCER, META_EPOCH, META_SEQUENCE)]
    if not any(said):
        return None
    producer, epoch, sequence = said
    if not producer or name_fault(producer) or not is_count(epoch) or not is_count(sequence):
        raise InvalidRequest(
            "producer, epoch and sequence do not make an identity",
            hint=f"set `{META_PRODUCER}` to text, `{META_EPOCH}` and `{META_SEQUENCE}` to decimal numbers",
        )
    return Sequenced(producer, int(epoch or ""), int(sequence or ""))


def dropped_of(metadata: dict[str, str], place: Place, identity: Sequenced | None) -> Dropped | None:
    """What the producer says that it has dropped of the model; what is no count is not worth a batch."""
    said = metadata.get(META_DROPPED)
    if identity is None or not is_count(said) or int(said or "") == 0:
        return None
    return Dropped(identity.producer, place.model, int(said or ""))


def is_count(text: str | None) -> bool:
    """True for the decimal text of an integer from 0 to 2^63 - 1."""
    return text is not None and text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63


def check_roles(layout: Layout, kind: Kind) -> None:
    """Raises for a column that has no place in this kind of batch, and for actuals without ids."""
    if foreign := layout.roles - ROLES[kind]:
        raise InvalidRequest(f"role {min(foreign)} has no place among {kind}", hint="predictions and actuals go apart")
    if kind is Kind.ACTUALS and Role.PREDICTION_ID not in layout.roles:
        raise InvalidRequest(
            "no column has the role prediction_id", hint="an actual belongs to the prediction of the same id"
        )


def rebuilt(
    layout: Layout, columns: list[Any], ids: Any, stamps: npt.NDArray[np.int64], received_us: int
) -> list[tuple[ColumnKey, Any]]:
    """All columns in canonical form, ids and times first."""
    envelope: list[tuple[ColumnKey, Any]] = [
        (ColumnKey(Role.PREDICTION_ID, ""), ids),
        (ColumnKey(Role.TIMESTAMP, ""), time_column(stamps)),
    ]
    return envelope + [
        (ColumnKey(field.role, field.name), column_of(column, field, received_us))
        for field, column in zip(layout.fields, columns, strict=True)
        if field.role not in (Role.PREDICTION_ID, Role.TIMESTAMP)
    ]


def column_of(column: Any, field: WireField, received_us: int) -> Any:
    """One column in canonical form; null stays null in it, in a time too."""
    if field.role is Role.PREDICTION_TIMESTAMP and not is_ready(field):
        stamps = times(column, field.form, received_us, {})
        return time_column(stamps, column.is_null().to_numpy(zero_copy_only=False))
    return column if field.native else canonical(column, field)


def refused(keyed: list[tuple[ColumnKey, Any]], place: Place, faults: Faults) -> tuple[Rejection, ...]:
    """The rejections, each row written as the JSON object that one would have sent."""
    rejections = Rejections()
    rows = sorted(faults)
    shown = pa.array(rows[:MAX_RECORDS], pa.int64())
    values = [(key, row_values(key, column.take(shown))) for key, column in keyed]
    for at, row in enumerate(rows):
        reason, detail = faults[row]
        rejections.add(row, reason, detail, place.model, lambda at=at: record(values, at, place))  # type: ignore[misc]
    return rejections.all()


def row_values(key: ColumnKey, column: Any) -> list[Any]:
    """The values as JSON would have them."""
    if key.role in TIME_ROLES:
        return [None if value is None else iso_or_number(value) for value in column.view(pa.int64()).to_pylist()]
    values: list[Any] = column.to_pylist()
    return values


def iso_or_number(time_us: int) -> str | float:
    """ISO text, or seconds for a time that has none."""
    try:
        return iso(time_us)
    except OverflowError:
        return time_us / 1e6


FIELDS = {
    Role.FEATURE: "features",
    Role.TAG: "tags",
    Role.PREDICTION_SCORES: "prediction_scores",
    Role.EMBEDDING: "embeddings",
    Role.EXPLANATION: "explanation",
}


def record(values: list[tuple[ColumnKey, list[Any]]], at: int, place: Place) -> str:
    """One row as JSON text."""
    row: dict[str, Any] = {"model_id": place.model, "model_version": place.version, "environment": place.environment}
    for key, column in values:
        if key.role in FIELDS:
            row.setdefault(FIELDS[key.role], {})[key.name] = column[at]
        else:
            row[key.role.value] = column[at]
    return json.dumps(row)
