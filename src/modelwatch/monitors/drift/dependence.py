"""How much more the blocks of a reference vary than independent rows would: many rows of one customer, bursts, days.

The design effect of a statistic is its variance over what independent rows would give (Kish, Survey sampling, 1965).
It is estimated from blocks of neighbouring rows (batch means: Conway, Some tactical problems in digital simulation,
Management Science 10, 1963), for each test on its own components: the two scores of the smooth test with their
covariance (`smooth`), the groups of a category by the second-order correction of Rao and Scott (On chi-squared tests
for multiway contingency tables, Annals of Statistics 12, 1984), the rate of rows without a value by its dispersion.
A test then divides by the design effect and counts how many blocks stand behind it.

Where blocks do not vary more than chance (1 % for one component, all together 2.5 %), rows count as independent: an
estimate of 1.1 that is noise would cost power for nothing. What stays unseen that way is a design effect of up to
1 + 3 sqrt(2 / blocks). Rows in random order show no dependence; nothing can then be corrected.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import CorruptData
from modelwatch.monitors.drift.groups import OTHER, UNSEEN, Floats, add_up, slot_groups
from modelwatch.monitors.drift.plain import plain
from modelwatch.monitors.drift.smooth import mean_scores
from modelwatch.monitors.drift.vector_effect import whitened_residuals
from modelwatch.monitors.tails import chi_square_point
from modelwatch.profiles import NULL, Binning, Profile, VectorBinning, merge

MIN_BLOCKS: Final = 8
"""Fewer blocks tell nothing about variance that a test at one in thousands could stand on."""
ENOUGH_BLOCKS: Final = 24
"""Longer blocks are looked at while there are this many."""
NEIGHBOURS: Final = 4
"""Blocks that are held against each other."""
ONE: Final = 0.01
ALL: Final = 0.025
FAR_OUT: Final = 9.0
FEW_CUSTOMERS: Final = 2.0

MAGIC: Final = b"MWDEP\x01"
HEAD: Final = struct.Struct("<6sHI")


@dataclass(frozen=True, slots=True, eq=False)
class Dependence:
    """Design effects per column, 1 where rows are as good as independent.

    `scores` [F, 3] is the covariance of the standardised scores of a number (first, both, second). `scale` [F] and
    `thinning` [F] are those of a category's chi-square and of a vector's MMD: it is divided by `scale`, its degrees of
    freedom by `thinning`. `rate` [F] is the design effect of rows without a value. `blocks` is how many blocks they
    stand on.
    """

    blocks: int
    scores: Floats
    scale: Floats
    thinning: Floats
    rate: Floats

    @property
    def freedom(self) -> float:
        """Degrees of freedom behind the estimates; inf where nothing was estimated."""
        return float(self.blocks - 1) if self.blocks >= MIN_BLOCKS else float("inf")

    @property
    def largest(self) -> Floats:
        """The largest design effect [F] of each column: what its rows must be divided by to be on the safe side."""
        a, b, c = self.scores.T
        top = (a + c) / 2 + np.sqrt(((a - c) / 2) ** 2 + b * b)
        answer: Floats = np.maximum(np.maximum(top, self.scale), 1.0)
        return answer

    @property
    def average(self) -> Floats:
        """The design effect [F] on average over a column's components: by how much chance makes PSI larger."""
        answer: Floats = np.maximum((self.scores[:, 0] + self.scores[:, 2]) / 2, self.scale / self.thinning)
        return answer

    def scaled(self, factor: float) -> Dependence:
        """The effects of blocks `factor` times as large: what exceeds chance grows with the rows that share it."""
        chance = np.array((1.0, 0.0, 1.0))
        return Dependence(
            self.blocks,
            chance + (self.scores - chance) * factor,
            1 + (self.scale - 1) * factor,
            self.thinning,
            1 + (self.rate - 1) * factor,
        )

    def to_bytes(self) -> bytes:
        """The stored form: float32."""
        head = HEAD.pack(MAGIC, self.blocks if self.blocks < 2**16 else 2**16 - 1, len(self.scale))
        parts = (self.scores, self.scale, self.thinning, self.rate)
        return head + b"".join(part.astype("<f4").tobytes() for part in parts)

    @staticmethod
    def from_bytes(data: bytes) -> Dependence:
        """What `to_bytes` wrote; raises `CorruptData` for anything else."""
        if len(data) < HEAD.size or data[:6] != MAGIC:
            raise CorruptData("these bytes are no design effects of version 1")
        _, blocks, width = HEAD.unpack_from(data)
        if len(data) != HEAD.size + 24 * width:
            raise CorruptData("design effects have the wrong size")
        values = np.frombuffer(data, "<f4", 6 * width, HEAD.size).astype(np.float64)
        scores, rest = values[: 3 * width].reshape(width, 3), values[3 * width :].reshape(3, width)
        return Dependence(blocks, scores, rest[0], rest[1], rest[2])


