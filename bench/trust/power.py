"""Something has changed: how often its column is at notice, and how often the best possible test could be.

A check holds 50 like columns, each with its own reference and its own window, so that one check is 50 repetitions at
the threshold of a check of 50 features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.trust.bound import best_power
from bench.trust.draw import World, world
from bench.trust.effort import Effort
from bench.trust.figure import Figure, at_least, percent
from bench.trust.verdict import seen
from bench.workload import WINDOW_ROWS, Column, Words, normal, shares
from modelwatch.monitors.drift import DriftTable, check
from modelwatch.profiles import Profile

Floats = NDArray[np.float64]

SECTION = "Power: how often the changed column is at notice in a check of 50 features"
FEATURES = 50
NOTICE_P = 0.01 / FEATURES
KS_P = 0.05 / FEATURES
"""What Bonferroni-corrected tests at 5 % family-wise ask for."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of a column (a five-level one where `words`), and the power asked for at each size of window."""

    name: str
    goals: tuple[float, ...]
    change: Callable[[str], Column]
    words: bool = False


def level_moved(points: float) -> Callable[[str], Column]:
    """Five equal levels of which one gives so many points to another."""

    def change(name: str) -> Column:
        return Words(name, FIVE, np.array([0.2 - points / 100, 0.2 + points / 100, 0.2, 0.2, 0.2]))

    return change


FIVE = tuple("abcde")

SHIFTS = (
    Shift("shift 0.1 sd", (0.04, 0.60, 1.0), lambda name: normal(name, 0.1)),
    Shift("shift 0.2 sd", (0.63, 1.0, 1.0), lambda name: normal(name, 0.2)),
    Shift("shift 0.5 sd", (1.0, 1.0, 1.0), lambda name: normal(name, 0.5)),
    Shift("scale 1.2x", (0.83, 1.0, 1.0), lambda name: normal(name, 0.0, 1.2)),
    Shift("5 points from one of five levels to another", (0.21, 0.99, 1.0), level_moved(5), words=True),
    Shift("10 points from one of five levels to another", (0.99, 1.0, 1.0), level_moved(10), words=True),
    Shift("nulls 0 to 2 % of numbers", (0.95, 1.0, 1.0), lambda name: replace(normal(name), nulls=0.02)),
    Shift("nulls 0 to 2 % of five levels", (0.95, 1.0, 1.0), lambda name: replace(equal(name), nulls=0.02), True),
)


def equal(name: str) -> Words:
    """Five equal levels."""
    return Words(name, FIVE, np.full(5, 0.2))


def power(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """Every shift at every size, beside the bound and the usual test."""
    names = [f"column {i}" for i in range(FEATURES)]
    kinds = {True: world([equal(n) for n in names], random), False: world([normal(n) for n in names], random)}
    for shift in SHIFTS:
        held = kinds[shift.words]
        truth = shares([shift.change(name) for name in names], held.binning)
        drifted = held.drifted(np.cumsum(truth, axis=1))
        for n, goal in zip(WINDOW_ROWS, shift.goals, strict=True):
            yield one(shift, held, drifted, effort, random, n, goal)


def one(
    shift: Shift, held: World, drifted: World, effort: Effort, random: np.random.Generator, n: int, goal: float
) -> Figure:
    """One shift at one size."""
    hits = usual = 0
    rounds = effort.power // FEATURES
    for _ in range(rounds):
        window = drifted.window(random, n)
        table = check(window, held.reference, held.binning)
        hits += int(seen(table).sum())
        usual += int(bonferroni(table, window, held).sum())
    trials = rounds * FEATURES
    before, after = truth_of(held), truth_of(drifted)
    bound = best_power(before, after, n, NOTICE_P)
    test = "Bonferroni chi-square" if shift.words else "Bonferroni KS"
    note = f"{test} p < 0.001: {percent(usual / trials)} %; the best test for this change alone: {percent(bound)} %"
    return at_least(SECTION, f"{shift.name}, {n:,} rows", hits, trials, goal, note)


def truth_of(held: World) -> Floats:
    """The shares of the slots of the first column."""
    return np.diff(held.cumulative[0], prepend=0.0)


def bonferroni(table: DriftTable, window: Profile, held: World) -> NDArray[np.bool_]:
    """Which columns Bonferroni's KS or chi-square calls drifted; it drops nulls, as is usual."""
    if held.binning.numeric.all():
        return table.ks_p < KS_P
    pairs = zip(window.counts[:, :5], held.reference.counts[:, :5], strict=True)
    return np.array([stats.chi2_contingency([a, b])[1] < KS_P for a, b in pairs])
