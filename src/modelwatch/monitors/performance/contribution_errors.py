"""How certain are a segment's parts in a change of the mean loss?

Both parts are smooth functions of means over rows, so each row, or each block of rows, moves them by an amount of its
own, and the spread of these amounts is the error (delta method; of blocks: Liang and Zeger, Biometrika 73, 1986).
`PRIOR` rows of average spread are lent to each segment, so that ten right answers are not taken for a segment that
makes no errors; and blocks are never taken to say more than their rows would if they were independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.performance.loss_sums import LossSums

Floats = NDArray[np.float64]

PRIOR: Final = 20.0
MANY: Final = 1e9
"""The degrees of freedom of rows that are independent."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side's segments [S]: their sums, shares, mean losses, spread and effective rows, and the same of all rows.

    `blocks` are the sums [G, S] where rows come in blocks.
    """

    sums: LossSums
    share: Floats
    own: Floats
    variance: Floats
    rows: Floats
    mean: float
    total: float
    spread: float
    blocks: LossSums | None

    @staticmethod
    def of(given: LossSums) -> Side:
        """What the sums [S] or [G, S] say."""
        blocks = given if given.weight.ndim == 2 else None
        sums = given if blocks is None else blocks.over(0)
        whole = sums.reshape(1, -1).over(1)
        rows, spread = sums.rows, float(whole.variance[0])
        beside = np.maximum(rows - 1, 0.0)
        variance = (beside * sums.variance + PRIOR * spread) / (beside + PRIOR)
        share = sums.weight / whole.weight[0]
        return Side(sums, share, sums.mean, variance, rows, float(whole.mean[0]), float(whole.rows[0]), spread, blocks)


@dataclass(frozen=True, slots=True)
class Influence:
    """How rows move the parts [2, S], within and mix.

    One in the segment by `fixed_in + slope_in x (loss - mean of the segment)`, one outside by `fixed_out + slope_out x
    (loss - outside)`, `outside` [S] being the mean of all rows outside.
    """

    fixed_in: Floats
    slope_in: Floats
    fixed_out: Floats
    slope_out: Floats
    outside: Floats


def errors(before: Side, now: Side, difference: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Standard errors [2, S] of within and mix, and their degrees of freedom.

    `difference` and `level` [S] are the difference of the segment's mean losses now and before, and half their sum.
    """
    found = []
    for side, other, sign in ((now, before, 1.0), (before, now, -1.0)):
        moves = influence(side, other, difference, level, sign)
        variance, df = by_rows(side, moves), np.full_like(side.share, MANY)
        if side.blocks is not None:
            variance, df = np.maximum(variance, by_blocks(side.blocks, side, moves)), effective_blocks(side.blocks) - 1
        found.append((variance, np.maximum(df, 1.0)))
    (one, one_df), (two, two_df) = found
    spread = one**2 / one_df + two**2 / two_df
    both = np.divide((one + two) ** 2, spread, out=np.full_like(one, MANY), where=spread > 0)
    return np.sqrt(one + two), np.clip(both, 1.0, MANY)


def influence(side: Side, other: Side, difference: Floats, level: Floats, sign: float) -> Influence:
    """How the rows of one side move the parts; `sign` is -1 for the reference.

    A row in the segment moves its share by 1 - share and its mean by its own deviation over the share; any row moves
    the mean of all.
    """
    share, both = side.share, (side.share + other.share) / 2
    tilt = sign * (side.share - other.share)
    centre = level - (side.mean + other.mean) / 2
    # where only this side has rows the level is its own mean and within is nothing
    alone = other.share <= 0
    part = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    outside = np.divide(side.mean - share * side.own, 1 - share, out=np.full_like(share, side.mean), where=share < 1)
    return Influence(
        np.stack([(1 - share) / 2 * difference, sign * (1 - share) * centre - tilt / 2 * (side.own - side.mean)]),
        np.stack([np.where(alone, 0.0, sign * both * part), tilt * (np.where(alone, 1.0, 0.5) * part - 0.5)]),
        np.stack([-share / 2 * difference, -sign * share * centre - tilt / 2 * (outside - side.mean)]),
        np.stack([np.zeros_like(share), -tilt / 2]),
        outside,
    )


def by_rows(side: Side, moves: Influence) -> Floats:
    """The variances [2, S] that independent rows of one side make."""
    share = side.share
    between = share * (side.own - side.mean) ** 2 + (1 - share) * (moves.outside - side.mean) ** 2
    left = np.maximum(side.spread - share * side.variance - between, 0.0)
    outside = np.divide(left, 1 - share, out=np.zeros_like(share), where=share < 1)
    inside = share * (moves.fixed_in**2 + moves.slope_in**2 * side.variance)
    answer: Floats = (inside + (1 - share) * (moves.fixed_out**2 + moves.slope_out**2 * outside)) / side.total
    return answer


def by_blocks(blocks: LossSums, side: Side, moves: Influence) -> Floats:
    """The variances [2, S] that the blocks of one side make."""
    weight, loss = blocks.weight, blocks.loss
    others, others_loss = weight.sum(1, keepdims=True) - weight, loss.sum(1, keepdims=True) - loss
    amounts = (
        moves.fixed_in[:, None] * weight
        + moves.slope_in[:, None] * (loss - side.own * weight)
        + moves.fixed_out[:, None] * others
        + moves.slope_out[:, None] * (others_loss - moves.outside * others)
    )
    count = int((weight.sum(1) > 0).sum())
    answer: Floats = (amounts**2).sum(1) / weight.sum() ** 2 * count / max(count - 1, 1)
    return answer


def effective_blocks(blocks: LossSums) -> Floats:
    """How many equal blocks [S] tell as much (Kish): of a segment its own, of one without rows those of all rows."""
    every = blocks.weight.sum(1)
    total, square = blocks.weight.sum(0), (blocks.weight**2).sum(0)
    answer: Floats = np.divide(
        total**2, square, out=np.full_like(total, every.sum() ** 2 / (every**2).sum()), where=square > 0
    )
    return answer