def independent(columns: int) -> Dependence:
    """Rows that tell what they seem to tell."""
    one = np.ones(columns)
    return Dependence(0, np.tile((1.0, 0.0, 1.0), (columns, 1)), one, one, one)


def widened(effect: Floats) -> Dependence:
    """Columns of which only the largest design effect [F] is known: everything is divided by it."""
    largest = np.maximum(np.nan_to_num(effect, nan=1.0), 1.0)
    one = np.ones(len(largest))
    return Dependence(0, np.outer(largest, (1.0, 0.0, 1.0)), largest, one, largest)


def estimate(blocks: Sequence[Profile], binning: Binning, neighbours: int | None = NEIGHBOURS) -> Dependence:
    """Design effects from profiles of blocks of neighbouring rows of the reference, in order, of about equal size.

    Blocks are held against the `neighbours` around them and not against the whole: what customers, bursts and retries
    do to neighbouring rows is in there, and a season that a reference in order of time walks through is not. (Mean
    square successive differences: von Neumann, Ann. Math. Statistics 12, 1941.) Otherwise a winter's slow change would
    make its thousands of rows count as a few, and a summer would not be certain. None is for blocks without an order.

    What a customer's rows share moves the second score by its square, so with few customers in a window that score has
    a longer tail than a normal one: its variance beyond chance counts twice. (With 40 customers of 50 rows, correlated
    by .3, and 50 columns, 1.8 % of 600 checks were at notice without this and .2 % with it.)

    A customer at the border of two blocks is cut in two. So columns that depend are looked at again on blocks twice as
    long, and the larger effect counts. Blocks without rows are left out. Under 8 blocks everything counts as
    independent.
    """
    held = [block for block in blocks if block.rows > 0]
    if len(held) < MIN_BLOCKS:
        return independent(len(binning))
    neighbours = neighbours or len(held)
    whole = reduce(merge, held)
    found = measured(around(held, neighbours), binning, whole)
    if len(held) >= 2 * ENOUGH_BLOCKS and depends(found).any():
        longer = [merge(a, b) for a, b in zip(held[::2], held[1::2], strict=False)]
        found = larger(found, measured(around(longer, neighbours), binning, whole))
    found.scores[:, 2] = 1 + (found.scores[:, 2] - 1) * FEW_CUSTOMERS
    return found


def around(blocks: Sequence[Profile], neighbours: int) -> list[Sequence[Profile]]:
    """Neighbouring blocks in groups, none alone."""
    groups = [blocks[i : i + neighbours] for i in range(0, len(blocks), neighbours)]
    return [*groups[:-2], [*groups[-2], *groups[-1]]] if len(groups[-1]) == 1 and len(groups) > 1 else groups


def depends(found: Dependence) -> NDArray[np.bool_]:
    """The columns [F] whose rows do not count as independent."""
    answer: NDArray[np.bool_] = (found.largest > 1.0) | (found.rate > 1.0)
    return answer


def larger(short: Dependence, long: Dependence) -> Dependence:
    """For columns that depend, the larger effects of two block lengths, with the blocks of the longer one."""
    again = depends(short) & depends(long)
    wider = again & (long.scores[:, [0, 2]].sum(axis=1) > short.scores[:, [0, 2]].sum(axis=1))
    coarser = again & (long.scale > short.scale)
    return Dependence(
        long.blocks,
        np.where(wider[:, None], long.scores, short.scores),
        np.where(coarser, long.scale, short.scale),
        np.where(coarser, long.thinning, short.thinning),
        np.where(again, np.maximum(long.rate, short.rate), short.rate),
    )


