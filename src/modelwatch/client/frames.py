"""Data frames -> batches: which column has which role, and how a column of a frame becomes an Arrow column.

pandas, polars, pyarrow and whatever else narwhals reads. A frame is turned slice by slice, never copied whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from modelwatch.client import columns
from modelwatch.client.arrow_stream import ColumnKind, Data, WireColumn
from modelwatch.client.batch import MAX_BATCH_BYTES, MAX_BATCH_ROWS, Batch, sendable
from modelwatch.client.columns import Built
from modelwatch.client.plain import MISSING_TYPES, epoch_us, text
from modelwatch.client.row import Key
from modelwatch.core.frame import no_such_column
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest

if TYPE_CHECKING:
    import narwhals as nw

    Thin: TypeAlias = Callable[[nw.DataFrame[Any], Sequence["Planned"]], tuple[nw.DataFrame[Any], Sequence["Planned"]]]
    """Leaves rows out of a small frame, and says what the columns of the rest are."""

Names: TypeAlias = Sequence[str] | Mapping[str, str] | None
"""Columns of a role that has many: a list, or a mapping from the name they should have to the column."""

_TEXT_ROLES = frozenset({Role.PREDICTION_ID, Role.PREDICTION_LABEL, Role.ACTUAL_LABEL, Role.GROUP_ID, Role.TAG})


@dataclass(frozen=True, slots=True)
class Planned:
    """A column of the frame and what it is to be on the wire; a `kind` of None is chosen slice by slice."""

    role: Role
    name: str
    source: Any
    kind: ColumnKind | None


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a frame as columns; `unreadable` rows were left out since their timestamp cannot be read."""

    rows: int
    columns: tuple[WireColumn, ...]
    coerced: int
    unreadable: int


def plan(
    frame: nw.DataFrame[Any], single: Mapping[Role, str | None], many: Mapping[Role, Names]
) -> tuple[Planned, ...]:
    """Every column in its role; features of None are all columns that no other role uses."""
    known = list(frame.columns)
    chosen = [(role, role.value, source) for role, source in single.items() if source is not None]
    for role, names in many.items():
        pairs = names.items() if isinstance(names, Mapping) else ((name, name) for name in names or ())
        chosen += [(role, text(name) or "", source) for name, source in pairs]
    missing = [source for _, _, source in chosen if source not in known]
    if missing:
        raise no_such_column(missing[0], known)
    if Role.FEATURE in many and many[Role.FEATURE] is None:
        used = {source for _, _, source in chosen}
        chosen += [(Role.FEATURE, text(name) or "", name) for name in known if name not in used]
    if odd := [name for _, name, _ in chosen if not sendable(name)]:
        raise InvalidRequest(
            f"a column cannot be called {odd[0][:64]!r}", hint="a name has 1 to 512 bytes and no NUL: rename the column"
        )
    unique = {(role, name): source for role, name, source in chosen}
    schema = frame.schema
    return tuple(Planned(role, name, source, _kind(role, schema[source])) for (role, name), source in unique.items())


def settled(frame: nw.DataFrame[Any], planned: Sequence[Planned], rows: int) -> tuple[Planned, ...]:
    """The plan with every kind fixed, so that all slices have one schema; reads columns of mixed values once."""
    result = []
    for column in planned:
        if column.kind is None:
            series = frame[column.source]
            kinds = {
                data.kind
                for start in range(0, len(frame), rows)
                if (data := columns.feature(python_values(series[start : start + rows]))[0]) is not None
            }
            column = replace(column, kind=columns.common_kind(kinds))
        result.append(column)
    return tuple(result)


def take(
    frame: nw.DataFrame[Any],
    planned: Sequence[Planned],
    now_us: int | None,
    new_id: Callable[[], str] | None,
) -> Slice:
    """The whole of a (small) frame as columns; rows without a time get `now_us`, rows without an id a new one."""
    stamps: list[int | None] | None = None
    before = len(frame)
    time = next((column for column in planned if column.role is Role.TIMESTAMP), None)
    if time is not None:
        stamps, unreadable = _times(frame[time.source], now_us)
        if unreadable:
            good = [position for position in range(before) if position not in unreadable]
            frame, stamps = frame[good, :], [stamps[position] for position in good]
    elif now_us is not None:
        stamps = [now_us] * before
    result: list[WireColumn] = []
    coerced = 0
    if new_id is not None and not any(column.role is Role.PREDICTION_ID for column in planned):
        ids = columns.plain_strings([new_id() for _ in range(len(frame))])
        result.append(WireColumn(Role.PREDICTION_ID, Role.PREDICTION_ID.value, ids))
    if stamps is not None:
        times = columns.fitted(stamps, ColumnKind.TIMESTAMP)
        result.append(WireColumn(Role.TIMESTAMP, Role.TIMESTAMP.value, times))
    for column in planned:
        if column.role is Role.TIMESTAMP:
            continue
        built, changed = _column(frame[column.source], column, new_id)
        coerced += changed
        if built is None and column.kind is not None:
            built = columns.nothing(len(frame), column.kind)
        if built is not None:
            result.append(WireColumn(column.role, column.name, built))
    return Slice(len(frame), tuple(result), coerced, before - len(frame))


def slices(frame: nw.DataFrame[Any], rows: int) -> Iterator[nw.DataFrame[Any]]:
    """The frame in pieces of at most `rows` rows, which share its memory."""
    for start in range(0, len(frame), rows):
        yield frame[start : start + rows]


