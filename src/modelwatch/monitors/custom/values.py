"""The values that an expression computes with: arrays of one kind, with a mask of those that are not null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Kind(StrEnum):
    """What a value is. A number is float64 everywhere; `NULL` is the literal, which fits any kind."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    NULL = "null"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Values of one kind, of any one shape; a constant has no dimension.

    `values` is float64, bool, int32 codes of `words`, or int64 microseconds of UTC; what stands where `valid` is false
    means nothing. No valid number is NaN.
    """

    kind: Kind
    values: NDArray[Any]
    valid: Bools
    words: Sequence[str] = ()


def constant(value: float | bool | str | None, kind: Kind) -> Values:
    """One value, which broadcasts to any number of rows; a time is given in microseconds."""
    valid = np.array(value is not None)
    match kind:
        case Kind.TEXT:
            return Values(kind, np.zeros((), np.int32), valid, ("" if value is None else str(value),))
        case Kind.TIME:
            return Values(kind, np.array(0 if value is None else value, np.int64), valid)
        case Kind.BOOLEAN:
            return Values(kind, np.array(bool(value)), valid)
        case _:
            return Values(kind, np.array(0.0 if value is None else value, np.float64), valid)


def numbers(values: NDArray[Any], valid: Bools) -> Values:
    """Numbers; NaN becomes null."""
    values = np.asarray(values, np.float64)
    return Values(Kind.NUMBER, values, np.asarray(valid & ~np.isnan(values)))


def truths(values: NDArray[Any], valid: Bools) -> Values:
    """Truth values."""
    return Values(Kind.BOOLEAN, np.asarray(values, np.bool_), np.asarray(valid))
