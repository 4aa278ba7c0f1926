"""A column of lists of numbers (embeddings) -> the vectors that the profiler sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelwatch.core.wire import MAX_EMBEDDING
from modelwatch.profiles import VectorValues
from modelwatch.profiles.values import Bools, Singles

if TYPE_CHECKING:
    import narwhals as nw

Lengths = NDArray[np.int64]


def vectors(series: nw.Series[Any]) -> VectorValues | None:
    """Vectors of the length that most of them have; others are of another type. None where they are no numbers.

    A number that is missing within a vector is NaN there. Raises nothing: any list can be asked.
    """
    native = series.to_native()
    if series.implementation.is_polars():
        return from_polars(native)
    if series.implementation.is_pyarrow():
        return from_arrow(native)
    return from_objects(series.to_list())


def from_polars(native: Any) -> VectorValues | None:
    """By way of a fixed-size array column."""
    import polars as pl

    kind = native.dtype
    if not kind.inner.is_numeric():
        return None
    lists = native.arr.to_list() if isinstance(kind, pl.Array) else native
    lengths = lists.list.len().fill_null(-1).to_numpy().astype(np.int64)
    dimension = usual(lengths)
    if dimension is None:
        return None
    held = lengths == dimension
    if dimension == 0:
        return made(np.empty(0), held, lengths, 0)
    chosen = lists.filter(pl.Series(held)).cast(pl.List(pl.Float32))
    return made(chosen.list.to_array(dimension).to_numpy(), held, lengths, dimension)


def from_arrow(native: Any) -> VectorValues | None:
    """By way of the flat values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    inner = native.type.value_type
    if not (pa.types.is_integer(inner) or pa.types.is_floating(inner)):
        return None
    lengths = pc.list_value_length(native).fill_null(-1).to_numpy().astype(np.int64)
    dimension = usual(lengths)
    if dimension is None:
        return None
    held = lengths == dimension
    flat = pc.list_flatten(native.filter(pa.array(held))).cast("float32", safe=False).to_numpy()
    return made(flat, held, lengths, dimension)


def from_objects(values: Sequence[Any]) -> VectorValues | None:
    """Lists, tuples and arrays as Python has them."""
    lengths = np.array([-1 if isinstance(value, float) or value is None else len(value) for value in values], np.int64)
    dimension = usual(lengths)
    if dimension is None:
        return None
    held = lengths == dimension
    try:
        chosen = [np.asarray(values[row], dtype=np.float32) for row in np.flatnonzero(held).tolist()]
        flat = np.concatenate(chosen) if chosen else np.empty(0)
    except (TypeError, ValueError):
        return None
    return made(flat, held, lengths, dimension) if flat.ndim == 1 else None


def usual(lengths: Lengths) -> int | None:
    """The length that most lists have, the shorter one of two; 0 without any; None when it is longer than allowed."""
    known = lengths[lengths > 0]
    if not len(known):
        return 0
    found = int(np.bincount(known).argmax()) if known.max() <= MAX_EMBEDDING else 0
    return found or None


def made(flat: NDArray[Any], held: Bools, lengths: Lengths, dimension: int) -> VectorValues:
    """Flat numbers as vectors; a list of another length is of another type."""
    if dimension == 0:
        return VectorValues(np.zeros((0, 1), np.float32), np.zeros(len(lengths), np.bool_))
    wrong = (lengths >= 0) & ~held
    matrix: Singles = np.ascontiguousarray(flat, dtype=np.float32).reshape(-1, dimension)
    return VectorValues(matrix, held, wrong if wrong.any() else None)
