"""Many rows of one customer do not count as many: checks of dependent rows, with and without what blocks tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bench.trust.clusters import clustered
from bench.trust.draw import World, guide
from bench.trust.effort import Effort
from bench.trust.figure import Figure, percent
from bench.trust.verdict import noticed, seen
from bench.workload import REFERENCE_ROWS, Column, key, normal, shares, values, w1
from modelwatch.core.column import ColumnKey
from modelwatch.monitors.drift import check
from modelwatch.monitors.drift.dependence import Dependence, estimate
from modelwatch.monitors.drift.thresholds import DEFAULT
from modelwatch.profiles import Values, fit, merge, profile_buckets

Floats = NDArray[np.float64]

SECTION: Final = "No drift, dependent rows: checks of 50 features with any finding of level notice or above"
BLOCKS: Final = 96
"""Blocks of neighbouring rows of the reference."""
ROWS: Final = (2_000, 10_000)
SHIFTS: Final = (0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """A reference of dependent rows, what its blocks tell, and how its rows depend."""

    world: World
    dependence: Dependence
    each: int
    correlation: float


def dependent(effort: Effort, random: np.random.Generator) -> Iterator[Figure]:
    """10 and 50 rows per customer, intra-class correlation .1 and .3; and none, where nothing must be lost."""
    for each, correlation in ((10, 0.1), (10, 0.3), (50, 0.1), (50, 0.3), (1, 0.0)):
        columns = w1(nulls=True)
        made = [customers(columns, random, each, correlation) for _ in range(effort.dependent_references)]
        for n in ROWS:
            yield one(effort, random, made, n)


def customers(columns: Sequence[Column], random: np.random.Generator, each: int, correlation: float) -> Customers:
    """Draws a reference of 100,000 rows, the customers' one after the other."""
    held = {key(column): rows_of(column, random, REFERENCE_ROWS, each, correlation) for column in columns}
    return known(columns, held, each, correlation)


def known(columns: Sequence[Column], held: dict[ColumnKey, Values], each: int, correlation: float) -> Customers:
    """Fits bins and estimates the dependence from blocks of neighbouring rows."""
    binning = fit(held)
    slots = (np.arange(REFERENCE_ROWS) * BLOCKS // REFERENCE_ROWS).astype(np.int32)
    blocks = profile_buckets(binning, held, slots, BLOCKS)
    reference = blocks[0]
    for block in blocks[1:]:
        reference = merge(reference, block)
    cumulative = np.cumsum(shares(columns, binning), axis=1)
    drawn = World(binning, reference, cumulative, guide(cumulative))
    return Customers(drawn, estimate(blocks, binning), each, correlation)


def rows_of(column: Column, random: np.random.Generator, n: int, each: int, correlation: float) -> Values:
    """Rows whose place in the distribution is a customer's Gaussian part and one of their own (Gaussian copula)."""
    customer = np.repeat(random.standard_normal(-(-n // each)), each)[:n]
    z = np.sqrt(correlation) * customer + np.sqrt(1 - correlation) * random.standard_normal(n)
    return values(column, special.ndtr(z))


def one(effort: Effort, random: np.random.Generator, made: Sequence[Customers], n: int) -> Figure:
    """The share of false alarms with the dependence known; without it, and the power, beside."""
    checks = effort.dependent_checks
    hits, ignoring = [], 0
    for held in made:
        with_it = 0
        for _ in range(checks):
            window = held.world.customers(random, n, held.each, held.correlation)
            pair = (window, held.world.reference, held.world.binning)
            with_it += noticed(check(*pair, DEFAULT, held.dependence))
            ignoring += noticed(check(*pair))
        hits.append(with_it)
    first = made[0]
    powers = ", ".join(f"{shift} sd {percent(power_of(random, first, n, shift))} %" for shift in SHIFTS)
    name = f"{first.each} rows a customer, correlation {first.correlation}, {n:,} rows"
    if first.each == 1:
        name = f"independent rows, {n:,} rows"
    note = f"taken as independent {percent(ignoring / (checks * len(made)))} %; power with it: {powers}"
    return clustered(SECTION, name, hits, checks, 0.01, note)


def power_of(random: np.random.Generator, like: Customers, n: int, shift: float) -> float:
    """How often a shifted N(0, 1) column is at notice; 50 of them are 50 repetitions, 400 in all."""
    names = [f"column {i}" for i in range(50)]
    columns = [normal(name) for name in names]
    made = customers(columns, random, like.each, like.correlation)
    truth = np.cumsum(shares([normal(name, shift) for name in names], made.world.binning), axis=1)
    drifted = made.world.drifted(truth)
    hits = 0
    for _ in range(8):
        window = drifted.customers(random, n, like.each, like.correlation)
        hits += int(seen(check(window, made.world.reference, made.world.binning, DEFAULT, made.dependence)).sum())
    return hits / 400