def batches(
    frame: nw.DataFrame[Any],
    planned: Sequence[Planned],
    key: Key,
    now_us: int,
    new_id: Callable[[], str] | None,
    thin: Thin | None = None,
) -> Iterator[tuple[Batch, int, int]]:
    """The frame as batches that are small enough to send, each with its rows that cannot be read or are not kept."""
    for whole in slices(frame, MAX_BATCH_ROWS):
        piece, kept = (whole, planned) if thin is None else thin(whole, planned)
        rows, sampled_out = len(piece), len(whole) - len(piece)
        part = take(piece, kept, now_us, new_id)
        batch = Batch(key, part.rows, part.columns, part.coerced)
        if batch.size <= MAX_BATCH_BYTES or rows <= 1:
            yield batch, part.unreadable, sampled_out
            continue
        share = max(1, rows * MAX_BATCH_BYTES // (2 * batch.size))
        for smaller in slices(piece, share):
            part = take(smaller, kept, now_us, new_id)
            yield Batch(key, part.rows, part.columns, part.coerced), part.unreadable, sampled_out
            sampled_out = 0


def _column(series: nw.Series[Any], column: Planned, new_id: Callable[[], str] | None) -> Built:
    if column.role is Role.PREDICTION_TIMESTAMP:
        stamps, unreadable = _times(series, None)
        return columns.integers(stamps, ColumnKind.TIMESTAMP), len(unreadable)
    return _values(series, column, new_id)


def _values(series: nw.Series[Any], column: Planned, new_id: Callable[[], str] | None) -> Built:
    if column.role is Role.PREDICTION_ID:
        ids = [text(value) for value in python_values(series)]
        if new_id is not None:
            return columns.plain_strings([new_id() if name is None else name for name in ids]), 0
        return columns.fitted(ids, ColumnKind.UTF8), 0
    if column.role in _TEXT_ROLES:
        return columns.fitted([text(value) for value in python_values(series)], ColumnKind.CATEGORY), 0
    if column.role is Role.EMBEDDING:
        return columns.vectors([None if _is_missing(value) else value for value in series.to_list()])
    if (data := _numeric(series, column.kind)) is not None:
        return data, 0
    if column.role is not Role.FEATURE:
        return columns.numbers(python_values(series))
    values: Sequence[Any] = python_values(series)
    if column.kind is None:
        return columns.feature(values)
    if series.dtype == _nw().Datetime:
        values = [None if us is None else us / 1_000_000 for us in _times(series, None)[0]]
    return columns.fit(values, column.kind)


def _kind(role: Role, dtype: nw.dtypes.DType) -> ColumnKind | None:
    match role:
        case Role.PREDICTION_ID:
            return ColumnKind.UTF8
        case Role.TIMESTAMP | Role.PREDICTION_TIMESTAMP:
            return ColumnKind.TIMESTAMP
        case Role.EMBEDDING:
            return ColumnKind.VECTOR
        case Role.FEATURE:
            return _feature_kind(dtype)
        case _:
            return ColumnKind.CATEGORY if role in _TEXT_ROLES else ColumnKind.FLOAT64


def _feature_kind(dtype: nw.dtypes.DType) -> ColumnKind | None:
    nw = _nw()
    if dtype == nw.Float64 or isinstance(dtype, nw.Datetime):
        return ColumnKind.FLOAT64
    if dtype == nw.Float32:
        return ColumnKind.FLOAT32
    if dtype == nw.Boolean:
        return ColumnKind.BOOL
    if dtype.is_integer() and dtype not in (nw.UInt64, nw.Int128, nw.UInt128):
        return ColumnKind.INT64
    return ColumnKind.CATEGORY if dtype in (nw.String, nw.Categorical, nw.Enum) else None


def _numeric(series: nw.Series[Any], kind: ColumnKind | None) -> Data | None:
    """A column of numbers without nulls by way of numpy, or None where there is none to go."""
    code = {ColumnKind.FLOAT64: "<f8", ColumnKind.FLOAT32: "<f4", ColumnKind.INT64: "<i8"}.get(kind or ColumnKind.UTF8)
    if code is None or kind is None or not series.dtype.is_numeric() or _has_nulls(series):
        return None
    try:
        numbers = series.to_numpy()
    except ImportError:
        return None
    if numbers.dtype.kind not in "fiu":
        return None
    return Data(kind, len(numbers), 0, (b"", numbers.astype(code, copy=False).tobytes()))


def _has_nulls(series: nw.Series[Any]) -> bool:
    # in numpy's own dtypes NaN is a number and nothing is null; elsewhere the two differ
    dtype = getattr(series.to_native(), "dtype", None)
    return type(dtype).__module__.partition(".")[0] != "numpy" and series.null_count() > 0


def python_values(series: nw.Series[Any]) -> list[Any]:
    """Python values with None for all that says 'missing', which NaN does anywhere but among numbers."""
    values = series.to_list()
    if set(map(type, values)) <= {str, int, bool, type(None)}:
        return values
    if series.dtype.is_float():
        return [None if type(value).__name__ in MISSING_TYPES else value for value in values]
    return [None if _is_missing(value) else value for value in values]


def _is_missing(value: object) -> bool:
    return (isinstance(value, float) and value != value) or type(value).__name__ in MISSING_TYPES


def _times(series: nw.Series[Any], missing: int | None) -> tuple[list[int | None], set[int]]:
    """Microseconds since 1970, `missing` for a missing time, and the positions of those that cannot be read."""
    if isinstance(series.dtype, _nw().Datetime):
        read: Iterable[Any] = series.dt.timestamp("us").to_list()
        return [missing if _is_missing(us) else int(us) for us in read], set()
    values = python_values(series)
    times = [missing if _is_missing(value) else epoch_us(value) for value in values]
    return times, {i for i, us in enumerate(times) if us is None and not _is_missing(values[i])}


def _nw() -> Any:
    import narwhals

    return narwhals
