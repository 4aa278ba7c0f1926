"""What a person wants to see of a column: medians, means, and bars of window and reference over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from modelwatch.core.column import ColumnType
from modelwatch.profiles.binning import INFINITE, MISTYPED, NAN, NULL, Binning
from modelwatch.profiles.category import CategoryBinning
from modelwatch.profiles.numeric import NumericBinning, following
from modelwatch.profiles.profile import Profile
from modelwatch.profiles.values import Floats
from modelwatch.profiles.vector import VectorBinning

MAX_BARS: Final = 60
MAX_SHOWN: Final = 30
"""Categories that are shown by name; the rest is added to `other`."""
DRAWN: Final = (0.005, 0.995)
"""The quantiles of the reference between which bars are drawn."""
WIDEN: Final = 3.0
"""Bars reach this many times the reference's range to where the window has gone; beyond, a number tells it."""
WHOLE_LIMIT: Final = 2.0**52


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares of all rows, of reference and window, with a value in `[lower, upper)`."""

    lower: float
    upper: float
    reference: float
    window: float


@dataclass(frozen=True, slots=True)
class Share:
    """A category, or a special slot (null, nan, infinite, mistyped, below, above, other, unseen), in shares of rows."""

    name: str
    reference: float
    window: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """One column of reference and window; `bars` for numbers, `categories` for categories, medians None without values.

    `specials` are those that occur on either side; `below` and `above` are the rows outside the bars. A column of
    vectors has specials alone, `outside` being vectors farther out than any of the reference: its picture is how its
    distance goes over time.
    """

    kind: ColumnType
    reference_rows: float
    window_rows: float
    bars: tuple[Bar, ...]
    categories: tuple[Share, ...]
    specials: tuple[Share, ...]
    reference_median: float | None
    window_median: float | None
    reference_mean: float | None
    window_mean: float | None


def describe(current: Profile, reference: Profile, binning: Binning, f: int) -> Distribution:
    """Row `f` of the window `current` and of the reference, for drawing."""
    column = binning.columns[f]
    now, before = shares(current, f), shares(reference, f)
    bars: tuple[Bar, ...] = ()
    categories: tuple[Share, ...] = ()
    match column.bins:
        case NumericBinning() as bins:
            bars, more = draw(bins, now, before, current.extremes[f], reference.extremes[f])
        case CategoryBinning() as bins:
            categories, more = named(bins, now, before)
        case VectorBinning() as bins:
            now, before = vector_shares(current, bins, f), vector_shares(reference, bins, f)
            more = [Share("outside", float(before[bins.outside]), float(now[bins.outside]))]
    places = (("null", NULL), ("nan", NAN), ("infinite", INFINITE), ("mistyped", MISTYPED))
    specials = [Share(name, float(before[place]), float(now[place])) for name, place in places] + more
    return Distribution(
        kind=column.type,
        reference_rows=reference.rows,
        window_rows=current.rows,
        bars=bars,
        categories=categories,
        specials=tuple(share for share in specials if share.reference > 0 or share.window > 0),
        reference_median=quantile(reference, binning, f, 0.5),
        window_median=quantile(current, binning, f, 0.5),
        reference_mean=mean(reference, binning, f),
        window_mean=mean(current, binning, f),
    )


def shares(profile: Profile, f: int) -> Floats:
    """The slots [WIDTH] of a column as shares of its rows; zeros when it has none."""
    total = float(profile.counts[f].sum())
    answer: Floats = profile.counts[f] / (total if total > 0 else 1.0)
    return answer


def vector_shares(profile: Profile, bins: VectorBinning, f: int) -> Floats:
    """The special slots and those of usable and of far vectors as shares of a column's rows; 0 elsewhere."""
    counts = np.zeros_like(profile.counts[f])
    counts[NULL:] = profile.counts[f, NULL:]
    counts[[bins.outside, bins.rows]] = profile.counts[f, [bins.outside, bins.rows]]
    total = float(counts[NULL:].sum() + counts[bins.rows])
    answer: Floats = counts / (total if total > 0 else 1.0)
    return answer