def estimate_within(groups: Sequence[Sequence[Profile]], binning: Binning) -> Dependence:
    """Design effects from blocks that are as long as a window, in groups whose blocks would be alike but for chance
    (the same hour of different weeks); differences between groups do not count.

    A window's rows may share one shift: then its second score, which sees scale, grows with the square of the first,
    and its tail is that of chi-square(1), not of a normal: at 1 in 100,000 three times as many standard deviations out.
    So its variance beyond chance counts nine times. Blocks without rows are left out. Under 8 blocks everything counts
    as independent.
    """
    held = [kept for group in groups if len(kept := [block for block in group if block.rows > 0]) > 1]
    if sum(map(len, held)) < MIN_BLOCKS:
        return independent(len(binning))
    found = measured(held, binning)
    found.scores[:, 2] = 1 + (found.scores[:, 2] - 1) * FAR_OUT
    return found


def measured(groups: Sequence[Sequence[Profile]], binning: Binning, whole: Profile | None = None) -> Dependence:
    """The design effects of blocks within their groups, in units of what rows of `whole` would vary; None is that each
    group is its own."""
    numeric, named = np.flatnonzero(binning.numeric), np.flatnonzero(~binning.numeric & ~binning.vector)
    held = [np.stack([plain(block.counts, binning) for block in group]) for group in groups]
    place = slot_groups(np.sum([counts.sum(axis=0) for counts in held], axis=0), binning)[named]
    scores, shares, rates = [], [], []
    for group, counts in zip(groups, held, strict=True):
        worth = np.array([block.effective_rows / block.weight if block.weight > 0 else 0.0 for block in group])
        unit = counts.sum(axis=0) if whole is None else plain(whole.counts, binning)
        scores.append(score_squares(counts[:, numeric, :NULL], unit[numeric, :NULL], worth))
        shares.append(group_squares(counts[:, named], unit[named], place, worth))
        rates.append(rate_squares(counts, unit, worth))
    answer = independent(len(binning))
    scale, thinning = np.ones(len(binning)), np.ones(len(binning))
    if len(numeric):
        answer.scores[numeric] = covariance(sum(each.squares for each in scores), sum(each.used for each in scores))
    if len(named):
        freedom = np.max([each.freedom for each in shares], axis=0)
        squares, used = sum(each.squares for each in shares), sum(each.used for each in shares)
        scale[named], thinning[named] = group_effect(squares, used, freedom)
    for f in np.flatnonzero(binning.vector).tolist():
        scale[f], thinning[f] = vector_effect(groups, binning, f)
    rate = rate_effect(sum(each.squares for each in rates), sum(each.used for each in rates))
    return Dependence(sum(map(len, groups)) - len(groups) + 1, answer.scores, scale, thinning, rate)


class Squares(NamedTuple):
    """Sums of squares of what blocks deviate by, the degrees of freedom [F] behind them, and those of one block."""

    squares: Any
    used: Any
    freedom: Any = 1


