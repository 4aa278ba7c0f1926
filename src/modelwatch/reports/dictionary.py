"""A column with its distinct values apart: codes into a dictionary, -1 for null."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import narwhals as nw

Codes = NDArray[np.int32]


def encode(series: nw.Series[Any]) -> tuple[Codes, list[Any]]:
    """Codes int32 [n] and the values that they stand for; raises `TypeError` when a value cannot be hashed.

    Each kind of frame has a way of its own that is some twenty times as fast as Python's dictionary.
    """
    native = series.to_native()
    implementation = series.implementation
    if implementation.is_pandas_like():
        codes, found = native.factorize()
        return np.asarray(codes, dtype=np.int32), list(found)
    if implementation.is_polars() and series.dtype != narwhals().Object:
        return encode_polars(native, narwhals().get_native_namespace(series))
    if implementation.is_pyarrow():
        return encode_arrow(native)
    return encode_objects(series.to_list())


def encode_polars(native: Any, pl: Any) -> tuple[Codes, list[Any]]:
    """By way of an enumeration; a categorical's own codes may count categories of other frames too."""
    words = native.cast(pl.String)
    found = words.drop_nulls().unique()
    codes = words.cast(pl.Enum(found)).to_physical().cast(pl.Int32).fill_null(-1)
    return codes.to_numpy(), found.to_list()


def encode_arrow(native: Any) -> tuple[Codes, list[Any]]:
    """By way of a dictionary array; chunks agree on one dictionary first."""
    encoded = native.dictionary_encode().unify_dictionaries()
    if not encoded.num_chunks:
        return np.empty(0, dtype=np.int32), []
    found = encoded.chunk(0).dictionary.to_pylist()
    parts = [chunk.indices.cast("int32").fill_null(-1).to_numpy(zero_copy_only=False) for chunk in encoded.chunks]
    codes = np.concatenate(parts).astype(np.int32, copy=False)
    if None in found:  # a dictionary may hold a null itself
        codes = np.where(np.append([value is None for value in found], True)[codes], np.int32(-1), codes)
        found = ["" if value is None else value for value in found]
    return codes, found


def encode_objects(values: Iterable[Any]) -> tuple[Codes, list[Any]]:
    """Python objects; None and NaN are null."""
    index: dict[Any, int] = {}
    codes = [
        -1 if value is None or is_nan(value) else index.setdefault((type(value), value), len(index)) for value in values
    ]
    return np.array(codes, dtype=np.int32), [value for _, value in index]


def is_nan(value: object) -> bool:
    """True for a float that is no number."""
    return isinstance(value, float) and math.isnan(value)


def narwhals() -> Any:
    """The library, loaded when a frame is read and not before."""
    import narwhals

    return narwhals