def mean(profile: Profile, binning: Binning, f: int) -> float | None:
    """The mean of the finite values; None for categories and without values."""
    bins = binning.columns[f].bins
    count = float(profile.counts[f, :NULL].sum())
    if not isinstance(bins, NumericBinning) or count <= 0:
        return None
    return finite(bins.center + bins.scale * (float(profile.moments[f, 0]) / count))


def deviation(profile: Profile, binning: Binning, f: int) -> float | None:
    """The standard deviation of the finite values; None for categories and without values."""
    bins = binning.columns[f].bins
    count = float(profile.counts[f, :NULL].sum())
    if not isinstance(bins, NumericBinning) or count <= 0:
        return None
    first, second = (float(moment) / count for moment in profile.moments[f])
    return finite(bins.scale * math.sqrt(max(second - first * first, 0.0)))


def finite(value: float) -> float | None:
    """The value, or None when it does not fit into float64."""
    return value if math.isfinite(value) else None


def quantile(profile: Profile, binning: Binning, f: int, q: float) -> float | None:
    """The q-quantile of the finite values, right within its bin; None for categories and without values."""
    bins = binning.columns[f].bins
    if not isinstance(bins, NumericBinning):
        return None
    counts = profile.counts[f, : bins.bins]
    cumulative = np.cumsum(counts)
    if cumulative[-1] <= 0:
        return None
    target = q * cumulative[-1]
    i = int(np.searchsorted(cumulative, target))
    i = min(i, int(np.flatnonzero(counts)[-1]))
    lower, upper = bounds(bins, profile.extremes[f])
    part = float((target - (cumulative[i] - counts[i])) / counts[i]) if counts[i] > 0 else 0.0
    value = float(lower[i] * (1 - part) + upper[i] * part)
    value = math.floor(value) if whole(bins) and abs(value) < WHOLE_LIMIT else value
    low, high = profile.extremes[f]
    return float(min(max(value, low), high))


def bounds(bins: NumericBinning, extremes: Floats) -> tuple[Floats, Floats]:
    """Where the values of each bin lie: the ends reach to the extremes, a bin of one number is that number."""
    edges = np.minimum(bins.edges, np.finfo(np.float64).max)
    low, high = (float(value) if math.isfinite(value) else 0.0 for value in extremes)
    if not len(edges):
        return np.array([low]), np.array([high])
    lower = np.concatenate(([min(low, edges[0])], edges))
    upper = np.concatenate((edges, [max(high, edges[-1])]))
    return lower, np.where(bins.single(), lower, upper)


def whole(bins: NumericBinning) -> bool:
    """Whether the reference seems to hold whole numbers only: every edge is one, or the next number after one."""
    floor = np.floor(bins.edges)
    return bool(len(floor)) and bool(np.all((bins.edges == floor) | (bins.edges == following(floor))))


def draw(
    bins: NumericBinning, now: Floats, before: Floats, extremes: Floats, reference_extremes: Floats
) -> tuple[tuple[Bar, ...], list[Share]]:
    """Bars of equal width over the middle 99 % of both, and what lies below and above them."""
    sides = [(share, ends) for share, ends in ((before, reference_extremes), (now, extremes)) if share[:NULL].sum() > 0]
    if not sides:
        return (), []
    steps = bar_edges(bins, sides)
    old, old_outside = spread(bins, before, reference_extremes, steps)
    new, new_outside = spread(bins, now, extremes, steps)
    bars = tuple(map(Bar, steps[:-1].tolist(), steps[1:].tolist(), old.tolist(), new.tolist()))
    return bars, [Share(name, old_outside[i], new_outside[i]) for i, name in enumerate(("below", "above"))]


def middle(bins: NumericBinning, share: Floats, extremes: Floats) -> tuple[float, float, bool]:
    """Between what values the middle 99 % lie, and whether the upper one is a bin of one number."""
    counts = share[: bins.bins]
    cumulative = np.cumsum(counts)
    lower, upper = bounds(bins, extremes)
    held = np.flatnonzero(counts)
    first, last = (min(max(int(np.searchsorted(cumulative, q * cumulative[-1])), held[0]), held[-1]) for q in DRAWN)
    return float(lower[first]), float(upper[last]), bool(upper[last] == lower[last])


