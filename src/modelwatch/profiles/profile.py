"""A profile: what one time bucket of predictions looks like on the bins of its model. Profiles add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from modelwatch.profiles.binning import WIDTH, Binning
from modelwatch.profiles.values import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Sums over the rows of a bucket or window, for the F columns of the binning `binning` (its id).

    `counts` [F, WIDTH] are weighted rows per slot; every row is in exactly one slot of every column
    (rows without a text are in none of its measures). In a column of
    vectors the slots hold weighted sums of features instead, and one of them the rows (see `vector`).
    `moments` [F, 2] are the weighted sums of z and z^2 over finite values (0 for categories and vectors), where
    `z = (x - center) / scale` of the column's binning, held within ±1e140.
    `extremes` [F, 2] are the smallest and largest finite value, +inf and -inf when there is none.
    `rows` counts rows, `weight` and `weight_sq` are the sums of their weights and squared weights.
    """

    binning: str
    counts: Floats
    moments: Floats
    extremes: Floats
    rows: float
    weight: float
    weight_sq: float

    @property
    def effective_rows(self) -> float:
        """How many rows of equal weight would tell as much (Kish, Survey sampling, 1965)."""
        return self.weight * self.weight / self.weight_sq if self.weight_sq > 0 else 0.0

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Profile)
            and self.binning == other.binning
            and (self.rows, self.weight, self.weight_sq) == (other.rows, other.weight, other.weight_sq)
            and np.array_equal(self.counts, other.counts)
            and np.array_equal(self.moments, other.moments)
            and np.array_equal(self.extremes, other.extremes)
        )

    __hash__ = None  # type: ignore[assignment]


def empty(binning: Binning) -> Profile:
    """The profile of no rows: merging it changes nothing."""
    extremes = np.empty((len(binning), 2))
    extremes[:] = (np.inf, -np.inf)
    return Profile(
        binning.id,
        np.zeros((len(binning), WIDTH)),
        np.zeros((len(binning), 2)),
        extremes,
        rows=0,
        weight=0,
        weight_sq=0,
    )


def merge(a: Profile, b: Profile) -> Profile:
    """The profile of the rows of both; raises `ValueError` when they stand on different bins."""
    same_bins(a, b)
    extremes = np.column_stack(
        (np.minimum(a.extremes[:, 0], b.extremes[:, 0]), np.maximum(a.extremes[:, 1], b.extremes[:, 1]))
    )
    return Profile(
        a.binning,
        a.counts + b.counts,
        a.moments + b.moments,
        extremes,
        a.rows + b.rows,
        a.weight + b.weight,
        a.weight_sq + b.weight_sq,
    )


def subtract(a: Profile, b: Profile) -> Profile:
    """The profile of the rows of `a` that are not in `b`, where `b` is part of `a`.

    Extremes cannot be taken back: those of `a` are kept, so they may be wider than the rows that are left. Fractional
    weights leave rounding errors of about 1e-16 of the sums.
    """
    same_bins(a, b)
    return Profile(
        a.binning,
        a.counts - b.counts,
        a.moments - b.moments,
        a.extremes,
        a.rows - b.rows,
        a.weight - b.weight,
        a.weight_sq - b.weight_sq,
    )


def same_bins(a: Profile, b: Profile) -> None:
    """Raises `ValueError` unless both profiles stand on the same bins."""
    if a.binning != b.binning:
        raise ValueError(f"profiles on different binnings do not add up: {a.binning} and {b.binning}")
