"""Sums of losses by segment: all that a mean, its error and a comparison need, and they add up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LossSums:
    """Sums over the rows of each segment, four arrays of one shape: of the weights w, of w^2, of w loss, of w loss^2.

    They form a commutative monoid: sums of two windows, versions or buckets are those of the rows of both. Weights are
    those of sampling; multiplying all of them by a number changes no mean and no test.
    """

    weight: Floats
    weight_sq: Floats
    loss: Floats
    loss_sq: Floats

    @property
    def rows(self) -> Floats:
        """How many equally weighted rows tell as much (Kish); the number of rows where all weigh the same."""
        return np.divide(self.weight**2, self.weight_sq, out=np.zeros_like(self.weight), where=self.weight_sq > 0)

    @property
    def mean(self) -> Floats:
        """The mean loss; 0 where there are no rows."""
        return np.divide(self.loss, self.weight, out=np.zeros_like(self.weight), where=self.weight > 0)

    @property
    def variance(self) -> Floats:
        """The unbiased variance of the losses; 0 where there are no two rows."""
        rows = self.rows
        square = np.divide(self.loss_sq, self.weight, out=np.zeros_like(self.weight), where=self.weight > 0)
        # what is left of two equal numbers is rounding
        spread = np.where(square - self.mean**2 > 1e-12 * square, square - self.mean**2, 0.0)
        answer: Floats = spread * np.divide(rows, rows - 1, out=np.zeros_like(rows), where=rows > 1)
        return answer

    def __add__(self, other: LossSums) -> LossSums:
        return LossSums(
            self.weight + other.weight,
            self.weight_sq + other.weight_sq,
            self.loss + other.loss,
            self.loss_sq + other.loss_sq,
        )

    def __sub__(self, part: LossSums) -> LossSums:
        """The rows that are not in `part`, which is a part of these."""
        return LossSums(
            np.maximum(self.weight - part.weight, 0.0),
            np.maximum(self.weight_sq - part.weight_sq, 0.0),
            np.maximum(self.loss - part.loss, 0.0),
            np.maximum(self.loss_sq - part.loss_sq, 0.0),
        )

    def __getitem__(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> LossSums:
        return LossSums(self.weight[index], self.weight_sq[index], self.loss[index], self.loss_sq[index])

    def over(self, axis: int) -> LossSums:
        """The segments along one axis taken together."""
        return LossSums(self.weight.sum(axis), self.weight_sq.sum(axis), self.loss.sum(axis), self.loss_sq.sum(axis))

    def reshape(self, *shape: int) -> LossSums:
        """The same sums in another shape."""
        return LossSums(
            self.weight.reshape(shape),
            self.weight_sq.reshape(shape),
            self.loss.reshape(shape),
            self.loss_sq.reshape(shape),
        )


def loss_sums(
    loss: Floats, codes: NDArray[np.int64], segments: int, weight: Floats | None = None, binary: bool = False
) -> LossSums:
    """The sums [segments] of losses [n] >= 0 by their rows' segment `codes` [n]; `binary` says that all are 0 or 1."""
    weighted = loss if weight is None else weight * loss
    count, total = added(codes, weight, segments), added(codes, weighted, segments)
    square = total if binary else added(codes, weighted * loss, segments)
    return LossSums(count, count if weight is None else added(codes, weight * weight, segments), total, square)


def added(codes: NDArray[np.int64], values: Floats | None, segments: int) -> Floats:
    """The sums [segments] of values [n] by code; None counts rows."""
    return np.bincount(codes, values, segments).astype(np.float64, copy=False)


def joined(parts: list[LossSums]) -> LossSums:
    """Flat sums one after the other."""
    return LossSums(
        np.concatenate([each.weight for each in parts] or [np.empty(0)]),
        np.concatenate([each.weight_sq for each in parts] or [np.empty(0)]),
        np.concatenate([each.loss for each in parts] or [np.empty(0)]),
        np.concatenate([each.loss_sq for each in parts] or [np.empty(0)]),
    )