def varies(total: Floats, freedom: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a sum of squares is larger than chi-square with `freedom` [F] degrees of freedom allows at `ALL`."""
    points = {int(v): chi_square_point(ALL, int(v)) for v in np.unique(freedom)}
    return total > np.array([points[int(v)] for v in freedom])


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
    return Squares(np.einsum("bfi,bfj->fij", scores, scores), between(rows))


def between(rows: Floats) -> NDArray[np.int64]:
    """Degrees of freedom [F] of the blocks that have rows."""
    answer: NDArray[np.int64] = np.maximum((rows > 0).sum(axis=0) - 1, 0)
    return answer


def covariance(squares: Floats, used: NDArray[np.int64]) -> Floats:
    """The covariance [F, 3] of standardised scores; 1, 0, 1 where they vary no more than chance."""
    used = np.maximum(used, 1)
    one = np.array([chi_square_point(ONE, int(v)) for v in used])
    both = squares[:, 0, 0] + squares[:, 1, 1]
    seen = varies(both, 2 * used) | (np.maximum(squares[:, 0, 0], squares[:, 1, 1]) > one)
    value, direction = np.linalg.eigh(squares / used[:, None, None])
    at_least = np.einsum("fik,fk,fjk->fij", direction, np.maximum(value, 1.0), direction)
    answer = np.tile((1.0, 0.0, 1.0), (len(squares), 1))
    answer[seen] = np.stack((at_least[seen, 0, 0], at_least[seen, 0, 1], at_least[seen, 1, 1]), axis=1)
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
    return Squares(np.einsum("bfi,bfj->fij", residual, residual), between(rows), freedom)


def vector_effect(groups: Sequence[Sequence[Profile]], binning: Binning, f: int) -> tuple[float, float]:
    """The scale and thinning of vector column `f`: its whitened mean features stand for the groups of categories."""
    bins = binning.columns[f].bins
    assert isinstance(bins, VectorBinning)
    k = len(bins.whitening)
    squares, used = np.zeros((k, k)), 0
    for group in groups:
        held = [block for block in group if block.counts[f, bins.rows] > 0]
        if len(held) > 1:
            residual = whitened_residuals(held, bins, f)
            squares += residual.T @ residual
            used += len(held) - 1
    if used < MIN_BLOCKS - 1 or not k:
        return 1.0, 1.0
    scale, thinning = group_effect(squares[None], np.array([used]), np.array([k]))
    return float(scale[0]), float(thinning[0])


def group_effect(squares: Floats, used: NDArray[np.int64], groups: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The scale and thinning [F] of categories; 1 where the blocks vary no more than chance."""
    used = np.maximum(used, 1)
    spread = squares / used[:, None, None]
    first = np.einsum("fii->f", spread)
    second = np.einsum("fij,fji->f", spread, spread)
    # what the sampling of the blocks adds to the second moment (Srivastava, J. Japan Statistical Society 35, 2005)
    second = used**2 / np.maximum((used - 1) * (used + 2), 1) * np.maximum(second - first**2 / used, first**2 / groups)
    seen = varies(first * used, used * groups)
    scale = np.maximum(second / np.maximum(first, 1e-300), largest_spread(spread, first, groups, used))
    scale = np.where(seen, np.maximum(scale, 1.0), 1.0)
    thinning = np.where(seen, np.maximum(groups * scale / np.maximum(first, 1e-300), 1.0), 1.0)
    return scale, thinning


def largest_spread(spread: Floats, first: Floats, groups: NDArray[np.int64], used: NDArray[np.int64]) -> Floats:
    """The largest eigenvalue [F] of the spreads [F, G, G]: far out, the direction that varies most decides the tail.

    The largest of few blocks is too large by chance; in units of the others' mean that is taken back as for one
    spike above noise (Baik and Silverstein, J. Multivariate Analysis 97, 2006).
    """
    top = np.linalg.eigvalsh(spread)[:, -1]
    noise = np.where(groups > 1, (first - top) / np.maximum(groups - 1, 1), 0.0)
    unit = np.where(noise > 0, noise, 1.0)
    ratio = groups / used
    above = top / unit
    middle = above + 1 - ratio
    spike = (middle + np.sqrt(np.maximum(middle**2 - 4 * above, 0.0))) / 2
    answer: Floats = np.where(noise <= 0, top, np.where(above > (1 + np.sqrt(ratio)) ** 2, spike * unit, unit))
    return answer


def rate_squares(counts: Floats, whole: Floats, worth: Floats) -> Squares:
    """The summed squares [F] of the standardised rates of rows without a value."""
    rows = counts.sum(axis=2) * worth[:, None]
    missing = counts[:, :, NULL:].sum(axis=2) * worth[:, None]
    total = np.maximum(whole.sum(axis=1), 1e-300)
    rate = whole[:, NULL:].sum(axis=1) / total
    variance = rows * (rate * (1 - rate))[None, :]
    middle = missing.sum(axis=0) / np.maximum(rows.sum(axis=0), 1e-300)
    squares = np.where(variance > 0, (missing - rows * middle) ** 2 / np.where(variance > 0, variance, 1.0), 0.0)
    return Squares(squares.sum(axis=0), between(rows))


def rate_effect(sums: Floats, used: NDArray[np.int64]) -> Floats:
    """The design effect [F] of the rate of rows without a value."""
    used = np.maximum(used, 1)
    return np.where(varies(sums, used), np.maximum(sums / used, 1.0), 1.0)
