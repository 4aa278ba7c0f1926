"""Methods that are not stored with every check: computed from the profiles of a window when somebody asks.

They never decide a level. All stand on the groups of `groups.py`, as PSI does, or on the bins of numbers; rows that
depend on each other widen their chance by the design effect, as in `check`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.drift import hellinger as hell
from modelwatch.monitors.drift import jensen_shannon as js
from modelwatch.monitors.drift import total_variation as tv
from modelwatch.monitors.drift import wasserstein as ws
from modelwatch.monitors.drift.check import column_rows, valued
from modelwatch.monitors.drift.dependence import Dependence, independent
from modelwatch.monitors.drift.g_test import g_test
from modelwatch.monitors.drift.groups import UNSEEN, Grouped, grouped
from modelwatch.monitors.drift.plain import plain
from modelwatch.monitors.tails import chi_square_points, chi_square_tail
from modelwatch.profiles import NULL, Binning, Profile

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reader must know of a method before comparing its value with another program's."""

    metric: str
    label: str
    compares: str
    groups: str
    base: str | None
    numbers_only: bool
    threshold_warning: float | None
    threshold_critical: float | None
    citation: str


class Computed(NamedTuple):
    """The metric of each column [F], what it stays under in 99 % of windows without change, and its p-value.

    nan where a metric has no meaning for the column, either side has no rows, or a method has no p-value.
    """

    values: Floats
    chance: Floats
    p: Floats


@dataclass(frozen=True, slots=True)
class Sides:
    """Counts [F, WIDTH] of window and reference, the rows [F] that they are worth, and their groups."""

    now: Floats
    before: Floats
    n: Floats
    m: Floats
    binning: Binning
    groups: Grouped
    effect: Dependence

    @property
    def spread(self) -> Floats:
        """1/n + 1/m [F], times the design effect."""
        answer: Floats = (1 / np.maximum(self.n, 1e-9) + 1 / np.maximum(self.m, 1e-9)) * self.effect.largest
        return answer


def compute(
    metric: str, current: Profile, reference: Profile, binning: Binning, dependence: Dependence | None = None
) -> Computed:
    """One method for all columns; raises `InvalidRequest` for one that does not exist."""
    if not current.binning == reference.binning == binning.id:
        raise ValueError(f"profiles on {current.binning} and {reference.binning} cannot be compared on {binning.id}")
    now, before = plain(current.counts, binning), plain(reference.counts, binning)
    return of_counts(
        metric, now, before, (column_rows(now, current), column_rows(before, reference)), binning, dependence
    )


def of_counts(
    metric: str,
    now: Floats,
    before: Floats,
    rows: tuple[Floats, Floats],
    binning: Binning,
    dependence: Dependence | None = None,
) -> Computed:
    """The same for `plain` counts [F, WIDTH] that are worth `rows` = (n, m), each [F]."""
    method = METHODS[checked(metric)]
    effect = independent(len(binning)) if dependence is None else dependence
    sides = Sides(now, before, *rows, binning, grouped(now, before, binning), effect)
    known = (sides.n > 0) & (sides.m > 0) & ~binning.vector & (binning.numeric | (not FACTS[metric].numbers_only))
    return Computed(*(np.where(known, values, np.nan) for values in method(sides)))


def checked(metric: str) -> str:
    """The name, if there is such a method; else `InvalidRequest` with what comes near."""
    if metric not in METHODS:
        near = difflib.get_close_matches(metric, METHODS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(METHODS)}"
        raise InvalidRequest(f"there is no method {metric[:64]!r}", hint=hint)
    return metric


def divergence(sides: Sides) -> Computed:
    """Jensen-Shannon, in bits."""
    values = js.jensen_shannon(*sides.groups.shares())
    return like_chi_square(values, values / js.PER_CHI_SQUARE, sides, lambda x: x * js.PER_CHI_SQUARE)


def distance(sides: Sides) -> Computed:
    """The root of Jensen-Shannon in bits."""
    values = js.jensen_shannon_distance(*sides.groups.shares())
    return like_chi_square(values, values**2 / js.PER_CHI_SQUARE, sides, lambda x: np.sqrt(x * js.PER_CHI_SQUARE))


def hellinger(sides: Sides) -> Computed:
    """Hellinger."""
    values = hell.hellinger(*sides.groups.shares())
    return like_chi_square(values, 8 * values**2, sides, lambda x: np.sqrt(x / 8))


