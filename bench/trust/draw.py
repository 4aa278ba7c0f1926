"""Profiles of windows without rows: counts drawn from the true shares of a binning's slots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.workload import REFERENCE_ROWS, Column, rows, shares
from modelwatch.profiles import Binning, Profile, fit, profile
from modelwatch.profiles.compiled import compiled

Floats = NDArray[np.float64]
Slots = NDArray[np.int32]

CELLS: Final = 1_024
"""Cells of the unit interval that know where in the cumulative shares to begin the search."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A reference that was drawn, its binning, and the truth behind it: slots' cumulative shares [F, WIDTH]."""

    binning: Binning
    reference: Profile
    cumulative: Floats
    guide: Slots

    def window(self, random: np.random.Generator, n: int) -> Profile:
        """The profile of n independent rows."""
        return self.profile(draw(random, self.cumulative, self.guide, n), n)

    def customers(self, random: np.random.Generator, n: int, each: int, correlation: float) -> Profile:
        """The profile of n rows, `each` of one customer after the other, in every column correlated so much."""
        return self.profile(draw_customers(random, self.cumulative, self.guide, n, each, correlation), n)

    def profile(self, counts: Floats, n: float) -> Profile:
        """Counts as a profile; its moments are not known and its extremes are the reference's."""
        return Profile(self.binning.id, counts, np.zeros((len(self.binning), 2)), self.reference.extremes, n, n, n)

    def drifted(self, cumulative: Floats) -> World:
        """The same reference, with windows from another truth."""
        return World(self.binning, self.reference, cumulative, guide(cumulative))


def world(columns: Sequence[Column], random: np.random.Generator, n: int = REFERENCE_ROWS) -> World:
    """A reference of n independent rows."""
    held = rows(columns, random, n)
    binning = fit(held)
    cumulative = np.cumsum(shares(columns, binning), axis=1)
    return World(binning, profile(binning, held), cumulative, guide(cumulative))


def guide(cumulative: Floats) -> Slots:
    """The slot [F, CELLS] of the lower end of each cell."""
    ends = np.arange(CELLS) / CELLS
    return np.array([np.searchsorted(row, ends, side="right") for row in cumulative], dtype=np.int32)


@compiled
def slot(cumulative: Floats, guide: Slots, u: float) -> int:
    """The first slot whose cumulative share is above u; the last one that holds any for rounding's sake."""
    at = int(guide[min(int(u * CELLS), CELLS - 1)])
    last = len(cumulative) - 1
    while at < last and cumulative[at] <= u:
        at += 1
    while at > 0 and cumulative[at] == cumulative[at - 1]:
        at -= 1
    return at


@compiled
def draw(random: np.random.Generator, cumulative: Floats, guide: Slots, n: int) -> Floats:
    """Counts [F, WIDTH] of n independent rows of independent columns."""
    counts = np.zeros(cumulative.shape)
    for f in range(len(cumulative)):
        for _ in range(n):
            counts[f, slot(cumulative[f], guide[f], random.random())] += 1.0
    return counts


@compiled
def draw_customers(
    random: np.random.Generator, cumulative: Floats, guide: Slots, n: int, each: int, correlation: float
) -> Floats:
    """Counts [F, WIDTH] of n rows: a customer's Gaussian part and a row's own make the place in the distribution."""
    counts = np.zeros(cumulative.shape)
    common, own = math.sqrt(correlation), math.sqrt(1 - correlation)
    for f in range(len(cumulative)):
        customer = 0.0
        for i in range(n):
            if i % each == 0:
                customer = random.standard_normal()
            z = common * customer + own * random.standard_normal()
            u = 0.5 * math.erfc(-z * math.sqrt(0.5))
            counts[f, slot(cumulative[f], guide[f], u)] += 1.0
    return counts
