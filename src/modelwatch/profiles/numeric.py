"""The bins of one numeric column: reference quantiles, frequent values apart, open ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.profiles.compiled import compiled
from modelwatch.profiles.values import Bools, Floats, NumericValues

MAX_BINS: Final = 256
MAX_EDGES: Final = MAX_BINS - 1
INNER_BINS: Final = MAX_BINS - 2
"""Bins between the two open ends."""
OWN_BIN_SHARE: Final = 1 / 256
"""A value that holds at least this share of the reference is a bin of its own."""
MAX_PACKED_SHARE: Final = 2 / 256
SMALLEST_SCALE: Final = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class NumericBinning:
    """Ascending `edges` [at most 255]; bin i is `[edges[i-1], edges[i])`, bin 0 and the last one are open ends.

    `edges[0]` is the smallest value of the reference and `edges[-1]` the next number after its largest one, so the
    reference itself has no row in the open ends. A column without a finite value in its reference has no edges and
    one bin. Moments are taken of `z = (x - center) / scale`, with the reference's median and spread, so that their
    sums neither overflow nor cancel.
    """

    edges: Floats
    center: float = 0.0
    scale: float = 1.0

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, NumericBinning)
            and np.array_equal(self.edges, other.edges)
            and (self.center, self.scale) == (other.center, other.scale)
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def bins(self) -> int:
        """How many bins there are, the open ends included."""
        return len(self.edges) + 1

    def single(self) -> Bools:
        """Which bins [bins] hold exactly one number."""
        answer = np.zeros(self.bins, dtype=np.bool_)
        if len(self.edges) > 1:
            answer[1:-1] = following(self.edges[:-1]) == self.edges[1:]
        return answer


def fit_numeric(column: NumericValues, weights: Floats | None = None) -> NumericBinning:
    """The bins of a reference column; `weights` [n] count each row that often.

    The largest share that a bin of several values holds is as small as 254 bins allow. That share bounds what a
    Kolmogorov-Smirnov statistic on bins can miss.
    """
    values, weight = finite_values(column, weights)
    if not len(values):
        return NumericBinning(np.empty(0))
    if weight is None:
        values = np.sort(values)  # some twenty times as fast as sorting an index
    else:
        order = np.argsort(values, kind="stable")
        values, weight = values[order], weight[order]
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    unique = values[starts] + 0.0  # the sum makes -0.0 a plain 0.0, so that equal columns have equal bytes
    mass = np.diff(starts, append=len(values)) if weight is None else np.add.reduceat(weight, starts)
    shares = mass / mass.sum()
    center, scale = robust(unique, shares)
    return NumericBinning(choose_edges(unique, shares), center, scale)


def finite_values(column: NumericValues, weights: Floats | None) -> tuple[Floats, Floats | None]:
    """The finite values of a column that count, and their weights; None when each counts once."""
    keep = np.isfinite(column.values)
    for mask in (column.null, column.mistyped):
        if mask is not None:
            keep &= ~mask
    if weights is None:
        return column.values[keep], None
    keep &= weights > 0
    return column.values[keep], weights[keep]


def robust(unique: Floats, shares: Floats) -> tuple[float, float]:
    """Median and spread: interquartile range / 1.349, or the 1-99 % range, or the whole range; at least 1e-300."""
    cumulative = np.cumsum(shares)

    def at(q: float) -> float:
        return float(unique[min(int(np.searchsorted(cumulative, q - 1e-12)), len(unique) - 1)])

    center = at(0.5)
    for low, high, normal in ((0.25, 0.75, 1.349), (0.01, 0.99, 4.65), (0.0, 1.0, 6.0)):
        # halves first: the distance of two numbers near the ends of float64 overflows
        scale = (at(high) / 2 - at(low) / 2) / (normal / 2)
        if scale > SMALLEST_SCALE:
            return center, scale
    return center, max(abs(center), 1.0) if abs(center) < 1e300 else abs(center)


def choose_edges(unique: Floats, shares: Floats) -> Floats:
    """Edges for ascending distinct values with their shares of the reference."""
    own = OWN_BIN_SHARE * (1 - 1e-12)
    if bins_needed(shares, MAX_PACKED_SHARE, own) <= INNER_BINS:
        capacity = smallest_capacity(shares, 0.0, MAX_PACKED_SHARE, own)
    else:
        # too many frequent values with others between them: the lighter ones share a bin with their neighbours
        capacity = smallest_capacity(shares, MAX_PACKED_SHARE, 1.0, 0.0)
        own = np.nextafter(capacity, 1.0)
    starts, closed = pack(shares, capacity, own)
    gap = frequent_neighbours(shares, starts, own)
    room = INNER_BINS - len(starts) - int(closed.sum())
    if room > 0:
        heaviest = np.argsort(-np.where(gap & ~closed, shares[starts], -1.0), kind="stable")[:room]
        closed[heaviest] |= gap[heaviest]
    own_then_more = (shares[starts] >= own) & ~gap
    own_then_more[-1] = False
    edges = unique[starts]
    after = following(unique[starts])
    edges = np.where(follows(own_then_more), np.concatenate((edges[:1], after[:-1])), edges)
    return np.unique(np.concatenate((edges, after[closed], following(unique[-1:]))))


def following(values: Floats) -> Floats:
    """The next number after each; +inf after the largest one."""
    with np.errstate(over="ignore", under="ignore"):
        return np.nextafter(values, np.inf)


def follows(mask: Bools) -> Bools:
    """Shifts a mask by one: true where the one before is."""
    return np.concatenate(([False], mask[:-1]))


def frequent_neighbours(shares: Floats, starts: NDArray[np.int64], own: float) -> Bools:
    """Which bins are a frequent value followed by another frequent value: what lies between them was never seen."""
    frequent = shares[starts] >= own
    return frequent & np.concatenate((frequent[1:], [False]))


def smallest_capacity(shares: Floats, low: float, high: float, own: float) -> float:
    """The smallest share per bin, within 0.1 %, with which the values fit; `own` = 0 sets values above it apart."""
    low = max(low, 1e-4)
    while high - low > 1e-3 * low:
        middle = (low + high) / 2
        if bins_needed(shares, middle, own or float(np.nextafter(middle, 1.0))) <= INNER_BINS:
            high = middle
        else:
            low = middle
    return high


def bins_needed(shares: Floats, capacity: float, own: float) -> int:
    """How many bins `pack` makes; the search asks some twenty times."""
    share = float(shares[0])
    if share < own and share == shares.min() == shares.max():  # measurements hardly ever repeat
        return -(-len(shares) // values_per_bin(share, len(shares), capacity))
    return bins_counted(shares, capacity, own)


@compiled
def values_per_bin(share: float, most: int, capacity: float) -> int:
    """How many values of one share `pack` puts into a bin: it adds them up one by one, and rounds as that does."""
    held, values = share, 1
    while values < most and held + share <= capacity:
        held += share
        values += 1
    return values


@compiled
def bins_counted(shares: Floats, capacity: float, own: float) -> int:
    """How many bins `pack` makes of any shares: its loop without what it keeps."""
    bins = 0
    held = np.inf
    heavy_before = False
    over_before = False
    for share in shares:
        if share >= own:
            bins += 1
            if heavy_before and over_before:
                bins += 1
            heavy_before = True
            over_before = share > capacity
            held = np.inf
        else:
            if held + share > capacity:
                bins += 1
                held = 0.0
            held += share
            heavy_before = False
    return bins


@compiled
def pack(shares: Floats, capacity: float, own: float) -> tuple[NDArray[np.int64], Bools]:
    """The index of the first value of each bin, and which bins must end right after that value.

    Values are taken in order; one with a share of `own` is a bin of its own, others fill a bin up to `capacity`.
    A frequent value that another one follows directly must be closed when its share is above the capacity.
    """
    starts = np.empty(len(shares), dtype=np.int64)
    closed = np.zeros(len(shares), dtype=np.bool_)
    bins = 0
    held = np.inf
    heavy_before = False
    for i in range(len(shares)):
        share = shares[i]
        if share >= own:
            if heavy_before and shares[i - 1] > capacity:
                closed[bins - 1] = True
            starts[bins] = i
            bins += 1
            heavy_before = True
            held = np.inf
        else:
            if held + share > capacity:
                starts[bins] = i
                bins += 1
                held = 0.0
            held += share
            heavy_before = False
    return starts[:bins], closed[:bins]