def like_chi_square(values: Floats, statistic: Floats, sides: Sides, back: Callable[[Floats], Floats]) -> Computed:
    """A measure whose `statistic` is (1/n + 1/m) chi-square under no drift; `back` leads to the measure again."""
    freedom = sides.groups.freedom
    chance = back(sides.spread * chi_square_points(0.01, freedom))
    return Computed(values, np.minimum(chance, 1.0), chi_square_tail(statistic / sides.spread, freedom))


def total_variation(sides: Sides) -> Computed:
    """Total variation; chance from window and reference together, and no p-value."""
    now, before = sides.groups.shares()
    weight = (sides.n / np.maximum(sides.n + sides.m, 1e-300))[:, None]
    pooled = np.where(sides.groups.present, now * weight + before * (1 - weight), 0.0)
    values = tv.total_variation(now, before)
    chance = np.minimum(tv.total_variation_chance(pooled, sides.spread), 1.0)
    return Computed(values, chance, np.full(len(values), np.nan))


def likelihood_ratio(sides: Sides) -> Computed:
    """The G-test on the values that are there."""
    width = UNSEEN + 1
    usable = valued(sides.now, sides.n), valued(sides.before, sides.m)
    values, freedom = g_test(sides.groups.current[:, :width], sides.groups.reference[:, :width], *usable)
    values = values / np.where(sides.binning.numeric, sides.effect.largest, sides.effect.scale)
    thin = np.where(sides.binning.numeric, 1.0, sides.effect.thinning)
    chance = chi_square_points(0.01, np.ceil(freedom / thin).astype(np.int64))
    return Computed(values, chance, chi_square_tail(values, freedom / thin))


def wasserstein(sides: Sides) -> Computed:
    """Wasserstein on ranks of the finite values."""
    n, m = valued(sides.now, sides.n), valued(sides.before, sides.m)
    both = n * m / np.maximum(n + m, 1e-300) / sides.effect.largest
    values = ws.wasserstein(sides.now[:, :NULL], sides.before[:, :NULL])
    return Computed(values, ws.wasserstein_chance(both), ws.wasserstein_p(values, both))


SHARES: Final = "at most 10 reference quantiles or 30 categories, other, unseen, and rows without a value; floor 1e-4"
VALUES: Final = "at most 10 reference quantiles or 30 categories, other, unseen; groups under 5 expected rows pooled"
FACTS: Final[Mapping[str, Facts]] = MappingProxyType(
    {
        facts.metric: facts
        for facts in (
            Facts(
                "jensen_shannon",
                "Jensen–Shannon divergence, bits",
                "shares of rows",
                SHARES,
                "2",
                False,
                js.WARNING,
                js.CRITICAL,
                "Lin, IEEE Trans. Information Theory 37, 1991",
            ),
            Facts(
                "jensen_shannon_distance",
                "Jensen–Shannon distance, root of bits",
                "shares of rows",
                SHARES,
                "2",
                False,
                round(js.WARNING**0.5, 3),
                round(js.CRITICAL**0.5, 3),
                "Endres and Schindelin, IEEE Trans. Information Theory 49, 2003",
            ),
            Facts(
                "hellinger",
                "Hellinger distance",
                "shares of rows",
                SHARES,
                None,
                False,
                hell.WARNING,
                hell.CRITICAL,
                "Hellinger, J. reine und angewandte Mathematik 136, 1909",
            ),
            Facts(
                "total_variation",
                "Total variation distance",
                "shares of rows",
                SHARES,
                None,
                False,
                tv.WARNING,
                tv.CRITICAL,
                "Levin, Peres and Wilmer, Markov chains and mixing times, 2009",
            ),
            Facts(
                "wasserstein",
                "Wasserstein distance of ranks",
                "finite values, as ranks in the reference",
                "the model's bins, at most 256",
                None,
                True,
                ws.WARNING,
                ws.CRITICAL,
                "Kantorovich, Doklady Akademii Nauk 37, 1942",
            ),
            Facts(
                "g_test",
                "G-test",
                "counts of values",
                VALUES,
                "e",
                False,
                None,
                None,
                "Wilks, Annals of Mathematical Statistics 9, 1938",
            ),
        )
    }
)
METHODS: Final[Mapping[str, Callable[[Sides], Computed]]] = MappingProxyType(
    {
        "jensen_shannon": divergence,
        "jensen_shannon_distance": distance,
        "hellinger": hellinger,
        "total_variation": total_variation,
        "wasserstein": wasserstein,
        "g_test": likelihood_ratio,
    }
)
