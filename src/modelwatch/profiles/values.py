"""The values of one column of a batch, as the profiler takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Singles = NDArray[np.float32]

BOOLEANS = ("false", "true")


@dataclass(frozen=True, slots=True, eq=False)
class NumericValues:
    """Numbers: `values` float64 [n]; `null` and `mistyped` are masks [n], None where there is none.

    A row that is mistyped counts as mistyped whatever else it is, a null row as null whatever its value is.
    """

    values: Floats
    null: Bools | None = None
    mistyped: Bools | None = None

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class CategoryValues:
    """Categories: `codes` int32 [n] are indices into `dictionary`, -1 is null; `mistyped` is a mask [n] or None.

    `boolean` says that the column is boolean; its dictionary is then `BOOLEANS`.
    """

    codes: Ints
    dictionary: Sequence[str]
    mistyped: Bools | None = None
    boolean: bool = False

    def __len__(self) -> int:
        return len(self.codes)

    @staticmethod
    def of_booleans(values: Bools, null: Bools | None = None, mistyped: Bools | None = None) -> CategoryValues:
        """Truth values as the categories `false` and `true`."""
        codes = values.astype(np.int32)
        if null is not None:
            codes[null] = -1
        return CategoryValues(codes, BOOLEANS, mistyped, boolean=True)


@dataclass(frozen=True, slots=True, eq=False)
class VectorValues:
    """Vectors of one dimension: `vectors` float32 [u, dimension] are those of the u rows that have one, in row order.

    `held` is a mask [n] of these rows, `mistyped` a mask [n] of rows whose value is no vector of the dimension, None
    where there is none; all other rows are null. A vector may hold NaN and infinities: its row counts as such.
    """

    vectors: Singles
    held: Bools
    mistyped: Bools | None = None

    def __len__(self) -> int:
        return len(self.held)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.vectors.shape[1])


Scalars = NumericValues | CategoryValues
Values = Scalars | VectorValues
