"""What blocks of rows deviate by from the mean of their group: sums of squares, in units of what is chance.

Each is 1 per degree of freedom where rows are independent, whatever is measured: the two scores of a number, the groups
of a category, the rate of rows without a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.drift.groups import OTHER, UNSEEN, Floats, add_up
from modelwatch.monitors.drift.smooth import mean_scores
from modelwatch.profiles import NULL


class Squares(NamedTuple):
    """Sums of squares of what blocks deviate by, the degrees of freedom [F] behind them, those [F] of one block, and
    each block's part [B, F] of the squares."""

    squares: Floats
    used: NDArray[np.int64]
    freedom: NDArray[np.int64]
    by_block: Floats


def added(parts: Sequence[Squares]) -> Squares:
    """The squares of all groups of blocks."""
    squares, used, freedom, by_block = zip(*parts, strict=True)
    return Squares(np.sum(squares, axis=0), np.sum(used, axis=0), np.max(freedom, axis=0), np.concatenate(by_block))


def score_squares(counts: Floats, whole: Floats, worth: Floats) -> Squares:
    """The summed squares [F, 2, 2] of the blocks' standardised scores."""
    blocks, width = counts.shape[:2]
    q = whole / np.maximum(whole.sum(axis=1, keepdims=True), 1e-300)
    rows = counts.sum(axis=2)
    scores = np.zeros((blocks, width, 2))
    for b in range(blocks):
        p = counts[b] / np.maximum(rows[b, :, None], 1e-300)
        scores[b] = mean_scores(np.where(rows[b, :, None] > 0, p, q), q, q)
    middle = np.einsum("bf,bfi->fi", rows, scores) / np.maximum(rows.sum(axis=0), 1e-300)[:, None]
    scores = (scores - middle) * np.sqrt(rows * worth[:, None])[:, :, None]
    squares = np.einsum("bfi,bfj->fij", scores, scores)
    varying = (np.einsum("fii->fi", squares) > 0).sum(axis=1)
    return Squares(squares, between(rows), varying, (scores**2).sum(axis=2))


def between(rows: Floats) -> NDArray[np.int64]:
    """Degrees of freedom [F] of the blocks that have rows."""
    answer: NDArray[np.int64] = np.maximum((rows > 0).sum(axis=0) - 1, 0)
    return answer


def group_squares(counts: Floats, whole: Floats, group: NDArray[np.intp], worth: Floats) -> Squares:
    """The summed squares [F, G, G] of the blocks' residuals in the groups of a category."""
    named = np.stack([add_up(each, group)[:, : UNSEEN + 1] for each in (*counts, whole)])
    rows = named[:-1].sum(axis=2)
    share = named[-1] / np.maximum(named[-1].sum(axis=1, keepdims=True), 1e-300)
    enough = share * (rows.mean(axis=0) * worth.mean())[:, None] >= 1.0
    rest = np.where(enough, 0.0, share).sum(axis=1)
    expected = np.where(enough, share, 0.0)
    expected[:, OTHER] += rest
    observed = np.where(enough[None], named[:-1], 0.0)
    observed[:, :, OTHER] += np.where(enough[None], 0.0, named[:-1]).sum(axis=2)
    p = observed / np.maximum(rows, 1e-300)[:, :, None]
    middle = observed.sum(axis=0) / np.maximum(rows.sum(axis=0), 1e-300)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = np.where((expected > 0) & (rows > 0)[:, :, None], (p - middle) / np.sqrt(expected), 0.0)
    residual *= np.sqrt(rows * worth[:, None])[:, :, None]
    freedom = np.maximum((expected > 0).sum(axis=1) - 1, 1)
    squares = np.einsum("bfi,bfj->fij", residual, residual)
    return Squares(squares, between(rows), freedom, (residual**2).sum(axis=2))


def rate_squares(counts: Floats, whole: Floats, worth: Floats) -> Squares:
    """The summed squares [F] of the standardised rates of rows without a value."""
    rows = counts.sum(axis=2) * worth[:, None]
    missing = counts[:, :, NULL:].sum(axis=2) * worth[:, None]
    total = np.maximum(whole.sum(axis=1), 1e-300)
    rate = whole[:, NULL:].sum(axis=1) / total
    variance = rows * (rate * (1 - rate))[None, :]
    middle = missing.sum(axis=0) / np.maximum(rows.sum(axis=0), 1e-300)
    squares = np.where(variance > 0, (missing - rows * middle) ** 2 / np.where(variance > 0, variance, 1.0), 0.0)
    return Squares(squares.sum(axis=0), between(rows), np.ones(len(rate), np.int64), squares)