def drawn_range(bins: NumericBinning, sides: Sequence[tuple[Floats, Floats]]) -> tuple[float, float, bool]:
    """What the bars span: the middle of the first side, widened towards the second's by up to `WIDEN` times itself."""
    low, high, single = middle(bins, *sides[0])
    if len(sides) > 1:
        other_low, other_high, other_single = middle(bins, *sides[1])
        room = WIDEN * (high / 2 - low / 2) * 2
        if math.isfinite(room) and room > 0:
            low = min(low, max(other_low, low - room))
            if other_high > high:
                high, single = min(other_high, high + room), other_single and other_high <= high + room
    return low, high, single


def grain(bins: NumericBinning, low: float, high: float) -> float:
    """The usual distance of the numbers that have bins of their own, 0 when these are few: bars finer than the
    data's own steps would look like a comb."""
    own = bins.edges[bins.single()[1:-1].nonzero()[0]] if len(bins.edges) > 2 else bins.edges[:0]
    own = own[(own >= low) & (own <= high)]
    return 4 * float(np.median(np.diff(own / 2))) if len(own) >= 8 else 0.0


def bar_edges(bins: NumericBinning, sides: Sequence[tuple[Floats, Floats]]) -> Floats:
    """Ascending edges of at most 60 bars; whole numbers lie in the middle of bars of whole width."""
    low, high, single = drawn_range(bins, sides)
    if whole(bins) and max(abs(low), abs(high)) < WHOLE_LIMIT:
        top = high
        low, high = math.floor(low), max(math.ceil(high) - 1, math.floor(low))
        if single:
            high = math.floor(top)
        width = max(math.ceil((high - low + 1) / MAX_BARS), 1)
        return low - 0.5 + width * np.arange(math.ceil((high - low + 1) / width) + 1.0)
    if low == high:
        half = abs(low) * 0.05 or 0.5
        return np.array([low - half, low + half])
    step = grain(bins, low, high)
    wanted = high / step - low / step if step > 0 else math.inf
    count = MAX_BARS if wanted > MAX_BARS else max(math.ceil(wanted), 4)
    part = np.linspace(0.0, 1.0, count + 1)
    return np.unique(low * (1 - part) + high * part)


def spread(bins: NumericBinning, share: Floats, extremes: Floats, steps: Floats) -> tuple[Floats, tuple[float, float]]:
    """Shares of rows in each bar, and below and above all: evenly within a bin, a bin of one number at its place."""
    counts = share[: bins.bins]
    lower, upper = bounds(bins, extremes)
    point = lower == upper
    shift = 0.5 if whole(bins) and max(abs(steps[0]), abs(steps[-1])) < WHOLE_LIMIT else 0.0
    knots = np.concatenate((lower - shift, upper[-1:] - shift))
    held = np.concatenate(([0.0], np.cumsum(np.where(point, 0.0, counts))))
    # halves, because the distance of two numbers near the ends of float64 overflows
    passed = np.interp(steps / 2, knots / 2, held)
    bars = np.diff(passed)
    place = np.searchsorted(steps, lower[point], side="right") - 1
    place = np.where(lower[point] == steps[-1], len(bars) - 1, place)
    inside = (place >= 0) & (place < len(bars))
    bars += np.bincount(place[inside], weights=counts[point][inside], minlength=len(bars))
    below = float(passed[0] + counts[point][place < 0].sum())
    above = float(held[-1] - passed[-1] + counts[point][place >= len(bars)].sum())
    return bars, (max(below, 0.0), max(above, 0.0))


def named(bins: CategoryBinning, now: Floats, before: Floats) -> tuple[tuple[Share, ...], list[Share]]:
    """The categories most frequent in the reference, and what is left as `other` and `unseen`."""
    shown = tuple(Share(name, float(before[i]), float(now[i])) for i, name in enumerate(bins.categories[:MAX_SHOWN]))
    rest = slice(len(shown), bins.unseen)
    other = Share("other", float(before[rest].sum()), float(now[rest].sum()))
    return shown, [other, Share("unseen", float(before[bins.unseen]), float(now[bins.unseen]))]
