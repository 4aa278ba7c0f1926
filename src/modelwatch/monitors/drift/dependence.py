"""How much more the blocks of a reference vary than independent rows would: many rows of one customer, bursts, days.

The design effect of a statistic is its variance over what independent rows would give (Kish, Survey sampling, 1965).
It is estimated from blocks of neighbouring rows (batch means: Conway, Some tactical problems in digital simulation,
Management Science 10, 1963), for each test on its own components: the two scores of the smooth test with their
covariance (`smooth`), the groups of a category by the second-order correction of Rao and Scott (On chi-squared tests
for multiway contingency tables, Annals of Statistics 12, 1984), the rate of rows without a value by its dispersion.
A test then divides by the design effect and counts how many blocks stand behind it.

Where a column's blocks do not vary more than chance (1 % for one component, all together 2.5 %), its rows count as
independent: an estimate of 1.1 that is noise would cost power for nothing. An effect of up to 1 + 3 sqrt(2 / blocks)
stays unseen that way, which for effects near 2 would be most false alarms. So where all columns together vary more than
chance, every column depends, and their estimates are drawn towards each other (`moderated`). Rows in random order show
no dependence; nothing can then be corrected.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import CorruptData
from modelwatch.monitors.drift.block_squares import Squares, added, group_squares, rate_squares, score_squares
from modelwatch.monitors.drift.groups import Floats, slot_groups
from modelwatch.monitors.drift.moderated import ALL, ONE, Kind, apart, credible, together
from modelwatch.monitors.drift.plain import plain
from modelwatch.monitors.drift.vector_effect import whitened_residuals
from modelwatch.monitors.tails import chi_square_point
from modelwatch.profiles import NULL, Binning, Profile, VectorBinning, merge

MIN_BLOCKS: Final = 8
"""Fewer blocks tell nothing about variance that a test at one in thousands could stand on."""
ENOUGH_BLOCKS: Final = 24
"""Longer blocks are looked at while there are this many."""
NEIGHBOURS: Final = 4
"""Blocks that are held against each other."""
LONGER: Final = 1.1
"""By so much, on average over the columns, blocks twice as long must tell more for their length to decide: by chance
it is up to .05 with 96 blocks and 50 columns."""
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
    are worth: those that they stand on, and what other columns lend.
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
    def guessed(self) -> NDArray[np.bool_]:
        """The columns [F] whose effects are estimates on `freedom` degrees of freedom; others count as known."""
        answer: NDArray[np.bool_] = (self.largest > 1.0) & np.isfinite(self.freedom)
        return answer

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
    """For columns that depend, the larger effects of two block lengths.

    They stand on the blocks of the longer one only where its length decides: the larger of two estimates is too small
    no more often than either.
    """
    again = depends(short) & depends(long)
    decides = again.any() and long.average[again].mean() > LONGER * short.average[again].mean()
    wider = again & (long.scores[:, [0, 2]].sum(axis=1) > short.scores[:, [0, 2]].sum(axis=1))
    coarser = again & (long.scale > short.scale)
    return Dependence(
        long.blocks if decides else short.blocks,
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
    scores, shares, rates = squares_within(groups, binning, whole)
    numbers, names = covariances(scores), group_effects(shares)
    certain = together([scores, shares])
    if certain:
        numbers, names = all_depend(numbers, names)
    freedom = sum(map(len, groups)) - len(groups)
    part = credible([each.kind.of(each.seen) for each in (numbers, names)], freedom)
    answer = independent(len(binning))
    answer.scores[numeric] = numbers.drawn(part)
    scale, thinning = np.ones(len(binning)), np.ones(len(binning))
    scale[named], thinning[named] = names.drawn(part)
    for f in np.flatnonzero(binning.vector).tolist():
        scale[f], thinning[f] = vector_effect(groups, binning, f, certain)
    return Dependence(1 + int(freedom / (1 - part)), answer.scores, scale, thinning, rate_effect(rates))


def all_depend(numbers: Numbers, names: Names) -> tuple[Numbers, Names]:
    """The columns of a table whose rows depend: all of them count as seen, but for numbers that are clearly apart.

    (The average over a category's groups is no such evidence: one direction among many may depend.)
    """
    known = (numbers.used >= MIN_BLOCKS - 1) & (numbers.kind.effect > 0)
    known[known] = ~apart(numbers.kind.of(known))
    return numbers._replace(seen=numbers.seen | known), names._replace(
        seen=names.seen | ((names.behind >= MIN_BLOCKS - 1) & (names.average > 0))
    )


def squares_within(
    groups: Sequence[Sequence[Profile]], binning: Binning, whole: Profile | None
) -> tuple[Squares, Squares, Squares]:
    """What blocks deviate by within their groups: scores of numbers, groups of categories, rates of all columns."""
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
    return added(scores), added(shares), added(rates)


def varies(total: Floats, freedom: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a sum of squares is larger than chi-square with `freedom` [F] degrees of freedom allows at `ALL`."""
    points = {int(v): chi_square_point(ALL, int(v)) for v in np.unique(freedom)}
    return total > np.array([points[int(v)] for v in freedom])


class Numbers(NamedTuple):
    """The covariances [F, 2, 2] of the scores of blocks, and which of the columns [F] depend."""

    spread: Floats
    used: NDArray[np.int64]
    seen: NDArray[np.bool_]

    @property
    def kind(self) -> Kind:
        """The effects of the first score."""
        return Kind(self.spread[:, 0, 0], self.used.astype(np.float64))

    def drawn(self, part: float) -> Floats:
        """The covariance [F, 3] of standardised scores, `part` of it the columns' mean; 1, 0, 1 where none is seen."""
        answer = np.tile((1.0, 0.0, 1.0), (len(self.spread), 1))
        if self.seen.any():
            own = self.spread[self.seen]
            middle = own.sum(axis=0) / np.maximum((own != 0).sum(axis=0), 1)
            value, direction = np.linalg.eigh(own + part * (middle - own))
            at_least = np.einsum("fik,fk,fjk->fij", direction, np.maximum(value, 1.0), direction)
            answer[self.seen] = np.stack((at_least[:, 0, 0], at_least[:, 0, 1], at_least[:, 1, 1]), axis=1)
        return answer


def covariances(found: Squares) -> Numbers:
    """Of the scores of numbers; a column is seen where it varies more than chance."""
    used = np.maximum(found.used, 1)
    one = np.array([chi_square_point(ONE, int(v)) for v in used])
    first, second = found.squares[:, 0, 0], found.squares[:, 1, 1]
    seen = varies(first + second, 2 * used) | (np.maximum(first, second) > one)
    return Numbers(found.squares / used[:, None, None], used, seen)


class Names(NamedTuple):
    """How much more the groups of categories vary between blocks [F], on average and where most; which depend."""

    average: Floats
    scale: Floats
    behind: Floats
    seen: NDArray[np.bool_]

    @property
    def kind(self) -> Kind:
        """The average effects."""
        return Kind(self.average, self.behind)

    def drawn(self, part: float) -> tuple[Floats, Floats]:
        """The scale and thinning [F], `part` of the average effect the columns' mean; 1 where none is seen."""
        if not self.seen.any():
            return np.ones(len(self.average)), np.ones(len(self.average))
        unit = np.where(self.seen, self.average, 1.0)
        average = np.maximum(unit + part * (self.average[self.seen].mean() - unit), 1.0)
        scale = np.maximum(self.scale * average / unit, average)
        return np.where(self.seen, scale, 1.0), np.where(self.seen, scale / average, 1.0)


def group_effects(found: Squares) -> Names:
    """Of the groups of categories; a column is seen where it varies more than chance."""
    used, groups = np.maximum(found.used, 1), found.freedom
    spread = found.squares / used[:, None, None]
    first = np.einsum("fii->f", spread)
    second = np.einsum("fij,fji->f", spread, spread)
    # what the sampling of the blocks adds to the second moment (Srivastava, J. Japan Statistical Society 35, 2005)
    second = used**2 / np.maximum((used - 1) * (used + 2), 1) * np.maximum(second - first**2 / used, first**2 / groups)
    scale = np.maximum(second / np.maximum(first, 1e-300), largest_spread(spread, first, groups, used))
    average = first / groups
    seen = varies(first * used, used * groups)
    return Names(average, scale, used * groups * average / np.maximum(scale, 1e-300), seen)


def vector_effect(groups: Sequence[Sequence[Profile]], binning: Binning, f: int, certain: bool) -> tuple[float, float]:
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
    found = Squares(squares[None], np.array([used]), np.array([k]), np.zeros((0, 1)))
    effects = group_effects(found)
    scale, thinning = effects._replace(seen=effects.seen | certain).drawn(0.0)
    return float(scale[0]), float(thinning[0])


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


def rate_effect(found: Squares) -> Floats:
    """The design effect [F] of the rate of rows without a value."""
    used = np.maximum(found.used, 1)
    return np.where(varies(found.squares, used), np.maximum(found.squares / used, 1.0), 1.0)
