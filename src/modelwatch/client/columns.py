"""The values of one column -> an Arrow column, by what its values are.

floats -> float64, integers -> int64, bools -> bool, text -> a dictionary where values repeat, numpy.float32 -> float32.
Mixed: integers and floats -> float64 while every integer is exact; anything else -> text. Nothing but nulls -> None.
All functions give the column and how many values had to be changed into something else to fit.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, repeat
from operator import is_not
from typing import TypeAlias

from modelwatch.client.arrow_stream import ColumnKind, Data, encoded
from modelwatch.client.plain import EXACT_INT, MISSING_TYPES, Plain, digits, epoch_us, number, plain, text

Built: TypeAlias = tuple[Data | None, int]

_NONE = type(None)
_BUILTIN = frozenset({float, int, bool, str, _NONE})
_BITS = bytes([48, 49]) + bytes(254)
_INT64 = range(-(2**63), 2**63)


def feature(values: Sequence[object]) -> Built:
    """A feature, in the narrowest type that holds all of its values."""
    kinds = set(map(type, values))
    if kinds <= _BUILTIN:
        return _narrowest(values, kinds), 0  # type: ignore[arg-type]
    if {kind.__name__ for kind in kinds} - MISSING_TYPES == {"float32"}:
        return floats([plain(value)[0] for value in values], "f"), 0  # type: ignore[misc]
    pairs = [plain(value) for value in values]
    simple = [value for value, _ in pairs]
    return _narrowest(simple, set(map(type, simple))), sum(spelt for _, spelt in pairs)


def fit(values: Sequence[object], kind: ColumnKind) -> Built:
    """A feature whose type is settled: `kind` must be able to hold all values, as the text of a category can."""
    pairs = [plain(value) for value in values]
    simple = [value for value, _ in pairs]
    inexact = kind is ColumnKind.FLOAT64 and not _exact(simple)
    return fitted(simple, kind), sum(spelt for _, spelt in pairs) + inexact


def fitted(values: Sequence[Plain], kind: ColumnKind) -> Data:
    """Plain values as that kind of column, also when all of them are null."""
    data: Data | None
    match kind:
        case ColumnKind.FLOAT64 | ColumnKind.FLOAT32:
            numbers = [None if value is None else float(value) for value in values]
            data = floats(numbers, "d" if kind is ColumnKind.FLOAT64 else "f")
        case ColumnKind.INT64 | ColumnKind.TIMESTAMP:
            data = integers(values, kind)  # type: ignore[arg-type]
        case ColumnKind.BOOL:
            data = bools(values)  # type: ignore[arg-type]
        case ColumnKind.UTF8 | ColumnKind.CATEGORY:
            data = strings([_exact_text(value) for value in values], kind)
        case ColumnKind.VECTOR:
            raise ValueError("vectors are no plain values")
    return data if data is not None else nothing(len(values), kind)


def common_kind(kinds: set[ColumnKind]) -> ColumnKind:
    """The kind that holds what all of these hold."""
    match len(kinds):
        case 1:
            kind = next(iter(kinds))
            return ColumnKind.CATEGORY if kind is ColumnKind.UTF8 else kind
        case _:
            numeric = kinds and kinds <= {ColumnKind.FLOAT32, ColumnKind.FLOAT64, ColumnKind.INT64}
            return ColumnKind.FLOAT64 if numeric else ColumnKind.CATEGORY


def texts(values: Sequence[object]) -> Built:
    """Labels, tags, ids: text whatever they were given as."""
    if set(map(type, values)) <= {str, _NONE}:
        return strings(values), 0  # type: ignore[arg-type]
    return strings([text(value) for value in values]), 0


def numbers(values: Sequence[object]) -> Built:
    """Scores, values, weights: float64; what is no number becomes null and is counted."""
    if set(map(type, values)) <= {float, _NONE}:
        return floats(values), 0  # type: ignore[arg-type]
    pairs = [number(value) for value in values]
    return floats([value for value, _ in pairs]), sum(changed for _, changed in pairs)


def times(values: Sequence[object]) -> Built:
    """Times that may be missing: microseconds since 1970; what cannot be read becomes null and is counted."""
    read = [None if value is None else epoch_us(value) for value in values]
    changed = sum(us is None and value is not None for us, value in zip(read, values, strict=True))
    return integers(read, ColumnKind.TIMESTAMP), changed


def vectors(values: Sequence[Iterable[object] | None]) -> Built:
    """Embeddings: list<float32>; one that is no list of numbers becomes null and is counted."""
    rows = [None if value is None else _vector(value) for value in values]
    changed = sum(row is None and value is not None for row, value in zip(rows, values, strict=True))
    if all(row is None for row in rows):
        return None, changed
    flat = array("f")
    for row in rows:
        if row is not None:
            flat.extend(row)
    inner = Data(ColumnKind.FLOAT32, len(flat), 0, (b"", flat.tobytes()))
    starts = array("i", accumulate((0 if row is None else len(row) for row in rows), initial=0))
    nulls, validity = _validity(rows)
    return Data(ColumnKind.VECTOR, len(rows), nulls, (validity, starts.tobytes()), inner), changed


def floats(values: Sequence[float | None], code: str = "d") -> Data | None:
    """float64, or float32 when `code` is 'f'."""
    kind = ColumnKind.FLOAT64 if code == "d" else ColumnKind.FLOAT32
    try:
        return Data(kind, len(values), 0, (b"", array(code, values).tobytes()))  # type: ignore[type-var]
    except TypeError:
        return _sparse(kind, values, array(code, [0.0 if value is None else value for value in values]).tobytes())


def integers(values: Sequence[int | None], kind: ColumnKind = ColumnKind.INT64) -> Data | None:
    """int64, or microseconds since 1970 for a timestamp."""
    try:
        return Data(kind, len(values), 0, (b"", array("q", values).tobytes()))  # type: ignore[type-var]
    except TypeError:
        return _sparse(kind, values, array("q", [value or 0 for value in values]).tobytes())


def bools(values: Sequence[bool | None]) -> Data | None:
    """bool, one bit each."""
    return _sparse(ColumnKind.BOOL, values, _bits(map(bool, values)))


def strings(values: Sequence[str | None], kind: ColumnKind | None = None) -> Data | None:
    """A dictionary column where values repeat, plain utf8 where most are different, unless `kind` says which."""
    words = dict.fromkeys(values)
    words.pop(None, None)
    if not words:
        return None
    various = 2 * len(words) > len(values) and len(words) > 16
    if kind is ColumnKind.UTF8 or (kind is None and various):
        return _sparse(ColumnKind.UTF8, values, *_utf8([value or "" for value in values]))
    codes: dict[str | None, int] = {word: code for code, word in enumerate(words)}
    codes[None] = 0
    indices = array("i", map(codes.__getitem__, values)).tobytes()
    dictionary = Data(ColumnKind.UTF8, len(words), 0, (b"", *_utf8(list(words))))  # type: ignore[arg-type]
    return _sparse(ColumnKind.CATEGORY, values, indices, inner=dictionary)


def nothing(length: int, kind: ColumnKind) -> Data:
    """A column of nulls."""
    zeros = bytes((length + 7) // 8)
    match kind:
        case ColumnKind.UTF8:
            return Data(kind, length, length, (zeros, bytes(4 * length + 4), b""))
        case ColumnKind.CATEGORY:
            inner = Data(ColumnKind.UTF8, 0, 0, (b"", bytes(4), b""))
            return Data(kind, length, length, (zeros, bytes(4 * length)), inner)
        case ColumnKind.VECTOR:
            inner = Data(ColumnKind.FLOAT32, 0, 0, (b"", b""))
            return Data(kind, length, length, (zeros, bytes(4 * length + 4)), inner)
        case ColumnKind.BOOL:
            return Data(kind, length, length, (zeros, zeros))
        case _:
            return Data(kind, length, length, (zeros, bytes(8 * length)))


def plain_strings(values: Sequence[str]) -> Data:
    """utf8 without nulls, for ids, which do not repeat."""
    return Data(ColumnKind.UTF8, len(values), 0, (b"", *_utf8(values)))


def _narrowest(values: Sequence[Plain], kinds: set[type]) -> Data | None:
    kinds = kinds - {_NONE}
    if not kinds:
        return None
    if kinds == {float}:
        return floats(values)  # type: ignore[arg-type]
    if kinds == {str}:
        return strings(values)  # type: ignore[arg-type]
    if kinds == {bool}:
        return bools(values)  # type: ignore[arg-type]
    if kinds == {int} and all(value in _INT64 for value in values if value is not None):
        return integers(values)  # type: ignore[arg-type]
    if kinds == {int, float} and _exact(values):
        return floats([None if value is None else float(value) for value in values])
    return strings([_exact_text(value) for value in values])


def _sparse(kind: ColumnKind, values: Sequence[object], *buffers: bytes, inner: Data | None = None) -> Data | None:
    nulls, validity = _validity(values)
    return Data(kind, len(values), nulls, (validity, *buffers), inner) if nulls < len(values) else None


def _validity(values: Sequence[object]) -> tuple[int, bytes]:
    nulls = values.count(None)
    return nulls, _bits(map(is_not, values, repeat(None))) if nulls else b""


def _bits(flags: Iterable[bool]) -> bytes:
    """One bit each, the first one lowest; int(text, 2) does the packing in C."""
    ones = bytes(flags).translate(_BITS)
    return int(ones[::-1] or b"0", 2).to_bytes((len(ones) + 7) // 8, "little")


def _utf8(values: Sequence[str]) -> tuple[bytes, bytes]:
    joined = "".join(values)
    if joined.isascii():
        return array("i", accumulate(map(len, values), initial=0)).tobytes(), joined.encode()
    parts = [encoded(value) for value in values]
    return array("i", accumulate(map(len, parts), initial=0)).tobytes(), b"".join(parts)


def _exact(values: Iterable[Plain]) -> bool:
    return all(abs(value) <= EXACT_INT for value in values if type(value) is int)


def _exact_text(value: Plain) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return digits(value)
        case float():
            return repr(value)


def _vector(value: Iterable[object]) -> array[float] | None:
    try:
        return array("f", value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
